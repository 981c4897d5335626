"""Edges between keys from what registers say: codes that changed, and numbers of one registration.

A merger of firms is a relation of two entities and never an edge here: only records of the kind
`history` count, and a registration that bears both a number and a code.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from yinuo.credit.linking.codes import keys_of
from yinuo.credit.resolving.components import Edge, Why
from yinuo.credit.resolving.counting import KEYS
from yinuo.credit.resolving.live import Live, of_kind
from yinuo.kernel.errors import YinuoError
from yinuo.lake.engine import Engine
from yinuo.lake.records.description import Type

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

    edges: tuple[Edge, ...]
    claims: tuple[Claim, ...]


def histories(engine: Engine, live: Sequence[Live]) -> Histories:
    """Edges from all histories and registrations. Asks for `count_keys`. Raises `NoHistory`."""
    changes = [edge for source in of_kind(live, "history") for edge in _changes(engine, source)]
    pairs: defaultdict[str, set[str]] = defaultdict(set)
    said: dict[tuple[str, str], str] = {}
    for source in of_kind(live, "registration"):
        for number, key, record in _registered(engine, source):
            pairs[number].add(key)
            said[number, key] = min(record, said.get((number, key), record))
    sure = [
        Edge(
            left=number,
            right=key,
            why=Why.HISTORY,
            replaces=True,
            said={"source": "registration", "record": said[number, key]},
        )
        for number, keys in pairs.items()
        if len(keys) == 1
        for key in keys
    ]
    claims = (Claim(number, tuple(sorted(keys))) for number, keys in pairs.items())
    return Histories(
        edges=tuple(sorted(_newest([*changes, *sure]), key=lambda edge: edge.order)),
        claims=tuple(sorted((c for c in claims if len(c.claimed_by) > 1), key=lambda c: c.number)),
    )


def _changes(engine: Engine, live: Live) -> Iterable[Edge]:
    missing = [name for name in (OLD, NEW, ON) if name not in live.source.by_name]
    if missing:
        raise NoHistory(live.source.id, missing)
    rows: list[tuple[str, str, date | None, str]] = engine.ask(
        f"SELECT {OLD}, {NEW}, {ON}, min(record) FROM {live.table} "  # noqa: S608  # our own names
        f"WHERE {OLD} IS NOT NULL AND {NEW} IS NOT NULL GROUP BY {OLD}, {NEW}, {ON}"
    )
    old = keys_of([row[0] for row in rows])
    new = keys_of([row[1] for row in rows])
    for row, left, right in zip(rows, old, new, strict=True):
        if left and right and left != right:
            yield Edge(
                left=left,
                right=right,
                why=Why.HISTORY,
                on=row[2],
                replaces=True,
                said={"source": live.source.id, "record": row[3]},
            )


def _registered(engine: Engine, live: Live) -> list[tuple[str, str, str]]:
    """(`r:` key that records bear, key of the registration with that number, its record)."""
    numbers = [field.name for field in live.source.identifiers if field.type is Type.REGISTRATION]
    if not numbers:
        return []
    number = engine.dialect.name(numbers[0])
    return engine.ask(
        f"SELECT b.key, g.key, min(g.record) FROM {live.table} g "  # noqa: S608  # our own names
        f"JOIN {KEYS} b ON b.key = concat('r:', g.{number}) "
        "WHERE substr(g.key, 1, 2) = 'o:' GROUP BY b.key, g.key"
    )


def _newest(edges: Iterable[Edge]) -> list[Edge]:
    """One edge a pair of keys, the newest."""
    kept: dict[tuple[str, str], Edge] = {}
    for edge in edges:
        held = kept.get((edge.left, edge.right))
        if held is None or _age(edge) < _age(held):
            kept[edge.left, edge.right] = edge
    return list(kept.values())


def _age(edge: Edge) -> tuple[tuple[bool, int, int, str, str], str]:
    return (edge.order, str(edge.said.get("record", "")))
