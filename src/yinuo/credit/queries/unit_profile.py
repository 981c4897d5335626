"""How a government unit keeps its word: its own profile, from the outcomes that credit takes over.

The public score is 按期兑现 by the original date ÷ all that fell due; the others stand beside it.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from yinuo.commitments.ended import Ended
from yinuo.commitments.life import OUTCOME_LABELS, Outcome
from yinuo.commitments.queries.ended import public_ended
from yinuo.commitments.registry import kind_named
from yinuo.kernel.errors import YinuoError
from yinuo.parties.queries import public_units

MILLE = 1_000
ORDER = tuple(Outcome)


class UnknownUnitProfile(YinuoError):
    """No such unit."""

    code = "CREDIT-E225"
    status = 404

    def __init__(self, unit: str) -> None:
        super().__init__(f"没有单位 {unit}", place=unit, next_step="请从单位名单里选")


@dataclass(frozen=True, kw_only=True)
class KindLine:
    """Commitments of one kind, or all of them."""

    label: str
    total: int
    fell_due: int
    """Whose original date is over; those that were waived are not among them."""
    on_time: int
    """Of those, kept by the original date."""
    outcomes: tuple[tuple[str, int], ...]
    """Word and count of every outcome there is, in the order of the life."""
    waiting: int
    """Overdue, and nobody has judged yet."""
    moved: int
    """Whose deadline was moved at least once."""

    @property
    def permille(self) -> int | None:
        """Share by the original date; None where nothing fell due."""
        return self.on_time * MILLE // self.fell_due if self.fell_due else None


@dataclass(frozen=True, kw_only=True)
class UnitProfile:
    """One unit."""

    unit: str
    name: str
    whole: KindLine
    kinds: tuple[KindLine, ...]


def public_unit_profile(*, unit: str, today: date) -> UnitProfile:
    """Public promises of a unit, and its promises to applicants as mere counts.

    Raises `UnknownUnitProfile`.
    """
    found = next((each for each in public_units() if each.code == unit), None)
    if found is None:
        raise UnknownUnitProfile(unit[:40])
    ended = list(public_ended(today=today, unit=unit))
    kinds = {each.kind: kind_named(each.kind) for each in ended}
    return UnitProfile(
        unit=unit,
        name=found.name,
        whole=counted("合计", ended, today),
        kinds=tuple(
            counted(kind.label, [each for each in ended if each.kind == name], today)
            for name, kind in sorted(kinds.items(), key=lambda one: (one[1].order, one[0]))
        ),
    )


def counted(label: str, ended: Iterable[Ended], today: date) -> KindLine:
    """Count outcomes. One that was kept before its day has fallen due with that."""
    rows = list(ended)
    due = [
        each
        for each in rows
        if each.due_original is not None
        and each.outcome != Outcome.WAIVED
        and (each.outcome or each.due_original < today)
    ]
    said = Counter(each.outcome for each in rows if each.outcome)
    return KindLine(
        label=label,
        total=len(rows),
        fell_due=len(due),
        on_time=sum(each.outcome == Outcome.KEPT_ON_TIME for each in due),
        outcomes=tuple((OUTCOME_LABELS[one], said[one]) for one in ORDER if said[one]),
        waiting=sum(not each.outcome for each in rows),
        moved=sum(each.moved > 0 for each in rows),
    )
