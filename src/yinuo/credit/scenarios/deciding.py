"""The answer of a scenario's table for one entity: with a reason, without the records."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from yinuo.commitments.standing import Answer
from yinuo.credit.scenarios.definition import Scenario
from yinuo.kernel.errors import YinuoError
from yinuo.rules.decision import Decision, State
from yinuo.rules.single import Tables
from yinuo.rules.table import Rulebook, Table

ANSWERS = {"是": Answer.YES, "否": Answer.NO}
OUTPUT = "答复"


class ScenarioTableUnfit(YinuoError):
    """A decision table that gives no such answer, or is not in force."""

    code = "CREDIT-E172"
    status = 409

    def __init__(self, scenario: str, what: str, next_step: str) -> None:
        super().__init__(what, place=scenario, next_step=next_step)


@dataclass(frozen=True, kw_only=True)
class Said:
    """One answer."""

    answer: Answer
    reason: str
    """In words that can be read to whoever it is about, and contested."""
    rule: str
    """Number of the rule; empty where none decided."""
    lacking: tuple[str, ...]
    """Of an undetermined one: what nobody knows."""


def table_of(scenario: Scenario, book: Rulebook, on: date) -> Table:
    """The table that answers. Raises `ScenarioTableUnfit`."""
    valid = book.valid_on(on)
    if not valid:
        what = f"规则表 {scenario.table} 在 {on} 没有生效"
        raise ScenarioTableUnfit(scenario.id, what, "核对表头的有效期")
    if [one.name for one in valid[-1].outputs] != [OUTPUT]:
        what = f"规则表 {scenario.table} 没有唯一的输出“{OUTPUT}”"
        raise ScenarioTableUnfit(scenario.id, what, f"只留一个输出，名称写“{OUTPUT}”，值是 是、否")
    return valid[-1]


def wanted(scenario: Scenario, book: Rulebook, on: date) -> frozenset[str]:
    """The facts that the table asks for. Raises `ScenarioTableUnfit`."""
    table_of(scenario, book, on)
    return frozenset(each.name for one in book.valid_on(on) for each in one.given)


def decide(scenario: Scenario, book: Rulebook, facts: Mapping[str, object], on: date) -> Said:
    """The answer; what the table leaves open is undetermined. Raises `ScenarioTableUnfit`."""
    table = table_of(scenario, book, on)
    asked = wanted(scenario, book, on)
    known = {name: value for name, value in facts.items() if name in asked and value is not None}
    return _said(Tables(book, on).decide(known).decisions[table.name])


def _said(decision: Decision) -> Said:
    if decision.state is State.HIT and decision.answers:
        rule = decision.counted[0]
        answer = ANSWERS.get(str(decision.answers[0][0]), Answer.UNDETERMINED)
        return Said(answer=answer, reason=rule.note, rule=rule.name, lacking=())
    lacking = "、".join(decision.lacking) or "规则表没有写到这种情形"
    return Said(
        answer=Answer.UNDETERMINED,
        reason=f"查不全：{lacking}",
        rule="",
        lacking=decision.lacking,
    )
