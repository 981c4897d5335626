"""Logs of declarations that were taken in, and what was measured in them.

The events themselves lie in the lake, as Parquet; here stand what came, what it came to, and who
let it be seen.
"""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from yinuo.commitments.life import Visibility
from yinuo.goals.port.life import BatchStatus
from yinuo.ledger.recorded import Recorded

_REVIEWED = (Visibility.REVIEW, Visibility.PUBLIC)


class PortBatch(Recorded):
    """Some files of declaration events that came together."""

    SUBJECT = "port_batch"

    code = models.CharField(primary_key=True, max_length=20)
    """`TG2024-1`."""
    unit = models.ForeignKey("parties.Unit", on_delete=models.PROTECT, related_name="port_batches")
    """Whose log it is."""
    lake_id = models.CharField(max_length=16)
    """Of its folder in the lake: the hash of the files and of how they were read."""
    manifest_sha256 = models.CharField(max_length=64)
    files = models.JSONField()
    """SHA-256, bytes, format and counts of every file, in order; their names are a text."""
    names_text = models.CharField(max_length=70)
    read = models.PositiveBigIntegerField()
    accepted = models.PositiveBigIntegerField()
    quarantined = models.PositiveBigIntegerField()
    duplicate = models.PositiveBigIntegerField()
    reasons = models.JSONField(default=dict)
    """Rows put aside, by reason."""
    unknown_steps = models.JSONField(default=dict)
    first_at = models.DateTimeField(null=True)
    last_at = models.DateTimeField(null=True)
    simulated = models.BooleanField(default=False)
    status = models.CharField(max_length=12, default=BatchStatus.LOADED)
    visibility = models.CharField(max_length=12, default=Visibility.REVIEW)
    loaded_by = models.CharField(max_length=80)
    loaded_at = models.DateTimeField()
    asked_by = models.CharField(max_length=80, blank=True)
    """Who asked for its withdrawal."""
    reason_text = models.CharField(max_length=70, blank=True)
    decided_by = models.CharField(max_length=80, blank=True)
    decision_text = models.CharField(max_length=70, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(read=F("accepted") + F("quarantined") + F("duplicate")),
                name="port_batch_every_row_accounted_for",
            ),
            models.CheckConstraint(
                condition=Q(status__in=[str(each) for each in BatchStatus]),
                name="port_batch_status",
            ),
            models.CheckConstraint(
                condition=Q(visibility__in=[str(each) for each in _REVIEWED]),
                name="port_batch_visibility",
            ),
            models.CheckConstraint(
                condition=Q(status=BatchStatus.LOADED) | ~Q(asked_by=""),
                name="port_batch_withdrawal_was_asked",
            ),
            models.CheckConstraint(
                condition=~Q(status=BatchStatus.WITHDRAWN)
                | (~Q(decided_by="") & ~Q(decided_by=F("asked_by"))),
                name="port_batch_two_persons",
            ),
            models.UniqueConstraint(fields=["unit", "lake_id"], name="port_batch_once"),
        ]

    @classmethod
    def public_rows(cls) -> Q:
        """Those behind a result that a second person released."""
        return Q(visibility=Visibility.PUBLIC)

    @property
    def answering_units(self) -> frozenset[str]:
        """The unit that brought it and wrote its texts."""
        return frozenset({self.unit_id})


class PortResult(Recorded):
    """What was measured in a set of batches, by which rules and which version of the software."""

    SUBJECT = "port_result"
    # Counts and durations; no declaration number, no name.
    FILES: ClassVar = {"sha256": ""}

    code = models.CharField(primary_key=True, max_length=20)
    """`TJ2024-1`."""
    unit = models.ForeignKey("parties.Unit", on_delete=models.PROTECT, related_name="port_results")
    batches = models.JSONField()
    """Codes of the batches, in order."""
    sha256 = models.CharField(max_length=64)
    """Of the file with the result; see `goals/port/stored.py`."""
    rules_number = models.PositiveIntegerField()
    """Number of the publication of `tables/clearance.xlsx`."""
    rules_edition = models.PositiveIntegerField()
    description = models.CharField(max_length=64)
    """Digest of how the log was described."""
    made_with = models.CharField(max_length=20)
    """Version of Yinuo."""
    last_at = models.DateTimeField()
    """Of the log's events: as of when."""
    simulated = models.BooleanField(default=False)
    visibility = models.CharField(max_length=12, default=Visibility.REVIEW)
    measured_by = models.CharField(max_length=80)
    measured_at = models.DateTimeField()
    released_by = models.CharField(max_length=80, blank=True)
    released_at = models.DateTimeField(null=True)
    withdrawn = models.BooleanField(default=False)
    """Whether a batch behind it was withdrawn, so that it counts no more."""

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(visibility=Visibility.REVIEW, released_by="", released_at=None)
                | (
                    Q(visibility=Visibility.PUBLIC, released_at__isnull=False)
                    & ~Q(released_by="")
                    & ~Q(released_by=F("measured_by"))
                ),
                name="port_result_two_persons",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["visibility", "withdrawn", "measured_at"], name="port_result_now"),
        ]

    @classmethod
    def public_rows(cls) -> Q:
        """What a second person released."""
        return Q(visibility=Visibility.PUBLIC)
