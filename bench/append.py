"""Append to the ledger against the same rows without one, in one run.

    .venv/bin/python bench/append.py
    .venv/bin/python tests/postgres.py -- .venv/bin/python bench/append.py

Goals: one row a transaction ≤ 1.3 times the bare rows, batches of 1,000 ≤ 4 times.
Rounds of both are taken in turn; the ratio of each pair counts, and the median of the pairs.
"""

import argparse
import json
import os
import statistics
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime

home = tempfile.TemporaryDirectory(prefix="yinuo-bench-")
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "yinuo.project.settings")
os.environ["YINUO_HOME"] = home.name

import django  # noqa: E402

django.setup()

from django.db import connection, transaction  # noqa: E402

from yinuo.ledger.commands.recording import record, record_new  # noqa: E402
from yinuo.parties.commands import OPERATOR  # noqa: E402
from yinuo.parties.models import Unit  # noqa: E402
from yinuo.project.tables import make_tables  # noqa: E402

AT = datetime(2024, 3, 1, tzinfo=UTC)
counter = 0


def units(count: int) -> list[Unit]:
    """Fresh rows, each about as wide as a plan row's unit."""
    global counter  # noqa: PLW0603
    counter += count
    return [
        Unit(code=f"B{n}", name=f"第{n}个责任单位（测试）", kind="district", gb_code="210212")
        for n in range(counter - count, counter)
    ]


def bare_single(count: int) -> None:
    """The floor: each row in a transaction of its own."""
    for unit in units(count):
        with transaction.atomic():
            unit.version = 1
            unit.save(force_insert=True)


def ledger_single(count: int) -> None:
    """The same rows, each with its entry."""
    for unit in units(count):
        with transaction.atomic():
            record(unit, verb="unit.registered", by=OPERATOR, at=AT)


def bare_batch(count: int) -> None:
    """The floor: all rows in one transaction."""
    rows = units(count)
    for row in rows:
        row.version = 1
    with transaction.atomic():
        Unit.objects.bulk_create(rows, batch_size=500)


def ledger_batch(count: int) -> None:
    """The same rows with their entries, in one transaction."""
    with transaction.atomic():
        record_new(units(count), verb="unit.registered", by=OPERATOR, at=AT)


def timed(work: Callable[[int], None], count: int) -> float:
    """Seconds for `count` rows."""
    start = time.perf_counter()
    work(count)
    return time.perf_counter() - start


def compare(name: str, *, floor: Callable[[int], None], ours: Callable[[int], None],
            count: int, rounds: int, goal: float) -> dict[str, object]:  # fmt: skip
    """Both in turn; the median of the ratios."""
    pairs = [(timed(floor, count), timed(ours, count)) for _ in range(rounds + 1)][1:]
    ratio = statistics.median(b / a for a, b in pairs)
    return {
        "database": connection.vendor,
        "case": name,
        "rows": count,
        "rounds": rounds,
        "floor_rows_per_s": round(count / statistics.median(a for a, _ in pairs)),
        "ledger_rows_per_s": round(count / statistics.median(b for _, b in pairs)),
        "ratio": round(ratio, 2),
        "goal": goal,
        "met": ratio <= goal,
    }


def main() -> None:
    """Measure and print one line a case."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--single", type=int, default=500, help="rows a round, one a transaction")
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    make_tables()
    results = [
        compare("一行一事务", floor=bare_single, ours=ledger_single, count=options.single,
                rounds=options.rounds, goal=1.3),
        compare("一千行一事务", floor=bare_batch, ours=ledger_batch, count=1_000,
                rounds=options.rounds, goal=4.0),
    ]  # fmt: skip
    for result in results:
        if options.json:
            print(json.dumps(result, ensure_ascii=False))
        else:
            verdict = "达到" if result["met"] else "未达到"
            print(
                f"{result['database']} {result['case']}："
                f"无账本 {result['floor_rows_per_s']:,} 行/秒，"
                f"有账本 {result['ledger_rows_per_s']:,} 行/秒，比值 {result['ratio']}"
                f"（目标 ≤ {result['goal']}，{verdict}）"
            )


if __name__ == "__main__":
    main()
