"""Reading and checking a foreign 台账 against only reading its cells, in one run.

    .venv/bin/python bench/roster.py
    .venv/bin/python bench/roster.py --tasks 2000 --rounds 1

The floor is openpyxl going over the same cells without looking at them. Ours opens the file,
finds the table, reads every row and checks it. Goals for 20,000 tasks of 14 columns: 15 s on an
idle machine and 600 MiB, so that the whole taking in stays within 30 s and 1 GiB.
"""

import argparse
import io
import os
import resource
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))  # the messy sheet is made by the tests
home = tempfile.TemporaryDirectory(prefix="yinuo-bench-")
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "yinuo.project.settings")
os.environ["YINUO_HOME"] = home.name

import django  # noqa: E402

django.setup()

from openpyxl import load_workbook  # noqa: E402

from tests.goals.roster.messy import FILE, defaults, messy, units  # noqa: E402
from yinuo.goals.roster.annotate import annotate  # noqa: E402
from yinuo.goals.roster.book import open_book  # noqa: E402
from yinuo.goals.roster.giveback import Added, give_back  # noqa: E402
from yinuo.goals.roster.guess import guess  # noqa: E402
from yinuo.goals.roster.layout import layouts  # noqa: E402
from yinuo.goals.roster.mapping import proposed  # noqa: E402
from yinuo.goals.roster.read import Known, RosterRead, read_roster  # noqa: E402

KNOWN = Known(units=units())


def floor(data: bytes) -> int:
    """Go over every cell that is not empty."""
    book = load_workbook(io.BytesIO(data), read_only=True)
    return sum(
        cell.value is not None
        for sheet in book.worksheets
        for row in sheet.iter_rows()
        for cell in row
    )


def ours(data: bytes) -> RosterRead:
    """Open, find the table, read and check."""
    book = open_book(data, file=FILE)
    layout = layouts(book)[0]
    mapping = proposed(layout, guess(layout), defaults())
    return read_roster(book, mapping, KNOWN, sha256="0" * 64)


def marked(data: bytes) -> int:
    """The workbook back with its findings."""
    book, found = open_book(data, file=FILE), ours(data).checked
    return len(annotate(data, book, errors=found.errors, notices=found.notices))


def given(data: bytes) -> int:
    """The workbook back with the states."""
    book = open_book(data, file=FILE)
    rows = {row: Added(identity=code, status="进行中") for code, row in ours(data).rows.items()}
    return len(give_back(data, book, layouts(book)[0], rows=rows, as_of="2024-06-30"))


def timed(work: Callable[[bytes], object], data: bytes) -> tuple[float, float]:
    """Seconds on the wall and on the processor."""
    wall, own = time.perf_counter(), time.process_time()
    work(data)
    return time.perf_counter() - wall, time.process_time() - own


def peak() -> float:
    """The most memory so far, in MiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main() -> None:
    """Print floor, ours, the ratio and the memory."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tasks", type=int, default=20_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--back", action="store_true", help="also write the two workbooks back")
    options = parser.parse_args()
    data = messy(options.tasks, mended=True).data
    before = peak()
    pairs = []
    for _ in range(options.rounds):
        mine = timed(ours, data)
        held = peak()
        pairs.append((timed(floor, data), mine))
    for name, index in (("wall", 0), ("processor", 1)):
        least = statistics.median(pair[0][index] for pair in pairs)
        own = statistics.median(pair[1][index] for pair in pairs)
        ratio = statistics.median(pair[1][index] / pair[0][index] for pair in pairs)
        print(f"{name:>9}: floor {least:6.2f} s, ours {own:6.2f} s, ratio {ratio:.2f}")
    print(f"{options.tasks:,} tasks, {len(data) / 2**20:.1f} MiB; peak {held:.0f} MiB,")
    print(f"of which {before:.0f} MiB before the file was read")
    if options.back:
        for work in (marked, given):
            wall, own = timed(work, data)
            print(f"{work.__name__:>9}: {wall:.2f} s, processor {own:.2f} s, peak {peak():.0f} MiB")


if __name__ == "__main__":
    main()
