"""An agreement signed in February is a started project in June, and the target counts it.

A district enters the agreement, the office puts it on record, the district undertakes to land it
and signs; it becomes a project without retyping. In June building starts, is looked at, and the
target of the city says so by itself, with the figure that moved it.
"""

from datetime import date
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from tests.browser.office import Days, Office, settle, viewer
from yinuo.commitments.commands.register import (
    NewCommitment,
    NewDocument,
    Registration,
    register,
)
from yinuo.commitments.life import Visibility
from yinuo.goals.commands import indicators
from yinuo.goals.indicators.defining import NewIndicator
from yinuo.goals.indicators.periods import read_period
from yinuo.kernel.filestore import FileStore
from yinuo.ledger.replay import replay
from yinuo.parties.commands import NewUnit
from yinuo.project.installation import publish_shipped
from yinuo.web import clock

pytestmark = pytest.mark.slow

CITY, OFFICE, DISTRICT = "210200", "DL-DCS", "210213"
UNITS = (
    NewUnit(code=CITY, name="大连市", kind="city", gb_code=CITY),
    NewUnit(code=OFFICE, name="市政府督查室", kind="department", parent=CITY),
    NewUnit(code=DISTRICT, name="金州区", kind="district", gb_code=DISTRICT, parent=CITY),
)
DUTIES = (
    ("admin1", "administrator", CITY),
    ("admin2", "administrator", CITY),
    ("su1", "supervisor", OFFICE),
    ("su2", "supervisor", OFFICE),
    ("jinzhou", "officer", DISTRICT),
)
TARGET, COUNTED = "MB-060", "KG-CY"
PLANT = "北辰轴承制造基地"


def _target(days: Days) -> None:
    """The city promised sixty started industrial projects; the register counts them."""
    document = NewDocument(code="DOC", title="2024年重点项目计划", kind="方案", issuer="市政府")
    promise = NewCommitment(
        code=TARGET,
        kind="target",
        title="开工建设产业项目",
        document="DOC",
        lead=CITY,
        creditor="社会公众",
        creditor_unit=OFFICE,
        operator="ge",
        value="60",
        unit="个",
        baseline="0",
        due=date(2024, 12, 31),
    )
    register(
        registration=Registration(documents=[document], commitments=[promise]),
        office=OFFICE,
        by=viewer("admin1"),
        at=days.at,
        visibility=Visibility.CLOSED,
    )
    indicator = NewIndicator(
        code=COUNTED,
        name="开工的产业项目",
        unit="个",
        frequency="month",
        kind="cumulative",
        office=OFFICE,
        counted="projects.started.industrial",
    )
    indicators.define(indicators=[indicator], by=viewer("admin1"), at=days.at)
    indicators.bind(
        commitment=TARGET,
        indicator=COUNTED,
        subject=CITY,
        period=read_period("2024"),
        by=viewer("su1"),
        at=days.at,
    )


@pytest.fixture
def office(
    page: Page,
    live_server: LiveServer,
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> Office:
    """A city with a target, a district and an office."""
    days = Days()
    monkeypatch.setattr(clock, "now", lambda: days.at)
    settings.YINUO_FILES, settings.YINUO_CITY = tmp_path / "files", "大连市"
    store = FileStore(settings.YINUO_FILES)
    settle(units=UNITS, duties=DUTIES, known="su1", at=days.at)
    publish_shipped(store=store, by=(viewer("admin1"), viewer("admin2")), at=days.at)
    _target(days)
    return Office(page, live_server.url, days, store)


def _sign_agreement(office: Office) -> str:
    """February: the district enters it, the office puts it on record; its code."""
    office.days.move_to("2024-02-27")
    office.become("jinzhou")
    office.open("/leads/new/")
    office.page.get_by_label("签约", exact=True).check()
    office.fill("名称", PLANT)
    office.page.get_by_label("跟进单位").select_option(DISTRICT)
    office.fill("企业（可不填）", "北辰轴承")
    office.fill("行业（可不填）", "C34")
    office.fill("签约日期（可不填）", "2024-02-26")
    office.page.get_by_label("签了什么").select_option("agreement")
    office.press("登记")
    office.says("待核对")
    code = office.page.url.rstrip("/").rpartition("/")[2]
    office.become("su1")
    office.open(f"/leads/{code}/?do=confirm")
    office.press("核对无误")
    return code


def _undertake(office: Office, lead: str) -> str:
    """March: the district undertakes to land it, and signs; the code of the promise."""
    office.days.move_to("2024-03-04")
    office.open(f"/leads/{lead}/?do=undertake")
    office.fill("单位承担什么", f"{PLANT}开工")
    office.fill("完成时限（可不填）", "2024-06-30")
    office.fill("请跟进单位在此以前签收", "2024-03-08")
    office.press("登记，请单位签收")
    promise = office.page.locator("#landing ~ table .code").first.inner_text()
    office.become("jinzhou")
    office.open(f"/commitments/{promise}/")
    office.press("签收")
    return promise


def _become_project(office: Office, lead: str) -> None:
    """April: everything that the lead knows goes over."""
    office.days.move_to("2024-04-12")
    office.become("su1")
    office.open(f"/leads/{lead}/?do=project")
    assert office.page.get_by_label("项目名称").input_value() == PLANT
    office.page.get_by_label("所在地区").select_option(DISTRICT)
    office.page.get_by_label("已有的承诺就是按期开工").check()
    office.press("转为项目")
    office.says("应于 2024年6月30日前开工")


def _start(office: Office, promise: str) -> None:
    """June: the district says that building has begun, and the office goes to see."""
    office.days.move_to("2024-06-25")
    office.become("jinzhou")
    office.open(f"/commitments/{promise}/deliver/")
    office.fill("完成日期", "2024-06-25")
    office.fill("完成情况", "已取得施工许可，桩基进场。")
    office.press("申请销号")
    office.days.move_to("2024-06-27")
    office.become("su2")
    office.open(f"/commitments/{promise}/verify/")
    office.fill("核实情况", "施工许可和现场均已核对。")
    office.press("核实为已兑现")


def test_an_agreement_of_february_is_a_plant_that_the_target_counts(office: Office) -> None:
    lead = _sign_agreement(office)
    promise = _undertake(office, lead)
    _become_project(office, lead)
    office.open(f"/commitments/{TARGET}/")
    expect(office.page.get_by_text("随指标更新进展")).to_have_count(0)

    _start(office, promise)
    office.become("su1")
    office.open(f"/leads/{lead}/")
    office.says("已开工")
    office.follow(PLANT)
    office.says("2024-06-25")
    office.open(f"/commitments/{TARGET}/")
    office.says("1 个")
    office.says("数据批次")
    office.follow("开工的产业项目")
    office.says("2024年1—6月")
    assert replay().faults == []

    office.page.context.clear_cookies()
    for closed in (f"/leads/{lead}/", f"/commitments/{promise}/"):
        assert office.page.request.get(f"{office.home}{closed}").status == 404
