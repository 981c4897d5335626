"""Batches of records that a source delivered: what came, what it came to, who let it pass.

The records themselves lie in the lake, as Parquet.
"""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from yinuo.credit.life import BatchStatus, wrong_batch_step
from yinuo.ledger.recorded import Recorded, State


class CreditBatch(Recorded):
    """Some files of one source that came together. Never public: it tells who is in arrears."""

    SUBJECT = "credit_batch"

    code = models.CharField(primary_key=True, max_length=20)
    """`XP2026-1`."""
    source = models.CharField(max_length=60)
    """Name of its description, `penalty`."""
    unit = models.ForeignKey("parties.Unit", on_delete=models.PROTECT, related_name="+")
    """Who answers for the source."""
    lake_id = models.CharField(max_length=16)
    """Of its folder in the lake: the hash of the files and of how they were read."""
    description_sha256 = models.CharField(max_length=64)
    """Of the description by which it was read."""
    manifest_sha256 = models.CharField(max_length=64)
    files = models.JSONField()
    """SHA-256, bytes, format and counts of every file, in order; their names are a text."""
    names_text = models.CharField(max_length=70)
    read = models.PositiveBigIntegerField()
    accepted = models.PositiveBigIntegerField()
    quarantined = models.PositiveBigIntegerField()
    duplicate = models.PositiveBigIntegerField()
    keyless = models.PositiveBigIntegerField(default=0)
    """Accepted rows without any valid identifier."""
    reasons = models.JSONField(default=dict)
    """Rows put aside, by code of the reason."""
    unknown_headings = models.PositiveIntegerField(default=0)
    """How many headings are neither a field nor ignored; a heading may be a person's row."""
    findings = models.JSONField(default=list)
    """What the gates found, each as code, place, rule and next step."""
    corrects = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="+")
    """The batch whose rows, once put aside, are corrected here."""
    simulated = models.BooleanField(default=False)
    status = models.CharField(max_length=12)
    landed_by = models.CharField(max_length=80)
    landed_at = models.DateTimeField()
    asked_by = models.CharField(max_length=80, blank=True)
    """Who asked that it pass in spite of its findings."""
    reason_text = models.CharField(max_length=70, blank=True)
    decided_by = models.CharField(max_length=80, blank=True)
    """Who decided on that, or withdrew the batch."""
    decision_text = models.CharField(max_length=70, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(read=F("accepted") + F("quarantined") + F("duplicate")),
                name="credit_batch_every_row_accounted_for",
            ),
            models.CheckConstraint(
                condition=Q(status__in=[str(each) for each in BatchStatus]),
                name="credit_batch_status",
            ),
            models.CheckConstraint(
                condition=~Q(status=BatchStatus.WAIVED)
                | (~Q(asked_by="") & ~Q(decided_by="") & ~Q(decided_by=F("asked_by"))),
                name="credit_batch_two_persons",
            ),
            models.UniqueConstraint(fields=["source", "lake_id"], name="credit_batch_once"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["source", "landed_at"], name="credit_batch_of_source"),
        ]

    @staticmethod
    def wrong_step(before: State | None, after: State, verb: str) -> str | None:
        """A change of state that does not follow."""
        was = None if before is None else str(before["status"])
        return wrong_batch_step(was, str(after["status"]), verb)

    @property
    def answering_units(self) -> frozenset[str]:
        """The unit that brought it and wrote its texts."""
        return frozenset({self.unit_id})
