"""Entities summed up in parts, as many as memory asks for: the same entities."""

from datetime import date, timedelta
from hashlib import sha256

import pyarrow as pa
import pytest

from yinuo.credit.publishing.entities import COLUMNS, SAYINGS, forget_sums, sum_up
from yinuo.credit.publishing.facts import entity_ranges
from yinuo.lake.engine import DuckDB
from yinuo.lake.names import NAME

FACTS = pa.schema(
    [
        ("entity", NAME),
        ("saying", pa.int64()),
        *((name, pa.string()) for name in ("key", "code", "subject", "name")),
        ("day", pa.date32()),
        ("record", pa.string()),
        ("bit", pa.int64()),
    ]
)


def facts() -> pa.Table:
    """Of 300 entities one to five facts, every third of them under two names, some registered."""
    rows = []
    for number in range(300):
        digits = sha256(str(number).encode()).hexdigest()
        for at in range(1 + number % 5):
            registered = number % 4 == at == 0
            other = "甲" if at and number % 3 == 0 else ""
            rows.append(
                {
                    "entity": bytes.fromhex(digits[:32]),
                    "saying": len(other),
                    "key": f"u:{number}",
                    "code": None,
                    "subject": "firm",
                    "name": f"测试{number}号{other}",
                    "day": date(2020, 1, 1) + timedelta(days=number) if registered else None,
                    "record": digits[32:] if registered else None,
                    "bit": 1 << at,
                }
            )
    return pa.Table.from_pylist(rows, schema=FACTS)


@pytest.mark.parametrize("parts", [2, 7, 256])
def test_parts_come_to_the_same(parts: int) -> None:
    said = f"SELECT {', '.join(COLUMNS)} FROM summed ORDER BY entity"  # noqa: S608
    kept = f"SELECT {', '.join(SAYINGS)} FROM summed_sayings ORDER BY entity, saying"  # noqa: S608
    with DuckDB() as engine:
        engine.hold("given", facts())
        engine.hold("owners", pa.table({"entity": pa.array([], NAME), "key": []}))
        sum_up(engine, "given", "summed")
        whole = engine.ask(said)
        sayings = engine.ask(kept)
        forget_sums(engine, "summed")
        sum_up(engine, "given", "summed", parts=parts)
        assert engine.ask(said) == whole
        assert engine.ask(kept) == sayings
        forget_sums(engine, "summed", parts=parts)
        assert len(whole) == 300
        # Only those under two names have sayings beside their rows: both.
        assert len(sayings) == 2 * 80


def test_every_entity_is_in_one_part() -> None:
    with DuckDB() as engine:
        engine.hold("given", facts())
        counts = [
            engine.ask(f"SELECT count(*) FROM given WHERE {here}")[0][0]  # noqa: S608
            for here in entity_ranges(engine, 5)
        ]
    assert sum(counts) == facts().num_rows
    assert min(counts) > 0
