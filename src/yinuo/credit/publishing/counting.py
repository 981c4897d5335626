"""Tallies of facts and of entities."""

from collections.abc import Mapping

from yinuo.credit.publishing.entities import COLUMNS
from yinuo.credit.publishing.facts import HASHED
from yinuo.lake.engine import Engine
from yinuo.lake.releases.tally import Tally, row_hash, tally_columns


def count_facts(engine: Engine, table: str) -> Mapping[str, Tally]:
    """Tallies of a table of facts by `how`."""
    sums = tally_columns(engine.dialect, "h")
    rows = engine.ask(
        f"SELECT how, {sums} FROM (SELECT how, {row_hash(HASHED)} AS h FROM {table}) AS t "  # noqa: S608
        "GROUP BY how"
    )
    return {how: Tally.of(*said) for how, *said in rows}


def count_entities(engine: Engine, table: str) -> Tally:
    """The tally of a table of entities."""
    sums = tally_columns(engine.dialect, "h")
    hashed = f"SELECT {row_hash(COLUMNS)} AS h FROM {table}"  # noqa: S608  # our own names
    (row,) = engine.ask(f"SELECT {sums} FROM ({hashed}) AS t")  # noqa: S608
    return Tally.of(*row)


def total(tallies: Mapping[str, Tally]) -> Tally:
    """All of them together."""
    return sum(tallies.values(), Tally())
