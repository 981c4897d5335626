"""A photo handed in twice, seen side by side, answered by the unit and closed by the office."""

from datetime import date
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from tests.browser.fitting import fits
from tests.browser.test_evidence import sign_in
from tests.city import JULY, City, make_city
from tests.handed_in import report
from tests.ledger.conftest import BY
from tests.supervision.doubtful import looker, publish_thresholds
from tests.supervision.scenes import CHANGES, jpeg, scene
from yinuo.commitments.commands import deliver
from yinuo.ledger.commands.keys import found_key
from yinuo.ledger.memory import Memory
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
    """Two units with one picture, and a figure that fell."""
    memory = Memory(tmp_path / "sealer.checkpoint")
    memory.begin()
    monkeypatch.setattr(clock, "now", lambda: JULY)
    settings.YINUO_CITY = "大连市"
    settings.YINUO_FILES = tmp_path / "files"
    found_key(verifier=signer.verifier, by=BY, at=JULY)
    made = make_city()
    publish_thresholds(made, store())
    picture = scene(12)
    cut = CHANGES["crop 8 % of a corner"](picture)
    report(made, store(), ("现场.jpg", jpeg(picture)), commitment="LS-009")
    report(made, store(), ("开工.jpg", jpeg(cut, quality=60)), commitment="PL-001", who="pulandian")
    for day, value in ((date(2024, 5, 31), "5"), (date(2024, 6, 30), "4")):
        deliver.report(
            commitment="LS-001",
            as_of_date=day,
            value=value,
            note="进展",
            by=made["lushun"],
            at=JULY,
        )
    assert looker(store(), signer, memory)() == 2
    return made


def test_from_two_pictures_side_by_side_to_a_closed_doubt(
    page: Page, live_server: LiveServer, city: City
) -> None:
    sign_in(page, live_server.url, "pulandian")
    page.goto(f"{live_server.url}/commitments/PL-001/")
    page.get_by_role("link", name="照片重复").click()
    expect(page.get_by_text("您无权查看这张照片")).to_be_visible()
    expect(page.get_by_role("img", name="这次提交")).to_be_visible()
    assert fits(page)
    page.get_by_label("答复").fill("两区共建的同一处工地，照片取自联合验收")
    page.get_by_role("button", name="提交答复").click()
    expect(page.get_by_role("status")).to_contain_text("答复已提交")
    page.get_by_role("button", name="退出").click()

    sign_in(page, live_server.url, "supervisor")
    page.goto(f"{live_server.url}/doubts/?state=answered")
    assert fits(page)
    page.get_by_role("link", name="照片重复").click()
    expect(page.get_by_role("img", name="以前提交")).to_be_visible()
    assert fits(page)
    page.get_by_label("说明合理").check()
    page.get_by_label("理由").fill("联合验收纪要已核对")
    page.get_by_role("button", name="关闭疑点").click()
    expect(page.get_by_text("已关闭：说明合理").first).to_be_visible()
    page.goto(f"{live_server.url}/doubts/?kind=falling")
    page.get_by_role("link", name="累计数回落").click()
    expect(page.get_by_role("heading", name="报送的数")).to_be_visible()
    assert fits(page)
