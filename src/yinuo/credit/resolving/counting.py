"""Questions about all live records at once."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence

import pyarrow as pa
import pyarrow.compute as pc

from yinuo.credit.resolving.live import Live
from yinuo.lake.engine import Engine

NUMBERS = "borne_numbers"


def find_numbers(engine: Engine, live: Sequence[Live]) -> None:
    """Make the table `borne_numbers`: the registration numbers that are keys of live records."""
    numbers = _keys(live, where="key >= 'r:' AND key < 'r;'")
    engine.keep(NUMBERS, f"SELECT DISTINCT key FROM ({numbers}) AS k")  # noqa: S608  # our own names


def _keys(live: Sequence[Live], *, where: str = "true") -> str:
    """SQL: the key of every live record, NULL too."""
    rows = " UNION ALL ".join(f"SELECT key FROM {each.table} WHERE {where}" for each in live)  # noqa: S608
    return rows or "SELECT CAST(NULL AS STRING) AS key WHERE false"


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
    engine: Engine,
    live: Sequence[Live],
    *,
    moved: pa.Table,
    assigned: pa.Table,
    borne: Mapping[str, str | None],
) -> tuple[Counter[str], int]:
    """How many live records found their entity in which way: code, history, judged …

    By their keys, and then those that are assigned one by one; `borne` says which keys these
    bear, where they bear any. And how many bear none.
    """
    engine.hold("counted_moved", moved.select(["key", "why"]))
    how = "coalesce(m.why, CASE WHEN k.key IS NULL THEN 'none' ELSE 'code' END)"
    counted = engine.ask(
        f"SELECT {how} AS how, count(*) FROM ({_keys(live)}) AS k "  # noqa: S608  # our own names
        "LEFT JOIN counted_moved AS m ON m.key = k.key GROUP BY 1"
    )
    found = Counter(dict(counted))
    keyless = found["none"]
    engine.forget(["counted_moved"])
    for each in assigned["how"].value_counts().to_pylist():
        found[each["values"]] += each["counts"]
    bearing = {record: key for record, key in borne.items() if key is not None}
    outvoted = pc.is_in(assigned["record"], pa.array(bearing.keys(), pa.string()))
    keys = [bearing[record] for record in assigned["record"].filter(outvoted).to_pylist()]
    of_moved = moved.filter(pc.is_in(moved["key"], pa.array(keys, pa.string())))
    why = dict(zip(of_moved["key"].to_pylist(), of_moved["why"].to_pylist(), strict=True))
    found.subtract(why.get(key, "code") for key in keys)
    found["none"] -= assigned.num_rows - len(keys)
    return found, keyless
