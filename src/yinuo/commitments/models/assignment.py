"""The persons who answer for a commitment in one unit."""

from django.db import models

from yinuo.ledger.recorded import Recorded


class Assignment(Recorded):
    """责任领导 and 联络员 of one unit for one commitment; never public, erasable by law."""

    SUBJECT = "assignment"

    code = models.CharField(primary_key=True, max_length=80)
    """Commitment and unit, joined by `/`."""
    commitment = models.ForeignKey(
        "commitments.Commitment", on_delete=models.PROTECT, related_name="assignments"
    )
    unit = models.ForeignKey("parties.Unit", on_delete=models.PROTECT, related_name="assignments")
    leader_text = models.CharField(max_length=70, blank=True)
    """Text row with name and post of the responsible leader."""
    liaison_text = models.CharField(max_length=70, blank=True)
    """Text row with name and telephone of the liaison."""

    @property
    def answering_units(self) -> frozenset[str]:
        """The unit whose people they are."""
        return frozenset({self.unit_id})
