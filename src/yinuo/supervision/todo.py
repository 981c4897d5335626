"""One thing that waits for one person, for the inbox that is ordered by what is due."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, kw_only=True)
class ToDo:
    """A line of the inbox. Each part of supervision answers `to_do(viewer=, today=)` with some."""

    due: date | None
    """The last day on which it is in time; None where no day was set."""
    what: str
    """The verb as the person reads it: 报送, 签收, 回复, 核实."""
    title: str
    """Of what."""
    under: str = ""
    """A second, quiet line: from whom, why."""
    page: str
    """Name of the address that does it."""
    args: tuple[str, ...] = ()
    """What the address takes."""
