"""A plan as data: what a workbook states and what the database holds, in one form."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import date
from typing import Any, TypeAlias

from yinuo.commitments.commands.register import NewCommitment, NewDocument, NewObservation
from yinuo.parties.commands import NewUnit

Value: TypeAlias = str | int | date | tuple[str, ...] | None
NewRow: TypeAlias = NewCommitment | NewObservation

BETWEEN = "、"
"""Between the codes of a list, in a cell and in canonical text."""


@dataclass(frozen=True, kw_only=True)
class NewGoal:
    """A goal of the plan."""

    code: str
    number: int
    title: str
    parent: str | None = None


@dataclass(frozen=True, kw_only=True)
class PlanContent:
    """A whole plan. It is closed: every code that a row names stands in the plan itself.

    Of a foreign sheet it holds only what the sheet adds: its rows, and documents not yet known.
    """

    code: str
    title: str
    office: str
    """The unit that supervises it."""
    document: str
    documents: tuple[NewDocument, ...]
    units: tuple[NewUnit, ...]
    goals: tuple[NewGoal, ...]
    commitments: tuple[NewCommitment, ...]
    observations: tuple[NewObservation, ...]


@dataclass(frozen=True)
class Places:
    """Where each value of one sheet stands."""

    columns: Mapping[str, str]
    """Field → column letter."""
    rows: Mapping[str, int]
    """Code → row number."""
    fixed: Mapping[str, str] = field(default_factory=dict)
    """Field → address, in the sheet 计划, which holds one record downwards."""
    headers: Mapping[str, str] = field(default_factory=dict)
    """Field → header as it stands, where that is not the one of the plan's workbook."""

    def cell(self, code: str, field: str) -> str:
        """The address of one value, such as `F12`; empty where the sheet has none."""
        if field in self.fixed:
            return self.fixed[field]
        if code not in self.rows or field not in self.columns:
            return ""
        return f"{self.columns[field]}{self.rows[code]}"


@dataclass(frozen=True)
class PlanFile:
    """A workbook that passed every check."""

    name: str
    sha256: str
    content: PlanContent
    places: Mapping[str, Places]
    """By name of the sheet."""
    unstated: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """Code → fields whose cell is empty and whose value is a default, so states nothing."""
    without: frozenset[str] = frozenset()
    """Fields of a promise for which the file has no column; what is registered stands."""
    named: Mapping[str, str] = field(default_factory=dict)
    """Sheet of the plan workbook → the sheet of this file that stands for it, where it differs."""


def canonical_text(value: Any) -> str:  # noqa: ANN401  # any field of the records above
    """A value as it is compared and kept: ISO date, digits, codes sorted and joined by `、`.

    >>> canonical_text(date(2024, 12, 31)), canonical_text(None), canonical_text(("b", "a"))
    ('2024-12-31', '', 'a、b')
    """
    if value is None:
        return ""
    if isinstance(value, date):
        return value.isoformat()
    return BETWEEN.join(sorted(value)) if isinstance(value, tuple) else str(value)


def canonical_texts(row: Any) -> dict[str, str]:  # noqa: ANN401  # one of the records above
    """Field → canonical text, without the code and the unit that supervises the whole plan."""
    return {
        f.name: canonical_text(getattr(row, f.name))
        for f in fields(row)
        if f.name not in ("code", "creditor_unit")
    }
