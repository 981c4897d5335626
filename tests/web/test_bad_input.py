"""What people and other systems get wrong, through the pages: a sentence at its field, no crash."""

from collections.abc import Mapping
from datetime import UTC, date, datetime

import pytest
from django.http import HttpResponse
from django.test import Client
from pytest_django import Settings

from tests.cases import desk as cases
from tests.cases.construction.site import MONDAY as SITE_DAY
from tests.cases.construction.site import PROJECT, make_site, put_project, run_stages
from tests.cases.desk import ITEM, OFFICE, WINDOW, item, make_desk, put_accepted_case, put_case
from tests.city import City
from tests.visits import SignIn, body, words
from yinuo.cases.commands.items import draft_items, publish_version
from yinuo.cases.models import Case, CaseEvent, UtilityNotice
from yinuo.web import clock
from yinuo.web.views.utilities import link_key

pytestmark = pytest.mark.django_db
MONDAY, WEDNESDAY, FRIDAY = (datetime(2024, 3, day, 1, 30, tzinfo=UTC) for day in (4, 6, 8))
FAR = ("9999-12-31", "0001-01-01", "2900-01-01")
LONG = "长" * 2_000
STOP = {
    "ground": "专家评审",
    "happened_at": "2024-03-06T09:00",
    "planned_until": "2024-03-08",
    "notice": "3 号",
    "reason": "请专家",
}


class Now:
    """The instant that the pages take it to be."""

    at = MONDAY


@pytest.fixture
def now(monkeypatch: pytest.MonkeyPatch) -> Now:
    held = Now()
    monkeypatch.setattr(clock, "now", lambda: held.at)
    return held


@pytest.fixture
def desk(settings: Settings, now: Now) -> City:
    settings.YINUO_CITY = "大连市"
    return make_desk()


def sent(client: Client, step: str, typed: Mapping[str, object]) -> HttpResponse:
    """One step on the only case, about its version of now."""
    row = Case.objects.get()
    path = f"/work/cases/{row.code}/{step}/"
    return client.post(path, {"version": row.version, **typed})  # type: ignore[return-value]


def faults(answer: HttpResponse) -> str:
    assert answer.status_code == 422, (answer.status_code, words(answer)[:300])
    return words(answer)


def test_a_stop_over_an_open_one_of_its_ground(desk: City, sign_in: SignIn, now: Now) -> None:
    put_accepted_case(desk)
    officer, now.at = sign_in("officer"), WEDNESDAY
    assert sent(officer, "stop", STOP).status_code == 302
    again = faults(sent(officer, "stop", {**STOP, "happened_at": "2024-03-06T09:10"}))
    assert "专家评审" in again
    assert CaseEvent.objects.filter(kind="stop").count() == 1


def test_an_end_before_its_stop_began(desk: City, sign_in: SignIn, now: Now) -> None:
    put_accepted_case(desk)
    officer, now.at = sign_in("officer"), WEDNESDAY
    sent(officer, "stop", STOP)
    stop = CaseEvent.objects.get(kind="stop").code
    early = {"stop": stop, "happened_at": "2024-03-05T09:00"}
    answer = sent(officer, "resume", early)
    assert 'id="id_happened_at_error"' in body(answer).decode()
    faults(answer)
    assert not CaseEvent.objects.filter(kind="resume").exists()


def test_a_stop_that_comes_in_after_the_fact(desk: City, sign_in: SignIn, now: Now) -> None:
    put_accepted_case(desk)
    officer, now.at = sign_in("officer"), WEDNESDAY
    sent(officer, "stop", STOP)
    stop = CaseEvent.objects.get(kind="stop").code
    now.at = FRIDAY
    assert (
        sent(officer, "resume", {"stop": stop, "happened_at": "2024-03-08T09:00"}).status_code
        == 302
    )
    now.at = datetime(2024, 3, 12, 1, 30, tzinfo=UTC)
    answer = sent(officer, "stop", {**STOP, "happened_at": "2024-03-07T09:00"})
    assert 'id="id_happened_at_error"' in body(answer).decode()
    faults(answer)
    # One that began after the last restart is taken, and shown as written down late.
    late = {**STOP, "happened_at": "2024-03-08T11:00", "planned_until": "2024-03-15"}
    assert sent(officer, "stop", late).status_code == 302
    row = Case.objects.get()
    assert "补录" in words(officer.get(f"/work/cases/{row.code}/"))


def test_of_two_officers_who_decide_the_second_is_told(
    desk: City, sign_in: SignIn, now: Now
) -> None:
    put_accepted_case(desk)
    first, second, now.at = sign_in("officer"), sign_in("officer"), WEDNESDAY
    row = Case.objects.get()
    path = f"/work/cases/{row.code}/decide/"
    typed = {
        "version": row.version,
        "decision": "approved",
        "reason": "符合条件",
        "happened_at": "2024-03-06T09:00",
    }
    assert first.post(path, typed).status_code == 302
    late = second.post(path, {**typed, "decision": "denied", "reason": "不符合条件"})
    assert late.status_code == 409
    assert "您现在不能“办结”：办件的状态或您的职责不允许" in words(late)
    assert Case.objects.get().decision == "approved"


def test_a_withdrawn_case_is_not_decided(desk: City, sign_in: SignIn, now: Now) -> None:
    put_accepted_case(desk)
    officer, now.at = sign_in("officer"), WEDNESDAY
    assert sent(officer, "withdraw", {"reason": "申请人不办了"}).status_code == 302
    typed = {"decision": "approved", "reason": "符合", "happened_at": "2024-03-06T09:00"}
    answer = sent(officer, "decide", typed)
    assert answer.status_code == 409
    assert "撤件" in words(answer)
    assert Case.objects.get().decision == ""


def test_an_item_that_changes_leaves_a_running_case_as_it_was(
    desk: City, sign_in: SignIn, now: Now
) -> None:
    code = put_accepted_case(desk).code
    changed = item(promised_limit="6wd", phone="0411-00000099")
    made = draft_items(definitions=[changed], office=OFFICE, by=desk["admin"], at=MONDAY)
    publish_version(
        item_version=made.drafts[0], valid_from=date(2024, 3, 5), by=desk["supervisor"], at=MONDAY
    )
    now.at = WEDNESDAY
    shown = words(sign_in("officer").get(f"/work/cases/{code}/"))
    assert "2024年3月14日前要作出决定" in shown
    assert "6个工作日" in words(Client().get(f"/services/{ITEM}/"))
    assert "这是第1版" in words(Client().get(f"/services/{ITEM}/v/1/"))


@pytest.mark.parametrize("day", FAR)
def test_days_beyond_any_calendar_at_the_window(
    desk: City, sign_in: SignIn, now: Now, day: str
) -> None:
    clerk, officer = sign_in("clerk"), sign_in("officer")
    typed = {
        "kind": "firm",
        "name": "示范面包有限公司",
        "number": cases.FIRM_CODE,
        "contact": "0411-00000000",
        "about": "开一家面包店",
        "window_unit": WINDOW,
        "received": f"{day}T09:00",
        **{f"choice_M{n}": "give" for n in (1, 2, 3, 4)},
        "choice_M5": "none",
    }
    taken = clerk.post(f"/work/desk/new/{ITEM}/", typed)
    # Before the item was in force there is none; what was typed stays in the form all the same.
    assert taken.status_code in {404, 422}
    assert "开一家面包店" in words(taken)
    assert not Case.objects.exists()
    put_accepted_case(desk)
    now.at = WEDNESDAY
    faults(sent(officer, "stop", {**STOP, "happened_at": f"{day}T09:00"}))
    faults(sent(officer, "stop", {**STOP, "planned_until": day}))
    decided = {"decision": "approved", "reason": "符合", "happened_at": f"{day}T09:00"}
    assert sent(officer, "decide", decided).status_code in {409, 422}
    assert officer.get(f"/work/cases/{Case.objects.get().code}/").status_code == 200
    assert officer.get("/work/desk/").status_code == 200


@pytest.mark.parametrize("day", FAR)
def test_days_beyond_any_calendar_of_an_item(
    desk: City, sign_in: SignIn, now: Now, day: str
) -> None:
    draft_items(
        definitions=[item(promised_limit="6wd")], office=OFFICE, by=desk["admin"], at=MONDAY
    )
    second = sign_in("supervisor")
    version = second.get(f"/work/services/{ITEM}/v/2/").context["it"].version
    typed = {"version": version, "valid_from": day, "publish": "1"}
    answer = second.post(f"/work/services/{ITEM}/v/2/", typed)
    assert answer.status_code in {302, 409, 422}
    assert Client().get(f"/services/{ITEM}/").status_code == 200
    assert Client().get(f"/services/{ITEM}/v/2/").status_code in {200, 404}


@pytest.mark.parametrize("day", FAR)
def test_days_beyond_any_calendar_of_a_building(sign_in: SignIn, now: Now, day: str) -> None:
    city = make_site()
    now.at = SITE_DAY
    new = {
        "code": "2403-210200-04-01-000009",
        "title": "示范厂房",
        "flow": "GY",
        "office": OFFICE,
        "window": WINDOW,
        "declared_date": day,
        "works": "2403-210200-04-01-000009-01 厂房",
        "kind": "firm",
        "name": "示范轴承有限公司",
        "number": cases.FIRM_CODE,
        "contact": "0411-00000000",
    }
    lead = sign_in("lead")
    assert lead.post("/work/building/new/", new).status_code in {200, 422}
    assert lead.get("/work/building/").status_code == 200
    put_project(city)
    run_stages(city, ["1", "2", "3"], at=SITE_DAY)
    row = UtilityNotice.objects.get(utility="gas")
    now.at = row.told_at
    address = f"/go/utility/{link_key().token(row.code, row.nonce)}/"
    faults(Client().post(address, {"plan": "自北侧引入", "connect_date": day}))  # type: ignore[arg-type]
    assert lead.get(f"/work/building/{PROJECT}/").status_code == 200


def test_a_name_of_two_thousand_characters(desk: City, sign_in: SignIn) -> None:
    anyone, clerk = Client(), sign_in("clerk")
    applied = anyone.post(f"/services/{ITEM}/apply/form/", {"kind": "firm", "name": LONG})
    assert "最多200字，现有2000字" in faults(applied).replace(",", "")  # type: ignore[arg-type]
    entered = clerk.post("/work/building/new/", {"title": LONG, "name": LONG})
    assert faults(entered).replace(",", "").count("现有2000字") == 4  # type: ignore[arg-type]
    put_case(desk)
    refused = sent(clerk, "refuse", {"reason": LONG * 3})
    assert "最多" in faults(refused)


@pytest.mark.parametrize(
    "path",
    [
        "/services/" + "长" * 2_000 + "/",
        f"/services/{ITEM}/v/99999999999999999999/",
        f"/services/{ITEM}/files/{'a' * 64}",
        "/services/%00/",
        "/go/utility/" + "x" * 2_000 + "/",
        "/services/problems/?year=99999999999999999999",
        "/services/kept/?year=%00",
        "/services/?after=%00",
        "/services/?text=" + "长" * 2_000,
    ],
)
def test_forged_and_odd_addresses(desk: City, path: str) -> None:
    assert Client().get(path).status_code in {200, 404, 422, 400}
