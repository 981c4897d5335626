"""台账: an office's own sheet through the pages, in and back."""

import io
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.test import Client
from pytest_django import Settings

from tests.city import City
from tests.visits import SignIn, body, words
from tests.web.rosters import (
    ROWS,
    assigned,
    confirm,
    edited,
    preview_of,
    sheet,
    taken_in,
    upload,
)
from yinuo.commitments.commands import deliver
from yinuo.commitments.commands.publish import publish
from yinuo.commitments.life import Visibility
from yinuo.commitments.models import Assignment
from yinuo.commitments.queries.changes import changes_of
from yinuo.goals.models import PlanRow, Roster, Upload
from yinuo.ledger.history import texts
from yinuo.ledger.publicity import public_threads
from yinuo.ledger.queries import public_status
from yinuo.ledger.replay import replay
from yinuo.web import clock

pytestmark = pytest.mark.django_db


@pytest.fixture
def files(settings: Settings, tmp_path: Path) -> Path:
    settings.YINUO_FILES = tmp_path / "files"
    return tmp_path / "files"


@pytest.fixture
def admin(city: City, files: Path, sign_in: SignIn) -> Client:
    return sign_in("admin")


def entries() -> int:
    return public_status().unsealed


def test_a_sheet_is_brought_mapped_checked_previewed_and_taken_in(admin: Client) -> None:
    before = entries()
    columns = upload(admin, sheet())
    assert columns.endswith("/columns/?sheet=%E5%8F%B0%E8%B4%A6")
    page = words(admin.get(columns))
    assert "对应各列：台账" in page
    assert "化解历史遗留办证难" in page

    check = assigned(admin, columns)
    assert "没有错误。请先看预览，确认以后才会登记。" in words(admin.get(check))
    preview = words(admin.get(preview_of(check)))
    assert "将登记新的计划“2024年市政府重点工作台账”（TZ2024）" in preview
    assert "新登记（项）3" in preview
    assert entries() == before

    done = confirm(admin, preview_of(check))
    assert done.headers["Location"] == "/rosters/TZ2024/"
    assert "已导入：新登记3项" in words(admin.get("/rosters/TZ2024/"))
    assert [row.code for row in PlanRow.objects.filter(plan="TZ2024").order_by("code")] == [
        "TZ2024-001",
        "TZ2024-002",
        "TZ2024-003",
    ]
    assert Upload.objects.count() == 0
    assert Roster.objects.get().sheet == "台账"
    assert replay().faults == []


def test_errors_stand_by_cell_and_the_mended_file_goes_straight_to_the_check(
    admin: Client,
) -> None:
    check = assigned(admin, upload(admin, sheet(E3="尽快", C4="普兰店")))
    page = words(admin.get(check))
    assert "处错误，现在不能导入；没有写任何记录" in page
    assert "E3完成时限尽快" in page
    # Nothing can be taken in past the errors.
    assert admin.get(preview_of(check)).headers["Location"] == check
    assert admin.post(preview_of(check), {"seen": ""}).headers["Location"] == check

    assert upload(admin, sheet(), path=check, name="改好.xlsx") == check
    assert "没有错误" in words(admin.get(check))
    assert "改好.xlsx" in words(admin.get(check))


def test_a_name_that_is_written_otherwise_is_decided_once_and_remembered(admin: Client) -> None:
    check = assigned(admin, upload(admin, sheet(C3="旅顺口区人民政府办公室筹备组")))
    page = words(admin.get(check))
    assert "认不出的单位" in page
    units = check.replace("/check/", "/units/")
    assert admin.post(units, {"unit-0": "210212"}).status_code == 302
    assert "没有错误" in words(admin.get(check))
    confirm(admin, preview_of(check))
    again = upload(admin, sheet(C3="旅顺口区人民政府办公室筹备组"), path="/rosters/TZ2024/")
    assert "没有错误" in words(admin.get(again))


def test_the_same_sheet_again_writes_nothing(admin: Client) -> None:
    roster = taken_in(admin)
    before = entries()
    check = upload(admin, sheet(), path=roster)
    assert check.endswith("/check/")
    preview = words(admin.get(preview_of(check)))
    assert "文件与已登记的内容一致，导入不会写入任何记录" in preview
    done = confirm(admin, preview_of(check))
    assert done.status_code == 302
    assert entries() == before
    assert "没有写入任何记录" in words(admin.get(roster))


def with_persons() -> bytes:
    """The sheet with two more columns; the person of the second task stands nowhere."""

    def add(page: Any) -> None:
        for row, values in enumerate(
            [
                ("责任领导", "联络员"),
                ("林某 副区长", "周某 1234"),
                (None, None),
                ("林某 副区长", None),
            ],
            start=2,
        ):
            page.cell(row, 8).value, page.cell(row, 9).value = values

    return edited(sheet(), add)


def test_the_persons_of_a_sheet_are_taken_over_where_none_is_named(
    admin: Client, sign_in: SignIn
) -> None:
    roster = taken_in(admin, with_persons())
    assert "登记责任领导、联络员2项" in words(admin.get(roster))
    assert set(Assignment.objects.values_list("code", flat=True)) == {
        "TZ2024-001/210212",
        "TZ2024-003/210212",
    }
    shown = words(sign_in("supervisor").get("/commitments/TZ2024-001/"))
    assert "责任领导：林某副区长" in shown
    assert "联络员：周某1234" in shown
    assert "林某" not in words(sign_in("").get("/commitments/"))
    assert replay().faults == []


def test_whom_a_unit_named_itself_no_sheet_replaces(admin: Client, sign_in: SignIn) -> None:
    roster = taken_in(admin)
    named = {"codes": ["TZ2024-001"], "leader": "吴某", "liaison": ""}
    sign_in("lushun").post("/work/assign/", named)
    check = upload(admin, with_persons(), path=roster)
    new = {"column-8": "leader", "column-9": "liaison"}
    check = assigned(admin, check.replace("/check/", "/columns/"), **new)
    confirm(admin, preview_of(check))
    first, third = Assignment.objects.order_by("code")
    assert (first.version, third.code) == (1, "TZ2024-003/210212")
    assert texts([first.leader_text])[first.leader_text] == "吴某"


def test_a_moved_date_becomes_a_request_and_nothing_is_overwritten(
    admin: Client, city: City
) -> None:
    roster = taken_in(admin)
    check = upload(admin, sheet(E5="2025年3月31日"), path=roster)
    preview = words(admin.get(preview_of(check)))
    assert "成为变更申请（项）1" in preview
    assert "完成时限：2024-11-30→2025-03-31" in preview
    assert "台账!E5" in preview
    confirm(admin, preview_of(check))
    (asked,) = changes_of(commitment="TZ2024-003", viewer=city["admin"])
    assert asked.waiting
    # The file said so once; it does not ask again.
    again = upload(admin, sheet(E5="2025年3月31日"), path=roster)
    assert "成为变更申请（项）0" in words(admin.get(preview_of(again)))


def test_what_was_confirmed_is_carried_out_or_nothing_is(admin: Client) -> None:
    check = assigned(admin, upload(admin, sheet()))
    seen = admin.get(preview_of(check)).context["seen"]
    upload(admin, sheet([*ROWS, (4, "又添一项", "旅顺口区", "", "全年", "", "")]), path=check)
    before = entries()
    refused = admin.post(preview_of(check), {"seen": seen})
    assert refused.status_code == 409
    assert "GOALS-E103" in words(refused)
    assert entries() == before
    # The page shown with the refusal is a fresh preview.
    done = admin.post(preview_of(check), {"seen": refused.context["seen"]})
    assert done.status_code == 302
    assert PlanRow.objects.filter(plan="TZ2024").count() == 4


def test_a_value_that_no_import_may_change_is_refused_with_its_cell(admin: Client) -> None:
    roster = taken_in(admin)
    check = upload(admin, sheet(E5=""), path=roster)
    page = admin.get(preview_of(check))
    assert "不接受的改动" in words(page)
    assert "E5" in words(page)
    before = entries()
    assert admin.post(preview_of(check), {"seen": page.context["seen"]}).status_code == 409
    assert entries() == before


def test_next_years_sheet_is_read_as_this_years_in_one_click(admin: Client) -> None:
    taken_in(admin)
    sheets = upload(admin, sheet().replace(b"", b""), name="2025年台账.xlsx")
    page = words(admin.get(sheets))
    assert "这张表与“2024年市政府重点工作台账”（TZ2024）的列相同" in page
    again = admin.post(sheets, {"sheet": "台账", "plan": "TZ2024"})
    assert again.headers["Location"].endswith("/check/")

    sheets = upload(admin, sheet(A1="2025年市政府重点工作台账"), name="2025年台账.xlsx")
    columns = sheets + "columns/?sheet=台账&like=TZ2024"
    form = admin.get(columns).context["form"]
    assert form.initial["code"] == "TZ2025"
    assert form.initial["column-2"] == "title"
    check = assigned(admin, columns, document_title="2025年工作要点")
    confirm(admin, preview_of(check))
    assert Roster.objects.filter(plan="TZ2025").exists()


def test_two_columns_for_one_field_and_no_task_are_told_at_their_place(admin: Client) -> None:
    columns = upload(admin, sheet())
    answer = admin.post(columns, {"column-1": "due", "column-5": "due", "title": "x"})
    assert answer.status_code == 422
    page = words(answer)
    assert "“完成时限”选了2次，请只留一列" in page
    assert "请指明哪一列是“任务”" in page


@pytest.mark.parametrize(
    ("data", "what"),
    [(b"", "文件是空的"), (b"PK\x03\x04broken", "请"), (b"%PDF-1.7 \x00\x01", "请")],
)
def test_what_is_no_workbook_is_said_at_the_field(admin: Client, data: bytes, what: str) -> None:
    answer = admin.post("/rosters/", {"file": io.BytesIO(data)})
    assert answer.status_code == 422
    assert what in str(answer.context["form"].errors["file"])
    assert Upload.objects.count() == 0


def test_a_file_of_21_mb_is_not_kept(admin: Client, files: Path) -> None:
    data = b"a,b,c\n" + b"x" * (21 << 20)
    answer = admin.post("/rosters/", {"file": io.BytesIO(data)})
    assert answer.status_code == 422
    assert "上限 20 MB" in str(answer.context["form"].errors["file"])
    assert not list(files.glob("??/*"))


def test_an_upload_is_seen_by_its_owner_alone(admin: Client, sign_in: SignIn) -> None:
    check = assigned(admin, upload(admin, sheet()))
    places = [check, preview_of(check), check.replace("check/", "annotated.xlsx")]
    other = sign_in("admin2")
    assert [other.get(place).status_code for place in places] == [404, 404, 404]
    assert "2024年台账.xlsx" not in words(other.get("/rosters/"))
    for name in ("lushun", "supervisor", "auditor"):
        assert [sign_in(name).get(p).status_code for p in places] == [403, 403, 403]


def test_a_roster_is_for_those_who_administer_its_office(admin: Client, sign_in: SignIn) -> None:
    roster = taken_in(admin)
    assert sign_in("admin2").get(roster).status_code == 200
    for name in ("lushun", "supervisor", "auditor"):
        client = sign_in(name)
        assert client.get(roster).status_code == 403
        assert client.get(roster + "return.xlsx").status_code == 403


def test_an_upload_can_be_given_up_and_old_ones_go_with_the_next(
    admin: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    columns = upload(admin, sheet())
    drop = columns.partition("columns/")[0] + "drop/"
    assert admin.post(drop).status_code == 302
    assert Upload.objects.count() == 0
    upload(admin, sheet())
    later = clock.now().replace(month=8)
    monkeypatch.setattr(clock, "now", lambda: later)
    upload(admin, sheet())
    assert Upload.objects.count() == 1


def test_the_plan_of_a_roster_is_public_with_its_first_public_task(
    admin: Client, city: City, sign_in: SignIn
) -> None:
    taken_in(admin)
    name = "2024年市政府重点工作台账"
    seen = [sign_in(who).get("/") for who in ("", "lushun")]
    assert [name in words(page) for page in seen] == [False, False]
    assert public_threads(["plan:TZ2024", "plan:PLAN-1", "roster:TZ2024"]) == {"plan:PLAN-1"}
    publish(
        commitments=["TZ2024-001"],
        visibility=Visibility.PUBLIC,
        by=city["supervisor"],
        at=clock.now(),
    )
    assert name in words(sign_in("").get("/"))
    assert public_threads(["plan:TZ2024", "roster:TZ2024"]) == {"plan:TZ2024"}


def test_the_annotated_workbook_is_the_same_one_with_its_cells_marked(admin: Client) -> None:
    data = sheet(E3="尽快")
    check = assigned(admin, upload(admin, data))
    answer = admin.get(check.replace("check/", "annotated.xlsx"))
    assert "2024%E5%B9%B4%E5%8F%B0%E8%B4%A6" in answer.headers["Content-Disposition"]
    book = openpyxl.load_workbook(io.BytesIO(body(answer)))
    cell = book["台账"]["E3"]
    assert cell.value == "尽快"
    assert cell.comment is not None
    assert book["台账"]["B3"].comment is None
    mended = edited(body(admin.get(check.replace("check/", "annotated.xlsx"))), _due)
    assert upload(admin, mended, path=check) == check
    assert "没有错误" in words(admin.get(check))


def _due(page: object) -> None:
    page["E3"].value = "2024年12月底前"  # type: ignore[index]


def test_the_sheet_comes_back_with_the_states_and_coming_in_again_changes_nothing(
    admin: Client, city: City
) -> None:
    roster = taken_in(admin)
    deliver.report(
        commitment="TZ2024-001",
        as_of_date=date(2024, 7, 10),
        value="3",
        note="完成三项",
        by=city["lushun"],
        at=clock.now(),
    )
    answer = admin.get(roster + "return.xlsx")
    back = body(answer)
    page = openpyxl.load_workbook(io.BytesIO(back))["台账"]
    assert [page.cell(3, column).value for column in range(1, 8)] == [*ROWS[0][:6], None]
    added = {
        str(page.cell(2, column).value): page.cell(3, column).value
        for column in range(8, page.max_column + 1)
    }
    assert added["一诺编号"] == "TZ2024-001"
    assert added["状态"] == "进行中"
    assert added["现定时限"] == "2024-12-31"
    assert added["完成比例"] == "42.8%"
    before = entries()
    check = upload(admin, back, path=roster, name="取回.xlsx")
    confirm(admin, preview_of(check))
    assert entries() == before
    # Rows in another order are known by what Yinuo wrote beside them.
    check = upload(admin, edited(back, _turned), path=roster)
    preview = words(admin.get(preview_of(check)))
    assert "一致，导入不会写入任何记录" in preview


def _turned(page: object) -> None:
    rows = [[cell.value for cell in row] for row in page["A3:Z5"]]  # type: ignore[index]
    for row, values in zip(page["A3:Z5"], reversed(rows), strict=True):  # type: ignore[index]
        for cell, value in zip(row, values, strict=True):
            cell.value = value


def test_a_deadline_in_other_words_is_no_change_and_a_new_one_asks_for_the_date_alone(
    admin: Client, city: City
) -> None:
    roster = taken_in(admin)
    check = upload(admin, sheet(E3="2024年12月31日", E4="年底前"), path=roster)
    assert "一致，导入不会写入任何记录" in words(admin.get(preview_of(check)))
    check = upload(admin, sheet(E3="2025年3月底前"), path=roster)
    page = words(admin.get(preview_of(check)))
    assert "成为变更申请（项）1" in page
    assert "不接受的改动" not in page
    confirm(admin, preview_of(check))
    (asked,) = changes_of(commitment="TZ2024-001", viewer=city["admin"])
    assert [(d.label, d.new) for d in asked.differences] == [("完成时限", "2025-03-31")]
