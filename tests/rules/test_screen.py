"""Parquet in, answers out: columns, counts, coverage, two versions compared."""

import json
from datetime import date
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.rules.builders import ON, book, table
from yinuo.rules.compare import NothingInCommon, compare
from yinuo.rules.coverage import coverage
from yinuo.rules.kinds import Kind
from yinuo.rules.masks import MissingColumn
from yinuo.rules.screen import METADATA, DataUnreadable, NoTableValid, Wanted, screen
from yinuo.rules.table import Rulebook

FIRMS: dict[str, list[object]] = {
    "代码": ["A", "B", "C", "D"],
    "金额": [1000, 5, None, 50],
    "类别": ["甲", "乙", "甲", None],
}
BENEFIT = table(
    {"金额": (Kind.NUMBER, "万元"), "类别": Kind.TEXT},
    [("≥ 100", "甲", "是"), ("< 10", "-", "否")],
    kind=Kind.TRUTH,
    name="奖补",
    output="可享受",
)
GROUPS = 2


@pytest.fixture
def firms(tmp_path: Path) -> Path:
    path = tmp_path / "firms.parquet"
    pq.write_table(pa.table(FIRMS), path, row_group_size=len(FIRMS["代码"]) // GROUPS)
    return path


def test_every_row_is_answered_and_counted(firms: Path, tmp_path: Path) -> None:
    out = tmp_path / "result.parquet"
    report = screen(book(BENEFIT), data=firms, out=out, on=ON, wanted=Wanted(keep=("代码",)))
    rows = pq.read_table(out).to_pylist()
    assert [row["代码"] for row in rows] == FIRMS["代码"]
    assert [row["奖补.状态"] for row in rows] == ["命中", "命中", "未定", "无规则适用"]
    assert [row["奖补.可享受"] for row in rows] == [True, False, None, None]
    assert [row["奖补.规则"] for row in rows] == [1, 2, 0, 0]
    assert [row["奖补.缺少"] for row in rows] == [0, 0, 1, 0]
    (tally,) = report.tallies
    assert (report.rows, tally.yes, tally.no, tally.undetermined) == (4, 1, 2, 1)
    assert tally.lacking == {"金额": 1}


def test_the_file_explains_its_bits(firms: Path, tmp_path: Path) -> None:
    out = tmp_path / "result.parquet"
    screen(book(BENEFIT), data=firms, out=out, on=ON, wanted=Wanted(words_only=True))
    found = pq.read_table(out)
    told = json.loads(found.schema.metadata[METADATA])
    assert told["as_of"] == ON.isoformat()
    assert told["tables"][0]["rules"] == ["1", "2"]
    assert told["tables"][0]["word"] == "命中_0_0"
    assert found.column("命中_0_0").to_pylist() == [1, 2, 0, 0]
    assert found.column("可能_0_0").to_pylist() == [1, 2, 3, 0]


def test_what_is_wrong_is_ranked_by_the_rows_it_touches(firms: Path) -> None:
    report = screen(book(BENEFIT), data=firms, out=None, on=ON, wanted=Wanted(count_rules=True))
    found = coverage(
        book(BENEFIT), report, data=firms, on=ON, allow_missing=False, progress=lambda *_: None
    )
    assert [(each.sort, each.what, each.rows, each.example) for each in found.touched] == [
        ("遗漏", "金额 [10 万元..100 万元)", 1, 4),
        ("遗漏", "金额 ≥ 100 万元；类别 不是 甲", 0, None),
    ]


def test_a_rule_that_holds_for_no_row_is_named(tmp_path: Path) -> None:
    path = tmp_path / "firms.parquet"
    pq.write_table(pa.table({"金额": [50, 60, 500], "类别": ["甲", "甲", "甲"]}), path)
    report = screen(book(BENEFIT), data=path, out=None, on=ON, wanted=Wanted(count_rules=True))
    found = coverage(
        book(BENEFIT), report, data=path, on=ON, allow_missing=False, progress=lambda *_: None
    )
    assert [(each.sort, each.rows, each.example) for each in found.touched] == [
        ("遗漏", 2, 1),
        ("遗漏", 0, None),
        ("从未命中", 0, None),
    ]


def test_data_that_do_not_fit_are_refused(firms: Path, tmp_path: Path) -> None:
    bad = tmp_path / "bad.parquet"
    bad.write_bytes(b"no parquet")
    with pytest.raises(DataUnreadable):
        screen(book(BENEFIT), data=bad, out=None, on=ON, wanted=Wanted())
    with pytest.raises(DataUnreadable, match="没有这样的文件"):
        screen(book(BENEFIT), data=tmp_path / "x.parquet", out=None, on=ON, wanted=Wanted())
    with pytest.raises(MissingColumn, match="名字"):
        screen(book(BENEFIT), data=firms, out=None, on=ON, wanted=Wanted(keep=("名字",)))
    ended = Rulebook(
        tables=(table({"金额": Kind.NUMBER}, [("-", "x")], valid_to=date(2020, 1, 1)),)
    )
    with pytest.raises(NoTableValid):
        screen(ended, data=firms, out=None, on=ON, wanted=Wanted())


def test_two_versions_are_compared_row_by_row(firms: Path) -> None:
    wider = table(
        {"金额": (Kind.NUMBER, "万元"), "类别": Kind.TEXT},
        [("≥ 10", "-", "是"), ("< 10", "-", "否")],
        kind=Kind.TRUTH,
        name="奖补",
        output="可享受",
    )
    (found,) = compare(book(BENEFIT), book(wider), data=firms, on=(ON, ON), key="代码")
    assert (found.rows, found.same) == (4, 3)
    (change,) = found.changes.values()
    assert (change.before, change.after, change.rows, change.examples) == (
        "无规则适用",
        "是",
        1,
        ["D"],
    )
    other = table({"金额": Kind.NUMBER}, [("-", "x")], name="别的")
    with pytest.raises(NothingInCommon):
        compare(book(BENEFIT), book(other), data=firms, on=(ON, ON))
