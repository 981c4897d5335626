"""Packages of records that went to another platform, or came from one, with their receipts."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from yinuo.ledger.recorded import Recorded, State

UP, DOWN = "up", "down"
MADE, ANSWERED = "made", "answered"
STATE_LABELS = {MADE: "等回执", ANSWERED: "已有回执"}
STEPS = {
    ("exchange.sent", None): MADE,
    ("exchange.receipted", MADE): ANSWERED,
    ("exchange.received", None): ANSWERED,
}
"""What was done, and the state before → the state after."""


class ExchangePackage(Recorded):
    """One package. Its files lie in the lake; the same number is the same package for ever."""

    SUBJECT = "exchange_package"

    code = models.CharField(primary_key=True, max_length=20)
    """`JH2026-1`."""
    direction = models.CharField(max_length=4)
    """`up`: sent by us; `down`: sent to us."""
    peer = models.CharField(max_length=120)
    """Name of the other side's key."""
    number = models.CharField(max_length=40)
    """Given by the sender."""
    content = models.CharField(max_length=20)
    unit = models.ForeignKey("parties.Unit", on_delete=models.PROTECT, related_name="+")
    """Who answers for the source of these records."""
    lake_id = models.CharField(max_length=16)
    """Of its folder in the lake."""
    manifest_sha256 = models.CharField(max_length=64)
    """Of the signed manifest."""
    files = models.JSONField()
    """SHA-256, bytes and rows of each file."""
    rows = models.PositiveBigIntegerField()
    late = models.PositiveBigIntegerField(default=0)
    """Decisions in it whose seven working days were over when it was made."""
    left_out = models.PositiveBigIntegerField(default=0)
    """Records that still lack what the standard requires, and were not sent."""
    accepted = models.PositiveBigIntegerField(null=True)
    refused = models.PositiveBigIntegerField(null=True)
    held = models.BooleanField(default=False)
    """Whether whoever received it keeps it until somebody decides."""
    batch = models.ForeignKey(
        "credit.CreditBatch", on_delete=models.PROTECT, null=True, related_name="+"
    )
    """Of a package that came: what it was landed as."""
    receipt_sha256 = models.CharField(max_length=64, blank=True)
    """Of the signed receipt."""
    receipt_at = models.DateTimeField(null=True)
    simulated = models.BooleanField(default=False)
    state = models.CharField(max_length=12)
    made_by = models.CharField(max_length=80)
    """Who made it, or took it in."""
    made_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["direction", "peer", "number"], name="exchange_package_once"
            ),
            models.CheckConstraint(
                condition=Q(direction__in=[UP, DOWN]), name="exchange_package_direction"
            ),
            models.CheckConstraint(
                condition=Q(state=MADE, accepted=None, refused=None, receipt_sha256="")
                | (
                    Q(state=ANSWERED, accepted__isnull=False, refused__isnull=False)
                    & ~Q(receipt_sha256="")
                ),
                name="exchange_package_state",
            ),
            models.CheckConstraint(
                condition=Q(accepted=None) | Q(rows=F("accepted") + F("refused")),
                name="exchange_package_every_row_answered",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["direction", "made_at"], name="exchange_package_by_day"),
        ]

    @staticmethod
    def wrong_step(before: State | None, after: State, verb: str) -> str | None:
        """A change that does not follow."""
        was = None if before is None else str(before["state"])
        fits = STEPS.get((verb, was)) == after["state"]
        return None if fits else f"{verb} 不能从“{was or '（无）'}”开始"

    @property
    def answering_units(self) -> frozenset[str]:
        """Who answers for the source."""
        return frozenset({self.unit_id})
