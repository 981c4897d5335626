"""Questions about all live records at once."""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass

import pyarrow as pa

from yinuo.credit.resolving.live import Live
from yinuo.lake.engine import Engine

KEYS = "borne_keys"


@dataclass(frozen=True, kw_only=True)
class Totals:
    """How much there is."""

    records: int
    remainder: int
    """Records without a key."""
    keys: int
    """Distinct keys."""


def count_keys(engine: Engine, live: Sequence[Live]) -> None:
    """Make the table `borne_keys`: every key of live records, NULL too, and how many bear it.

    The one look at all of them; what else is asked of keys is asked of this.
    """
    rows = " UNION ALL ".join(f"SELECT key FROM {each.table}" for each in live)  # noqa: S608  # our own names
    nobody = "SELECT CAST(NULL AS STRING) AS key WHERE false"
    engine.keep(
        KEYS,
        f"SELECT key, CAST(count(*) AS BIGINT) AS n FROM ({rows or nobody}) AS k GROUP BY key",  # noqa: S608
    )


def totals(engine: Engine) -> Totals:
    """Count live records and their keys. Asks for `count_keys`."""
    ((records, keyed, keys),) = engine.ask(
        f"SELECT coalesce(sum(n), 0), coalesce(sum(CASE WHEN key IS NOT NULL THEN n END), 0), "  # noqa: S608  # our own names
        f"count(key) FROM {KEYS}"
    )
    return Totals(records=int(records), remainder=int(records - keyed), keys=keys)


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
) -> Counter[str]:
    """How many live records found their entity in which way: code, history, judged …

    By their keys, and then those that are assigned one by one. Asks for `count_keys`.
    """
    engine.hold("counted_moved", moved.select(["key", "why"]))
    by_key = "coalesce(m.why, CASE WHEN k.key IS NULL THEN 'none' ELSE 'code' END)"
    join = "LEFT JOIN counted_moved AS m ON m.key = k.key"
    found: Counter[str] = Counter()
    for how, count in engine.ask(
        f"SELECT {by_key} AS how, sum(k.n) FROM {KEYS} AS k {join} GROUP BY 1"  # noqa: S608  # our own names
    ):
        found[how] += int(count)
    if assigned.num_rows:
        engine.hold("counted_assigned", assigned.select(["record", "how"]))
        for each in live:
            for before, how, count in engine.ask(
                f"SELECT {by_key} AS before, a.how, count(*) FROM {each.table} AS k {join} "  # noqa: S608
                "JOIN counted_assigned AS a ON a.record = k.record GROUP BY 1, 2"
            ):
                found[before] -= count
                found[how] += count
        engine.forget(["counted_assigned"])
    engine.forget(["counted_moved"])
    return found
