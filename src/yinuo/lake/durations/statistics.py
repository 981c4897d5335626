"""Count, mean, percentiles and distribution of `d` by keys, extremes left out by the rule."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
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
    source = engine.dialect.quantiles(table, keys, mills)
    columns = ["n", "total", "low", "high", *(f"q_{mill}" for mill in mills)]
    listed = ", ".join((*keys, *columns))
    if isinstance(wanted.trim, KeepAll):
        plain = f"SELECT {listed}, n AS kept, total AS kept_total FROM ({source}) AS q"  # noqa: S608  # our own names
        rows = engine.ask(plain)
    else:
        rows = engine.ask(_trimmed(engine, source, table, keys, listed, wanted.trim))
    distributions = _distributions(engine, table, keys, wanted.edges)
    found = {}
    for row in rows:
        key, figures = said(row[: len(keys)]), row[len(keys) :]
        named = dict(zip((*columns, "kept", "kept_total"), figures, strict=True))
        if named["n"]:
            found[key] = _stats(named, distributions.get(key, ()), wanted.trim)
    return found


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


def _distributions(
    engine: Engine, table: str, keys: Sequence[str], edges: Sequence[int]
) -> dict[tuple[str, ...], tuple[int, ...]]:
    """How many rows of each key lie below the first edge, between two, from the last on."""
    if not edges:
        return {}
    grouped = ", ".join((*keys, "bin"))
    placed = f"SELECT {', '.join((*keys, f'{_bin(edges)} AS bin'))} FROM {table}"  # noqa: S608  # our own names
    counted: dict[tuple[str, ...], list[int]] = {}
    for *key, place, number in engine.ask(
        f"SELECT {grouped}, count(*) FROM ({placed}) AS p GROUP BY {grouped}"  # noqa: S608
    ):
        counted.setdefault(said(key), [0] * (len(edges) + 1))[place] = number
    return {key: tuple(numbers) for key, numbers in counted.items()}


def _bin(edges: Sequence[int], first: int = 0) -> str:
    """The number of edges at or below `d`, found by halves.

    >>> _bin([60])
    'CASE WHEN d < 60 THEN 0 ELSE 1 END'
    """
    if not edges:
        return str(first)
    middle = len(edges) // 2
    below, above = _bin(edges[:middle], first), _bin(edges[middle + 1 :], first + middle + 1)
    return f"CASE WHEN d < {edges[middle]} THEN {below} ELSE {above} END"


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


def _stats(row: Mapping[str, Any], distribution: tuple[int, ...], trim: Trim) -> Stats:
    count, total = int(row["n"]), int(row["total"])
    kept, kept_total = int(row["kept"]), int(row["kept_total"])
    if isinstance(trim, LongestShare):
        # Equal durations at the limit: as many of them as the share leaves room for.
        room = count - count * trim.per_mille // PER_MILLE - kept
        limit = int(row[f"q_{PER_MILLE - trim.per_mille}"])
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
        distribution=distribution,
    )


def opened(engine: Engine, keys: Sequence[str]) -> dict[tuple[str, ...], Open]:
    """Open cases by keys, with their age."""
    source = engine.dialect.quantiles("opened", keys, [MEDIAN])
    listed = ", ".join((*keys, "n", "q_500", "high"))
    rows = engine.ask(f"SELECT {listed} FROM ({source}) AS q")  # noqa: S608  # our own names
    return {
        said(row[:-3]): Open(count=int(row[-3]), median_age=int(row[-2]), oldest=int(row[-1]))
        for row in rows
        if row[-3]
    }
