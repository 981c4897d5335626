"""The step of supervision that is due now on each commitment, and the rule that says so.

Worked out from the rows and the day whenever it is asked: nothing has to have run before.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import pyarrow as pa

from yinuo.commitments.life import Status
from yinuo.commitments.lights.table import available as lights
from yinuo.commitments.lights.words import LightMark
from yinuo.commitments.queries.supervised import Supervised, supervised, told_of
from yinuo.commitments.words import days_left
from yinuo.content.queries import InForce as Published
from yinuo.ledger.remembered import remembered
from yinuo.parties.queries import public_unit_names
from yinuo.parties.viewer import Viewer
from yinuo.supervision.models import Concern, Forgone, Order
from yinuo.supervision.orders.deciding import SCHEMA, Due, Situation
from yinuo.supervision.orders.steps import (
    RANKS,
    STEP_LABELS,
    Standing,
    State,
    Step,
    has_lapsed,
    last_day,
    state_of,
)
from yinuo.supervision.orders.table import NAME, InForce, available, in_force

MOST = 500
"""Lines of a page."""
CHUNK = 500
UNTOUCHED: tuple[str, Standing | None] = ("", None)
"""No order about it yet."""
CODE = "编号"
"""Column that names a commitment among facts."""


@dataclass(frozen=True, slots=True)
class Looked:
    """One commitment with what the table says of it."""

    facts: Supervised
    situation: Situation
    """What the table was asked."""
    due: Due
    standing: Standing | None
    last_order: str
    """Code of the last order about it that was not withdrawn."""
    forgone: bool
    """Whether somebody decided not to take this step now."""


@dataclass(frozen=True, kw_only=True)
class DueStep:
    """One line of what is due."""

    code: str
    title: str
    unit: str
    unit_name: str
    office: str
    due: date | None
    days_left: str
    light: LightMark | None
    step: Step | None
    """None where nothing is due."""
    step_label: str
    rule: str
    note: str
    """What the rule says of itself."""
    last_step: str
    """The last step in words; empty for none."""
    last_order: str
    situation: str
    """How that one stands: 逾期未回复, 已办结 …; empty for none."""
    may_act: bool


@dataclass(frozen=True)
class UnitSteps:
    """The lines of one unit under one step."""

    unit: str
    name: str
    total: int
    lines: tuple[DueStep, ...]
    """Fewer than `total` where the page is full."""


@dataclass(frozen=True)
class StepGroup:
    """All that one step is due on."""

    step: Step
    label: str
    total: int
    units: tuple[UnitSteps, ...]


@dataclass(frozen=True)
class DueSteps:
    """Everything that is due in the viewer's offices."""

    groups: tuple[StepGroup, ...]
    """The gravest step first."""
    total: int
    published: Published | None
    """The version of the table that decided; None while there is none."""
    file: str = NAME


def due_steps(
    *, viewer: Viewer, today: date, step: str = "", unit: str = "", most: int = MOST
) -> DueSteps:
    """The steps due on the commitments of the viewer's offices, by step and unit."""
    table = available(today)
    found = [
        each
        for each in _due(viewer, today, _editions(today))
        if (not step or each.due.step == step) and (not unit or each.facts.lead == unit)
    ]
    ordered = sorted(found, key=_order)
    words = _lines(ordered[:most], viewer, today)
    totals: dict[Step, Counter[str]] = defaultdict(Counter)
    lines: dict[tuple[Step, str], list[DueStep]] = defaultdict(list)
    for each in ordered:
        assert each.due.step is not None  # noqa: S101  # only those are kept
        totals[each.due.step][each.facts.lead] += 1
    for line in words:
        assert line.step is not None  # noqa: S101  # only those are kept
        lines[line.step, line.unit].append(line)
    names = public_unit_names()
    groups = tuple(
        StepGroup(
            each,
            STEP_LABELS[each],
            totals[each].total(),
            tuple(
                UnitSteps(code, names[code], totals[each][code], tuple(lines[each, code]))
                for code in sorted(totals[each])
            ),
        )
        for each in sorted(totals, key=lambda step: -RANKS[step])
    )
    return DueSteps(groups, len(found), table.published if table else None)


def due_counts(*, viewer: Viewer, today: date) -> dict[Step, int]:
    """Step → how many commitments it is due on, of those on which the viewer may take it."""
    found = _due(viewer, today, _editions(today))
    return dict(Counter(each.due.step for each in found if each.due.step and each.facts.may_act))


def looked_at(*, viewer: Viewer, today: date, codes: Sequence[str]) -> dict[str, Looked]:
    """What the table says of these commitments, those that nothing is due on included.

    Left out are those on which nobody takes a step: not open, without debtor, of other offices.
    Raises `TablesRefused` and `FileMissing`.
    """
    some = supervised(viewer=viewer, today=today, codes=codes)
    return {each.facts.code: each for each in _looked(some, today, in_force(today), codes)}


def lines_of(*, viewer: Viewer, today: date, codes: Sequence[str]) -> tuple[DueStep, ...]:
    """These commitments as lines, in the order given, whatever is due on them."""
    found = looked_at(viewer=viewer, today=today, codes=codes)
    return tuple(_lines([found[code] for code in codes if code in found], viewer, today))


def step_facts(*, viewer: Viewer, today: date) -> pa.Table:
    """What the table of steps would be asked of every open commitment of the viewer's offices.

    A column an input, as `deciding.SCHEMA` has them, and the code under `CODE`: for comparing two
    versions of the table on the city's own facts. Raises `TablesRefused` and `FileMissing`.
    """
    some = supervised(viewer=viewer, today=today)
    found = list(_looked(some, today, in_force(today), None, everything=True))
    columns = [
        pa.array([each.situation.given.get(field.name) for each in found], type=field.type)
        for field in SCHEMA
    ]
    codes = pa.array([each.facts.code for each in found], type=pa.string())
    return pa.table([codes, *columns], schema=pa.schema([(CODE, pa.string()), *SCHEMA]))


def _order(each: Looked) -> tuple[int, str, date, str]:
    assert each.due.step is not None  # noqa: S101  # only those are kept
    return (
        -RANKS[each.due.step],
        each.facts.lead,
        each.facts.due or date.max,
        each.facts.code,
    )


def _editions(today: date) -> tuple[int, int]:
    """The publications that the answer depends on; part of what it is remembered by."""
    of_lights, of_steps = lights(today), available(today)
    return (of_lights.number if of_lights else -1, of_steps.number if of_steps else -1)


@remembered
def _due(viewer: Viewer, today: date, _editions: tuple[int, int]) -> tuple[Looked, ...]:
    """All on which a step is due and was not forgone."""
    table = available(today)
    if table is None or table.published is None:
        return ()
    some = supervised(viewer=viewer, today=today)
    found = _looked(some, today, table, None)
    return tuple(each for each in found if not each.forgone)


def _looked(
    some: Iterable[Supervised],
    today: date,
    table: InForce,
    codes: Sequence[str] | None,
    *,
    everything: bool = False,
) -> Iterable[Looked]:
    """Those of `codes`; of all, those on which a step is due, or `everything`."""
    last = _last_orders(today, codes)
    forgone = _forgone(codes)
    decided: dict[object, tuple[Situation, Due]] = {}
    for facts in some:
        order, standing = last.get(facts.code, UNTOUCHED)
        # Most are alike in all that the table may ask: each different one is decided once.
        key = (facts.due, facts.colour, facts.cause, facts.behind, facts.reported, standing)
        answer = decided.get(key)
        if answer is None:
            situation = _situation(facts, standing, today)
            answer = decided[key] = (situation, table.deciding.one(situation))
        situation, due = answer
        if codes is not None or due.step is not None or everything:
            rows = forgone.get(facts.code, ())
            yield Looked(
                facts, situation, due, standing, order, _is_forgone(rows, due, order, today)
            )


def _situation(facts: Supervised, standing: Standing | None, today: date) -> Situation:
    return Situation(
        colour=facts.colour,
        cause=facts.cause,
        days_left=(facts.due - today).days if facts.due else None,
        behind=facts.behind,
        days_since_report=(today - facts.reported).days if facts.reported else None,
        standing=standing,
        days_since_step=(today - standing.issued).days if standing else None,
    )


def _is_forgone(rows: Iterable[Forgone], due: Due, order: str, today: date) -> bool:
    return any(
        row.step == due.step
        and row.last_order == order
        and (row.until_date is None or today < row.until_date)
        for row in rows
    )


def _forgone(codes: Sequence[str] | None) -> Mapping[str, Sequence[Forgone]]:
    found: dict[str, list[Forgone]] = defaultdict(list)
    for some in _parts(codes):
        rows = Forgone.objects.filter(commitment__status=Status.OPEN)
        for row in rows if some is None else rows.filter(commitment__in=some):
            found[row.commitment_id].append(row)
    return found


def _last_orders(today: date, codes: Sequence[str] | None) -> Mapping[str, tuple[str, Standing]]:
    """Commitment → the last order about it that stands, and how."""
    asked = Order.objects.filter(
        commitment__changes__kind="moved",
        commitment__changes__status="asked",
        commitment__changes__after_the_fact=False,
    )
    # More time was asked for before it lapsed: until that is decided nobody is in default.
    excused = set(asked.values_list("code", flat=True))
    best: dict[str, tuple[tuple[date, int, str], str, Standing]] = {}
    for some in _parts(codes):
        rows = Concern.objects.filter(commitment__status=Status.OPEN)
        rows = rows if some is None else rows.filter(commitment__in=some)
        for code, order, step, issued, again_by, accepted, version, status, due in rows.values_list(
            "commitment_id",
            "order_id",
            "order__step",
            "order__issued_date",
            "order__again_by",
            "order__accepted_version",
            "order__commitment__version",
            "order__commitment__status",
            "order__commitment__due",
        ):
            state = state_of(status=status, signing="", accepted=accepted == version)
            if state is State.WITHDRAWN:
                continue
            lapsed = has_lapsed(state, last_day(due, again_by), today) and order not in excused
            standing = Standing(Step(step), state, issued, lapsed)
            key = (issued, RANKS[standing.step], order)
            if code not in best or best[code][0] < key:
                best[code] = (key, order, standing)
    return {code: (order, standing) for code, (_, order, standing) in best.items()}


def _parts(codes: Sequence[str] | None) -> Iterable[Sequence[str] | None]:
    if codes is None:
        return (None,)
    return (codes[start : start + CHUNK] for start in range(0, len(codes), CHUNK))


def _lines(some: Sequence[Looked], viewer: Viewer, today: date) -> list[DueStep]:
    words = told_of(codes=[each.facts.code for each in some], viewer=viewer, today=today)
    names = public_unit_names()
    return [
        DueStep(
            code=each.facts.code,
            title=words[each.facts.code].title,
            unit=each.facts.lead,
            unit_name=names[each.facts.lead],
            office=each.facts.office,
            due=each.facts.due,
            days_left=days_left(each.facts.due, today),
            light=words[each.facts.code].light,
            step=each.due.step,
            step_label=STEP_LABELS[each.due.step] if each.due.step else "",
            rule=each.due.rule,
            note=each.due.note,
            last_step=STEP_LABELS[each.standing.step] if each.standing else "",
            last_order=each.last_order,
            situation=each.standing.situation if each.standing else "",
            may_act=each.facts.may_act,
        )
        for each in some
        if each.facts.code in words
    ]
