"""Requests of subjects that a record be repaired (信用修复)."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from yinuo.credit.regimes.machine import wrong_recorded_step
from yinuo.credit.regimes.repair import REPAIR, Repair, RepairEvent
from yinuo.ledger.recorded import Recorded, State

VERBS = {f"credit_repair.{each.name.lower()}": each for each in RepairEvent}
"""Verb of an entry → what happened."""
OPEN = (str(Repair.ASKED), str(Repair.ACCEPTED))
STANDING = (*OPEN, str(Repair.GRANTED))
"""While one of these stands, no other request for the record does."""


class CreditRepair(Recorded):
    """One request for one record. Granted, it takes effect at that moment."""

    SUBJECT = "credit_repair"

    code = models.CharField(primary_key=True, max_length=40)
    """`XF-2026-000001`."""
    subject_row = models.ForeignKey(
        "credit.Subject", on_delete=models.PROTECT, related_name="repairs"
    )
    record = models.CharField(max_length=32)
    source = models.CharField(max_length=60)
    unit = models.ForeignKey("parties.Unit", on_delete=models.PROTECT, related_name="+")
    """Who answers for the source."""
    state = models.CharField(max_length=20)
    rule = models.CharField(max_length=40)
    """Number of the rule by which it may be asked for, as of the day it was."""
    until = models.DateField(null=True)
    """The last day of publicity by that rule; None where it goes on until corrected."""
    done_text = models.CharField(max_length=70)
    """What was put right and done, in the words of the subject."""
    promise = models.OneToOneField(
        "commitments.Commitment", on_delete=models.PROTECT, null=True, related_name="credit_repair"
    )
    """Made on acceptance: not to do it again until publicity would have ended."""
    answer_text = models.CharField(max_length=70, blank=True)
    due = models.DateField()
    """The last day for a decision."""
    asked_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    accepted_by = models.CharField(max_length=80, blank=True)
    decided_by = models.CharField(max_length=80, blank=True)
    simulated = models.BooleanField(default=False)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["record"],
                condition=Q(state__in=STANDING),
                name="credit_repair_one_standing",
            ),
            models.CheckConstraint(
                condition=Q(state__in=[str(each) for each in Repair]), name="credit_repair_state"
            ),
            models.CheckConstraint(
                condition=~Q(state=str(Repair.GRANTED))
                | (~Q(accepted_by="") & ~Q(decided_by="") & ~Q(decided_by=F("accepted_by"))),
                name="credit_repair_two_persons",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["record", "code"], name="credit_repair_of_record"),
            models.Index(fields=["unit", "state", "due"], name="credit_repair_by_unit"),
        ]

    @staticmethod
    def wrong_step(before: State | None, after: State, verb: str) -> str | None:
        """A change of state that is not in the table."""
        was = Repair(str(before["state"])) if before else REPAIR.start
        return wrong_recorded_step(REPAIR, was, VERBS.get(verb), str(after["state"]))

    @property
    def answering_units(self) -> frozenset[str]:
        """Who answers for the source."""
        return frozenset({self.unit_id})
