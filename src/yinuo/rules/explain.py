"""A decision in sentences, Chinese and English, made from the table itself."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from yinuo.kernel.decimals import grouped
from yinuo.rules.cells import Cell, Unknown, write
from yinuo.rules.decision import Decision, State
from yinuo.rules.expression import write as write_expression
from yinuo.rules.kinds import UNIT, Kind, Value, say
from yinuo.rules.table import Aggregator, Input, Rule

PLACES = 4


class Language(StrEnum):
    """A language of explanations; names and values stay as the table writes them."""

    CHINESE = "zh"
    ENGLISH = "en"


@dataclass(frozen=True, slots=True)
class _Words:
    """The sentences of one language."""

    outcome: str
    no_rule: str
    default: str
    undetermined: str
    conflict: str
    holds: str
    remark: str
    fails: str
    could: str
    needs: str
    missing: str
    unreadable: str
    no_conditions: str
    basis: str
    comma: str
    listing: str
    computed: str


_SPOKEN = {
    Language.CHINESE: _Words(
        outcome="{table}：{answer}。",
        no_rule="{table}：没有规则适用，也没有默认结果。",
        default="{table}：{answer}（没有规则成立，用默认结果）。",
        undetermined="{table}：未定，因为不知道{lacking}。",
        conflict="{table}：冲突，规则 {rules} 同时成立。这是规则表的错误，请告诉制表人。",
        holds="规则 {rule} 成立：{why}。",
        remark="说明：{note}",
        fails="规则 {rule} 不成立：{why}。",
        could="规则 {rule} 可能成立，要看{why}。",
        needs="{name}为 {value}，要求 {cell}",
        missing="没有数据",
        unreadable="无法得出的值",
        no_conditions="没有条件",
        basis="依据：{basis}",
        comma="；",
        listing="、",
        computed="{name}（{expression}）",
    ),
    Language.ENGLISH: _Words(
        outcome="{table}: {answer}.",
        no_rule="{table}: no rule applies, and there is no default.",
        default="{table}: {answer} (no rule holds; this is the default).",
        undetermined="{table}: undetermined, because {lacking} is not known.",
        conflict="{table}: conflict. Rules {rules} hold together, which is a fault of the table.",
        holds="Rule {rule} holds: {why}.",
        remark=" Note: {note}",
        fails="Rule {rule} does not hold: {why}.",
        could="Rule {rule} could hold, depending on {why}.",
        needs="{name} is {value}, required {cell}",
        missing="missing",
        unreadable="without a usable value",
        no_conditions="it has no conditions",
        basis="Basis: {basis}",
        comma="; ",
        listing=", ",
        computed="{name} ({expression})",
    ),
}


def explain(decision: Decision, language: Language = Language.CHINESE) -> list[str]:
    """The answer, the rules it rests on, those that could hold, and why others do not."""
    return list(_sentences(decision, _SPOKEN[language]))


def _sentences(decision: Decision, words: _Words) -> Iterator[str]:
    yield _headline(decision, words)
    for rule in decision.fired:
        why = _why_it_holds(decision, rule, words)
        yield words.holds.format(rule=rule.name, why=why) + _remark(rule, words)
    for rule in decision.could_fire:
        why = words.listing.join(_open(decision, rule))
        yield words.could.format(rule=rule.name, why=why) + _remark(rule, words)
    for rule, cells in decision.failed():
        reasons = (_need(column, cell, value, words) for column, cell, value in cells)
        yield words.fails.format(rule=rule.name, why=words.comma.join(reasons))
    if decision.table.basis:
        yield words.basis.format(basis=decision.table.basis)


def _headline(decision: Decision, words: _Words) -> str:
    table = decision.table
    match decision.state:
        case State.HIT:
            return words.outcome.format(table=table.name, answer=said(decision, words.listing))
        case State.DEFAULT:
            return words.default.format(table=table.name, answer=said(decision, words.listing))
        case State.NONE:
            return words.no_rule.format(table=table.name)
        case State.UNDETERMINED:
            lacking = words.listing.join(decision.lacking)
            return words.undetermined.format(table=table.name, lacking=lacking)
        case State.CONFLICT:
            rules = words.listing.join(rule.name for rule in decision.fired)
            return words.conflict.format(table=table.name, rules=rules)


def said(decision: Decision, listing: str = "、") -> str:
    """The answer as a sentence says it: `处理 = 不予处罚、程序 = 当场告知`."""
    counts = decision.table.aggregator is Aggregator.COUNT
    rows = []
    for row in decision.answers:
        parts = []
        for output, value in zip(decision.table.outputs, row, strict=True):
            text = say(value, Kind.NUMBER) if counts else say(value, output.kind, output.unit)
            parts.append(f"{output.name} = {text}")
        rows.append(listing.join(parts))
    return " | ".join(rows)


def _remark(rule: Rule, words: _Words) -> str:
    return words.remark.format(note=rule.note) if rule.note else ""


def _why_it_holds(decision: Decision, rule: Rule, words: _Words) -> str:
    parts = [
        _need(column, cell, value, words)
        for column, cell, value in zip(
            decision.table.inputs, rule.cells, decision.values, strict=True
        )
        if write(cell, column.kind, column.unit) != "-"
    ]
    return words.comma.join(parts) or words.no_conditions


def _open(decision: Decision, rule: Rule) -> Iterator[str]:
    bit = next(
        bit
        for bit, number in enumerate(decision.table.ranked)
        if decision.table.rules[number] is rule
    )
    for column, mask in zip(decision.table.inputs, decision.unknown, strict=True):
        if mask >> bit & 1:
            yield column.name


def _need(column: Input, cell: Cell, value: Value | Unknown | None, words: _Words) -> str:
    name = column.name
    if column.expression is not None:
        text = write_expression(column.expression)
        name = words.computed.format(name=name, expression=text)
    return words.needs.format(
        name=name,
        value=_value(value, column, words),
        cell=write(cell, column.kind, column.unit),
    )


def _value(value: object, column: Input, words: _Words) -> str:
    if value is None or value is Unknown.MISSING:
        return words.missing
    if value is Unknown.UNREADABLE:
        return words.unreadable
    if isinstance(value, Fraction):
        return _fraction(value, column)
    if isinstance(value, int) and not isinstance(value, bool):
        value = Fraction(value)
        return _fraction(value, column)
    return say(value, column.kind, column.unit)  # type: ignore[arg-type]  # a known value


def _fraction(value: Fraction, column: Input) -> str:
    """A computed number; one with many places is shortened, and says so."""
    short = round(value, PLACES)
    whole = short.numerator * 10**PLACES // short.denominator
    sign = "-" if whole < 0 else ""
    digits = f"{abs(whole):0{PLACES + 1}d}"
    text = grouped(f"{sign}{digits[:-PLACES]}.{digits[-PLACES:]}")
    unit = UNIT.get(column.kind, column.unit)
    gap = "" if unit in ("", "%", "‰") else " "
    return f"{'' if short == value else '约 '}{text}{gap}{unit}"
