"""Pages of building projects: who sees what, and what stands on them."""

from datetime import timedelta

import pytest
from django.contrib.auth import get_user_model
from django.test import Client

from tests.cases.construction.site import (
    MONDAY,
    PROJECT,
    make_site,
    put_project,
    run_stages,
    start,
)
from yinuo.cases.models import UtilityNotice
from yinuo.web import clock
from yinuo.web.views.utilities import link_key

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def monday(monkeypatch: pytest.MonkeyPatch) -> None:
    """The pages take it to be some weeks later."""
    monkeypatch.setattr(clock, "now", lambda: MONDAY + timedelta(days=24))


def _as(username: str) -> Client:
    client = Client()
    client.force_login(get_user_model().objects.get(username=username))
    return client


def _told(pages: Client, path: str) -> str:
    answer = pages.get(path)
    assert answer.status_code == 200, path
    return answer.content.decode()


def test_one_project_one_page_for_office_window_department_and_utility() -> None:
    city = make_site()
    put_project(city)
    run_stages(city, ["1", "2", "3"], at=MONDAY)
    for who in ("lead", "clerk", "zj", "sw", "auditor"):
        said = _told(_as(who), f"/work/building/{PROJECT}/")
        assert "北辰轴承制造基地" in said
        assert "供水" in said
    assert PROJECT in _told(_as("zj"), "/work/building/?text=轴承")
    assert "没有符合条件的" in _told(_as("zj"), "/work/building/?text=没有")


def test_department_sees_its_branch_first_and_no_files_of_others() -> None:
    city = make_site()
    put_project(city)
    begun = start(city, "1")
    said = _told(_as("fgw"), f"/work/joint/{begun.code}/")
    mine, others = begun.branches
    assert said.index(mine.code) < said.index(others.code)
    assert f"/work/cases/{mine.code}/" in said
    assert f"/work/cases/{others.code}/" not in said
    assert _as("fgw").get(f"/work/cases/{others.code}/").status_code == 404
    assert _as("da").get(f"/work/joint/{begun.code}/").status_code == 404
    assert _as("da").get(f"/work/building/{PROJECT}/").status_code == 404


def test_developer_follows_by_code_and_only_by_it() -> None:
    city = make_site()
    receipt = put_project(city)
    start(city, "1")
    pages = Client()
    assert "查询码" in _told(pages, "/services/construction/project/")
    wrong = pages.post("/services/construction/project/", {"track": "AAAA-AAAA-AAAA-AAAA"})
    assert wrong.status_code == 404
    found = pages.post("/services/construction/project/", {"track": receipt.track.lower()})
    assert found.status_code == 302
    assert receipt.track not in found.headers["Location"]
    said = _told(pages, "/services/construction/project/")
    assert "市发展改革部门（演示）" in said
    assert "/work/" not in said.partition("<main")[2]
    pages.post("/services/construction/project/leave/")
    assert "北辰" not in _told(pages, "/services/construction/project/")


def test_overview_counts_and_hides_few() -> None:
    city = make_site()
    put_project(city)
    run_stages(city, ["1"], at=MONDAY)
    said = _told(Client(), "/services/construction/")
    assert "办结不到 5 个" in said
    assert PROJECT not in said


def test_link_opens_one_notice_without_account_and_bad_ones_are_refused() -> None:
    city = make_site()
    put_project(city)
    run_stages(city, ["1", "2", "3"], at=MONDAY)
    row = UtilityNotice.objects.get(utility="gas")
    token = link_key().token(row.code, row.nonce)
    pages = Client()
    said = _told(pages, f"/go/utility/{token}/")
    assert "供气" in said
    for bad in (token[:-2] + "AA", "x", "中", link_key().token(row.code, "")):
        refused = pages.get(f"/go/utility/{bad}/")
        assert refused.status_code == 404
        assert "CASE-E609" in refused.content.decode()
    early = pages.post(
        f"/go/utility/{token}/", {"plan": "自北侧市政管引入", "connect_date": "2024-01-01"}
    )
    assert (early.status_code, "已经过去" in early.content.decode()) == (422, True)
    pages.post(f"/go/utility/{token}/", {"plan": "自北侧市政管引入", "connect_date": "2024-05-10"})
    row.refresh_from_db()
    assert (str(row.connect_date), bool(row.commitment)) == ("2024-05-10", True)
    shown = _told(_as("lead"), f"/work/building/{PROJECT}/utilities/gas/")
    assert token in shown
    _as("lead").post(f"/work/building/{PROJECT}/utilities/gas/", {"do": "renew"})
    assert pages.get(f"/go/utility/{token}/").status_code == 404
    assert token not in _told(_as("sw"), f"/work/building/{PROJECT}/utilities/gas/")


def test_expired_link_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    city = make_site()
    put_project(city)
    run_stages(city, ["1", "2", "3"], at=MONDAY)
    row = UtilityNotice.objects.get(utility="gas")
    monkeypatch.setattr(clock, "now", lambda: row.expires_at)
    refused = Client().get(f"/go/utility/{link_key().token(row.code, row.nonce)}/")
    assert (refused.status_code, "到期" in refused.content.decode()) == (410, True)


def test_register_start_reuse_and_renew_by_form() -> None:
    make_site()
    pages = _as("clerk")
    entered = {
        "code": PROJECT,
        "title": "北辰轴承制造基地",
        "flow": "GY",
        "office": "DL-YSJ",
        "window": "DL-ZWZX",
        "declared_date": "2024-03-01",
        "works": f"{PROJECT}-01 一号厂房\n{PROJECT}-02 二号厂房 < {PROJECT}-01",
        "total": "8600",
        "kind": "firm",
        "name": "北辰轴承有限公司",
        "number": "91210200000000000F",
        "contact": "0411-00000000",
    }
    faulty = pages.post("/work/building/new/", {**entered, "total": "一亿", "number": "123"})
    assert faulty.status_code == 422
    assert "单位万元" in faulty.content.decode()
    assert "receipt-code" in pages.post("/work/building/new/", entered).content.decode()
    again = pages.post("/work/building/new/", entered)
    assert again.status_code == 409
    _told(pages, f"/work/building/{PROJECT}/reuse/")
    noted = {
        "kind": "QP-DZ",
        "number": "QP-2023-07",
        "source": "开发区管委会",
        "made_date": "2023-07-01",
    }
    assert pages.post(f"/work/building/{PROJECT}/reuse/", noted).status_code == 302
    _told(pages, f"/work/building/{PROJECT}/stages/1/")
    begun = pages.post(f"/work/building/{PROJECT}/stages/1/")
    assert "联办回执" in begun.content.decode()
    assert pages.post(f"/work/building/{PROJECT}/stages/1/").status_code == 409
    assert "receipt-code" in pages.post(f"/work/building/{PROJECT}/track/").content.decode()
