"""How long an entry waits for its checkpoint while 500 a second arrive.

    .venv/bin/python bench/sealing.py
    .venv/bin/python tests/postgres.py -- .venv/bin/python bench/sealing.py

Goal: p99 ≤ 2 s. One process writes a row and its entry in a transaction each, at a
steady pace; `yinuo ledger seal --follow` seals beside it. Both times are the database's clock.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime

home = tempfile.TemporaryDirectory(prefix="yinuo-bench-")
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "yinuo.project.settings")
os.environ["YINUO_HOME"] = home.name

import django  # noqa: E402

django.setup()

from django.db import connection  # noqa: E402

from yinuo.ledger.models import Checkpoint, Entry  # noqa: E402
from yinuo.parties.commands import OPERATOR, NewUnit, register_units  # noqa: E402

AT = datetime(2024, 3, 1, tzinfo=UTC)
YINUO = (sys.executable, "-m", "yinuo.project")
PATIENCE_SECONDS = 60


def write(rate: int, seconds: int) -> float:
    """Register units one by one at the given pace; returns how many a second it came to."""
    start = time.monotonic()
    for number in range(rate * seconds):
        ahead = start + number / rate - time.monotonic()
        if ahead > 0:
            time.sleep(ahead)
        unit = NewUnit(code=f"B{number}", name=f"第{number}个责任单位（测试）", kind="district")
        register_units(units=[unit], by=OPERATOR, at=AT)
    return rate * seconds / (time.monotonic() - start)


def wait_until_sealed() -> None:
    """Raises `TimeoutError` if entries still wait after a minute."""
    end = time.monotonic() + PATIENCE_SECONDS
    while Entry.objects.filter(leaf_index=None).exists():
        if time.monotonic() > end:
            raise TimeoutError("entries still wait for the sealer")
        time.sleep(0.2)
    time.sleep(1)


def lags() -> list[float]:
    """Seconds from the writing of each entry to the first checkpoint above it."""
    signed = iter(Checkpoint.objects.order_by("size"))
    checkpoint = next(signed)
    found = []
    rows = Entry.objects.order_by("leaf_index").values_list("recorded_at", flat=True)
    for index, recorded_at in enumerate(rows.iterator()):
        while checkpoint.size <= index:
            checkpoint = next(signed)
        found.append((checkpoint.signed_at - recorded_at).total_seconds())
    return found


def main() -> None:
    """Write, seal, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rate", type=int, default=500, help="entries a second")
    parser.add_argument("--seconds", type=int, default=60)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    subprocess.run([*YINUO, "init", "--json"], check=True, capture_output=True)
    sealer = subprocess.Popen([*YINUO, "ledger", "seal", "--follow"])
    try:
        wait_until_sealed()  # a sealer that is still starting is not what is measured
        before = Entry.objects.count()
        reached = write(options.rate, options.seconds)
        wait_until_sealed()
    finally:
        sealer.terminate()
        sealer.wait()
    found = lags()[before:]
    quantiles = statistics.quantiles(found, n=100)
    result = {
        "database": connection.vendor,
        "entries": len(found),
        "reached_per_s": round(reached),
        "checkpoints": Checkpoint.objects.count(),
        "p50_s": round(quantiles[49], 2),
        "p99_s": round(quantiles[98], 2),
        "max_s": round(max(found), 2),
        "goal": 2.0,
        "met": quantiles[98] <= 2.0,  # noqa: PLR2004
    }
    if options.json:
        print(json.dumps(result, ensure_ascii=False))
    else:
        verdict = "达到" if result["met"] else "未达到"
        print(
            f"{result['database']} 每秒写入 {result['reached_per_s']} 条，共 {len(found):,} 条："
            f"封存时延 p50 {result['p50_s']} 秒，p99 {result['p99_s']} 秒，"
            f"最长 {result['max_s']} 秒（目标 p99 ≤ 2 秒，{verdict}）"
        )


if __name__ == "__main__":
    main()
