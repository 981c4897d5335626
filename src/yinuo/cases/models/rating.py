"""Ratings (好差评) and what is done about bad ones (差评整改). Never public as rows."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from yinuo.cases.problems.rating import CONTACTS, LIFE, Rectified
from yinuo.ledger.recorded import Recorded, State


class Rating(Recorded):
    """What an applicant said of one contact, once."""

    SUBJECT = "rating"

    code = models.CharField(primary_key=True, max_length=64)
    """Code of the case, `/R-` and the contact."""
    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="ratings")
    contact = models.CharField(max_length=8)
    level = models.PositiveSmallIntegerField()
    """5 非常满意 … 1 非常不满意; 2 and below is a bad one."""
    said_text = models.CharField(max_length=70, blank=True)
    rated_at = models.DateTimeField()
    unit = models.ForeignKey("parties.Unit", on_delete=models.PROTECT, related_name="ratings")
    """Who is rated: the window for 申报 and 受理 where it took the case in, else who decides."""
    item_code = models.CharField(max_length=40)
    channel = models.CharField(max_length=8, default="online")
    simulated = models.BooleanField(default=False)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["case", "contact"], name="rating_once_a_contact"),
            models.CheckConstraint(condition=Q(level__gte=1, level__lte=5), name="rating_level"),
            models.CheckConstraint(condition=Q(contact__in=list(CONTACTS)), name="rating_contact"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["unit", "rated_at"], name="rating_by_unit"),
            models.Index(fields=["item_code"], name="rating_by_item"),
            models.Index(fields=["rated_at"], name="rating_by_time"),
        ]

    @staticmethod
    def wrong_step(before: State | None, after: State, verb: str) -> str | None:
        """A rating is given and never changes."""
        del after
        return None if before is None else f"{verb} 不能改动评价"

    @property
    def answering_units(self) -> frozenset[str]:
        """The unit that is rated and the office of the case."""
        return frozenset({self.unit_id, self.case.office_id})


class Rectification(Recorded):
    """差评整改: contact within 1 working day, rectify within 15, call back, tell the result."""

    SUBJECT = "rectification"

    code = models.CharField(primary_key=True, max_length=64)
    """Code of the rating."""
    rating = models.OneToOneField(Rating, on_delete=models.PROTECT, related_name="rectification")
    unit = models.ForeignKey(
        "parties.Unit", on_delete=models.PROTECT, related_name="rectifications"
    )
    office = models.ForeignKey("parties.Unit", on_delete=models.PROTECT, related_name="+")
    status = models.CharField(max_length=10, default=Rectified.TO_CONTACT)
    contact_due = models.DateField()
    rectify_due = models.DateField()
    contacted_at = models.DateTimeField(null=True)
    rectified_at = models.DateTimeField(null=True)
    called_at = models.DateTimeField(null=True)
    true_reason = models.BooleanField(null=True)
    """Whether what was said was found to be so; None until the unit has looked."""
    content = models.BooleanField(null=True)
    """Whether the applicant was content at the call back."""
    note_text = models.CharField(max_length=70, blank=True)
    """What was said with the last step; the result told."""

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(status__in=[s.value for s in Rectified]), name="rectification_status"
            ),
            models.CheckConstraint(
                condition=Q(status=Rectified.CLOSED) ^ Q(called_at=None),
                name="rectification_called_back",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["unit", "status", "contact_due"], name="rectification_by_unit"),
            models.Index(fields=["office", "status"], name="rectification_by_office"),
        ]

    @staticmethod
    def wrong_step(before: State | None, after: State, verb: str) -> str | None:
        """Contacted, rectified, called back: in this order."""
        return LIFE.wrong(before, after, verb)

    @property
    def answering_units(self) -> frozenset[str]:
        """The unit that is rated and the office."""
        return frozenset({self.unit_id, self.office_id})
