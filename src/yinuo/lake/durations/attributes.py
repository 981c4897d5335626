"""What a case is grouped by: the smallest value among its events, and whether there are others.

DuckDB works an expression on a dictionary column out once a value, so there texts are counted by
number. Where attributes have few values, one whole number holds those of several, a bit each: all
of a case's values are then one `bit_or`, and rows without a value add none.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from yinuo.lake.dialects import Dialect
from yinuo.lake.engine import Engine

FEW = 256
"""Up to so many values of an attribute are compared by number instead of by text."""
BITS = 62
"""Values that one whole number holds."""
FIRST = 2_048
"""Rows among which values are looked for first."""

Sharing = dict[str, list[str]]
"""Attributes that share a whole number, with their values, which are its bits in this order."""


@dataclass(frozen=True)
class Attribute:
    """What one attribute says of a case, from the columns that were gathered."""

    name: str
    text: str
    """Its smallest value, "" where none stands."""
    changed: str
    """Whether there are several."""


@dataclass(frozen=True)
class Gathered:
    """How attributes come from events to cases."""

    of_event: tuple[str, ...]
    of_case: tuple[str, ...]
    """Aggregates of these."""
    attributes: tuple[Attribute, ...]


def gathered(engine: Engine, table: str, names: Sequence[str]) -> Gathered:
    """How attributes of a table of events are gathered, by the values that stand in it."""
    dialect = engine.dialect
    values = _values(engine, table, names) if dialect.by_code and names else {}
    shared = _shared({name: found for name, found in values.items() if 0 < len(found) <= BITS})
    alone = [name for name in names if not any(name in sharing for sharing in shared)]
    of_event, of_case, attributes = [], [], []
    for place, sharing in enumerate(shared):
        of_event.append(f"{_bits(dialect, sharing)} AS bits_{place}")
        of_case.append(f"bit_or(bits_{place}) AS bits_{place}")
        attributes += _from_bits(dialect, sharing, f"bits_{place}")
    for place, name in enumerate(alone):
        low, high, listed = f"low_{place}", f"high_{place}", values.get(name)
        code, text = dialect.name(name), f"coalesce({low}, '')"
        if listed:
            code = dialect.place.format(dialect.texts(listed), code)
            text = _text(dialect, listed, low)
        of_event.append(f"{code} AS code_{place}")
        of_case += [f"min(code_{place}) AS {low}", f"max(code_{place}) AS {high}"]
        attributes.append(Attribute(name, text, f"coalesce({low} <> {high}, FALSE)"))
    attributes.sort(key=lambda each: names.index(each.name))
    return Gathered(tuple(of_event), tuple(of_case), tuple(attributes))


def _values(engine: Engine, table: str, names: Sequence[str]) -> dict[str, list[str]]:
    """The texts of every attribute in order; none where there are more than a few.

    Most stand in the first rows. To look for others is quick then: a page whose dictionary has
    none is not read.
    """
    columns = ", ".join(map(engine.dialect.name, names))
    first = engine.ask(
        f"SELECT DISTINCT {columns} FROM (SELECT {columns} FROM {table} LIMIT {FIRST}) AS f"  # noqa: S608  # quoted
    )
    return {
        name: _completed(engine, table, name, {row[place] for row in first} - {None})
        for place, name in enumerate(names)
    }


def _completed(engine: Engine, table: str, name: str, seen: set[str]) -> list[str]:
    if len(seen) > FEW:
        return []
    column = engine.dialect.name(name)
    other = f"{column} IS NOT NULL"
    if seen:
        other = f"{column} NOT IN ({', '.join(map(engine.dialect.text, sorted(seen)))})"
    rest = engine.ask(f"SELECT DISTINCT {column} FROM {table} WHERE {other} LIMIT {FEW}")  # noqa: S608  # quoted
    found = seen | {value for (value,) in rest}
    return [] if len(found) > FEW else sorted(found)


def _shared(values: Mapping[str, list[str]]) -> list[Sharing]:
    """Attributes in their order, as many in one number as it holds."""
    shared: list[Sharing] = []
    for name, found in values.items():
        if not shared or sum(map(len, shared[-1].values())) + len(found) > BITS:
            shared.append({})
        shared[-1][name] = found
    return shared


def _bits(dialect: Dialect, sharing: Sharing) -> str:
    """The bits of an event; where no value stands, none."""
    parts, first = [], 0
    for name, values in sharing.items():
        listed = ", ".join(("NULL", *map(dialect.text, values)))
        place = dialect.place.format(f"[{listed}]", dialect.name(name))
        bits = [0, *(1 << first + n for n in range(len(values)))]
        parts.append(dialect.item.format(f"CAST({bits} AS BIGINT[])", place))
        first += len(values)
    return " | ".join(parts)


def _from_bits(dialect: Dialect, sharing: Sharing, column: str) -> list[Attribute]:
    """The lowest bit of an attribute is its smallest value."""
    found, first = [], 0
    for name, values in sharing.items():
        own = f"(({column} >> {first}) & {(1 << len(values)) - 1})"
        text = _text(dialect, values, f"bit_count(({own} & -{own}) - 1) + 1")
        found.append(Attribute(name, text, f"({own} & ({own} - 1)) <> 0"))
        first += len(values)
    return found


def _text(dialect: Dialect, values: Sequence[str], place: str) -> str:
    """The value at a place, "" beyond them; of a type of its own, which is grouped by number."""
    kind = f"ENUM({', '.join(map(dialect.text, sorted({'', *values})))})"
    at = dialect.item.format(f"CAST({dialect.texts(values)} AS {kind}[])", place)
    return f"coalesce({at}, CAST('' AS {kind}))"
