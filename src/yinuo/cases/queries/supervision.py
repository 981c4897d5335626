"""What a supervisor reads of cases: how the clocks of each department ran, and what helped them.

Counts are made by the database over indexed columns that each case carries; a rate is counted
from cases and never averaged. Every number opens the list behind it, see `supervised_cases`.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TypeAlias

from django.db.models import Count, Q, QuerySet

from yinuo.cases.access.cases import watched
from yinuo.cases.access.problems import visible_problems
from yinuo.cases.life import OPEN, Accepted
from yinuo.cases.models import Case, Correction, ItemVersion, Problem
from yinuo.cases.problems.life import OPEN as PROBLEM_OPEN
from yinuo.cases.stored.problem_tally import Counts, counts_by_owner, counts_of, recurrences_in
from yinuo.cases.stored.sifting import sifted, written
from yinuo.cases.stored.stops import (
    Scope,
    StopFound,
    scope_of,
    seen_by,
    stops_found,
    within,
)
from yinuo.cases.supervising.period import Period
from yinuo.cases.supervising.stops import working_days_of
from yinuo.cases.supervising.usage import median, unused
from yinuo.kernel.instants import civil_date
from yinuo.ledger.remembered import remembered
from yinuo.parties.queries import public_unit_names
from yinuo.parties.viewer import Viewer

PAGE = 50
FINDINGS: Mapping[str, str] = {
    "decided": "已办结",
    "broken": "超过承诺时限",
    "law_broken": "超过法定时限",
    "only_promise": "超过承诺、没有超过法定",
    "open": "在办",
    "open_late": "在办，已超过承诺",
    "stopped": "正在暂停计时",
    "reopened": "办结后重开",
    "deemed": "逾期未告知，视为受理",
    "asked_late": "补正告知超过五个工作日",
    "stop_late": "暂停事后补录",
    "stop_near": "最后两个工作日内暂停",
    "stop_last": "到期当天暂停",
    "unused": "用时不到承诺的 40%",
}


RARE = {
    "reopened": written("reopened", "> 0"),
    "deemed": written("accepted_how", "= 'deemed'"),
}
"""Findings of few cases, each with an index of its own."""
STOPS: Mapping[str, Callable[[StopFound], bool]] = {
    "stop_late": lambda one: one.late,
    "stop_near": lambda one: one.near_end,
    "stop_last": lambda one: one.last_day,
}


@dataclass
class Department:
    """What came of the cases of one department, or of all."""

    code: str
    name: str
    decided: int = 0
    promise_kept: int = 0
    law_kept: int = 0
    only_promise: int = 0
    """Promised limit broken although the law was kept: counts as a breach."""
    used: Counter[int] = field(default_factory=Counter)
    """Counted working days → decided cases."""
    span: Counter[int] = field(default_factory=Counter)
    """Calendar days from receipt to decision → decided cases."""
    comparable: int = 0
    """Decided cases whose promise is in working days: the base of `unused`."""
    unused: int = 0
    reopened: int = 0
    deemed: int = 0
    open: int = 0
    open_late: int = 0
    stopped: int = 0
    asked_late: int = 0
    stops: int = 0
    """Stops that began in the period."""
    stop_late: int = 0
    stop_near: int = 0
    stop_last: int = 0

    @property
    def broken(self) -> int:
        """Decided after the promised limit."""
        return self.decided - self.promise_kept

    @property
    def law_broken(self) -> int:
        """Decided after the limit of the law."""
        return self.decided - self.law_kept

    @property
    def used_median(self) -> int | None:
        """Median of the counted working days."""
        return median(self.used)

    @property
    def span_median(self) -> int | None:
        """Median of the calendar days from receipt to decision."""
        return median(self.span)

    @property
    def permille(self) -> int | None:
        """Share within the promise, in thousandths; None where nothing was decided."""
        return self.promise_kept * 1_000 // self.decided if self.decided else None

    @property
    def law_permille(self) -> int | None:
        """Share within the law, in thousandths."""
        return self.law_kept * 1_000 // self.decided if self.decided else None


@dataclass(frozen=True)
class Slack:
    """An item whose promise is longer than its cases need."""

    item: str
    title: str
    unit: str
    promised: int
    """Working days."""
    median: int
    decided: int
    unused: int


@dataclass(frozen=True)
class Supervised:
    """The supervisor's view of one period."""

    all: Department
    departments: tuple[Department, ...]
    """Most broken promises first."""
    slack: tuple[Slack, ...]
    """Items most of whose cases need less than 40 % of the promise, most cases first."""
    grounds: tuple[tuple[str, int], ...]
    """Ground of a stop → stops, most first."""
    simulated: bool


@dataclass(frozen=True)
class SupervisedProblems:
    """The problems of the viewer's offices and units."""

    all: Counts
    owners: tuple[Counts, ...]
    forces: tuple[tuple[str, str, int, int], ...]
    """Task force: code, title, problems, of these open."""
    recurrences: int


def supervised_problems(*, viewer: Viewer, today: date) -> SupervisedProblems:
    """Problems by age and owner, how often they came again, and what task forces have."""
    seen = Problem.objects.filter(visible_problems(viewer)).values("pk")
    rows = Problem.objects.filter(pk__in=seen)
    live = Count("pk", filter=Q(status__in=list(PROBLEM_OPEN)))
    forces = rows.exclude(force=None).order_by("force").values_list("force", "force__title")
    return SupervisedProblems(
        all=counts_of(rows, today),
        owners=counts_by_owner(rows, today),
        forces=tuple(forces.annotate(n=Count("pk"), live=live)),
        recurrences=recurrences_in(rows),
    )


def may_supervise(*, viewer: Viewer) -> bool:
    """Whether the view is for the viewer: who supervises or audits, and officers for their own."""
    return bool(watched(viewer) | viewer.officer_of)


def supervised(*, viewer: Viewer, period: Period, today: date) -> Supervised:
    """How the clocks of each department ran in a period; open ones as of today."""
    return _supervised(scope_of(viewer), period, today)


Of: TypeAlias = Callable[[str], Department]
"""The line of a unit."""


@remembered
def _supervised(scope: Scope, period: Period, today: date) -> Supervised:
    names = public_unit_names()
    found: dict[str, Department] = {}

    def of(unit: str) -> Department:
        return found.setdefault(unit, Department(unit, names.get(unit, unit)))

    rows = sifted(Case.objects.order_by(), seen_by(scope))
    slack = _decided(rows, period, of)
    _open(rows, today, of)
    _asked_late(scope, period, of)
    grounds = _stops(scope, period, of)
    ordered = sorted(found.values(), key=lambda one: (-one.broken, -one.decided, one.name))
    return Supervised(
        all=_sum(ordered),
        departments=tuple(ordered),
        slack=slack,
        grounds=tuple(grounds.most_common()),
        simulated=rows.filter(simulated=True).exists(),
    )


def _decided(rows: QuerySet[Case], period: Period, of: Of) -> tuple[Slack, ...]:
    """Counts of decided cases; returns the items with slack. Read from the index alone."""
    some = rows.filter(decided_at__isnull=False, used_days__isnull=False)
    decided = sifted(some, within("decided_at", period))
    # In the order of the index, so that the database has nothing to sort.
    columns = ("unit", "item_version", "used_days", "promised_kept", "legal_kept", "span_days")
    found = decided.values_list(*columns).annotate(
        n=Count("unit"),
        again=Count("unit", filter=Q(reopened__gt=0)),
        deemed=Count("unit", filter=Q(accepted_how=Accepted.DEEMED)),
    )
    days: defaultdict[tuple[str, str], Counter[int]] = defaultdict(Counter)
    for unit, version, used, promised, legal, span, n, again, deemed in found.iterator():
        line = of(unit)
        line.decided += n
        line.promise_kept += n if promised else 0
        line.law_kept += n if legal else 0
        line.only_promise += n if legal and not promised else 0
        line.reopened += again
        line.deemed += deemed
        line.used[used] += n
        line.span[span] += n
        days[unit, version][used] += n
    return _slack(days, of)


def _slack(days: Mapping[tuple[str, str], Counter[int]], of: Of) -> tuple[Slack, ...]:
    versions = _versions({version for _, version in days})
    found = []
    for (unit, version), used in days.items():
        item, title, promised = versions[version]
        if promised is None:
            continue
        line = of(unit)
        quick, total, middle = unused(used, promised), used.total(), median(used)
        line.comparable += total
        line.unused += quick
        if middle is not None and quick * 2 > total:
            found.append(Slack(item, title, line.name, promised, middle, total, quick))
    return tuple(sorted(found, key=lambda one: (-one.unused, one.item)))


def _versions(codes: Iterable[str]) -> dict[str, tuple[str, str, int | None]]:
    """Version → item, title, promised working days (None for other units)."""
    rows = ItemVersion.objects.filter(pk__in=list(codes))
    told = rows.values_list("code", "item_id", "title", "promised_limit")
    return {code: (item, title, working_days_of(limit)) for code, item, title, limit in told}


def _open(rows: QuerySet[Case], today: date, of: Of) -> None:
    """Counts of open cases. What is undecided is said as well: the index holds those alone."""
    live = rows.filter(status__in=list(OPEN), decided_at__isnull=True)
    found = live.values_list("unit").annotate(
        n=Count("unit"),
        late=Count("unit", filter=Q(promised_due__lt=today)),
        stopped=Count("unit", filter=Q(stopped=True)),
    )
    for unit, n, late, stopped in found:
        line = of(unit)
        line.open, line.open_late, line.stopped = n, late, stopped


def _asked_late(scope: Scope, period: Period, of: Of) -> None:
    asked = Correction.objects.filter(seen_by(scope, "case__"), within("asked_at", period))
    late = asked.filter(asked_late=True).order_by().values_list("case__unit")
    for unit, n in late.annotate(n=Count("pk")):
        of(unit).asked_late = n


def _stops(scope: Scope, period: Period, of: Of) -> Counter[str]:
    grounds: Counter[str] = Counter()
    for stop in stops_found(scope, period):
        line: Department = of(stop.unit)
        line.stops += 1
        line.stop_late += stop.late
        line.stop_near += stop.near_end
        line.stop_last += stop.last_day
        grounds[stop.ground] += 1
    return grounds


def _sum(lines: Iterable[Department]) -> Department:
    whole = Department("", "合计")
    for line in lines:
        for name, value in vars(line).items():
            if isinstance(value, Counter | int):
                setattr(whole, name, getattr(whole, name) + value)
    return whole


# ── the lists behind the numbers ─────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class SupervisedCase:
    """One case behind a number."""

    code: str
    item: str
    unit: str
    received_date: date
    decided_date: date | None
    promised: str
    """As the item has it, such as 8wd."""
    used: int | None
    promised_due: date | None
    legal_due: date | None
    promised_kept: bool | None
    legal_kept: bool | None
    reopened: int
    simulated: bool


@dataclass(frozen=True)
class SupervisedCases:
    """One page of the list behind a number."""

    rows: tuple[SupervisedCase, ...]
    next_cursor: str


def supervised_cases(
    *,
    viewer: Viewer,
    period: Period,
    today: date,
    finding: str,
    unit: str = "",
    item: str = "",
    cursor: str = "",
    size: int = PAGE,
) -> SupervisedCases:
    """The cases that a number counts, by code; `finding` is one of `FINDINGS`."""
    within_reach = seen_by(scope_of(viewer))
    if unit:
        within_reach &= Q(unit=unit)
    if item:
        within_reach &= Q(item_version__item=item)
    if finding in STOPS:
        stopped = _stopped(finding, viewer, period, unit, cursor)[: size + 1]
        rows = Case.objects.filter(within_reach, pk__in=stopped)
    elif finding in RARE:
        condition = within_reach & _finding(finding, viewer, period, today)
        rows = sifted(Case.objects.filter(RARE[finding]), condition)
    else:
        condition = _finding(finding, viewer, period, today)
        rows = sifted(Case.objects.filter(within_reach), condition)
    if cursor:
        rows = rows.filter(code__gt=cursor)
    found = list(rows.select_related("item_version").order_by("code")[: size + 1])
    names = public_unit_names()
    return SupervisedCases(
        rows=tuple(_case(row, names) for row in found[:size]),
        next_cursor=found[size - 1].code if len(found) > size else "",
    )


def _finding(finding: str, viewer: Viewer, period: Period, today: date) -> Q:
    decided = within("decided_at", period) & Q(used_days__isnull=False)
    live = Q(status__in=list(OPEN))
    late_words = Correction.objects.filter(within("asked_at", period), asked_late=True)
    ways = {
        "decided": decided,
        "broken": decided & Q(promised_kept=False),
        "law_broken": decided & Q(legal_kept=False),
        "only_promise": decided & Q(promised_kept=False, legal_kept=True),
        "open": live,
        "open_late": live & Q(promised_due__lt=today),
        "stopped": live & Q(stopped=True),
        "reopened": decided & Q(reopened__gt=0),
        "deemed": decided & Q(accepted_how=Accepted.DEEMED),
        "asked_late": Q(pk__in=late_words.values("case")),
    }
    if finding in ways:
        return ways[finding]
    if finding == "unused":
        return decided & _unused_condition(viewer, period)
    return Q(pk__in=[])


def _stopped(finding: str, viewer: Viewer, period: Period, unit: str, after: str) -> list[str]:
    """Cases with such a stop, by code, after a code."""
    test = STOPS[finding]
    found = stops_found(scope_of(viewer), period)
    units = {unit} if unit else None
    cases = {one.case for one in found if test(one) and (units is None or one.unit in units)}
    return sorted(case for case in cases if case > after)


def _unused_condition(viewer: Viewer, period: Period) -> Q:
    """Fewer days than 40 % of the promise, by the versions that were decided under."""
    decided = Case.objects.filter(
        seen_by(scope_of(viewer)), within("decided_at", period)
    ).order_by()
    codes = decided.values_list("item_version", flat=True).distinct()
    by_promise: defaultdict[int, list[str]] = defaultdict(list)
    for code, (_, _, promised) in _versions(codes).items():
        if promised is not None:
            by_promise[promised].append(code)
    found = Q(pk__in=[])
    for promised, versions in by_promise.items():
        found |= Q(item_version__in=versions, used_days__lt=-(-promised * 40 // 100))
    return found


def _case(row: Case, names: Mapping[str, str]) -> SupervisedCase:
    return SupervisedCase(
        code=row.code,
        item=row.item_version.title,
        unit=names[row.unit_id],
        received_date=civil_date(row.received_at),
        decided_date=civil_date(row.decided_at) if row.decided_at else None,
        promised=row.item_version.promised_limit,
        used=row.used_days,
        promised_due=row.promised_due,
        legal_due=row.legal_due,
        promised_kept=row.promised_kept,
        legal_kept=row.legal_kept,
        reopened=row.reopened,
        simulated=row.simulated,
    )
