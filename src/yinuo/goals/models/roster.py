"""How an office's own sheet is read, and files that are not taken in yet."""

from typing import ClassVar

from django.db import models

from yinuo.goals.models.plan import Plan
from yinuo.ledger.recorded import Recorded


class Roster(Recorded):
    """The sheet (台账) that feeds a plan: which of its columns means what, and its last file.

    The file itself lies in the file store under its hash, so that it can be given back.
    An office matter, not public.
    """

    SUBJECT = "roster"
    FILES: ClassVar = {"sha256": ""}

    plan = models.OneToOneField(
        Plan, primary_key=True, on_delete=models.PROTECT, related_name="roster"
    )
    sheet = models.CharField(max_length=60)
    """Name of the sheet in the workbook."""
    signature = models.CharField(max_length=64)
    """Of the header; a sheet with the same one can be read in the same way."""
    mapping = models.JSONField()
    """Column → field, and what the sheet does not say."""
    sha256 = models.CharField(max_length=64)
    """Of the last file that was taken in."""
    name_text = models.CharField(max_length=70)
    """Text row with the name of that file, which may name persons."""
    taken_at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["signature"], name="roster_by_signature"),
        ]

    @property
    def answering_units(self) -> frozenset[str]:
        """The office that named the file."""
        return frozenset({self.plan.office_id})


class Upload(models.Model):
    """A workbook on its way in: private to its owner, swept when stale, on no ledger."""

    FILES: ClassVar = {"sha256": ""}

    owner = models.ForeignKey("parties.Account", on_delete=models.PROTECT, related_name="uploads")
    sha256 = models.CharField(max_length=64)
    name = models.CharField(max_length=200)
    size = models.PositiveBigIntegerField()
    """Bytes."""
    plan = models.ForeignKey(Plan, null=True, on_delete=models.PROTECT, related_name="uploads")
    """The registered plan that it is a new state of, where that is known."""
    sheet = models.CharField(max_length=60, blank=True)
    mapping = models.JSONField(default=dict)
    """Empty until the columns were assigned."""
    created_at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["owner", "created_at"], name="upload_by_owner"),
            models.Index(fields=["sha256"], name="upload_by_hash"),
        ]
