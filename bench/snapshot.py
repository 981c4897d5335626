"""A snapshot of everything one office supervises, and the papers made from it, part by part.

    .venv/bin/python bench/snapshot.py
    .venv/bin/python bench/snapshot.py --items 500

Goal: 3,800 items, drafted, kept and written as a Word bulletin, in 10 s. The floor is reading the
same rows and nothing else: the columns a snapshot keeps, as one statement.
"""

import argparse
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TypeVar

sys.path.insert(0, str(Path(__file__).parents[1]))
home = tempfile.TemporaryDirectory(prefix="yinuo-bench-")
FOLDER = os.environ.setdefault("YINUO_BENCH_CITY", home.name)
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "yinuo.project.settings")
os.environ["YINUO_HOME"] = FOLDER
CITY = Path(__file__).with_name("_city.py")
OFFICE, SHARE = "DC0", 0.6
"""The office that supervises so much of the made-up city."""
T = TypeVar("T")


def asked() -> argparse.Namespace:
    """What the command line asks for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--items", type=int, default=3_800)
    parser.add_argument("--rounds", type=int, default=3)
    return parser.parse_args()


OPTIONS = asked()
if not (Path(FOLDER) / "home.json").exists():
    size = str(int(OPTIONS.items / SHARE))
    subprocess.run([sys.executable, str(CITY), "--size", size], check=True)

import django  # noqa: E402

django.setup()

from yinuo.commitments.models import Commitment  # noqa: E402
from yinuo.parties.queries import public_viewer  # noqa: E402
from yinuo.parties.viewer import Viewer  # noqa: E402
from yinuo.supervision.commands import snapshots as commands  # noqa: E402
from yinuo.supervision.papers.paper import Paper  # noqa: E402
from yinuo.supervision.printing import as_pdf, as_word  # noqa: E402
from yinuo.supervision.queries import snapshots as queries  # noqa: E402
from yinuo.supervision.snapshots.bulletin import bulletin  # noqa: E402
from yinuo.supervision.snapshots.content import Content, read, written  # noqa: E402
from yinuo.web.files import store  # noqa: E402
from yinuo.web.snapshot_board import board  # noqa: E402
from yinuo.web.snapshot_workbook import workbook  # noqa: E402

AT = datetime(2026, 6, 30, 8, 0, tzinfo=UTC)
TODAY = date(2026, 6, 30)


def supervisor() -> Viewer:
    """Whoever supervises for the office."""
    known = (public_viewer(number) for number in range(1, 20))
    return next(viewer for viewer in known if OFFICE in viewer.supervisor_of)


def floor() -> int:
    """Read the rows."""
    columns = ("code", "kind", "title", "heading", "lead", "due", "due_original", "status")
    rows = Commitment.objects.filter(creditor_unit=OFFICE).order_by("code")
    return len(list(rows.values_list(*columns, "outcome", "moved_count", "visibility")))


def drafted(viewer: Viewer) -> Content:
    """The content, nothing kept."""
    return queries.draft(
        office=OFFICE,
        as_of=TODAY,
        city="测试市",
        simulated=True,
        store=store(),
        viewer=viewer,
        at=AT,
    )


def paper(content: Content) -> Paper:
    """Its bulletin."""
    return bulletin(content, number="", signed_date=TODAY, check_address="")


@dataclass(frozen=True)
class Seconds:
    """How long a part took."""

    wall: float
    own: float
    """Of this process on a processor; on a shared machine the steadier of the two."""


def timed(name: str, work: Callable[[], T]) -> tuple[T, Seconds]:
    """The result of the last round, and the medians of the seconds of wall and processor."""
    taken, own = [], []
    for _ in range(OPTIONS.rounds):
        start, busy = time.perf_counter(), time.process_time()
        result = work()
        taken.append(time.perf_counter() - start)
        own.append(time.process_time() - busy)
    found = Seconds(statistics.median(taken), statistics.median(own))
    print(f"  {name:<28}{found.wall:8.2f} s{found.own:8.2f} s of processor")
    return result, found


def main() -> None:
    """Print each part, and the sum that the goal is about."""
    viewer = supervisor()
    count = floor()
    print(f"{count:,} items of one office, median of {OPTIONS.rounds}")
    _, bare = timed("floor: reading the rows", floor)
    content, draft = timed("draft", lambda: drafted(viewer))
    _, keep = timed(
        "keep",
        lambda: commands.take(
            draft=drafted_again(content), meeting="调度会", store=store(), by=viewer, at=AT
        ),
    )
    data = written(content)
    _, again = timed(f"read back ({len(data) / 2**20:.1f} MiB)", lambda: read(data))
    _, word = timed("bulletin, Word", lambda: as_word(paper(content)))
    timed("bulletin, PDF", lambda: as_pdf(paper(content)))
    timed("board", lambda: board(content))
    timed("workbook", lambda: workbook(content, meeting="调度会"))
    parts = (draft, keep, again, word)
    wall, own = sum(part.wall for part in parts), sum(part.own for part in parts)
    print(f"  snapshot and Word bulletin  {wall:8.2f} s{own:8.2f} s of processor")
    print(f"  {own / bare.own:.0f} × the floor by processor")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"  peak memory {peak:,.0f} MiB")


def drafted_again(content: Content) -> Content:
    """The same under a free number: what is kept stays kept."""
    values = {name: getattr(content, name) for name in content.__dataclass_fields__}
    return Content(**{**values, "code": f"SN2026-06-{time.time_ns() % 10**9}"})


if __name__ == "__main__":
    main()
