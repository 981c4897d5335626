"""The whole lights of all projects on a day, kept because working them out takes seconds."""

from typing import ClassVar

from django.db import models


class LitRegister(models.Model):
    """The whole light of every project, as it is seen from inside or by everybody."""

    DERIVED: ClassVar = True

    inside = models.BooleanField(primary_key=True)
    on_date = models.DateField()
    table = models.CharField(max_length=24)
    """Hash prefix and first day of the version that decided."""
    place = models.BigIntegerField()
    """Leaf index of the first entry that they may not know."""
    colours = models.JSONField()
    """Code → colour, empty where the project has no light."""
