"""What the pages of a race show beside its rows: the formula, and each indicator with its words."""

from collections.abc import Mapping
from dataclasses import dataclass

from yinuo.supervision.queries.races import UnitDetail
from yinuo.supervision.race.file import RaceFile
from yinuo.supervision.race.scheme import LOWEST, MOVES, Group, Terms
from yinuo.supervision.race.scoring import RATES, Counted, Input, Part
from yinuo.supervision.race.whatif import Change
from yinuo.supervision.race.words import BEHIND_WORDS, MEANINGS


@dataclass(frozen=True)
class Formula:
    """The scheme of groups that are compared alike."""

    groups: tuple[str, ...]
    scheme: Group
    whole: str
    """Sum of the weights."""


def formulas(file: RaceFile) -> tuple[Formula, ...]:
    """The schemes of a race, groups of the same one together."""
    alike: dict[object, list[Group]] = {}
    for group in file.groups.values():
        alike.setdefault((group.terms, group.ranking), []).append(group)
    return tuple(
        Formula(tuple(each.name for each in some), some[0], _whole(some[0]))
        for some in alike.values()
    )


def _whole(group: Group) -> str:
    weights = [each.weight for each in group.terms]
    whole = sum(map(float, weights))
    return f"{whole:g}"


@dataclass(frozen=True)
class IndicatorLine:
    """One indicator of one unit, in words."""

    part: Part
    terms: Terms
    given: Input
    meaning: str
    numerator: str
    denominator: str
    counted_name: str
    asked_name: str
    is_rate: bool
    less_is_better: bool
    few: bool
    missing: bool
    exempt: bool
    lowest: bool
    """Whether 未报送 counts like the lowest of the group."""
    change: Change | None
    """What would have lifted the unit a tier, if that can be said."""


def indicator_lines(detail: UnitDetail) -> tuple[IndicatorLine, ...]:
    """The indicators of a unit, in the order of its scheme; none for one in no group."""
    if detail.group is None:
        return ()
    terms: Mapping[str, Terms] = {each.indicator: each for each in detail.group.terms}
    wanted = detail.next_tier.changes if detail.next_tier else ()
    changes = {each.indicator: each for each in wanted}
    found = []
    for part in detail.result.parts:
        name = part.indicator
        given = detail.inputs.get(name, Input(indicator=name))
        found.append(
            IndicatorLine(
                part=part,
                terms=terms[name],
                given=given,
                meaning=MEANINGS[name],
                numerator=given.numerator,
                denominator=given.denominator,
                counted_name=BEHIND_WORDS[name][0],
                asked_name=BEHIND_WORDS[name][1],
                is_rate=name in RATES,
                less_is_better=name == MOVES,
                few=part.counted is Counted.FEW,
                missing=part.counted is Counted.MISSING,
                exempt=part.counted is Counted.EXEMPT,
                lowest=terms[name].missing == LOWEST,
                change=changes.get(name),
            )
        )
    return tuple(found)
