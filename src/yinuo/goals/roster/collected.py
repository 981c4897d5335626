"""The marks of one sheet while a pass over it collects them."""

from dataclasses import dataclass, field

from yinuo.goals.roster.marks import Address, Area, Marks


@dataclass
class Collected:
    """Grows while the sheet is gone through."""

    merged: list[Area] = field(default_factory=list)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    formulas: set[Address] = field(default_factory=set)
    saved: set[Address] = field(default_factory=set)
    """Formulas with a result; of a pass that does not tell, `every_saved`."""
    every_saved: bool = True
    errors: dict[Address, str] = field(default_factory=dict)
    formats: dict[Address, str] = field(default_factory=dict)
    bottom: int = 0
    right: int = 0

    def reach(self, row: int, column: int) -> None:
        """Note that something stands there."""
        self.bottom, self.right = max(self.bottom, row), max(self.right, column)

    def marks(self) -> Marks:
        """What was collected."""
        return Marks(
            merged=tuple(self.merged),
            hidden_rows=frozenset(self.hidden_rows),
            hidden_columns=frozenset(self.hidden_columns),
            formulas=frozenset(self.formulas),
            unsaved=frozenset() if self.every_saved else frozenset(self.formulas - self.saved),
            errors=self.errors,
            formats=self.formats,
            bottom=self.bottom,
            right=self.right,
        )
