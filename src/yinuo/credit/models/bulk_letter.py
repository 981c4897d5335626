"""Letters that came by the million: one row and one entry for all, the letters in Parquet."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from yinuo.ledger.recorded import Recorded, State

LANDED, PUBLISHED, WITHDRAWN = "landed", "published", "withdrawn"
STATE_LABELS = {LANDED: "待公开", PUBLISHED: "已公开", WITHDRAWN: "已停止公开"}
STEPS: dict[tuple[str, str | None], str] = {
    ("bulk_letters.landed", None): LANDED,
    ("bulk_letters.published", LANDED): PUBLISHED,
    ("bulk_letters.withdrawn", LANDED): WITHDRAWN,
    ("bulk_letters.withdrawn", PUBLISHED): WITHDRAWN,
    ("bulk_letters.shortened", LANDED): LANDED,
    ("bulk_letters.shortened", PUBLISHED): PUBLISHED,
    ("bulk_letters.shortened", WITHDRAWN): WITHDRAWN,
}


class BulkLetters(Recorded):
    """One batch of letters: root and manifest name every file, read = accepted + put aside."""

    SUBJECT = "bulk_letters"

    code = models.CharField(primary_key=True, max_length=20)
    """`CP2026-1`."""
    unit = models.ForeignKey("parties.Unit", on_delete=models.PROTECT, related_name="+")
    lake_id = models.CharField(max_length=16, unique=True)
    root = models.CharField(max_length=64)
    """RFC 9162 root over the files, in the order of the manifest."""
    manifest_sha256 = models.CharField(max_length=64)
    read = models.PositiveBigIntegerField()
    accepted = models.PositiveBigIntegerField()
    aside = models.PositiveBigIntegerField()
    public = models.PositiveBigIntegerField()
    """Accepted letters of firms and traders that may be shown to the public."""
    rules = models.JSONField(default=dict)
    """Letters put aside, by name of the first rule that each breaks."""
    simulated = models.BooleanField(default=False)
    state = models.CharField(max_length=12)
    landed_by = models.CharField(max_length=80)
    landed_at = models.DateTimeField()
    decided_by = models.CharField(max_length=80, blank=True)
    """Who published it, or stopped that."""
    reason_text = models.CharField(max_length=70, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(state__in=sorted(STATE_LABELS)), name="bulk_letters_state"
            ),
            models.CheckConstraint(
                condition=Q(read=F("accepted") + F("aside")),
                name="bulk_letters_every_row_accounted_for",
            ),
            models.CheckConstraint(
                condition=~Q(state=PUBLISHED) | (~Q(decided_by="") & ~Q(decided_by=F("landed_by"))),
                name="bulk_letters_two_persons",
            ),
        ]

    @classmethod
    def public_rows(cls) -> Q:
        """Counts, root and hash, once its letters are public: anybody may check them."""
        return Q(state=PUBLISHED)

    @staticmethod
    def wrong_step(before: State | None, after: State, verb: str) -> str | None:
        """A change that does not follow."""
        was = None if before is None else str(before["state"])
        fits = STEPS.get((verb, was)) == after["state"]
        return None if fits else f"{verb} 不能从“{was or '（无）'}”开始"

    @property
    def answering_units(self) -> frozenset[str]:
        """The unit that brought it."""
        return frozenset({self.unit_id})
