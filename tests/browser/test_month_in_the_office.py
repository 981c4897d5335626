"""A month in the delivery office: dispatch, supervision and race, from the opening to the bulletin.

A round opens and eleven of twelve units report; the twelfth gets 提示函, 督办单 and 约谈, and its
order is signed, answered, rejected, answered again and closed. The race of the quarter is published
and recomputed from its download, a photo handed in twice is flagged, and the bulletin is printed.
"""

import io
import json
import subprocess
import sys
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from zipfile import ZipFile

import docx
import pytest
from docx.shared import Mm
from PIL import Image, ImageDraw
from playwright.sync_api import Page, expect
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from tests.browser.office import Days, Office, settle, viewer
from yinuo.commitments.commands.curve import set_curve
from yinuo.commitments.commands.register import (
    NewCommitment,
    NewDocument,
    Registration,
    register,
)
from yinuo.commitments.life import Visibility
from yinuo.kernel.filestore import FileStore
from yinuo.ledger.commands.sealing import seal
from yinuo.ledger.memory import Memory
from yinuo.ledger.replay import replay
from yinuo.ledger.tlog.note import Signer
from yinuo.ledger.verify import verify
from yinuo.parties.commands import (
    NewUnit,
)
from yinuo.project.installation import publish_shipped
from yinuo.supervision.commands.looking import look
from yinuo.web import clock

pytestmark = pytest.mark.slow

CITY, OFFICE = "210200", "DL-DCS"
DISTRICTS = (
    *("中山区", "西岗区", "沙河口区", "甘井子区", "旅顺口区", "普兰店区"),
    *("瓦房店市", "庄河市", "长海县", "金州区", "花园口", "长兴岛"),
)
SILENT = "长海县"
YEAR_END = date(2024, 12, 31)
PHASES = ("一期", "二期", "三期")
"""Each district has three projects: fewer are no basis for a race."""


def _people(at: datetime) -> None:
    units = [
        NewUnit(code=CITY, name="大连市", kind="city", gb_code=CITY),
        NewUnit(code=OFFICE, name="市政府督查室", kind="department", parent=CITY),
    ]
    units += [
        NewUnit(code=f"D{n:02}", name=name, kind="district", parent=CITY)
        for n, name in enumerate(DISTRICTS, start=1)
    ]
    duties = [("admin1", "administrator", CITY), ("admin2", "administrator", CITY)]
    duties += [("su1", "supervisor", OFFICE), ("su2", "supervisor", OFFICE)]
    duties += [(f"d{n:02}", "officer", f"D{n:02}") for n in range(1, len(DISTRICTS) + 1)]
    settle(units=units, duties=duties, known="su1", at=at)


def codes_of(unit: int) -> list[str]:
    """The projects of the n-th district."""
    return [f"ZD2024-{unit:02}{nth}" for nth in range(1, len(PHASES) + 1)]


def _projects(at: datetime) -> None:
    document = NewDocument(code="ZD", title="2024年重点项目计划", kind="方案", issuer="市政府")
    some = [
        NewCommitment(
            code=code,
            kind="project",
            title=f"{unit}产业园{phase}完成年度投资",
            document="ZD",
            lead=f"D{n:02}",
            creditor="市政府督查室",
            creditor_unit=OFFICE,
            operator="ge",
            value="1000",
            unit="万元",
            baseline="0",
            due=YEAR_END,
        )
        for n, unit in enumerate(DISTRICTS, start=1)
        for code, phase in zip(codes_of(n), PHASES, strict=True)
    ]
    register(
        registration=Registration(documents=[document], commitments=some),
        office=OFFICE,
        by=viewer("admin1"),
        at=at,
        visibility=Visibility.CLOSED,
    )
    curve = "2024-06-30 40%\n2024-09-30 70%\n2024-12-31 100%"
    for n in range(1, len(DISTRICTS) + 1):
        for code in codes_of(n):
            set_curve(commitment=code, text=curve, by=viewer(f"d{n:02}"), at=at)


@pytest.fixture
def office(
    page: Page,
    live_server: LiveServer,
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> Office:
    """Twelve districts with a project each, the rules in force since January."""
    days = Days()
    monkeypatch.setattr(clock, "now", lambda: days.at)
    settings.YINUO_FILES, settings.YINUO_CITY = tmp_path / "files", "大连市"
    store = FileStore(settings.YINUO_FILES)
    _people(days.at)
    publish_shipped(store=store, by=(viewer("admin1"), viewer("admin2")), at=days.at)
    _projects(days.at)
    return Office(page, live_server.url, days, store)


# ── the round ────────────────────────────────────────────────────────────────────────────────────


def site() -> Image.Image:
    """A drawn building site, with enough in it to be known again."""
    image = Image.new("RGB", (1000, 700), "#cfdfe6")
    pen = ImageDraw.Draw(image)
    for left in range(40, 950, 130):
        height = 120 + left * 53 % 330
        pen.rectangle((left, 600 - height, left + 90, 620), fill="#e6dfcf", outline="#4f5e68")
        for top in range(610 - height, 590, 40):
            pen.rectangle((left + 12, top, left + 38, top + 20), fill="#6b8fa3")
            pen.rectangle((left + 52, top, left + 78, top + 20), fill="#a3876b")
    pen.line((700, 600, 700, 60, 420, 60), fill="#b5482f", width=10)
    return image


def photo(*, again: bool) -> bytes:
    """The site, or the same picture smaller and recompressed."""
    image, file = site(), io.BytesIO()
    (image.resize((700, 490)) if again else image).save(file, "JPEG", quality=60 if again else 92)
    return file.getvalue()


def open_round(it: Office) -> str:
    it.days.move_to("2024-07-01")
    it.become("su1")
    it.open("/rounds/new/")
    it.fill("截至日期", "2024-06-30")
    it.press("预览")
    it.says("将向")
    it.page.get_by_label("季度", exact=True).check()
    it.fill("报送时限", "2024-07-08")
    it.press("开这一期")
    expect(it.page.get_by_role("heading", level=1)).to_contain_text("2024年第2季度调度")
    it.says("12 个单位：")
    return it.page.url.rstrip("/").rpartition("/")[2]


def report(it: Office, number: int, unit: str, *, picture: bytes | None = None) -> None:
    """One unit answers its sheet and hands it in."""
    it.become(f"d{number:02}")
    it.open("/work/")
    it.page.get_by_role("link", name="2024年第2季度调度").first.click()
    for code in codes_of(number):
        it.page.locator(f"[name='value-{code}']").fill(str(300 + number * 10))
        it.page.locator(f"[name='note-{code}']").fill(f"{unit}主体工程按计划施工。")
    if picture is not None:
        it.page.locator(f"[name='files-{codes_of(number)[0]}']").set_input_files(
            {"name": "现场.jpg", "mimeType": "image/jpeg", "buffer": picture}
        )
    it.press("提交报送表")
    expect(it.done()).to_be_visible()


def hold_round(it: Office) -> None:
    code = open_round(it)
    it.days.move_to("2024-07-05")
    for number, unit in enumerate(DISTRICTS, start=1):
        if unit != SILENT:
            pictures = {2: photo(again=False), 7: photo(again=True)}
            report(it, number, unit, picture=pictures.get(number))
    it.days.move_to("2024-07-10")
    it.become("su2")
    it.open(f"/rounds/{code}/")
    it.says("已逾期 2 天")
    for box in it.page.locator("[name='sheets']").all():
        box.check()
    it.page.locator("[name='note']").first.fill("数据完整，口径一致。")
    it.press("通过选中的报送表")
    it.says("已通过 11")
    it.press("关闭这一期")
    it.says("已关闭")


# ── the order ────────────────────────────────────────────────────────────────────────────────────


def issue(it: Office, day: str, step: str, prepare: Callable[[], None] = lambda: None) -> str:
    """The step that is due on the silent unit; returns the address of the order."""
    it.days.move_to(day)
    it.become("su1")
    it.open("/orders/due/")
    group = it.page.locator("section.due-group").filter(
        has=it.page.get_by_role("heading", name=step)
    )
    for phase in PHASES:
        group.get_by_label(f"{SILENT}产业园{phase}完成年度投资").check()
    it.press(f"对选中的出具{step}")
    prepare()
    it.page.locator("main form[method='post'] button.button-main").first.click()
    expect(it.done()).to_contain_text("已发出 1 份")
    it.open("/orders/")
    it.page.locator("table.list tbody tr").first.get_by_role("link").first.click()
    return it.page.url


def answer(it: Office, note: str) -> None:
    it.follow("回复")
    it.page.get_by_label("回复", exact=False).first.fill(note)
    it.press("提交回复")
    it.says("待审核")


def supervise(it: Office) -> None:
    silent = f"d{DISTRICTS.index(SILENT) + 1:02}"
    issue(it, "2024-07-11", "提示函")
    issue(it, "2024-07-22", "督办单")

    def meeting() -> None:
        it.fill("约谈日期", "2024-08-01")
        it.fill("约谈人和地点", "分管副市长，市政府第二会议室")

    order = issue(it, "2024-07-30", "约谈", meeting)
    it.days.move_to("2024-07-31")
    it.become(silent)
    it.page.goto(order)
    it.follow("签收")
    it.press("签收")
    answer(it, "正在推进。")
    it.become("su1")
    it.page.goto(order)
    it.follow("退回回复")
    it.page.get_by_label("要补什么", exact=False).or_(
        it.page.locator("textarea[name='note']")
    ).first.fill("没有措施，没有时间表。")
    it.press("退回")
    it.days.move_to("2024-08-01")
    it.become(silent)
    it.page.goto(order)
    answer(it, "已补报二季度投资，增加两个班组，九月底赶上序时进度。")
    it.become("su2")
    it.page.goto(order)
    it.follow("审核通过")
    it.page.locator("textarea[name='note']").fill("措施具体，现场核实。")
    it.press("审核通过")
    it.follow("核实并销号")
    it.page.locator("textarea[name='note']").fill("现场查看，班组已到位。")
    it.press("销号")
    it.says("已销号")


# ── the race, the photo, the bulletin ────────────────────────────────────────────────────────────


def race(it: Office, folder: Path) -> None:
    it.days.move_to("2024-08-05")
    it.become("su1")
    it.open("/work/races/new/")
    it.fill("期间", "2024Q2")
    it.press("计算")
    address = it.page.url
    it.become("su2")
    it.page.goto(address)
    it.press("发布")
    expect(it.page.locator("tr.tier-first").first).to_contain_text("第 1 档")
    file = folder / "race.json"
    file.write_bytes(it.fetch("下载（JSON）"))
    command = [sys.executable, "-m", "yinuo.project", "races", "recompute", str(file)]
    same = subprocess.run(command, capture_output=True, text=True, check=False)
    assert same.returncode == 0, same.stdout + same.stderr
    told = json.loads(file.read_bytes())
    ranked = next(each for each in told["results"] if each["score"] is not None)
    ranked["score"] += 1
    file.write_text(json.dumps(told, ensure_ascii=False), encoding="utf-8")
    other = subprocess.run(command, capture_output=True, text=True, check=False)
    assert other.returncode != 0


def reused_photo(it: Office) -> None:
    """The worker looks at what was handed in since the last time."""
    look(store=it.store, at=it.days.at)
    it.become("su1")
    it.open("/doubts/")
    it.page.get_by_role("row").filter(has_text="瓦房店市").get_by_role("link").first.click()
    it.says("两张照片对照")
    it.says("请核对，这不是结论")
    assert it.page.locator(".doubt-pair img").count() == 2


def bulletin(it: Office) -> None:
    it.open("/snapshots/")
    it.fill("会议名称", "7 月重点工作调度会")
    it.press("生成")
    it.says("SN2024-08")
    it.says(SILENT)
    word = it.fetch("通报（Word）")
    section = docx.Document(io.BytesIO(word)).sections[0]
    margins = (section.top_margin, section.left_margin, section.right_margin)
    assert [round(Mm(1) and each / Mm(1)) for each in margins if each] == [37, 28, 26]
    with ZipFile(io.BytesIO(word)) as parts:
        assert "SN2024-08" in parts.read("word/document.xml").decode()


def test_a_month_in_the_delivery_office(
    office: Office, signer: Signer, memory: Memory, tmp_path: Path
) -> None:
    hold_round(office)
    supervise(office)
    seal(signer=signer, memory=memory)
    reused_photo(office)
    race(office, tmp_path)
    bulletin(office)
    seal(signer=signer, memory=memory)
    assert verify(verifier=signer.verifier).faults == []
    assert replay().faults == []
