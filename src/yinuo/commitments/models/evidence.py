"""Files that show what was done (佐证材料)."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from yinuo.commitments.life import Visibility
from yinuo.ledger.recorded import Recorded


class Evidence(Recorded):
    """One file, by its hash; the bytes lie in the file store. Public only when passed by itself."""

    SUBJECT = "evidence"

    code = models.CharField(primary_key=True, max_length=60)
    """Code of the commitment, `/E` and a number from 1."""
    commitment = models.ForeignKey(
        "commitments.Commitment", on_delete=models.PROTECT, related_name="evidence"
    )
    unit = models.ForeignKey("parties.Unit", on_delete=models.PROTECT, related_name="evidence")
    """The unit that handed it in."""
    belongs_to = models.CharField(max_length=80)
    """Subject it was handed in with: `report:X/R2`, or `commitment:X` with a delivery."""
    name_text = models.CharField(max_length=70)
    """Text row with the file's name, which may name persons."""
    media_type = models.CharField(max_length=100)
    """As found in the content, never as claimed."""
    size = models.PositiveBigIntegerField()
    """Bytes."""
    sha256 = models.CharField(max_length=64)
    visibility = models.CharField(max_length=12, default=Visibility.CLOSED)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(visibility__in=[v.value for v in Visibility]),
                name="evidence_visibility",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["sha256"], name="evidence_by_hash"),
        ]

    @classmethod
    def public_rows(cls) -> Q:
        """Passed by itself, under a commitment that is public."""
        return Q(visibility=Visibility.PUBLIC, commitment__visibility=Visibility.PUBLIC)

    @property
    def answering_units(self) -> frozenset[str]:
        """The unit that named the file."""
        return frozenset({self.unit_id})
