"""Commands on cases, each durable and on the ledger, beside SpiffWorkflow running the same steps.

    .venv/bin/python bench/cases.py
    .venv/bin/python tests/postgres.py -- .venv/bin/python bench/cases.py

A case is taken in, accepted, decided and delivered: four commands, each a transaction of its own
with permission, clocks of two limits, documents and ledger entries. The same four steps also come
from a window system of its own, as events of many cases in a batch, a transaction each: every event
kept with its entry, every case followed anew. SpiffWorkflow runs a process of the same four steps
without any of that, and its state is saved by one UPDATE a step in the same database. The floor is
that UPDATE alone. Goal: ten times the steps of SpiffWorkflow. Processor time is this process's own:
that of a PostgreSQL server is not in it.
"""

import argparse
import importlib
import importlib.util
import os
import statistics
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

home = tempfile.TemporaryDirectory(prefix="yinuo-bench-")
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "yinuo.project.settings")
os.environ["YINUO_HOME"] = home.name

import django  # noqa: E402
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey  # noqa: E402

django.setup()

from _desk import furnish  # type: ignore[import-not-found]  # noqa: E402  # beside this script
from django.db import connection  # noqa: E402

from yinuo.cases.commands import accept, decide, intake  # noqa: E402
from yinuo.cases.commands.feed import sources, taking  # noqa: E402
from yinuo.cases.commands.materials import Choice  # noqa: E402
from yinuo.cases.life import Decision  # noqa: E402
from yinuo.kernel.filestore import FileStore  # noqa: E402
from yinuo.ledger.tlog.note import Signer  # noqa: E402
from yinuo.project.simulated_desk import CATALOGUE, WINDOW, Desk  # noqa: E402
from yinuo.project.simulated_services import market_items  # noqa: E402
from yinuo.project.simulated_windows import firm  # noqa: E402
from yinuo.project.tables import make_tables  # noqa: E402

BPMN = """<?xml version="1.0" encoding="UTF-8"?>
<d:definitions xmlns:d="http://www.omg.org/spec/BPMN/20100524/MODEL" id="d" targetNamespace="x">
<d:process id="case" isExecutable="true">
<d:startEvent id="s"><d:outgoing>f0</d:outgoing></d:startEvent>
{tasks}
<d:endEvent id="e"><d:incoming>f{last}</d:incoming></d:endEvent>
</d:process></d:definitions>"""
TASK = (
    '<d:sequenceFlow id="f{n}" sourceRef="{before}" targetRef="{name}"/>'
    '<d:userTask id="{name}" name="{name}"><d:incoming>f{n}</d:incoming>'
    "<d:outgoing>f{next}</d:outgoing></d:userTask>"
)
STEPS = ("take_in", "accept", "decide", "deliver")
START = datetime(2024, 4, 8, 1, tzinfo=UTC)
HOUR = timedelta(hours=1)
ITEM = market_items()[0]
SLOTS, STATE_BYTES, GOAL = 64, 6_400, 10
SOURCE = "bench"
OURS, FEED, SPIFF = "Yinuo", "Yinuo, batches of a feed", "SpiffWorkflow"
TOLD = ("received", "accepted", "approved", "delivered")
"""The same steps in the words of a window system."""


def process() -> str:
    """The BPMN process of the same four steps."""
    befores = ("s", *STEPS)
    tasks = [
        TASK.format(n=n, before=befores[n], name=name, next=n + 1) for n, name in enumerate(STEPS)
    ]
    end = f'<d:sequenceFlow id="f{len(STEPS)}" sourceRef="{STEPS[-1]}" targetRef="e"/>'
    return BPMN.format(tasks="".join(tasks) + end, last=len(STEPS))


def prepare() -> tuple[Desk, FileStore]:
    """A city with windows and published items."""
    make_tables()
    store = FileStore(Path(home.name) / "files")
    signer = Signer("yinuo.bench", Ed25519PrivateKey.generate())
    return furnish(signer.verifier, store), store


def ours(desk: Desk, store: FileStore, first: int, count: int) -> None:
    """So many cases from taking in to delivery."""
    for number in range(first, first + count):
        receipt = intake.take_in(
            item=ITEM.code,
            window=WINDOW,
            applicant=firm(number),
            about="基准测试",
            choices={one.key: Choice(kind="give") for one in ITEM.materials},
            store=store,
            by=desk.window,
            at=START,
        )
        case = receipt.code
        accept.accept(case=case, by=desk.accepting, at=START + HOUR)
        decide.decide(
            case=case,
            decision=Decision.APPROVED,
            reason="符合条件",
            by=desk.deciding,
            at=START + 2 * HOUR,
        )
        decide.deliver(case=case, by=desk.window, at=START + 3 * HOUR)


def open_feed(desk: Desk) -> str:
    """A window system that may tell; its key."""
    made = sources.register(
        code=SOURCE,
        title="窗口系统（测试）",
        window=WINDOW,
        office=CATALOGUE,
        mapping="yinuo",
        by=desk.keeper,
        at=START,
    )
    return made.token


def fed(token: str, first: int, count: int) -> None:
    """The same steps of so many cases, told by their window, one step of all at once."""
    for hours, step in enumerate(TOLD):
        at = START + hours * HOUR
        rows = [_told(number, step, at) for number in range(first, first + count)]
        taken = taking.receive(source=SOURCE, token=token, rows=rows, at=at)
        assert taken.accepted == count  # noqa: S101  # else less than the same work was timed


def _told(number: int, step: str, at: datetime) -> dict[str, str]:
    who = firm(number)
    return {
        "event": f"{number}-{step}",
        "case": f"W-{number}",
        "item": ITEM.code,
        "step": step,
        "happened_at": at.isoformat(),
        **({"applicant_name": who.name, "applicant_number": who.number} if step == TOLD[0] else {}),
    }


def save(number: int, state: str) -> None:
    """The state of one process, durably: what each step of SpiffWorkflow ends with."""
    with connection.cursor() as cursor:
        cursor.execute("UPDATE bench_state SET state = %s WHERE id = %s", [state, number])


def spiff(count: int) -> None:
    """So many processes of the same steps, read back and saved at each."""
    spec, serializer = _spiff()
    workflow: Any = importlib.import_module("SpiffWorkflow.bpmn.workflow")
    state: Any = importlib.import_module("SpiffWorkflow").TaskState.READY
    for number in range(count):
        running = workflow.BpmnWorkflow(spec)
        running.do_engine_steps()
        saved = serializer.serialize_json(running)
        for _ in STEPS:
            running = serializer.deserialize_json(saved)
            task = running.get_next_task(state=state, manual=True)
            task.data["at"] = START.isoformat()
            task.run()
            running.do_engine_steps()
            saved = serializer.serialize_json(running)
            save(number % SLOTS, saved)
        assert running.is_completed()  # noqa: S101  # else less than the same work was timed


def _spiff() -> tuple[Any, Any]:
    parsers: Any = importlib.import_module("SpiffWorkflow.bpmn.parser")
    serializers: Any = importlib.import_module("SpiffWorkflow.bpmn.serializer")
    parser = parsers.BpmnParser()
    parser.add_bpmn_str(process().encode())
    return parser.get_spec("case"), serializers.BpmnWorkflowSerializer()


def floor(count: int) -> None:
    """The same saves of a state of that size, and nothing else."""
    state = "x" * STATE_BYTES
    for number in range(count):
        for _ in STEPS:
            save(number % SLOTS, state)


@dataclass
class Pace:
    """What the rounds of one contender came to, in steps a second."""

    by_wall: list[float] = field(default_factory=list)
    by_processor: list[float] = field(default_factory=list)

    def take(self, work: Callable[[], None], steps: int) -> None:
        """Time one round."""
        wall, processor = time.perf_counter(), time.process_time()
        work()
        self.by_wall.append(steps / (time.perf_counter() - wall))
        self.by_processor.append(steps / (time.process_time() - processor))


def contenders(
    desk: Desk, store: FileStore, *, count: int, batch: int
) -> dict[str, tuple[Callable[[int], None], int]]:
    """Who runs, by name: what one round does, given its number, and how many steps that is."""
    token = open_feed(desk)
    found: dict[str, tuple[Callable[[int], None], int]] = {
        OURS: (lambda turn: ours(desk, store, turn * count, count), count),
        FEED: (lambda turn: fed(token, turn * batch, batch), batch),
        "bare UPDATE": (lambda _: floor(count), count),
    }
    if importlib.util.find_spec("SpiffWorkflow") is not None:
        found[SPIFF] = (lambda _: spiff(count), count)
    return {name: (work, cases * len(STEPS)) for name, (work, cases) in found.items()}


def main() -> None:
    """Measure in turn and print medians."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=100, help="cases a round")
    parser.add_argument("--batch", type=int, default=1_000, help="events in a batch of the feed")
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    desk, store = prepare()
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE bench_state (id INTEGER PRIMARY KEY, state TEXT)")
        cursor.executemany("INSERT INTO bench_state VALUES (%s, '')", [(n,) for n in range(SLOTS)])
    running = contenders(desk, store, count=options.cases, batch=options.batch)
    paces = {name: Pace() for name in running}
    for turn in range(options.rounds):
        for name, (work, steps) in running.items():
            paces[name].take(partial(work, turn), steps)
    load = os.getloadavg()[0]
    print(f"{connection.vendor}; {options.rounds} rounds of {options.cases} cases; load {load:.1f}")
    for name, pace in paces.items():
        wall, processor = map(statistics.median, (pace.by_wall, pace.by_processor))
        print(
            f"{name:24} {wall:7,.0f} steps a second; {1000 / processor:6.2f} ms of processor a step"
        )
    if SPIFF not in paces:
        print("SpiffWorkflow is not installed (extra `bench`); left out")
        return
    for name in (OURS, FEED):
        ratio = statistics.median(paces[name].by_wall) / statistics.median(paces[SPIFF].by_wall)
        verdict = "reached" if ratio >= GOAL else "MISSED"
        print(f"{name} / {SPIFF} {ratio:.2f}; goal ≥ {GOAL}: {verdict}")


if __name__ == "__main__":
    main()
