"""Commands on cases, each durable and on the ledger, beside SpiffWorkflow running the same steps.

    .venv/bin/python bench/cases.py
    .venv/bin/python tests/postgres.py -- .venv/bin/python bench/cases.py

A case is taken in, accepted, decided and delivered: four commands, each a transaction of its own
with permission, clocks of two limits, documents and ledger entries. SpiffWorkflow runs a process
of the same four steps without any of that, and its state is saved by one UPDATE a step in the same
database. The floor is that UPDATE alone. Goal: ten times the commands of SpiffWorkflow.
"""

import argparse
import importlib
import importlib.util
import os
import statistics
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
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
from yinuo.cases.commands.materials import Choice  # noqa: E402
from yinuo.cases.life import Decision  # noqa: E402
from yinuo.kernel.filestore import FileStore  # noqa: E402
from yinuo.ledger.tlog.note import Signer  # noqa: E402
from yinuo.project.installation import make_tables  # noqa: E402
from yinuo.project.simulated_desk import WINDOW, Desk  # noqa: E402
from yinuo.project.simulated_services import market_items  # noqa: E402
from yinuo.project.simulated_windows import firm  # noqa: E402

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


def per_second(work: Callable[[], None], count: int) -> float:
    """Steps a second."""
    start = time.perf_counter()
    work()
    return count * len(STEPS) / (time.perf_counter() - start)


def main() -> None:
    """Measure in turn and print medians."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=100, help="cases a round")
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    count = options.cases
    desk, store = prepare()
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE bench_state (id INTEGER PRIMARY KEY, state TEXT)")
        cursor.executemany("INSERT INTO bench_state VALUES (%s, '')", [(n,) for n in range(SLOTS)])
    seen: dict[str, list[float]] = {"Yinuo": [], "bare UPDATE": []}
    has_spiff = importlib.util.find_spec("SpiffWorkflow") is not None
    for turn in range(options.rounds):
        first = turn * count
        seen["Yinuo"].append(per_second(lambda first=first: ours(desk, store, first, count), count))  # type: ignore[misc]  # mypy infers no lambda with defaults
        seen["bare UPDATE"].append(per_second(lambda: floor(count), count))
        if has_spiff:
            seen.setdefault("SpiffWorkflow", []).append(per_second(lambda: spiff(count), count))
    medians = {name: statistics.median(rates) for name, rates in seen.items()}
    load = os.getloadavg()[0]
    print(f"{connection.vendor}; {options.rounds} rounds of {count} cases; load {load:.1f}")
    for name, rate in medians.items():
        print(f"{name:14} {rate:9,.0f} steps a second")
    if not has_spiff:
        print("SpiffWorkflow is not installed (extra `bench`); left out")
        return
    ratio = medians["Yinuo"] / medians["SpiffWorkflow"]
    verdict = "reached" if ratio >= GOAL else "MISSED"
    print(f"Yinuo / SpiffWorkflow {ratio:.2f}; goal ≥ {GOAL}: {verdict}")


if __name__ == "__main__":
    main()
