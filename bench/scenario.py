"""One answer of a scenario over HTTP, beside a bare Django page with one indexed read.

    .venv/bin/python bench/scenario.py --records 200000

Simulated records of the 21 systems (演示数据) are landed and published by the real commands; 2,000
persons consent; a key asks about them. Both sites run in granian with two workers of four threads
on the same cores as the client. Closed loop: one client, one question after the other. Open loop:
200 questions a second for ten seconds, each timed from the moment it was due, so that a queue
counts. Each answer waits for the disk, for its line in the read log: threads of a process that
answer at the same moment share one wait, processes take turns. What one wait takes is printed too.

With YINUO_BENCH_SCENARIO=FOLDER the city is kept there and used again, however large; `--fill`
makes it and stops.

Goal: p99 ≤ 20 ms at 200 a second; the ratio to the floor is printed.
"""

import argparse
import http.client
import json
import os
import random
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path

home = tempfile.TemporaryDirectory(prefix="yinuo-bench-")
FOLDER = os.environ.get("YINUO_BENCH_SCENARIO", home.name)
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "yinuo.project.settings")
os.environ["YINUO_HOME"] = FOLDER
os.environ["YINUO_BENCH_SCENARIO"] = FOLDER


def asked() -> argparse.Namespace:
    """What the command line asks for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--records", type=int, default=200_000)
    parser.add_argument("--port", type=int, default=8741)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--make", action="store_true", help="found the city and stop")
    parser.add_argument("--fill", action="store_true", help="publish the records and stop")
    return parser.parse_args()


OPTIONS = asked()
if not OPTIONS.make and not (Path(FOLDER) / "home.json").exists():
    # Before the settings load: they read the secret of the home that is made here.
    subprocess.run([sys.executable, __file__, "--make"], check=True)

import django  # noqa: E402

django.setup()

import pyarrow.parquet as pq  # noqa: E402
from django.conf import settings  # noqa: E402
from django.db import connection  # noqa: E402

from yinuo.api.commands.answer_keys import approve_key, ask_key, renew_key  # noqa: E402
from yinuo.credit.commands.consents import Paper, take_consents  # noqa: E402
from yinuo.credit.commands.landing import land  # noqa: E402
from yinuo.credit.commands.publishing import publish  # noqa: E402
from yinuo.credit.released import current_row  # noqa: E402
from yinuo.credit.simulation.simulate import simulate  # noqa: E402
from yinuo.credit.subject_marks import subject_mark  # noqa: E402
from yinuo.ledger.commands.sealing import seal  # noqa: E402
from yinuo.ledger.key import load_signer  # noqa: E402
from yinuo.ledger.memory import Memory  # noqa: E402
from yinuo.ledger.queries import public_status  # noqa: E402
from yinuo.parties.commands import (  # noqa: E402
    OPERATOR,
    NewUnit,
    approve_duty,
    ask_duty,
    open_account,
    register_units,
)
from yinuo.parties.queries import public_viewer_named  # noqa: E402
from yinuo.parties.viewer import Viewer  # noqa: E402
from yinuo.project.home import Home, complete  # noqa: E402
from yinuo.project.installation import Person, found, lay_out  # noqa: E402
from yinuo.web.asking import asking  # noqa: E402
from yinuo.web.credit import means, sources  # noqa: E402
from yinuo.web.files import store  # noqa: E402

GOAL_MS, A_SECOND, SECONDS, ALONE = 20, 200, 10, 500
CLIENTS, CONSENTING = 32, 2_000
EACH = 20
"""Questions of each client before anything is measured."""
TODAY = date(2026, 11, 28)
FOUNDED = datetime(2026, 11, 2, 2, tzinfo=UTC)
HOME = Home(city="测试市", origin="yinuo.bench.demo", demo_date=TODAY.isoformat())
CITY, HOSPITAL, KEY = "210200", "YY-DEMO", "hospital"
ANSWERS = "/api/v1/credit/answers"


def person(name: str) -> Viewer:
    """Somebody who was hired."""
    viewer = public_viewer_named(name)
    assert viewer is not None  # noqa: S101  # made with the city
    return viewer


def settle() -> None:
    """Make the home: units, people, content, the key."""
    memory = Memory(settings.YINUO_SEALER_MEMORY)
    lay_out(settings.HOME, key=settings.YINUO_LEDGER_KEY, memory=memory)
    signer = load_signer(settings.YINUO_LEDGER_KEY, origin=HOME.origin)
    city = NewUnit(code=CITY, name="测试市", kind="city", gb_code=CITY)
    people = [Person(name, name, "administrator", CITY) for name in ("admin1", "admin2")]
    found(city=city, people=people, key=signer.verifier, store=store(), at=FOUNDED)
    units = {settings.YINUO_CREDIT_CENTRE, HOSPITAL, *(one.owner for one in sources().values())}
    register_units(
        units=[
            NewUnit(code=code, name=code, kind="department", parent=CITY) for code in sorted(units)
        ],
        by=OPERATOR,
        at=FOUNDED,
    )
    for username, unit in (("centre", settings.YINUO_CREDIT_CENTRE), ("hospital", HOSPITAL)):
        open_account(username=username, name=username, password=None, by=OPERATOR, at=FOUNDED)
        duty = ask_duty(
            username=username, role="officer", unit=unit, by=person("admin1"), at=FOUNDED
        )
        approve_duty(duty=duty, by=person("admin2"), at=FOUNDED)
    made = ask_key(
        code=KEY,
        title="收费系统",
        unit=HOSPITAL,
        scenarios=["medicine"],
        asking=asking(),
        per_minute=60_000,
        numbers_a_day=60_000,
        by=person("admin1"),
        at=FOUNDED,
    )
    approve_key(code=made.code, by=person("admin2"), at=FOUNDED)
    complete(settings.HOME, HOME)


def fill(records: int) -> None:
    """Land and publish; let some persons consent."""
    folder = settings.HOME / "delivered"
    at = datetime.combine(TODAY, datetime.min.time(), UTC)
    simulate(records=records, out=folder, seed=1, on=TODAY, dirty=False)
    given = replace(means(), linkage=None)
    for path in sorted(one for one in folder.iterdir() if one.is_file()):
        land(
            source=path.stem,
            files=[path],
            names=[path.name],
            simulated=True,
            means=given,
            by=person("centre"),
            at=at,
        )
    publish(means=given, by=person("centre"), at=at, leave_out=True)
    take_consents(
        papers=[Paper(kind="person", number=n, name="试", until=TODAY) for n in numbers()],
        unit=HOSPITAL,
        purpose=given.purposes["medical"],
        paper_sha256="0" * 64,
        by=person("hospital"),
        at=at,
        today=TODAY,
        simulated=True,
    )
    signer = load_signer(settings.YINUO_LEDGER_KEY, origin=HOME.origin)
    while public_status().unsealed:
        seal(signer=signer, memory=Memory(settings.YINUO_SEALER_MEMORY))
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def numbers() -> list[str]:
    """The numbers of the persons who consent, spread over all."""
    table = pq.read_table(settings.HOME / "delivered" / "truth" / "entities.parquet")
    keys = [
        key
        for keys in table.column("keys").to_pylist()
        for key in keys
        if isinstance(key, str) and key.startswith("p:")
    ]
    picked = random.Random(7).sample(sorted(set(keys)), CONSENTING)
    return [key.removeprefix("p:") for key in picked]


@dataclass(frozen=True)
class Site:
    """What is asked."""

    name: str
    port: int
    path: str
    headers: dict[str, str]
    bodies: Sequence[bytes]
    server: int = 0
    """Process that serves it."""

    def ask(self, line: http.client.HTTPConnection, number: int) -> None:
        """One question on a connection that is kept."""
        line.request("POST", self.path, self.bodies[number % len(self.bodies)], self.headers)
        answer = line.getresponse()
        said = answer.read()
        if answer.status != http.client.OK:
            raise RuntimeError(f"{answer.status} {said[:300]!r}")


def connected(port: int) -> http.client.HTTPConnection:
    """A connection that sends at once."""
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    line.connect()
    line.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return line


def warm_up(site: Site) -> None:
    """Connections, caches and compiled tables, in both workers and all their threads."""

    def work(first: int) -> None:
        line = connected(site.port)
        for number in range(first, first + EACH):
            site.ask(line, number)
        line.close()

    with ThreadPoolExecutor(CLIENTS) as pool:
        list(pool.map(work, range(0, CLIENTS * EACH, EACH)))


def closed_loop(site: Site) -> list[float]:
    """Milliseconds of each question, one after the other."""
    line, times = connected(site.port), []
    for number in range(ALONE):
        start = time.perf_counter()
        site.ask(line, number)
        times.append((time.perf_counter() - start) * 1000)
    line.close()
    return times


def open_loop(site: Site) -> list[float]:
    """Milliseconds from when each was due, 200 a second, however long the others take."""
    mine = threading.local()
    begin = time.perf_counter() + 0.2

    def work(number: int) -> float:
        due = begin + number / A_SECOND
        if not hasattr(mine, "line"):
            mine.line = connected(site.port)
        time.sleep(max(due - time.perf_counter(), 0))
        site.ask(mine.line, number)
        return (time.perf_counter() - due) * 1000

    with ThreadPoolExecutor(CLIENTS) as pool:
        return list(pool.map(work, range(A_SECOND * SECONDS)))


def processor(pid: int) -> float:
    """Seconds of processor that a process and its children have taken, user and system."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    ticks = int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK") + sum(processor(int(one)) for one in children)


@contextmanager
def served(target: str, port: int, **environment: str) -> Iterator[int]:
    """A site in granian, as `yinuo serve` runs it, for as long as the block runs."""
    command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1"]
    command += ["--port", str(port), "--workers", "2", "--blocking-threads", "4"]
    command += ["--log-level", "warning", target]
    with socket.create_server(("127.0.0.1", port)):
        pass  # nobody else answers there: what is measured is ours
    place = Path(__file__).parent
    server = subprocess.Popen(command, cwd=place, env={**os.environ, **environment})
    try:
        end = time.monotonic() + 60
        while True:
            try:
                connected(port).close()
                break
            except OSError:
                if time.monotonic() > end:
                    raise
                time.sleep(0.2)
        yield server.pid
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait(60)


def sync() -> float:
    """Median milliseconds until a line appended to a file is on the disk: once an answer."""
    times = []
    with (settings.HOME / "sync").open("ab", buffering=0) as file:
        for _ in range(200):
            start = time.perf_counter()
            file.write(b"x" * 300)
            os.fsync(file.fileno())
            times.append((time.perf_counter() - start) * 1000)
    return statistics.median(times)


def percent(times: Sequence[float], share: int) -> float:
    """A percentile."""
    return statistics.quantiles(times, n=100)[share - 1]


def measure(way: str, loop: Callable[[Site], list[float]], floor: Site, ours: Site) -> None:
    """Both in turn, several times; the medians of the percentiles, and their ratio."""
    rounds: dict[str, list[tuple[float, float, float]]] = {}
    for _ in range(OPTIONS.rounds):
        for site in (floor, ours):
            before = processor(site.server)
            times = loop(site)
            each = (processor(site.server) - before) / len(times) * 1000
            found = percent(times, 50), percent(times, 99), each
            rounds.setdefault(site.name, []).append(found)
    said = {
        name: [statistics.median(column) for column in zip(*found, strict=True)]
        for name, found in rounds.items()
    }
    for name, (half, most, each) in said.items():
        print(f"{way:12} {name:8} p50 {half:8.2f}  p99 {most:8.2f}  processor {each:6.2f} ms")
    half, most, each = (
        mine / bare for bare, mine in zip(said[floor.name], said[ours.name], strict=True)
    )
    print(f"{way:12} ratio    p50 {half:8.1f}  p99 {most:8.1f}  processor {each:6.1f}")
    if loop is open_loop:
        verdict = "reached" if said[ours.name][1] <= GOAL_MS else "MISSED"
        print(f"p99 ≤ {GOAL_MS} ms at {A_SECOND} a second: {verdict}")


def main() -> None:
    """Make, serve both, ask, print."""
    if OPTIONS.make:
        settle()
        return
    if current_row() is None:
        fill(OPTIONS.records)
    if OPTIONS.fill:
        return
    release = current_row()
    assert release is not None  # noqa: S101  # published above
    people = numbers()
    token = renew_key(code=KEY, by=person("admin1"), at=FOUNDED).token
    marks = [subject_mark("person", number).encode() for number in people]
    questions = [
        json.dumps({"scenario": "medicine", "kind": "person", "number": number}).encode()
        for number in people
    ]
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    database = str(settings.DATABASES["default"]["NAME"])
    connection.close()
    with (
        served("yinuo.project.wsgi:application", OPTIONS.port) as first,
        served("_bare:application", OPTIONS.port + 1, YINUO_BENCH_BARE=database) as second,
    ):
        ours = Site("ours", OPTIONS.port, ANSWERS, headers, questions, first)
        floor = Site("floor", OPTIONS.port + 1, "/row", {}, marks, second)
        for site in (floor, ours):
            warm_up(site)
        facts = sum(release.counts["facts"].values())
        print(f"{facts:,} records, {len(people):,} persons, load {os.getloadavg()[0]:.1f}")
        print(f"one wait for the disk {sync():.2f} ms; threads of a process share it")
        measure("one client", closed_loop, floor, ours)
        measure(f"{A_SECOND} a second", open_loop, floor, ours)


if __name__ == "__main__":
    main()
