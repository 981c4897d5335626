"""Lists of commitments: filtered, in a stable order, a page at a time."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from itertools import islice
from typing import NamedTuple, TypeAlias

from django.db.models import Count, F, Q, QuerySet
from django.utils.translation import get_language, gettext

from yinuo.commitments.conditions import KEPT, overdue, promised_by
from yinuo.commitments.life import Status, Visibility
from yinuo.commitments.light_rows import lights_of
from yinuo.commitments.lights.words import LightMark
from yinuo.commitments.listed import Listed
from yinuo.commitments.models import Commitment
from yinuo.commitments.permission import in_order, visible
from yinuo.commitments.queries.counted import ANY, Counted, Counting, counting
from yinuo.commitments.queries.lights import light_counts
from yinuo.commitments.queries.search import LIGHT, Facts, Hit, Hits, hits
from yinuo.commitments.registry import Promisor, kind_label, promisor_of
from yinuo.commitments.signing_states import signing_state
from yinuo.commitments.terms import terms_text
from yinuo.commitments.words import (
    UNDATED,
    UNOWNED,
    Mark,
    days_left,
    mark,
    origin_label,
    outcome_label,
    visibility_label,
)
from yinuo.kernel.errors import YinuoError
from yinuo.ledger.remembered import remembered
from yinuo.parties.queries import public_unit_names
from yinuo.parties.viewer import Viewer

PAGE = 50
FEW = 2_000
"""So many rows are sorted sooner than an index in their order is read past all the others."""
FEW_TOGETHER = 4_000
"""So many rows are counted and sorted here sooner than counted and then read in order."""
MOST = 500
"""Hits that a page lists; who finds more has to say more."""
MOST_DOWNLOADED = 20_000
CHUNK = 2_000
"""Rows of a download that are looked at together."""
IN_ORDER = ("due", "code")
LIT_IN_ORDER = ("held_light__due", "held_light__commitment_id")
"""Columns of the index that answers a list in its order."""
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


ONE_OF = ("open", "overdue", "waiting", "kept", "broken", "ended")
"""Every commitment is in exactly one of these, so they add up to all; the others cut across."""
STATUS_OF = {
    "open": Status.OPEN,
    "overdue": Status.OPEN,
    "waiting": Status.DELIVERED,
    "kept": Status.KEPT,
    "broken": Status.BROKEN,
}
"""States of a list that are one state of the commitment."""
STATE_OF = {status: state for state, status in STATUS_OF.items() if state != "overdue"} | {
    Status.WAIVED: "ended",
    Status.WITHDRAWN: "ended",
}


class BadCursor(YinuoError):
    """The link to the next page is damaged."""

    code = "COMMIT-E008"

    def __init__(self, cursor: str) -> None:
        super().__init__(
            gettext("翻页位置无效"),
            place=cursor[:60],
            next_step=gettext("请从第一页重新打开列表"),
        )


@dataclass(frozen=True, kw_only=True)
class Filter:
    """What to list. Empty means all."""

    promisor: Promisor = Promisor.CITY
    """Whose word it is; of no effect beside a kind, which tells it."""
    heading: str = ""
    kind: str = ""
    unit: str = ""
    """Code of the lead unit."""
    state: str = ""
    """One of `STATES`."""
    text: str = ""
    """Part of the title or code."""
    basis: str = ""
    """Kind of document: 批示件, 方案 …"""
    signing: str = ""
    """One of `signatures.SIGNING_STATES`; of no effect for anyone not signed in."""
    light: str = ""
    """One of `lights.deciding.Colour`, as of the last pass over all."""


@dataclass(frozen=True)
class Row:
    """A commitment as a line of a list."""

    code: str
    version: int
    kind: str
    kind_label: str
    promisor: Promisor
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
    light: LightMark | None = None
    """None where it has none, and where lights were not asked for."""

    @classmethod
    def of(cls, c: Commitment | Listed, today: date, light: LightMark | None = None) -> "Row":
        """The line for one commitment, with `lead` already fetched."""
        said = _said(
            get_language(),
            (c.kind, c.lead_origin, c.due_origin, c.status, c.outcome, c.visibility),
            c.due is None,
            c.due is not None and c.due < today,
        )
        lead = c.lead
        return cls(
            code=c.code,
            version=c.version,
            kind=c.kind,
            kind_label=said.kind,
            promisor=promisor_of(c.kind),
            title=c.title,
            heading=c.heading,
            terms=terms_text(
                operator=c.operator, value=c.value, unit=c.unit, tolerance=c.tolerance
            ),
            lead=c.lead_id,
            lead_name=lead.name if lead else c.lead_said or gettext(UNOWNED),
            lead_note=said.lead_note if lead or c.lead_said else "",
            creditor=c.creditor,
            due=c.due,
            due_original=c.due_original,
            due_text=c.due.isoformat() if c.due else gettext(UNDATED),
            due_note=said.due_note if c.due else "",
            days_left=days_left(c.due, today) if c.status == Status.OPEN else "",
            moved_count=c.moved_count,
            mark=said.mark,
            status=c.status,
            outcome=c.outcome,
            outcome_label=said.outcome,
            visibility=c.visibility,
            visibility_label=said.visibility,
            light=light,
        )


class _Said(NamedTuple):
    """Our own words in a line."""

    kind: str
    lead_note: str
    due_note: str
    outcome: str
    visibility: str
    mark: Mark


@lru_cache(maxsize=10_000)
def _said(
    _language: str | None,
    columns: tuple[str, str, str, str, str, str],
    undated: bool,  # noqa: FBT001
    late: bool,  # noqa: FBT001
) -> _Said:
    """The words that follow from a few columns: a list has few ways in which they meet."""
    kind, lead_origin, due_origin, status, outcome, visibility = columns
    # Any two days will do, one before the other.
    due, today = None if undated else date.min, date.max if late else date.min
    return _Said(
        kind=kind_label(kind),
        lead_note=origin_label(lead_origin),
        due_note=origin_label(due_origin),
        outcome=outcome_label(outcome),
        visibility=visibility_label(visibility),
        mark=mark(status=status, outcome=outcome, due=due, today=today),
    )


@dataclass(frozen=True)
class Page:
    """A page of a list."""

    rows: tuple[Row, ...]
    next_cursor: str
    """Empty on the last page."""
    total: int
    states: Mapping[str, int]
    """How many each state filter would list, the other filters but the light given."""
    lights: Mapping[str, int] | None
    """How many each light filter would list; None where only counting all of them would tell."""
    capped: bool = False
    """Whether more were found by the text than are listed; those entered last are."""
    plain: bool = False
    """Whether the search index is behind, so that only the characters typed were looked for."""


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


def _filtered(viewer: Viewer, wanted: Filter) -> QuerySet[Commitment]:
    """What the filters other than text and state leave of all rows, whoever may see them."""
    rows = Commitment.objects.all()
    for name, value in (("heading", wanted.heading), ("kind", wanted.kind), ("lead", wanted.unit)):
        if value:
            rows = rows.filter(**{name: value})
    if not wanted.kind:
        rows = rows.filter(promised_by(wanted.promisor))
    if wanted.basis:
        rows = rows.filter(document__kind=wanted.basis)
    if wanted.signing:
        rows = rows.filter(signing_state(wanted.signing, viewer))
    if wanted.light:
        rows = rows.filter(held_light__colour=wanted.light)
    return rows


def _found(viewer: Viewer, wanted: Filter, today: date) -> QuerySet[Commitment]:
    """The rows of a list without a text, for reading in order."""
    rows = _filtered(viewer, wanted).filter(_state_filter(wanted.state, today))
    return in_order(rows, viewer)


def _hits(viewer: Viewer, wanted: Filter, today: date, most: int) -> Hits:
    """What is found by the text; of too many, those of the state that is asked for."""
    facts = Facts(
        heading=wanted.heading, kind=wanted.kind, unit=wanted.unit, promisor=wanted.promisor
    )
    found = hits(viewer=viewer, text=wanted.text, facts=facts, most=most)
    if not found.more or wanted.state not in STATUS_OF:
        return found
    before = today if wanted.state == "overdue" else None
    facts = replace(facts, status=STATUS_OF[wanted.state], before=before)
    return hits(viewer=viewer, text=wanted.text, facts=facts, most=most)


def _sift(viewer: Viewer, wanted: Filter, found: Hits) -> list[Hit]:
    """Of what was found by the text those that pass the filters which search does not know."""
    if not (wanted.basis or wanted.signing or wanted.light):
        return list(found.found)
    rows = _filtered(viewer, wanted).filter(pk__in=[hit.code for hit in found.found])
    passed = set(rows.values_list("code", flat=True))
    return [hit for hit in found.found if hit.code in passed]


_Way: TypeAlias = tuple[str, bool, bool, bool, bool, str]
"""What of a hit decides its states: status; whether late, moved, undated, unowned; visibility.

A thousand hits stand in a few dozen ways.
"""


def _way(hit: Hit, today: date) -> _Way:
    _code, due, status, moved_count, lead, visibility = hit
    undated = due is None
    late = due is not None and due < today
    return status, late, moved_count > 0, undated, lead is None, visibility


def _states_of(way: _Way) -> list[str]:
    """The `STATES` a hit is in; the same as `_state_filter`, which asks the database."""
    status, late, moved, undated, unowned, visibility = way
    found = ["overdue" if late and status == Status.OPEN else STATE_OF[Status(status)]]
    across = {
        "moved": moved,
        "undated": undated,
        "unowned": unowned,
        "review": visibility == Visibility.REVIEW,
    }
    return found + [state for state, holds in across.items() if holds]


def _place(cursor: str) -> tuple[date | None, str]:
    """Deadline and code of the last line of the page before. Raises `BadCursor`."""
    due, separator, code = cursor.partition("~")
    if not separator:
        raise BadCursor(cursor)
    try:
        return date.fromisoformat(due) if due else None, code
    except ValueError:
        raise BadCursor(cursor) from None


def _window(
    rows: QuerySet[Commitment], cursor: str, size: int, key: tuple[str, str] = IN_ORDER
) -> list[Listed]:
    """At most `size` rows after the cursor: those with a deadline in order, then the others.

    Two statements, each of which an index answers in its order; `key` names the columns of that
    index. Raises `BadCursor`.
    """
    due, own = key
    dated = rows.filter(**{f"{due}__isnull": False}).order_by(due, own)
    undated = rows.filter(**{f"{due}__isnull": True}).order_by(own)
    if cursor:
        day, code = _place(cursor)
        after = Q(**{f"{own}__gt": code})
        if day is None:
            return _read(undated.filter(after)[:size])
        # The first condition alone is what an index understands.
        dated = dated.filter(**{f"{due}__gte": day}).filter(Q(**{f"{due}__gt": day}) | after)
    found = _read(dated[:size])
    if len(found) < size:
        found += _read(undated[: size - len(found)])
    return found


def _read(rows: QuerySet[Commitment]) -> list[Listed]:
    return [Listed(*row) for row in rows.values_list(*Listed._fields)]


def _with_codes(codes: Sequence[str]) -> list[Listed]:
    """The rows with these codes, in their order."""
    found: dict[str, Listed] = {}
    for start in range(0, len(codes), CHUNK):
        some = Commitment.objects.filter(pk__in=codes[start : start + CHUNK])
        found |= {row.code: row for row in _read(some)}
    return [found[code] for code in codes]


def _sorted_window(rows: QuerySet[Commitment], cursor: str, size: int) -> list[Listed]:
    """The same of few rows: their keys from an index of what is filtered, sorted here."""
    keys = [_key(*pair) for pair in rows.order_by().values_list("due", "code")]
    if cursor:
        after = _key(*_place(cursor))
        keys = [key for key in keys if key > after]
    return _with_codes([code for _, _, code in sorted(keys)[:size]])


def _key(due: date | None, code: str) -> tuple[bool, date, str]:
    return due is None, due or date.min, code


def _order(hit: Hit) -> tuple[bool, date, str]:
    return _key(hit.due, hit.code)


def _searched(
    viewer: Viewer,
    wanted: Filter,
    today: date,
    *,
    cursor: str = "",
    size: int,
    most: int | None = None,
) -> tuple[list[Listed], Mapping[str, int], Hits]:
    """At most `size` rows after the cursor of what a text finds, and its counts."""
    found = _hits(viewer, wanted, today, most or MOST)
    rows, counts = _window_of(_sift(viewer, wanted, found), wanted, today, cursor, size)
    return rows, counts, found


def _window_of(
    passed: Sequence[Hit], wanted: Filter, today: date, cursor: str, size: int
) -> tuple[list[Listed], Mapping[str, int]]:
    """Of what passed all filters but the state, a window after the cursor, and its counts."""
    ways = [_way(hit, today) for hit in passed]
    counts = dict.fromkeys(STATES, 0)
    for way, number in Counter(ways).items():
        for state in _states_of(way):
            counts[state] += number
    if wanted.state in STATES:
        chosen = {way for way in set(ways) if wanted.state in _states_of(way)}
        passed = [hit for hit, way in zip(passed, ways, strict=True) if way in chosen]
    listed = sorted(passed, key=_order)
    if cursor:
        day, code = _place(cursor)
        listed = [hit for hit in listed if _order(hit) > (day is None, day or date.min, code)]
    return _with_codes([hit.code for hit in listed[:size]]), counts


def _few(viewer: Viewer, wanted: Filter) -> list[Hit] | None:
    """All that two filters leave, if that is so little that counting and sorting it here is quick.

    No tally knows two filters together, so the rows would have to be counted in any case.
    """
    margins = [bool(value) for value in (wanted.heading, wanted.kind, wanted.unit)]
    if sum(margins) < 2 or wanted.basis or wanted.signing or wanted.light:  # noqa: PLR2004
        return None
    rows = in_order(_filtered(viewer, wanted), viewer).order_by()
    found = list(rows.values_list(*LIGHT)[: FEW_TOGETHER + 1])
    return None if len(found) > FEW_TOGETHER else [Hit(*row) for row in found]


def page(
    *, viewer: Viewer, wanted: Filter, today: date, cursor: str = "", size: int = PAGE
) -> Page:
    """Commitments the viewer may see, by deadline then code, undated ones last, `size` a page.

    Raises `BadCursor`.
    """
    with counting(viewer=viewer) as counts:
        return _page(counts, wanted, today, cursor, size)


def page_and_units(
    *, viewer: Viewer, wanted: Filter, today: date, cursor: str = ""
) -> tuple[Page, Mapping[str, str]]:
    """A page and what to filter it by: code → name of the units that owe something. As `page`."""
    with counting(viewer=viewer) as counts:
        return _page(counts, wanted, today, cursor, PAGE), _units(counts)


def _page(counts: Counting, wanted: Filter, today: date, cursor: str, size: int) -> Page:
    found: Hits | None = None
    if wanted.text:
        window, states, found = _searched(
            counts.viewer, wanted, today, cursor=cursor, size=size + 1
        )
    elif (few := _few(counts.viewer, wanted)) is not None:
        window, states = _window_of(few, wanted, today, cursor, size + 1)
    else:
        states = _counts(counts, replace(wanted, light=""), today)
        window = _listed(counts, wanted, today, cursor=cursor, size=size + 1, states=states)
    last = window[size - 1] if len(window) > size else None
    lit = lights_of(window[:size], today)
    tallied = _light_counts(counts.viewer, wanted)
    return Page(
        rows=tuple(Row.of(c, today, lit.get(c.code)) for c in window[:size]),
        next_cursor=f"{last.due.isoformat() if last.due else ''}~{last.code}" if last else "",
        total=_total(counts.viewer, wanted, today, states, tallied),
        states=states,
        lights=tallied,
        capped=bool(found and found.more),
        plain=bool(found and found.plain),
    )


def _listed(
    counts: Counting,
    wanted: Filter,
    today: date,
    *,
    cursor: str,
    size: int,
    states: Mapping[str, int],
) -> list[Listed]:
    """At most `size` rows after the cursor, read in the way that is quicker for so many."""
    if wanted.promisor is Promisor.OTHERS and not wanted.kind:
        # An index has the order of one kind, and none has that of a few among many.
        found = [
            row
            for kind in counts.by_kind(Promisor.OTHERS, today=today)
            for row in _listed(
                counts, replace(wanted, kind=kind), today, cursor=cursor, size=size, states=states
            )
        ]
        return sorted(found, key=lambda row: _key(row.due, row.code))[:size]
    rows = _found(counts.viewer, wanted, today)
    if (wanted.heading or wanted.unit) and not wanted.light and _in_states(states, wanted) <= FEW:
        return _sorted_window(rows, cursor, size)
    key = LIT_IN_ORDER if wanted.light and not wanted.unit else IN_ORDER
    return _window(rows, cursor, size, key)


def _in_states(states: Mapping[str, int], wanted: Filter) -> int:
    return states[wanted.state] if wanted.state in STATES else sum(states[s] for s in ONE_OF)


def _total(
    viewer: Viewer,
    wanted: Filter,
    today: date,
    states: Mapping[str, int],
    tallied: Mapping[str, int] | None,
) -> int:
    """How many there are on all pages together."""
    if wanted.light and not wanted.text:
        if tallied is not None and wanted.state not in STATES:
            return tallied.get(wanted.light, 0)
        rows = _filtered(viewer, wanted).filter(_state_filter(wanted.state, today))
        return rows.filter(visible(viewer)).count()
    return _in_states(states, wanted)


def _light_counts(viewer: Viewer, wanted: Filter) -> Mapping[str, int] | None:
    """Lights by colour under the filters that the stored counts know; else None."""
    if wanted.text or wanted.unit or wanted.basis or wanted.signing:
        return None
    found = light_counts(
        viewer=viewer, heading=wanted.heading, kind=wanted.kind, promisor=wanted.promisor
    )
    return {colour.value: number for colour, number in found.total.items()}


def every(*, viewer: Viewer, wanted: Filter, today: date) -> Iterator[Row]:
    """All lines of a list, in its order, for a download."""
    if wanted.text:
        rows, _, _ = _searched(viewer, wanted, today, size=MOST_DOWNLOADED, most=MOST_DOWNLOADED)
        yield from _rows(rows, today)
        return
    found = _found(viewer, wanted, today)
    ordered = found.order_by(F("due").asc(nulls_last=True), "code").values_list(*Listed._fields)
    read = (Listed(*row) for row in ordered.iterator(chunk_size=CHUNK))
    while some := list(islice(read, CHUNK)):
        yield from _rows(some, today)


def _rows(some: Sequence[Listed], today: date) -> Iterator[Row]:
    lit = lights_of(some, today)
    return (Row.of(c, today, lit.get(c.code)) for c in some)


def state_counts(*, viewer: Viewer, wanted: Filter, today: date) -> Mapping[str, int]:
    """How many each state filter would list, the other filters given."""
    if wanted.text:
        return _searched(viewer, replace(wanted, state=""), today, size=0)[1]
    with counting(viewer=viewer) as counts:
        return _counts(counts, wanted, today)


def _counts(counts: Counting, wanted: Filter, today: date) -> Mapping[str, int]:
    asked = {"heading": wanted.heading, "kind": wanted.kind, "lead": wanted.unit}
    margins = [(dimension, value) for dimension, value in asked.items() if value]
    if not (margins or wanted.basis or wanted.signing):
        return _by_state(counts.by_kind(wanted.promisor, today=today).values())
    tallied = len(margins) == 1 and not (wanted.basis or wanted.signing)
    # By heading and unit the tally knows only what the city promised.
    if tallied and (wanted.kind or wanted.promisor is Promisor.CITY):
        ((dimension, value),) = margins
        return _by_state(counts.by(dimension, value=value, today=today).values())
    return _counted(counts.viewer, replace(wanted, state=""), today)


@remembered
def _counted(viewer: Viewer, wanted: Filter, today: date) -> dict[str, int]:
    """The states of what filters other than the text leave, counted row by row."""
    rows = _filtered(viewer, wanted).filter(visible(viewer))
    return rows.order_by().aggregate(
        **{state: Count(ANY, filter=_state_filter(state, today)) for state in STATES}
    )


def _by_state(parts: Iterable[Counted]) -> dict[str, int]:
    parts = list(parts)
    found = {state: sum(getattr(part, state) for part in parts) for state in STATES}
    return found | {"open": found["open"] - found["overdue"]}


def units_listed(*, viewer: Viewer) -> Mapping[str, str]:
    """Code → name of every lead unit with a commitment the viewer may see."""
    with counting(viewer=viewer) as counts:
        return _units(counts)


def _units(counts: Counting) -> Mapping[str, str]:
    found = counts.values("lead")
    return {code: name for code, name in public_unit_names().items() if code in found}
