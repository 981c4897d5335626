"""The figures that the register of leads gives to indicators.

A lead counts for the unit that follows it. Leads are closed: an indicator that is counted from
them is opened to the public only by whoever may open them.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import Min, Q, QuerySet, Sum

from yinuo.goals.counting import Count
from yinuo.goals.leads.stages import FactKind, FactStatus, Origin, Standing
from yinuo.goals.models import Lead, LeadFact, ProjectStage
from yinuo.goals.projects.stages import Stage as ProjectsStage
from yinuo.goals.register.reaching import reached_in
from yinuo.kernel.money import convert

MONEY = "万元"


def _of_unit(unit: str | None, prefix: str = "") -> Q:
    return Q() if unit is None else Q(**{f"{prefix}unit": unit})


def _statuses(*, confirmed: bool) -> tuple[FactStatus, ...]:
    return (FactStatus.CONFIRMED,) if confirmed else (FactStatus.CONFIRMED, FactStatus.REPORTED)


@dataclass(frozen=True)
class _Began:
    """How many leads of one way in began in a period; only those with a known day."""

    origin: Origin
    column: str
    confirmed: bool

    def __call__(self, *, first: date, last: date, unit: str | None) -> str:
        rows = Lead.objects.filter(_of_unit(unit), origin=self.origin)
        rows = rows.filter(**{f"{self.column}__range": (first, last)})
        if self.confirmed:
            rows = rows.exclude(confirmed_by="")
        return str(rows.count())


@dataclass(frozen=True)
class _First:
    """Of how many signed leads a fact happened in a period for the first time."""

    kind: FactKind
    confirmed: bool

    def __call__(self, *, first: date, last: date, unit: str | None) -> str:
        rows = LeadFact.objects.filter(
            _of_unit(unit, "lead__"), kind=self.kind, status__in=_statuses(confirmed=self.confirmed)
        )
        dated = rows.order_by().values("lead").annotate(day=Min("fact_date"))
        return str(dated.filter(day__range=(first, last)).count())


@dataclass(frozen=True)
class _Landed:
    """How many signed leads began to build in a period, by their project or by a fact."""

    confirmed: bool

    def __call__(self, *, first: date, last: date, unit: str | None) -> str:
        stages = ProjectStage.objects.filter(
            reached_in(first, last, confirmed=self.confirmed),
            stage=ProjectsStage.STARTED,
            project__withdrawn_date=None,
        )
        facts = LeadFact.objects.filter(
            kind=FactKind.STARTED,
            status__in=_statuses(confirmed=self.confirmed),
            fact_date__range=(first, last),
        )
        rows = Lead.objects.filter(
            _of_unit(unit),
            Q(landing__project__in=stages.values("project"))
            | Q(Q(landing=None) | Q(landing__project=None), pk__in=facts.values("lead")),
        )
        return str(rows.exclude(standing=Standing.ENDED).count())


def _payments(first: date, last: date, unit: str | None, *, confirmed: bool) -> QuerySet[LeadFact]:
    return LeadFact.objects.filter(
        _of_unit(unit, "lead__"),
        kind=FactKind.PAID,
        fact_date__range=(first, last),
        status__in=_statuses(confirmed=confirmed),
    )


@dataclass(frozen=True)
class _Paid:
    """What was paid in in a period. Missing where a payment is in another currency."""

    confirmed: bool

    def __call__(self, *, first: date, last: date, unit: str | None) -> str:
        rows = _payments(first, last, unit, confirmed=self.confirmed)
        if rows.filter(fen=None).exists():
            return ""
        total = rows.aggregate(total=Sum("fen"))["total"] or 0
        return convert(total, unit="分", to=MONEY)


def _paid_covered(*, first: date, last: date, unit: str | None) -> tuple[int, int]:
    rows = _payments(first, last, unit, confirmed=True)
    return rows.exclude(fen=None).count(), rows.count()


COUNTS: Mapping[str, Count] = {
    "leads.visited": Count(
        label="拜访的企业线索",
        unit="个",
        confirmed=_Began(Origin.VISIT, "visited_date", confirmed=True),
        reported=_Began(Origin.VISIT, "visited_date", confirmed=False),
    ),
    "leads.signed": Count(
        label="签约的协议和备忘录",
        unit="个",
        confirmed=_Began(Origin.AGREEMENT, "signed_date", confirmed=True),
        reported=_Began(Origin.AGREEMENT, "signed_date", confirmed=False),
    ),
    "leads.registered": Count(
        label="注册了企业的线索",
        unit="个",
        confirmed=_First(FactKind.REGISTERED, confirmed=True),
        reported=_First(FactKind.REGISTERED, confirmed=False),
    ),
    "leads.landed": Count(
        label="已经开工的签约项目",
        unit="个",
        confirmed=_Landed(confirmed=True),
        reported=_Landed(confirmed=False),
    ),
    "leads.funded": Count(
        label="资金开始到位的线索",
        unit="个",
        confirmed=_First(FactKind.PAID, confirmed=True),
        reported=_First(FactKind.PAID, confirmed=False),
    ),
    "leads.paid": Count(
        label="线索到位资金",
        unit=MONEY,
        confirmed=_Paid(confirmed=True),
        reported=_Paid(confirmed=False),
        covered=_paid_covered,
    ),
}
NAMES: tuple[str, ...] = tuple(COUNTS)
