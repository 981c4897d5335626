"""What a viewer may do about a case now. The commands decide; this only opens the forms."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from yinuo.cases.errors.items import UnknownItem
from yinuo.cases.in_force.items import item_version_in_force
from yinuo.cases.items.comparing import differences
from yinuo.cases.life import CaseStatus, Channel, Decision, EventKind
from yinuo.cases.models import Case, CaseEvent, ExtensionRequest
from yinuo.cases.stored.cases import definition_of, open_stops
from yinuo.kernel.instants import civil_date
from yinuo.ledger.history import last_actor, last_actors
from yinuo.parties.viewer import Viewer

ON_THE_SPOT = "即办件"
EVENT_WORDS = {
    EventKind.STOP: "暂停",
    EventKind.RESUME: "恢复",
    EventKind.EXTENSION: "延期",
}


def actions_of(
    row: Case,
    events: Sequence[CaseEvent],
    requests: Sequence[ExtensionRequest],
    viewer: Viewer,
    at: datetime,
) -> frozenset[str]:
    """Names of the steps that are open, as in `CaseView.actions`."""
    if row.channel == Channel.FEED:
        return frozenset()
    found: set[str] = set()
    if viewer.officer_of & {row.unit_id, row.window_id}:
        found |= set(_of_window(row))
    if row.unit_id in viewer.officer_of:
        found |= set(_of_department(row, events, requests, viewer, at))
    if row.office_id in viewer.supervisor_of and row.unit_id not in viewer.held_for:
        found |= set(_of_office(row, events, requests, viewer))
    return frozenset(found)


def _of_window(row: Case) -> Iterable[str]:
    ways = {
        CaseStatus.RECEIVED: ("accept", "ask_correction", "refuse", "withdraw"),
        CaseStatus.CORRECTING: ("accept", "answer_correction", "refuse", "withdraw"),
        CaseStatus.ACCEPTED: ("withdraw",),
        CaseStatus.DECIDED: ("deliver",),
    }
    return ways.get(CaseStatus(row.status), ())


def _of_department(
    row: Case,
    events: Sequence[CaseEvent],
    requests: Sequence[ExtensionRequest],
    viewer: Viewer,
    at: datetime,
) -> Iterable[str]:
    if row.status in (CaseStatus.DECIDED, CaseStatus.DELIVERED):
        granted = row.decision != Decision.DENIED
        if granted and last_actor(row.subject, "case.decided") != viewer.actor:
            yield "revoke"
        return
    if row.status != CaseStatus.ACCEPTED:
        return
    item = definition_of(row.item_version)
    if item.grounds:
        yield "stop"
    if open_stops(events):
        yield "resume"
    elif may_decide(row, viewer):
        yield "decide"
    if all(one.granted is not None for one in requests):
        yield "ask_extension"
    if _improvable(row, at):
        yield "improve"


def may_decide(row: Case, viewer: Viewer) -> bool:
    """Whether this officer is not the one who accepted it, or need not be another."""
    if definition_of(row.item_version).handled == ON_THE_SPOT:
        return True
    return last_actor(row.subject, "case.accepted") != viewer.actor


def _improvable(row: Case, at: datetime) -> bool:
    """Whether a newer version is better for the applicant in everything."""
    if row.item_version.item.last_version == row.item_version.number:
        return False
    try:
        now = item_version_in_force(row.item_version.item_id, civil_date(at))
    except UnknownItem:
        return False
    found = differences(definition_of(row.item_version), definition_of(now))
    return bool(found) and all(one.favourable for one in found)


def _of_office(
    row: Case,
    events: Sequence[CaseEvent],
    requests: Sequence[ExtensionRequest],
    viewer: Viewer,
) -> Iterable[str]:
    if row.status in (CaseStatus.DECIDED, CaseStatus.DELIVERED):
        yield "reopen"
    if row.status == CaseStatus.ACCEPTED:
        if any(one.granted is None and one.asked_by != viewer.actor for one in requests):
            yield "decide_extension"
        if removable_events(row, events, viewer):
            yield "remove_event"


def removable_events(
    row: Case, events: Sequence[CaseEvent], viewer: Viewer
) -> tuple[tuple[str, str], ...]:
    """Events that a supervisor of the office, who did not write them down, may strike out."""
    if row.office_id not in viewer.supervisor_of or row.status != CaseStatus.ACCEPTED:
        return ()
    removed = {one.refers for one in events if one.kind == EventKind.REMOVAL}
    there = [one for one in events if one.kind in EVENT_WORDS and one.code not in removed]
    own: set[str] = set()
    for kind in EVENT_WORDS:
        subjects = [one.subject for one in there if one.kind == kind]
        found = last_actors(subjects, f"case_event.{kind}") if subjects else {}
        own |= {subject for subject, actor in found.items() if actor == viewer.actor}
    return tuple((one.code, _event_words(one)) for one in there if one.subject not in own)


def _event_words(event: CaseEvent) -> str:
    day = f"{civil_date(event.happened_at)} " if event.happened_at else ""
    what = EVENT_WORDS[EventKind(event.kind)]
    return f"{day}{what}{f'（{event.ground}）' if event.ground else ''}"
