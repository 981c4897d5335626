"""A full pass of lights beside the same rows written by hand-made SQL.

    .venv/bin/python bench/lights.py --size 100000
    YINUO_BENCH_CITY=var/bench-city .venv/bin/python bench/lights.py --size 1000000

The floor is what a programmer would write for one table of deadlines: one INSERT … SELECT with a
CASE, then one UPDATE with it, into a table with the same columns and the same index. It knows no
planned curve, no reason, no edition that could change, and counts nothing. The lights it leaves are
compared with ours: where both have one, the colours must agree.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

home = tempfile.TemporaryDirectory(prefix="yinuo-bench-")
FOLDER = os.environ.setdefault("YINUO_BENCH_CITY", home.name)
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "yinuo.project.settings")
os.environ["YINUO_HOME"] = FOLDER
CITY = Path(__file__).with_name("_city.py")
SOON_DAYS = 15


def asked() -> argparse.Namespace:
    """What the command line asks for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", type=int, default=20_000)
    return parser.parse_args()


OPTIONS = asked()
if not (Path(FOLDER) / "home.json").exists():
    subprocess.run([sys.executable, str(CITY), "--size", str(OPTIONS.size)], check=True)

import django  # noqa: E402

django.setup()

from django.db import connection, transaction  # noqa: E402

from yinuo.commitments.commands.light import relight_all  # noqa: E402
from yinuo.commitments.models import Light, LightTally  # noqa: E402

TODAY = date(2026, 6, 30)
COLOUR = """CASE WHEN due < %(today)s THEN 'red' WHEN due <= %(soon)s THEN 'yellow'
    ELSE 'green' END"""
OPEN = "status = 'open' AND due IS NOT NULL AND kind <> 'project'"


def run(sql: str, day: date) -> None:
    """One statement as of a day."""
    with connection.cursor() as cursor:
        cursor.execute(sql, {"today": day, "soon": day + timedelta(days=SOON_DAYS)})


def by_hand_new(day: date) -> None:
    """Every light from nothing."""
    with transaction.atomic():
        run(
            f"INSERT INTO hand SELECT code, {COLOUR}, '时限灯', '时限灯', '', %(today)s, heading, "  # noqa: S608
            f"kind, '', due FROM commitments_commitment WHERE {OPEN}",
            day,
        )


def by_hand_again(day: date) -> None:
    """Every light anew, a row each."""
    with transaction.atomic():
        run(f"UPDATE hand SET colour = {COLOUR}, on_date = %(today)s", day)  # noqa: S608


def make_hand() -> None:
    """The floor's table, with the index that ours has."""
    columns = "commitment_id text primary key, colour text, cause text, rules text, edition text, "
    columns += "on_date date, heading text, kind text, owner text, due date"
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS hand")
        cursor.execute(f"CREATE TABLE hand ({columns})")
        cursor.execute("CREATE INDEX hand_in_order ON hand (colour, due, commitment_id)")


def seconds(work: Callable[[], object]) -> tuple[float, float]:
    """Wall and processor seconds."""
    wall, processor = time.perf_counter(), time.process_time()
    work()
    return time.perf_counter() - wall, time.process_time() - processor


def differing() -> tuple[int, int]:
    """How many lights both have, and how many of those differ."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*), coalesce(sum(CASE WHEN l.colour <> h.colour THEN 1 ELSE 0 END), 0) "
            "FROM commitments_light l JOIN hand h ON h.commitment_id = l.commitment_id"
        )
        both, other = cursor.fetchone()
    return int(both), int(other)


def main() -> None:
    """Light, time, compare, and print the ratios."""
    Light.objects.all().delete()
    LightTally.objects.all().delete()
    make_hand()
    tomorrow = TODAY + timedelta(days=1)
    ours = [seconds(lambda: relight_all(on=TODAY)), seconds(lambda: relight_all(on=tomorrow))]
    hand = [seconds(lambda: by_hand_new(TODAY)), seconds(lambda: by_hand_again(tomorrow))]
    both, other = differing()
    print(f"{Light.objects.count():,} lights; both have {both:,}, of which {other:,} differ")
    for what, mine, floor in zip(("from nothing", "the next day"), ours, hand, strict=True):
        print(
            f"{what}: {mine[0]:.1f} s ({mine[1]:.1f} s CPU), by hand {floor[0]:.1f} s "
            f"({floor[1]:.1f} s CPU): ratio {mine[0] / floor[0]:.1f}"
        )
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE hand")
    if other:
        sys.exit("两种算法的灯不同")


if __name__ == "__main__":
    main()
