"""The day's work by clock: lists of cases, counted filters, what waits for a viewer."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from yinuo.cases.desk.arms import arms_of
from yinuo.cases.desk.lists import SHOWS, Slices, few_numbered, slices
from yinuo.cases.life import STATUS_LABELS, CaseStatus
from yinuo.cases.models import Case, ExtensionRequest, Item, ItemVersion
from yinuo.commitments.wording import short_wording
from yinuo.content.calendars import working_calendar
from yinuo.kernel.calendar import Calendar, OutsideHorizon
from yinuo.kernel.instants import civil_date
from yinuo.parties.queries import public_unit_names
from yinuo.parties.viewer import Viewer

MOST_COUNTED = 1_000
A_DAY = timedelta(days=1)


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """Filters of the list; empty ones do not filter."""

    show: str = "open"
    """`open` (somebody has to act), `late`, `today`, `week`, `stopped`, `received` (to accept),
    `correcting`, `accepted` (to decide), `decided` (to deliver), `done` or `all`."""
    item: str = ""
    unit: str = ""
    window: str = ""
    code: str = ""
    """Beginning of a case number."""


@dataclass(frozen=True, kw_only=True)
class CaseRow:
    """One line of the list."""

    code: str
    item: str
    title: str
    applicant: str
    unit: str
    unit_name: str
    status: str
    status_label: str
    received_at: datetime
    next_due: date | None
    promised_due: date | None
    legal_due: date | None
    days_left: int | None
    """Working days to `next_due`; negative once late."""
    late: bool
    stopped: bool
    provisional: bool
    joint: str
    simulated: bool


@dataclass(frozen=True, kw_only=True)
class Page:
    """A page of the list."""

    rows: tuple[CaseRow, ...]
    after: str
    """Cursor of the next page; empty at the end."""


@dataclass(frozen=True, kw_only=True)
class Bounded:
    """A count that stops at `MOST_COUNTED`."""

    number: int
    more: bool

    def __str__(self) -> str:
        return f"{self.number:,}+" if self.more else f"{self.number:,}"


def cases(
    *, viewer: Viewer, at: datetime, wanted: Wanted, after: str = "", limit: int = 50
) -> Page:
    """The cases a viewer may read, by the next date somebody has to act.

    Those that are done, and all, by receipt, newest first. Raises `BadCaseCursor`.
    """
    found = _Lists(viewer, at, wanted).slices(wanted.show)
    codes = found.codes(after, limit)
    shown = codes[:limit]
    rows = {
        row.code: row
        for row in Case.objects.filter(code__in=shown).select_related(
            "item_version", "unit", "applicant"
        )
    }
    lines = [rows[code] for code in shown if code in rows]
    more = len(codes) > limit and bool(lines)
    return Page(
        rows=tuple(_rows(lines, civil_date(at))),
        after=found.cursor(lines[-1]) if more else "",
    )


class _Lists:
    """The lists of a viewer under some filters; what they have in common is asked once."""

    def __init__(self, viewer: Viewer, at: datetime, wanted: Wanted) -> None:
        self.arms = arms_of(viewer)
        self.today = civil_date(at)
        self.others = _others(wanted)
        self.few = few_numbered(wanted.code) if wanted.code else None
        if wanted.code and self.few is None:
            self.others["code__startswith"] = wanted.code

    def slices(self, show: str) -> Slices:
        return slices(show, self.arms, self.today, self.others, self.few)


def _others(wanted: Wanted) -> dict[str, object]:
    plain = {"unit_id": wanted.unit, "window_id": wanted.window}
    others: dict[str, object] = {name: value for name, value in plain.items() if value}
    if wanted.item:
        versions = ItemVersion.objects.filter(item=wanted.item)
        others["item_version__in"] = list(versions.values_list("code", flat=True))
    return others


def _rows(rows: list[Case], today: date) -> Iterable[CaseRow]:
    calendar = working_calendar()
    said = short_wording(row.applicant.name_text for row in rows)
    for row in rows:
        due = row.sort_due
        yield CaseRow(
            code=row.code,
            item=row.item_version.item_id,
            title=row.item_version.title,
            applicant=said.get(row.applicant.name_text, ""),
            unit=row.unit_id,
            unit_name=row.unit.name,
            status=row.status,
            status_label=STATUS_LABELS[CaseStatus(row.status)],
            received_at=row.received_at,
            next_due=due,
            promised_due=row.promised_due,
            legal_due=row.legal_due,
            days_left=_days_left(calendar, today, due),
            late=due is not None and due < today,
            stopped=row.stopped,
            provisional=row.due_provisional,
            joint=row.joint_id or "",
            simulated=row.simulated,
        )


def _days_left(calendar: Calendar, today: date, due: date | None) -> int | None:
    """Working days to come, or that have gone by since; at least one once it is late."""
    if due is None:
        return None
    try:
        days = calendar.working_days_between(today + A_DAY, due + A_DAY)
    except OutsideHorizon:
        return None
    return min(days, -1) if due < today else days


def counts(*, viewer: Viewer, at: datetime, wanted: Wanted) -> dict[str, Bounded]:
    """How many cases each value of `Wanted.show` would give, the other filters kept."""
    lists = _Lists(viewer, at, wanted)
    return {show: _bounded(lists.slices(show)) for show in SHOWS}


def _bounded(found: Slices) -> Bounded:
    number = found.bounded(MOST_COUNTED)
    return Bounded(number=min(number, MOST_COUNTED), more=number > MOST_COUNTED)


def choices(*, viewer: Viewer) -> dict[str, tuple[tuple[str, str], ...]]:
    """What the filters `item`, `unit`, `window` may be set to: (code, name) each."""
    names = public_unit_names()
    arms = arms_of(viewer)
    items = ItemVersion.objects.filter(status=ItemVersion.Status.PUBLISHED).order_by("item")
    deciding = set(Item.objects.values_list("unit", flat=True).distinct())
    windows = [arm.unit for arm in arms if arm.side == "window"]
    return {
        "item": tuple(items.values_list("item", "title")),
        "unit": tuple((code, names.get(code, code)) for code in sorted(deciding)),
        "window": tuple((code, names.get(code, code)) for code in windows),
    }


@dataclass(frozen=True, kw_only=True)
class Today:
    """What waits for a viewer today."""

    to_accept: Bounded
    to_decide: Bounded
    to_deliver: Bounded
    late: Bounded
    due_today: Bounded
    extensions: int
    """Requests that wait for this viewer's approval."""


def today(*, viewer: Viewer, at: datetime) -> Today:
    """Counts for the inbox: what waits for the units for which the viewer works.

    Deciding is for the unit alone; everything else is also for the window.
    """
    arms = arms_of(viewer, own=True)
    deciding = [arm for arm in arms if arm.side == "unit"]
    count = {
        show: _bounded(slices(show, deciding if show == "accepted" else arms, civil_date(at), {}))
        for show in ("received", "accepted", "decided", "late", "today")
    }
    return Today(
        to_accept=count["received"],
        to_decide=count["accepted"],
        to_deliver=count["decided"],
        late=count["late"],
        due_today=count["today"],
        extensions=_extensions(viewer),
    )


def _extensions(viewer: Viewer) -> int:
    if not viewer.supervisor_of:
        return 0
    waiting = ExtensionRequest.objects.filter(granted=None, case__office__in=viewer.supervisor_of)
    return waiting.exclude(asked_by=viewer.actor).exclude(case__unit__in=viewer.held_for).count()
