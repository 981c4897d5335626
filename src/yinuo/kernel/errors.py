"""The root of every error that Yinuo raises on purpose.

    YinuoError          what is wrong, where, and what to do next
    └── one class per situation, beside the function that raises it

A subclass sets `code` and composes its own sentence from fields.
"""

from dataclasses import dataclass
from typing import ClassVar


class YinuoError(Exception):
    """An error with a code, a place and a next step, readable by the person who can mend it."""

    code: ClassVar[str] = "YINUO-E000"
    """Stable name of the situation, such as `CLOCK-E002`; listed in docs/reference/errors.md."""
    status: ClassVar[int] = 400
    """The HTTP status a page or API answers with."""

    def __init__(self, what: str, *, place: str = "", next_step: str = "") -> None:
        super().__init__(what)
        self.what = what
        self.place = place
        self.next_step = next_step

    def __str__(self) -> str:
        place = f"［{self.place}］" if self.place else ""
        next_step = f" → {self.next_step}" if self.next_step else ""
        return f"{self.code}{place} {self.what}{next_step}"

    def as_dict(self) -> dict[str, str]:
        """The error as data, for `--json` and problem+json."""
        return {
            "code": self.code,
            "what": self.what,
            "place": self.place,
            "next": self.next_step,
        }


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One fault found in a file. Importers collect all of them before they give up."""

    code: str
    file: str = ""
    sheet: str = ""
    cell: str = ""
    field: str = ""
    value: str = ""
    """The raw value as it stands in the file."""
    rule: str
    """What is wrong: the rule that the value breaks."""
    next_step: str
    """What to do, in words the author of the file can follow."""

    @property
    def place(self) -> str:
        """Where it is, such as `plan.xlsx · 承诺!F12 · 完成时限`."""
        cell = "!".join(part for part in (self.sheet, self.cell) if part)
        return " · ".join(part for part in (self.file, cell, self.field) if part)

    def as_dict(self) -> dict[str, str]:
        """The finding as data, for `--json`."""
        return {
            "code": self.code,
            "file": self.file,
            "sheet": self.sheet,
            "cell": self.cell,
            "field": self.field,
            "value": self.value,
            "rule": self.rule,
            "next": self.next_step,
        }
