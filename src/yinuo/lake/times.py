"""Instants as files write them, read where only one reading is possible."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from enum import IntEnum
from functools import lru_cache

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from yinuo.kernel.written_dates import FIRST_SERIAL, LAST_SERIAL, SERIAL_ZERO, written_date

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
MICROSECONDS_PER_MINUTE = 60_000_000

_NAIVE = r"^\d{4}-\d{2}-\d{2}[ T]\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?$"
_ZONED = r"^\d{4}-\d{2}-\d{2}[ T]\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?(Z|[+-]\d{2}:?\d{2})$"
_WRITTEN = re.compile(
    r"(\d{4}年\d{1,2}月\d{1,2}日|\d{4}([-/.])\d{1,2}\2\d{1,2}|\d{8})[T ]?"
    r"(?:(\d{1,2})[:时点](\d{1,2})(?:[:分](\d{1,2})(?:[.,](\d{1,6})\d*)?秒?|分)?"
    r"|(\d{2})(\d{2})(\d{2}))(Z|[+-]\d{2}:?\d{2})?"
)
_SERIAL = re.compile(r"\d{5}\.\d+")


class Seen(IntEnum):
    """What a text of time turned out to be."""

    NAIVE = 0
    ZONED = 1
    MISSING = 2
    DATE_ONLY = 3
    UNREADABLE = 4


@dataclass(frozen=True)
class Read:
    """A column of times: microseconds since 1970, and what each was."""

    micros: np.ndarray
    """Whole numbers; of no meaning where `seen` is not naive or zoned."""
    seen: np.ndarray


def read_times(column: pa.Array, naive_minutes: int) -> Read:
    """Read texts, or Arrow timestamps with or without a zone. Naive ones get the offset."""
    if pa.types.is_timestamp(column.type):
        return _of_timestamps(column, naive_minutes)
    if pa.types.is_date(column.type):
        missing = column.is_null().to_numpy(zero_copy_only=False)
        seen = np.where(missing, Seen.MISSING, Seen.DATE_ONLY).astype(np.int8)
        return Read(np.zeros(len(column), np.int64), seen)
    return _of_texts(column, naive_minutes)


def _of_timestamps(column: pa.Array, naive_minutes: int) -> Read:
    zoned = column.type.tz is not None
    unit = pa.timestamp("us", tz=column.type.tz)
    micros = column.cast(unit, safe=False).cast(pa.int64()).fill_null(0).to_numpy()
    if not zoned:
        micros = micros - naive_minutes * MICROSECONDS_PER_MINUTE
    kind = Seen.ZONED if zoned else Seen.NAIVE
    missing = column.is_null().to_numpy(zero_copy_only=False)
    return Read(micros, np.where(missing, Seen.MISSING, kind).astype(np.int8))


def _of_texts(column: pa.Array, naive_minutes: int) -> Read:
    count = len(column)
    micros = np.zeros(count, np.int64)
    missing = column.is_null().to_numpy(zero_copy_only=False)
    seen = np.where(missing, Seen.MISSING, Seen.UNREADABLE).astype(np.int8)
    shift = naive_minutes * MICROSECONDS_PER_MINUTE
    for pattern, kind, unit, back in (
        (_NAIVE, Seen.NAIVE, pa.timestamp("us"), shift),
        (_ZONED, Seen.ZONED, pa.timestamp("us", tz="UTC"), 0),
    ):
        fits = pc.match_substring_regex(column, pattern).fill_null(fill_value=False)
        places = np.flatnonzero(fits.to_numpy(zero_copy_only=False))
        if not len(places):
            continue
        try:
            found = column.take(pa.array(places)).cast(unit).cast(pa.int64()).to_numpy()
        except pa.ArrowInvalid:
            continue  # a 30 February among them: one by one, below
        micros[places] = found - back
        seen[places] = kind
    for place in np.flatnonzero(seen == Seen.UNREADABLE):
        seen[place], micros[place] = read_time(column[place].as_py(), naive_minutes)
    return Read(micros, seen)


@lru_cache(maxsize=65_536)
def read_time(text: str, naive_minutes: int) -> tuple[Seen, int]:
    """One text as (what it is, microseconds since 1970).

    A day that may be a month, or seconds since some epoch, is never guessed.

    >>> read_time("2024年2月8日16时30分", 480)[1], read_time("2024-02-08T08:30Z", 480)[1]
    (1707381000000000, 1707381000000000)
    """
    compact = " ".join(unicodedata.normalize("NFKC", text).split())
    serial = _of_serial(compact)
    if serial is not None:
        return Seen.NAIVE, _micros(serial.replace(tzinfo=_zone(naive_minutes)))
    match = _WRITTEN.fullmatch(compact)
    if match is None:
        day = written_date(compact)
        return (Seen.UNREADABLE if day is None else Seen.DATE_ONLY), 0
    day = written_date(match[1])
    hour, minute, second = (match[3], match[4], match[5]) if match[3] else match.group(7, 8, 9)
    fraction = int((match[6] or "0").ljust(6, "0"))
    zone = match[10]
    try:
        if day is None:
            return Seen.UNREADABLE, 0
        moment = datetime(
            day.year, day.month, day.day, int(hour), int(minute), int(second or 0), fraction,
            tzinfo=_zone(naive_minutes) if zone is None else _zone(_minutes(zone)),
        )  # fmt: skip
        return (Seen.NAIVE if zone is None else Seen.ZONED), _micros(moment)
    except (ValueError, OverflowError):
        return Seen.UNREADABLE, 0


def _of_serial(text: str) -> datetime | None:
    """Excel's serial number of an instant, to the nearest second."""
    if not _SERIAL.fullmatch(text) or not FIRST_SERIAL <= float(text) <= LAST_SERIAL:
        return None
    seconds = round(float(text) * 86_400)
    return datetime(SERIAL_ZERO.year, SERIAL_ZERO.month, SERIAL_ZERO.day) + timedelta(  # noqa: DTZ001  # the file's own clock
        seconds=seconds
    )


def _zone(minutes: int) -> timezone:
    return timezone(timedelta(minutes=minutes))


def _minutes(offset: str) -> int:
    if offset == "Z":
        return 0
    digits = offset[1:].replace(":", "")
    minutes = int(digits[:2]) * 60 + int(digits[2:])
    return -minutes if offset[0] == "-" else minutes


def _micros(moment: datetime) -> int:
    return (moment - EPOCH) // MICROSECOND


def looks_like_time(text: str) -> bool:
    """Whether a text that should be a word is a time."""
    return read_time(text, 0)[0] in {Seen.NAIVE, Seen.ZONED, Seen.DATE_ONLY}
