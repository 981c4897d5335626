"""How things stand, counted."""

from dataclasses import dataclass, fields
from datetime import date

from django.db.models import Count

from yinuo.commitments.models import Observation
from yinuo.commitments.permission import visible_observations
from yinuo.commitments.queries.counted import Counted, counted
from yinuo.ledger.remembered import remembered
from yinuo.parties.viewer import Viewer


@dataclass(frozen=True)
class Standing:
    """The counts of one heading, or of all. Every count is of commitments but `reported`."""

    total: int = 0
    kept: int = 0
    overdue: int = 0
    waiting: int = 0
    """Declared delivered and not yet verified."""
    open: int = 0
    """Neither ended, nor delivered, nor overdue."""
    broken: int = 0
    ended: int = 0
    """Waived or withdrawn."""
    moved: int = 0
    undated: int = 0
    unowned: int = 0
    fell_due: int = 0
    """With an original deadline before today."""
    on_time: int = 0
    """Of those, kept by the original deadline: the public score's numerator."""
    reported: int = 0
    """Observations: promised to nobody, counted apart."""

    @classmethod
    def of(cls, counted: Counted) -> "Standing":
        """The same counts, with the overdue ones taken out of the open ones."""
        numbers = {f.name: getattr(counted, f.name, 0) for f in fields(cls)}
        return cls(**numbers | {"open": counted.open - counted.overdue})

    def __add__(self, other: "Standing") -> "Standing":
        return Standing(
            **{f.name: getattr(self, f.name) + getattr(other, f.name) for f in fields(self)}
        )


def standings(*, viewer: Viewer, today: date) -> dict[str, Standing]:
    """The counts by heading, for what the viewer may see."""
    by_heading = counted(viewer=viewer, dimension="heading", today=today)
    found = {heading: Standing.of(by_heading[heading]) for heading in sorted(by_heading)}
    for heading, number in _reported(viewer):
        found[heading] = found.get(heading, Standing()) + Standing(reported=number)
    return found


@remembered
def _reported(viewer: Viewer) -> list[tuple[str, int]]:
    """Observations the viewer may see, by heading."""
    seen = Observation.objects.filter(visible_observations(viewer)).order_by("heading")
    return list(seen.values_list("heading").annotate(n=Count("pk")))
