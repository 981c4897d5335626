"""A source to which something may have happened since a release."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from yinuo.lake.records.description import SourceDescription
from yinuo.lake.releases.release import Arrival


@dataclass(frozen=True, kw_only=True)
class Change:
    """One source to which something may have happened."""

    number: int
    source: SourceDescription
    batches: Sequence[Arrival]
    """All of them, oldest first."""
    known: int
    """How many of them are in the release."""
    folders: Sequence[Path]
    """Of the layers of the release."""

    @property
    def fresh(self) -> Sequence[Arrival]:
        """The new batches."""
        return self.batches[self.known :]

    @property
    def whole(self) -> int:
        """The place among the new ones of the last that delivers everything; -1 for none."""
        return max((at for at, batch in enumerate(self.fresh) if batch.whole), default=-1)
