"""Rules that a file can break, and the log that collects what was found. Pure."""

from dataclasses import dataclass, field
from enum import Enum

from yinuo.kernel.errors import Finding

LONGEST_VALUE = 120


class Coded(Enum):
    """A rule that data can break, as its permanent code and what it is about.

    Each kind of file lists its own: `EMPTY = "GOALS-E020", "必填而没有填"`. Codes with -E keep
    out what breaks them, with -Q somebody has to answer first, with -N they only inform.
    """

    @property
    def code(self) -> str:
        """The permanent code."""
        code: str = self.value[0]
        return code

    @property
    def title(self) -> str:
        """What the rule is about."""
        title: str = self.value[1]
        return title

    @property
    def blocks(self) -> bool:
        """Whether nothing is taken in that breaks it."""
        return "-E" in self.code


@dataclass(frozen=True, kw_only=True, slots=True)
class Spot:
    """Where in the file, and what stands there."""

    sheet: str = ""
    cell: str = ""
    field: str = ""
    value: str = ""


NOWHERE = Spot()


def finding(file: str, rule: Coded, what: str, next_step: str, spot: Spot = NOWHERE) -> Finding:
    """One finding; a long raw value is cut, as it only serves to be recognised."""
    raw = spot.value
    return Finding(
        code=rule.code,
        file=file,
        sheet=spot.sheet,
        cell=spot.cell,
        field=spot.field,
        value=raw if len(raw) <= LONGEST_VALUE else raw[:LONGEST_VALUE] + "…",
        rule=what,
        next_step=next_step,
    )


@dataclass
class Log:
    """Collects all findings of one file, in the order of the file."""

    file: str
    errors: list[Finding] = field(default_factory=list)
    notices: list[Finding] = field(default_factory=list)

    def add(self, rule: Coded, what: str, next_step: str, spot: Spot = NOWHERE) -> None:
        """Note one finding among the errors or the notices, as its rule says."""
        into = self.errors if rule.blocks else self.notices
        into.append(finding(self.file, rule, what, next_step, spot))
