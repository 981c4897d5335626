"""Kills landing, checking, resolving, publishing and serving, and looks each time at what is left.

    python tests/credit/faults/killing.py

Runs in an installation on SQLite. Day one is published; day two is landed and published, ends
before its end at each of `POINTS`, and is begun again. Prints as JSON how often readers saw the
day before and the new one after a kill; ends with a message at the first thing that is not right.
One process stays warm and never touches the database; each victim is a fork of it.
"""

import importlib
import json
import os
import shutil
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "yinuo.project.settings")
django.setup()

from tests.credit.desk import MONDAY  # noqa: E402
from tests.credit.faults.days import (  # noqa: E402
    HOME,
    LAKE,
    Tell,
    day_one,
    day_two,
    day_two_by_run,
    look,
)
from tests.credit.faults.forks import ANSWER, REFUSED, ask, ended, fork, require, run  # noqa: E402
from tests.credit.faults.small_disk import small_disk  # noqa: E402
from yinuo.kernel.spreadsheet.cells import silent  # noqa: E402
from yinuo.lake.releases.lock import held  # noqa: E402
from yinuo.web.credit import purposes, sources  # noqa: E402

SAVED = HOME.parent / "saved"
ROOM = {"LAKE-E021": 8_192, "LAKE-E054": 300_000}
"""The error of a full disk, in landing and in publishing, and how many bytes were free before."""
COMMANDS = "yinuo.credit.commands"
POINTS = (
    # Where it dies: on a step that progress tells, or before or after a function has run.
    ("step", "读入", ""),
    ("step", "去重", ""),
    ("before", "yinuo.lake.workplace", "_sync_tree"),
    ("before", f"{COMMANDS}.landing", "record_landed"),
    ("before", f"{COMMANDS}.landing", "check"),
    ("before", f"{COMMANDS}.landing", "_said"),
    ("after", f"{COMMANDS}.landing", "record_landed"),
    ("step", "归集", ""),
    ("after", f"{COMMANDS}.publishing", "find_owners"),
    ("step", "汇总主体", ""),
    ("after", "yinuo.credit.publishing.publish", "write_facts"),
    ("step", "准备查询文件", ""),
    ("before", "yinuo.credit.serving.building", "_insert"),
    ("after", "yinuo.credit.serving.building", "_insert"),
    ("after", "yinuo.credit.publishing.publish", "serve"),
    ("after", "yinuo.credit.publishing.publish", "described"),
    ("before", f"{COMMANDS}.publishing", "_record_release"),
    ("before", f"{COMMANDS}.publishing", "_require_unchanged"),
    ("before", f"{COMMANDS}.publishing", "_said"),
    ("before", f"{COMMANDS}.publishing", "switch"),
    ("after", f"{COMMANDS}.publishing", "switch"),
)
WHOLE_ONLY = (
    ("after", "yinuo.credit.publishing.publish", "write_facts"),
    ("step", "准备查询文件", ""),
    ("after", "yinuo.credit.publishing.publish", "serve"),
)
"""A layer does not come by these."""
RUN = "yinuo.project.cli.credit_releases"
RUN_POINTS = (
    ("before", RUN, "land"),
    ("after", RUN, "land"),
    ("before", RUN, "_publish"),
    ("before", f"{COMMANDS}.publishing", "switch"),
    ("after", RUN, "_publish"),
)
Point = tuple[str, str, str]
Day = Callable[[Tell], None]


def die(*_given: object) -> None:
    """The end, without a word."""
    os.kill(os.getpid(), signal.SIGKILL)


def doomed(day: Day, point: Point) -> None:
    """A day's work, until the point comes."""
    kind, where, name = point
    if kind == "step":
        day(lambda step, *_: die() if step == where else None)
        return
    module = importlib.import_module(where)
    inner = getattr(module, name)

    def killed(*given: Any, **named: Any) -> None:
        if kind == "after":
            inner(*given, **named)
        die()

    setattr(module, name, killed)
    day(silent)


def beside_another() -> None:
    """Day two while somebody else works at the lake."""
    with held(LAKE, "发布数据版本", MONDAY):
        day_two()


def put_back() -> None:
    """The home as it was after day one."""
    shutil.rmtree(HOME)
    shutil.copytree(SAVED, HOME)


@dataclass(frozen=True)
class Undisturbed:
    """A day's work, and what stood before and after it when nobody disturbed it."""

    work: Day
    before: Any
    after: Any

    def begun_again(self, name: str) -> str:
        """Look at what a victim left and do its work again; which day readers saw in between."""
        seen = ask(look)["seen"]
        days = {"before": self.before["seen"], "after": self.after["seen"]}
        day = next((day for day, each in days.items() if each == seen), "")
        require(bool(day), f"{name}: readers saw neither the old release nor the new one")
        ask(lambda: self.work(silent))
        again = ask(look)
        require(again == self.after, f"{name}: the rerun came to\n{again}\nnot\n{self.after}")
        put_back()
        return day

    def killed(self, points: Sequence[Point]) -> Counter[str]:
        """Kill it at every point; how often readers then saw which day."""
        found: Counter[str] = Counter()
        for point in points:
            name = " ".join(point)
            code, answer = run(lambda point=point: doomed(self.work, point))  # type: ignore[misc]
            require(code == -signal.SIGKILL, f"{name}: ended with {code}: {answer}")
            found[self.begun_again(name)] += 1
        return found

    def full_disks(self) -> list[str] | str:
        """The errors of full disks; or why there can be none here."""
        found = []
        for error, room in ROOM.items():
            try:
                with small_disk(LAKE, room):
                    code, answer = run(lambda: self.work(silent))
            except subprocess.CalledProcessError as failed:
                return str(failed.stderr)
            require(code == REFUSED and answer.startswith(error), f"{room} B: {code}: {answer}")
            found.append(error)
            self.begun_again(error)
        return found

    def beside_another(self) -> str:
        """The error while somebody else works at the lake."""
        code, answer = run(beside_another)
        require(code == REFUSED, f"beside another: ended with {code}: {answer}")
        self.begun_again("beside another")
        return answer.split()[0]

    def both(self) -> list[int]:
        """How two end that begin at once."""
        answers = (ANSWER, ANSWER.with_suffix(".2"))
        children = [fork(lambda: self.work(silent), answer) for answer in answers]
        found = sorted(map(ended, children))
        self.begun_again("both")
        return found


def undisturbed(work: Day) -> Undisturbed:
    """Do a day's work and put everything back."""
    before = ask(look)
    ask(lambda: work(silent))
    after = ask(look)
    require(before["seen"] != after["seen"], "the second day changed nothing")
    put_back()
    return Undisturbed(work, before, after)


def main() -> None:
    """Kill at every point, of a whole release, of a layer and of a run; then the other faults."""
    sources(), purposes()  # read once, before anybody is forked
    ask(day_one)
    shutil.copytree(HOME, SAVED)
    whole, layer = undisturbed(day_two), undisturbed(partial(day_two, whole=False))
    require(whole.after["release"][2] == layer.after["release"][2], "the digests differ")
    said = {
        "whole": whole.killed(POINTS),
        "layer": layer.killed([each for each in POINTS if each not in WHOLE_ONLY]),
        "run": undisturbed(day_two_by_run).killed(RUN_POINTS),
        "beside_another": whole.beside_another(),
        "both": whole.both(),
        "disk": whole.full_disks(),
    }
    sys.stdout.write(json.dumps(said, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
