"""From the facts of units to what the score of a race is made of."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date

from yinuo.commitments.queries.race import Planned, Rate, UnitFacts
from yinuo.kernel.decimals import canonical_decimal, exact
from yinuo.parties.queries import UnitView
from yinuo.supervision.race.period import Period
from yinuo.supervision.race.scheme import (
    GAIN,
    KEPT,
    MOVES,
    ORDERS,
    PROGRESS,
    REPORTED,
    Scheme,
)
from yinuo.supervision.race.scoring import Input, Unit

NOTHING = UnitFacts()
PLACES = 6
"""Of the shares that are summed."""
WHOLE = ""
"""The indicator of an exemption from the whole race."""
Exempt = Mapping[tuple[str, str], str]
"""(unit, indicator) → code of the exemption."""


def units_of(
    *,
    scheme: Scheme,
    period: Period,
    office: str,
    units: Iterable[UnitView],
    facts: Mapping[str, UnitFacts],
    exempt: Exempt,
) -> tuple[Unit, ...]:
    """Every unit that is compared, and those outside all groups that owe something, by code."""
    found = []
    for unit in units:
        group = scheme.group_of(unit.kind, unit.code)
        if _exists(unit, period.first, period.end) and (group or unit.code in facts):
            known = facts.get(unit.code, NOTHING)
            found.append(
                Unit(
                    code=unit.code,
                    name=unit.name,
                    group=group,
                    inputs=_inputs(unit.code, known, exempt),
                    absent=_absent(unit, period, office, exempt),
                )
            )
    return tuple(sorted(found, key=lambda one: one.code))


def _exists(unit: UnitView, first: date, end: date) -> bool:
    """Whether it exists on any day of a period."""
    return (unit.valid_from is None or unit.valid_from < end) and (
        unit.valid_to is None or unit.valid_to > first
    )


def _absent(unit: UnitView, period: Period, office: str, exempt: Exempt) -> str:
    if unit.code == office:
        return "举办单位自己不参加"
    if unit.valid_to is not None and unit.valid_to < period.end:
        return f"已于 {unit.valid_to} 撤并"
    if unit.valid_from is not None and unit.valid_from > period.first:
        return f"{unit.valid_from} 才成立，不满一个期间"
    if (unit.code, WHOLE) in exempt:
        return f"全部免考（{exempt[unit.code, WHOLE]}）"
    return ""


def _inputs(unit: str, known: UnitFacts, exempt: Exempt) -> tuple[Input, ...]:
    plan, before = known.planned, known.planned_before
    rates = ((KEPT, known.promises), (REPORTED, known.reports), (ORDERS, known.orders))
    made = [_rate(name, rate) for name, rate in rates]
    made += [
        Input(
            indicator=PROGRESS,
            numerator=_sum(plan),
            denominator=str(plan.compared),
            missing=plan.missing,
        ),
        Input(
            indicator=GAIN,
            numerator=_sum(plan),
            denominator=str(plan.compared),
            missing=plan.missing,
            before_numerator=_sum(before),
            before_denominator=str(before.compared),
        ),
        Input(indicator=MOVES, numerator=str(known.moves), denominator=str(known.dated)),
    ]
    return tuple(replace(one, exempt=exempt.get((unit, one.indicator), "")) for one in made)


def _rate(name: str, rate: Rate) -> Input:
    return Input(
        indicator=name,
        numerator=str(rate.kept),
        denominator=str(rate.due - rate.waiting),
        waiting=rate.waiting,
    )


def _sum(plan: Planned) -> str:
    """The sum of shares as a decimal with at most six places."""
    return canonical_decimal(exact(plan.millionths).scaleb(-PLACES))
