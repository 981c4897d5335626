"""What FEEL values are in Python.

    number                       Decimal, at most 34 digits (IEEE 754 decimal128, half to even)
    string, boolean, null        str, bool, None
    list, context                list, dict
    date, time, date and time    Date, Time, DateTime: years up to ±999,999,999, nanoseconds
    days and time duration       DayDuration
    years and months duration    MonthDuration
    range, function              Range, Function

Lists and contexts are never changed once made. Values are compared by `equality` and `ordering`,
not by Python's `==`, which knows nothing of time zones or three answers.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Context, Decimal, DivisionByZero, InvalidOperation, Overflow
from typing import TypeAlias

from yinuo.rules.feel.syntax import ANY_TYPE, Type

ARITHMETIC = Context(
    prec=34,
    rounding=ROUND_HALF_EVEN,
    Emin=-6143,
    Emax=6144,
    traps=[InvalidOperation, DivisionByZero, Overflow],
)
"""How FEEL calculates: decimal128, without NaN and infinities."""
NANOS = 10**9
DAY_SECONDS = 86_400
DAY_NANOS = DAY_SECONDS * NANOS


class NoValue(Exception):
    """A part of an expression that has no value; the text says why. It becomes null and a note."""


@dataclass(frozen=True, slots=True)
class Note:
    """Why something became null."""

    where: str
    """The part of the expression, as FEEL writes it."""
    what: str
    """The reason, in words."""

    def __str__(self) -> str:
        return f"“{self.where}”：{self.what}" if self.where else self.what


@dataclass(frozen=True, slots=True)
class Date:
    """A day of the proleptic Gregorian calendar; year 0 exists."""

    year: int
    month: int
    day: int


@dataclass(frozen=True, slots=True)
class Zone:
    """A fixed offset, or a region of the tz database that has one for every instant."""

    offset: int | None = None
    """Seconds east of UTC; None of a region."""
    region: str = ""


UTC = Zone(0)


@dataclass(frozen=True, slots=True)
class Time:
    """A time of day; without a zone it is that of whoever reads it."""

    nanos: int
    """Nanoseconds since midnight by that clock."""
    zone: Zone | None = None

    @property
    def hour(self) -> int:
        """0 to 23."""
        return self.nanos // (3600 * NANOS)

    @property
    def minute(self) -> int:
        """0 to 59."""
        return self.nanos // (60 * NANOS) % 60

    @property
    def second(self) -> int:
        """0 to 59."""
        return self.nanos // NANOS % 60


@dataclass(frozen=True, slots=True)
class DateTime:
    """A day and a time of it."""

    date: Date
    time: Time


@dataclass(frozen=True, slots=True, order=True)
class DayDuration:
    """A days and time duration."""

    nanos: int


@dataclass(frozen=True, slots=True, order=True)
class MonthDuration:
    """A years and months duration."""

    months: int


@dataclass(frozen=True, slots=True)
class Range:
    """From low to high; an end that is None is open without limit."""

    low: "Value"
    high: "Value"
    includes_low: bool = True
    includes_high: bool = True


@dataclass(frozen=True, slots=True)
class Formal:
    """A parameter as a function declares it."""

    name: str
    type: Type = ANY_TYPE
    optional: bool = False
    variadic: bool = False
    """Takes all further arguments; they arrive as one list."""
    needed: bool = False
    """Null does not do."""
    others: tuple[Type, ...] = ()
    """Further types that do."""


@dataclass(frozen=True, slots=True)
class Signature:
    """One way to call a function. `apply` gets one value a parameter and may raise `NoValue`."""

    parameters: tuple[Formal, ...]
    apply: Callable[[Sequence["Value"]], "Value"]


@dataclass(frozen=True, eq=False, slots=True)
class Function:
    """A function: built in, written in FEEL, or a business knowledge model.

    Of several signatures the first that fits the arguments is called.
    """

    name: str
    signatures: tuple[Signature, ...]
    result: Type = ANY_TYPE
    is_lenient: bool = False
    """Whether an argument or a result that does not fit becomes null, with a note, as the standard
    has it for functions of a model; built-in ones have no value then."""


Value: TypeAlias = (
    Decimal
    | str
    | bool
    | Date
    | Time
    | DateTime
    | DayDuration
    | MonthDuration
    | Range
    | Function
    | list["Value"]
    | dict[str, "Value"]
    | None
)


def function(
    name: str,
    parameters: Sequence[Formal],
    apply: Callable[[Sequence[Value]], Value],
    result: Type = ANY_TYPE,
) -> Function:
    """A function with one signature, such as a business knowledge model."""
    return Function(name, (Signature(tuple(parameters), apply),), result, is_lenient=True)
