"""The lists of reopened and of deemed cases, each by an index of the few that are in it."""

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar = [("cases", "0001_initial")]

    operations: ClassVar = [
        migrations.AddIndex(
            model_name="case",
            index=models.Index(
                condition=models.Q(("reopened__gt", 0)), fields=["code"], name="case_reopened"
            ),
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(
                condition=models.Q(("accepted_how", "deemed")), fields=["code"], name="case_deemed"
            ),
        ),
    ]
