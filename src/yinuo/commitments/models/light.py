"""The lights of open commitments, as counted and filtered: made anew at will (ADR 26)."""

from typing import ClassVar

from django.db import models


class Light(models.Model):
    """The light of one open commitment; one without any has no row."""

    DERIVED: ClassVar = True

    commitment = models.OneToOneField(
        "commitments.Commitment",
        primary_key=True,
        on_delete=models.PROTECT,
        related_name="held_light",
    )
    colour = models.CharField(max_length=12)
    cause = models.CharField(max_length=40, blank=True)
    """Name of the table that decided it."""
    rules = models.CharField(max_length=300)
    """Tables and rules that hold: `进度灯 4、总灯 6`."""
    table = models.CharField(max_length=24)
    """Hash prefix and first day of the version that decided it."""
    on_date = models.DateField()
    """The day on which it came to be so."""
    heading = models.CharField(max_length=60, blank=True)
    kind = models.CharField(max_length=40)
    owner = models.CharField(max_length=32, blank=True)
    """As in `tallying`: empty for what is public, else the supervising unit."""
    due = models.DateField(null=True)
    """These four repeat the commitment, so that counting and listing need nothing else."""

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["colour", "due", "commitment"], name="light_in_order"),
        ]


class LightTally(models.Model):
    """How many lights of a colour there are in one cell."""

    DERIVED: ClassVar = True

    owner = models.CharField(max_length=32, blank=True)
    heading = models.CharField(max_length=60, blank=True)
    kind = models.CharField(max_length=40)
    colour = models.CharField(max_length=12)
    total = models.BigIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["owner", "heading", "kind", "colour"], name="light_tally_cell"
            ),
        ]
