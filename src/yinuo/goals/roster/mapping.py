"""What a person decided about a foreign sheet, remembered for the next one of the same shape."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from yinuo.commitments.commands.register import NewDocument
from yinuo.goals.roster.fields import BY_NAME, IDENTITY, IDENTITY_HEADER
from yinuo.goals.roster.guess import Guess
from yinuo.goals.roster.layout import Layout, SheetColumn
from yinuo.kernel.canonical import Canonical, canonical_bytes
from yinuo.kernel.errors import YinuoError

FORMAT = 1
"""Of the JSON."""


class MappingInvalid(YinuoError):
    """A remembered mapping that cannot be read."""

    code = "GOALS-E121"

    def __init__(self, what: str) -> None:
        super().__init__(f"列的对应关系读不出来：{what}", next_step="请重新对应各列")


@dataclass(frozen=True, kw_only=True)
class Defaults:
    """What the sheet does not say."""

    plan: str
    """Code of the plan that the rows belong to."""
    title: str
    """Of the plan."""
    office: str
    """Code of the unit that supervises it."""
    document: NewDocument
    """Where the tasks were said, unless a row says otherwise."""
    creditor: str = "社会公众"
    kind: str = "measure"
    """Kind of commitment."""
    year: int
    """The year that dates without one belong to."""
    prefix: str
    """Codes are this, a hyphen and the number of the row."""


@dataclass(frozen=True, kw_only=True)
class RosterMapping:
    """Which column holds what, and what the sheet does not say."""

    sheet: str
    header_first: int
    header_last: int
    columns: Mapping[str, str]
    """Signature of a column → our field; columns that are not here are not read."""
    defaults: Defaults
    units: Mapping[str, str] = field(default_factory=dict)
    """What the sheet calls a unit → its code, as a person decided."""

    def assigned(self, layout: Layout) -> dict[str, tuple[SheetColumn, ...]]:
        """Field → the columns that hold it, in their order."""
        found: dict[str, list[SheetColumn]] = {}
        for column in layout.columns:
            name = self.columns.get(column.signature, "")
            if column.added:
                name = IDENTITY if column.header.endswith(IDENTITY_HEADER) else ""
            if name in BY_NAME and (BY_NAME[name].many or name not in found):
                found.setdefault(name, []).append(column)
        return {name: tuple(columns) for name, columns in found.items()}

    def lost(self, layout: Layout) -> tuple[str, ...]:
        """Signatures that the layout does not have any more."""
        present = {column.signature for column in layout.columns}
        return tuple(
            signature
            for signature, name in self.columns.items()
            if signature not in present and name != IDENTITY
        )

    def as_json(self) -> dict[str, Canonical]:
        """As it is stored; see `from_json`."""
        defaults = self.defaults
        document = {
            name: value.isoformat() if isinstance(value, date) else value
            for name, value in vars(defaults.document).items()
        }
        return {
            "format": FORMAT,
            "sheet": self.sheet,
            "header": [self.header_first, self.header_last],
            "columns": dict(self.columns),
            "units": dict(self.units),
            "defaults": {**vars(defaults), "document": document},
        }


def from_json(stored: Mapping[str, Any]) -> RosterMapping:
    """The mapping that was stored. Raises `MappingInvalid`."""
    try:
        if stored["format"] != FORMAT:
            raise MappingInvalid(f"格式 {stored['format']} 不认识")
        first, last = stored["header"]
        defaults = dict(stored["defaults"])
        document = dict(defaults.pop("document"))
        said = document.get("said_date")
        document["said_date"] = date.fromisoformat(said) if said else None
        return RosterMapping(
            sheet=str(stored["sheet"]),
            header_first=int(first),
            header_last=int(last),
            columns={str(key): str(name) for key, name in stored["columns"].items()},
            units={str(key): str(code) for key, code in stored["units"].items()},
            defaults=Defaults(document=NewDocument(**document), **defaults),
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise MappingInvalid(f"{type(error).__name__} {error}") from error


def proposed(layout: Layout, guesses: Iterable[Guess], defaults: Defaults) -> RosterMapping:
    """The mapping that the guesses make, for a person to look over."""
    return RosterMapping(
        sheet=layout.sheet,
        header_first=layout.header_first,
        header_last=layout.header_last,
        columns={g.column.signature: g.field for g in guesses if g.field and g.field != IDENTITY},
        defaults=defaults,
    )


def signature(layout: Layout) -> str:
    """The same for every sheet with the same columns, in any order and of any year; 64 hex digits.

    Columns that we added when we gave the sheet back, and columns without a header, do not count.
    """
    own = sorted(c.signature for c in layout.columns if c.header and not c.added)
    return hashlib.sha256(canonical_bytes(own)).hexdigest()


def likeness(layout: Layout, remembered: RosterMapping) -> float:
    """The share of remembered columns that the layout has, from 0 to 1."""
    wanted: Sequence[str] = list(remembered.columns)
    if not wanted:
        return 0.0
    return 1 - len(remembered.lost(layout)) / len(wanted)
