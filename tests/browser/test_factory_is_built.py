"""A factory is built: four stages, six departments side by side, six utilities connected once.

The window registers the project once; each stage is one application and a branch a department.
In the joint acceptance one department stops its own clock for an expert review. At the building
permit six utilities learn of the project by shared data; the one without an account answers by a
signed link, and the developer confirms with the 查询码 that it is connected.

By hand, joint acceptance, 2024: received Wednesday 24 April, a day that is not counted. Working
days after it: 25, 26, 28 April (a Sunday worked for the holiday), 29, 30 April; 1 to 5 May are off;
6, 7, 8, 9, 10 May. Span to the last decision on 10 May: ten.

    规划核实   to 29 April          25 26 28 29
    土地核验   to 28 April          25 26 28
    消防验收   to 10 May            25 [26 … 7 May stopped] 8 9 10
    人防备案   to 26 April          25 26
    档案验收   to 30 April          25 26 28 29 30
    竣工备案   to 30 April          25 26 28 29 30

Together: 25 26 28 29 30 April, 8 9 10 May: eight. The stop takes 26, 28, 29, 30 April, 6, 7 May
from the fire department alone: six; taking it from all would leave four.
"""

import os
import re
from datetime import date
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from tests.browser.office import Days, Office
from tests.cases.construction.site import OFFICE, PROJECT, WINDOW, make_site, officer
from tests.city import City
from yinuo.cases.commands import accept as accepting
from yinuo.cases.commands import decide as deciding
from yinuo.cases.life import Decision
from yinuo.cases.models import Case, UtilityNotice
from yinuo.commitments.models import Commitment
from yinuo.kernel.filestore import FileStore
from yinuo.ledger.replay import replay
from yinuo.web import clock

pytestmark = pytest.mark.slow
FIRE, PICTURES = "GC-43", os.environ.get("YINUO_PICTURES", "")
ENDED = {
    "GC-41": "2024-04-29",
    "GC-42": "2024-04-28",
    "GC-44": "2024-04-26",
    "GC-45": "2024-04-30",
    "GC-46": "2024-04-30",
}


@pytest.fixture
def office(
    page: Page,
    live_server: LiveServer,
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> Office:
    """The browser, before anything is there."""
    days = Days()
    monkeypatch.setattr(clock, "now", lambda: days.at)
    settings.YINUO_FILES, settings.YINUO_CITY = tmp_path / "files", "大连市"
    return Office(page, live_server.url, days, FileStore(settings.YINUO_FILES))


def _look(office: Office, name: str) -> None:
    """A picture for whoever wants to see the pages."""
    if PICTURES:
        width = office.page.viewport_size["width"] if office.page.viewport_size else 0
        office.page.screenshot(path=f"{PICTURES}/{name}-{width}.png", full_page=True)


def _register(office: Office) -> str:
    """Friday 1 March: the window enters the project once; its 查询码."""
    office.days.move_to("2024-03-01")
    office.become("clerk")
    office.open("/work/building/new/")
    for label, text in (
        ("项目代码", PROJECT),
        ("项目名称", "北辰轴承制造基地"),
        ("工程", f"{PROJECT}-01 一号厂房"),
        ("建设地点", "金州区示范路 8 号"),
        ("建设规模及内容", "新建厂房两栋，年产轴承 200 万套"),
        ("用地面积", "52000"),
        ("建筑面积", "31000.5"),
        ("总投资", "8600"),
        ("建设单位名称", "北辰轴承有限公司"),
        ("统一社会信用代码或证件号码", "91210200000000000F"),
        ("联系电话", "0411-00000000"),
    ):
        office.page.get_by_label(re.compile(f"^{label}")).first.fill(text)
    office.page.get_by_label("牵头单位").select_option(OFFICE)
    office.page.get_by_label("收件窗口").select_option(WINDOW)
    _look(office, "new")
    office.press("登记")
    office.says("项目登记回执")
    track = office.page.locator("[data-track]").inner_text()
    assert re.fullmatch(r"(\w{4}-){3}\w{4}", track)
    return track


def _note_measurement(office: Office) -> None:
    """One measurement for all: the planning department does not ask for its own."""
    office.open(f"/work/building/{PROJECT}/reuse/")
    office.page.get_by_label("共用成果").select_option("DC-GH")
    office.fill("成果编号", "DC-2024-018")
    office.fill("谁做的、从哪里取得", "演示测绘单位")
    office.fill("成果日期", "2024-03-01")
    office.press("登记成果")
    expect(office.done()).to_contain_text("不再收这份材料")


def _start(office: Office, stage: str, day: str) -> str:
    """The window takes one application in; the code of the joint case."""
    office.days.move_to(day)
    office.become("clerk")
    office.open(f"/work/building/{PROJECT}/stages/{stage}/")
    office.press("收件，开始联办")
    office.says("联办回执")
    return office.page.locator("h1 + p .code").inner_text()


def _accept_all(city: City, joint: str, office: Office) -> None:
    for case in Case.objects.filter(joint=joint):
        accepting.accept(case=case.code, by=city["clerk"], at=office.days.at)


def _decide(city: City, office: Office, joint: str, item: str, day: str) -> None:
    office.days.move_to(day)
    case = Case.objects.get(joint=joint, item_version__item=item)
    deciding.decide(
        case=case.code,
        decision=Decision.APPROVED,
        reason="符合条件",
        by=city[officer(case.unit_id)],
        at=office.days.at,
    )


def _first_three_stages(city: City, office: Office) -> None:
    """March: land, planning and building permits, each within days."""
    for stage, day, ended in (
        ("1", "2024-03-04", {"GC-11": "2024-03-06", "GC-12": "2024-03-12"}),
        ("2", "2024-03-13", {"GC-21": "2024-03-20", "GC-22": "2024-03-20"}),
        (
            "3",
            "2024-03-25",
            {
                "GC-31": "2024-03-28",
                "GC-32": "2024-03-29",
                "GC-33": "2024-03-29",
                "GC-34": "2024-03-29",
            },
        ),
    ):
        joint = _start(office, stage, day)
        _accept_all(city, joint, office)
        for item, last in ended.items():
            _decide(city, office, joint, item, last)


def _utilities_know(office: Office) -> str:
    """29 March: six utilities were told without an application; the link for the gas firm."""
    assert UtilityNotice.objects.count() == 6
    office.become("lead")
    office.open(f"/work/building/{PROJECT}/")
    office.says("不用另行报装")
    office.open(f"/work/building/{PROJECT}/utilities/gas/")
    _look(office, "notice")
    return office.page.locator(".token a").inner_text()


def _gas_answers_by_link(office: Office, link: str) -> None:
    """1 April, at the gas firm, without an account: a plan and one day."""
    office.days.move_to("2024-04-01")
    office.page.context.clear_cookies()
    office.page.goto(link)
    office.says("海风燃气公司（演示）")
    office.fill("接入方案", "自示范路市政中压管引入，一次接到厂区调压柜。")
    office.page.locator("#id_connect_date").fill("2024-04-18")
    _look(office, "link")
    office.press("答复")
    expect(office.done()).to_contain_text("这是对建设单位的承诺")


def _gas_connects_once(office: Office, link: str) -> None:
    """18 April: connected, by the same link; there is nothing more to do with it."""
    office.days.move_to("2024-04-18")
    office.page.goto(link)
    office.page.locator("#id_connected_date").fill("2024-04-18")
    office.fill("怎么接的", "已通气点火")
    office.press("已接通")
    expect(office.done()).to_contain_text("等建设单位确认")
    office.page.goto(link)
    expect(office.page.get_by_role("button", name="已接通")).to_have_count(0)


def _joint_acceptance(city: City, office: Office) -> str:
    """24 April to 10 May: six branches; the fire department stops its own clock, in the browser."""
    joint = _start(office, "4", "2024-04-24")
    cases = {one.item_version.item_id: one for one in Case.objects.filter(joint=joint)}
    assert len(cases) == 6
    _accept_all(city, joint, office)
    _decide(city, office, joint, "GC-44", ENDED["GC-44"])
    office.become("zj")
    office.open(f"/work/joint/{joint}/")
    office.says("本单位的分支")
    _look(office, "joint-open")
    office.page.get_by_role("link", name=re.compile("办理：.*消防验收")).click()
    office.follow("暂停计时")
    office.page.get_by_label("专家评审").check()
    office.page.get_by_label(re.compile("^预计到哪一天")).fill("2024-05-10")
    office.page.locator("#id_notice").fill("专家评审告知书〔2024〕3 号")
    office.page.locator("#id_reason").fill("现场评定需专家评审")
    office.press("暂停计时")
    for item in ("GC-42", "GC-41", "GC-45", "GC-46"):
        _decide(city, office, joint, item, ENDED[item])
    office.days.move_to("2024-05-08")
    office.open(f"/work/cases/{cases[FIRE].code}/")
    office.follow("恢复计时")
    office.page.locator("#id_notice").fill("专家评审意见〔2024〕3 号")
    office.press("恢复计时")
    _decide(city, office, joint, FIRE, "2024-05-10")
    return joint


def _developer_sees(office: Office, track: str) -> None:
    """10 May: one project, one page; eight days counted, and gas confirmed by the developer."""
    office.page.context.clear_cookies()
    office.open("/services/construction/project/")
    _look(office, "ask")
    office.page.get_by_label("查询码").fill(track)
    office.press("查询")
    office.says("四个阶段已在 2024年5月10日全部办结")
    stage = office.page.locator(".stage", has=office.page.locator("#stage-4"))
    expect(stage).to_contain_text("跨度 10、审批用时 8 个工作日")
    expect(stage.locator("svg")).to_have_count(6)
    expect(stage.locator(".hatch")).to_have_count(1)
    stage.get_by_text("用时怎么算").click()
    expect(stage).to_contain_text("扣除专家评审 6 个工作日，计 4 个工作日")
    expect(office.page.get_by_text("已使用，没有再收")).to_be_visible()
    _look(office, "developer")
    office.press("供气已接通")
    expect(office.done()).to_contain_text("已确认接通")
    office.says("已接入，建设单位已确认")


@pytest.mark.django_db(transaction=True)
def test_factory_is_built(office: Office) -> None:
    city = make_site()
    track = _register(office)
    _note_measurement(office)
    _first_three_stages(city, office)
    link = _utilities_know(office)
    _gas_answers_by_link(office, link)
    _gas_connects_once(office, link)
    joint = _joint_acceptance(city, office)
    _developer_sees(office, track)
    row = UtilityNotice.objects.get(utility="gas")
    promise = Commitment.objects.get(pk=row.commitment)
    assert (promise.status, promise.outcome, promise.due) == (
        "kept",
        "kept_on_time",
        date(2024, 4, 18),
    )
    office.open("/services/construction/")
    _look(office, "overview")
    office.become("lead")
    office.open(f"/work/joint/{joint}/")
    office.says("6 个部门同意，达到所需的 6 个")
    _look(office, "joint")
    office.open("/work/building/")
    _look(office, "list")
    assert replay().faults == []
