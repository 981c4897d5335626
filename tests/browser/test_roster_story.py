"""An office brings last year's messy 台账, mends it, breaks rows down and gets its sheet back."""

import io
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from playwright.sync_api import Page, expect
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from tests.city import JULY, MARCH, PASSWORD
from tests.goals.roster.messy import FILE, HEADER_LAST, OFFICE, SHEET, TITLE, messy, units
from yinuo.commitments.commands.deliver import report
from yinuo.commitments.commands.signing import sign
from yinuo.goals.commands.plan_import import parents_first
from yinuo.goals.models import PlanRow
from yinuo.ledger.queries import public_status
from yinuo.ledger.replay import replay
from yinuo.parties.commands import OPERATOR, found_duties, open_account, register_units
from yinuo.parties.queries import public_viewer_named
from yinuo.parties.viewer import Viewer
from yinuo.web import clock

pytestmark = pytest.mark.slow
ZHONGSHAN = "210202"
PEOPLE = (
    ("office", "王戊", "administrator", "210200"),
    ("zhongshan", "林甲", "officer", ZHONGSHAN),
)
BROKEN_DOWN = ("TZ2024-004", "TZ2024-046", "TZ2024-060")
SHARES = "中山区\n西岗区\n沙河口区\n甘井子区"
"""Four units for each of three rows."""
ADDED = 10
"""Columns that come with the sheet when it is given back."""


@pytest.fixture
def people(
    live_server: LiveServer, settings: Settings, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> dict[str, Viewer]:
    """The units of Dalian, an administrator of the city and an officer of one district."""
    monkeypatch.setattr(clock, "now", lambda: JULY)
    settings.YINUO_FILES = tmp_path / "files"
    settings.YINUO_CITY = "大连市"
    register_units(units=parents_first(units()), by=OPERATOR, at=MARCH)
    for username, name, _role, _unit in PEOPLE:
        open_account(username=username, name=name, password=PASSWORD, by=OPERATOR, at=MARCH)
    found_duties(duties=[(who, role, unit) for who, _, role, unit in PEOPLE], at=MARCH)
    found = {who: public_viewer_named(who) for who, *_ in PEOPLE}
    return {who: viewer for who, viewer in found.items() if viewer is not None}


def downloaded(page: Page, name: str) -> bytes:
    """The file behind a link."""
    with page.expect_download() as download:
        page.get_by_role("link", name=name, exact=True).first.click()
    return Path(download.value.path()).read_bytes()


def hand_in(page: Page, data: bytes, button: str) -> None:
    page.locator("input[type=file]").set_input_files(
        {"name": FILE, "mimeType": "application/octet-stream", "buffer": data}
    )
    page.get_by_role("button", name=button, exact=True).click()


def opened(data: bytes) -> Any:
    return openpyxl.load_workbook(io.BytesIO(data))


def own_cells(data: bytes, width: int) -> dict[str, object]:
    """Address → value of every cell of the office's own columns that holds something."""
    rows = opened(data)[SHEET].iter_rows(max_col=width)
    return {cell.coordinate: cell.value for row in rows for cell in row if cell.value is not None}


def bring(page: Page, home: str, data: bytes) -> None:
    """Sign in, upload, and accept what was guessed."""
    page.goto(f"{home}/signin/")
    page.get_by_label("用户名").fill("office")
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("main").get_by_role("button", name="登录").click()
    page.get_by_role("link", name="台账", exact=True).click()
    hand_in(page, data, "上传")
    expect(page.get_by_role("heading", level=1)).to_have_text(f"对应各列：{SHEET}")
    expect(page.get_by_label("重点任务", exact=True)).to_have_value("title")
    expect(page.get_by_label("责任单位/配合单位", exact=True)).to_have_value("cooperating")
    expect(page.get_by_label("完成 时限", exact=True)).to_have_value("due")
    page.get_by_label("督查单位").select_option(OFFICE)
    page.get_by_label("文件名称").fill("2024年重点工作任务分工方案")
    page.get_by_role("button", name="保存对应，开始检查").click()


def mend(page: Page) -> bytes:
    """Download the annotated workbook, mend its eleven cells, hand it in again."""
    wrong = messy(300)
    marked = downloaded(page, "下载标注过的工作簿")
    book = opened(marked)
    sheet = book[SHEET]
    reds = {
        cell.coordinate
        for row in sheet.iter_rows()
        for cell in row
        if cell.comment is not None and "错误" in cell.comment.text
    }
    assert reds == {address for _rule, address in wrong.wrong}
    assert len(reds) == 11
    for address, value in wrong.mends.items():
        sheet[address].value = value
    buffer = io.BytesIO()
    book.save(buffer)
    hand_in(page, buffer.getvalue(), "上传改好的工作簿")
    return buffer.getvalue()


def break_down(page: Page, home: str, code: str) -> None:
    page.goto(f"{home}/commitments/{code}/")
    page.get_by_role("link", name="任务分解").first.click()
    page.get_by_label("粘贴", exact=False).fill(SHARES)
    page.get_by_role("button", name="分解并请签收").click()
    expect(page.get_by_role("status")).to_contain_text("已分解为 4 项")


def test_a_messy_sheet_comes_in_is_broken_down_and_comes_back(
    page: Page, live_server: LiveServer, people: dict[str, Viewer]
) -> None:
    home = live_server.url
    bring(page, home, messy(300).data)
    expect(page.get_by_text("有 11 处错误，现在不能导入")).to_be_visible()
    before = public_status().unsealed
    mended = mend(page)
    expect(page.get_by_text("没有错误。请先看预览")).to_be_visible()
    assert public_status().unsealed == before

    page.get_by_role("link", name="预览", exact=True).click()
    expect(page.get_by_text(f"将登记新的计划“{TITLE}”")).to_be_visible()
    page.get_by_role("button", name="确认导入").click()
    expect(page.get_by_role("status")).to_contain_text("新登记 300 项")
    assert PlanRow.objects.filter(plan="TZ2024").count() == 300

    for code in BROKEN_DOWN:
        break_down(page, home, code)
    share = f"{BROKEN_DOWN[0]}-01"
    sign(signings=[f"{share}/{ZHONGSHAN}"], by=people["zhongshan"], at=JULY)
    report(
        commitment=share,
        as_of_date=date(2024, 7, 10),
        note="已开工",
        by=people["zhongshan"],
        at=JULY,
    )

    page.goto(f"{home}/rosters/TZ2024/")
    back = downloaded(page, "取回台账")
    width = opened(messy(300).data)[SHEET].max_column
    # Every cell that the office wrote is as it was; ours stand right of them.
    assert own_cells(back, width) == own_cells(mended, width)
    check_states(opened(back)[SHEET], width)

    # The same sheet again says nothing new.
    before = public_status().unsealed
    hand_in(page, back, "上传新版")
    page.get_by_role("link", name="预览", exact=True).click()
    expect(page.get_by_text("文件与已登记的内容一致")).to_be_visible()
    assert public_status().unsealed == before
    assert replay().faults == []


def check_states(sheet: Any, width: int) -> None:
    """Our columns, row by row."""
    headers = [sheet.cell(HEADER_LAST, width + n).value for n in range(1, ADDED + 1)]
    assert headers[:6] == ["一诺编号", "状态", "现定时限", "原定时限", "调整次数", "签收"]
    rows = messy(300).rows
    told = {
        number: dict(zip(headers, [sheet.cell(row, width + n).value for n in range(1, 11)],
                         strict=True))
        for number, row in rows.items()
    }  # fmt: skip
    assert [told[n]["一诺编号"] for n in rows] == [f"TZ2024-{n:03}" for n in rows]
    assert told[4]["签收"] == "1/4 已签收"
    assert (told[46]["签收"], told[60]["签收"]) == ("0/4 已签收", "0/4 已签收")
    assert told[5]["签收"] is None
    assert told[4]["现定时限"] == told[4]["原定时限"] == "2024-11-30"
    assert told[8]["现定时限"] == "未定时限"
    assert {told[n]["状态"] for n in rows} == {"进行中", "逾期", "未定时限"}
