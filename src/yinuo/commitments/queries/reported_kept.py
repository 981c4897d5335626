"""Commitments reported as kept in a period, with what a sample of them is layered by."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from django.db.models.functions import Length

from yinuo.commitments.conditions import promised_by
from yinuo.commitments.life import Status, Visibility
from yinuo.commitments.models import Commitment, Report
from yinuo.commitments.permission import owes, supervises, visible
from yinuo.commitments.registry import Promisor
from yinuo.commitments.words import Mark, mark
from yinuo.kernel.decimals import times
from yinuo.kernel.money import FEN_PER, is_money
from yinuo.parties.viewer import Viewer

OF_THE_OFFICE = frozenset({"report", "order"})
"""Kinds that are owed to the office alone: what supervision itself asks for."""
FEN_PER_WAN = FEN_PER["万元"]
ASK = 500


@dataclass(frozen=True)
class ReportedKept:
    """One commitment that its unit declared delivered."""

    code: str
    title: str
    lead: str | None
    delivered_date: date
    due: date | None
    moved_count: int
    public: bool
    wan: Decimal
    """Promised amount in 万元; 0 where no money was promised."""
    jump: Fraction
    """By what share of the promise the last report exceeds the one before; 0 without two."""

    @property
    def on_last_day(self) -> bool:
        """Whether it was declared as of the very day it fell due."""
        return self.delivered_date == self.due


def reported_kept(
    *, offices: Collection[str], start: date, end: date, viewer: Viewer
) -> tuple[ReportedKept, ...]:
    """What was declared delivered as of a day from `start` to `end`, both included, by code.

    Of what the city promised, these units supervise and the viewer may read; verified or not.
    """
    rows = list(
        Commitment.objects.filter(
            visible(viewer),
            promised_by(Promisor.CITY),
            creditor_unit__in=offices,
            status__in=[Status.DELIVERED, Status.KEPT],
            delivered_date__range=(start, end),
        )
        .exclude(kind__in=OF_THE_OFFICE)
        .order_by("code")
    )
    jumps = _jumps([row for row in rows if row.value])
    return tuple(_reported(row, jumps) for row in rows)


def _reported(row: Commitment, jumps: Mapping[str, Fraction]) -> ReportedKept:
    assert row.delivered_date is not None  # noqa: S101  # a database constraint
    return ReportedKept(
        code=row.code,
        title=row.title,
        lead=row.lead_id,
        delivered_date=row.delivered_date,
        due=row.due,
        moved_count=row.moved_count,
        public=row.visibility == Visibility.PUBLIC,
        wan=_wan(row),
        jump=jumps.get(row.code, Fraction()),
    )


def _wan(row: Commitment) -> Decimal:
    if not row.value or not is_money(row.unit):
        return Decimal()
    return times(row.value, FEN_PER[row.unit]) / FEN_PER_WAN


def _jumps(rows: Collection[Commitment]) -> dict[str, Fraction]:
    targets = {row.code: Fraction(row.value) for row in rows}
    codes = sorted(code for code, target in targets.items() if target)
    values: defaultdict[str, list[Fraction]] = defaultdict(list)
    for start in range(0, len(codes), ASK):
        found = Report.objects.filter(commitment__in=codes[start : start + ASK]).exclude(value="")
        ordered = found.order_by("as_of_date", Length("code"), "code")
        for code, value in ordered.values_list("commitment_id", "value"):
            values[code].append(Fraction(value))
    return {
        code: (given[-1] - given[-2]) / targets[code]
        for code, given in values.items()
        if len(given) > 1
    }


@dataclass(frozen=True)
class Named:
    """A commitment as others speak of it."""

    code: str
    title: str
    lead: str | None
    office: str
    """The unit that speaks for the creditor."""
    public: bool
    owed: bool
    """Whether the viewer answers for the unit that owes it."""
    judged: bool
    """Whether the viewer may judge it."""
    may_overturn: bool
    """Whether the viewer may take back that it was kept."""
    mark: Mark


def named(*, codes: Collection[str], viewer: Viewer, today: date) -> dict[str, Named]:
    """Those of the commitments that the viewer may read, by code."""
    found: dict[str, Named] = {}
    asked = sorted(set(codes))
    for start in range(0, len(asked), ASK):
        rows = Commitment.objects.filter(visible(viewer), code__in=asked[start : start + ASK])
        for row in rows:
            judged = supervises(row, viewer)
            found[row.code] = Named(
                code=row.code,
                title=row.title,
                lead=row.lead_id,
                office=row.creditor_unit_id,
                public=row.visibility == Visibility.PUBLIC,
                owed=owes(row, viewer),
                judged=judged,
                may_overturn=judged and row.status == Status.KEPT,
                mark=mark(status=row.status, outcome=row.outcome, due=row.due, today=today),
            )
    return found
