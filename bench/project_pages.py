"""List, filters, map and page of projects over HTTP, four clients at once, on a large register.

    .venv/bin/python bench/project_pages.py --size 50000

Goal: p95 ≤ 200 ms. The register is made in bulk in a home of its own: rows and entries as commands
would leave them, sealed; no promises, so that stages stand with plain dates. What is spread how:

    200 units, the n-th in proportion to 1 / (n + 5); 13 regions; 40 divisions; 30 batches; a third
    in each of not started, under construction, completed; 2 to 7 stages each; half have a plan for
    the year, two thirds of those a figure in each of the last six months; 90 % are public; 60 %
    have coordinates.

Four processes ask in turn, each waiting for the answer; one client then asks alone, and the
processor time that the server spent on a page is read from /proc (see bench/pages.py): wall time
says as much about who else uses the processors. The floor is one indexed aggregate on one
connection. The first request of each worker reads the whole register; it is told apart.
"""

import argparse
import json
import multiprocessing
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from urllib.parse import quote

home = tempfile.TemporaryDirectory(prefix="yinuo-bench-projects-")
FOLDER = os.environ.setdefault("YINUO_BENCH_CITY", home.name)
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "yinuo.project.settings")
os.environ["YINUO_HOME"] = FOLDER
CITY = Path(__file__).with_name("_city.py")


def asked() -> argparse.Namespace:
    """What the command line asks for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", type=int, default=5_000)
    parser.add_argument("--rounds", type=int, default=10, help="times each client asks each page")
    parser.add_argument("--port", type=int, default=8414)
    parser.add_argument("--json", action="store_true")
    return parser.parse_args()


# `pages` reads the command line too, when it is imported below.
OPTIONS = asked()
if not (Path(FOLDER) / "home.json").exists():
    # A small city for its units and people; before the settings load.
    subprocess.run([sys.executable, str(CITY), "--size", "1000"], check=True)
sys.argv = [sys.argv[0], "--port", str(OPTIONS.port)]

import pages  # type: ignore[import-not-found]  # noqa: E402  # beside this script
from django.conf import settings  # noqa: E402
from django.db import connection, transaction  # noqa: E402

from yinuo.commitments.commands.project import refresh_statistics  # noqa: E402
from yinuo.goals.models import (  # noqa: E402
    Batch,
    Project,
    ProjectFigure,
    ProjectStage,
    ProjectYear,
)
from yinuo.goals.projects.stages import RANK, STAGES  # noqa: E402
from yinuo.ledger.commands.recording import By, record_new  # noqa: E402
from yinuo.ledger.commands.sealing import seal  # noqa: E402
from yinuo.ledger.key import load_signer  # noqa: E402
from yinuo.ledger.memory import Memory  # noqa: E402
from yinuo.ledger.recorded import Recorded  # noqa: E402

ORIGIN = "yinuo.bench.demo"
TODAY = date(2026, 6, 30)
AT = datetime(2026, 6, 1, 2, tzinfo=UTC)
BUILD = By("account:1", "administrator:DC0")
CHUNK = 1_000
REGIONS = [f"U{n:03}" for n in range(13)]
DIVISIONS = [
    *(("C", f"{n}") for n in range(13, 44)),
    ("E", "47"), ("E", "48"), ("G", "54"), ("G", "55"), ("F", "51"), ("A", "04"), ("D", "44"),
    ("K", "70"), ("R", "87"),
]  # fmt: skip
WHAT = ("产业园", "生产线", "码头", "公路", "管网", "数据中心", "医院", "学校", "度假区", "风电场")
PLACES = (
    "东港",
    "大窑湾",
    "长兴岛",
    "花园口",
    "太平湾",
    "旅顺",
    "金石滩",
    "普兰店",
    "庄河",
    "瓦房店",
)
PLACED, IN_BATCH, PUBLIC, PLANNED, REPORTED = 0.6, 0.3, 0.9, 0.5, 0.67
SKIPPED, CONFIRMED = 0.15, 0.8
"""Shares, as told above."""
MONTHS = 6
CLIENTS = pages.CLIENTS
VIEWERS = {"公众": "", "督查人": "ducha"}
FLOOR = "SELECT COUNT(*) FROM goals_project WHERE visibility = 'public' AND code < 'XM2026-9'"


class Maker:
    """Makes projects with their rows from one seed."""

    def __init__(self) -> None:
        self.rng = random.Random(2026)
        self.units = [f"U{n:03}" for n in range(200)]
        self.shares = [1 / (n + 5) for n in range(200)]

    def rows(self, number: int) -> list[Recorded]:
        """One project with its stages, plan and figures."""
        rng, code = self.rng, f"XM2026-{number:06}"
        section, division = rng.choice(DIVISIONS)
        placed = rng.random() < PLACED
        made: list[Recorded] = [
            Project(
                code=code,
                name=f"{rng.choice(PLACES)}第{rng.randint(1, 99)}{rng.choice(WHAT)}项目",
                office_id=f"DC{rng.choices(range(7), (60, 15, 8, 6, 5, 3, 3))[0]}",
                unit_id=rng.choices(self.units, self.shares)[0],
                region_id=rng.choice(REGIONS),
                firm_name=f"测试{rng.randint(1, 9_999)}有限公司",
                industry=f"{section}{division}",
                section=section,
                division=division,
                batch_id=f"PC{rng.randrange(30):02}" if rng.random() < IN_BATCH else None,
                total_investment=rng.randint(1_000, 500_000) * 1_000_000,
                longitude_e6=rng.randint(121_000_000, 123_000_000) if placed else None,
                latitude_e6=rng.randint(38_700_000, 40_000_000) if placed else None,
                document_id="DOC",
                registered_date=date(2026, 1, 10),
                confirmed_by="account:1",
                confirmed_at=AT,
                visibility="public" if rng.random() < PUBLIC else "review",
            )
        ]
        made += self._stages(code)
        if rng.random() < PLANNED:
            made += self._money(code)
        return made

    def _stages(self, code: str) -> list[Recorded]:
        rng = self.rng
        reached = rng.choice(((0, 3), (3, 5), (5, 8)))
        until = rng.randint(reached[0] + 1, reached[1])
        made: list[Recorded] = []
        day = date(2023, 1, 1) + timedelta(days=rng.randrange(500))
        for stage in STAGES:
            rank = RANK[stage]
            if rank > until + 2 or (rank <= until and rng.random() < SKIPPED):
                continue
            day += timedelta(days=rng.randint(20, 200))
            done = rank <= until
            confirmed = done and rng.random() < CONFIRMED
            made.append(
                ProjectStage(
                    code=f"{code}/{stage.value}",
                    project_id=code,
                    stage=stage.value,
                    rank=rank,
                    planned_date=day,
                    reached_date=min(day, TODAY) if done else None,
                    entered_by="account:4" if done else "",
                    confirmed_by="account:1" if confirmed else "",
                    confirmed_at=AT if confirmed else None,
                )
            )
        return made

    def _money(self, code: str) -> list[Recorded]:
        rng = self.rng
        planned = rng.randint(500, 50_000) * 1_000_000
        made: list[Recorded] = [
            ProjectYear(code=f"{code}/2026", project_id=code, year=2026, planned=planned)
        ]
        if rng.random() < REPORTED:
            for month in range(1, MONTHS + 1):
                confirmed = month < MONTHS
                made.append(
                    ProjectFigure(
                        code=f"{code}/F{month}",
                        project_id=code,
                        number=month,
                        as_of_date=date(2026, month, 28),
                        invested_year=planned * month // 14,
                        progress=str(month * 10),
                        standing="confirmed" if confirmed else "reported",
                        entered_by="account:4",
                        entered_at=AT,
                        judged_by="account:1" if confirmed else "",
                        judged_at=AT if confirmed else None,
                    )
                )
        return made


def write(rows: Sequence[Recorded]) -> None:
    """Rows and entries, model by model."""
    for model in dict.fromkeys(type(row) for row in rows):
        some = [row for row in rows if type(row) is model]
        record_new(some, verb=f"{model.SUBJECT}.registered", by=BUILD, at=AT)


def make(size: int) -> None:
    """The register."""
    start, maker = time.process_time(), Maker()
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA synchronous = OFF")  # of what can be made again
    batches = [
        Batch(code=f"PC{n:02}", title=f"第{n + 1}批集中开工", office_id="DC0", document_id="DOC",
              visibility="public")
        for n in range(30)
    ]  # fmt: skip
    with transaction.atomic():
        write(batches)
    for first in range(0, size, CHUNK):
        some = range(first, min(first + CHUNK, size))
        with transaction.atomic():
            write([row for number in some for row in maker.rows(number)])
    signer = load_signer(settings.YINUO_LEDGER_KEY, origin=ORIGIN)
    while seal(signer=signer, memory=Memory(settings.YINUO_SEALER_MEMORY)).entries:
        pass
    refresh_statistics()
    spent = time.process_time() - start
    print(f"{size:,} 个项目建好，处理器 {spent:,.0f} 秒", file=sys.stderr, flush=True)


def found(**filters: str) -> str:
    """The list with these filters."""
    return "/projects/?" + "&".join(f"{name}={quote(value)}" for name, value in filters.items())


def filtered(rng: random.Random) -> dict[str, str]:
    """Some filter, another one every time."""
    return rng.choice(
        (
            {"unit": f"U{rng.randrange(200):03}"},
            {"region": rng.choice(REGIONS), "state": "building"},
            {"industry": rng.choice(DIVISIONS)[1]},
            {"batch": f"PC{rng.randrange(30):02}"},
            {"state": rng.choice(("reserved", "completed", "producing"))},
        )
    )


def somewhere(rng: random.Random) -> str:
    """A code in the middle of the list."""
    return f"XM2026-{rng.randrange(OPTIONS.size):06}"


PAGES: dict[str, Callable[[random.Random], str]] = {
    "列表，第一页": lambda _: "/projects/",
    "列表，中间一页": lambda rng: found(after=somewhere(rng)),
    "列表，从大到小": lambda rng: found(sort="size", region=rng.choice(REGIONS)),
    "列表，筛选": lambda rng: found(**filtered(rng)),
    "列表，检索": lambda rng: found(text=f"{rng.choice(PLACES)} {rng.choice(WHAT)}"),
    "地图": lambda _: "/projects/map/",
    "地图，总投资，筛选": lambda rng: found(**filtered(rng), show="total").replace(
        "/projects/", "/projects/map/"
    ),
    "批次": lambda rng: f"/projects/batches/PC{rng.randrange(30):02}/",
}


def client(
    number: int, port: int, sessions: dict[str, str], rounds: int,
    out: "multiprocessing.Queue[list[tuple[str, str, float]]]",
) -> None:  # fmt: skip
    """Ask for every page as every viewer, in an order of its own, `rounds` times."""
    rng = random.Random(number)
    todo = [(viewer, page) for viewer in sessions for page in PAGES] * rounds
    rng.shuffle(todo)
    out.put(
        [
            (viewer, page, pages.ask(port, pages.headers_of(sessions[viewer]), PAGES[page](rng)))
            for viewer, page in todo
        ]
    )


def measure(port: int, sessions: dict[str, str], rounds: int) -> list[tuple[str, str, float]]:
    """What all clients saw, working at the same time."""
    out: multiprocessing.Queue[list[tuple[str, str, float]]] = multiprocessing.Queue()
    clients = [
        multiprocessing.Process(target=client, args=(n, port, sessions, rounds, out))
        for n in range(CLIENTS)
    ]
    for one in clients:
        one.start()
    answers = [row for _ in clients for row in out.get()]
    for one in clients:
        one.join()
    return answers


def floor_ms() -> float:
    """Milliseconds of the floor, the median of eleven."""
    times = []
    with connection.cursor() as cursor:
        for _ in range(11):
            start = time.perf_counter()
            cursor.execute(FLOOR)
            cursor.fetchall()
            times.append((time.perf_counter() - start) * 1000)
    return statistics.median(times)


def main() -> None:
    """Make the register, serve it, ask, print."""
    if Project.objects.count() == 0:
        make(OPTIONS.size)
    sessions = {viewer: pages.cookie(username) for viewer, username in VIEWERS.items()}
    rows, floor = Project.objects.count(), floor_ms()
    connection.close()
    results = []
    with pages.served(OPTIONS.port) as server:
        before = pages.worked_ms(server)
        first = pages.ask(OPTIONS.port, {}, "/projects/")
        first_work = pages.worked_ms(server) - before
        measure(OPTIONS.port, sessions, 1)
        seen = measure(OPTIONS.port, sessions, OPTIONS.rounds)
        for viewer in VIEWERS:
            for page, path in PAGES.items():
                times = [t for v, p, t in seen if (v, p) == (viewer, page)]
                headers = pages.headers_of(sessions[viewer])
                one, work = pages.alone(server, OPTIONS.port, headers, path)
                said = {"alone_ms": round(one), "processor_ms": round(work)}
                results.append(
                    {"viewer": viewer, "page": page, **pages.summary(times, floor), **said}
                )
    load = round(os.getloadavg()[0], 1)
    about = {"database": connection.vendor, "rows": rows, "floor_ms": round(floor, 2), "load": load}
    about |= {"first_ms": round(first), "first_processor_ms": round(first_work)}
    if OPTIONS.json:
        print(json.dumps({**about, "pages": results}, ensure_ascii=False))
        return
    print(
        f"{about['database']}，{rows:,} 个项目，底线 {floor:.2f} 毫秒，测后负载 {load}；"
        f"第一次请求 {about['first_ms']} 毫秒，处理器 {about['first_processor_ms']} 毫秒"
    )
    for r in results:
        verdict = "达到" if r["met"] else "未达到"
        print(
            f"{r['viewer']} {r['page']}：p50 {r['p50_ms']}，p95 {r['p95_ms']} 毫秒"
            f"（目标 p95 ≤ {pages.GOAL_MS}，{verdict}）；"
            f"独自一人 {r['alone_ms']} 毫秒，处理器 {r['processor_ms']} 毫秒"
        )


if __name__ == "__main__":
    main()
