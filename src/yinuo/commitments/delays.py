"""Whose delay it is: days late, shared out among the units that were waited for. Pure.

    start          original          end            days are civil days, intervals half-open
      |───────────────|───────────────|
                       ←──── delay ──→              end − original deadline
          [== 乙 ==)                                  waiting counts wherever it lies between
                 [==== 丙 ====)                       start and end; what two units held at once
          ←────── union ──────→                      counts once

The units waited for bear min(delay, union), split in proportion to the days each held (its own
union), rounded by the largest remainder so that the parts add up. The debtor bears the rest. The
rule and its reasons: docs/explanation/whose-delay.md.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Waiting:
    """Days in which the debtor waited for one unit, half-open; `until` None while it lasts."""

    unit: str
    since: date
    until: date | None


@dataclass(frozen=True)
class Share:
    """What one unit waited for held up, and what it therefore bears."""

    unit: str
    held: int
    """Days of the union of its intervals."""
    part: int
    """Days of the delay that fall to it."""


@dataclass(frozen=True)
class Delay:
    """Days late, and whose they are: `own` and the parts of `shares` add up to `total`."""

    total: int
    """Days from the original deadline to the end; 0 where it was met, or where there is none."""
    extended: int
    """Of `total`, days covered by an approved later deadline."""
    own: int
    waited: int
    """Days on which at least one unit was waited for."""
    overlap: int
    """Days on which two or more were waited for at once."""
    shares: tuple[Share, ...]
    """By unit code; units that held no day are left out."""


def _days(waitings: Iterable[Waiting], start: date, end: date) -> set[int]:
    """The ordinal of every day of waiting between start and end."""
    found: set[int] = set()
    for one in waitings:
        first = max(one.since, start)
        last = end if one.until is None else min(one.until, end)
        found.update(range(first.toordinal(), last.toordinal()))
    return found


def _split(amount: int, weights: Mapping[str, int]) -> dict[str, int]:
    """`amount` in proportion to the weights, whole, adding up; ties go by unit code."""
    whole = sum(weights.values())
    if not whole:
        return {}
    parts = {unit: amount * weight // whole for unit, weight in weights.items()}
    left = amount - sum(parts.values())
    by_rest = sorted(weights, key=lambda unit: (-(amount * weights[unit] % whole), unit))
    for unit in by_rest[:left]:
        parts[unit] += 1
    return parts


def delay(
    *,
    start: date,
    due_original: date | None,
    due: date | None,
    end: date,
    waitings: Sequence[Waiting],
) -> Delay:
    """How many days late, and who bears how many; `end` is the day of delivery, or today.

    >>> from datetime import date as d
    >>> found = delay(
    ...     start=d(2024, 3, 1), due_original=d(2024, 6, 30), due=d(2024, 6, 30),
    ...     end=d(2024, 7, 20), waitings=[Waiting("B", d(2024, 6, 1), d(2024, 6, 13))],
    ... )
    >>> (found.total, found.own, found.shares)
    (20, 8, (Share(unit='B', held=12, part=12),))
    """
    total = max(0, (end - due_original).days) if due_original else 0
    extended = max(0, (due - due_original).days) if due and due_original else 0
    by_unit: defaultdict[str, list[Waiting]] = defaultdict(list)
    for one in waitings:
        by_unit[one.unit].append(one)
    days = {unit: _days(some, start, end) for unit, some in by_unit.items()}
    held = {unit: len(found) for unit, found in sorted(days.items()) if found}
    waited = len(set().union(*days.values()))
    borne = min(total, waited)
    parts = _split(borne, held)
    counted: defaultdict[int, int] = defaultdict(int)
    for found in days.values():
        for day in found:
            counted[day] += 1
    return Delay(
        total=total,
        extended=min(total, extended),
        own=total - borne,
        waited=waited,
        overlap=sum(n > 1 for n in counted.values()),
        shares=tuple(Share(unit, held[unit], parts[unit]) for unit in held),
    )


def delay_lines(found: Delay, *, debtor: str, names: Mapping[str, str]) -> tuple[str, ...]:
    """The account in sentences, from the total to each share; `names` maps units to names."""
    if not found.total:
        lines = ["没有超过原定时限。"]
        if found.waited:
            lines.append(f"等待其他单位共 {found.waited:,} 天，没有造成逾期，不分摊。")
        return tuple(lines)
    lines = [f"比原定时限晚 {found.total:,} 天（自然日）。"]
    if found.extended:
        lines.append(f"其中 {found.extended:,} 天在批准顺延的时限之内。")
    if not found.waited:
        return (*lines, f"没有已认可或裁定成立的卡点，全部由{debtor}承担。")
    several = "、".join(f"{names.get(s.unit, s.unit)} {s.held:,} 天" for s in found.shares)
    lines.append(f"等待过：{several}；合并计 {found.waited:,} 天。")
    if found.overlap:
        lines.append(f"有 {found.overlap:,} 天同时等待两个以上单位，合并时只计一次。")
    lines += [f"{names.get(s.unit, s.unit)}承担 {s.part:,} 天。" for s in found.shares]
    return (*lines, f"{debtor}承担 {found.own:,} 天。")
