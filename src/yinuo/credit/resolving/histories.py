"""Edges between keys from what registers say: codes that changed, and numbers of one registration.

A merger of firms is a relation of two entities and never an edge here: only records of the kind
`history` count, and a registration that bears both a number and a code.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

import pyarrow as pa
import pyarrow.compute as pc

from yinuo.credit.linking.codes import keys_of
from yinuo.credit.resolving.components import Edge, Why
from yinuo.credit.resolving.counting import NUMBERS, find_numbers
from yinuo.credit.resolving.live import Live, of_kind
from yinuo.kernel.errors import YinuoError
from yinuo.lake.engine import Engine
from yinuo.lake.records.description import Type

CHANGES = pa.schema(
    [
        ("left", pa.string()),
        ("right", pa.string()),
        ("on", pa.date32()),
        ("source", pa.string()),
        ("record", pa.string()),
    ]
)
"""Keys of which the left one went over into the right one, the day if it is known, who says so."""
OLD, NEW, ON = "old_code", "new_code", "changed_on"


class NoHistory(YinuoError):
    """A source of code changes that does not say which code became which."""

    code = "CREDIT-E021"

    def __init__(self, source: str, missing: Sequence[str]) -> None:
        super().__init__(
            f"数据源 {source} 的类型是 history，却没有字段 {'、'.join(missing)}",
            place=f"content/sources/{source}.toml",
            next_step="在说明文件中补上这些字段",
        )


@dataclass(frozen=True)
class Claim:
    """A registration number that several codes claim: nobody can say whose it is."""

    number: str
    claimed_by: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Histories:
    """What the registers say."""

    changes: pa.Table
    """As `CHANGES`; of one pair of keys there may be several."""
    claims: tuple[Claim, ...]


def histories(engine: Engine, live: Sequence[Live]) -> Histories:
    """Changes from all histories and registrations. Raises `NoHistory`."""
    changes = [_changes(engine, source) for source in of_kind(live, "history")]
    sure, claims = _numbers(engine, live, of_kind(live, "registration"))
    return Histories(changes=pa.concat_tables([sure, *changes]), claims=claims)


def edges_of(changes: pa.Table) -> list[Edge]:
    """Changes as edges, one a pair of keys, the newest; the same for every order of input."""
    kept: dict[tuple[str, str], Edge] = {}
    for row in changes.to_pylist():
        edge = Edge(
            left=row["left"],
            right=row["right"],
            why=Why.HISTORY,
            on=row["on"],
            replaces=True,
            said={"source": row["source"], "record": row["record"]},
        )
        held = kept.get((edge.left, edge.right))
        if held is None or _age(edge) < _age(held):
            kept[edge.left, edge.right] = edge
    return sorted(kept.values(), key=lambda edge: edge.order)


def _age(edge: Edge) -> tuple[tuple[bool, int, int, str, str], str]:
    return (edge.order, str(edge.said["record"]))


def _changes(engine: Engine, live: Live) -> pa.Table:
    missing = [name for name in (OLD, NEW, ON) if name not in live.source.by_name]
    if missing:
        raise NoHistory(live.source.id, missing)
    rows = engine.ask(
        f"SELECT {OLD}, {NEW}, {ON}, min(record) FROM {live.table} "  # noqa: S608  # our own names
        f"WHERE {OLD} IS NOT NULL AND {NEW} IS NOT NULL GROUP BY {OLD}, {NEW}, {ON}"
    )
    old, new, on, records = zip(*rows, strict=True) if rows else ((), (), (), ())
    found = _table(keys_of(old), keys_of(new), on, live.source.id, records)
    both = pc.and_(pc.is_valid(found["left"]), pc.is_valid(found["right"]))
    return found.filter(pc.and_(both, pc.not_equal(found["left"], found["right"])))


def _numbers(
    engine: Engine, live: Sequence[Live], registrations: Sequence[Live]
) -> tuple[pa.Table, tuple[Claim, ...]]:
    """Numbers that one code claims, as changes, and those that several do."""
    asked = [sql for each in registrations for sql in _registered(engine, each)]
    if not asked:
        return CHANGES.empty_table(), ()
    find_numbers(engine, live)
    rows: list[tuple[str, str, str, int]] = engine.ask(
        "SELECT number, key, min(record), count(*) OVER (PARTITION BY number) "  # noqa: S608  # our own names
        f"FROM ({' UNION ALL '.join(asked)}) AS g GROUP BY number, key"
    )
    sure = [(number, key, record) for number, key, record, codes in rows if codes == 1]
    numbers, keys, records = zip(*sure, strict=True) if sure else ((), (), ())
    claimed: defaultdict[str, list[str]] = defaultdict(list)
    for number, key, _, codes in rows:
        if codes > 1:
            claimed[number].append(key)
    engine.forget([NUMBERS])
    return (
        _table(numbers, keys, [None] * len(sure), "registration", records),
        tuple(Claim(number, tuple(sorted(keys))) for number, keys in sorted(claimed.items())),
    )


def _registered(engine: Engine, live: Live) -> Iterator[str]:
    """SQL: number (a key `r:` that records bear), key of a registration with it, its record."""
    numbers = [field.name for field in live.source.identifiers if field.type is Type.REGISTRATION]
    if numbers:
        number = f"concat('r:', {engine.dialect.name(numbers[0])})"
        yield (
            f"SELECT {number} AS number, key, record FROM {live.table} "  # noqa: S608  # our own names
            f"WHERE substr(key, 1, 2) = 'o:' AND {number} IN (SELECT key FROM {NUMBERS})"
        )


def _table(
    left: Sequence[str | None],
    right: Sequence[str | None],
    on: Sequence[date | None],
    source: str,
    records: Sequence[str],
) -> pa.Table:
    columns = (left, right, on, [source] * len(records), records)
    arrays = [pa.array(values, kind) for values, kind in zip(columns, CHANGES.types, strict=True)]
    return pa.table(arrays, schema=CHANGES)
