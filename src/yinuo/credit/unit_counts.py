"""How promises ended, counted: the share by the original date, the other outcomes beside it. Pure.

The public score is 按期兑现 by the original date ÷ all that fell due.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from yinuo.commitments.ended import Ended
from yinuo.commitments.life import OUTCOME_LABELS, Outcome

MILLE = 1_000
ORDER = tuple(Outcome)


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
