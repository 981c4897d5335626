"""Files chosen in a real browser, passed one by one, and checked by whoever looks."""

import io
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from tests.browser.fitting import fits
from tests.city import JULY, PASSWORD, City, make_city
from tests.handed_in import PDF, PHOTO
from tests.kernel.media.samples import picture as picture_of
from tests.ledger.conftest import BY
from yinuo.commitments.models import Evidence
from yinuo.ledger.commands.keys import found_key
from yinuo.ledger.commands.sealing import seal
from yinuo.ledger.memory import Memory
from yinuo.ledger.tlog.note import Signer
from yinuo.web import clock
from yinuo.web.files import store

LONG = "旅顺口区不动产登记历史遗留问题集中办证情况专题报告及附表" * 4
PAGE = "/commitments/LS-001/"


@pytest.fixture
def city(
    live_server: LiveServer,
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    signer: Signer,
) -> City:
    monkeypatch.setattr(clock, "now", lambda: JULY)
    settings.YINUO_CITY = "大连市"
    settings.YINUO_FILES = tmp_path / "files"
    found_key(verifier=signer.verifier, by=BY, at=JULY)
    return make_city()


@pytest.fixture
def seal_all(city: City, signer: Signer, memory: Memory) -> Callable[[], None]:
    """Puts everything that the city has done into the signed log."""

    def run() -> None:
        seal(signer=signer, memory=memory)

    return run


def sign_in(page: Page, address: str, username: str) -> None:
    page.goto(f"{address}/signin/")
    page.get_by_label("用户名").fill(username)
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("main").get_by_role("button", name="登录").click()


def hand_in(page: Page, address: str, folder: Path) -> None:
    """A photo and nine papers with long names, without a line of script."""
    photo = folder / "现场.jpg"
    photo.write_bytes(PHOTO)
    papers = [folder / f"{LONG[:60]}{n}.pdf" for n in range(9)]
    for number, paper in enumerate(papers):
        paper.write_bytes(PDF + f"%{number}\n%%EOF\n".encode())
    page.goto(f"{address}{PAGE}report/")
    page.get_by_label("累计完成（项）").fill("3")
    page.get_by_label("进展说明").fill("完成三项")
    page.get_by_label("佐证材料").set_input_files([photo, *papers])
    page.get_by_role("button", name="报送").click()
    expect(page.get_by_role("status")).to_contain_text("进展已报送")


def test_from_the_officers_disk_to_the_citizens_check(
    page: Page,
    browser: Browser,
    live_server: LiveServer,
    tmp_path: Path,
    seal_all: Callable[[], None],
) -> None:
    office = browser.new_context(java_script_enabled=False, viewport={"width": 360, "height": 780})
    desk = office.new_page()
    sign_in(desk, live_server.url, "lushun")
    hand_in(desk, live_server.url, tmp_path)
    expect(desk.get_by_text("佐证材料 10 个")).to_be_visible()
    assert office.pages[0].locator(".evidence-files > li").count() == 10
    office.clear_cookies()
    sign_in(desk, live_server.url, "supervisor")
    desk.goto(f"{live_server.url}{PAGE}evidence/1/")
    desk.get_by_role("link", name="公开前保密审查").click()
    desk.get_by_label("主动公开").check()
    desk.get_by_role("button", name="确定公开类型").click()
    office.close()
    seal_all()

    page.goto(live_server.url + PAGE)
    assert fits(page)
    picture = page.locator(".evidence-look img")
    picture.scroll_into_view_if_needed()
    expect(picture).to_have_js_property("complete", True)  # noqa: FBT003  # Playwright's own
    assert picture.evaluate("image => image.naturalWidth") == 240
    page.get_by_role("link", name="现场.jpg").last.click()
    assert fits(page)
    page.get_by_role("button", name="核验这份文件的历史").click()
    box = page.locator("[data-proof] .verdict-box")
    expect(box).to_contain_text("您的浏览器重新计算了这份文件的 2 条存证记录")
    expect(page.locator(".story .verdict-ok")).to_have_count(2)

    with page.expect_download() as saved:
        page.get_by_role("link", name="下载", exact=True).click()
    assert saved.value.suggested_filename == "现场.jpg"

    other = store().put(io.BytesIO(picture_of("JPEG", (300, 200))))
    Evidence.objects.filter(code="LS-001/E1").update(sha256=other)
    page.reload()
    page.get_by_role("button", name="核验这份文件的历史").click()
    expect(box).to_contain_text("SHA-256与最后一次记录不符")
