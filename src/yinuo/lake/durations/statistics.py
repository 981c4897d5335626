"""Count, mean, percentiles and distribution of `d` by keys, extremes left out by the rule."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from yinuo.lake.durations.results import Open, Stats
from yinuo.lake.engine import Engine
from yinuo.lake.trimming import PER_MILLE, Fences, KeepAll, LongestShare, Trim

MEDIAN, P90 = 500, 900
QUARTILES = (250, 750)


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """What is asked of every group."""

    trim: Trim
    edges: tuple[int, ...]
    smallest: int


def stats_by(
    engine: Engine, table: str, keys: Sequence[str], wanted: Wanted
) -> dict[tuple[str, ...], Stats]:
    """Statistics of the table's `d` by its keys, which are quoted names of text columns."""
    mills = sorted({MEDIAN, P90, *_asked(wanted.trim)})
    bins = _bins(wanted.edges)
    source = engine.dialect.quantiles(table, keys, mills, bins)
    columns = ["n", "total", "low", "high", *(f"q_{mill}" for mill in mills)]
    columns += [f"b_{place}" for place in range(len(wanted.edges) + 1) if wanted.edges]
    listed = ", ".join((*keys, *columns))
    if isinstance(wanted.trim, KeepAll):
        plain = f"SELECT {listed}, n AS kept, total AS kept_total FROM ({source}) AS q"  # noqa: S608  # our own names
        rows = engine.ask(plain)
    else:
        rows = engine.ask(_trimmed(engine, source, table, keys, listed, wanted.trim))
    return {
        said(row[: len(keys)]): _stats(
            dict(zip((*columns, "kept", "kept_total"), row[len(keys) :], strict=True)), wanted
        )
        for row in rows
        if row[len(keys)]
    }


def said(values: Sequence[str | int]) -> tuple[str, ...]:
    """The values of keys as texts; a month is the only number among them.

    >>> said(("海运", 202411))
    ('海运', '2024-11')
    """
    return tuple(
        value if isinstance(value, str) else f"{value // 100}-{value % 100:02}" for value in values
    )


def _asked(trim: Trim) -> tuple[int, ...]:
    """The percentiles by which the rule finds its extremes."""
    match trim:
        case Fences():
            return QUARTILES
        case LongestShare(per_mille):
            return (PER_MILLE - per_mille,)
    return ()


def _bins(edges: Sequence[int]) -> str:
    if not edges:
        return ""
    tests = [f"d < {edges[0]}"]
    tests += [f"d >= {a} AND d < {b}" for a, b in pairwise(edges)]
    tests.append(f"d >= {edges[-1]}")
    counted = (
        f"sum(CASE WHEN {test} THEN 1 ELSE 0 END) AS b_{place}" for place, test in enumerate(tests)
    )
    return ", " + ", ".join(counted)


def _trimmed(  # noqa: PLR0917  # one call, above
    engine: Engine, source: str, table: str, keys: Sequence[str], listed: str, trim: Trim
) -> str:
    """The same with the count and the sum of what the rule keeps.

    Integers throughout: both sides of a comparison are multiplied by a thousand.
    """
    low, high = QUARTILES
    match trim:
        case Fences(k_mille):
            spread = f"{k_mille} * (q_{high} - q_{low})"
            test = (
                f"t.d * {PER_MILLE} >= s.q_{low} * {PER_MILLE} - s.spread "
                f"AND t.d * {PER_MILLE} <= s.q_{high} * {PER_MILLE} + s.spread"
            )
        case LongestShare(per_mille):
            spread = "0"
            test = f"t.d < s.q_{PER_MILLE - per_mille}"
        case _:
            raise TypeError(trim)
    kept = f"CASE WHEN {test} THEN t.d ELSE 0 END"
    total = engine.dialect.exact_sum.format(kept)
    of_rows = " AND ".join(f"t.{key} = s.{key}" for key in keys) or "1 = 1"
    of_groups = " AND ".join(f"k.{key} = s.{key}" for key in keys) or "1 = 1"
    own = ", ".join(f"t.{key}" for key in keys)
    columns = ", ".join(f"s.{each}" for each in listed.split(", "))
    return (
        f"WITH s AS (SELECT *, {spread} AS spread FROM ({source}) AS q), "  # noqa: S608  # our own names
        f"k AS (SELECT {own}{', ' if keys else ''}sum(CASE WHEN {test} THEN 1 ELSE 0 END) AS kept, "
        f"{total} AS kept_total FROM {table} AS t JOIN s ON {of_rows}"
        f"{f' GROUP BY {own}' if keys else ''}) "
        f"SELECT {columns}, k.kept, k.kept_total FROM s JOIN k ON {of_groups}"
    )


def _stats(row: Mapping[str, Any], wanted: Wanted) -> Stats:
    count, total = int(row["n"]), int(row["total"])
    kept, kept_total = int(row["kept"]), int(row["kept_total"])
    if isinstance(wanted.trim, LongestShare):
        # Equal durations at the limit: as many of them as the share leaves room for.
        room = count - count * wanted.trim.per_mille // PER_MILLE - kept
        limit = int(row[f"q_{PER_MILLE - wanted.trim.per_mille}"])
        kept, kept_total = kept + room, kept_total + room * limit
    return Stats(
        count=count,
        total=total,
        kept=kept,
        kept_total=kept_total,
        median=int(row[f"q_{MEDIAN}"]),
        p90=int(row[f"q_{P90}"]),
        shortest=int(row["low"]),
        longest=int(row["high"]),
        distribution=tuple(
            int(row[f"b_{place}"]) for place in range(len(wanted.edges) + 1) if wanted.edges
        ),
    )


def opened(engine: Engine, keys: Sequence[str]) -> dict[tuple[str, ...], Open]:
    """Open cases by keys, with their age."""
    source = engine.dialect.quantiles("opened", keys, [MEDIAN], "")
    listed = ", ".join((*keys, "n", "q_500", "high"))
    rows = engine.ask(f"SELECT {listed} FROM ({source}) AS q")  # noqa: S608  # our own names
    return {
        said(row[:-3]): Open(count=int(row[-3]), median_age=int(row[-2]), oldest=int(row[-1]))
        for row in rows
        if row[-3]
    }
