"""信用承诺书 as this city took them in, and the counter of their codes."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from yinuo.commitments.letters.letter import Fulfilment, LetterType, Publicity
from yinuo.ledger.recorded import Recorded


class CreditLetter(Recorded):
    """One letter in the twenty items of the national form (信用承诺书); see `commitments.letters`.

    It names no case: a letter may be public, a case never is. Deferral and declaration carry its
    code and know the case.
    """

    SUBJECT = "credit_letter"

    code = models.CharField(primary_key=True, max_length=20)
    """承诺编码: region, day, serial."""
    applicant = models.ForeignKey(
        "cases.Applicant", on_delete=models.PROTECT, related_name="letters"
    )
    promisor_text = models.CharField(max_length=70)
    promisor_kind = models.CharField(max_length=10)
    """`firm`, `person` or `trader`."""
    promisor_code_text = models.CharField(max_length=70)
    type = models.CharField(max_length=10)
    matter_text = models.CharField(max_length=70)
    content_text = models.CharField(max_length=70)
    liability_text = models.CharField(max_length=70)
    made_date = models.DateField()
    valid_until = models.DateField(null=True)
    fulfilment = models.CharField(max_length=10, blank=True)
    """Empty until somebody has looked whether it was kept."""
    unmet_text = models.CharField(max_length=70, blank=True)
    pursued_text = models.CharField(max_length=70, blank=True)
    found_date = models.DateField(null=True)
    finder = models.ForeignKey(
        "parties.Unit", null=True, on_delete=models.PROTECT, related_name="letters_found"
    )
    finder_code = models.CharField(max_length=18, blank=True)
    accepting_unit = models.ForeignKey(
        "parties.Unit", on_delete=models.PROTECT, related_name="letters_accepted"
    )
    accepting_code = models.CharField(max_length=18, blank=True)
    """统一社会信用代码 of the unit; empty where the city has not entered it."""
    office = models.ForeignKey("parties.Unit", on_delete=models.PROTECT, related_name="letters")
    """The unit that supervises, and decides on publishing."""
    publicity = models.CharField(max_length=10, default=Publicity.LIMITED)
    remark_text = models.CharField(max_length=70, blank=True)
    simulated = models.BooleanField(default=False)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(type__in=[t.value for t in LetterType]), name="letter_type"
            ),
            models.CheckConstraint(
                condition=Q(publicity__in=[p.value for p in Publicity]), name="letter_publicity"
            ),
            models.CheckConstraint(
                condition=Q(fulfilment__in=["", *(f.value for f in Fulfilment)]),
                name="letter_fulfilment",
            ),
            models.CheckConstraint(
                condition=(
                    Q(fulfilment__in=["", Fulfilment.WHOLE.value], unmet_text="", pursued_text="")
                    | (
                        Q(fulfilment__in=[Fulfilment.IN_PART.value, Fulfilment.NOT_AT_ALL.value])
                        & ~Q(unmet_text="")
                        & ~Q(pursued_text="")
                    )
                ),
                name="letter_unmet_when_not_kept",
            ),
            models.CheckConstraint(
                condition=~Q(publicity=Publicity.PUBLIC.value) | ~Q(promisor_kind="person"),
                name="letter_of_person_not_public",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["publicity", "-made_date", "code"], name="letter_by_publicity"),
            models.Index(fields=["accepting_unit", "-made_date"], name="letter_by_unit"),
        ]

    @classmethod
    def public_rows(cls) -> Q:
        """What a second person found fit for the public; never a letter of a natural person."""
        return Q(publicity=Publicity.PUBLIC.value)

    @property
    def answering_units(self) -> frozenset[str]:
        """The unit that took it in and the one that supervises."""
        return frozenset({self.accepting_unit_id, self.office_id})


class LetterSeries(models.Model):
    """The last serial of a region on a day: a row for each, so that no lock is shared."""

    region = models.CharField(max_length=6)
    day = models.DateField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["region", "day"], name="letter_series_once"),
        ]
