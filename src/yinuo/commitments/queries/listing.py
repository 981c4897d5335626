"""Lists of commitments: filtered, in a stable order, a page at a time."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, F, Q, QuerySet

from yinuo.commitments.conditions import KEPT, overdue
from yinuo.commitments.life import OUTCOME_LABELS, VISIBILITY_LABELS, Outcome, Status, Visibility
from yinuo.commitments.models import Commitment
from yinuo.commitments.permission import visible
from yinuo.commitments.registry import kind_named
from yinuo.commitments.terms import terms_text
from yinuo.commitments.words import ORIGINS, UNDATED, UNOWNED, Mark, days_left, mark
from yinuo.kernel.errors import YinuoError
from yinuo.parties.viewer import Viewer

PAGE = 50
STATES = {
    "open": "进行中",
    "overdue": "逾期",
    "waiting": "待核实",
    "kept": "已兑现",
    "broken": "未兑现",
    "ended": "免除或终止",
    "moved": "调整过时限",
    "undated": "未定时限",
    "unowned": "未明确责任单位",
    "review": "待审查",
}


class BadCursor(YinuoError):
    """The link to the next page is damaged."""

    code = "COMMIT-E008"

    def __init__(self, cursor: str) -> None:
        super().__init__("翻页位置无效", place=cursor[:60], next_step="请从第一页重新打开列表")


@dataclass(frozen=True, kw_only=True)
class Filter:
    """What to list. Empty means all."""

    heading: str = ""
    kind: str = ""
    unit: str = ""
    """Code of the lead unit."""
    state: str = ""
    """One of `STATES`."""
    text: str = ""
    """Part of the title or code."""


@dataclass(frozen=True)
class Row:
    """A commitment as a line of a list."""

    code: str
    version: int
    kind: str
    kind_label: str
    title: str
    heading: str
    terms: str
    lead: str | None
    lead_name: str
    """The debtor's name; what was said, or 未明确责任单位, where no unit is known."""
    lead_note: str
    """推定 where the debtor is our reading."""
    creditor: str
    due: date | None
    due_original: date | None
    due_text: str
    due_note: str
    days_left: str
    """Empty once it is declared delivered or has ended."""
    moved_count: int
    mark: Mark
    status: str
    outcome: str
    outcome_label: str
    visibility: str
    visibility_label: str

    @classmethod
    def of(cls, c: Commitment, today: date) -> "Row":
        """The line for one commitment, with `lead` already fetched."""
        return cls(
            code=c.code,
            version=c.version,
            kind=c.kind,
            kind_label=kind_named(c.kind).label,
            title=c.title,
            heading=c.heading,
            terms=terms_text(
                operator=c.operator, value=c.value, unit=c.unit, tolerance=c.tolerance
            ),
            lead=c.lead_id,
            lead_name=c.lead.name if c.lead else c.lead_said or UNOWNED,
            lead_note=ORIGINS[c.lead_origin] if c.lead or c.lead_said else "",
            creditor=c.creditor,
            due=c.due,
            due_original=c.due_original,
            due_text=c.due.isoformat() if c.due else UNDATED,
            due_note=ORIGINS[c.due_origin] if c.due else "",
            days_left=days_left(c.due, today) if c.status == Status.OPEN else "",
            moved_count=c.moved_count,
            mark=mark(status=c.status, outcome=c.outcome, due=c.due, today=today),
            status=c.status,
            outcome=c.outcome,
            outcome_label=OUTCOME_LABELS[Outcome(c.outcome)] if c.outcome else "",
            visibility=c.visibility,
            visibility_label=VISIBILITY_LABELS[Visibility(c.visibility)],
        )


@dataclass(frozen=True)
class Page:
    """A page of a list."""

    rows: tuple[Row, ...]
    next_cursor: str
    """Empty on the last page."""
    total: int


def _state_filter(state: str, today: date) -> Q:
    """The condition of one of `STATES`; all for an unknown or empty one."""
    return {
        "open": Q(status=Status.OPEN) & (Q(due=None) | Q(due__gte=today)),
        "overdue": overdue(today),
        "waiting": Q(status=Status.DELIVERED),
        "kept": KEPT,
        "broken": Q(status=Status.BROKEN),
        "ended": Q(status__in=[Status.WAIVED, Status.WITHDRAWN]),
        "moved": Q(moved_count__gt=0),
        "undated": Q(due=None),
        "unowned": Q(lead=None),
        "review": Q(visibility=Visibility.REVIEW),
    }.get(state, Q())


def _found(viewer: Viewer, wanted: Filter) -> QuerySet[Commitment]:
    rows = Commitment.objects.filter(visible(viewer)).select_related("lead")
    for name, value in (("heading", wanted.heading), ("kind", wanted.kind), ("lead", wanted.unit)):
        if value:
            rows = rows.filter(**{name: value})
    if wanted.text:
        rows = rows.filter(Q(title__icontains=wanted.text) | Q(code__icontains=wanted.text))
    return rows


def _after(cursor: str) -> Q:
    due, separator, code = cursor.partition("~")
    if not separator:
        raise BadCursor(cursor)
    if not due:
        return Q(due=None, code__gt=code)
    try:
        day = date.fromisoformat(due)
    except ValueError:
        raise BadCursor(cursor) from None
    return Q(due__gt=day) | Q(due=day, code__gt=code) | Q(due=None)


def page(*, viewer: Viewer, wanted: Filter, today: date, cursor: str = "") -> Page:
    """Commitments the viewer may see, by deadline then code, undated ones last.

    Raises `BadCursor`.
    """
    rows = _found(viewer, wanted).filter(_state_filter(wanted.state, today))
    total = rows.count()
    rows = rows.order_by(F("due").asc(nulls_last=True), "code")
    if cursor:
        rows = rows.filter(_after(cursor))
    found = list(rows[: PAGE + 1])
    last = found[PAGE - 1] if len(found) > PAGE else None
    return Page(
        rows=tuple(Row.of(c, today) for c in found[:PAGE]),
        next_cursor=f"{last.due.isoformat() if last.due else ''}~{last.code}" if last else "",
        total=total,
    )


def every(*, viewer: Viewer, wanted: Filter, today: date) -> Iterator[Row]:
    """All lines of a list, in its order, for a download."""
    rows = _found(viewer, wanted).filter(_state_filter(wanted.state, today))
    for c in rows.order_by(F("due").asc(nulls_last=True), "code").iterator(chunk_size=2_000):
        yield Row.of(c, today)


def state_counts(*, viewer: Viewer, wanted: Filter, today: date) -> dict[str, int]:
    """How many each state filter would list, the other filters given."""
    rows = _found(viewer, wanted)
    return rows.order_by().aggregate(
        **{
            state: Count("pk", filter=_state_filter(state, today), distinct=True)
            for state in STATES
        }
    )


def units_listed(*, viewer: Viewer) -> dict[str, str]:
    """Code → name of every lead unit with a commitment the viewer may see."""
    rows = Commitment.objects.filter(visible(viewer)).exclude(lead=None)
    return dict(rows.order_by("lead__code").values_list("lead__code", "lead__name").distinct())
