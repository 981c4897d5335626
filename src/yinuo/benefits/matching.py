"""Why a policy is for one firm or not: conditions that it misses, fields that are missing. Pure."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from yinuo.benefits.amounts import fen_of
from yinuo.benefits.definition import PolicyDefinition
from yinuo.benefits.screening import NO, OPEN, YES, deciding_table
from yinuo.rules.cells import write
from yinuo.rules.decision import Decision, State
from yinuo.rules.facts import FactsRefused, read_facts
from yinuo.rules.single import Tables
from yinuo.rules.table import Rulebook, Table

INTERVAL = re.compile(r"([\[(])(\S+)\.\.(\S+)([\])])")
SIGNS = "<>≤≥≠=＝"


@dataclass(frozen=True, kw_only=True)
class Match:
    """How one firm stands to one policy."""

    verdict: str
    """`yes`, `no` or `open`."""
    amount: int | None
    """In 分, where the answer is yes."""
    missed: tuple[str, ...]
    """Of a no: what the nearest rule wants and the firm has not: `欠税未清数须是 0，现在是 2`."""
    lacking: tuple[str, ...]
    """Of an open one: the fields that nobody knows."""


def match(policy: PolicyDefinition, book: Rulebook, facts: Mapping[str, object], on: date) -> Match:
    """The answer of the policy's table for one firm, with its reason. Raises `TableUnfit`."""
    table = deciding_table(policy, book, on)
    inputs = {each.name: each for one in book.valid_on(on) for each in one.given}
    given = {name: value for name, value in facts.items() if name in inputs}
    try:
        known = read_facts(given, inputs)
    except FactsRefused as refused:
        odd = {each.field for each in refused.findings}
        known = read_facts({n: v for n, v in given.items() if n not in odd}, inputs)
    decision = Tables(book, on).decide(known).decisions[table.name]
    if decision.state is State.HIT:
        return _hit(policy, table, decision, facts)
    if decision.state is State.UNDETERMINED:
        return Match(verdict=OPEN, amount=None, missed=(), lacking=decision.lacking)
    return Match(verdict=NO, amount=None, missed=_missed(decision), lacking=())


def _hit(
    policy: PolicyDefinition, table: Table, decision: Decision, facts: Mapping[str, object]
) -> Match:
    place = next(at for at, one in enumerate(table.outputs) if one.name == policy.amount.output)
    times = facts.get(policy.amount.times) if policy.amount.times else None
    amount = fen_of(
        Decimal(str(decision.answers[0][place])),
        table.outputs[place].kind,
        policy.amount,
        None if times is None else Decimal(str(times)),
    )
    if amount is None:
        return Match(verdict=OPEN, amount=None, missed=(), lacking=(policy.amount.times,))
    return Match(verdict=YES if amount else NO, amount=amount or None, missed=(), lacking=())


def _missed(decision: Decision) -> tuple[str, ...]:
    """What stands between the firm and the rule that it misses by the fewest conditions."""
    near = min((why for _rule, why in decision.failed()), key=len, default=())
    return tuple(
        f"{column.name}须{spoken(write(cell, column.kind, column.unit))}，现在是{_now(value)}"
        for column, cell, value in near
    )


def spoken(cell: str) -> str:
    """A cell as people say it; what is no interval stays as it is.

    >>> spoken("[12..360)"), spoken("0")
    ('满 12、不满 360', '是 0')
    >>> spoken("A"), spoken("≥ 6")
    ('是“A”', ' ≥ 6')
    """
    found = INTERVAL.fullmatch(cell)
    if found is None:
        return f" {cell}" if cell[:1] in SIGNS else f"是{_quoted(cell)}"
    low = f"满 {found[2]}" if found[1] == "[" else f"超过 {found[2]}"
    high = f"不超过 {found[3]}" if found[4] == "]" else f"不满 {found[3]}"
    return f"{low}、{high}"


def _now(value: object) -> str:
    if isinstance(value, bool):
        return "“是”" if value else "“否”"
    return _quoted(str(value))


def _quoted(said: str) -> str:
    """A number with a space before it, anything else in quotation marks."""
    return f" {said}" if said[:1].isdecimal() else f"“{said}”"
