"""Rows that were put aside: corrected by a person and replayed, or let go with a reason."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from yinuo.cases.access.feed import act_on, mapping_named
from yinuo.cases.commands.feed.following import follow_cases
from yinuo.cases.commands.feed.sources import source_seen
from yinuo.cases.commands.feed.taking import PIECE, Arriving, hash_of, sort, take
from yinuo.cases.errors.feed import StillAside, UnknownAside
from yinuo.cases.feed.life import AsideState, Way
from yinuo.cases.feed.mapping import FIELDS, MENDED, as_text
from yinuo.cases.feed.telling import Reason
from yinuo.cases.models import FeedAside, FeedCase, FeedEvent, FeedSource
from yinuo.commitments.errors import Invalid
from yinuo.commitments.wording import wording
from yinuo.kernel.spreadsheet.cells import Progress, silent
from yinuo.ledger.commands.recording import By, command, put_text, record
from yinuo.parties.viewer import Viewer

MOST = 10_000
"""Rows replayed at once."""
LONGEST_REASON = 1_000
AS_CORRECTION = "#更正"


@dataclass(frozen=True)
class Replayed:
    """What a replay came to."""

    batch: str
    """Empty where no row could be used yet."""
    accepted: int
    still: int


@command("feed.correct")
def correct(
    *, aside: str, changes: Mapping[str, str], reason: str, by: Viewer, at: datetime
) -> str:
    """Replay one row with some of our fields changed; returns the code of its batch.

    The row stays as it came. A row whose number was used with another content becomes, without a
    change of `event`, the correction of what came first. Raises `UnknownAside`, `NotAllowed`,
    `StillAside`, `Invalid` (fields `reason`, `changes`).
    """
    row, source = _waiting(aside, by)
    acting = act_on(source, by)
    faults = _reason_faults(reason)
    faults += [("changes", f"没有“{name}”这个字段") for name in changes if name not in FIELDS]
    if faults:
        raise Invalid(aside, faults)
    raw = _raw([row])[0]
    if not isinstance(raw, dict):
        raise StillAside(aside, "这一行不是对象，请让窗口系统重发")
    mended = {**raw, **{MENDED + name: value for name, value in changes.items()}}
    if row.reason == Reason.CONFLICT and "event" not in changes:
        mended |= _as_correction(source, mended)
    taken = take(lambda: (source, acting), [mended], way=Way.REPLAY, name=aside, at=at)
    if taken.quarantined:
        what = "；".join(fault.what for fault in taken.faults[0].faults)
        raise StillAside(aside, what)
    _settle(row, AsideState.REPLAYED, taken.first_event, reason, by=acting, at=at)
    return taken.batch


def _as_correction(source: FeedSource, row: Mapping[str, str]) -> dict[str, str]:
    """A number of its own, and that it stands in the place of what came first."""
    event = mapping_named(source.mapping).value(row, "event")
    last, count = event, 1
    rows = FeedEvent.objects.filter(source=source)
    while rows.filter(event=f"{event}{AS_CORRECTION}{count}").exists():
        last = f"{event}{AS_CORRECTION}{count}"
        count += 1
    return {f"{MENDED}event": f"{event}{AS_CORRECTION}{count}", f"{MENDED}corrects": last}


def replay(
    *, source: str, reason: str, by: Viewer, at: datetime, progress: Progress = silent
) -> Replayed:
    """Replay as they are all rows put aside for one reason, such as after an item was mapped.

    A piece at a time, each whole. Cases with findings are followed anew as well. Rows that are
    wrong as before stay aside. Raises `UnknownSource`, `NotAllowed`.
    """
    codes = _to_replay(source, reason, by)
    arriving = Arriving(way=Way.REPLAY, name=reason, sha256=_hash(codes), at=at)
    accepted = 0
    for start in range(0, len(codes), PIECE):
        some = codes[start : start + PIECE]
        accepted += _replay_piece(arriving, source, some, by=by, at=at)
        progress("重放", start + len(some), len(codes))
    odd = FeedCase.objects.filter(source=source, open=True).values_list("source_code", flat=True)
    cases = sorted(odd)
    for start in range(0, len(cases), PIECE):
        _follow_piece(source, cases[start : start + PIECE], by=by, at=at)
        progress("核对办件", min(start + PIECE, len(cases)), len(cases))
    batch = arriving.batch.code if arriving.batch else ""
    return Replayed(batch, accepted, len(codes) - accepted)


@command("feed.replay")
def _to_replay(source: str, reason: str, by: Viewer) -> list[str]:
    """Codes of the rows, for whoever may."""
    it = source_seen(source, by)
    act_on(it, by)
    waiting = FeedAside.objects.filter(source=it, state=AsideState.WAITING)
    if reason:
        waiting = waiting.filter(reason=reason)
    return list(waiting.order_by("code").values_list("code", flat=True)[:MOST])


def _hash(codes: Sequence[str]) -> str:
    """Of a replay: which rows it was begun with."""
    return hash_of([{"aside": code} for code in codes])


@command("feed.replay_piece")
def _replay_piece(
    arriving: Arriving, source: str, codes: Sequence[str], *, by: Viewer, at: datetime
) -> int:
    """How many of these rows can be used now; they come in, and the others stay."""
    it = source_seen(source, by)
    acting = act_on(it, by)
    waiting = FeedAside.objects.filter(code__in=codes, state=AsideState.WAITING)
    good = _good(it, list(waiting.order_by("code")), at)
    if not good:
        return 0
    first = arriving.batch.read if arriving.batch else 0
    arriving.add(it, [as_text(raw) for _, raw in good], by=acting)
    assert arriving.batch is not None  # noqa: S101  # a piece was added
    for number, (row, _) in enumerate(good, start=first + 1):
        became = f"{arriving.batch.code}/{number}"
        _settle(row, AsideState.REPLAYED, became, "原样重放", by=acting, at=at)
    return len(good)


@command("feed.follow_piece")
def _follow_piece(source: str, cases: Sequence[str], *, by: Viewer, at: datetime) -> None:
    it = source_seen(source, by)
    follow_cases(it, cases, {}, by=act_on(it, by), at=at)


def _good(
    source: FeedSource, rows: Sequence[FeedAside], at: datetime
) -> list[tuple[FeedAside, object]]:
    raws = _raw(rows)
    heaps = sort(source, [raw if isinstance(raw, dict) else str(raw) for raw in raws], at)
    return [(rows[number - 1], raws[number - 1]) for number in sorted(heaps.accepted)]


@command("feed.drop")
def drop(*, aside: str, reason: str, by: Viewer, at: datetime) -> None:
    """Let a row go: it stays in the list with who decided and why.

    Raises `UnknownAside`, `NotAllowed`, `Invalid` (field `reason`).
    """
    row, source = _waiting(aside, by)
    acting = act_on(source, by)
    if faults := _reason_faults(reason):
        raise Invalid(aside, faults)
    _settle(row, AsideState.DROPPED, "", reason, by=acting, at=at)


def _reason_faults(reason: str) -> list[tuple[str, str]]:
    if not reason.strip() or len(reason) > LONGEST_REASON:
        return [("reason", f"请写明理由，最多 {LONGEST_REASON:,} 字")]
    return []


def _waiting(aside: str, by: Viewer) -> tuple[FeedAside, FeedSource]:
    found = FeedAside.objects.filter(code=aside).first()
    if found is None:
        raise UnknownAside(aside)
    source = source_seen(str(found.source_id), by)
    row = FeedAside.objects.select_for_update().get(code=aside)
    if row.state != AsideState.WAITING:
        raise UnknownAside(aside)
    return row, source


def _raw(rows: Sequence[FeedAside]) -> list[object]:
    """The rows as they came; an erased one is no object any more."""
    texts = wording([row.raw_text for row in rows])
    return [_parsed(texts[row.raw_text]) for row in rows]


def _parsed(text: str) -> object:
    try:
        return json.loads(text)
    except ValueError:
        return text


def _settle(
    row: FeedAside, state: AsideState, became: str, reason: str, *, by: By, at: datetime
) -> None:
    row.state, row.became, row.reason_text = state, became, put_text(reason)
    row.decided_by, row.decided_at = by.actor, at
    record(row, verb=f"feed_aside.{state}", by=by, at=at)
