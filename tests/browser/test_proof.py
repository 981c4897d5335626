"""The history of a commitment, checked by a real browser; and every planted fault seen by it."""

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.db import connection
from playwright.sync_api import Browser, BrowserContext, Locator, Page, Route, expect
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from bootstrap import chromium
from tests.browser.conftest import QUIET
from tests.browser.fitting import at_both_widths
from tests.city import JULY, City, make_city
from tests.ledger.conftest import BY
from tests.web.routes import make_history
from yinuo.commitments.commands import change, deliver
from yinuo.ledger.commands.keys import announce_key, found_key, retire_key
from yinuo.ledger.commands.sealing import seal
from yinuo.ledger.memory import Memory
from yinuo.ledger.models import Checkpoint, Cosignature, Entry, Text, Tile
from yinuo.ledger.printed import public_printed
from yinuo.ledger.tlog.cosignature import Cosigner, cosign
from yinuo.ledger.tlog.note import Signer, split_note
from yinuo.parties.commands import NewUnit, register_units
from yinuo.web import clock

THREAD = "commitment:LS-003"
PAGE = "/commitments/LS-003/"
MANY = 300
"""Units written after the city, so that the first tile is full and off the tree's right edge."""


@dataclass
class Log:
    """The log behind the site, its key and its sealer's memory."""

    signer: Signer
    memory: Memory
    city: City

    def seal(self) -> None:
        while seal(signer=self.signer, memory=self.memory).entries:
            pass

    def rewrite(self, folder: Path) -> None:
        """What the holder of the key can do: build the whole log anew from changed entries."""
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM ledger_cosignature")
            cursor.execute("DELETE FROM ledger_checkpoint")
            cursor.execute("DELETE FROM ledger_tile")
            cursor.execute("UPDATE ledger_entry SET leaf_index = NULL")
        self.memory = Memory(folder / "another.checkpoint")
        self.memory.begin()
        self.seal()

    def report(self, number: int) -> None:
        """One more thing happens to the commitment."""
        deliver.report(
            commitment="LS-003",
            as_of_date=date(2024, 7, number),
            note=f"第 {number} 次报送",
            by=self.city["lushun"],
            at=JULY,
        )


@pytest.fixture
def log(
    live_server: LiveServer,
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
    signer: Signer,
    memory: Memory,
) -> Log:
    """The small city behind the live server, everything sealed."""
    monkeypatch.setattr(clock, "now", lambda: JULY)
    settings.YINUO_CITY = "大连市"
    city = make_city()
    make_history(city)
    found_key(verifier=signer.verifier, by=BY, at=JULY)
    made = Log(signer, memory, city)
    made.seal()
    return made


def write_units(count: int) -> None:
    units = [NewUnit(code=f"U{n}", name=f"第{n}单位", kind="district") for n in range(count)]
    register_units(units=units, by=BY, at=JULY)


def sql(statement: str, *values: str | int | bytes) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        assert cursor.rowcount > 0


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    """A browser with a memory of its own, for checks that are to fail: errors may be logged."""
    made = browser.new_context(locale="zh-CN", timezone_id="Asia/Shanghai")
    yield made
    made.close()


@pytest.fixture
def site(context: BrowserContext, live_server: LiveServer, log: Log) -> Page:
    """A page on the commitment."""
    page = context.new_page()
    page.goto(live_server.url + PAGE)
    return page


def check(page: Page) -> Locator:
    """Press the button; the box with the verdict."""
    page.get_by_role("button", name=re.compile("核验这项承诺的历史|再核验一次")).click()
    box = page.locator("[data-proof] .verdict-box")
    expect(box).to_be_visible()
    expect(page.get_by_role("button", name="再核验一次")).to_be_enabled()
    return box


def again(page: Page) -> Locator:
    page.reload()
    return check(page)


def proofs(page: Page) -> Locator:
    """The marks on the lines of the history."""
    return page.locator(".story .verdict")


# ── an honest log ───────────────────────────────────────────────────────────────────────────────


@at_both_widths
def test_an_honest_history_passes(page: Page, live_server: LiveServer, log: Log) -> None:
    page.goto(live_server.url + PAGE)
    box = check(page)
    expect(box).to_contain_text("通过")
    count = Entry.objects.filter(thread=THREAD).count()
    expect(box).to_contain_text(f"这项承诺的 {count} 条存证记录")
    expect(box).to_contain_text("密钥取自本站，首次记住")
    expect(box).to_contain_text("未见证：只证明与本站一致")
    expect(box).to_contain_text("没有证明的：承诺真的做到了")
    expect(proofs(page)).to_have_count(count)
    assert set(proofs(page).all_inner_texts()) == {"✓ 已核验"}
    box.get_by_text("细节").click()
    printed = public_printed()
    assert printed is not None
    expect(box).to_contain_text(printed.root)
    expect(box).to_contain_text(printed.code)
    expect(box).to_contain_text(log.signer.verifier.label)
    assert page.locator("[data-proof] [aria-live=polite]").count() == 1


def test_every_public_promise_passes(page: Page, live_server: LiveServer, log: Log) -> None:
    for code in ("LS-001", "LS-002", "PL-001", "NO-001"):
        page.goto(f"{live_server.url}/commitments/{code}/")
        expect(check(page)).to_contain_text("通过")


def test_the_next_visit_finds_that_the_log_only_grew(
    page: Page, live_server: LiveServer, log: Log
) -> None:
    page.goto(live_server.url + PAGE)
    check(page)
    before = Checkpoint.objects.latest("size").size
    log.report(1)
    log.seal()
    box = again(page)
    expect(box).to_contain_text("通过")
    expect(box).to_contain_text(f"记住的校验点（{before} 条）写下去，没有改写")
    expect(box).to_contain_text("从本站记住的一致")


def test_an_approved_move_is_checked_in_both_its_entries(
    page: Page, live_server: LiveServer, log: Log
) -> None:
    change.approve(change="LS-003/C1", reason="同意", by=log.city["supervisor"], at=JULY)
    log.seal()
    page.goto(live_server.url + PAGE)
    expect(check(page)).to_contain_text("通过")
    assert "第 " in proofs(page).first.inner_text()


def test_entries_that_wait_are_said_to_wait(page: Page, live_server: LiveServer, log: Log) -> None:
    log.report(1)
    page.goto(live_server.url + PAGE)
    box = check(page)
    expect(box).to_contain_text("通过")
    expect(box).to_contain_text("另有 1 条待封存")


def test_news_since_the_page_was_opened_ask_for_a_fresh_page(
    page: Page, live_server: LiveServer, log: Log
) -> None:
    page.goto(live_server.url + PAGE)
    log.report(1)
    log.seal()
    expect(check(page)).to_contain_text("请刷新后再核验")
    expect(again(page)).to_contain_text("通过")


def test_a_text_erased_by_law_is_no_fault(page: Page, live_server: LiveServer, log: Log) -> None:
    text = Text.objects.get(text="先定下来")
    sql(
        "INSERT INTO ledger_erasure (version, code, text, person, ground, status, asked_by,"
        " asked_at, decided_by, decided_at, refusal_text) VALUES"
        " (1, 'E1', %s, '', 'purpose', 'approved', 'account:1', %s, 'account:2', %s, '')",
        f"text:{text.hash}",
        JULY.isoformat(),
        JULY.isoformat(),
    )
    text.delete()
    page.goto(live_server.url + PAGE)
    expect(check(page)).to_contain_text("通过")


# ── planted faults ──────────────────────────────────────────────────────────────────────────────


def refuse(page: Page, *words: str) -> Locator:
    """The check fails and says so."""
    box = again(page)
    expect(box).to_contain_text("不符")
    for word in words:
        expect(box).to_contain_text(word)
    return box


def test_a_row_changed_past_the_ledger(site: Page, log: Log) -> None:
    sql(
        "UPDATE commitments_commitment SET due = '2030-01-31', due_original = '2030-01-31'"
        " WHERE code = 'LS-001'"
    )
    site.goto(site.url.replace("LS-003", "LS-001"))
    box = check(site)
    expect(box).to_contain_text("完成时限：页面为“2030年1月31日”，最后一次记录为“2024年6月30日”")
    expect(site.get_by_role("row", name="完成时限")).to_contain_text(
        "✕ 完成时限与最后一次记录不符：记录为2024年6月30日"
    )


@pytest.mark.parametrize(
    ("column", "value", "label"),
    [
        ("status", "withdrawn", "状态：页面为“任务终止”，最后一次记录为“进行中”"),
        ("moved_count", 3, "调整次数：页面为“3”，最后一次记录为“0”"),
        ("value", "9", "承诺量：页面为“9”，最后一次记录为“7”"),
        ("lead_id", "210214", "责任单位：页面为“代码 210214”，最后一次记录为“代码 210212”"),
    ],
)
def test_any_other_column_changed_past_the_ledger(
    site: Page, log: Log, *, column: str, value: str | int, label: str
) -> None:
    sql(f"UPDATE commitments_commitment SET {column} = %s WHERE code = 'LS-001'", value)  # noqa: S608
    site.goto(site.url.replace("LS-003", "LS-001"))
    expect(check(site)).to_contain_text(label)


def test_a_body_changed_in_the_database(site: Page, log: Log) -> None:
    entry = Entry.objects.filter(thread=THREAD).order_by("id")[0]
    changed = bytes(entry.body).replace("最优区".encode(), "最差区".encode())
    assert changed != bytes(entry.body)
    sql("UPDATE ledger_entry SET body = %s WHERE id = %s", changed, entry.pk)
    refuse(site, "历史中有 1 处与账本不符")
    wrong = site.locator(".story .verdict-wrong")
    expect(wrong).to_have_count(1)
    expect(wrong).to_contain_text(f"不是账本第 {entry.leaf_index} 条的哈希")


def test_a_time_changed_in_the_database(site: Page, log: Log) -> None:
    entry = Entry.objects.filter(thread=THREAD).order_by("id")[0]
    sql("UPDATE ledger_entry SET recorded_at = %s WHERE id = %s", JULY.isoformat(), entry.pk)
    refuse(site)
    expect(site.locator(".story .verdict-wrong").last).to_contain_text("内容或时间与封存的不同")


def test_a_reason_changed_in_the_database(site: Page, log: Log) -> None:
    sql("UPDATE ledger_text SET text = '早就定了' WHERE text = '先定下来'")
    refuse(site)
    expect(site.locator(".story .verdict-wrong")).to_contain_text(
        "理由或说明的文字与当时写下的不同"
    )


def test_a_reason_gone_without_an_erasure(site: Page, log: Log) -> None:
    sql("DELETE FROM ledger_text WHERE text = '先定下来'")
    refuse(site)
    expect(site.locator(".story .verdict-wrong")).to_contain_text("也没有依法删除的记录")


def test_an_entry_taken_out_of_the_middle(site: Page, log: Log) -> None:
    sql(
        "DELETE FROM ledger_entry WHERE thread = %s AND subject = %s AND version = 1",
        THREAD,
        THREAD,
    )
    refuse(site)
    expect(site.locator(".story .verdict-wrong").first).to_contain_text("第 1 版不见了")


def test_an_entry_taken_from_the_end_after_this_browser_had_seen_it(site: Page, log: Log) -> None:
    expect(check(site)).to_contain_text("通过")
    sql("DELETE FROM ledger_entry WHERE thread = %s AND subject = 'change:LS-003/C1'", THREAD)
    refuse(site, "上次核验时这项承诺有 3 条已封存的记录，现在只有 2 条")


def test_a_tile_changed_at_the_edge(site: Page, log: Log) -> None:
    tile = Tile.objects.get(level=0, index=0)
    sql(
        "UPDATE ledger_tile SET hashes = %s WHERE id = %s",
        bytes([bytes(tile.hashes)[0] ^ 1]) + bytes(tile.hashes)[1:],
        tile.pk,
    )
    refuse(site, "账本的瓦片与签名的根哈希不符")


def test_a_tile_changed_inside_the_tree(site: Page, log: Log) -> None:
    write_units(MANY)
    log.seal()
    assert Tile.objects.filter(level=1).exists()
    tile = Tile.objects.get(level=0, index=0)
    sql(
        "UPDATE ledger_tile SET hashes = %s WHERE id = %s",
        bytes([bytes(tile.hashes)[0] ^ 1]) + bytes(tile.hashes)[1:],
        tile.pk,
    )
    refuse(site)
    expect(site.locator(".story .verdict-wrong").first).to_contain_text("账本的瓦片被改动过")


def test_a_log_rewritten_after_this_browser_had_seen_it(
    site: Page, log: Log, tmp_path: Path
) -> None:
    expect(check(site)).to_contain_text("通过")
    before = Checkpoint.objects.latest("size").size
    for entry in Entry.objects.filter(subject=THREAD):
        body = bytes(entry.body).replace("最优区".encode(), "最佳区".encode())
        sql("UPDATE ledger_entry SET body = %s WHERE id = %s", body, entry.pk)
    sql("UPDATE commitments_commitment SET title = '建设营商环境最佳区' WHERE code = 'LS-003'")
    log.rewrite(tmp_path)
    box = refuse(site, f"今天的账本不是本浏览器记住的账本（{before} 条）的延续")
    expect(box).to_contain_text("本浏览器继续记住原来的校验点")
    # It does not give in at the second try either; a browser without a memory sees nothing.
    refuse(site, "账本被改写过")
    site.evaluate("localStorage.clear()")
    expect(again(site)).to_contain_text("通过")


def test_an_old_backup_served_after_this_browser_had_seen_more(
    site: Page, log: Log, tmp_path: Path
) -> None:
    expect(check(site)).to_contain_text("通过")
    sql(
        "DELETE FROM ledger_entry WHERE id > %s",
        Entry.objects.filter(thread=THREAD).order_by("-id")[0].pk,
    )
    log.rewrite(tmp_path)
    refuse(site, "账本变短了")


def test_a_checkpoint_with_a_wrong_signature(site: Page, log: Log) -> None:
    last = Checkpoint.objects.latest("size")
    text, _signatures = split_note(last.note)
    line = last.note.rpartition("\n\n")[2]
    body = text.replace(f"\n{last.size}\n", f"\n{last.size - 1}\n")
    sql("UPDATE ledger_checkpoint SET note = %s WHERE size = %s", f"{body}\n{line}", last.size)
    refuse(site, "的签名与存证校验点的文字不符")


def test_another_key_without_a_handover(site: Page, log: Log, tmp_path: Path) -> None:
    expect(check(site)).to_contain_text("通过")
    log.signer = Signer(log.signer.name, Ed25519PrivateKey.generate())
    log.rewrite(tmp_path)
    refuse(site, "不是本浏览器信任的", "也没有更换密钥的记录")


def test_a_key_that_took_over_by_the_rules_is_followed(
    page: Page, live_server: LiveServer, log: Log
) -> None:
    page.goto(live_server.url + PAGE)
    expect(check(page)).to_contain_text("通过")
    old, new = log.signer, Signer(log.signer.name, Ed25519PrivateKey.generate())
    announce_key(new=new.verifier, old=old.verifier, reason="年度更换", by=BY, at=JULY)
    log.seal()
    retire_key(old=old.verifier, by=BY, at=JULY)
    log.signer = new
    log.seal()
    box = again(page)
    expect(box).to_contain_text("通过")
    expect(box).to_contain_text("账本换过密钥，更换记录由原来的密钥签名，已核对")
    box.get_by_text("细节").click()
    expect(box).to_contain_text(new.verifier.label)
    expect(again(page)).not_to_contain_text("账本换过密钥")


def test_a_handover_that_names_another_key_is_refused(site: Page, log: Log, tmp_path: Path) -> None:
    """The announcement is on the log, but its text was changed to the thief's key."""
    expect(check(site)).to_contain_text("通过")
    old, new = log.signer, Signer(log.signer.name, Ed25519PrivateKey.generate())
    thief = Signer(log.signer.name, Ed25519PrivateKey.generate())
    announce_key(new=new.verifier, old=old.verifier, reason="年度更换", by=BY, at=JULY)
    log.seal()
    entry = Entry.objects.get(subject=f"log_key:{new.verifier.label}")
    body = bytes(entry.body).decode()
    body = body.replace(new.verifier.vkey, thief.verifier.vkey)
    body = body.replace(new.verifier.label, thief.verifier.label)
    sql("UPDATE ledger_entry SET body = %s WHERE id = %s", body.encode(), entry.pk)
    log.signer = thief
    log.report(1)
    log.seal()
    refuse(site)


# ── bad luck is no evidence ─────────────────────────────────────────────────────────────────────


def test_no_network_is_said_in_words(site: Page, log: Log) -> None:
    site.route("**/log/checkpoint", lambda route: route.abort())
    box = check(site)
    expect(box).to_contain_text("这次没有核验成")
    expect(box).to_contain_text("连不上本站")
    expect(box).not_to_contain_text("不符")
    site.unroute("**/log/checkpoint")
    expect(check(site)).to_contain_text("通过")


def test_a_server_in_trouble_is_said_in_words(site: Page, log: Log) -> None:
    site.route("**/log/tile/**", lambda route: route.fulfill(status=503))
    box = check(site)
    expect(box).to_contain_text("这次没有核验成")
    expect(box).to_contain_text("HTTP 503")


def test_a_slow_server_shows_progress_and_no_flash(site: Page, log: Log) -> None:
    progress = site.locator("[data-progress]")

    def slow(route: Route) -> None:
        site.wait_for_timeout(700)
        route.continue_()

    site.route("**/log/threads/**", slow)
    expect(progress).to_be_empty()
    site.get_by_role("button", name="核验这项承诺的历史").click()
    expect(progress).to_have_text("正在核验…")
    expect(site.locator("[data-proof] .verdict-box")).to_contain_text("通过")
    expect(progress).to_be_empty()


def test_a_browser_that_keeps_nothing_says_so(
    context: BrowserContext, site: Page, log: Log
) -> None:
    context.add_init_script(
        "Object.defineProperty(window, 'localStorage', { get() { throw new Error('no'); } })"
    )
    expect(again(site)).to_contain_text("本浏览器不让网页保存数据，所以下次无从比较")


# ── where and how it is looked at ───────────────────────────────────────────────────────────────


def test_on_a_plain_http_intranet_page(
    browser: Browser, live_server: LiveServer, settings: Settings, log: Log
) -> None:
    """No secure context there, so no crypto.subtle: the check must do without."""
    settings.ALLOWED_HOSTS = ["intranet.test", "localhost"]
    root = ("--no-sandbox",) if os.geteuid() == 0 else ()
    mapped = ("--host-resolver-rules=MAP intranet.test 127.0.0.1", "--no-proxy-server")
    port = live_server.url.rpartition(":")[2]
    launched = browser.browser_type.launch(
        executable_path=chromium.find(), args=[*QUIET, *root, *mapped]
    )
    page = launched.new_page()
    page.goto(f"http://intranet.test:{port}{PAGE}")
    assert page.evaluate("[isSecureContext, typeof crypto.subtle]") == [False, "undefined"]
    expect(check(page)).to_contain_text("通过")
    page.goto(f"http://intranet.test:{port}/ledger/")
    page.get_by_role("button", name="与今天的账本核对").click()
    expect(page.locator("[data-memory] .verdict-box")).to_contain_text("没有改写")
    launched.close()


def test_without_javascript_there_is_another_way(
    browser: Browser, live_server: LiveServer, log: Log
) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(live_server.url + PAGE)
    expect(page.get_by_role("button", name="核验这项承诺的历史")).to_be_hidden()
    # Playwright's search by text passes <noscript> by.
    expect(page.locator("[data-proof] noscript p")).to_contain_text("在网页里核验要用 JavaScript")
    page.locator("[data-proof] noscript a").click()
    expect(page.get_by_role("heading", name="怎样自己核验")).to_be_visible()
    printed = public_printed()
    assert printed is not None
    page.get_by_label("存证校验码", exact=True).fill(printed.code.lower())
    page.get_by_role("button", name="核对", exact=True).click()
    expect(page.get_by_role("heading", name="仍在今天的账本里")).to_be_visible()
    expect(page.locator("main noscript p")).to_contain_text("这一步要用 JavaScript")
    context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_verdicts_can_be_read_in_every_light(
    browser: Browser, live_server: LiveServer, log: Log, scheme: str
) -> None:
    """WCAG AA: at least 4.5 to 1 between the words and what they stand on."""
    context = browser.new_context(color_scheme=scheme)  # type: ignore[arg-type]
    page = context.new_page()
    page.goto(live_server.url + PAGE)
    check(page)
    assert min(contrasts(page)) >= 4.5
    sql("UPDATE ledger_text SET text = '早就定了' WHERE text = '先定下来'")
    refuse(page)
    assert min(contrasts(page)) >= 4.5
    context.close()


def contrasts(page: Page) -> list[float]:
    """Contrast of every line of the verdict, unfolded, with its ground."""
    page.locator(".verdict-box summary").click()
    found: list[float] = page.evaluate(
        """() => {
          const light = (rgb) => {
            const [r, g, b] = rgb.match(/[\\d.]+/g).map(Number).map((c) => {
              c /= 255; return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
            });
            return 0.2126 * r + 0.7152 * g + 0.0722 * b;
          };
          const ground = (e) => {
            const own = getComputedStyle(e).backgroundColor;
            return own === "rgba(0, 0, 0, 0)" ? ground(e.parentElement) : own;
          };
          const all = document.querySelectorAll(
            ".verdict-box :is(p, li, summary, th, td), .verdict");
          return [...all].map((e) => {
            const [a, b] = [light(getComputedStyle(e).color), light(ground(e))];
            return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
          });
        }"""
    )
    assert len(found) > 5
    return found


def pages_of(pdf: bytes) -> int:
    return len(re.findall(rb"/Type\s*/Page\b", pdf))


@at_both_widths
def test_the_ledger_page_prints_as_one_sheet(page: Page, live_server: LiveServer, log: Log) -> None:
    page.goto(f"{live_server.url}/ledger/")
    page.emulate_media(media="print")
    printed = public_printed()
    assert printed is not None
    for words in (printed.code, printed.root, printed.key, "怎样用这张单子", "yinuo-verify http"):
        expect(page.get_by_text(words).first).to_be_visible()
    expect(page.get_by_alt_text("二维码，扫描后核对这枚校验码")).to_be_visible()
    for hidden in ("它不能证明什么", "本浏览器记住的校验点", "查一枚存证校验码"):
        expect(page.get_by_role("heading", name=hidden)).to_be_hidden()
    loaded = page.evaluate("document.querySelector('.sheet-qr img').naturalWidth > 0")
    assert loaded
    page.emulate_media(media=None)
    assert pages_of(page.pdf(format="A4")) == 1


@at_both_widths
def test_a_printed_page_carries_the_code(page: Page, live_server: LiveServer, log: Log) -> None:
    printed = public_printed()
    assert printed is not None
    page.goto(f"{live_server.url}/commitments/")
    expect(page.get_by_text(printed.code)).to_be_hidden()
    page.emulate_media(media="print")
    expect(page.get_by_text(printed.code)).to_be_visible()
    foot = page.locator(".foot").evaluate("(e) => getComputedStyle(e).display")
    assert foot == "table-footer-group"


# ── the page of the log ─────────────────────────────────────────────────────────────────────────


def test_the_browser_works_out_a_printed_code_by_itself(
    page: Page, live_server: LiveServer, log: Log
) -> None:
    old = public_printed()
    assert old is not None
    write_units(MANY)
    log.seal()
    page.goto(f"{live_server.url}/ledger/")
    page.get_by_label("存证校验码", exact=True).fill(old.code)
    page.get_by_role("button", name="核对", exact=True).click()
    box = page.locator("[data-outcome] .verdict-box")
    expect(box).to_contain_text("通过")
    expect(box).to_contain_text(f"倒推到第 {old.size} 条，正是校验码上的根哈希")
    expect(box).to_contain_text(old.root)


def test_a_code_from_before_a_rewriting_is_found_out_by_server_and_browser(
    site: Page, live_server: LiveServer, log: Log, tmp_path: Path
) -> None:
    old = public_printed()
    assert old is not None
    sql("UPDATE ledger_entry SET salt = %s WHERE version = 1 AND subject = %s", bytes(32), THREAD)
    log.rewrite(tmp_path)
    site.goto(f"{live_server.url}/ledger/check/?code={old.code}")
    expect(site.get_by_role("heading", name="今天的账本里没有它")).to_be_visible()
    expect(site.locator("[data-outcome] .verdict-box")).to_contain_text("是另一个根哈希")


@at_both_widths
def test_memory_is_shown_and_cleared(page: Page, live_server: LiveServer, log: Log) -> None:
    page.on("dialog", lambda dialog: dialog.accept())
    page.goto(f"{live_server.url}/ledger/")
    kept = page.locator("[data-kept]")
    expect(kept).to_contain_text("还没有记住任何校验点")
    page.get_by_role("button", name="与今天的账本核对").click()
    printed = public_printed()
    assert printed is not None
    expect(kept).to_contain_text(printed.root)
    expect(kept).to_contain_text("取自本站")
    page.reload()
    expect(kept).to_contain_text(printed.root)
    page.get_by_role("button", name="清除记住的校验点").click()
    expect(kept).to_contain_text("还没有记住任何校验点")


def trust(log: Log, *lines: str) -> dict[str, object]:
    text = "\n".join([f"log {log.signer.verifier.vkey}", *lines, ""])
    return {"name": "trust.policy", "mimeType": "text/plain", "buffer": text.encode()}


def test_a_key_had_elsewhere_counts_as_that(page: Page, live_server: LiveServer, log: Log) -> None:
    page.goto(f"{live_server.url}/ledger/")
    page.get_by_label("信任文件").set_input_files(trust(log, "quorum none"))  # type: ignore[arg-type]
    expect(page.locator("[data-memory] .verdict-box")).to_contain_text("通过")
    expect(page.locator("[data-kept]")).to_contain_text("信任文件")
    page.goto(live_server.url + PAGE)
    expect(check(page)).to_contain_text("密钥取自您导入的信任文件，不是取自本站")


def test_a_faulty_trust_file_is_refused_at_the_field(
    page: Page, live_server: LiveServer, log: Log
) -> None:
    page.goto(f"{live_server.url}/ledger/")
    field = page.get_by_label("信任文件")
    field.set_input_files(trust(log, "witness"))  # type: ignore[arg-type]
    expect(page.get_by_role("alert")).to_contain_text("信任文件第 2 行")
    expect(field).to_have_attribute("aria-invalid", "true")
    other = Log(replace(log.signer, name="yinuo.other"), log.memory, log.city)
    field.set_input_files(trust(other, "quorum none"))  # type: ignore[arg-type]
    expect(page.get_by_role("alert")).to_contain_text("信任文件写的账本是 yinuo.other，本站的是")
    expect(page.locator("[data-kept]")).to_contain_text("还没有记住任何校验点")


def test_a_site_under_another_key_than_the_trust_file_says(
    context: BrowserContext, live_server: LiveServer, log: Log
) -> None:
    page = context.new_page()
    page.goto(f"{live_server.url}/ledger/")
    real = Log(Signer(log.signer.name, Ed25519PrivateKey.generate()), log.memory, log.city)
    page.get_by_label("信任文件").set_input_files(trust(real, "quorum none"))  # type: ignore[arg-type]
    box = page.locator("[data-memory] .verdict-box")
    expect(box).to_contain_text("不符")
    expect(box).to_contain_text("不是本浏览器信任的")


def test_witnesses_of_the_trust_file_are_counted(
    context: BrowserContext, live_server: LiveServer, log: Log
) -> None:
    witness = Cosigner("audit.example", Ed25519PrivateKey.generate())
    last = Checkpoint.objects.latest("size")
    text, _signatures = split_note(last.note)
    page = context.new_page()
    page.goto(f"{live_server.url}/ledger/")
    lines = (f"witness 审计局 {witness.verifier.vkey}", "quorum 审计局")
    page.get_by_label("信任文件").set_input_files(trust(log, *lines))  # type: ignore[arg-type]
    box = page.locator("[data-memory] .verdict-box")
    expect(box).to_contain_text("还没有联署到约定的数目：未见证，只证明与本站一致")
    Cosignature.objects.create(
        checkpoint=last,
        witness=witness.verifier.label,
        line=cosign(text, witness, time=1_721_000_000),
        witnessed_at=JULY,
    )
    log.report(1)
    log.seal()
    page.get_by_role("button", name="与今天的账本核对").click()
    expect(box).to_contain_text(f"见证单位 审计局 联署到第 {last.size} 条，其后 1 条还在等联署")
