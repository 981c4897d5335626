"""What was measured: whole microseconds, so that nothing is lost before it is shown."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from fractions import Fraction

MICROSECONDS_PER_HOUR = 3_600_000_000


def hours(micros: Fraction | int, places: int = 2) -> str:
    """Microseconds as hours, rounded half up, as a plain decimal.

    >>> hours(114_048_000_000), hours(3_024_000_000, 2)
    ('31.68', '0.84')
    """
    exact = Fraction(micros) / MICROSECONDS_PER_HOUR
    scaled = exact * 10**places
    whole = (2 * scaled.numerator + scaled.denominator) // (2 * scaled.denominator)
    shown = Decimal(whole).scaleb(-places)
    return str(shown.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP))


class Aside(StrEnum):
    """Why a case is in no average."""

    END_BEFORE_START = "终点早于起点"
    NO_START = "有终点没有起点"
    ABSURD = "时长超出合理范围"


@dataclass(frozen=True, kw_only=True)
class SetAside:
    """Cases that were left out of everything for one reason."""

    reason: Aside
    count: int
    samples: tuple[str, ...]
    """The first of them by name."""


@dataclass(frozen=True, kw_only=True)
class Stats:
    """Durations of some cases, in whole microseconds. Percentiles are by nearest rank."""

    count: int
    """Cases that have ended."""
    total: int
    kept: int
    """Those that remain when extremes are left out."""
    kept_total: int
    median: int | None
    p90: int | None
    shortest: int | None
    longest: int | None
    distribution: tuple[int, ...] = ()
    """Cases by the edges that were asked for: below the first, between them, from the last on."""

    @property
    def left_out(self) -> int:
        """Extremes left out of the official mean."""
        return self.count - self.kept

    @property
    def mean(self) -> Fraction | None:
        """The official mean: without extremes."""
        return Fraction(self.kept_total, self.kept) if self.kept else None

    @property
    def full_mean(self) -> Fraction | None:
        """The mean of all that have ended."""
        return Fraction(self.total, self.count) if self.count else None


@dataclass(frozen=True, kw_only=True)
class Open:
    """Cases that have started and not ended, with their age at the moment of measuring."""

    count: int = 0
    median_age: int | None = None
    oldest: int | None = None


@dataclass(frozen=True, kw_only=True)
class Group:
    """One line of a grouping."""

    keys: tuple[str, ...]
    """One value for each part of the grouping, such as `2024-11` and 海运; "" where none stands."""
    stats: Stats
    open: Open
    """By the month of their start, where the grouping has months."""
    small: bool
    """Whether so few have ended that the figures say little."""


@dataclass(frozen=True, kw_only=True)
class StepTime:
    """One step over all ended cases, within their measure."""

    step: str
    known: bool
    """Whether the description names it."""
    cases: int
    times: int
    """How often it occurred."""
    total: int
    """The time in which it ran, repeated and overlapping runs of itself counted once."""
    shared: Fraction
    """The same, divided by the number of steps that ran at that moment: these add up."""
    share: Fraction | None
    """`shared` as a part of the whole measure of all ended cases."""
    median: int | None
    """Per case in which it occurs."""
    p90: int | None
    timed: int
    """Occurrences with a start of their own; the others count from the event before."""
    unfinished: int
    """Starts without a completion, which have no duration."""


@dataclass(frozen=True, kw_only=True)
class Variant:
    """One order of steps."""

    steps: tuple[str, ...]
    stats: Stats


@dataclass(frozen=True, kw_only=True)
class MeasureResult:
    """One official measure."""

    name: str
    whole: Group
    groups: Mapping[tuple[str, ...], tuple[Group, ...]]
    """By the grouping that was asked for, in order of its keys."""
    not_begun: int
    """Cases with neither start nor end of this measure."""
    aside: tuple[SetAside, ...]
    steps: tuple[StepTime, ...] = ()
    idle: int | None = None
    """Time within the measure in which no step ran; None if steps were not asked for."""
    variants: tuple[Variant, ...] = ()
    """The slowest, by mean; only those of at least the smallest group that was asked for."""
    variant_count: int = 0


@dataclass(frozen=True, kw_only=True)
class Changed:
    """An attribute that has several values within one case; the first by time counts."""

    attribute: str
    cases: int
    samples: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Measured:
    """The result, with what it was made from."""

    log: str
    """Digest of the description."""
    events: int
    cases: int
    working_time: bool
    measures: tuple[MeasureResult, ...]
    changed: tuple[Changed, ...]
    unknown_steps: Mapping[str, int]
    """Steps that the description does not name, with their events."""

    def measure(self, name: str) -> MeasureResult:
        """The result of one measure; `KeyError` for one that was not measured."""
        return {each.name: each for each in self.measures}[name]
