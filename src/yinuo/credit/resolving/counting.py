"""Questions about all live records at once."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import pyarrow as pa

from yinuo.credit.resolving.live import Live
from yinuo.lake.engine import Engine


@dataclass(frozen=True, kw_only=True)
class Totals:
    """How much there is."""

    records: int
    remainder: int
    """Records without a key."""
    keys: int
    """Distinct keys."""


def totals(engine: Engine, live: Sequence[Live]) -> Totals:
    """Count live records and their keys."""
    if not live:
        return Totals(records=0, remainder=0, keys=0)
    rows = " UNION ALL ".join(f"SELECT key FROM {each.table}" for each in live)  # noqa: S608  # our own names
    ((records, keyed, keys),) = engine.ask(
        f"SELECT count(*), count(key), count(DISTINCT key) FROM ({rows}) k"  # noqa: S608  # our own names
    )
    return Totals(records=records, remainder=records - keyed, keys=keys)


def own_keys(
    engine: Engine, live: Sequence[Live], records: Collection[str]
) -> dict[str, str | None]:
    """The key that each of these records bears, or None; records that are not live are absent."""
    if not records or not live:
        return {}
    engine.hold("asked", pa.table({"record": pa.array(sorted(records), pa.string())}))
    rows = " UNION ALL ".join(
        f"SELECT l.record, l.key FROM {each.table} l JOIN asked a ON a.record = l.record"  # noqa: S608  # our own names
        for each in live
    )
    found = dict(engine.ask(rows))
    engine.forget(["asked"])
    return found


def hows(
    engine: Engine, live: Sequence[Live], *, moved: pa.Table, assigned: pa.Table
) -> dict[str, int]:
    """How many live records found their entity in which way: code, history, judged …"""
    how, joins = "CASE WHEN l.key IS NULL THEN 'none' ELSE 'code' END", ""
    if moved.num_rows:
        engine.hold("counted_moved", moved.select(["key", "why"]))
        how = f"coalesce(m.why, {how})"
        joins += " LEFT JOIN counted_moved m ON m.key = l.key"
    if assigned.num_rows:
        engine.hold("counted_assigned", assigned.select(["record", "how"]))
        how = f"coalesce(a.how, {how})"
        joins += " LEFT JOIN counted_assigned a ON a.record = l.record"
    found: dict[str, int] = {}
    for each in live:
        for name, count in engine.ask(
            f"SELECT {how} AS how, count(*) FROM {each.table} l{joins} GROUP BY 1"  # noqa: S608  # our own names
        ):
            found[name] = found.get(name, 0) + count
    engine.forget(
        name
        for name, table in (("counted_moved", moved), ("counted_assigned", assigned))
        if table.num_rows
    )
    return found
