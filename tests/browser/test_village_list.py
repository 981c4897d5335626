"""A village of 200 households gets its list: who consented and qualifies, and nothing else."""

import json
from io import BytesIO
from pathlib import Path

import pytest
from django.urls import reverse
from openpyxl import load_workbook
from playwright.sync_api import Page, expect
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from tests.browser.fitting import fits
from tests.browser.test_evidence import sign_in
from tests.credit.asking.counter import NOW, Counter, consent_sheet, make_counter, prepare
from yinuo.kernel.resident_id import masked
from yinuo.web import clock

WITHOUT = 15
"""Households that do not consent."""
UNTIL = "2025-03-01"


@pytest.fixture
def counter(
    live_server: LiveServer, settings: Settings, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> Counter:
    del live_server
    monkeypatch.setattr(clock, "now", lambda: NOW)
    prepare(tmp_path, settings)
    return make_counter(tmp_path)


def hand_in(page: Page, url: str, table: Path, signed: Path) -> None:
    """The table of consents with the scan of the signed papers."""
    page.goto(f"{url}{reverse('village_consents')}")
    page.get_by_label("同意表").set_input_files(table)
    page.get_by_label("签了字的同意书").set_input_files(signed)
    assert fits(page)
    page.get_by_role("button", name="登记", exact=True).click()


def test_the_list_of_a_village(
    page: Page, live_server: LiveServer, counter: Counter, tmp_path: Path
) -> None:
    url, people = live_server.url, counter.village
    assert len(people) == 200
    consenting = people[:-WITHOUT]
    rows = [{"姓名": one.name, "公民身份号码": one.number, "同意截止": UNTIL} for one in consenting]
    signed, table = tmp_path / "同意书.pdf", tmp_path / "同意.xlsx"
    signed.write_bytes(b"%PDF-1.4 signed")

    sign_in(page, url, "village")
    page.goto(f"{url}{reverse('ask_list')}")
    page.get_by_role("link", name="这位农户符合整村授信的条件吗？").click()
    expect(page.get_by_text("还没有农户同意")).to_be_visible()

    table.write_bytes(consent_sheet(rows))
    hand_in(page, url, table, signed)
    expect(page.get_by_role("status")).to_contain_text(f"已登记 {len(consenting)} 户的同意")
    page.get_by_role("button", name="开名单").click()
    good = [one for one in consenting if one.qualifies]
    assert 0 < len(good) < len(consenting)
    expect(page.get_by_role("main")).to_contain_text(f"符合条件 {len(good)} 户")
    expect(page.locator("tbody tr")).to_have_count(len(good))
    assert fits(page)
    shown = {
        tuple(cell.inner_text() for cell in row.locator("td").all()[1:])
        for row in page.locator("tbody tr").all()
    }
    assert shown == {(one.name, masked(one.number)) for one in good}
    text = page.content()
    assert not [one for one in people if one.number in text]
    page.emulate_media(media="print")
    expect(page.locator("tbody tr").last).to_be_visible()
    expect(page.get_by_role("button", name="下载 Excel")).to_be_hidden()
    page.emulate_media(media="screen")

    with page.expect_download() as download:
        page.get_by_role("button", name="下载 Excel").click()
    sheet = load_workbook(BytesIO(Path(download.value.path()).read_bytes())).active
    values = list(sheet.iter_rows(min_row=4, values_only=True))
    assert {(name, number) for _, name, number in values} == shown
    looks = [json.loads(line) for line in counter.looks()]
    assert len(looks) == 2 * len(consenting), "once for the page, once for the workbook"
