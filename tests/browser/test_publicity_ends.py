"""Two penalties end their publicity by two rules, one is repaired, the report shows it, and whoever
is handed the PDF checks it by what its QR code holds."""

import io
import json
import threading
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

import pypdf
import pytest
from playwright.sync_api import Page, expect
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from tests.browser.fitting import faults, fits
from tests.browser.test_evidence import sign_in
from tests.web.credit_city import code_of, name_of
from tests.web.report_city import FIRM, LATE, NOW, OF_2025, OF_2026, Trial, make_trial, prepare
from yinuo.project.standin.server import Pretended, StandIn, served
from yinuo.web import clock

END_OF_2025, END_OF_2026 = "公示至 2028-03-10", "公示至 2027-05-10"


@pytest.fixture
def trial(
    live_server: LiveServer,
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> Trial:
    """Penalties of 2025 and of 2026, released."""
    del live_server
    monkeypatch.setattr(clock, "now", lambda: NOW)
    prepare(tmp_path, settings)
    return make_trial(tmp_path)


@pytest.fixture
def identity(trial: Trial, tmp_path: Path, settings: Settings) -> Iterator[None]:
    """The stand-in for the identity platform, over real HTTP."""
    del trial
    application = StandIn(
        "http://standin", "yinuo", "secret", (Pretended("firm", code_of(FIRM), name_of(FIRM)),)
    )
    server = served(application, 0)
    base = f"http://127.0.0.1:{server.server_port}"
    given = {
        "name": "身份认证替身",
        "issuer": "http://standin",
        "client_id": "yinuo",
        "client_secret": "secret",
        "authorize_url": f"{base}/authorize",
        "token_url": f"{base}/token",
        "keys_url": f"{base}/keys",
    }
    settings.YINUO_IDENTITY = tmp_path / "identity.toml"
    lines = [f"{name} = {json.dumps(said, ensure_ascii=False)}" for name, said in given.items()]
    settings.YINUO_IDENTITY.write_text("\n".join(lines), encoding="utf-8")
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield
    server.shutdown()
    thread.join()
    server.server_close()


def as_firm(page: Page, url: str) -> None:
    """Sign in by the identity platform and open one's own credit."""
    page.goto(f"{url}/mine/credit/")
    page.get_by_role("link", name="用身份认证替身登录").click()
    page.get_by_role("button", name=name_of(FIRM)).click()
    expect(page.get_by_role("heading", name=f"{name_of(FIRM)}的信用")).to_be_visible()


def as_officer(page: Page, url: str, who: str, step: str) -> None:
    """Open the one request for repair and a step of it."""
    page.context.clear_cookies()
    sign_in(page, url, who)
    page.goto(f"{url}/work/credit/repairs/")
    assert fits(page)
    page.locator("td.what a").click()
    expect(page.get_by_role("heading", name="是哪条记录")).to_be_visible()
    assert fits(page)
    page.get_by_role("link", name=step).click()


def check_file(page: Page, path: Path) -> None:
    """Choose a file, whose digest the page computes, and check it."""
    page.get_by_label("PDF 文件").set_input_files(path)
    expect(page.get_by_label("校验码")).to_have_value(sha256(path.read_bytes()).hexdigest())
    page.get_by_role("button", name="核对").click()


@pytest.mark.usefixtures("identity")
def test_one_is_repaired_and_the_report_shows_it(
    page: Page, live_server: LiveServer, tmp_path: Path
) -> None:
    url = live_server.url
    as_firm(page, url)
    assert fits(page)
    old = page.locator("article.fact").filter(has_text=OF_2025)
    new = page.locator("article.fact").filter(has_text=OF_2026)
    expect(old).to_contain_text(END_OF_2025)
    expect(old).to_contain_text("令第58号（规则 58-2）")
    expect(new).to_contain_text(END_OF_2026)
    expect(new).to_contain_text("令第36号（规则 36-2）")

    late = page.locator("article.fact").filter(has_text=LATE)
    late.get_by_role("link", name="信用修复").click()
    expect(page.get_by_role("main")).to_contain_text("2027-01-20 起可以申请")
    expect(page.get_by_role("button", name="申请修复")).to_have_count(0)
    page.go_back()

    new.get_by_role("link", name="信用修复").click()
    expect(page.get_by_role("heading", name="修复这条记录")).to_be_visible()
    assert fits(page)
    page.get_by_role("group", name="违法行为已经纠正").get_by_label("是", exact=True).check()
    page.get_by_role("group", name="义务已经履行").get_by_label("是", exact=True).check()
    page.get_by_label("我承诺，受理后公开").check()
    page.get_by_label("做了什么").fill("罚款 2026年6月1日缴清，已按规定公示")
    page.get_by_role("button", name="申请修复").click()
    expect(page.get_by_role("status")).to_contain_text("XF-2026-000001 已收到")

    as_officer(page, url, "steward", "受理")
    page.get_by_role("button", name="受理").click()
    expect(page.get_by_role("status")).to_contain_text("由另一人决定")
    expect(page.get_by_role("link", name="准予修复")).to_have_count(0)

    as_officer(page, url, "market", "准予修复")
    page.get_by_role("group", name="违法行为已经纠正").get_by_label("是", exact=True).check()
    page.get_by_role("group", name="义务已经履行").get_by_label("是", exact=True).check()
    page.get_by_label("理由").fill("缴款凭证与决定书核对相符")
    page.get_by_role("button", name="准予修复").click()
    expect(page.get_by_role("status")).to_contain_text("马上生效")

    page.context.clear_cookies()
    as_firm(page, url)
    _report(page, url, tmp_path)


def _report(page: Page, url: str, folder: Path) -> None:
    """The repair is in the report at once, and the report is checked by whoever has it."""
    old = page.locator("article.fact").filter(has_text=OF_2025)
    new = page.locator("article.fact").filter(has_text=OF_2026)
    expect(new).to_contain_text("已修复，提前终止公示，停止共享和使用")
    expect(old).to_contain_text(END_OF_2025)

    with page.expect_download() as download:
        page.get_by_role("button", name="出具 PDF 报告").click()
    path = folder / download.value.suggested_filename
    download.value.save_as(path)
    said = "".join(each.extract_text() for each in pypdf.PdfReader(path).pages)
    plain = "".join(said.split())
    assert OF_2025 in plain
    assert "已修复，提前终止公示" in plain
    number = path.stem
    digest = plain.partition("报告校验码：")[2][:64]

    page.context.clear_cookies()
    page.goto(f"{url}/reports/check/?report={number}&digest={digest}")
    assert fits(page)
    result = page.get_by_role("status")
    expect(result).to_contain_text("本站出具过这个编号的报告，校验码相符")
    expect(result).to_contain_text("出具以后没有变化")
    expect(page.get_by_role("main")).not_to_contain_text(name_of(FIRM))

    check_file(page, path)
    expect(page.get_by_role("status")).to_contain_text("一字不差")

    changed = folder / "changed.pdf"
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(path.read_bytes()))
    writer.write(changed)
    check_file(page, changed)
    expect(page.get_by_role("alert")).to_contain_text("不是本站出具的这一份")


@pytest.mark.usefixtures("identity")
def test_an_objection_is_marked_and_nothing_sticks_out(page: Page, live_server: LiveServer) -> None:
    url = live_server.url
    as_firm(page, url)
    new = page.locator("article.fact").filter(has_text=OF_2026)
    new.get_by_role("link", name="提出异议").click()
    expect(page.get_by_role("heading", name="对这条记录提出异议")).to_be_visible()
    assert fits(page)
    page.get_by_label("哪里不对").fill("罚款金额应为 1.5 万元，见决定书第二页")
    page.get_by_role("button", name="提出异议").click()
    expect(new).to_contain_text("有异议，正在核查")
    found = {}
    for path in ("mine/credit/", "mine/credit/grade/", "mine/consents/", "mine/looks/"):
        page.goto(f"{url}/{path}")
        found[path] = faults(page)
    page.context.clear_cookies()
    sign_in(page, url, "steward")
    page.goto(f"{url}/work/credit/objections/")
    found["objections"] = faults(page)
    page.locator("td.what a").click()
    expect(page.get_by_role("heading", name="是哪条记录")).to_be_visible()
    found["objection"] = faults(page)
    page.get_by_role("link", name="异议不成立").click()
    expect(page.get_by_role("button", name="认定不成立")).to_be_visible()
    found["answer"] = faults(page)
    page.get_by_label("理由").fill("原文就是 2 万元")
    page.get_by_role("button", name="认定不成立").click()
    expect(page.get_by_role("status")).to_contain_text("标注已取消")
    assert {name: each for name, each in found.items() if each} == {}
