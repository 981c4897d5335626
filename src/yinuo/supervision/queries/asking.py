"""What opening a round would ask of whom, and whether that is too much."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from yinuo.commitments.queries.asking import Choice, Chosen, choose
from yinuo.parties.viewer import Viewer
from yinuo.supervision.queries.burden import asked_elsewhere, asked_of
from yinuo.supervision.rounds.burden import Burden, Line, burden_of, why_twice
from yinuo.supervision.rounds.table import burden_table


@dataclass(frozen=True)
class Asking:
    """What a choice would ask, and of whom."""

    chosen: tuple[Chosen, ...]
    unowned: int
    unknown: tuple[str, ...]
    too_many: int
    lines: tuple[Line, ...]
    """One of every commitment, with what it asks twice."""
    new: Mapping[str, Burden]
    """Unit → what this round asks of it."""
    month: Mapping[str, Burden]
    """Unit → everything asked of it this month, this round included."""
    refused: Mapping[str, str]
    """Unit → why the table of burden does not let it be asked."""
    edition: int
    """Number of the publication of the table; 0 while none is in force."""

    @property
    def total(self) -> Burden:
        """What the whole round asks."""
        return sum(self.new.values(), Burden())


def foresee(*, wanted: Choice, as_of: date, viewer: Viewer, today: date) -> Asking:
    """What opening a round with this choice would ask of whom."""
    found = choose(viewer=viewer, wanted=wanted, as_of=as_of, today=today)
    codes = [one.code for one in found.chosen]
    elsewhere = asked_elsewhere(commitments=codes, as_of=as_of, viewer=viewer)
    held = frozenset(one.code for one in found.chosen if one.held)
    lines = tuple(
        Line(
            unit=one.unit,
            commitment=one.code,
            fields=1 + one.asks_figure,
            twice=why_twice(one.code, held=held, asked_elsewhere=elsewhere),
        )
        for one in found.chosen
    )
    new = burden_of(lines)
    before = asked_of(units=list(new), on=today, viewer=viewer)
    month = {unit: before[unit] + new[unit] for unit in new}
    table = burden_table(today)
    whys = {unit: table.why_not(new[unit], month[unit]) for unit in new}
    return Asking(
        chosen=found.chosen,
        unowned=found.unowned,
        unknown=found.unknown,
        too_many=found.too_many,
        lines=lines,
        new=new,
        month=month,
        refused={unit: why for unit, why in whys.items() if why},
        edition=table.number,
    )
