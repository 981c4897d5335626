"""A subsidy is designed, screened over the lake, approved by two, paid; one account bounces, one
payment is taken back; every total agrees to the cent."""

import csv
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from io import StringIO
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from tests.benefits.lake_fund import DEFINITION, EACH, FIRMS, NAME, POLICY, open_office
from tests.browser.fitting import fits
from tests.browser.test_evidence import sign_in
from tests.city import City
from tests.ledger.conftest import BY
from tests.web.credit_city import NOW, code_of, make_lake, name_of, prepare
from yinuo.benefits.models import Award, Clawback, PayoutBatch
from yinuo.commitments.models import Commitment
from yinuo.ledger.commands.keys import found_key
from yinuo.ledger.replay import replay
from yinuo.ledger.tlog.note import Signer
from yinuo.project.standin.offering import FILE, load, offer
from yinuo.project.standin.server import Pretended, served
from yinuo.web import clock

BACK = 34_56
"""In 分: what is taken back of one."""
BOUNCING, OWING = 1, 2
"""Numbers of the firm whose account is closed and of the one that was paid too much."""


@dataclass
class Days:
    """The clock of all pages; days pass."""

    now: datetime = field(default=NOW)

    def pass_days(self, days: int) -> None:
        self.now += timedelta(days=days)


@pytest.fixture
def days(monkeypatch: pytest.MonkeyPatch) -> Days:
    made = Days()
    monkeypatch.setattr(clock, "now", lambda: made.now)
    return made


@pytest.fixture
def city(
    live_server: LiveServer, settings: Settings, tmp_path: Path, signer: Signer, days: Days
) -> Iterator[City]:
    """The lake of sixty firms, a unit with two officers, both tables, the stand-in."""
    del live_server, days
    prepare(tmp_path, settings)
    found_key(verifier=signer.verifier, by=BY, at=NOW)
    made = open_office(make_lake(tmp_path))
    settings.YINUO_IDENTITY = tmp_path / "identity.toml"
    yield made
    assert replay().faults == []


@pytest.fixture
def standin(city: City, settings: Settings, tmp_path: Path) -> Iterator[None]:
    """Served over loopback while the test runs."""
    del city
    firms = [
        Pretended("firm", code_of(number), name_of(number), f"经办{number}")
        for number in (BOUNCING, OWING)
    ]
    offer(identity=settings.YINUO_IDENTITY, home=tmp_path, port=0, subjects=firms)
    application, _ = load(tmp_path / FILE)
    server = served(application, 0)
    # The port is known only now; secret and subjects stay.
    port = server.server_port
    trusted = settings.YINUO_IDENTITY.read_text(encoding="utf-8")
    settings.YINUO_IDENTITY.write_text(
        trusted.replace("127.0.0.1:0", f"127.0.0.1:{port}"), encoding="utf-8"
    )
    application.issuer = f"http://127.0.0.1:{port}"
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield
    server.shutdown()
    thread.join()
    server.server_close()


def whole(page: Page) -> None:
    """The page is there, and nothing is wider than the screen."""
    page.wait_for_load_state()
    assert fits(page)


def office(page: Page, url: str, who: str) -> None:
    """Leave, sign in as another, open the policy."""
    page.context.clear_cookies()
    sign_in(page, url, who)
    page.goto(f"{url}/work/benefits/{POLICY}/")
    whole(page)


def firm(page: Page, url: str, number: int) -> None:
    """Sign in for a firm at the identity platform."""
    page.context.clear_cookies()
    page.goto(f"{url}/mine/")
    whole(page)
    page.get_by_role("link", name="登录", exact=False).filter(has_text="身份认证").click()
    page.get_by_role("button", name=name_of(number)).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(name_of(number))
    whole(page)


def press(page: Page, button: str, says: str) -> None:
    page.get_by_role("button", name=button, exact=True).click()
    expect(page.get_by_role("status")).to_contain_text(says)
    whole(page)


def tell_account(page: Page, account: str) -> None:
    page.get_by_role("link", name=NAME).first.click()
    whole(page)
    page.get_by_label("开户行").fill("示范银行")
    page.get_by_label("账号").fill(account)
    press(page, "记下账号", "账号已记下")


def hand_in(page: Page, name: str, data: bytes) -> None:
    page.locator("input[type=file]").set_input_files(
        {"name": name, "mimeType": "application/octet-stream", "buffer": data}
    )


def design(page: Page, url: str) -> None:
    """Drafted by one, published by the other, tried by a stricter table, then screened."""
    sign_in(page, url, "officer")
    page.goto(f"{url}/work/benefits/draft/")
    whole(page)
    hand_in(page, f"{POLICY}.toml", DEFINITION.encode())
    press(page, "检查并存成草稿", "由本单位另一人发布")
    office(page, url, "officer2")
    press(page, f"发布 {POLICY}/v1", "已发布")
    office(page, url, "officer")
    press(page, "筛查全部企业", f"符合 {FIRMS}")
    page.get_by_role("link", name="试算与比较", exact=False).click()
    whole(page)
    page.get_by_label("按哪一版规则表试算").select_option(index=0)
    press(page, "试算", "符合 0")
    expect(page.locator("p.sentence")).to_contain_text(f"出去 {FIRMS} 家，进来 0 家")
    expect(page.get_by_text(name_of(BOUNCING))).to_be_visible()


def put_up(page: Page, url: str, days: Days) -> None:
    """Listed; somebody objects, an officer looks; after the days approved by two."""
    office(page, url, "officer")
    press(page, "公示拟兑现的", f"公示 {FIRMS} 家")
    page.context.clear_cookies()
    page.goto(f"{url}/benefits/{POLICY}/")
    whole(page)
    page.get_by_role("link", name=f"公示中 {FIRMS} 家", exact=False).click()
    whole(page)
    page.get_by_role("row", name=name_of(OWING)).get_by_role("link", name="提出异议").click()
    whole(page)
    page.get_by_label("为什么不该给").fill("听说区里已经给过")
    press(page, "提交异议", "异议已收到")
    days.pass_days(9)
    office(page, url, "officer")
    page.get_by_role("link", name="有 1 条抽中或可疑的", exact=False).click()
    whole(page)
    page.get_by_role("link", name=name_of(OWING)).click()
    expect(page.get_by_text("听说区里已经给过")).to_be_visible()
    press(page, "看过，放行", "已放行")
    office(page, url, "officer")
    press(page, "公示期满，报批", f"报批 {FIRMS} 家")
    office(page, url, "officer2")
    press(page, f"批准 {FIRMS} 家", f"批准 {FIRMS} 家")


def give_accounts(page: Page, url: str) -> None:
    """Two firms type theirs; the office has those of the others."""
    for number in (BOUNCING, OWING):
        firm(page, url, number)
        expect(page.locator("p.sentence")).to_contain_text("待政府兑现 1 项，共 1,234.56 元")
        tell_account(page, f"6222000{number}")
    office(page, url, "officer")
    page.get_by_role("link", name="收款账号").click()
    whole(page)
    expect(page.get_by_text(f"还没有账号的 {FIRMS - 2} 家")).to_be_visible()
    rows = Award.objects.filter(account_good=False, state="approved").values_list("code", flat=True)
    lines = ["兑现编号,统一社会信用代码,开户行,账号"]
    lines += [f"{code},,示范银行,62229{place:04}" for place, code in enumerate(rows)]
    hand_in(page, "账号.csv", "\n".join(lines).encode("gb18030"))
    press(page, "检查并记下", f"记下 {FIRMS - 2} 家的收款账号")


def pay(page: Page, url: str, batch: str, *, bounced: str = "") -> list[dict[str, str]]:
    """Made by one, sent by the other, answered by the bank; returns the rows that were sent."""
    office(page, url, "officer")
    press(page, "编付款清单", batch)
    office(page, url, "officer2")
    page.get_by_role("link", name=batch).click()
    whole(page)
    press(page, "送出", "已送出")
    with page.expect_download() as downloading:
        page.get_by_role("link", name="下载清单（CSV）").click()
    text = Path(downloading.value.path()).read_text(encoding="utf-8-sig")
    sent = list(csv.DictReader(StringIO(text, newline="")))
    lines = ["批次,序号,金额（元）,结果,日期,原因"]
    for row in sent:
        word = "退汇" if row["账号"] == bounced else "成功"
        why = "账号已销户" if word == "退汇" else ""
        day = clock.today().isoformat()
        lines.append(f"{batch},{row['序号']},{row['金额（元）']},{word},{day},{why}")
    hand_in(page, "回单.csv", "\n".join(lines).encode("gb18030"))
    press(page, "核销", "到账")
    return sent


def take_back(page: Page, url: str) -> None:
    """Asked by one, ordered by the other, repaid in two parts."""
    code = Award.objects.get(credit_code=code_of(OWING)).code

    def open_it(who: str) -> None:
        office(page, url, who)
        page.goto(f"{url}/work/benefits/awards/{code}/")
        whole(page)

    open_it("officer")
    page.get_by_role("link", name="退回资金").click()
    page.get_by_label("退回金额（元）").fill("34.56")
    page.get_by_label("理由", exact=False).fill("区里已经给过 34.56 元")
    press(page, "提出退回", "由本单位另一人批准")
    open_it("officer2")
    page.get_by_role("link", name="批准", exact=True).click()
    whole(page)
    press(page, "批准退回", "已记下")
    firm(page, url, OWING)
    expect(page.locator("p.sentence")).to_contain_text("待我履行 1 项")
    expect(page.get_by_text("34.56 元，已退 0 元", exact=False)).to_be_visible()
    for amount in ("10.00", "24.56"):
        open_it("officer")
        page.get_by_role("link", name="登记退回").click()
        page.get_by_label("收到金额（元）").fill(amount)
        press(page, "登记退回", "已记下")
    firm(page, url, OWING)
    expect(page.get_by_text("已退清")).to_be_visible()


def test_designed_screened_approved_paid_bounced_and_taken_back(
    page: Page, live_server: LiveServer, city: City, standin: None, days: Days
) -> None:
    del city, standin
    url = live_server.url
    design(page, url)
    put_up(page, url, days)
    give_accounts(page, url)

    first = pay(page, url, "BF-2024-0001", bounced=f"6222000{BOUNCING}")
    assert len(first) == FIRMS
    firm(page, url, BOUNCING)
    expect(page.get_by_text("银行退汇：账号已销户")).to_be_visible()
    tell_account(page, "62220009")
    again = pay(page, url, "BF-2024-0002")
    assert [row["账号"] for row in again] == ["62220009"]
    firm(page, url, BOUNCING)
    expect(page.get_by_text("已到账")).to_be_visible()
    take_back(page, url)

    page.context.clear_cookies()
    page.goto(f"{url}/benefits/{POLICY}/")
    expect(page.get_by_text(f"{FIRMS} 家")).to_be_visible()
    office(page, url, "officer")
    expect(page.get_by_text("已追回 34.56 元")).to_be_visible()

    paid = Award.objects.filter(state="paid")
    assert sum(each or 0 for each in paid.values_list("amount", flat=True)) == FIRMS * EACH
    batches = PayoutBatch.objects.order_by("code")
    assert [(b.total, b.paid, b.bounced) for b in batches] == [
        (FIRMS * EACH, (FIRMS - 1) * EACH, EACH),
        (EACH, EACH, 0),
    ]
    back = Clawback.objects.get()
    assert (back.amount, back.repaid, back.state) == (BACK, BACK, "repaid")
    kinds = Commitment.objects.filter(kind__in=["benefit", "clawback"])
    assert set(kinds.values_list("status", "outcome")) == {("kept", "kept_on_time")}
    assert kinds.count() == FIRMS + 1
