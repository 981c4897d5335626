"""The answer of a scenario's table for one entity: with a reason, without the records."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from yinuo.commitments.standing import Answer
from yinuo.credit.scenarios.definition import Scenario
from yinuo.kernel.errors import YinuoError
from yinuo.rules.decision import Decision, State
from yinuo.rules.single import Tables
from yinuo.rules.table import Rulebook

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


@dataclass(frozen=True)
class Prepared:
    """The table of a scenario on a day, ready to answer."""

    table: str
    """Its name."""
    wanted: frozenset[str]
    """The facts that it asks for."""
    tables: Tables

    def decide(self, facts: Mapping[str, object]) -> Said:
        """The answer; what the table leaves open is undetermined."""
        known = {
            name: value
            for name, value in facts.items()
            if name in self.wanted and value is not None
        }
        return _said(self.tables.decide(known).decisions[self.table])


def prepare(scenario: Scenario, book: Rulebook, on: date) -> Prepared:
    """The last table in force answers, fed by those before it. Raises `ScenarioTableUnfit`."""
    valid = book.valid_on(on)
    if not valid:
        what = f"规则表 {scenario.table} 在 {on} 没有生效"
        raise ScenarioTableUnfit(scenario.id, what, "核对表头的有效期")
    if [one.name for one in valid[-1].outputs] != [OUTPUT]:
        what = f"规则表 {scenario.table} 没有唯一的输出“{OUTPUT}”"
        raise ScenarioTableUnfit(scenario.id, what, f"只留一个输出，名称写“{OUTPUT}”，值是 是、否")
    asked = frozenset(each.name for one in valid for each in one.given)
    return Prepared(valid[-1].name, asked, Tables(book, on))


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
