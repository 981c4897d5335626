"""A race of 500 units: taking the facts, scoring, publishing, and the published page.

    .venv/bin/python bench/race.py --size 20000
    YINUO_BENCH_CITY=var/bench-city .venv/bin/python bench/race.py --size 1000000

The floor of the facts is one indexed aggregate of the same rows: commitments and kept ones by unit.
The city has 200 units that owe something; for 500, the facts of some are taken twice under new
names. All is done in one transaction that is rolled back, with files in a folder of its own: the
city stays as it was. Pages are asked for in this process, without a server in between, one after
another; the p95 is to stay under 200 ms.
"""

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

home = tempfile.TemporaryDirectory(prefix="yinuo-bench-")
FOLDER = os.environ.setdefault("YINUO_BENCH_CITY", home.name)
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "yinuo.project.settings")
os.environ["YINUO_HOME"] = FOLDER
CITY = Path(__file__).with_name("_city.py")


def asked() -> argparse.Namespace:
    """What the command line asks for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", type=int, default=20_000)
    parser.add_argument("--units", type=int, default=500)
    parser.add_argument("--rounds", type=int, default=40, help="times each page is asked for")
    return parser.parse_args()


OPTIONS = asked()
if not (Path(FOLDER) / "home.json").exists():
    subprocess.run([sys.executable, str(CITY), "--size", str(OPTIONS.size)], check=True)

import django  # noqa: E402

django.setup()

from django.conf import settings  # noqa: E402
from django.db import connection, transaction  # noqa: E402
from django.test import Client  # noqa: E402

from yinuo.commitments.models import Commitment  # noqa: E402
from yinuo.commitments.queries.race import UnitFacts, race_facts  # noqa: E402
from yinuo.kernel.content import content_dir  # noqa: E402
from yinuo.kernel.filestore import FileStore  # noqa: E402
from yinuo.parties.commands import OPERATOR, NewUnit, register_units  # noqa: E402
from yinuo.parties.queries import public_units  # noqa: E402
from yinuo.parties.viewer import Viewer  # noqa: E402
from yinuo.rules.workbook.read import check_bytes  # noqa: E402
from yinuo.supervision.commands import races  # noqa: E402
from yinuo.supervision.race.file import Head, RaceFile, made, recompute  # noqa: E402
from yinuo.supervision.race.period import Period, period  # noqa: E402
from yinuo.supervision.race.scheme import Scheme  # noqa: E402
from yinuo.supervision.race_inputs import units_of  # noqa: E402

OFFICE, TOP = "DC0", "210200"
AT = datetime(2026, 6, 29, 2, tzinfo=UTC)
FIRST, SECOND = (
    Viewer(account_id=number, supervisor_of=frozenset({OFFICE}), held_for=frozenset({OFFICE}))
    for number in (1, 2)
)
FLOOR = """
    SELECT lead_id, count(*), sum(CASE WHEN outcome = 'kept_on_time' THEN 1 ELSE 0 END)
    FROM commitments_commitment WHERE creditor_unit_id = %s AND lead_id IS NOT NULL
    GROUP BY lead_id
"""


def floor() -> int:
    """One aggregate by unit, from an index alone."""
    with connection.cursor() as cursor:
        cursor.execute(FLOOR, [OFFICE])
        return len(cursor.fetchall())


def facts(span: Period) -> dict[str, UnitFacts]:
    """Everything a race is worked out from."""
    found = race_facts(
        office=OFFICE,
        first=span.first,
        end=span.end,
        first_before=span.before.first,
        viewer=FIRST,
    )
    return dict(found)


def seconds(work: Callable[[], object], times: int = 3) -> float:
    """The best of a few runs."""
    best = float("inf")
    for _ in range(times):
        start = time.perf_counter()
        work()
        best = min(best, time.perf_counter() - start)
    return best


def file_of(span: Period, known: dict[str, UnitFacts], head: Head) -> RaceFile:
    """The race, scored."""
    book = check_bytes((content_dir() / "tables/race.xlsx").read_bytes(), file="race.xlsx").sound()
    scheme = Scheme(book, span.first, span.season)
    units = units_of(
        scheme=scheme, period=span, office=OFFICE, units=public_units(), facts=known, exempt={}
    )
    return made(head, scheme.groups, units, {})


def put(span: Period, file: RaceFile, store: FileStore) -> None:
    """Draft, publish and open it."""
    data = file.written()
    target = store.path(recompute(data).sha256)
    target.parent.mkdir(parents=True)
    target.write_bytes(data)
    worked_out = races.WorkedOut(file, span, AT.date(), target.name, len(data), "", "")
    code = races.draft(worked_out=worked_out, store=store, by=FIRST, at=AT)
    races.publish(race=code, store=store, by=SECOND, at=AT)
    races.open_to_all(race=code, by=FIRST, at=AT)


def pages(code: str, unit: str) -> None:
    """How long each page takes, as anyone gets it."""
    client = Client(headers={"host": "localhost"})
    for what, path in (
        ("result", f"/races/{code}/"),
        ("unit", f"/races/{code}/{unit}/"),
        ("download", f"/races/{code}/download"),
    ):
        client.get(path)  # the first one reads file and templates
        took, cpu = [], time.process_time()
        for _ in range(OPTIONS.rounds):
            start = time.perf_counter()
            answer = client.get(path)
            size = len(b"".join(answer))
            took.append((time.perf_counter() - start) * 1000)
            if answer.status_code != 200:  # noqa: PLR2004
                sys.exit(f"{path}：{answer.status_code}")
        cpu = (time.process_time() - cpu) * 1000 / OPTIONS.rounds
        cuts = statistics.quantiles(took, n=20)
        print(
            f"page {what:9} p50 {statistics.median(took):6.1f} ms  p95 {cuts[-1]:6.1f} ms  "
            f"{cpu:6.1f} ms CPU  {size / 1024:7.1f} KiB"
        )


def main() -> None:
    """Take, score, publish, ask, and print."""
    span = period("2026Q1")
    total = Commitment.objects.filter(creditor_unit=OFFICE).count()
    print(f"{Commitment.objects.count():,} commitments, {total:,} of the office")
    known = facts(span)
    at_best, ours = seconds(floor), seconds(lambda: facts(span))
    print(f"facts {ours * 1000:,.0f} ms, floor {at_best * 1000:,.0f} ms: {ours / at_best:.1f}x")
    with tempfile.TemporaryDirectory() as folder, transaction.atomic():
        settings.YINUO_FILES = Path(folder) / "files"
        store = FileStore(settings.YINUO_FILES)
        names = sorted(known)
        more = [f"N{number:03}" for number in range(max(OPTIONS.units - len(names), 0))]
        register_units(
            units=[
                NewUnit(code=code, name=f"新增单位{code}", kind="department", parent=TOP)
                for code in more
            ],
            by=OPERATOR,
            at=AT - timedelta(days=1_000),
        )
        known |= {code: known[names[place % len(names)]] for place, code in enumerate(more)}
        head = Head(
            code=f"R{span.code}-{OFFICE}-9", title=f"{span.words}赛马", office=OFFICE,
            office_name="市政府督查室", period=span.code, first=span.first.isoformat(),
            last=span.last.isoformat(), as_of=date(2026, 6, 29).isoformat(), edition=9,
            corrects="", scheme_name="tables/race.xlsx", scheme_number=1, scheme_edition=1,
            scheme_sha256="0" * 64, scheme_late=False, before="",
        )  # fmt: skip
        file = file_of(span, known, head)
        scored = seconds(lambda: file_of(span, known, head))
        ranked = sum(each.tier is not None for each in file.results)
        print(f"scoring {len(file.units):,} units, {ranked:,} ranked: {scored * 1000:,.0f} ms")
        print(f"publishing: {seconds(lambda: put(span, file, store), 1) * 1000:,.0f} ms")
        pages(head.code, names[0])
        transaction.set_rollback(True)


if __name__ == "__main__":
    main()
