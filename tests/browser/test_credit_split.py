"""A firm's penalty lands in the wrong firm, is split off, and stays so after the next load."""

from pathlib import Path

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from tests.browser.fitting import faults, fits
from tests.browser.test_evidence import sign_in
from tests.ledger.conftest import BY
from tests.web.credit_city import (
    LONG_FIRM,
    MISPLACED,
    NOW,
    PENALTY,
    RIGHT,
    WRONG,
    WRONG_FIRM,
    Lake,
    code_of,
    land,
    make_lake,
    penalties,
    penalty,
    prepare,
    publish,
    written,
)
from yinuo.ledger.commands.keys import found_key
from yinuo.ledger.commands.sealing import seal
from yinuo.ledger.memory import Memory
from yinuo.ledger.tlog.note import Signer
from yinuo.web import clock

REASON = "决定书上的当事人是示山机械，报送时代码填成了示海贸易的"
CASE = "YY-2024-0031"
NEWER = "连市监罚〔2024〕950号"


@pytest.fixture
def lake(
    live_server: LiveServer,
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    signer: Signer,
) -> Lake:
    """Registrations and penalties, published; one penalty bears the code of another firm."""
    del live_server
    monkeypatch.setattr(clock, "now", lambda: NOW)
    prepare(tmp_path, settings)
    found_key(verifier=signer.verifier, by=BY, at=NOW)
    return make_lake(tmp_path)


def look_up(page: Page, url: str) -> None:
    """Open the wrong firm by its code, for the purpose of keeping data right."""
    page.goto(f"{url}/work/credit/entities/")
    assert fits(page)
    page.get_by_label("查询目的").select_option(label="数据核对与归并")
    page.get_by_label("统一社会信用代码").fill(code_of(WRONG_FIRM))
    page.get_by_role("button", name="查看").click()
    expect(page.get_by_role("heading", name=WRONG)).to_be_visible()
    assert code_of(WRONG_FIRM) not in page.url
    assert fits(page)


def test_split_and_still_split_after_the_next_load(
    page: Page, live_server: LiveServer, lake: Lake, signer: Signer, memory: Memory
) -> None:
    url = live_server.url
    sign_in(page, url, "steward")
    look_up(page, url)
    misplaced = page.locator("article.fact").filter(has_text=MISPLACED)
    expect(misplaced).to_contain_text(RIGHT)
    expect(misplaced).to_contain_text("代码一致")

    misplaced.get_by_role("link", name="拆分").click()
    assert fits(page)
    page.get_by_label("拆分理由").fill(REASON)
    page.get_by_label("异议或核查编号").fill(CASE)
    page.get_by_role("button", name="拆分").click()
    expect(page.get_by_role("status")).to_contain_text("不再属于这个主体")
    expect(misplaced).to_contain_text("下一个数据版本生效")

    before = lake.release.number
    assert publish(lake.city, at=NOW).number == before + 1
    page.reload()
    expect(page.get_by_role("heading", name=WRONG)).to_be_visible()
    expect(page.get_by_text(MISPLACED)).to_have_count(0)

    # The whole file once more, with two rows that are new.
    newer = penalty(WRONG_FIRM, CF_WSH=NEWER)
    other = penalty(30, CF_WSH="连市监罚〔2024〕951号")
    again = written(lake.folder / "处罚二.csv", PENALTY, [*penalties(), newer, other], "utf-8")
    landed = land(lake.city, "penalty", again, who="market", at=NOW)
    assert (landed.accepted, landed.duplicate) == (2, 49)
    publish(lake.city, at=NOW)
    page.reload()
    expect(page.get_by_text(NEWER)).to_be_visible()
    expect(page.get_by_text(MISPLACED)).to_have_count(0)

    seal(signer=signer, memory=memory)
    page.goto(f"{url}/work/credit/judgements/")
    assert fits(page)
    story = page.locator("ol.story > li").filter(has_text=CASE)
    expect(story).to_contain_text("信甲")
    expect(story).to_contain_text(REASON)
    expect(story).to_contain_text("存证记录")
    page.get_by_role("link", name="数据版本").click()
    expect(page.get_by_role("heading", name="版本 3")).to_be_visible()
    assert fits(page)


def test_nothing_sticks_out(page: Page, live_server: LiveServer, lake: Lake) -> None:
    """Every page that the others do not open, with a name of sixty characters."""
    url, entity, row = live_server.url, lake.entity(LONG_FIRM), lake.aside("BAD_DATE")
    refused = lake.refused.batch
    sign_in(page, url, "steward")
    found = {}
    for name, *args in (
        ("credit_sources",),
        ("credit_source", "penalty"),
        ("credit_source", "fire-checks"),
        ("credit_source", "water"),
        ("credit_rows", "fire-checks"),
        ("credit_row", row.batch, row.key),
        ("credit_batch", lake.penalties.batch),
        ("credit_batch", refused),
        ("credit_row", refused, "0:2"),
        ("credit_entity", entity),
        ("credit_proposals",),
    ):
        page.goto(url + reverse(name, args=args))
        found[" ".join([name, *args])] = faults(page)
    page.goto(url + reverse("credit_entity", args=[entity]))
    page.get_by_label("查询目的").select_option(label="数据核对与归并")
    page.get_by_role("button", name="查看").click()
    for details in page.locator("details").all():
        details.locator("summary").first.click()
    found["open"] = faults(page)
    page.goto(url + reverse("credit_proposals"))
    page.locator("td.what a").first.click()
    found["credit_proposal"] = faults(page)
    assert {name: each for name, each in found.items() if each} == {}
