"""Rounds of dispatch (调度期次): who was asked what, and what was answered."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from yinuo.ledger.recorded import Recorded, State
from yinuo.supervision.rounds.life import (
    LINE,
    ROUND,
    LineState,
    RoundSort,
    RoundState,
    Twice,
)


class Round(Recorded):
    """One time that an office asks for reports; each unit has one sheet in it."""

    SUBJECT = "round"

    code = models.CharField(primary_key=True, max_length=24)
    """调度期次 such as TD2024-07."""
    title = models.CharField(max_length=120)
    sort = models.CharField(max_length=12)
    office = models.ForeignKey("parties.Unit", on_delete=models.PROTECT, related_name="rounds")
    """Whose round it is: the creditor of the sheets."""
    as_of_date = models.DateField()
    """The day that figures are to be of; a report of that day or later answers."""
    due = models.DateField()
    """The last day on which a sheet is in time."""
    opened_at = models.DateTimeField()
    opened_by = models.CharField(max_length=60)
    status = models.CharField(max_length=12, default=RoundState.OPEN)
    note_text = models.CharField(max_length=70, blank=True)
    """What the office wants units to heed."""
    overruled_text = models.CharField(max_length=70, blank=True)
    """Why it was opened although it asks for too much; empty where it does not."""
    burden_edition = models.PositiveIntegerField(default=0)
    """Number of the publication of the table of burden that was asked; 0 for none in force."""
    reopening_by = models.CharField(max_length=60, blank=True)
    """Who asks that a closed round be opened again; empty while nobody does."""
    reopening_text = models.CharField(max_length=70, blank=True)
    """Why it is, or was last, to be opened again."""
    reopened_count = models.PositiveIntegerField(default=0)

    @staticmethod
    def wrong_step(before: State | None, after: State, verb: str) -> str | None:
        """Only the steps of the table, and what was asked never changes."""
        return ROUND.wrong(before, after, verb)

    @property
    def answering_units(self) -> frozenset[str]:
        """The office that wrote its texts."""
        return frozenset({self.office_id})

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(status__in=[state.value for state in RoundState]),
                name="round_status",
            ),
            models.CheckConstraint(
                condition=Q(sort__in=[sort.value for sort in RoundSort]), name="round_sort"
            ),
            models.CheckConstraint(
                condition=Q(reopening_by="") | Q(status="closed"), name="round_reopening_closed"
            ),
        ]


class Sheet(Recorded):
    """What one unit is to report in a round; its state is that of the commitment it is."""

    SUBJECT = "sheet"

    commitment = models.OneToOneField(
        "commitments.Commitment",
        primary_key=True,
        on_delete=models.PROTECT,
        related_name="round_sheet",
    )
    """Of kind `report`: who reports, by when, late or not, accepted or returned."""
    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="sheets")
    unit_asked = models.ForeignKey("parties.Unit", on_delete=models.PROTECT, related_name="sheets")
    """Whom the round was opened to; its successor answers, if it has one by then."""
    returned_text = models.CharField(max_length=70, blank=True)
    """Why the office returned it; empty once it is handed in again."""

    @property
    def answering_units(self) -> frozenset[str]:
        """The office that wrote why it was returned."""
        return frozenset({self.round.office_id})


class Asked(Recorded):
    """One commitment that a sheet asks about."""

    SUBJECT = "asked"

    code = models.CharField(primary_key=True, max_length=70)
    """Codes of round and commitment, joined by `/`."""
    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="asked")
    sheet = models.ForeignKey(Sheet, on_delete=models.PROTECT, related_name="lines")
    commitment = models.ForeignKey(
        "commitments.Commitment", on_delete=models.PROTECT, related_name="asked_in"
    )
    fields = models.PositiveSmallIntegerField()
    """How many are to be filled in: the note, and the figure where one is asked for."""
    twice = models.CharField(max_length=8, blank=True)
    """One of `Twice` where it was held, or asked in another round, when the round was opened."""
    status = models.CharField(max_length=12, default=LineState.WAITING)
    report = models.ForeignKey(
        "commitments.Report", null=True, on_delete=models.PROTECT, related_name="answers"
    )
    """What answers; of a returned line, what did not do."""
    reason_text = models.CharField(max_length=70, blank=True)
    """Why it was returned; empty otherwise."""

    @property
    def answering_units(self) -> frozenset[str]:
        """The office that wrote why it was returned."""
        return frozenset({self.round.office_id})

    @staticmethod
    def wrong_step(before: State | None, after: State, verb: str) -> str | None:
        """Only the steps of the table, and what was asked never changes."""
        return LINE.wrong(before, after, verb)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(status__in=[state.value for state in LineState]),
                name="asked_status",
            ),
            models.CheckConstraint(
                condition=Q(twice__in=["", *(each.value for each in Twice)]), name="asked_twice"
            ),
            models.CheckConstraint(
                condition=Q(status="waiting", report=None)
                | Q(~Q(status="waiting"), ~Q(report=None)),
                name="asked_report_when_answered",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["sheet", "status"], name="asked_by_sheet"),
        ]
