"""The verbs of the Makefile: `python3 -m bootstrap <verb>`."""

import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from bootstrap import checks, environment, lock
from bootstrap.places import BIN, PYTHON, ROOT, SPARK
from bootstrap.terminal import Failure, say

QUICK_JVM = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC"
"""Many statements over few rows: Java's second compiler takes longer than it could save."""

STORED_BENCHMARKS = frozenset({"append.py", "pages.py"})
"""Benchmarks of stored rows: they run on SQLite and again on PostgreSQL."""


def setup(_arguments: Sequence[str]) -> int:
    """Make .venv hold what running needs; start nothing."""
    environment.ensure()
    say("已就绪。运行 make demo 查看演示，或 .venv/bin/yinuo --help")
    return 0


def demo(arguments: Sequence[str]) -> int:
    """Set up, then become `yinuo demo`, so that Ctrl-C reaches it."""
    environment.ensure()
    yinuo = str(BIN / "yinuo")
    os.execv(yinuo, [yinuo, "demo", *arguments])  # noqa: S606  # our own command


def check(_arguments: Sequence[str]) -> int:
    """Lint, types, imports and the quick tests."""
    missing = environment.ensure(for_tests=True)
    if missing:
        say(f"未能安装 {'、'.join(missing)}；快测用不到")
    return 0 if checks.run_all([checks.QUICK], (), beside=checks.LINT) else 1


def test(_arguments: Sequence[str]) -> int:
    """Everything, on both databases and in a browser."""
    missing = environment.ensure(for_tests=True)
    steps, omissions = checks.all_steps(missing)
    return 0 if checks.run_all(steps, omissions, beside=checks.LINT) else 1


def spark_test(_arguments: Sequence[str]) -> int:
    """Decision tables and durations on real local Spark."""
    environment.ensure_spark()
    path = os.pathsep.join(filter(None, (str(SPARK), os.environ.get("PYTHONPATH"))))
    tests = (
        "tests/rules/test_spark.py",
        "tests/rules/test_spark_sql.py",
        "tests/lake/test_spark.py",
        "tests/credit/resolving/test_spark.py",
        "tests/credit/profile/test_spark_profile.py",
        "tests/credit/publishing/test_spark.py",
        "tests/project/on_spark/test_credit_run.py",
    )
    command = [str(part) for part in (*checks.PYTEST, *tests)]
    given = {**os.environ, "PYTHONPATH": path, "SPARK_SUBMIT_OPTS": QUICK_JVM}
    return subprocess.run(command, cwd=ROOT, env=given, check=False).returncode


def bench(arguments: Sequence[str]) -> int:
    """Run the benchmarks named, or all of bench/; those of stored rows on both databases."""
    environment.ensure(for_tests=True)
    scripts = [Path(name) for name in arguments] or sorted((ROOT / "bench").glob("[a-z]*.py"))
    codes = []
    for script in scripts:
        say(f"\n── {script.name}")
        codes.append(subprocess.run([PYTHON, script], cwd=ROOT, check=False).returncode)
        if script.name in STORED_BENCHMARKS:
            say(f"\n── {script.name}（PostgreSQL）")
            on_postgres = [str(part) for part in (*checks.ON_POSTGRES, PYTHON, script)]
            codes.append(subprocess.run(on_postgres, cwd=ROOT, check=False).returncode)
    return 1 if any(codes) else 0


def make_lock(arguments: Sequence[str]) -> int:
    """Work the locks out anew."""
    lock.make_locks(arguments)
    say("已更新 requirements/*.lock 与 package-lock.json，请查看差异后提交")
    return 0


VERBS: dict[str, Callable[[Sequence[str]], int]] = {
    "setup": setup,
    "demo": demo,
    "check": check,
    "test": test,
    "test-spark": spark_test,
    "bench": bench,
    "lock": make_lock,
}


def main(arguments: Sequence[str]) -> None:
    """Run one verb and exit with its code."""
    if not arguments or arguments[0] not in VERBS:
        sys.exit(f"用法：python3 -m bootstrap {{{'|'.join(VERBS)}}}")
    try:
        code = VERBS[arguments[0]](arguments[1:])
    except Failure as failure:
        sys.exit(f"\n✗ {failure}")
    except KeyboardInterrupt:
        sys.exit("\n已中断")
    sys.exit(code)
