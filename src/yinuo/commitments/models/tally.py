"""What is counted and found fast: made from the log, and thrown away and made anew at will."""

from typing import ClassVar

from django.db import models


class Projection(models.Model):
    """How far into the sealed log a projection has come."""

    DERIVED: ClassVar = True

    name = models.CharField(primary_key=True, max_length=20)
    place = models.BigIntegerField(default=0)
    """Leaf index of the first entry that it does not know."""
    edition = models.PositiveIntegerField()
    """Of the map that made it."""


class Tally(models.Model):
    """Counts of commitments in one cell; see `tallying`."""

    DERIVED: ClassVar = True

    dimension = models.CharField(max_length=10)
    owner = models.CharField(max_length=32, blank=True)
    """Supervising unit of what is not public; empty for what is."""
    period = models.CharField(max_length=11, blank=True)
    value = models.CharField(max_length=60, blank=True)
    total = models.BigIntegerField(default=0)
    kept = models.BigIntegerField(default=0)
    waiting = models.BigIntegerField(default=0)
    open = models.BigIntegerField(default=0)
    broken = models.BigIntegerField(default=0)
    ended = models.BigIntegerField(default=0)
    moved = models.BigIntegerField(default=0)
    undated = models.BigIntegerField(default=0)
    unowned = models.BigIntegerField(default=0)
    review = models.BigIntegerField(default=0)
    open_due = models.BigIntegerField(default=0)
    fell_due = models.BigIntegerField(default=0)
    on_time = models.BigIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["dimension", "value", "owner", "period"], name="tally_cell"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["dimension", "owner", "period"], name="tally_by_period"),
        ]


class News(models.Model):
    """A step worth telling to everybody, so that the last of them are found among millions."""

    DERIVED: ClassVar = True

    entry_id = models.BigIntegerField(primary_key=True)
    """Id of its entry on the ledger."""
    commitment = models.ForeignKey(
        "commitments.Commitment", on_delete=models.PROTECT, related_name="news", db_index=False
    )
