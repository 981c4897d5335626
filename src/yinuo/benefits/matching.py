"""Why a policy is for one firm or not: conditions that it misses, fields that are missing. Pure."""

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


@dataclass(frozen=True, kw_only=True)
class Match:
    """How one firm stands to one policy."""

    verdict: str
    """`yes`, `no` or `open`."""
    amount: int | None
    """In 分, where the answer is yes."""
    missed: tuple[str, ...]
    """Of a no: the conditions of the nearest rule that do not hold, such as `欠税未清数须0`."""
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
        f"{column.name}须{write(cell, column.kind, column.unit)}" for column, cell, _value in near
    )
