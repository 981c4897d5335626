"""Objections of subjects to records about them (异议)."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from yinuo.credit.regimes.machine import wrong_recorded_step
from yinuo.credit.regimes.objection import OBJECTION, Objection, ObjectionEvent
from yinuo.ledger.recorded import Recorded, State

VERBS = {f"credit_objection.{each.name.lower()}": each for each in ObjectionEvent}
"""Verb of an entry → what happened."""
OPEN = tuple(str(each) for each in Objection if each.is_marked)


class CreditObjection(Recorded):
    """One objection to one record. The record is marked from the moment it is raised."""

    SUBJECT = "credit_objection"

    code = models.CharField(primary_key=True, max_length=40)
    """`YY-2026-000001`."""
    subject_row = models.ForeignKey(
        "credit.Subject", on_delete=models.PROTECT, related_name="objections"
    )
    record = models.CharField(max_length=32)
    source = models.CharField(max_length=60)
    batch = models.CharField(max_length=16)
    """Lake id of the batch that had brought the record as it was objected to: brought by another
    one, it has been corrected."""
    unit = models.ForeignKey("parties.Unit", on_delete=models.PROTECT, related_name="+")
    """Who answers for the source."""
    state = models.CharField(max_length=20)
    what_text = models.CharField(max_length=70)
    """What is wrong, in the words of the subject."""
    answer_text = models.CharField(max_length=70, blank=True)
    due = models.DateField()
    """The last day for an answer."""
    raised_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    decided_by = models.CharField(max_length=80, blank=True)
    simulated = models.BooleanField(default=False)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["record"], condition=Q(state__in=OPEN), name="credit_objection_one_open"
            ),
            models.CheckConstraint(
                condition=Q(state__in=[str(each) for each in Objection]),
                name="credit_objection_state",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[str(Objection.UPHELD), str(Objection.DISMISSED)])
                | (~Q(answer_text="") & ~Q(decided_by="")),
                name="credit_objection_answered",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["record", "code"], name="credit_objection_of_record"),
            models.Index(fields=["unit", "state", "due"], name="credit_objection_by_unit"),
        ]

    @staticmethod
    def wrong_step(before: State | None, after: State, verb: str) -> str | None:
        """A change of state that is not in the table."""
        was = Objection(str(before["state"])) if before else OBJECTION.start
        return wrong_recorded_step(OBJECTION, was, VERBS.get(verb), str(after["state"]))

    def is_returned(self, batch: str) -> bool:
        """Whether it was right, and the record is still as that batch brought it."""
        return self.state == Objection.UPHELD and self.batch == batch

    @property
    def answering_units(self) -> frozenset[str]:
        """Who answers for the source."""
        return frozenset({self.unit_id})
