"""The orders in which steps follow each other, slowest first."""

from collections.abc import Sequence

from yinuo.lake.dialects import SEPARATOR
from yinuo.lake.durations.cases import NUMBER
from yinuo.lake.durations.results import Variant
from yinuo.lake.durations.statistics import Wanted, stats_by
from yinuo.lake.engine import Engine


def slowest(
    engine: Engine, *, names: Sequence[str], wanted: Wanted, most: int
) -> tuple[tuple[Variant, ...], int]:
    """The slowest orders of steps within the ended cases by their mean, and how many there are.

    Only completions count, from the event that begins the measure to the one that ends it; at one
    instant in the order of the description. An order of fewer cases than the smallest group is
    left out.
    """
    dialect = engine.dialect
    said = dialect.sequence(dialect.item.format(dialect.texts(names), "code"), ["us", "code"])
    engine.keep(
        "ordered",
        f"SELECT said, d FROM (SELECT o.{NUMBER}, max(o.d) AS d, {said} AS said FROM ("  # noqa: S608  # our own names
        f"SELECT o.{NUMBER}, o.code, o.us, c.d FROM occurrences AS o "
        f"JOIN closed AS c ON c.{NUMBER} = o.{NUMBER} "
        f"WHERE o.lost = 0 AND o.us >= c.begins AND o.us <= c.ends) AS o "
        f"GROUP BY o.{NUMBER}) AS v",
    )
    total = dialect.exact_sum.format("d")
    counted = (
        f"SELECT said, count(*) AS n, CAST({total} AS DOUBLE) / count(*) AS mean "  # noqa: S608
        "FROM ordered GROUP BY said"
    )
    (number,) = engine.ask(f"SELECT count(*) FROM ({counted}) AS v")[0]  # noqa: S608
    chosen = (
        f"SELECT said FROM ({counted}) AS v WHERE n >= {wanted.smallest} "  # noqa: S608
        f"ORDER BY mean DESC, said LIMIT {most}"
    )
    engine.keep("slowest", chosen)
    engine.keep("slow_cases", "SELECT o.* FROM ordered AS o JOIN slowest AS c ON c.said = o.said")
    found = stats_by(engine, "slow_cases", ["said"], wanted)
    variants = [
        Variant(steps=tuple(said.split(SEPARATOR)), stats=stats) for (said,), stats in found.items()
    ]
    variants.sort(key=lambda each: (-(each.stats.full_mean or 0), each.steps))
    return tuple(variants), number
