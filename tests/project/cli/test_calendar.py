import json
import re
import textwrap
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from yinuo.kernel.content import content_dir
from yinuo.project.cli.calendar import calendar

ROOT = Path(__file__).resolve().parents[3]
TRANSCRIPT = re.compile(r"\$ yinuo calendar (?P<words>.+)\n(?P<shown>(?:.+\n)+?) *```")
SHIPPED = content_dir() / "calendars" / "china.csv"
DUE = ["due", "--start", "2024-02-08T16:30", "--limit", "20wd", "--at", "2024-03-01"]


def run(*words: str) -> Result:
    return CliRunner().invoke(calendar, words)


def test_due_prints_the_date_and_the_reasoning() -> None:
    result = run(*DUE, "--stop", "2024-02-20..2024-02-26")
    assert result.exit_code == 0
    lines = result.output.splitlines()
    assert lines[0] == "期满日 2024年3月19日（星期二）"
    assert lines[1] == "2024-03-01 00:00 正在计时：已用 7 个工作日，还有 13 个工作日"
    assert "其间放假：春节 2月10日至17日。补班：2024年2月18日（星期日）。" in result.output
    assert "其间 4 个工作日不计入" in result.output


def test_due_without_at_uses_the_present() -> None:
    result = run(*DUE[:-2])
    assert result.exit_code == 0
    assert "期满日 2024年3月13日（星期三）" in result.output


@pytest.mark.parametrize(
    ("options", "due"),
    [
        (["--extend", "10wd"], "2024-03-27"),
        (["--extend", "10wd", "--stop", "2024-02-20..2024-02-26@专家评审"], "2024-04-02"),
        (["--stop", "2024-02-20T09:00..2024-02-20T18:00"], "2024-03-13"),
        (["--cutoff", "16:00"], "2024-03-14"),
        (["--limit", "1m"], "2024-03-08"),
        (["--limit", "90d", "--start", "2024-07-08"], "2024-10-08"),
        (["--limit", "90d", "--start", "2024-07-08", "--no-roll"], "2024-10-06"),
        (["--limit", "48h"], "2024-02-10"),
        (["--start", "2024-02-08T08:30+00:00"], "2024-03-13"),
    ],
)
def test_due_as_data(options: list[str], due: str) -> None:
    result = run(*DUE, *options, "--json")
    assert result.exit_code == 0
    assert json.loads(result.output)["due"]["date"] == due


def test_an_open_stop_leaves_the_date_to_be_fixed() -> None:
    result = run(*DUE, "--stop", "2024-02-20..@检测")
    assert "期满日 待恢复后确定，最早 2024年3月25日（星期一）" in result.output
    assert "暂停计时" in result.output


def test_a_date_beyond_the_calendar_is_marked() -> None:
    result = run(*DUE, "--start", "2026-12-21")
    assert "预计（放假安排未公布）" in result.output.splitlines()[0]


@pytest.mark.parametrize(
    ("options", "code"),
    [
        (["--limit", "20x"], "LIMIT-E002"),
        (["--limit", "0wd"], "LIMIT-E001"),
        (["--start", "2024-02-30"], "CAL-E030"),
        (["--at", "昨天"], "CAL-E030"),
        (["--cutoff", "25:00"], "CAL-E030"),
        (["--stop", "2024-02-20"], "CAL-E031"),
        (["--stop", "2024-02-20..x"], "CAL-E030"),
        (["--extend", "5d"], "CAL-E032"),
        (["--stop", "2024-02-01..2024-02-02"], "CLOCK-E005"),
        (["--stop", "2024-02-26..2024-02-20"], "CLOCK-E010"),
        (["--limit", "99999wd"], "CAL-E003"),
        (["--calendar", "nowhere.csv"], "CAL-E002"),
    ],
)
def test_a_bad_question_is_refused_with_code_place_and_next_step(
    options: list[str], code: str
) -> None:
    result = run(*DUE, *options)
    assert result.exit_code == 2
    assert result.stdout == ""
    first, *rest = result.stderr.splitlines()
    assert first.startswith(f"错误 {code}：")
    assert rest[-1].startswith("  下一步：")


def test_check_passes_the_shipped_calendar() -> None:
    result = run("check")
    assert result.exit_code == 0
    assert "没有错误。2004-01-01 至 2026-12-31，放假 624 天，补班 151 天" in result.output


def test_check_lists_every_fault(tmp_path: Path) -> None:
    path = tmp_path / "mine.csv"
    text = SHIPPED.read_text(encoding="utf-8")
    path.write_text(text.replace("2024-02-18,班", "2024-02-19,班").replace(
        "2024-05-01,休", "2024-05-01,放假"), encoding="utf-8")  # fmt: skip
    result = run("check", str(path))
    assert result.exit_code == 1
    assert result.output.splitlines()[-1] == "mine.csv：2 处错误"
    data = json.loads(run("check", str(path), "--json").output)
    assert [finding["code"] for finding in data["findings"]] == ["CAL-E016", "CAL-E014"]
    line = text[: text.index("2024-02-18,班")].count("\n") + 1
    assert f"CAL-E016［mine.csv · A{line} · 日期］“2024-02-19”" in result.output


def test_check_of_a_missing_file_is_refused(tmp_path: Path) -> None:
    result = run("check", str(tmp_path / "none.csv"))
    assert result.exit_code == 2
    assert "没有这个日历文件" in result.stderr


def test_show_draws_a_year() -> None:
    result = run("show", "2024")
    lines = result.output.splitlines()
    assert lines[0] == "2024 年 251 个工作日"
    assert lines[2].startswith(" 2月 18 天  01 02 ·· 班 05 06 07 08 09 休 休")
    assert "班 春节 2月4日、2月18日（国办发明电〔2023〕7号）" in lines
    assert "休 春节 2月10日至17日（国办发明电〔2023〕7号）" in lines


def test_show_of_a_year_to_come_says_that_it_guesses() -> None:
    result = run("show", "2027")
    assert "预计（放假安排未公布）" in result.output.splitlines()[1]
    data = json.loads(run("show", "2027", "--json").output)
    assert data["announced"] is False
    assert sum(data["working_days"].values()) == 261


def test_a_city_may_keep_its_own_calendar(tmp_path: Path) -> None:
    path = tmp_path / "city.csv"
    rows = SHIPPED.read_text(encoding="utf-8").splitlines(keepends=True)
    kept = [row for row in rows if not row.startswith("2024-02-18")]
    path.write_text("".join(kept), encoding="utf-8")
    result = run(*DUE, "--calendar", str(path), "--json")
    assert json.loads(result.output)["due"]["date"] == "2024-03-14"
    assert "250 个工作日" in run("show", "2024", "--calendar", str(path)).output


@pytest.mark.parametrize("page", ["reference/clock.md", "how-to/extend-the-calendar.md"])
def test_the_transcripts_of_the_docs_are_true(page: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    found = TRANSCRIPT.findall((ROOT / "docs" / page).read_text(encoding="utf-8"))
    assert found
    for words, shown in found:
        assert textwrap.dedent(shown).strip() in run(*words.split()).output
