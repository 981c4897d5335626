import sys
from pathlib import Path

import pytest

from bootstrap import checks
from bootstrap.checks import Counts, Omission, Step

JUNIT = """<testsuites><testsuite>
<testcase name="a"/>
<testcase name="b"><failure message="no"/></testcase>
<testcase name="c"><error message="no"/></testcase>
<testcase name="d"><skipped type="pytest.skip" message="no server"/></testcase>
<testcase name="e"><skipped type="pytest.xfail" message="known"/></testcase>
</testsuite></testsuites>"""

FINE = Step("fine", (sys.executable, "-c", ""))
BROKEN = Step("broken", (sys.executable, "-c", "raise SystemExit(1)"))
LEFT_OUT = Omission("浏览器测试", "未能安装 Chromium（没有网络）")


def test_tests_are_counted_with_the_reasons_for_skips(tmp_path: Path) -> None:
    report = tmp_path / "junit.xml"
    report.write_text(JUNIT, encoding="utf-8")
    counts = checks.count(report)
    assert counts == Counts(passed=2, failed=2, skipped=("d：no server",))
    assert str(counts + Counts(passed=1)) == "3 passed, 2 failed, 1 skipped"


def test_commands_under_test_keep_their_bytecode(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    asks = "import sys; raise SystemExit(sys.dont_write_bytecode)"
    assert checks.run(Step("asks", (sys.executable, "-c", asks))).ok


def test_a_failure_does_not_hide_what_comes_after(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("CI", raising=False)
    assert not checks.run_all([BROKEN, FINE], ())
    said = capfd.readouterr().out
    assert "失败  broken" in said
    assert "通过  fine" in said


def test_a_step_beside_others_speaks_in_one_piece_and_counts(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """Each waits for the other: one after the other they would wait in vain."""
    monkeypatch.delenv("CI", raising=False)
    here, there = tmp_path / "here", tmp_path / "there"
    waits = (
        "import pathlib, sys, time; mine, other = map(pathlib.Path, sys.argv[1:3]); mine.touch();"
        "[time.sleep(0.01) for _ in range(3_000) if not other.exists()];"
        "print('first'); print('second'); raise SystemExit(not other.exists() or len(sys.argv) > 3)"
    )
    step = Step("tests", (sys.executable, "-c", waits, here, there))
    beside = Step("lint", (sys.executable, "-c", waits, there, here))
    assert checks.run_all([step], (), beside=[beside])
    said = capfd.readouterr().out
    assert "\n── lint\nfirst\nsecond\n" in said
    assert said.index("通过  lint") < said.index("通过  tests")
    refuses = Step("lint", (*beside.command, "refuse"))
    assert not checks.run_all([step], (), beside=[refuses])


@pytest.mark.parametrize(("ci", "passes"), [("", True), ("true", False)])
def test_an_omission_is_named_and_fails_in_ci(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], ci: str, *, passes: bool
) -> None:
    monkeypatch.setenv("CI", ci)
    assert checks.run_all([FINE], [LEFT_OUT]) is passes
    said = capfd.readouterr().out.splitlines()
    assert "  未能安装 Chromium（没有网络），因此未运行浏览器测试" in said
    assert "0 passed, 0 failed" in said
