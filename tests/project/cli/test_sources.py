import json
from pathlib import Path

from click.testing import CliRunner, Result
from pytest_django import Settings

from yinuo.project.cli.sources import sources

HEAD = "来源,编号规则,类型,公开类型,默认时限,起算,签收时限,承诺对象,依据,核对\n"
BAD = "批示件,PS,没有,不予公开,,,1wd,,,\n"


def run(*words: str) -> Result:
    return CliRunner().invoke(sources, words)


def test_the_table_in_use_is_checked() -> None:
    result = run("check")
    assert result.exit_code == 0
    assert "没有错误，7 种来源" in result.output
    assert "批示件　编号 PS{year}-{n:03}　时限 10 个工作日，自批示起算" in result.output


def test_a_citys_own_table_is_the_one_in_use(settings: Settings, tmp_path: Path) -> None:
    settings.YINUO_CONTENT = tmp_path
    (tmp_path / "rosters").mkdir()
    (tmp_path / "rosters" / "sources.csv").write_text(HEAD + BAD, encoding="utf-8")
    result = run("check")
    assert result.exit_code == 1
    assert "SOURCE-E015［sources.csv · C2 · 类型］“没有”没有这种类型" in result.output
    assert "2 处错误" in result.output


def test_faults_as_data(tmp_path: Path) -> None:
    path = tmp_path / "own.csv"
    path.write_text(HEAD + BAD, encoding="utf-8")
    result = run("check", str(path), "--json")
    found = json.loads(result.output)["findings"]
    assert {finding["code"] for finding in found} == {"SOURCE-E015", "SOURCE-E017"}
