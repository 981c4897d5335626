"""What the values of a sheet do not tell: formulas, errors, formats, what is merged or hidden."""

from collections.abc import Mapping
from dataclasses import dataclass, field

Address = tuple[int, int]
"""Row and column, both from 1."""
MAX_COLUMNS = 256
MAX_AREA = 6_000_000
"""Cells of the rectangle around everything; whoever reads it holds it in memory whole."""


@dataclass(frozen=True)
class Area:
    """Merged cells, both ends included."""

    top: int
    left: int
    bottom: int
    right: int


@dataclass(frozen=True)
class Marks:
    """The marks of one sheet; only of cells that have any."""

    merged: tuple[Area, ...] = ()
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()
    formulas: frozenset[Address] = frozenset()
    unsaved: frozenset[Address] = frozenset()
    """Formulas that were saved without a result, as programs other than Excel do."""
    errors: Mapping[Address, str] = field(default_factory=dict)
    """Such as #N/A."""
    formats: Mapping[Address, str] = field(default_factory=dict)
    """Number formats of numbers and dates, unless the plain one."""
    bottom: int = 0
    right: int = 0
    """The farthest row and column with content."""

    @property
    def too_far(self) -> bool:
        """Whether the rectangle around the content is larger than any honest sheet."""
        return self.bottom * self.right > MAX_AREA
