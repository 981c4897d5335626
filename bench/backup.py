"""Backup and restore of a million entries: rows a second, and the memory they take.

    .venv/bin/python bench/backup.py
    .venv/bin/python tests/postgres.py -- .venv/bin/python bench/backup.py --rows 200000

The floor is the same entries read and counted with nothing done to them.
"""

import argparse
import os
import resource
import secrets
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

home = tempfile.TemporaryDirectory(prefix="yinuo-bench-")
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "yinuo.project.settings")
os.environ["YINUO_HOME"] = home.name

import django  # noqa: E402

django.setup()

from django.db import connection, transaction  # noqa: E402

from yinuo.ledger.models import Entry  # noqa: E402
from yinuo.project.backup.check import check_backup  # noqa: E402
from yinuo.project.backup.restore import Target, restore  # noqa: E402
from yinuo.project.backup.write import write_backup  # noqa: E402
from yinuo.project.home import Home  # noqa: E402
from yinuo.project.tables import make_tables  # noqa: E402

AT = datetime(2024, 3, 1, tzinfo=UTC)
CITY = Home(city="测试市", origin="yinuo.bench")
CHUNK = 10_000


def fill(rows: int) -> None:
    """Entries about as wide as those of a commitment."""
    body = b'{"state":{"title":"' + "一项承诺".encode() * 40 + b'"}}'
    for start in range(0, rows, CHUNK):
        with transaction.atomic():
            Entry.objects.bulk_create(
                Entry(
                    subject=f"commitment:B{n}",
                    version=1,
                    thread=f"commitment:B{n}",
                    verb="commitment.registered",
                    actor="account:1",
                    at=AT,
                    recorded_at=AT,
                    body=body,
                    salt=secrets.token_bytes(32),
                    leaf_index=n,
                )
                for n in range(start, start + CHUNK)
            )


def megabytes() -> float:
    """The most memory this process ever had."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def read_all() -> int:
    """The floor: every column of every entry, as the driver gives it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM ledger_entry ORDER BY id")
        count = 0
        while some := cursor.fetchmany(2_000):
            count += len(some)
    return count


def main() -> None:
    """Measure each step once."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--rows", type=int, default=1_000_000)
    rows = parser.parse_args().rows
    make_tables()
    fill(rows)
    path = Path(home.name) / "backup.zip"
    target = Target(Path(home.name), CITY)
    steps: dict[str, Callable[[], object]] = {
        "floor: read": read_all,
        "backup": lambda: write_backup(path, home=CITY, at=AT),
        "check": lambda: check_backup(path),
        "restore (check, backup before, replace)": lambda: restore(
            check_backup(path), target, replace=True, at=AT
        ),
    }
    print(f"{connection.vendor}, {rows:,} entries, {megabytes():.0f} MB before")
    for name, step in steps.items():
        started = time.monotonic()
        step()
        took = time.monotonic() - started
        print(f"{name:40} {took:7.1f} s {rows / took:10,.0f} rows/s {megabytes():6.0f} MB")
    print(f"{path.stat().st_size / 1e6:,.0f} MB zip")


if __name__ == "__main__":
    main()
