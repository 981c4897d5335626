"""Columns of text or of typed values from whole arrays of numbers."""

from collections.abc import Sequence
from datetime import timedelta
from functools import lru_cache

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from yinuo.credit.simulation.luck import Ints, Mask
from yinuo.credit.simulation.names import chosen
from yinuo.credit.simulation.population import EPOCH

DAYS = 22_000
"""Days after `EPOCH` that can be written: up to the year 2040."""
DASHED, SLASHED, BARE, HAN = range(4)
"""Forms of a date: 2024-01-03, 2024/1/3, 20240103, 2024年1月3日."""
MONEY = pa.decimal128(18, 2)
_CENTS = pa.array([f".{cent:02}" for cent in range(100)])


@lru_cache
def _days() -> "pa.Array":
    days = [EPOCH + timedelta(number) for number in range(DAYS)]
    return pa.array(
        [f"{day:%Y-%m-%d}" for day in days]
        + [f"{day.year}/{day.month}/{day.day}" for day in days]
        + [f"{day:%Y%m%d}" for day in days]
        + [f"{day.year}年{day.month}月{day.day}日" for day in days]
    )


def dates(days: Ints, form: Ints | int = DASHED) -> "pa.Array":
    """Days after `EPOCH`, written."""
    return chosen(_days(), days + form * DAYS)


def typed_dates(days: Ints) -> "pa.Array":
    """Days after `EPOCH`, as dates."""
    since_1970 = (np.datetime64(EPOCH, "D").astype(np.int64) + days).astype(np.int32)
    return pa.array(since_1970).cast(pa.date32())


def money(hundredths: Ints) -> "pa.Array":
    """Amounts with two decimals, written: 1234 → 12.34."""
    above, cents = np.divmod(hundredths, 100)
    return pc.binary_join_element_wise(whole(above), chosen(_CENTS, cents), "")


def typed_money(hundredths: Ints) -> "pa.Array":
    """Amounts with two decimals, as decimals; none is negative."""
    wide = np.zeros((len(hundredths), 2), np.int64)
    wide[:, 0] = hundredths
    return pa.Array.from_buffers(MONEY, len(hundredths), [None, pa.py_buffer(wide)])


def whole(number: Ints) -> "pa.Array":
    """Whole numbers, written."""
    data = pa.py_buffer(np.ascontiguousarray(number, np.int64))
    return pa.Array.from_buffers(pa.int64(), len(number), [None, data]).cast(pa.string())


def only(column: "pa.Array", where: Mask) -> "pa.Array":
    """The column, empty elsewhere."""
    return (
        column if where.all() else pc.if_else(pa.array(where), column, pa.scalar(None, column.type))
    )


def joined(*parts: "pa.Array | str") -> "pa.Array":
    """The parts of each row, one behind the other."""
    return pc.binary_join_element_wise(*parts, "")


def of_words(words: Sequence[str], number: Ints) -> "pa.Array":
    """The word with each number; empty words are left empty."""
    return chosen(pa.array([word or None for word in words], pa.string()), number)
