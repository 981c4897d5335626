"""A project workbook of 20,000 rows: read, checked, compared, taken in.

    .venv/bin/python bench/projects_import.py [--rows 20000]

The floor is the same file read with calamine and its bare rows inserted into one table of SQLite.
Times are of the processor: other work on the machine does not count. The goal is 20 s and 1 GiB.
"""

import argparse
import io
import os
import resource
import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any

HOME = tempfile.mkdtemp(prefix="yinuo-bench-projects-")
os.environ["YINUO_HOME"] = HOME
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "yinuo.project.settings")

import django  # noqa: E402

django.setup()

from django.core.management import call_command  # noqa: E402
from python_calamine import CalamineWorkbook  # noqa: E402

from yinuo.commitments.commands.register import NewDocument  # noqa: E402
from yinuo.goals.commands.project_import import prepare, take_in  # noqa: E402
from yinuo.goals.projects.content import NewFigure, NewProject, NewStage, Register  # noqa: E402
from yinuo.goals.projects.stages import Stage  # noqa: E402
from yinuo.goals.projects.workbook.check import check_bytes  # noqa: E402
from yinuo.goals.projects.workbook.write import write_register  # noqa: E402
from yinuo.goals.queries.project_register import known, public_industries  # noqa: E402
from yinuo.kernel.instants import civil_date  # noqa: E402
from yinuo.parties.commands import (  # noqa: E402
    OPERATOR,
    NewUnit,
    found_duties,
    open_account,
    register_units,
)
from yinuo.parties.queries import public_viewer_named  # noqa: E402

AT = datetime(2024, 7, 15, 2, tzinfo=UTC)
OFFICE = "FGW"
UNITS = {"FGW": "发展改革委", **{f"Q{n:02}": f"第{n}区" for n in range(1, 16)}}
DIVISIONS = ("C34", "C38", "C39", "C26", "D44", "E48", "G55", "I65", "M73", "R90")
GOAL_SECONDS, GOAL_BYTES = 20, 2**30


def made_up(rows: int) -> Register:
    """A register of so many projects, the same at every run; two fifths have a yearly plan."""
    random = Random(8)
    projects = []
    for number in range(rows):
        start = date(2024, 1, 1) + timedelta(days=random.randrange(366))
        total = random.randrange(1_000, 200_000) * 10**6
        done = start + timedelta(days=3) if start < date(2024, 5, 1) else None
        planned = random.random() < 0.4  # noqa: PLR2004  # two fifths
        projects.append(
            NewProject(
                name=f"示例项目第 {number + 1} 号",
                national_code=f"2024-2102{random.randrange(100):02}-34-01-{number:06}",
                office=OFFICE,
                unit=f"Q{random.randrange(1, 16):02}",
                firm_name=f"示例公司第 {number % 7_000} 号",
                region=f"Q{random.randrange(1, 16):02}",
                address=f"示例路 {number % 900 + 1} 号",
                longitude_e6=121_000_000 + random.randrange(900_000),
                latitude_e6=38_800_000 + random.randrange(900_000),
                industry=random.choice(DIVISIONS),
                fields="装备制造",
                scope="厂房和配套设施",
                total_investment=total,
                year=2024,
                year_investment=total // 3 // 10**6 * 10**6 if planned else None,
                document="D-1",
                place=f"附件第 {number + 1} 行",
                stages=_stages(random, start, done),
                figures=(NewFigure(as_of=date(2024, 6, 30), invested_year=total // 10),)
                if done and planned
                else (),
            )
        )
    document = NewDocument(code="D-1", title="2024年项目清单", kind="方案")
    return Register(office=OFFICE, documents=(document,), projects=tuple(projects))


def _stages(random: Random, start: date, done: date | None) -> tuple[NewStage, ...]:
    """All are 储备; a third was started, a fifth promises to start and to be completed."""
    reserved = NewStage(stage=Stage.RESERVED, reached=date(2024, 1, 5))
    if done is not None:
        return reserved, NewStage(stage=Stage.STARTED, planned=start, reached=done)
    if random.random() > 0.3:  # noqa: PLR2004  # of those not started
        return (reserved,)
    end = start + timedelta(days=500)
    return (
        reserved,
        NewStage(stage=Stage.STARTED, planned=start, promised=True),
        NewStage(stage=Stage.COMPLETED, planned=end, promised=True),
    )


def measured(name: str, work: Callable[[], Any]) -> tuple[Any, float]:
    """What it returns, and the seconds of processor that it took."""
    before = time.process_time()
    found = work()
    took = time.process_time() - before
    print(f"  {name:<28}{took:8.2f} s")
    return found, took


def floor(data: bytes) -> int:
    """Read the same file with calamine and insert the bare rows."""
    book = CalamineWorkbook.from_filelike(io.BytesIO(data))
    store = sqlite3.connect(os.path.join(HOME, "floor.sqlite3"))  # noqa: PTH118  # a bare floor
    count = 0
    for name in book.sheet_names:
        rows = book.get_sheet_by_name(name).to_python()
        width = max((len(row) for row in rows), default=0)
        if not width:
            continue
        places = ",".join("?" * width)
        columns = ",".join(f"c{n}" for n in range(width))
        store.execute(f'CREATE TABLE "{name}" ({columns})')
        found = [[str(value) for value in row] for row in rows]
        store.executemany(f'INSERT INTO "{name}" VALUES ({places})', found)  # noqa: S608  # our names
        count += len(found)
    store.commit()
    store.close()
    return count


def main() -> None:
    """Measure and compare with the goal."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=20_000)
    asked = parser.parse_args()
    call_command("migrate", verbosity=0)
    units = [NewUnit(code=code, name=name, kind="department") for code, name in UNITS.items()]
    register_units(units=units, by=OPERATOR, at=AT)
    open_account(username="a", name="甲", password="one-thousand-gold", by=OPERATOR, at=AT)  # noqa: S106
    found_duties(duties=[("a", "administrator", OFFICE)], at=AT)
    viewer = public_viewer_named("a")
    assert viewer is not None  # noqa: S101  # opened above
    written = io.BytesIO()
    write_register(
        written,
        made_up(asked.rows),
        units=UNITS,
        industries=public_industries(),
        year=2024,
        made_at=AT,
    )
    data = written.getvalue()
    print(f"{asked.rows:,} projects, {len(data) / 2**20:.1f} MB")
    _, least = measured("floor: calamine + bare rows", lambda: floor(data))
    file, first = measured(
        "read and check",
        lambda: check_bytes(data, file="p.xlsx", known=known(viewer=viewer), today=civil_date(AT)),
    )
    if file.errors:
        raise SystemExit(str(file.errors[:3]))
    _, second = measured("compare and prepare", lambda: prepare(file=file, by=viewer, at=AT))
    taken, third = measured("prepare and take in", lambda: take_in(file=file, by=viewer, at=AT))
    whole = first + third
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    print(f"{taken.registered:,} projects, {taken.promised:,} promises, {taken.figures:,} figures")
    print(f"whole import {whole:.1f} s ({whole / least:.1f} × floor); peak {peak / 2**20:,.0f} MiB")
    print(f"preparing alone {second:.1f} s, so the transaction is about {third - second:.1f} s")
    _, again = measured(
        "the same file again",
        lambda: take_in(
            file=check_bytes(data, file="p.xlsx", known=known(viewer=viewer), today=civil_date(AT)),
            by=viewer,
            at=AT,
        ),
    )
    print(f"unchanged file {again:.1f} s")
    if whole > GOAL_SECONDS or peak > GOAL_BYTES:
        sys.exit(f"the goal is {GOAL_SECONDS} s and {GOAL_BYTES >> 20} MiB")


if __name__ == "__main__":
    main()
