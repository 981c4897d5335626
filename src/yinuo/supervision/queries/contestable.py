"""What can be contested, and by whom: figures that others hold about a unit."""

from dataclasses import dataclass
from datetime import date

from yinuo.commitments.errors import UnknownCommitment
from yinuo.commitments.queries.contestable import (
    Figure,
    HeldByOthers,
    contestable_commitment,
    contestable_observation,
)
from yinuo.kernel.filestore import FileStore
from yinuo.parties.viewer import Viewer
from yinuo.supervision.contesting import COMMITMENT, OBSERVATION, RACE
from yinuo.supervision.errors.contests import NotContestable
from yinuo.supervision.errors.race import UnknownInRace, UnknownRace
from yinuo.supervision.queries.races import race_unit


@dataclass(frozen=True)
class Contestable:
    """Something with figures, as a unit may contest them."""

    about: str
    kind: str
    title: str
    unit: str | None
    office: str
    figures: tuple[Figure, ...]

    def figure(self, field: str) -> Figure | None:
        """The figure of a name."""
        return next((each for each in self.figures if each.field == field), None)

    def contested_by(self, viewer: Viewer) -> str | None:
        """The unit for which the viewer may contest; None for none.

        Where a source names no unit, any officer may say that it means theirs.
        """
        if self.unit is not None:
            return self.unit if self.unit in viewer.officer_of else None
        return min(viewer.officer_of, default=None)


def contestable(*, about: str, viewer: Viewer, today: date, store: FileStore) -> Contestable:
    """What `observation:X`, `commitment:X` or `race:X/UNIT` holds. Raises `NotContestable`."""
    kind, _, key = about.partition(":")
    try:
        found = _held(kind, key, viewer, today, store)
    except (UnknownCommitment, UnknownRace, UnknownInRace):
        found = None
    if found is None or not found.figures:
        raise NotContestable(about)
    return Contestable(about, kind, found.title, found.unit, found.office, found.figures)


def _held(
    kind: str, key: str, viewer: Viewer, today: date, store: FileStore
) -> HeldByOthers | None:
    if kind == COMMITMENT:
        return contestable_commitment(code=key, viewer=viewer, today=today)
    if kind == OBSERVATION:
        return contestable_observation(code=key, viewer=viewer)
    race, slash, unit = key.partition("/")
    if kind != RACE or not slash:
        return None
    shown = race_unit(code=race, unit=unit, store=store, viewer=viewer)
    figures = tuple(
        Figure(each.indicator, each.indicator, f"{each.numerator} / {each.denominator}")
        for each in shown.inputs.values()
    )
    return HeldByOthers(f"{shown.view.title}：{shown.unit.name}", unit, shown.view.office, figures)
