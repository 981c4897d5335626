"""Files that show what was done (佐证材料)."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from yinuo.commitments.life import Visibility
from yinuo.ledger.recorded import Recorded, State

HANDED_IN = "evidence.handed_in"
PUBLISHED = "evidence.published"


class Evidence(Recorded):
    """One file, by its hash; the bytes lie in the file store. Public only when passed by itself."""

    SUBJECT = "evidence"
    FILES: ClassVar = {"sha256": "file_text"}

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
    file_text = models.CharField(max_length=70)
    """Text row that stands for the file: once it is erased by law, the file is gone as well."""
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

    @staticmethod
    def wrong_step(before: State | None, after: State, verb: str) -> str | None:
        """A file is handed in closed; afterwards nothing but its publicity changes."""
        if before is None:
            fresh = verb == HANDED_IN and after["visibility"] == Visibility.CLOSED
            return None if fresh else "佐证材料的首条记录应为提交，且不予公开"
        altered = {name for name in after if before.get(name) != after.get(name)}
        if verb != PUBLISHED or altered != {"visibility"}:
            return f"{verb} 不能改动列 {'、'.join(sorted(altered))}"
        return None

    @property
    def answering_units(self) -> frozenset[str]:
        """The unit that named the file."""
        return frozenset({self.unit_id})
