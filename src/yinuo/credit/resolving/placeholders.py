"""Numbers that are nobody's: one resident number under which many people stand."""

from collections.abc import Sequence
from dataclasses import dataclass

from yinuo.credit.resolving.live import Live
from yinuo.lake.engine import Engine

MOST_NAMES = 5
"""Names that one resident number may bear: changed names and slips of the pen, no more."""


@dataclass(frozen=True)
class Placeholder:
    """A resident number that too many names bear."""

    key: str
    names: int


def placeholders(
    engine: Engine, live: Sequence[Live], *, most: int = MOST_NAMES
) -> tuple[Placeholder, ...]:
    """Keys of persons with more names than `most`, in order."""
    rows = " UNION ALL ".join(
        f"SELECT key, name FROM {each.table} "  # noqa: S608  # our own names
        "WHERE key >= 'p:' AND key < 'p;' AND name IS NOT NULL"
        for each in live
    )
    if not rows:
        return ()
    found = engine.ask(
        f"SELECT key, count(*) FROM (SELECT DISTINCT key, name FROM ({rows}) AS n) AS k "  # noqa: S608  # our own names
        f"GROUP BY key HAVING count(*) > {most} ORDER BY key"
    )
    return tuple(Placeholder(key, names) for key, names in found)


def borne(
    engine: Engine, live: Sequence[Live], found: Sequence[Placeholder]
) -> dict[str, Placeholder]:
    """Record → placeholder, of all records that bear one."""
    if not found:
        return {}
    by_key = {each.key: each for each in found}
    keys = ", ".join(map(engine.dialect.text, by_key))
    rows = " UNION ALL ".join(
        f"SELECT record, key FROM {each.table} WHERE key IN ({keys})"  # noqa: S608  # quoted
        for each in live
    )
    return {record: by_key[key] for record, key in engine.ask(rows)}
