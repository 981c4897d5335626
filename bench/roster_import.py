"""A sheet of 20,000 tasks checked and taken in while an officer keeps reporting and the log seals.

    .venv/bin/python bench/roster_import.py
    .venv/bin/python tests/postgres.py -- .venv/bin/python bench/roster_import.py

Goal (issue 4): check and take-in ≤ 30 s together, peak ≤ 1 GiB. One process reports progress on a
promise in a transaction each, as fast as it may; `yinuo ledger seal --follow` seals beside it.
The longest pause is the longest time that one report took. The sheet is that of the tests: two
header rows, merged cells, subtotals, deadlines and units in every spelling.
"""

import argparse
import io
import json
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
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "yinuo.project.settings")
os.environ.setdefault("YINUO_HOME", home.name)

import django  # noqa: E402

django.setup()

from django.db import connection  # noqa: E402

from tests.goals.roster.messy import FILE, OFFICE, defaults, messy, units  # noqa: E402
from yinuo.commitments.commands.deliver import report  # noqa: E402
from yinuo.commitments.commands.register import (  # noqa: E402
    NewCommitment,
    NewDocument,
    Registration,
    register,
)
from yinuo.goals.commands import roster as commands  # noqa: E402
from yinuo.goals.commands.plan_import import parents_first  # noqa: E402
from yinuo.goals.queries import rosters as queries  # noqa: E402
from yinuo.goals.queries.plans import preview  # noqa: E402
from yinuo.goals.roster.guess import guess  # noqa: E402
from yinuo.goals.roster.mapping import proposed  # noqa: E402
from yinuo.kernel.filestore import FileStore  # noqa: E402
from yinuo.parties.commands import (  # noqa: E402
    OPERATOR,
    approve_duty,
    ask_duty,
    open_account,
    register_units,
)
from yinuo.parties.queries import public_units, public_viewer_named  # noqa: E402
from yinuo.parties.viewer import Viewer  # noqa: E402

AT = datetime(2024, 3, 1, tzinfo=UTC)
DAY = date(2024, 3, 1)
YINUO = (sys.executable, "-m", "yinuo.project")
LEAD = "210202"
OFFICE_1, OFFICE_2 = "admin1", "admin2"
"""The two administrators that `yinuo init` founds."""
PROMISE = "BENCH-1"
STOP = Path(os.environ["YINUO_HOME"]) / "stop"
PAUSE_SECONDS = 0.02
"""Between two reports: an office of fifty officers at work."""
MOST_SECONDS, MOST_MIB = 30, 1024
T = TypeVar("T")


def viewer(username: str) -> Viewer:
    """The account of this name."""
    found = public_viewer_named(username)
    if found is None:
        raise LookupError(username)
    return found


def prepare() -> None:
    """Units, an officer, and the promise on which progress is reported."""
    known = {unit.code for unit in public_units()}
    new = [unit for unit in parents_first(units()) if unit.code not in known]
    register_units(units=new, by=OPERATOR, at=AT)
    password = "one-thousand-gold"  # noqa: S105  # an account that lives for a minute
    open_account(username="officer", name="填报人", password=password, by=OPERATOR, at=AT)
    number = ask_duty(username="officer", role="officer", unit=LEAD, by=viewer(OFFICE_1), at=AT)
    approve_duty(duty=number, by=viewer(OFFICE_2), at=AT)
    promise = NewCommitment(
        code=PROMISE,
        kind="measure",
        title="一项别的任务",
        document="BENCH-D",
        lead=LEAD,
        creditor="社会公众",
        creditor_unit=OFFICE,
    )
    document = NewDocument(code="BENCH-D", title="一份别的文件", kind="方案")
    registration = Registration(documents=[document], commitments=[promise])
    register(registration=registration, office=OFFICE, by=viewer(OFFICE_1), at=AT)


def keep_writing() -> None:
    """Report until `STOP` is there; prints the seconds that each report took, as JSON."""
    by, took = viewer("officer"), []
    print("ready", flush=True)
    while not STOP.exists():
        start = time.perf_counter()
        report(commitment=PROMISE, as_of_date=DAY, note="进展", by=by, at=AT)
        took.append(time.perf_counter() - start)
        time.sleep(PAUSE_SECONDS)
    print(json.dumps(took))


@dataclass(frozen=True)
class Took:
    """How long something took."""

    wall: float
    cpu: float
    """Seconds of this process alone: what is left on a machine that others load."""


def timed(work: Callable[[], T]) -> tuple[T, Took]:
    """The result and the seconds it took."""
    wall, cpu = time.perf_counter(), time.process_time()
    done = work()
    return done, Took(time.perf_counter() - wall, time.process_time() - cpu)


def measure(tasks: int) -> dict[str, object]:
    """Check, preview and take in, with the others at work."""
    data, by = messy(tasks, mended=True).data, viewer(OFFICE_1)
    store = FileStore(Path(home.name) / "files")
    number = commands.keep_upload(
        file=io.BytesIO(data), name=FILE, plan=None, store=store, by=by, at=AT
    )
    opened = queries.opened(number=number, store=store, viewer=by)
    layout = opened.tables[0].layout
    mapping = proposed(layout, guess(layout), defaults())
    commands.assign(upload=number, sheet=layout.sheet, mapping=mapping.as_json(), plan=None, by=by)
    del opened
    writer = subprocess.Popen(
        [sys.executable, __file__, "--writer"], stdout=subprocess.PIPE, text=True
    )
    if writer.stdout is not None:
        writer.stdout.readline()
    found, checking = timed(lambda: queries.check(number=number, store=store, viewer=by))
    foreseen, previewing = timed(lambda: preview(file=found.checked, viewer=by))
    taken, taking = timed(
        lambda: commands.take_in_roster(
            upload=number,
            file=found.checked,
            reading=found.reading,
            by=by,
            at=AT,
            expected=foreseen,
        )
    )
    STOP.touch()
    out, _ = writer.communicate()
    took = json.loads(out)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10
    return {
        "database": connection.vendor,
        "tasks": tasks,
        "registered": taken.registered,
        "check_s": round(checking.wall, 1),
        "preview_s": round(previewing.wall, 1),
        "take_in_s": round(taking.wall, 1),
        "together_s": round(checking.wall + taking.wall, 1),
        "together_cpu_s": round(checking.cpu + taking.cpu, 1),
        "peak_mib": peak,
        "reports": len(took),
        "report_median_s": round(statistics.median(took), 3),
        "longest_pause_s": round(max(took), 1),
        "load": round(os.getloadavg()[0], 1),
        "goal": "≤ 30 s, ≤ 1 GiB",
        "met": checking.wall + taking.wall <= MOST_SECONDS and peak <= MOST_MIB,
    }


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tasks", type=int, default=20_000)
    parser.add_argument("--writer", action="store_true", help="the process that reports")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    if options.writer:
        keep_writing()
        return
    subprocess.run([*YINUO, "init", "--json"], check=True, capture_output=True)
    prepare()
    sealer = subprocess.Popen([*YINUO, "ledger", "seal", "--follow"])
    try:
        result = measure(options.tasks)
    finally:
        sealer.terminate()
        sealer.wait()
    if options.json:
        print(json.dumps(result, ensure_ascii=False))
        return
    verdict = "达到" if result["met"] else "未达到"
    print(
        f"{result['database']}：{result['tasks']:,} 行，检查 {result['check_s']} 秒，"
        f"预览 {result['preview_s']} 秒，导入 {result['take_in_s']} 秒"
        f"（检查加导入的 CPU {result['together_cpu_s']} 秒），"
        f"内存峰值 {result['peak_mib']} MiB；同时报送 {result['reports']:,} 次，"
        f"中位 {result['report_median_s']} 秒，最长停顿 {result['longest_pause_s']} 秒"
        f"（目标：检查加导入 ≤ 30 秒，≤ 1 GiB，{verdict}；负载 {result['load']}）"
    )


if __name__ == "__main__":
    main()
