"""The events of the clocks of a fed case: append-only, whatever is corrected outside."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from yinuo.cases.feed.clocking import TOLD
from yinuo.cases.feed.following import Timing
from yinuo.cases.life import EventKind
from yinuo.cases.models import Case, CaseEvent
from yinuo.ledger.commands.recording import put_text


def reconciled(
    row: Case, known: Sequence[CaseEvent], wanted: Sequence[Timing], *, stands: bool, at: datetime
) -> list[CaseEvent]:
    """What is to be added to the events of a case: removals of those that no longer hold, new ones.

    `stands`: an acceptance stands that was not told; otherwise such a start goes. A new case has no
    number yet: codes and references are completed by `number_events`.
    """
    gone = {one.refers for one in known if one.kind == EventKind.REMOVAL}
    there = {one.told: one for one in known if one.told and one.code not in gone}
    keys = {one.code: one.told for one in there.values()}
    keep = {
        timing.key: there[timing.key]
        for timing in wanted
        if timing.key in there and _same(there[timing.key], timing, keys)
    }
    # A resume goes with its stop and comes again with it.
    keep = {
        key: one
        for key, one in keep.items()
        if one.kind != EventKind.RESUME or keys.get(one.refers) in keep
    }
    untold = [
        one
        for one in known
        if not one.told and one.kind == EventKind.START and one.code not in gone
    ]
    if stands:
        untold = []
    count = len(known)
    result: list[CaseEvent] = []
    for old in [*(one for told, one in there.items() if told not in keep), *untold]:
        count += 1
        result.append(_removal(row, old, count, at))
    rows = dict(keep)
    for timing in wanted:
        if timing.key not in keep:
            count += 1
            rows[timing.key] = new = _event(row, timing, count, rows)
            result.append(new)
    return result


def _same(one: CaseEvent, timing: Timing, keys: Mapping[str, str]) -> bool:
    said = (one.kind, one.happened_at, one.event, one.ground, keys.get(one.refers, ""))
    more = (one.amount, one.of, one.planned_until, one.notice)
    return said == (
        *(timing.kind, timing.happened_at, timing.event, timing.ground, timing.refers),
    ) and more == (timing.amount, timing.of, timing.planned_until, timing.notice)


def _event(row: Case, timing: Timing, number: int, rows: Mapping[str, CaseEvent]) -> CaseEvent:
    extends = timing.kind is EventKind.EXTENSION
    return CaseEvent(
        case=row,
        number=number,
        kind=timing.kind,
        happened_at=timing.happened_at,
        noted_at=timing.noted_at,
        event=timing.event,
        ground=timing.ground,
        refers=_code(row, rows[timing.refers].number) if timing.refers else "",
        amount=timing.amount,
        of=timing.of,
        planned_until=timing.planned_until,
        notice=timing.notice,
        approver=TOLD if extends else "",
        reason_text=put_text(TOLD) if extends else "",
        told=timing.key,
        code=_code(row, number),
    )


def _removal(row: Case, old: CaseEvent, number: int, at: datetime) -> CaseEvent:
    return CaseEvent(
        case=row,
        number=number,
        kind=EventKind.REMOVAL,
        noted_at=at,
        refers=old.code,
        approver=TOLD,
        code=_code(row, number),
    )


def _code(row: Case, number: int) -> str:
    """The code of an event; before the case is numbered it is only told apart by it."""
    return f"{row.code}/T{number}"


def number_events(events: Iterable[CaseEvent]) -> None:
    """Complete the events of cases that were numbered only now."""
    for event in events:
        event.code = _code(event.case, event.number)
        event.refers = f"{event.case.code}{event.refers}" if event.refers else ""
        event.case = event.case  # takes over the number of the case
