"""`yinuo rules` with DMN models, as a policy officer types it."""

import csv
import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tests.rules.builders import HEAD, sheet
from tests.rules.dmn.models import decision, given, literal, model, table
from yinuo.kernel.content import content_dir
from yinuo.project.cli.rules import rules
from yinuo.rules.workbook.read import check

TABLES = content_dir() / "tables"
GOLDEN = Path(__file__).parents[2] / "golden" / "dmn"
LIGHT = table(
    [["> 30", '"红"'], ["[10..30]", '"黄"'], ["< 10", '"绿"']],
    inputs={"落后": "number"},
    outputs={"灯": "string"},
)
LIGHTS = model(given("落后", "number"), decision("灯", LIGHT, inputs=["落后"]))


def run(*arguments: str, stdin: str | bytes = "") -> Result:
    return CliRunner().invoke(rules, list(arguments), input=stdin)


@pytest.fixture
def lights(tmp_path: Path) -> str:
    path = tmp_path / "lights.xml"
    path.write_bytes(LIGHTS)
    return str(path)


# ── decide ───────────────────────────────────────────────────────────────────────────────────────


def test_decide_knows_a_model_by_its_content(lights: str) -> None:
    result = run("decide", lights, "--input", '{"落后": 31}')
    assert result.exit_code == 0, result.output
    assert "灯：红" in result.output
    assert "灯（UNIQUE）：第 1 条规则" in result.output


def test_decide_reads_a_model_from_standard_input() -> None:
    result = run("decide", "-", "--input", '{"落后": 12.5}', "--json", stdin=LIGHTS)
    (answer,) = json.loads(result.output)["decisions"]
    assert (answer["value"], answer["fired"][0]["rules"][0]["number"]) == ("黄", 2)


def test_null_has_its_reason_and_an_exit_code_of_its_own(lights: str) -> None:
    result = run("decide", lights, "--input", "{}")
    assert result.exit_code == 3
    assert "灯：null" in result.output
    assert "没有规则成立，也没有默认结果" in result.output


def test_decide_asks_for_one_decision_by_name(lights: str) -> None:
    assert run("decide", lights, "--input", "{}", "--decision", "灯").exit_code == 3
    result = run("decide", lights, "--input", "{}", "--decision", "打")
    assert result.exception is not None
    assert "模型里没有“打”这个决策" in str(result.exception)
    workbook = str(TABLES / "lights.xlsx")
    assert "只用于 DMN 模型" in run("decide", workbook, "--input", "{}", "--decision", "灯").output


def test_decide_names_every_fact_of_no_use(lights: str) -> None:
    result = run("decide", lights, "--input", '{"落后": "很多", "后": 1}')
    assert "“很多”不是 number" in result.output
    assert "模型没有这个输入" in result.output


def test_decide_shows_what_is_wrong_with_a_model(tmp_path: Path) -> None:
    path = tmp_path / "bad.dmn"
    path.write_bytes(b"<!DOCTYPE a [<!ENTITY b 'c'>]><definitions/>")
    result = run("decide", str(path), "--input", "{}")
    assert result.exit_code == 1
    assert "DMN-E003" in result.output
    assert "一次只能判定一个" in run("decide", str(path), str(path), "--input", "{}").output


def test_other_commands_say_that_they_need_a_workbook(lights: str) -> None:
    result = run("test", lights)
    assert "RULES-E116" in str(result.exception)
    assert "yinuo rules convert" in str(result.exception)


def test_a_page_of_the_web_is_no_model(tmp_path: Path) -> None:
    path = tmp_path / "page.xlsx"
    path.write_bytes(b"<html><table></table></html>")
    result = run("check", str(path))
    assert "RULES-E002" in result.output
    assert "HTML" in result.output


def test_a_model_in_utf_16_is_known_too(tmp_path: Path) -> None:
    path = tmp_path / "m.dmn"
    text = LIGHTS.decode()
    path.write_bytes(f"<?xml version='1.0' encoding='UTF-16'?>{text}".encode("utf-16"))
    assert "灯：红" in run("decide", str(path), "--input", '{"落后": 31}').output


# ── check ────────────────────────────────────────────────────────────────────────────────────────


def test_check_verifies_the_tables_of_a_model(lights: str, tmp_path: Path) -> None:
    result = run("check", lights)
    assert result.exit_code == 0, result.output
    assert "没有遗漏，没有冲突的重叠，每条规则都用得上" in result.output
    torn = table(
        [["> 30", "1"], [">= 30", "2"]], inputs={"落后": "number"}, outputs={"灯": "number"}
    )
    path = tmp_path / "torn.dmn"
    path.write_bytes(
        model(given("落后", "number"), decision("灯", torn, inputs=["落后"]),
              decision("读不懂", literal("1 +")))
    )  # fmt: skip
    result = run("check", str(path))
    assert result.exit_code == 1
    assert "规则 1、2 会同时成立" in result.output
    assert "遗漏  没有规则管" in result.output
    assert "DMN-N003" in result.output


def test_check_says_which_tables_it_could_not_verify(tmp_path: Path) -> None:
    path = tmp_path / "m.dmn"
    odd = table([["> 甲 + 1", "1"]], inputs={"甲": "number"}, outputs={"乙": "number"})
    path.write_bytes(model(given("甲", "number"), decision("乙", odd, inputs=["甲"])))
    result = run("check", str(path))
    assert result.exit_code == 0
    assert "“乙”里有规则表没有的写法，或规则过多，没有查遗漏和重叠" in result.output
    assert json.loads(run("check", str(path), "--json").output)["not_verified"] == ["乙"]


# ── tck ──────────────────────────────────────────────────────────────────────────────────────────


def test_tck_counts_and_writes_the_files_of_the_kit(tmp_path: Path) -> None:
    result = run("tck", str(GOLDEN), "--out", str(tmp_path / "out"))
    assert result.exit_code == 0, result.output
    assert "policies  6 例，通过 6，不符 0，拒绝 0" in result.output
    assert "应得 null 的" in result.output
    with (tmp_path / "out" / "tck_results.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    assert rows[0] == ["boxed", "boxed-test-01", "001", "SUCCESS", ""]
    properties = (tmp_path / "out" / "tck_results.properties").read_text(encoding="utf-8")
    assert "product.name=Yinuo\n" in properties


CASES = """<testCases xmlns="http://www.omg.org/spec/DMN/20160719/testcase"
  xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:xsd="urn:xsd">
  <modelName>{model}</modelName>
  <testCase id="1"><inputNode name="落后"><value xsi:type="xsd:decimal">31</value></inputNode>
    <resultNode name="灯"><expected><value xsi:type="xsd:string">{wanted}</value></expected>
  </resultNode></testCase>
</testCases>"""


def test_tck_tells_failed_from_refused_and_levels_apart(tmp_path: Path) -> None:
    folder = tmp_path / "compliance-level-3" / "0001-lights"
    folder.mkdir(parents=True)
    (folder / "lights.dmn").write_bytes(LIGHTS)
    (folder / "bad.dmn").write_bytes(b"<definitions/>")
    (folder / "a-test-01.xml").write_text(CASES.format(model="lights.dmn", wanted="绿"), "utf-8")
    (folder / "b-test-01.xml").write_text(CASES.format(model="bad.dmn", wanted="红"), "utf-8")
    (folder / "c-test-01.xml").write_text(CASES.format(model="lights.dmn", wanted="红"), "utf-8")
    (folder / "d-test-01.xml").write_text("<testCases", "utf-8")
    (folder / "other.xml").write_text("<other/>", "utf-8")
    result = run("tck", str(tmp_path), "--json")
    assert result.exit_code == 1
    told = json.loads(result.output)
    assert told["levels"]["3"] == {
        "cases": 4,
        "passed": 1,
        "failed": 1,
        "refused": 2,
        "expecting_null": 0,
        "expecting_null_passed": 0,
    }
    assert told["not_passed"][0]["message"] == "灯：应得 '绿'，实得 '红'"
    assert "DMN-E005" in told["not_passed"][1]["message"]
    said = run("tck", str(folder))
    assert "级别 3：4 例，通过 1，不符 1，拒绝 2" in said.output


def test_tck_without_cases_says_where_to_get_them(tmp_path: Path) -> None:
    result = run("tck", str(tmp_path))
    assert result.exception is not None
    assert "RULES-E113" in str(result.exception)


# ── convert ──────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("name", ["lights", "minor-violation-waiver"])
def test_a_workbook_goes_to_dmn_and_back(name: str, tmp_path: Path) -> None:
    source, there, back = TABLES / f"{name}.xlsx", tmp_path / "a.dmn", tmp_path / "b.xlsx"
    result = run("convert", str(source), str(there))
    assert result.exit_code == 0, result.output
    assert "有效期记在扩展元素里" in result.output
    assert run("convert", str(there), str(back)).exit_code == 0
    assert check(back).sound().tables == check(source).sound().tables
    assert run("test", str(back)).exit_code == 0
    assert run("check", str(there)).exit_code == 0


def test_a_converted_model_takes_the_day_from_the_command(tmp_path: Path) -> None:
    there = str(tmp_path / "a.dmn")
    run("convert", str(TABLES / "lights.xlsx"), there)
    facts = json.dumps({"完成时限": "2024-06-30"})
    for day, light in (("2024-06-30", "黄"), ("2024-07-01", "红")):
        result = run("decide", there, "--decision", "时限灯", "--input", facts, "--on", day)
        assert f"时限灯：{light}" in result.output


def test_nothing_is_overwritten_unasked(tmp_path: Path) -> None:
    target = tmp_path / "a.dmn"
    target.write_text("mine", "utf-8")
    result = run("convert", str(TABLES / "lights.xlsx"), str(target))
    assert "RULES-E115" in str(result.exception)
    assert target.read_text("utf-8") == "mine"
    assert run("convert", str(TABLES / "lights.xlsx"), str(target), "--force").exit_code == 0


def test_what_cannot_be_converted_writes_nothing(tmp_path: Path) -> None:
    source = tmp_path / "m.dmn"
    source.write_bytes(model(decision("甲", literal("1"))))
    target = tmp_path / "m.xlsx"
    result = run("convert", str(source), str(target))
    assert result.exit_code == 1
    assert "RULES-E114" in str(result.exception)
    assert "DMN-E020" in result.output
    assert not target.exists()
    assert "TARGET 应以 .xlsx 结尾" in run("convert", str(source), str(tmp_path / "m.dmn")).output
    bad = tmp_path / "bad.xlsx"
    bad.write_bytes(sheet(*HEAD, ("1", "1000左右", "甲", "奖")))
    result = run("convert", str(bad), str(tmp_path / "bad.dmn"), "--json")
    assert json.loads(result.output)["errors"][0]["code"] == "RULES-E020"


def test_only_what_is_valid_on_a_day_can_be_converted(tmp_path: Path) -> None:
    target = tmp_path / "a.dmn"
    result = run("convert", str(TABLES / "lights.xlsx"), str(target), "--on", "1990-01-01")
    assert "RULES-E104" in str(result.exception) or "RULES-E105" in str(result.exception)
    assert run("convert", str(TABLES / "lights.xlsx"), str(target), "--on", "1990").exit_code == 1
