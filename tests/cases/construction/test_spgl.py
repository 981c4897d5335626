"""SPGL tables: read, checked, taken in, given out and read again."""

import csv
import io
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection

from tests.cases.construction.site import (
    MONDAY,
    OFFICE,
    PROJECT,
    accept,
    decide,
    make_site,
    put_project,
    run_stage,
    start,
)
from yinuo.cases.commands import clock as clocking
from yinuo.cases.commands.spgl import Batch, take_in
from yinuo.cases.construction.spgl.events import handled
from yinuo.cases.construction.spgl.layout import EVENT, HANDLED, SPECIAL
from yinuo.cases.construction.spgl.layout import PROJECT as PROJECTS
from yinuo.cases.construction.spgl.reading import Tables, read_folder, read_workbook
from yinuo.cases.construction.spgl.writing import as_csv, as_workbook
from yinuo.cases.errors.construction import TablesRefused
from yinuo.cases.models import BuildingProject, Case, Joint, ProjectStage, SpglAside
from yinuo.cases.queries.building import building
from yinuo.cases.queries.spgl import spgl_tables
from yinuo.ledger.replay import replay

NOW = datetime(2024, 6, 3, 2, 0, tzinfo=UTC)
PROJECT_ROW = {
    "XMDM": "P1",
    "XMMC": "甲项目",
    "GCDM": "P1-01",
    "SPLCLX": "6",
    "SBSJ": "2024-03-01",
    "ZTZE": "8600.5",
    "XMTZLY": "2",
}
ITEM_ROW = {"GCDM": "P1-01", "SPSXBM": "GC-11", "SPSXSLBM": "S1", "SPBMMC": "发改"}


def _event(what: str, at: str, key: str = "", **more: str) -> dict[str, str]:
    return {"SPSXSLBM": "S1", "BLZT": what, "BLSJ": at, "DFSJZJ": key, **more}


def _text(rows: Sequence[Mapping[str, str]]) -> str:
    columns = list(dict.fromkeys(name for row in rows for name in row))
    out = io.StringIO()
    writer = csv.DictWriter(out, columns)
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def _read(**tables: Sequence[Mapping[str, str]]) -> Tables:
    return read_folder({f"{name}.csv": _text(rows) for name, rows in tables.items()})


def test_children_without_parents_and_unknown_codes_stand_aside_with_place() -> None:
    found = _read(
        SPGL_XMJBXXB=[PROJECT_ROW, {**PROJECT_ROW, "GCDM": "P1-02", "SPLCLX": "77"}],
        SPGL_XMSPSXBLXXB=[ITEM_ROW, {**ITEM_ROW, "GCDM": "P1-02", "SPSXSLBM": "S2"}],
        SPGL_XMSPSXBLXXXXB=[
            _event("1", "2024-03-04 09:00:00"),
            {**_event("1", "2024-03-04 09:00:00"), "SPSXSLBM": "S2"},
            _event("16", "2024-03-05 09:00:00"),
            _event("3", "不久"),
        ],
    )
    assert found.read == sum(map(len, found.rows.values())) + len(found.aside) == 8
    rules = {(one.field.split(" ")[0], one.file.rpartition("!")[2]) for one in found.findings}
    assert ("SPLCLX", "第 3 行") in rules
    assert ("GCDM", "第 3 行") in rules
    assert ("SPSXSLBM", "第 3 行") in rules
    assert ("BLZT", "第 4 行") in rules
    assert ("BLSJ", "第 5 行") in rules


def test_tables_of_version_three_and_chinese_heads_are_known() -> None:
    found = _read(
        SPGL_XMJBXXB_V3=[{"项目代码": "P1", "项目名称": "甲", "工程代码": "P1-01"}],
        SPGL_XMQTFJXXB=[{"LSH": "1"}],
        SPGL_NEU=[{"LSH": "1"}],
    )
    said = "；".join(one.rule for one in found.findings)
    assert "缺少必需的列" in said
    assert "项目其他附件信息表" in said
    assert "不认识的表 SPGL_NEU" in said


def test_nothing_to_read_is_refused() -> None:
    with pytest.raises(TablesRefused):
        _read(other=[{"a": "1"}])


def test_invalid_and_repeated_rows_stand_aside() -> None:
    found = _read(
        SPGL_XMJBXXB=[PROJECT_ROW, PROJECT_ROW, {**PROJECT_ROW, "GCDM": "P1-03", "SJYXBS": "0"}]
    )
    assert (len(found.of(PROJECTS)), len(found.aside)) == (1, 2)


def test_stops_are_paired_by_key_then_time_never_by_place() -> None:
    events = [
        _event("1", "2024-03-04 09:00:00"),
        _event("10", "2024-03-12 09:00:00", "B"),
        _event("9", "2024-03-06 09:00:00", "A"),
        _event("9", "2024-03-07 09:00:00", "B"),
        _event("10", "2024-03-14 09:00:00", "A"),
        _event("6", "2024-03-15 09:00:00", GXSJ="2024-03-20 09:00:00"),
        _event("7", "2024-03-18 09:00:00"),
        _event("11", "2024-03-20 09:00:00"),
    ]
    found, faults = handled(
        _read(SPGL_XMJBXXB=[PROJECT_ROW], SPGL_XMSPSXBLXXB=[ITEM_ROW], SPGL_XMSPSXBLXXXXB=events)
    )
    assert faults == []
    days = {(s.ground, s.since.day, s.until.day if s.until else 0) for s in found[0].stops}
    assert days == {("特别程序", 6, 14), ("特别程序", 7, 12), ("补正", 15, 18)}
    assert [stop.ground for stop in found[0].late_stops] == ["补正"]


def test_a_special_procedure_has_the_name_of_its_own_table() -> None:
    special = {"SPSXSLBM": "S1", "TBCX": "8", "TBCXSX": "5", "TBCXSXLX": "1"}
    found, faults = handled(
        _read(
            SPGL_XMJBXXB=[PROJECT_ROW],
            SPGL_XMSPSXBLXXB=[ITEM_ROW],
            SPGL_XMSPSXBLXXXXB=[
                _event("1", "2024-03-04 09:00:00"),
                _event("9", "2024-03-06 09:00:00", BLYJ="挂起"),
                _event("10", "2024-03-08 09:00:00"),
                _event("9", "2024-03-11 09:00:00", "K"),
                _event("10", "2024-03-12 09:00:00", "K"),
            ],
            SPGL_XMSPSXBLTBCXXXB=[
                {**special, "TBCXMC": "专家评审", "TBCXKSSJ": "2024-03-06 09:00:00"},
                {**special, "TBCXMC": "检测", "TBCXKSSJ": "2024-03-11 10:30:00", "DFSJZJ": "K"},
                {**special, "TBCXMC": "听证", "TBCXKSSJ": "2024-03-20 09:00:00"},
            ],
        )
    )
    assert [stop.said for stop in found[0].stops] == ["专家评审", "检测"]
    assert [(fault.field, fault.value) for fault in faults] == [("TBCXKSSJ", "听证")]


def test_end_without_beginning_and_decision_in_a_stop_are_findings() -> None:
    _, faults = handled(
        _read(
            SPGL_XMJBXXB=[PROJECT_ROW],
            SPGL_XMSPSXBLXXB=[ITEM_ROW],
            SPGL_XMSPSXBLXXXXB=[
                _event("3", "2024-03-01 09:00:00"),
                _event("1", "2024-03-04 09:00:00"),
                _event("7", "2024-03-05 09:00:00"),
                _event("9", "2024-03-06 09:00:00"),
                _event("11", "2024-03-07 09:00:00"),
            ],
        )
    )
    said = "；".join(fault.rule for fault in faults)
    assert "没有对应的开始" in said
    assert "没结束的暂停" in said
    assert "早于接件" in said


def test_workbook_and_folder_say_the_same() -> None:
    rows = {
        PROJECTS.code: [PROJECT_ROW],
        HANDLED.code: [ITEM_ROW],
        EVENT.code: [_event("1", "2024-03-04 09:00:00")],
    }
    files = {name: data.decode("utf-8-sig") for name, data in as_csv(rows, v3=True).items()}
    folder = read_folder(files)
    book = read_workbook(as_workbook(rows, v3=False, made_at=NOW), file="spgl.xlsx")
    assert folder.findings == book.findings == []
    for table in (PROJECTS, HANDLED, EVENT):
        assert [row.values for row in folder.of(table)] == [row.values for row in book.of(table)]


def _taken(tables: Tables, city_viewer: object, at: datetime = NOW) -> Batch:
    return take_in(
        tables=tables,
        office=OFFICE,
        file="spgl",
        sha256="0" * 64,
        developer_type="1",
        by=city_viewer,  # type: ignore[arg-type]
        at=at,
    )


@pytest.mark.django_db
def test_what_was_given_out_comes_back_the_same() -> None:
    city = make_site()
    put_project(city)
    run_stage(city, "1", at=MONDAY)
    begun = start(city, "2", at=MONDAY + timedelta(days=7))
    for branch in begun.branches:
        accept(city, branch.code, at=MONDAY + timedelta(days=7))
    stop = clocking.stop(
        case=begun.branches[0].code,
        ground="专家评审",
        happened_at=MONDAY + timedelta(days=8),
        planned_until=date(2024, 3, 15),
        notice="专家评审告知书1号",
        reason="方案需专家评审",
        by=city["zrzy"],
        at=MONDAY + timedelta(days=8),
    )
    clocking.resume(
        case=begun.branches[0].code,
        stop=stop,
        happened_at=MONDAY + timedelta(days=11),
        notice="专家评审意见",
        by=city["zrzy"],
        at=MONDAY + timedelta(days=11),
    )
    for branch in begun.branches:
        decide(city, branch.code, at=MONDAY + timedelta(days=14))
    before = building(code=PROJECT, viewer=city["lead"], at=NOW)
    tables = spgl_tables(viewer=city["lead"], region="210200", developer_type="1")
    again = read_folder({n: d.decode("utf-8-sig") for n, d in as_csv(tables, v3=True).items()})
    assert again.findings == []
    (special,) = again.of(SPECIAL)
    assert (special.text("TBCXMC"), special.text("TBCX"), special.values["TBCXSX"]) == (
        "专家评审",
        "",
        3,
    )
    _forget_project()
    batch = _taken(again, city["lead"])
    assert (batch.aside, batch.read) == (0, batch.accepted + batch.duplicate)
    after = building(code=PROJECT, viewer=city["lead"], at=NOW)
    assert (after.total, after.land_area, after.content) == (
        before.total,
        before.land_area,
        before.content,
    )
    for one, other in zip(before.stages, after.stages, strict=True):
        assert one.counted.whole == other.counted.whole
        assert (one.state, one.started_date, one.ended_date) == (
            other.state,
            other.started_date,
            other.ended_date,
        )
    second = _taken(again, city["lead"])
    assert (second.accepted, second.duplicate) == (0, second.read)


def _forget_project() -> None:
    """As in another installation: nothing of the project is there."""
    tables = [
        *("cases_jointsilence", "cases_reuse", "cases_utilitynotice", "cases_caseevent"),
        *("cases_casematerial", "cases_casewarning", "cases_correction", "cases_case"),
        *("cases_joint", "cases_projectstage", "cases_works", "cases_buildingproject"),
    ]
    with connection.cursor() as cursor:
        for table in tables:
            cursor.execute(f"DELETE FROM {table}")  # noqa: S608  # our own names
        for subject in (
            "case",
            "joint",
            "building_stage",
            "works",
            "building_project",
            "joint_silence",
        ):
            cursor.execute("DELETE FROM ledger_entry WHERE subject LIKE %s", [f"{subject}:%"])


@pytest.mark.django_db
def test_import_adds_up_and_says_what_it_kept_aside() -> None:
    city = make_site()
    tables = _read(
        SPGL_XMJBXXB=[PROJECT_ROW],
        SPGL_XMDWXXB=[
            {
                "GCDM": "P1-01",
                "DWLX": "1",
                "DWMC": "北辰轴承有限公司",
                "DWTYSHXYDM": "91210200000000000F",
            },
            {"GCDM": "P1-01", "DWLX": "2", "DWMC": "某设计院"},
        ],
        SPGL_XMSPSXBLXXB=[ITEM_ROW, {**ITEM_ROW, "SPSXBM": "GC-99", "SPSXSLBM": "S2"}],
        SPGL_XMSPSXBLXXXXB=[
            _event("1", "2024-03-04 09:00:00"),
            _event("3", "2024-03-04 10:00:00"),
            _event("11", "2024-03-06 10:00:00"),
            {**_event("1", "2024-03-04 09:00:00"), "SPSXSLBM": "S2"},
        ],
    )
    batch = _taken(tables, city["lead"])
    assert (batch.read, batch.accepted, batch.aside, batch.duplicate) == (9, 6, 3, 0)
    row = BuildingProject.objects.get(pk="P1")
    assert (row.total_fen, row.spgl) == (8_600_500_000, {"XMTZLY": "2"})
    case = Case.objects.get(source_code="S1")
    assert (case.status, case.decision, case.channel) == ("decided", "approved", "feed")
    assert Joint.objects.get().outcome == "approved"
    assert ProjectStage.objects.get().ended_at is None
    assert SpglAside.objects.filter(rule__contains="GC-99").exists()
    assert replay().faults == []
    changed = _read(SPGL_XMJBXXB=[{**PROJECT_ROW, "ZTZE": "1"}])
    second = _taken(changed, city["lead"])
    assert (second.aside, second.accepted) == (1, 0)
    assert "总投资" in second.findings[0].rule
    assert BuildingProject.objects.get(pk="P1").total_fen == 8_600_500_000
