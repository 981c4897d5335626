"""A payment file keeps its accounts, a screening its table, an award what was said against it."""

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar = [("benefits", "0001_initial")]

    operations: ClassVar = [
        migrations.AddField(
            model_name="award",
            name="objections",
            field=models.JSONField(default=list),
        ),
        migrations.AddField(
            model_name="payoutline",
            name="name_text",
            field=models.CharField(default="", max_length=70),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="payoutline",
            name="bank_text",
            field=models.CharField(default="", max_length=70),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="payoutline",
            name="account_text",
            field=models.CharField(default="", max_length=70),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="screening",
            name="table_publication",
            field=models.PositiveIntegerField(default=0),
            preserve_default=False,
        ),
    ]
