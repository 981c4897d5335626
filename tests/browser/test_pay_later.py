"""A hospital asks; the patient pays late twice; the next answer is no, with the reason."""

import json
from datetime import date
from pathlib import Path

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from tests.browser.fitting import fits
from tests.browser.office import Days
from tests.browser.test_evidence import sign_in
from tests.credit.asking.counter import NOBODY, Counter, make_counter, prepare
from yinuo.ledger.models import Entry
from yinuo.web import clock

YES, NO = "✓ 是：可以先诊疗后付费", "✕ 否：请先付费，照常诊疗"
LATE_TWICE = "近一年有两次以上到期以后才付"


@pytest.fixture
def days(monkeypatch: pytest.MonkeyPatch) -> Days:
    days = Days()
    days.move_to("2024-03-07")
    monkeypatch.setattr(clock, "now", lambda: days.at)
    return days


@pytest.fixture
def counter(live_server: LiveServer, settings: Settings, days: Days, tmp_path: Path) -> Counter:
    del live_server
    prepare(tmp_path, settings)
    return make_counter(tmp_path)


def ask(page: Page, url: str) -> None:
    """The question about the patient, from the list of questions."""
    page.goto(f"{url}{reverse('ask_list')}")
    assert fits(page)
    page.get_by_role("link", name="这位病人可以先诊疗后付费吗？").click()
    assert fits(page)
    page.get_by_label("证件号码").fill(NOBODY)
    page.get_by_role("button", name="问", exact=True).click()
    assert NOBODY not in page.url
    assert fits(page)


def pay_late(page: Page, url: str, days: Days, *, made: str, paid: str) -> None:
    """A bill opened on a day and due that day, paid on another."""
    days.move_to(made)
    ask(page, url)
    expect(page.get_by_role("heading", name=YES)).to_be_visible()
    page.get_by_label("金额（元）").fill("380.50")
    page.get_by_label("付款日").fill(made)
    page.get_by_role("button", name="记下，以后付").click()
    expect(page.get_by_role("status")).to_contain_text("已记下后付款")
    days.move_to(paid)
    page.goto(f"{url}{reverse('payment_list')}")
    expect(page.get_by_role("main")).to_contain_text("到期未付 1 笔")
    assert fits(page)
    page.locator("td.what a").first.click()
    expect(page.get_by_role("heading", name="试甲乙")).to_contain_text("380.5 元")
    page.get_by_label("付清的日子").fill(paid)
    assert fits(page)
    page.get_by_role("button", name="记下付清").click()
    expect(page.get_by_role("status")).to_contain_text("逾期付清")


def test_paid_late_twice_and_the_next_answer_is_no(
    page: Page, live_server: LiveServer, counter: Counter, days: Days, tmp_path: Path
) -> None:
    url = live_server.url
    sign_in(page, url, "hospital")
    page.goto(f"{url}{reverse('ask_one', args=['medicine'])}")
    page.get_by_role("link", name="登记纸面同意").click()
    signed = tmp_path / "同意书.pdf"
    signed.write_bytes(b"%PDF-1.4 signed")
    page.get_by_label("证件号码").fill(NOBODY)
    page.get_by_label("姓名或名称").fill("试甲乙")
    page.get_by_label("同意到哪一天").fill("2025-03-01")
    page.get_by_label("签了字的同意书").set_input_files(signed)
    assert fits(page)
    page.get_by_role("button", name="登记", exact=True).click()
    expect(page.get_by_role("status")).to_contain_text("已登记同意")

    pay_late(page, url, days, made="2024-03-07", paid="2024-03-11")
    pay_late(page, url, days, made="2024-04-08", paid="2024-04-10")

    days.move_to("2024-04-11")
    ask(page, url)
    expect(page.get_by_role("heading", name=NO)).to_be_visible()
    expect(page.get_by_role("main")).to_contain_text(LATE_TWICE)
    expect(page.get_by_role("button", name="记下，以后付")).to_have_count(0)
    assert counter.ask(NOBODY, at=days.at).until == date(2024, 4, 12)

    # A look for each question, a promise with a day for each bill, and no number anywhere.
    looks = [json.loads(line) for line in counter.looks()]
    assert [look["purpose"] for look in looks] == ["medical"] * 4
    verbs = Entry.objects.filter(subject__startswith="commitment:YF-2024-")
    assert (
        list(verbs.order_by("leaf_index").values_list("verb", flat=True))
        == [
            "commitment.registered",
            "commitment.delivered",
            "commitment.verified",
        ]
        * 2
    )
    assert not [one for one in Entry.objects.all() if NOBODY.encode() in bytes(one.body)]
