"""The window list of a million cases, and a hundred officers at once, over HTTP on loopback.

    .venv/bin/python bench/window.py --size 1000000
    .venv/bin/python tests/postgres.py -- .venv/bin/python bench/window.py --size 1000000

Cases are put in as rows, in bulk and without entries, one in ten of them open; the list reads rows
alone. 30 departments decide and 30 windows take in, the n-th in proportion to 1 / (n + 5). Asked by
an officer of the largest department and by a supervisor of all: the first page, and the page behind
the 50,000th case. Goals: p95 ≤ 100 ms for one client; a hundred officers, each asking for the list
five times, without an error.
"""

import argparse
import http.client
import os
import random
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from datetime import time as time_of_day
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import quote

home = tempfile.TemporaryDirectory(prefix="yinuo-bench-")
FOLDER = os.environ.get("YINUO_BENCH_WINDOW", home.name)
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "yinuo.project.settings")
os.environ["YINUO_HOME"] = FOLDER
os.environ["YINUO_BENCH_WINDOW"] = FOLDER
WARMING = 8
"""Officers who ask before anything is timed."""


def asked() -> argparse.Namespace:
    """What the command line asks for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", type=int, default=20_000)
    parser.add_argument("--port", type=int, default=8731)
    parser.add_argument("--events", action="store_true", help="every clock with its start")
    parser.add_argument("--make", action="store_true", help="make the city and stop")
    return parser.parse_args()


OPTIONS = asked()
if not OPTIONS.make and not (Path(FOLDER) / "home.json").exists():
    # Before the settings load: they read the secret of the home that is made here.
    maker = [sys.executable, __file__, "--make", "--size", str(OPTIONS.size)]
    maker += ["--events"] if OPTIONS.events else []
    subprocess.run(maker, check=True)

import django  # noqa: E402

django.setup()

from _desk import FOUNDED, furnish  # type: ignore[import-not-found]  # noqa: E402  # beside this script
from django.conf import settings  # noqa: E402
from django.contrib.auth import (  # noqa: E402
    BACKEND_SESSION_KEY,
    HASH_SESSION_KEY,
    SESSION_KEY,
    get_user_model,
)
from django.contrib.sessions.backends.db import SessionStore  # noqa: E402
from django.db import connection  # noqa: E402

from yinuo.cases.clocks import ACCEPTED  # noqa: E402
from yinuo.cases.life import Accepted, CaseStatus, Channel, Decision, EventKind  # noqa: E402
from yinuo.cases.models import Applicant, Case, CaseEvent, Correction, Item, ItemVersion  # noqa: E402
from yinuo.cases.queries import desk as queries  # noqa: E402
from yinuo.cases.stored.cases import definition_of  # noqa: E402
from yinuo.cases.supervising.stops import working_days_of  # noqa: E402
from yinuo.content.calendars import working_calendar  # noqa: E402
from yinuo.kernel.calendar import Calendar  # noqa: E402
from yinuo.kernel.filestore import FileStore  # noqa: E402
from yinuo.kernel.instants import SHANGHAI, civil_date  # noqa: E402
from yinuo.ledger.commands.recording import put_text  # noqa: E402
from yinuo.ledger.key import load_signer  # noqa: E402
from yinuo.ledger.memory import Memory  # noqa: E402
from yinuo.parties.commands import (  # noqa: E402
    OPERATOR,
    NewUnit,
    approve_duty,
    ask_duty,
    open_account,
    register_units,
)
from yinuo.parties.queries import public_viewer_named  # noqa: E402
from yinuo.project.home import Home, complete  # noqa: E402
from yinuo.project.installation import lay_out  # noqa: E402
from yinuo.project.simulated_desk import CATALOGUE  # noqa: E402
from yinuo.web.clock import present  # noqa: E402

GOAL_MS, DEEP, ASKED = 100, 50_000, 40
OFFICERS, TIMES = 100, 5
TODAY = date(2024, 12, 2)
HOME = Home(city="测试市", origin="yinuo.bench.demo", demo_date=TODAY.isoformat())
NOW = datetime(2024, 12, 2, 1, tzinfo=UTC)
UNITS, OPEN_SHARE, CHUNK, APPLICANTS = 30, 0.1, 5_000, 200
LATE_SHARE, STOP_SHARE = 0.05, 0.12
"""The second of the items whose clock may be stopped: one case in twenty of all."""
CLOSING = time_of_day(17)
DONE = CaseStatus.DELIVERED, Decision.APPROVED, Accepted.PLAIN
WAITING = (CaseStatus.RECEIVED, CaseStatus.CORRECTING, CaseStatus.ACCEPTED)


def people() -> Iterator[tuple[str, str, str]]:
    """User name, role and unit: an officer of each department and window, and enough of them."""
    for number in range(OFFICERS):
        side = "D" if number % 2 == 0 else "W"
        yield f"officer{number:02}", "officer", f"{side}{number // 2 % UNITS:02}"


def settle() -> None:
    """Make the home: units, people, items."""
    memory = Memory(settings.YINUO_SEALER_MEMORY)
    lay_out(settings.HOME, key=settings.YINUO_LEDGER_KEY, memory=memory)
    signer = load_signer(settings.YINUO_LEDGER_KEY, origin=HOME.origin)
    settings.YINUO_DEMO_DATE = HOME.demo_date
    furnish(signer.verifier, FileStore(settings.YINUO_FILES))
    units = [
        NewUnit(code=f"{side}{n:02}", name=f"{name} {n}", kind="department", parent="210200")
        for side, name in (("D", "部门"), ("W", "窗口"))
        for n in range(UNITS)
    ]
    register_units(units=units, by=OPERATOR, at=FOUNDED)
    first, second = (public_viewer_named(name) for name in ("admin1", "admin2"))
    for username, role, unit in people():
        open_account(username=username, name=username, password=None, by=OPERATOR, at=FOUNDED)
        duty = ask_duty(username=username, role=role, unit=unit, by=first, at=FOUNDED)  # type: ignore[arg-type]  # founded above
        approve_duty(duty=duty, by=second, at=FOUNDED)  # type: ignore[arg-type]
    complete(settings.HOME, HOME)


def applicants() -> list[str]:
    """Codes of some firms, whose names the list shows."""
    rows = [
        Applicant(
            code=f"AP-{n:06}", kind="firm", name_text=put_text(f"测试企业第 {n} 号"), version=1
        )
        for n in range(APPLICANTS)
    ]
    Applicant.objects.bulk_create(rows)
    return [row.code for row in rows]


def fill(size: int) -> None:
    """Put the cases in, and the events of some."""
    rng = random.Random(7)  # a play, no secret
    weights = [1 / (n + 5) for n in range(UNITS)]
    for number, item in enumerate(Item.objects.order_by("code")):
        Item.objects.filter(code=item.code).update(unit=f"D{number % UNITS:02}")
    versions, calendar = _versions(), working_calendar()
    firms = applicants()
    departments = rng.choices(range(UNITS), weights, k=size)
    windows = rng.choices(range(UNITS), weights, k=size)
    for start in range(0, size, CHUNK):
        rows: list[Case] = []
        events: list[CaseEvent] = []
        for n in range(start, min(start + CHUNK, size)):
            version = rng.choice(versions)
            row = _case(n, departments[n], windows[n], version.code, rng.choice(firms))
            live = rng.random() < OPEN_SHARE
            events += (_wait if live else _decide)(rng, row, version, calendar)
            rows.append(row)
        Case.objects.bulk_create(rows)
        CaseEvent.objects.bulk_create(events)
        Correction.objects.bulk_create(map(_correction, filter(_correcting, rows)))
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


class _Version(NamedTuple):
    code: str
    promised: int
    legal: int
    """Working days."""
    ground: str
    """On which its clock may be stopped; empty for none."""
    stops_legal: bool


def _versions() -> list[_Version]:
    """Those both of whose limits are in working days."""
    found = []
    for row in ItemVersion.objects.all():
        promised, legal = map(working_days_of, (row.promised_limit, row.legal_limit))
        ground = next((one for one in definition_of(row).grounds if one.stops_promised), None)
        if promised is not None and legal is not None:
            name, also = (ground.name, ground.stops_legal) if ground else ("", False)
            found.append(_Version(row.code, promised, legal, name, also))
    return found


def _case(number: int, department: int, window: int, version: str, firm: str) -> Case:
    return Case(
        code=f"D{department:02}-2024-{number:07}",
        item_version_id=version,
        unit_id=f"D{department:02}",
        window_id=f"W{window:02}",
        office_id=CATALOGUE,
        applicant_id=firm,
        channel=Channel.WINDOW,
        version=1,
    )


def _wait(rng: random.Random, row: Case, version: _Version, calendar: Calendar) -> list[CaseEvent]:
    """Let it wait for somebody, now and then too long."""
    row.status = rng.choice(WAITING)
    row.received_at = NOW - timedelta(minutes=rng.randrange(20_000))
    row.sort_due = TODAY + timedelta(days=rng.randrange(-5, 25))
    if row.status == CaseStatus.RECEIVED:
        row.tell_due = row.sort_due
    if row.status != CaseStatus.ACCEPTED:
        return []
    row.accepted_at, row.accepted_how = row.received_at, Accepted.PLAIN
    start = civil_date(row.accepted_at)
    row.promised_due = row.sort_due = calendar.add_working_days(start, version.promised)
    row.legal_due = calendar.add_working_days(start, version.legal)
    return _events(row, version, None)


def _decide(
    rng: random.Random, row: Case, version: _Version, calendar: Calendar
) -> list[CaseEvent]:
    """Decide it, one in twenty after its limit; some were stopped on the way."""
    row.status, row.decision, row.accepted_how = DONE
    row.received_at = NOW - timedelta(minutes=rng.randrange(400_000))
    row.accepted_at = row.received_at + timedelta(minutes=rng.randrange(600))
    start, limit = civil_date(row.accepted_at), version.promised
    late = rng.random() < LATE_SHARE
    used = limit + rng.randrange(1, 9) if late else rng.randrange(limit + 1)
    stop, stopped = None, 0
    if used and version.ground and rng.random() < STOP_SHARE:
        first = calendar.add_working_days(start, rng.randrange(1, min(used, limit) + 1))
        stopped = rng.randrange(1, 9)
        stop = first, calendar.add_working_days(first, stopped)
    end = calendar.add_working_days(start, used + stopped) if used + stopped else start
    row.promised_due = calendar.add_working_days(start, limit + stopped)
    legal = version.legal + stopped * version.stops_legal
    row.legal_due = calendar.add_working_days(start, legal)
    row.used_days = used
    row.promised_kept, row.legal_kept = end <= row.promised_due, end <= row.legal_due
    row.decided_at = max(datetime.combine(end, CLOSING, SHANGHAI), row.accepted_at)
    row.delivered_at = row.decided_at
    row.span_days = (civil_date(row.decided_at) - civil_date(row.received_at)).days
    return _events(row, version, stop)


def _events(row: Case, version: _Version, stop: tuple[date, date] | None) -> list[CaseEvent]:
    """The start, where there was a stop or all events are asked for; the stop and its end."""
    start = row.accepted_at
    assert start is not None  # noqa: S101  # accepted above
    found = [_event(row, 1, kind=EventKind.START, happened_at=start, event=ACCEPTED)]
    if stop is None:
        return found if OPTIONS.events else []
    first, last = (datetime.combine(day, CLOSING, SHANGHAI) for day in stop)
    return [
        *found,
        _event(row, 2, kind=EventKind.STOP, happened_at=first, ground=version.ground),
        _event(row, 3, kind=EventKind.RESUME, happened_at=last, refers=f"{row.code}/T2"),
    ]


def _event(row: Case, number: int, *, happened_at: datetime, **more: Any) -> CaseEvent:  # noqa: ANN401  # columns
    return CaseEvent(
        code=f"{row.code}/T{number}",
        case=row,
        number=number,
        happened_at=happened_at,
        noted_at=happened_at + timedelta(hours=number),
        version=1,
        **more,
    )


def _correcting(row: Case) -> bool:
    return row.status == CaseStatus.CORRECTING


def _correction(row: Case) -> Correction:
    asked = row.received_at + timedelta(hours=2)
    return Correction(
        code=f"{row.code}/B1",
        case=row,
        number=1,
        asked_at=asked,
        answer_due=row.sort_due,
        version=1,
    )


def cookie(username: str) -> str:
    """A session in which this person is signed in."""
    account = get_user_model().objects.get(username=username)
    session = SessionStore()
    session[SESSION_KEY] = str(account.pk)
    session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
    session[HASH_SESSION_KEY] = account.get_session_auth_hash()
    session.create()
    return f"sessionid={session.session_key}"


def ask(port: int, session: str, path: str) -> float:
    """Milliseconds until the whole page is there."""
    start = time.perf_counter()
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
    line.request("GET", path, headers={"Cookie": session} if session else {})
    answer = line.getresponse()
    answer.read()
    line.close()
    if answer.status != http.client.OK:
        raise RuntimeError(f"{answer.status} {path}")
    return (time.perf_counter() - start) * 1000


@contextmanager
def served(port: int) -> Iterator[None]:
    """`yinuo serve` for as long as the block runs."""
    command = [sys.executable, "-m", "yinuo.project", "serve", "--port", str(port)]
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    try:
        end = time.monotonic() + 60
        while True:
            try:
                ask(port, "", "/about/")
                break
            except OSError:
                if time.monotonic() > end:
                    raise
                time.sleep(0.2)
        yield
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait(60)


def deep(username: str, show: str) -> str:
    """The cursor behind the 50,000th case of a list; found by going through it in long pages."""
    viewer = public_viewer_named(username)
    assert viewer is not None  # noqa: S101  # made with the city
    wanted, after, seen = queries.Wanted(show=show), "", 0
    while seen < DEEP:
        page = queries.cases(viewer=viewer, at=present(), wanted=wanted, after=after, limit=1_000)
        seen += len(page.rows)
        if not page.after:
            break
        after = page.after
    return after


def p95(times: list[float]) -> float:
    """The 95th percentile."""
    return statistics.quantiles(times, n=20)[18]


def crowd(port: int, sessions: list[str]) -> tuple[list[float], int]:
    """A hundred officers at once: how long each page took, and how many failed."""

    def work(session: str) -> tuple[list[float], int]:
        times, failed = [], 0
        for _ in range(TIMES):
            try:
                times.append(ask(port, session, "/work/desk/"))
            except (OSError, RuntimeError):
                failed += 1
        return times, failed

    with ThreadPoolExecutor(len(sessions)) as pool:
        found = list(pool.map(work, sessions))
    return [t for times, _ in found for t in times], sum(failed for _, failed in found)


def main() -> None:
    """Fill, serve, ask, print."""
    if OPTIONS.make:
        settle()
        fill(OPTIONS.size)
        return
    pages: dict[str, str] = {}
    for username in ("officer00", "yingshang1"):
        for show in ("open", "all"):
            after = deep(username, show)
            pages[f"{username} {show} first"] = f"/work/desk/?show={show}"
            pages[f"{username} {show} deep"] = f"/work/desk/?show={show}&after={quote(after)}"
    sessions = {name: cookie(name) for name in ("officer00", "yingshang1")}
    crowded = [cookie(username) for username, *_ in people()]
    rows = Case.objects.count()
    connection.close()
    with served(OPTIONS.port):
        crowd(OPTIONS.port, crowded[:WARMING])  # every worker has answered once
        print(f"{connection.vendor}; {rows:,} cases; one client, load {os.getloadavg()[0]:.1f}")
        for name, path in pages.items():
            session = sessions[name.partition(" ")[0]]
            ask(OPTIONS.port, session, path)
            times = [ask(OPTIONS.port, session, path) for _ in range(ASKED)]
            verdict = "reached" if p95(times) <= GOAL_MS else "MISSED"
            median = statistics.median(times)
            print(f"{name:26} p50 {median:5.0f}  p95 {p95(times):5.0f} ms; ≤ {GOAL_MS}: {verdict}")
        times, failed = crowd(OPTIONS.port, crowded)
    print(
        f"{OFFICERS} officers at once, {TIMES} pages each: {failed} errors, "
        f"p50 {statistics.median(times):.0f}, p95 {p95(times):.0f} ms"
    )


if __name__ == "__main__":
    main()
