"""The catalogue as a workbook."""

import io
from dataclasses import replace
from datetime import UTC, date, datetime

import openpyxl

from tests.credit.test_sources import SOURCES
from yinuo.credit.catalogue.book import (
    ITEMS,
    RESOURCES,
    SIMULATED,
    TITLE,
    UNSAID,
    Resource,
    write_catalogue,
)

AT = datetime(2025, 1, 20, 4, tzinfo=UTC)
HOUSING, LICENCE = SOURCES["housing-fund"], SOURCES["licence"]


def resource(name: str, *, simulated: bool = False) -> Resource:
    return Resource(
        source=SOURCES[name],
        owner_name="某单位",
        last=date(2025, 1, 13),
        accepted=12_345,
        simulated=simulated,
    )


def sheets(*resources: Resource) -> dict[str, list[dict[str, object]]]:
    """Sheet → rows, heading → cell."""
    book = openpyxl.load_workbook(io.BytesIO(write_catalogue(resources, made_at=AT)))
    found = {}
    for name in (RESOURCES, ITEMS):
        head, *rows = book[name].iter_rows(values_only=True)
        found[name] = [dict(zip(map(str, head), row, strict=True)) for row in rows]
    found[TITLE] = [{"": row[0]} for row in book[TITLE].iter_rows(values_only=True)]
    return found


def test_a_row_a_source_in_the_words_of_the_guide() -> None:
    [housing, licence] = sheets(resource("housing-fund"), resource("licence"))[RESOURCES]
    assert housing["资源代码"] == "housing-fund"
    assert housing["共享属性"] == "2 有条件共享"
    assert housing["共享条件（不予共享的依据）"]
    assert housing["开放属性"] == "3 不予开放"
    assert housing["更新周期"] == "4 每月"
    assert (housing["最近更新"], housing["记录数"]) == ("2025-01-13", 12_345)
    assert (licence["共享属性"], licence["共享条件（不予共享的依据）"]) == ("1 无条件共享", None)


def test_a_row_a_field_and_what_only_joins_is_never_shared() -> None:
    rows = sheets(resource("housing-fund"), resource("licence"))[ITEMS]
    assert len(rows) == len(HOUSING.fields) + len(LICENCE.fields)
    own = {row["英文名"]: row for row in rows if row["资源代码"] == "housing-fund"}
    hidden = {each.name for each in HOUSING.fields if each.disclosure == "nobody"}
    assert hidden
    assert {name for name, row in own.items() if row["共享属性"] == "3 不予共享"} == hidden
    assert {own[name]["主键"] for name in HOUSING.key} == {"是"}
    assert {row["数据类型"] for row in rows} == {"字符型C", "日期型D", "货币型Y"}
    dated = next(row for row in rows if row["数据类型"] == "日期型D")
    assert dated["长度"] is None


def test_what_nobody_has_put_down_is_told() -> None:
    bare = replace(resource("licence"), source=replace(LICENCE, catalogue=None), last=None)
    found = sheets(bare)
    [row] = found[RESOURCES]
    assert (row["共享属性"], row["开放属性"], row["更新周期"]) == (UNSAID, UNSAID, UNSAID)
    assert row["最近更新"] is None
    assert UNSAID in {each["共享属性"] for each in found[ITEMS]}


def test_made_up_records_are_marked() -> None:
    found = sheets(resource("licence"), resource("penalty", simulated=True))
    assert [row["备注"] for row in found[RESOURCES]] == [None, "演示数据"]
    assert {"": SIMULATED} in found[TITLE]
    assert {"": SIMULATED} not in sheets(resource("licence"))[TITLE]


def test_the_same_sources_are_the_same_bytes() -> None:
    some = [resource("licence"), resource("penalty")]
    assert write_catalogue(some, made_at=AT) == write_catalogue(some, made_at=AT)
