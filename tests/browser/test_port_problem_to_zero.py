"""A port problem is raised, wrongly closed, reopened by the firm, cleared; the count shows it."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from tests.browser.fitting import fits
from tests.browser.test_evidence import sign_in
from tests.cases.problems.ground import areas, put_table
from tests.city import JULY, City, make_city
from tests.ledger.conftest import BY
from yinuo.cases.in_force import problems as problem_content
from yinuo.ledger.commands.keys import found_key
from yinuo.ledger.tlog.note import Signer
from yinuo.web import clock
from yinuo.web.files import store


@pytest.fixture
def city(
    live_server: LiveServer,
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    signer: Signer,
) -> City:
    """The small city with its problem desk; the port has one owner, 旅顺口区."""
    monkeypatch.setattr(clock, "now", lambda: JULY)
    monkeypatch.setattr(problem_content, "load", lambda _path: areas())
    problem_content._areas.cache_clear()
    settings.YINUO_CITY = "大连市"
    settings.YINUO_FILES = tmp_path / "files"
    found_key(verifier=signer.verifier, by=BY, at=JULY)
    made = make_city()
    put_table(made, store())
    return made


def office(page: Page, url: str, who: str) -> None:
    """Sign in and open the only problem."""
    sign_in(page, url, who)
    page.goto(f"{url}/work/problems/")
    assert fits(page)
    page.get_by_role("link", name="冷藏箱查验排队两天").click()
    assert fits(page)


def leave(page: Page) -> None:
    page.get_by_role("button", name="退出", exact=True).click()


def answer(page: Page, url: str, words: str) -> None:
    office(page, url, "lushun")
    page.get_by_label("答复", exact=True).fill(words)
    page.get_by_role("button", name="提交答复").click()
    expect(page.get_by_role("status")).to_contain_text("是否清零由提出人说了算")
    leave(page)


def say(page: Page, url: str, what: str, button: str, words: str) -> None:
    page.goto(f"{url}/services/problems/track/")
    assert fits(page)
    page.get_by_role("link", name=what, exact=True).click()
    assert fits(page)
    if words:
        page.get_by_label("请写明").fill(words)
    page.get_by_role("button", name=button).click()
    expect(page.get_by_role("status")).to_be_visible()


def raise_it(page: Page, url: str) -> str:
    page.goto(f"{url}/services/problems/")
    assert fits(page)
    page.get_by_role("link", name="提出问题").first.click()
    page.get_by_label("口岸通关").check()
    page.get_by_label("问题是什么").fill("冷藏箱查验排队两天")
    page.get_by_label("具体情况").fill("插电位不够，箱子断电等候")
    page.get_by_label("企业或其他组织").check()
    page.get_by_label("名称或姓名").fill("演示冷链物流有限公司")
    page.get_by_label("联系电话").fill("0411-00000000")
    assert fits(page)
    page.get_by_role("button", name="提交问题").click()
    expect(page.get_by_role("heading", name="问题已收到")).to_be_visible()
    assert fits(page)
    return page.locator("strong.code").inner_text()


def test_raised_wrongly_closed_reopened_by_the_firm_and_cleared(
    page: Page, live_server: LiveServer, city: City
) -> None:
    url = live_server.url
    track = raise_it(page, url)

    office(page, url, "lushun")
    page.get_by_role("button", name="认领").click()
    expect(page.get_by_role("status")).to_contain_text("成为本单位的承诺")
    leave(page)
    answer(page, url, "已加插电位")

    page.goto(f"{url}/services/problems/track/")
    page.get_by_role("button", name="退出查询").click()
    page.get_by_label("查询码").fill(track.lower().replace("-", " "))
    page.get_by_role("button", name="查看").click()
    expect(page.get_by_text("已加插电位").first).to_be_visible()
    say(page, url, "没有解决", "退回继续办理", "到场看还是四个")
    answer(page, url, "新增六个插电位，今天通电")
    say(page, url, "已经解决", "确认解决", "")
    page.goto(f"{url}/services/problems/")
    expect(page.locator("p.lead")).to_contain_text("提出人确认解决 1 个")

    say(page, url, "重新提出", "重新提出", "今天又断电")
    page.goto(f"{url}/services/problems/")
    expect(page.locator("p.lead")).to_contain_text("还没有清零 1 个；1 个曾被提出人退回或重新提出")

    office(page, url, "supervisor")
    expect(page.get_by_text("已提交联席会议").first).to_be_visible()
    page.goto(f"{url}/work/problems/meeting/")
    expect(page.get_by_text("冷藏箱查验排队两天")).to_be_visible()
    assert fits(page)
    leave(page)

    answer(page, url, "更换电缆，连续三天正常")
    say(page, url, "已经解决", "确认解决", "")
    page.goto(f"{url}/services/problems/")
    expect(page.locator("p.lead")).to_contain_text("确认解决 1 个，还没有清零 0 个；1 个曾被")
    assert fits(page)
