"""The root of every error that Yinuo raises on purpose.

    YinuoError          what is wrong, where, and what to do next
    ├── Plain           the same words each time but for the thing it is about
    ├── WrongStep       a step that does not follow from where something stands
    ├── Faulty          data with findings, of which the first is said
    ├── InvalidFields   values of a form, each fault with its field
    └── one class per situation

A situation is a class beside the function that raises it, with its permanent `code`. Below one of
the four it gives its words alone (`said`, `step`); else it composes its sentence from fields.
"""

from collections.abc import Iterable
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


class Plain(YinuoError):
    """Words that are the same each time but for the thing they are about. Not raised itself."""

    said: ClassVar[str]
    """The sentence; `{place}` stands for the thing."""
    step: ClassVar[str]
    """What to do next."""
    longest: ClassVar[int | None] = None
    """How many characters of the place are shown, where a stranger typed it."""

    def __init__(self, place: str) -> None:
        super().__init__(
            self.said.format(place=place), place=place[: self.longest], next_step=self.step
        )


class WrongStep(YinuoError):
    """A step that does not follow from where something stands. Not raised itself."""

    status = 409
    said: ClassVar[str] = "当前状态为“{state}”，不能{wanted}"
    """The sentence, with `{code}` of the thing, its `{state}` in words and what was `{wanted}`."""
    step: ClassVar[str] = "请刷新页面，看清最新状态"

    def __init__(self, code: str, state: str, wanted: str) -> None:
        super().__init__(
            self.said.format(code=code, state=state, wanted=wanted),
            place=code,
            next_step=self.step,
        )


class Faulty(YinuoError):
    """Data with faults: the subclass says of what, the findings the rest. Not raised itself."""

    said: ClassVar[str]
    """The sentence, with `{count}` for how many and `{first}` for what is wrong with the first."""
    step: ClassVar[str] = ""
    """What to do next; empty where the first finding says it."""

    def __init__(self, findings: Iterable[Finding]) -> None:
        self.findings = tuple(findings)
        first = self.findings[0]
        super().__init__(
            self.said.format(count=len(self.findings), first=first.rule),
            place=first.place,
            next_step=self.step or first.next_step,
        )


class InvalidFields(YinuoError):
    """Values that break a rule, each with its field for a form to show. Not raised itself."""

    def __init__(self, place: str, faults: Iterable[tuple[str, str]]) -> None:
        self.faults = tuple(faults)
        super().__init__(
            "；".join(what for _field, what in self.faults),
            place=place,
            next_step="请改正后重新提交",
        )
