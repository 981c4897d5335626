"""Board, list, search and changes over HTTP, four clients at once, on a city of any size.

    .venv/bin/python bench/pages.py --size 100000
    .venv/bin/python tests/postgres.py -- .venv/bin/python bench/pages.py --size 100000
    YINUO_BENCH_CITY=var/bench-city .venv/bin/python bench/pages.py --size 1000000

The last keeps the city in that folder, or uses the one that is there; see bench/_city.py. A million
take a quarter of an hour of one processor to make, and 6 GB.

Goal: p95 ≤ 200 ms. `yinuo serve` runs as it does for a city, with four web workers;
four processes ask for the pages in turn, each waiting for the answer before it asks again. The
floor is one indexed aggregate of the same database on one connection: how many public commitments
are due before today, counted from an index alone.

Latency with four clients says as much about who else uses the processors. So one client then asks
for each page alone, and the processor time that the server spent on a page is read from /proc: four
clients on two processors that are otherwise idle wait about twice that.
"""

import argparse
import http.client
import json
import multiprocessing
import os
import random
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

home = tempfile.TemporaryDirectory(prefix="yinuo-bench-")
FOLDER = os.environ.setdefault("YINUO_BENCH_CITY", home.name)
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "yinuo.project.settings")
os.environ["YINUO_HOME"] = FOLDER
CITY = Path(__file__).with_name("_city.py")


def asked() -> argparse.Namespace:
    """What the command line asks for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", type=int, default=20_000)
    parser.add_argument("--rounds", type=int, default=10, help="times each client asks each page")
    parser.add_argument("--port", type=int, default=8719)
    parser.add_argument("--json", action="store_true")
    return parser.parse_args()


OPTIONS = asked()
if not (Path(FOLDER) / "home.json").exists():
    # Before the settings load: they read the secret of the home that is made here.
    subprocess.run([sys.executable, str(CITY), "--size", str(OPTIONS.size)], check=True)

import django  # noqa: E402

django.setup()

from django.contrib.auth import (  # noqa: E402
    BACKEND_SESSION_KEY,
    HASH_SESSION_KEY,
    SESSION_KEY,
    get_user_model,
)
from django.contrib.sessions.backends.db import SessionStore  # noqa: E402
from django.db import connection  # noqa: E402

from yinuo.commitments.commands.light import is_due, relight_all  # noqa: E402
from yinuo.commitments.models import Commitment  # noqa: E402
from yinuo.web import clock  # noqa: E402

CLIENTS = 4
KINDS = ("measure", "project", "target", "milestone", "pledge", "plan", "goal")
ALONE = 10
"""Times one client asks each page while no other does."""
GOAL_MS = 200
DISTRICTS = ("中山区", "西岗区", "沙河口区", "甘井子区", "旅顺口区", "金州区", "普兰店区", "长海县")
MATTERS = ("老旧小区", "农村公路", "污水管网", "港口码头", "智慧停车", "冷链物流", "社区医院")
PINYIN = (
    "lushunkou",
    "zhongshan",
    "ganjingzi",
    "laojiuxiaoqu",
    "gonglu",
    "gangkou",
    "lenglianwuliu",
)
INITIALS = ("lskq", "zsq", "gjzq", "ljxq", "ncgl", "wsgw", "gkmt")
RARE = ("鲸落观测站", "不存在的词", "鲸落 观测")
COMMON = ("改造", "建设", "推进", "完成", "提升", "项目", "便民")
PAGES: dict[str, Callable[[random.Random], str]] = {
    "总览": lambda _: "/",
    "列表，第一页": lambda _: "/commitments/",
    "列表，中间一页": lambda rng: (
        f"/commitments/?after={rng.randint(2024, 2027)}-{rng.randint(1, 12):02d}-01~DL2023-0000500"
    ),
    "列表，一单位的逾期": lambda rng: f"/commitments/?unit=U{rng.randrange(200):03d}&state=overdue",
    "列表，一目标一类型": lambda rng: (
        f"/commitments/?goal=H{rng.randrange(60):02d}&kind={rng.choice(KINDS)}"
    ),
    "检索，两个词": lambda rng: found(f"{rng.choice(DISTRICTS)} {rng.choice(MATTERS)}"),
    "检索，拼音": lambda rng: found(rng.choice(PINYIN)),
    "检索，首字母": lambda rng: found(rng.choice(INITIALS)),
    "检索，罕见词": lambda rng: found(rng.choice(RARE)),
    "检索，常见词": lambda rng: found(rng.choice(COMMON)),
    "变更": lambda _: "/changes/",
    "变更，一单位": lambda rng: f"/changes/?unit=U{rng.randrange(200):03d}",
}
"""Every time another unit, goal, word or place in the list, so that no answer is at hand."""
VIEWERS = {"公众": "", "督查人": "ducha"}
FLOOR = (
    "SELECT COUNT(*) FROM commitments_commitment WHERE visibility = 'public' AND due < '2026-06-30'"
)


def found(text: str) -> str:
    """The address under which a text is looked for."""
    return f"/commitments/?text={quote(text)}"


def cookie(username: str) -> str:
    """A session in which this person is signed in; empty for anyone."""
    if not username:
        return ""
    account = get_user_model().objects.get(username=username)
    session = SessionStore()
    session[SESSION_KEY] = str(account.pk)
    session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
    session[HASH_SESSION_KEY] = account.get_session_auth_hash()
    session.create()
    return f"sessionid={session.session_key}"


def headers_of(session: str) -> dict[str, str]:
    """What a browser with this cookie sends along."""
    return {"Cookie": session} if session else {}


def ask(port: int, headers: dict[str, str], path: str) -> float:
    """Milliseconds until the whole page is there."""
    start = time.perf_counter()
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
    line.request("GET", path, headers=headers)
    answer = line.getresponse()
    answer.read()
    line.close()
    if answer.status != http.client.OK:
        raise RuntimeError(f"{answer.status} {path}")
    return (time.perf_counter() - start) * 1000


def client(
    number: int, port: int, sessions: dict[str, str], rounds: int,
    out: "multiprocessing.Queue[list[tuple[str, str, float]]]",
) -> None:  # fmt: skip
    """Ask for every page as every viewer, in an order of its own, `rounds` times."""
    rng = random.Random(number)
    todo = [(viewer, page) for viewer in sessions for page in PAGES] * rounds
    rng.shuffle(todo)
    found = []
    for viewer, page in todo:
        found.append((viewer, page, ask(port, headers_of(sessions[viewer]), PAGES[page](rng))))
    out.put(found)


def measure(port: int, sessions: dict[str, str], rounds: int) -> list[tuple[str, str, float]]:
    """What all clients saw, working at the same time."""
    out: multiprocessing.Queue[list[tuple[str, str, float]]] = multiprocessing.Queue()
    clients = [
        multiprocessing.Process(target=client, args=(n, port, sessions, rounds, out))
        for n in range(CLIENTS)
    ]
    for one in clients:
        one.start()
    found = [row for _ in clients for row in out.get()]
    for one in clients:
        one.join()
    return found


def family(pid: int) -> list[int]:
    """A process and all below it."""
    known = [pid]
    for one in known:
        for task in Path(f"/proc/{one}/task").glob("*/children"):
            known += map(int, task.read_text().split())
    return known


def worked_ms(pid: int) -> float:
    """Processor time of a process and all below it."""
    ticks = 0
    for one in family(pid):
        fields = Path(f"/proc/{one}/stat").read_text().rpartition(")")[2].split()
        ticks += int(fields[11]) + int(fields[12])
    return ticks * 1000 / os.sysconf("SC_CLK_TCK")


def alone(
    server: int, port: int, headers: dict[str, str], path: Callable[[random.Random], str]
) -> tuple[float, float]:
    """Of one client alone: milliseconds until the page is there, and processor time it took."""
    before, rng = worked_ms(server), random.Random(0)
    times = [ask(port, headers, path(rng)) for _ in range(ALONE)]
    return statistics.median(times), (worked_ms(server) - before) / ALONE


@contextmanager
def served(port: int) -> Iterator[int]:
    """`yinuo serve` for as long as the block runs; gives its process id."""
    command = [sys.executable, "-m", "yinuo.project", "serve", "--port", str(port)]
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    try:
        end = time.monotonic() + 60
        while True:
            try:
                ask(port, {}, "/about/")
                break
            except OSError:
                if time.monotonic() > end:
                    raise
                time.sleep(0.2)
        yield server.pid
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait(60)


def floor_ms() -> float:
    """Milliseconds of the floor, the median of eleven."""
    found = []
    with connection.cursor() as cursor:
        for _ in range(11):
            start = time.perf_counter()
            cursor.execute(FLOOR)
            cursor.fetchall()
            found.append((time.perf_counter() - start) * 1000)
    return statistics.median(found)


def summary(times: list[float], floor: float) -> dict[str, object]:
    """Quantiles of one page."""
    p95 = statistics.quantiles(times, n=20)[18]
    return {
        "asked": len(times),
        "p50_ms": round(statistics.median(times)),
        "p95_ms": round(p95),
        "ratio_p50": round(statistics.median(times) / floor, 1),
        "met": p95 <= GOAL_MS,
    }


def main() -> None:
    """Serve the city, ask, print."""
    sessions = {viewer: cookie(username) for viewer, username in VIEWERS.items()}
    if is_due(clock.today()):
        # Else the projector would do it while we measure, a minute of one processor.
        relight_all(on=clock.today())
    rows, floor = Commitment.objects.count(), floor_ms()
    connection.close()
    with served(OPTIONS.port) as server:
        measure(OPTIONS.port, sessions, 1)  # caches of the operating system, modules, templates
        found = measure(OPTIONS.port, sessions, OPTIONS.rounds)
        single = {
            (viewer, page): alone(server, OPTIONS.port, headers_of(sessions[viewer]), path)
            for viewer in VIEWERS
            for page, path in PAGES.items()
        }
    results = []
    for viewer in VIEWERS:
        for page in PAGES:
            times = [t for v, p, t in found if (v, p) == (viewer, page)]
            one_ms, work_ms = single[viewer, page]
            said = {"alone_ms": round(one_ms), "processor_ms": round(work_ms)}
            results.append({"viewer": viewer, "page": page, **summary(times, floor), **said})
    load = round(os.getloadavg()[0], 1)
    about = {"database": connection.vendor, "rows": rows, "floor_ms": round(floor, 2), "load": load}
    if OPTIONS.json:
        print(json.dumps({**about, "pages": results}, ensure_ascii=False))
        return
    print(f"{about['database']}，{rows:,} 项承诺，底线 {floor:.2f} 毫秒，测后负载 {load}")
    for r in results:
        verdict = "达到" if r["met"] else "未达到"
        print(
            f"{r['viewer']} {r['page']}：p50 {r['p50_ms']}，p95 {r['p95_ms']} 毫秒，"
            f"p50 为底线的 {r['ratio_p50']} 倍（目标 p95 ≤ {GOAL_MS}，{verdict}）；"
            f"独自一人 {r['alone_ms']} 毫秒，处理器 {r['processor_ms']} 毫秒"
        )


if __name__ == "__main__":
    main()
