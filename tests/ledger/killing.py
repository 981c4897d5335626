"""Kills every durable operation at random moments, and looks each time at what was left.

    python tests/ledger/killing.py SEED '{"append": 300, "seal": 300, …}'

Runs in an installation. Prints as JSON how many kills hit each operation while it ran; ends with
a traceback at the first thing lost, signed twice or found by verify or replay. One process stays
warm and never touches the database; each victim is a fork of it, with connections of its own.
"""

import itertools
import json
import os
import random
import shutil
import signal
import sys
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "yinuo.project.settings")
django.setup()

from django.conf import settings  # noqa: E402

from yinuo.ledger.commands.keys import Rotating, rotate  # noqa: E402
from yinuo.ledger.commands.recovering import log_keys  # noqa: E402
from yinuo.ledger.commands.sealing import seal  # noqa: E402
from yinuo.ledger.export import export  # noqa: E402
from yinuo.ledger.key import load_signer  # noqa: E402
from yinuo.ledger.memory import Memory  # noqa: E402
from yinuo.ledger.models import Checkpoint, LogKey  # noqa: E402
from yinuo.ledger.recover import Situation  # noqa: E402
from yinuo.ledger.replay import replay  # noqa: E402
from yinuo.ledger.retrieval import read_published  # noqa: E402
from yinuo.ledger.source import Folder  # noqa: E402
from yinuo.ledger.tlog.note import Signer, split_note  # noqa: E402
from yinuo.ledger.tlog.tree import EMPTY_ROOT  # noqa: E402
from yinuo.ledger.verify import verify  # noqa: E402
from yinuo.parties.commands import OPERATOR, NewUnit, register_units  # noqa: E402
from yinuo.parties.models import Unit  # noqa: E402
from yinuo.project.backup.check import Checked, check_backup  # noqa: E402
from yinuo.project.backup.restore import Target, restore  # noqa: E402
from yinuo.project.backup.tables import our_tables  # noqa: E402
from yinuo.project.backup.write import write_backup  # noqa: E402
from yinuo.project.home import Home  # noqa: E402

AT = datetime(2024, 3, 1, tzinfo=UTC)
HOME: Path = settings.HOME
CITY: Home = settings.INSTALLATION  # type: ignore[assignment]  # it is one
MEMORY = Memory(settings.YINUO_SEALER_MEMORY)
WORK = HOME.parent / "killing"
MIRROR, BACKUPS = WORK / "mirror", WORK / "backups"
STATES = (WORK / "a.zip", WORK / "b.zip")
CHECKED: list[Checked] = []
KILLS_A_CHECK = 50
Tell = Callable[[str], None]


def signer() -> Signer:
    return load_signer(settings.YINUO_LEDGER_KEY, origin=settings.YINUO_ORIGIN)


def append(tell: Tell, name: str) -> None:
    """Register one unit, and say so once it is committed."""
    register_units(units=[NewUnit(code=name, name=name, kind="district")], by=OPERATOR, at=AT)
    tell(name)


def append_and_seal(tell: Tell, name: str) -> None:
    append(tell, name)
    seal(signer=signer(), memory=MEMORY)


def append_seal_export(tell: Tell, name: str) -> None:
    append_and_seal(tell, name)
    export(MIRROR)


def back_up(_tell: Tell, name: str) -> None:
    write_backup(BACKUPS / f"{name}.zip", home=CITY, at=AT)


def put_back(_tell: Tell, name: str) -> None:
    """One of two states, in turn. Checked once beforehand: that part writes nothing."""
    checked = CHECKED[int(name.rpartition("-")[2]) % 2]
    restore(checked, Target(HOME, CITY), replace=True, at=datetime.now(UTC))


def change_key(tell: Tell, name: str) -> None:
    append(tell, name)
    rotate(
        Rotating(
            path=settings.YINUO_LEDGER_KEY,
            origin=settings.YINUO_ORIGIN,
            memory=MEMORY,
            reason=name,
            by=OPERATOR,
            at=AT,
        )
    )


OPERATIONS: dict[str, Callable[[Tell, str], None]] = {
    "append": append,
    "seal": append_and_seal,
    "export": append_seal_export,
    "backup": back_up,
    "rotate": change_key,
    "restore": put_back,
}


def fork(work: Callable[[Tell], None]) -> tuple[int, int]:
    """A child at work: its number, and a pipe from which its lines can be read."""
    reading, writing = os.pipe()
    child = os.fork()
    if child:
        os.close(writing)
        return child, reading
    os.close(reading)
    code = 0
    try:
        work(lambda line: void(os.write(writing, f"{line}\n".encode())))
    except BaseException:  # noqa: BLE001  # a child ends here, whatever it met
        os.write(writing, traceback.format_exc().encode())
        code = 3
    os._exit(code)


def void(_value: object) -> None: ...


def lines_of(reading: int) -> list[str]:
    with os.fdopen(reading, "rb") as pipe:
        return pipe.read().decode().splitlines()


def ask(question: Callable[[], Any]) -> Any:
    """The answer of a child that ends by itself."""
    child, reading = fork(lambda tell: tell(json.dumps(question())))
    answer = lines_of(reading)
    _pid, status = os.waitpid(child, 0)
    if status:
        sys.exit("\n".join(answer))
    return json.loads(answer[-1])


@dataclass
class Seen:
    """What must never be lost, and what was signed."""

    acknowledged: set[str] = field(default_factory=set)
    notes: dict[int, str] = field(default_factory=dict)
    hit: dict[str, int] = field(default_factory=dict)

    def sign(self, note: str) -> None:
        """Raise if another note was signed for this size before."""
        if not note:
            return
        size = int(split_note(note)[0].split("\n")[1])
        if self.notes.setdefault(size, note) != note:
            sys.exit(f"two notes for one size:\n{self.notes[size]}\n{note}")


def kill_one(operation: str, number: int, delay: float, seen: Seen) -> None:
    """Start an operation over and over, kill it after a while, and keep what it said."""

    def work(tell: Tell) -> None:
        tell("")
        for turn in itertools.count():
            OPERATIONS[operation](tell, f"{operation}-{number}-{turn}")

    child, reading = fork(work)
    os.read(reading, 1)  # it has begun
    time.sleep(delay)
    os.kill(child, signal.SIGKILL)
    said = lines_of(reading)
    _pid, status = os.waitpid(child, 0)
    if not os.WIFSIGNALED(status):
        sys.exit(f"{operation} ended by itself:\n" + "\n".join(said))
    seen.hit[operation] = seen.hit.get(operation, 0) + 1
    # The last line may be cut short: then it was not heard.
    seen.acknowledged |= {line for line in said if line.startswith(f"{operation}-{number}-")}
    seen.sign(MEMORY.path.read_text(encoding="utf-8"))


def duration(operation: str) -> float:
    """Seconds that the operation takes when nobody disturbs it: the middle of three."""
    took = []
    for turn in range(3):
        started = time.monotonic()
        ask(lambda name=f"{operation}-0-{turn}": OPERATIONS[operation](void, name))  # type: ignore[misc]
        took.append(time.monotonic() - started)
    return sorted(took)[1]


def whole_log() -> dict[str, Any]:
    """Seal what waits, then check everything."""
    while seal(signer=signer(), memory=MEMORY).entries:
        pass
    faults = [*verify(verifier=signer().verifier).faults, *replay().faults]
    return {
        "faults": [f"{fault.place}: {fault.what}" for fault in faults],
        "notes": list(Checkpoint.objects.values_list("note", flat=True)),
        "units": list(Unit.objects.values_list("code", flat=True)),
        "key_known": LogKey.objects.filter(code=signer().verifier.label).exists(),
    }


def published() -> int:
    """The size of the mirror as it lies there; every leaf is hashed."""
    if not (MIRROR / "checkpoint").exists():
        return 0
    keys = log_keys(present=signer().verifier, origin=settings.YINUO_ORIGIN)
    nothing = Situation(tree_size=0, root=EMPTY_ROOT, unsealed=0, note="", signed_size=0)
    return read_published(Folder(MIRROR), keys=keys, here=nothing).signed.size


def left_backups() -> int:
    """How many backups bear their name; each must be whole."""
    found = sorted(BACKUPS.glob("*.zip"))
    for file in found:
        check_backup(file)
        file.unlink()
    for file in BACKUPS.glob(".*.part"):
        file.unlink()
    return len(found)


def state() -> list[str]:
    """Every table, as one hash each."""
    return [sha256(b"".join(table.lines())).hexdigest() for table in our_tables()]


def look(operation: str, seen: Seen, states: list[list[str]]) -> None:
    """After every few kills of an operation: nothing lost, nothing signed twice, all clean."""
    if operation == "restore":
        # No sealing here: the smaller state lies behind the memory.
        if ask(state) not in states:
            sys.exit("a killed restore left neither the old nor the new state")
        shutil.rmtree(HOME / "backups", ignore_errors=True)
        return
    if operation == "export":
        ask(published)
    if operation == "backup":
        ask(left_backups)
    found = ask(whole_log)
    if found["faults"]:
        sys.exit("\n".join(found["faults"]))
    if lost := seen.acknowledged - set(found["units"]):
        sys.exit(f"acknowledged and lost: {sorted(lost)}")
    if not found["key_known"]:
        sys.exit("the key in place was never announced")
    for note in found["notes"]:
        seen.sign(note)


def two_states() -> list[list[str]]:
    """Two backups, the second a unit longer; the database holds the second."""
    states = []
    for file in STATES:
        ask(lambda name=file.stem: append_and_seal(void, f"state-{name}"))  # type: ignore[misc]
        ask(lambda file=file: void(write_backup(file, home=CITY, at=AT)))  # type: ignore[misc]
        states.append(ask(state))
        CHECKED.append(check_backup(file))
    return states


def main(seed: int, kills: dict[str, int]) -> None:
    """Kill each operation as often as told."""
    BACKUPS.mkdir(parents=True)
    chance, seen = random.Random(seed), Seen()  # noqa: S311  # moments, not secrets
    seconds: dict[str, list[float]] = {}
    for operation, many in kills.items():
        started = time.monotonic()
        states = two_states() if operation == "restore" else []
        longest = 1.5 * duration(operation)
        for number in range(1, many + 1):
            kill_one(operation, number, chance.uniform(0, longest), seen)
            # The next restore would mend what this one left, so each is looked at.
            if operation == "restore" or number % KILLS_A_CHECK == 0 or number == many:
                look(operation, seen, states)
        seconds[operation] = [round(longest, 3), round(time.monotonic() - started, 1)]
    if "restore" in kills:
        ask(lambda: put_back(void, "end-1"))
    found = ask(whole_log)
    found["hit"], found["acknowledged"] = seen.hit, len(seen.acknowledged)
    found["lost"] = sorted(seen.acknowledged - set(found.pop("units")))
    found["signed"], found["seconds"] = len(seen.notes), seconds
    del found["notes"]
    sys.stdout.write(json.dumps({"seed": seed, **found}, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main(int(sys.argv[1]), json.loads(sys.argv[2]))
