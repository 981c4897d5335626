"""What SQL knows of a value before the first row is read: its kind.

    number                       DECIMAL(38, scale)
    string, boolean              VARCHAR, BOOLEAN
    date, date and time          DATE, TIMESTAMP of the place, without a zone
    days and time duration       seconds, DECIMAL(38, 9)
    years and months duration    months, BIGINT
    list, context                a list of one kind, a struct

Null is NULL of whatever kind. Everything else of FEEL is refused where it would become a column.
"""

from dataclasses import dataclass
from enum import IntEnum
from typing import TypeAlias

SECONDS_SCALE = 9
DIGITS = 38


class Certainty(IntEnum):
    """How a number lies to the one the window has, which keeps 34 digits."""

    ROUNDED = 0
    """Close to it."""
    SIDED = 1
    """Close to it, and on the same side of every number with as many places as are given."""
    EXACT = 2


@dataclass(frozen=True, slots=True)
class Number:
    """A number with so many places behind the point."""

    scale: int
    certainty: Certainty = Certainty.EXACT


@dataclass(frozen=True, slots=True)
class Text:
    """A string."""


@dataclass(frozen=True, slots=True)
class Truth:
    """A boolean."""


@dataclass(frozen=True, slots=True)
class Day:
    """A date."""


@dataclass(frozen=True, slots=True)
class Moment:
    """A date and time without a zone, to the microsecond."""


@dataclass(frozen=True, slots=True)
class Seconds:
    """A days and time duration."""


@dataclass(frozen=True, slots=True)
class Months:
    """A years and months duration."""


@dataclass(frozen=True, slots=True)
class Nothing:
    """Null, and nothing else."""


@dataclass(frozen=True, slots=True)
class Listed:
    """A list of one kind."""

    element: "Kind"


@dataclass(frozen=True, slots=True)
class Struct:
    """A context with these entries."""

    entries: tuple[tuple[str, "Kind"], ...]

    def entry(self, name: str) -> "Kind | None":
        """The kind of an entry."""
        return dict(self.entries).get(name)


Kind: TypeAlias = (
    Number | Text | Truth | Day | Moment | Seconds | Months | Nothing | Listed | Struct
)
TEXT, TRUTH, DAY, MOMENT = Text(), Truth(), Day(), Moment()
SECONDS, MONTHS, NOTHING = Seconds(), Months(), Nothing()
WHOLE = Number(0)

_WORDS: dict[type, str] = {
    Number: "数",
    Text: "文本",
    Truth: "是否",
    Day: "日期",
    Moment: "日期和时间",
    Seconds: "天数时长",
    Months: "月数时长",
    Nothing: "空",
    Listed: "列表",
    Struct: "上下文",
}


def word(kind: Kind) -> str:
    """What people call the kind."""
    return _WORDS[type(kind)]


def common(one: Kind, other: Kind) -> Kind | None:
    """The kind that values of both can be cast to without loss; None if there is none.

    >>> common(Number(2), Number(6))
    Number(scale=6, certainty=<Certainty.EXACT: 2>)
    >>> common(TEXT, WHOLE) is None
    True
    """
    match one, other:
        case (Nothing(), kind) | (kind, Nothing()):
            return kind
        case Number(), Number():
            return Number(max(one.scale, other.scale), min(one.certainty, other.certainty))
        case Listed(), Listed():
            element = common(one.element, other.element)
            return None if element is None else Listed(element)
        case Struct(), Struct():
            return _common_struct(one, other)
    return one if one == other else None


def _common_struct(one: Struct, other: Struct) -> Struct | None:
    theirs = dict(other.entries)
    if theirs.keys() != dict(one.entries).keys():
        return None
    entries: list[tuple[str, Kind]] = []
    for name, kind in one.entries:
        found = common(kind, theirs[name])
        if found is None:
            return None
        entries.append((name, found))
    return Struct(tuple(entries))
