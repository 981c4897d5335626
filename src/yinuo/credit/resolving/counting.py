"""Questions about all live records at once."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

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
    engine: Engine, *, moved: pa.Table, assigned: pa.Table, borne: Mapping[str, str | None]
) -> Counter[str]:
    """How many live records found their entity in which way: code, history, judged …

    By their keys, and then those that are assigned one by one; `borne` says which keys these
    bear, where they bear any. Asks for `count_keys`.
    """
    engine.hold("counted_moved", moved.select(["key", "why"]))
    found: Counter[str] = Counter()
    for how, count in engine.ask(
        "SELECT coalesce(m.why, CASE WHEN k.key IS NULL THEN 'none' ELSE 'code' END) AS how, "  # noqa: S608  # our own names
        f"sum(k.n) FROM {KEYS} AS k LEFT JOIN counted_moved AS m ON m.key = k.key GROUP BY 1"
    ):
        found[how] += int(count)
    engine.forget(["counted_moved"])
    for how in assigned["how"].value_counts().to_pylist():
        found[how["values"]] += how["counts"]
    bearing = {record: key for record, key in borne.items() if key is not None}
    outvoted = pc.is_in(assigned["record"], pa.array(bearing.keys(), pa.string()))
    keys = [bearing[record] for record in assigned["record"].filter(outvoted).to_pylist()]
    of_moved = moved.filter(pc.is_in(moved["key"], pa.array(keys, pa.string())))
    why = dict(zip(of_moved["key"].to_pylist(), of_moved["why"].to_pylist(), strict=True))
    found.subtract(why.get(key, "code") for key in keys)
    found["none"] -= assigned.num_rows - len(keys)
    return found
