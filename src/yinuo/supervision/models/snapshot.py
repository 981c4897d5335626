"""Snapshots: what a dispatch meeting looked at, frozen."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from yinuo.kernel.lives import altered, must_not_alter
from yinuo.ledger.recorded import Recorded, State

TAKEN, RELEASED = "snapshot.taken", "snapshot.released"
RELEASE = frozenset({"released_at", "released_by", "series", "number"})


class Snapshot(Recorded):
    """调度会数据: one canonical JSON in the file store, named here by its hash and never changed.

    An office matter; released, it is open to the units below, never to the public.
    """

    SUBJECT = "snapshot"
    FILES: ClassVar = {"sha256": ""}

    code = models.CharField(primary_key=True, max_length=20)
    """SN2024-07, and SN2024-07-2 for a second one of the month."""
    office = models.ForeignKey("parties.Unit", on_delete=models.PROTECT, related_name="snapshots")
    meeting_text = models.CharField(max_length=70)
    """Name of the meeting."""
    as_of_date = models.DateField()
    """The day by which overdue and lights were worked out."""
    taken_at = models.DateTimeField()
    taken_by = models.CharField(max_length=80)
    sha256 = models.CharField(max_length=64)
    size = models.PositiveBigIntegerField()
    """Bytes."""
    log_size = models.BigIntegerField()
    """Sealed entries at that moment."""
    log_root = models.CharField(max_length=64, blank=True)
    previous = models.ForeignKey(
        "self", null=True, on_delete=models.PROTECT, related_name="following"
    )
    """The one with which it was compared."""
    released_at = models.DateTimeField(null=True)
    released_by = models.CharField(max_length=80, blank=True)
    series = models.CharField(max_length=20, blank=True)
    """机关代字 of its bulletin; empty for a bulletin without a number."""
    number = models.PositiveIntegerField(null=True)

    @staticmethod
    def wrong_step(before: State | None, after: State, verb: str) -> str | None:
        """It is taken, then perhaps released once; nothing else of it ever changes."""
        if before is None:
            fresh = verb == TAKEN and after["released_at"] is None
            return None if fresh else "首条记录应为生成快照"
        once = verb == RELEASED and before["released_at"] is None and bool(after["released_at"])
        changed = altered(before, after)
        if once and changed <= RELEASE:
            return None
        return must_not_alter(verb, changed) or f"没有 {verb} 这一步"

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(released_at=None) ^ ~Q(released_by=""), name="snapshot_released"
            ),
            models.CheckConstraint(
                condition=Q(number=None) ^ ~Q(series=""), name="snapshot_numbered"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["office", "as_of_date"], name="snapshot_by_office"),
        ]
