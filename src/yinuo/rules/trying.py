"""Running the examples of a workbook: what must come out, and what did."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from yinuo.rules.decision import Decision, State
from yinuo.rules.kinds import canonical
from yinuo.rules.single import Tables
from yinuo.rules.table import Example, Rulebook
from yinuo.rules.workbook.examples import NO_ANSWER
from yinuo.rules.workbook.layout import EXPECTED_MISSING, EXPECTED_RULE, EXPECTED_STATE


@dataclass(frozen=True, slots=True)
class Difference:
    """One expectation that was not met."""

    what: str
    expected: str
    found: str


@dataclass(frozen=True, slots=True)
class Tried:
    """One example, run."""

    example: Example
    decision: Decision | None
    """None if no version of the table is in force on the day."""
    differences: tuple[Difference, ...]

    @property
    def passed(self) -> bool:
        """Whether everything came out as expected."""
        return not self.differences


def run_examples(book: Rulebook, *, on: date) -> Iterator[Tried]:
    """Run every example on its own day, or on the given one."""
    compiled: dict[date, Tables] = {}
    for example in book.examples:
        day = example.on or on
        if day not in compiled:
            compiled[day] = Tables(book, day)
        verdict = compiled[day].decide(dict(example.given)).decisions
        decision = verdict.get(example.table)
        if decision is None:
            nothing = Difference("规则表", f"{day} 有效", "这一天没有有效的版本")
            yield Tried(example, None, (nothing,))
            continue
        yield Tried(example, decision, tuple(_differences(example, decision)))


def _differences(example: Example, decision: Decision) -> Iterator[Difference]:
    for name, expected in example.expected:
        found = _found(name, decision)
        if _list(expected) != _list(found):
            yield Difference(name, expected, found or "（没有结果）")


def _list(text: str) -> Sequence[str]:
    return sorted(part.strip() for part in text.replace("，", "、").split("、"))


def _found(name: str, decision: Decision) -> str:
    if name == EXPECTED_RULE:
        return "、".join(rule.name for rule in decision.counted)
    if name == EXPECTED_STATE:
        return str(decision.state)
    if name == EXPECTED_MISSING:
        return "、".join(decision.lacking)
    if decision.state in (State.UNDETERMINED, State.CONFLICT):
        return NO_ANSWER if decision.state is State.UNDETERMINED else str(decision.state)
    for place, output in enumerate(decision.table.outputs):
        if output.name == name:
            values = [canonical(row[place], output.kind, output.unit) for row in decision.answers]
            return "、".join(values)
    return ""
