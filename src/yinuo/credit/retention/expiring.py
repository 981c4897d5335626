"""Which records are past their time.

A record counted from a day is kept for whole years: on the same day of the last year it may go, one
of 29 February on 1 March. Its newest version says from which day; where that has none, the day on
which the record first came.
"""

from collections.abc import Sequence
from datetime import date

from yinuo.credit.publishing.live import named_again, versions
from yinuo.lake.engine import Engine
from yinuo.lake.records.description import SourceDescription
from yinuo.lake.releases.release import Arrival

_FEBRUARY, _LEAP = 2, 29


def cutoff(source: SourceDescription, on: date) -> date | None:
    """Records counted from that day or before are past their time; None: kept for ever.

    >>> years_before(date(2029, 2, 28), 5), years_before(date(2028, 2, 29), 5)
    (datetime.date(2024, 2, 28), datetime.date(2023, 2, 28))
    """
    years = source.retention.years
    return years_before(on, years) if years else None


def years_before(on: date, years: int) -> date:
    """The same day so many years before; 28 February where there is none."""
    if (on.month, on.day) == (_FEBRUARY, _LEAP):
        return date(on.year - years, _FEBRUARY, _LEAP - 1)
    return on.replace(year=on.year - years)


def find_expired(
    engine: Engine, source: SourceDescription, batches: Sequence[Arrival], on: date, table: str
) -> int:
    """Make the ids of records past their time a table of this name; how many they are.

    `batches`: every one of the source, oldest first; revoked and replaced versions count too.
    """
    last = cutoff(source, on)
    if last is None or not batches:
        engine.keep(table, "SELECT '' AS record WHERE false")
        return 0
    versions(engine, source, batches, table)
    again = named_again(engine, batches, table)
    first, join, newest = "v.day", "", "true"
    if again:
        first = "coalesce(g.first_on, v.day)"
        join = f"LEFT JOIN {again} AS g ON g.record = v.record"
        newest = "coalesce(g.row_place, v.place) = v.place"
    said = source.retention.counted_from
    counted = f"coalesce(v.{engine.dialect.name(said)}, {first})" if said else first
    record = engine.dialect.name_text.format("v.record")
    engine.keep(
        table,
        f"SELECT {record} AS record FROM {table}_v AS v {join} "  # noqa: S608  # our own names
        f"WHERE {newest} AND {counted} <= DATE '{last.isoformat()}'",
    )
    ((count,),) = engine.ask(f"SELECT count(*) FROM {table}")  # noqa: S608
    return int(count)
