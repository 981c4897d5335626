"""The lights of a project, one a dimension: what the published table is asked. Pure.

The thresholds stand in `tables/lights.xlsx`. What is not known is left out, so that the light is
undetermined (灯未定), never green.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from yinuo.commitments.lights.deciding import COLOURS, Colour
from yinuo.goals.projects.dimensions import Dimension
from yinuo.rules.decision import Decision, State, Verdict
from yinuo.rules.single import Tables

MONTHS = 12
WHOLE = "总灯"
MISSING: Mapping[str, str] = {
    "按要求付款": "没有付款数据：填报进度时要写按合同应付和已付，都有了才能判断",
    "落后百分点": "今年还没有报送完成投资，不能与序时进度相比",
    "未开工月数": "没有写明计划开工日期",
}
"""Fact of the table → what to say while it is not known."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectFacts:
    """What of a project its lights depend on."""

    planned_start: date | None
    """As it holds now; None where none was planned."""
    started: date | None
    enrolled: date | None
    has_plan: bool = False
    """Whether its yearly investment has a planned curve (序时进度)."""
    behind: Decimal | None = None
    """In percentage points against that curve; None where it was not reported."""
    payable: int | None = None
    """分 that had to be paid by the last report; None where it was not reported."""
    paid: int | None = None
    due: date | None = None
    """The next deadline of its open promises."""
    exempt: frozenset[Dimension] = frozenset()
    """Dimensions for which a good reason was found."""


@dataclass(frozen=True, slots=True)
class Lamp:
    """What one table says."""

    name: str
    colour: Colour | None
    """None where the table says that it does not apply."""
    reason: str
    """The note of the rule that decided, what is missing, or that a good reason holds."""


def months_unstarted(planned: date | None, started: date | None, on: date) -> int | None:
    """For how many months in a row, this one included, it was planned to start and did not.

    None without a planned date, unless it started.

    >>> months_unstarted(date(2024, 4, 30), None, date(2024, 6, 1))
    3
    """
    if started is not None and started <= on:
        return 0
    if planned is None:
        return None
    return max((on.year - planned.year) * MONTHS + on.month - planned.month + 1, 0)


def full_months(since: date, on: date) -> int:
    """How many whole months have passed.

    >>> full_months(date(2024, 1, 31), date(2024, 3, 30)), full_months(date(2024, 1, 31),
    ...             date(2024, 3, 31))
    (1, 2)
    """
    months = (on.year - since.year) * MONTHS + on.month - since.month
    return max(months - (on.day < since.day), 0)


def given(facts: ProjectFacts, on: date) -> Mapping[str, object]:
    """The facts by the names of the table; what is not known is left out."""
    has_started = facts.started is not None and facts.started <= on
    is_enrolled = facts.enrolled is not None and facts.enrolled <= on
    waiting = full_months(facts.started, on) if has_started and facts.started else 0
    found: dict[str, object | None] = {
        "是项目": True,
        "有序时进度": facts.has_plan,
        "落后百分点": facts.behind,
        "完成时限": facts.due,
        "未开工月数": months_unstarted(facts.planned_start, facts.started, on),
        "有正当理由": Dimension.START in facts.exempt,
        "按要求付款": _paid(facts, has_started=has_started),
        "已入库": is_enrolled,
        "未入库月数": waiting,
    }
    if Dimension.PROGRESS in facts.exempt:
        found |= {"有序时进度": False, "落后百分点": None}
    if Dimension.PAYMENT in facts.exempt:
        found["按要求付款"] = True
    if Dimension.ENROLMENT in facts.exempt:
        found["未入库月数"] = 0
    return {name: value for name, value in found.items() if value is not None}


def _paid(facts: ProjectFacts, *, has_started: bool) -> bool | None:
    if not has_started:
        return True  # nothing is payable before the start
    if facts.payable is None or facts.paid is None:
        return None
    return facts.paid >= facts.payable


def lamps(facts: ProjectFacts, tables: Tables) -> tuple[Lamp, ...]:
    """The light of each dimension and, last, the whole: the worst, as the table has it."""
    verdict = tables.decide(given(facts, tables.on))
    wanted = [*(each.value for each in Dimension), WHOLE]
    return tuple(_lamp(verdict, name, facts) for name in wanted if name in verdict.decisions)


def whole_colour(facts: ProjectFacts, tables: Tables) -> Colour | None:
    """The whole light alone, without the reasons of the others; None where it has none."""
    verdict = tables.decide(given(facts, tables.on))
    return _lamp(verdict, WHOLE, facts).colour if WHOLE in verdict.decisions else None


def _lamp(verdict: Verdict, name: str, facts: ProjectFacts) -> Lamp:
    if name in {each.value for each in facts.exempt}:
        return Lamp(name, Colour.GREEN, "督查人认定有正当理由")
    decision = verdict.decisions[name]
    if decision.state in (State.UNDETERMINED, State.CONFLICT):
        return Lamp(name, Colour.UNDETERMINED, _unknown(decision.lacking))
    return Lamp(name, COLOURS.get(_said(decision)), _note(decision))


def _unknown(lacking: Sequence[str]) -> str:
    """What is missing, and how it comes to be known."""
    other = [name for name in lacking if name not in MISSING]
    said = [MISSING[name] for name in lacking if name in MISSING]
    return "；".join([*said, f"还不知道：{'、'.join(other)}"] if other else said)


def _said(decision: Decision) -> str:
    return str(decision.answers[0][0]) if decision.answers else ""


def _note(decision: Decision) -> str:
    return decision.counted[0].note if decision.counted else ""
