"""A café opens: scanned, applied for with one document to come, decided in time, paid for late.

The owner finds the item, applies on the page and promises the floor plan by a day. The department
accepts with that gap, another officer decides within the promised limit. The plan comes five days
after its day: the promise is kept late, and the case, the officer and the letter say so.
"""

import re
from pathlib import Path

import pytest
from playwright.sync_api import FilePayload, Page, expect
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from tests.browser.office import Days, Office
from tests.cases.deferrals.trusting import put_tables
from tests.cases.desk import FIRM_CODE, ITEM, PDF, make_desk
from yinuo.kernel.filestore import FileStore
from yinuo.ledger.replay import replay
from yinuo.web import clock

pytestmark = pytest.mark.slow

CAFE = "大连海风手冲咖啡馆有限公司"
PLAN = "场所平面图"


@pytest.fixture
def office(
    page: Page,
    live_server: LiveServer,
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> Office:
    """A city with one item in force, its window and its department."""
    days = Days()
    monkeypatch.setattr(clock, "now", lambda: days.at)
    settings.YINUO_FILES, settings.YINUO_CITY = tmp_path / "files", "大连市"
    store = FileStore(settings.YINUO_FILES)
    put_tables(make_desk(), store)
    return Office(page, live_server.url, days, store)


def _upload(office: Office, field: str, name: str) -> None:
    file = FilePayload(name=name, mimeType="application/pdf", buffer=PDF)
    office.page.locator(f"#id_{field}").set_input_files(file)


def _scan_and_apply(office: Office) -> tuple[str, str]:
    """Monday 4 March: the item, the form with the plan to come; (办件编号, 查询码)."""
    office.days.move_to("2024-03-04")
    page = office.page
    office.open(f"/services/{ITEM}/")
    page.get_by_role("link", name="在线申请").first.click()
    office.says("承诺 8 个工作日内办结；法律允许 20 个工作日")
    office.follow("开始填写")
    page.get_by_label("法人及非法人组织").check()
    office.fill("申请人名称", CAFE)
    office.fill("统一社会信用代码或身份证号", FIRM_CODE)
    office.fill("联系电话", "0411-00000000")
    office.fill("申请什么", "在中山区开一家咖啡馆，现制现售饮品和糕点。")
    for key in ("M1", "M3", "M4"):
        _upload(office, f"file_{key}", f"{key}.pdf")
    page.locator("#id_choice_M2").get_by_label("先受理，我以后补交（容缺）").check()
    office.says("没有补交的")
    page.locator("#id_until_M2").fill("2024-03-15")
    page.get_by_label("我已阅读并作出上面的承诺").check()
    office.press("提交申请")
    office.says("申请已经收到")
    code = page.locator(".receipt-code").first.inner_text()
    track = page.locator("[data-track]").inner_text()
    assert re.fullmatch(r"(\w{4}-){3}\w{4}", track)
    office.follow("看办到哪一步")
    office.says(code)
    return code, track


def _accept_with_the_gap(office: Office) -> None:
    """Tuesday: the department finds it on its desk and accepts, the plan to come by 15 March."""
    office.days.move_to("2024-03-05")
    office.become("officer")
    office.open("/work/desk/")
    office.says(CAFE)
    office.page.get_by_role("link", name=re.compile("食品经营许可")).first.click()
    office.follow("容缺受理")
    assert office.page.get_by_label(f"《{PLAN}》补交期限").input_value() == "2024-03-15"
    office.press("容缺受理")
    expect(office.done()).to_contain_text("已容缺受理")
    office.says("2024年3月15日前要作出决定")


def _decide_in_time(office: Office, code: str) -> None:
    """Tuesday 12 March: another officer decides, five working days after acceptance."""
    office.days.move_to("2024-03-12")
    office.become("officer2")
    office.open(f"/work/cases/{code}/decide/")
    office.page.get_by_label("办结（容缺通过）").check()
    office.fill("决定内容和理由", "符合条件，准予许可。")
    office.press("作出决定")
    expect(office.done()).to_contain_text("已办结")


def _hand_in_late(office: Office, code: str, track: str) -> None:
    """Wednesday 20 March: the owner looks with the code, and hands the plan in."""
    office.days.move_to("2024-03-20")
    office.page.context.clear_cookies()
    office.open("/services/track/")
    office.fill("查询码", track.lower())
    office.press("查询")
    office.says(code)
    office.says("已逾期 5 天")
    office.follow("补交材料")
    _upload(office, "file", "平面图.pdf")
    office.press("补交")
    expect(office.done()).to_contain_text("已补交")


def _confirm(office: Office, code: str) -> None:
    """Thursday: an officer looks at it; the promise was kept, but late, and the letter says so."""
    office.days.move_to("2024-03-21")
    office.become("officer")
    office.open(f"/work/cases/{code}/")
    office.says("逾期 5 天")
    office.follow("核对")
    office.fill("核对情况（可不填）", "平面图齐全，符合要求。")
    office.press("符合要求")
    office.says("已补齐：逾期兑现")
    office.says("平面图齐全，符合要求。")
    office.page.get_by_role("link", name=re.compile("信用承诺书")).first.click()
    office.says("逾期 5 天后补交")


def test_a_cafe_opens_and_its_plan_comes_late(office: Office) -> None:
    code, track = _scan_and_apply(office)
    _accept_with_the_gap(office)
    _decide_in_time(office, code)
    _hand_in_late(office, code, track)
    _confirm(office, code)
    office.page.context.clear_cookies()
    office.open("/services/track/")
    office.fill("查询码", track)
    office.press("查询")
    office.says("已补齐：逾期兑现")
    assert replay().faults == []
    office.press("退出查询")
    office.open("/services/track/")
    office.says("输入回执上的查询码")
    office.open(f"/work/cases/{code}/")
    assert "/signin/" in office.page.url
