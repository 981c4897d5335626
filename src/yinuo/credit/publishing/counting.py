"""Tallies of facts and of entities."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence

from yinuo.credit.publishing.entities import COLUMNS, MARK
from yinuo.credit.publishing.facts import ALIKE, HASHED, OWN_HASH
from yinuo.lake.engine import Engine
from yinuo.lake.releases.tally import Tally, names_hash, row_hash, tally_columns

Tallies = Mapping[tuple[str, str], Tally]
"""By the source and by how facts were joined."""


def counted(engine: Engine, source: str, table: str, columns: Sequence[str] = HASHED) -> str:
    """SQL: what `count_facts` asks of a table of facts of a source; `columns` may be more."""
    return f"SELECT {engine.dialect.text(source)} AS source, {', '.join(columns)} FROM {table}"  # noqa: S608


def count_facts(engine: Engine, table: str) -> Tallies:
    """Tallies of a table of what `counted` says."""
    sums = tally_columns(engine.dialect, "h")
    alike, dates = ", ".join(ALIKE), "CAST(first_seen AS STRING), CAST(last_seen AS STRING)"
    hashed = names_hash(engine.dialect, OWN_HASH)
    rows = engine.ask(
        f"SELECT source, how, batch, {dates}, {sums} FROM (SELECT source, {alike}, "  # noqa: S608
        f"{hashed} AS h FROM {table}) AS t GROUP BY source, {alike}"
    )
    found: defaultdict[tuple[str, str], Tally] = defaultdict(Tally)
    for source, how, batch, first, last, *said in rows:
        found[source, how] += Tally.of(*said).weighed(how, batch, first, last)
    return found


def count_entities(engine: Engine, table: str) -> Tally:
    """The tally of a table with the columns `MARK`."""
    low, high = map(engine.dialect.exact_sum.format, MARK)
    (row,) = engine.ask(f"SELECT count(*), {low}, {high} FROM {table}")  # noqa: S608  # our own names
    return Tally.of(*row)


def marked(engine: Engine, table: str) -> str:
    """SQL: entities with the two halves of a hash of each, by which they are tallied."""
    entity = engine.dialect.entity_text.format("entity")
    hashed = row_hash(engine.dialect, (entity, *COLUMNS[1:]))
    low, high = (half.format("h") for half in engine.dialect.halves)
    said = ", ".join((*COLUMNS, f"{low} AS {MARK[0]}", f"{high} AS {MARK[1]}"))
    return f"SELECT {said} FROM (SELECT *, {hashed} AS h FROM {table}) AS e"  # noqa: S608


def of_source(tallies: Tallies, source: str) -> Tally:
    """Of all facts of a source."""
    return sum((each for (name, _), each in tallies.items() if name == source), Tally())


def joined(tallies: Tallies) -> Counter[str]:
    """Facts by how they were joined."""
    found: Counter[str] = Counter()
    for (_, how), tally in tallies.items():
        found[how] += tally.rows
    return found
