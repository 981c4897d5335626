"""The orders in which steps follow each other, slowest first."""

from yinuo.lake.dialects import SEPARATOR
from yinuo.lake.durations.results import Variant
from yinuo.lake.durations.statistics import Wanted, stats_by
from yinuo.lake.engine import Engine


def slowest(engine: Engine, *, wanted: Wanted, most: int) -> tuple[tuple[Variant, ...], int]:
    """The slowest orders of steps within the ended cases by their mean, and how many there are.

    Only completions count, from the event that begins the measure to the one that ends it; at one
    instant in the order of the description. An order of fewer cases than the smallest group is
    left out.
    """
    dialect = engine.dialect
    case = dialect.name("case")
    said = dialect.sequence("step", ["us", "ord", "step"])
    engine.keep(
        "ordered",
        f"SELECT v.said, c.d FROM (SELECT o.{case}, {said} AS said FROM ("  # noqa: S608  # our own names
        f"SELECT o.{case}, o.step, o.us, o.ord FROM occurrences AS o "
        f"JOIN closed AS c ON c.{case} = o.{case} "
        f"WHERE o.lost = 0 AND o.us >= c.begins AND o.us <= c.ends) AS o "
        f"GROUP BY o.{case}) AS v JOIN closed AS c ON c.{case} = v.{case}",
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
    engine.keep("pieces", chosen)
    engine.keep("step_cases", "SELECT o.* FROM ordered AS o JOIN pieces AS c ON c.said = o.said")
    found = stats_by(engine, "step_cases", ["said"], wanted)
    variants = [
        Variant(steps=tuple(said.split(SEPARATOR)), stats=stats) for (said,), stats in found.items()
    ]
    variants.sort(key=lambda each: (-(each.stats.full_mean or 0), each.steps))
    return tuple(variants), number
