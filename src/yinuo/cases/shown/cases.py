"""How the rows of a case become what pages show: its clocks, documents, stops and requests."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from django.utils.translation import gettext

from yinuo.cases.clocks import CaseClocks, limits_of
from yinuo.cases.items.definition import LEGAL, PROMISED, ItemDefinition
from yinuo.cases.life import MATERIAL_LABELS, EventKind, MaterialState
from yinuo.cases.models import Case, CaseEvent, CaseMaterial, Correction, ExtensionRequest
from yinuo.cases.shown.spoken import in_units, measured
from yinuo.cases.shown.views import (
    ClockView,
    CorrectionView,
    ExtensionView,
    MaterialView,
    StopView,
)
from yinuo.cases.stored.cases import clocks_of, definition_of
from yinuo.commitments.wording import short_wording
from yinuo.content.calendars import working_calendar
from yinuo.kernel.clock import Clock, Start
from yinuo.kernel.counting import MICROSECONDS_PER_HOUR
from yinuo.kernel.instants import civil_date
from yinuo.kernel.limits import UNIT_WORDS, DayType, Limit
from yinuo.kernel.projection import ClockState, Projection, project
from yinuo.kernel.reckoning import due_date

LATE = timedelta(days=1)
BOTH = "法定和承诺"
_WORKING = UNIT_WORDS[DayType.WORKING_DAY]


def clock_views(
    row: Case, events: Iterable[CaseEvent], *, at: datetime
) -> tuple[ClockView, ClockView]:
    """Both clocks, legal then promised, as they stand at an instant; a decided one stands still."""
    limits = limits_of(definition_of(row.item_version))
    clocks = clocks_of(row, events)
    seen = row.decided_at or row.ended_at or at
    legal = _view(limits.legal, clocks.legal, seen, kept=row.legal_kept)
    if limits.promised is None:
        return legal, _at_once(clocks, seen, kept=row.promised_kept)
    return legal, _view(limits.promised, clocks.promised, seen, kept=row.promised_kept)


def _view(limit: Limit, clock: Clock | None, at: datetime, *, kept: bool | None) -> ClockView:
    empty = ClockView(
        name=limit.name,
        limit=in_units(limit.number, limit.day_type),
        plain_due=None,
        due=None,
        state=ClockState.NOT_STARTED,
        words=gettext("%(event)s后起算") % {"event": limit.start_event},
        unit=UNIT_WORDS[limit.day_type],
        allowance=limit.number,
        consumed=0,
        remaining=limit.number,
        overdue=0,
        stopped=(),
        kept=None,
        provisional=False,
        explanation=(),
        basis=limit.legal_basis,
    )
    if clock is None:
        return empty
    calendar = working_calendar()
    found = project(clock, calendar, at=max(at, clock.start.at))
    plain = Clock(limit, tuple(one for one in clock.events if isinstance(one, Start)))
    size = MICROSECONDS_PER_HOUR if found.unit is DayType.HOUR else 1
    return replace(
        empty,
        plain_due=due_date(plain, calendar, at=at),
        due=found.due.date if found.due else None,
        state="done" if kept is not None else found.state.value,
        words=_words(found, kept=kept),
        unit=UNIT_WORDS[found.unit],
        allowance=found.allowance // size,
        consumed=found.consumed // size,
        remaining=found.allowance // size - found.consumed // size,
        overdue=-(-found.overdue // size),
        stopped=tuple((ground, units // size) for ground, units in found.stopped),
        kept=kept,
        provisional=found.provisional,
        explanation=found.explanation,
    )


def _words(found: Projection, *, kept: bool | None) -> str:
    if kept is not None:
        return _kept_words(kept=kept)
    left = {"time": measured(found.remaining, found.unit)}
    if found.state is ClockState.PAUSED:
        return gettext("计时暂停中，恢复后还有 %(time)s") % left
    if found.state is not ClockState.EXPIRED:
        return gettext("还有 %(time)s") % left
    if not found.overdue:
        return gettext("已超期")
    return gettext("已超期 %(time)s") % {"time": measured(found.overdue, found.unit)}


def _kept_words(*, kept: bool) -> str:
    return gettext("按时办结") if kept else gettext("超期办结")


def _at_once(clocks: CaseClocks, at: datetime, *, kept: bool | None) -> ClockView:
    """A promise to answer on the spot: until the end of the day on which the clock starts."""
    day = civil_date(clocks.at_once) if clocks.at_once else None
    late = day is not None and civil_date(at) > day
    state, words = ("expired", gettext("已超期")) if late else ("running", gettext("当天办结"))
    if day is None:
        state, words = "not_started", gettext("受理后当场办结")
    if kept is not None:
        state, words = "done", _kept_words(kept=kept)
    overdue = 0
    if late and day is not None:
        calendar = working_calendar()
        a_day = timedelta(days=1)
        overdue = calendar.working_days_between(day + a_day, civil_date(at) + a_day)
    return ClockView(
        name=PROMISED,
        limit=gettext("即办"),
        plain_due=day,
        due=day,
        state=state,
        words=words,
        unit=_WORKING,
        allowance=0,
        consumed=0,
        remaining=0,
        overdue=overdue,
        stopped=(),
        kept=kept,
        provisional=False,
        explanation=(f"承诺即办：{day} 当天办结。",) if day else (),
        basis="",
    )


def material_views(row: Case) -> tuple[MaterialView, ...]:
    """The documents in the order of the item; those that it no longer names come last."""
    item = definition_of(row.item_version)
    order = {one.key: number for number, one in enumerate(item.materials)}
    rows = sorted(row.materials.all(), key=lambda one: (order.get(one.key, len(order)), one.key))
    said = short_wording(ref for one in rows for ref in (one.name_text, one.note_text))
    return tuple(_material(one, item, said) for one in rows)


def _material(row: CaseMaterial, item: ItemDefinition, said: Mapping[str, str]) -> MaterialView:
    of_item = item.material(row.key)
    return MaterialView(
        code=row.code,
        key=row.key,
        name=row.name,
        required=of_item.required if of_item else False,
        state=row.state,
        state_label=MATERIAL_LABELS[MaterialState(row.state)],
        wish=row.wish,
        wish_until=row.wish_until,
        given_at=row.given_at,
        file_name=said.get(row.name_text, ""),
        sha256=row.sha256,
        media_type=row.media_type,
        size=row.size,
        note=said.get(row.note_text, ""),
        deferrable=of_item.deferrable if of_item else False,
        deferral=of_item.deferral if of_item else "",
        declarable=of_item.declarable if of_item else False,
        held_by=of_item.held_by if of_item else "",
    )


def correction_views(
    rows: Iterable[Correction], item: ItemDefinition
) -> tuple[CorrectionView, ...]:
    """What was told, in order."""
    rows = list(rows)
    said = short_wording(one.said_text for one in rows)
    names = {one.key: one.name for one in item.materials}
    return tuple(
        CorrectionView(
            code=one.code,
            asked_at=one.asked_at,
            asked_late=one.asked_late,
            keys=tuple(one.keys),
            names=tuple(names.get(key, key) for key in one.keys),
            said=said.get(one.said_text, ""),
            notice=one.notice,
            answer_due=one.answer_due,
            answered_at=one.answered_at,
        )
        for one in rows
    )


def stop_views(events: Iterable[CaseEvent], item: ItemDefinition) -> tuple[StopView, ...]:
    """The stops with their ends, also those that were removed."""
    events = list(events)
    removed = {one.refers for one in events if one.kind == EventKind.REMOVAL}
    ends = {
        one.refers: one
        for one in events
        if one.kind == EventKind.RESUME and one.code not in removed
    }
    stops = [one for one in events if one.kind == EventKind.STOP]
    said = short_wording(one.reason_text for one in stops)
    return tuple(_stop(one, ends.get(one.code), item, said, removed) for one in stops)


def _stop(
    stop: CaseEvent,
    end: CaseEvent | None,
    item: ItemDefinition,
    said: Mapping[str, str],
    removed: set[str],
) -> StopView:
    ground = next((one for one in item.grounds if one.name == stop.ground), None)
    stops = BOTH
    if ground is not None and not (ground.stops_legal and ground.stops_promised):
        stops = LEGAL if ground.stops_legal else PROMISED
    assert stop.happened_at is not None  # noqa: S101  # only a removal has none
    return StopView(
        code=stop.code,
        ground=stop.ground,
        basis=ground.legal_basis if ground else "",
        stops=stops,
        since=stop.happened_at,
        until=end.happened_at if end else None,
        planned_until=stop.planned_until,
        notice=stop.notice,
        reason=said.get(stop.reason_text, ""),
        recorded_late=stop.noted_at - stop.happened_at > LATE,
        removed=stop.code in removed,
    )


def extension_views(
    rows: Iterable[ExtensionRequest], item: ItemDefinition, people: Mapping[str, str]
) -> tuple[ExtensionView, ...]:
    """Requests for more time; `people`: the names of those whom the viewer may know."""
    rows = list(rows)
    limits = limits_of(item)
    said = short_wording(ref for one in rows for ref in (one.reason_text, one.answer_text))
    unit = {LEGAL: limits.legal, PROMISED: limits.promised or limits.legal}
    return tuple(
        ExtensionView(
            code=one.code,
            of=one.of or BOTH,
            amount=f"{one.amount} {UNIT_WORDS[unit.get(one.of, limits.legal).day_type]}",
            reason=said.get(one.reason_text, ""),
            asked_by=people.get(one.asked_by, ""),
            asked_at=one.asked_at,
            granted=one.granted,
            decided_by=people.get(one.decided_by, ""),
            answer=said.get(one.answer_text, ""),
        )
        for one in rows
    )
