"""Role × route for policies and their money, in the manner of `test_service_matrix`."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.urls import reverse
from pytest_django import Settings

from tests.benefits.fund import (
    DEFINITION,
    FIRMS,
    MONDAY,
    POLICY,
    calendar,
    open_fund,
    publish,
    register,
    screen,
)
from tests.city import City
from tests.visits import SignIn, body, words
from tests.web.test_pages import POLICY as CSP
from tests.web.test_pages import Markup
from yinuo.benefits.commands.approving import approve, ask_approval
from yinuo.benefits.commands.clawing import ask_clawback
from yinuo.benefits.commands.paying import make_batch, send_batch, take_answer
from yinuo.benefits.commands.policies import draft_policy
from yinuo.benefits.commands.reviewing import put_up
from yinuo.benefits.commands.telling import tell_account
from yinuo.benefits.models import Award
from yinuo.ledger.commands.recording import By
from yinuo.ledger.queries import public_status
from yinuo.web import clock
from yinuo.web.routes import benefits

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
VIEWERS = ("", "officer", "officer2", "stranger", "admin", "auditor")
SIGN_IN, REFUSED, GONE, NO_FORM = 302, 403, 404, 405
OK, DONE, NOT_NOW = 200, 302, 409
NOW = MONDAY + timedelta(days=9)
MORE = (
    ("E07", "金石陶瓷有限公司", "", 30, False, FIRMS[0][5], "g"),
    ("E08", "银滩纺织有限公司", "", 31, False, FIRMS[0][5], "h"),
)
LATEST = (("E09", "碧流玻璃有限公司", "", 11, False, FIRMS[0][5], "i"),)
"""Listed today: everybody may still object."""
ANSWER = "批次,序号,金额（元）,结果,日期,原因\n{sent},1,6000.00,成功,2024-03-13,\n"
ACCOUNTS = "兑现编号,统一社会信用代码,开户行,账号\n{listed},,示范银行,62220009999\n"
everybody = pytest.mark.parametrize("viewer", VIEWERS, ids=[v or "anyone" for v in VIEWERS])


@dataclass(frozen=True)
class Route:
    """One address and what its viewers get: in the order of `VIEWERS`."""

    name: str
    args: tuple[str, ...]
    statuses: tuple[int, ...]
    data: Mapping[str, object] = field(default_factory=dict)
    query: str = ""

    @property
    def key(self) -> tuple[object, ...]:
        """What tells it from the others."""
        return self.name, self.args, self.query


EVERYONE = (OK,) * 6
OFFICE = (SIGN_IN, OK, OK, GONE, OK, OK)
OFFICERS = (SIGN_IN, OK, OK, GONE, REFUSED, REFUSED)
GET = (
    Route("benefits", (), EVERYONE),
    Route("benefit", (POLICY,), EVERYONE),
    Route("benefit_list", (POLICY,), EVERYONE),
    Route("benefit_object", (POLICY, "{up}"), EVERYONE),
    Route("benefit_object", (POLICY, "{paid}"), (GONE,) * 6),
    Route("benefit_compare", (POLICY,), OFFICE),
    Route("benefit_accounts", (POLICY,), OFFICERS),
    Route("benefit_accounts_sheet", (POLICY,), OFFICERS),
    Route("benefit_policies", (), (SIGN_IN, OK, OK, OK, OK, OK)),
    Route("benefit_draft", (), (SIGN_IN, OK, OK, OK, REFUSED, REFUSED)),
    Route("benefit_policy", (POLICY,), OFFICE),
    Route("benefit_awards", (POLICY,), OFFICE),
    Route("benefit_award", ("{paid}",), OFFICE),
    Route("benefit_award", ("{asked}",), OFFICE, query="?do=refuse"),
    Route("benefit_clawback", ("{paid}", "{back}", "order"), OFFICERS),
    Route("benefit_batch", ("{sent}",), OFFICE),
    Route("benefit_batch", ("{made}",), OFFICE),
    Route("benefit_file", ("{sent}", "csv"), OFFICERS),
)
BOTH = (SIGN_IN, DONE, DONE, GONE, REFUSED, REFUSED)
SECOND = (SIGN_IN, REFUSED, DONE, GONE, REFUSED, REFUSED)
"""Another person than the officer who asked."""
POST = (
    Route("benefit_draft", (), (SIGN_IN, DONE, DONE, REFUSED, REFUSED, REFUSED), {"file": "file"}),
    Route("benefit_act", (POLICY, "publish"), (SIGN_IN, REFUSED, DONE, GONE, REFUSED, REFUSED)),
    Route("benefit_act", (POLICY, "list"), (SIGN_IN, NOT_NOW, NOT_NOW, REFUSED, REFUSED, REFUSED)),
    Route("benefit_act", (POLICY, "ask"), (SIGN_IN, DONE, DONE, REFUSED, REFUSED, REFUSED)),
    Route("benefit_act", (POLICY, "pay"), (SIGN_IN, NOT_NOW, NOT_NOW, REFUSED, REFUSED, REFUSED)),
    Route("benefit_clear", ("{listed}",), BOTH),
    Route(
        "benefit_accounts",
        (POLICY,),
        (SIGN_IN, DONE, DONE, GONE, REFUSED, REFUSED),
        {"file": "accounts"},
    ),
    Route(
        "benefit_object",
        (POLICY, "{up}"),
        (DONE,) * 6,
        {"reason": "听说已经停产"},
    ),
    Route(
        "benefit_award",
        ("{listed}",),
        (SIGN_IN, DONE, DONE, GONE, REFUSED, REFUSED),
        {"reason": "已迁出", "version": "{listed_version}"},
        query="?do=refuse",
    ),
    Route(
        "benefit_clawback",
        ("{paid}", "{back}", "order"),
        (SIGN_IN, REFUSED, DONE, GONE, REFUSED, REFUSED),
        {"days": "20", "version": "1"},
    ),
    Route("benefit_batch_act", ("{made}", "send"), SECOND),
    Route("benefit_batch_act", ("{made}", "cancel"), BOTH),
    Route("benefit_batch", ("{sent}",), BOTH, {"file": "answer", "version": "{sent_version}"}),
)


@dataclass(frozen=True)
class Made:
    """What stands in the city, by the words of the routes."""

    said: Mapping[str, str]

    def fill(self, text: str) -> str:
        """The text with what it names."""
        return text.format_map(self.said)

    def data(self, route: Route) -> dict[str, object]:
        """What is typed."""
        files = {
            "file": ("other-policy.toml", DEFINITION),
            "answer": ("回单.csv", self.fill(ANSWER)),
            "accounts": ("账号.csv", self.fill(ACCOUNTS)),
        }
        return {
            name: SimpleUploadedFile(files[str(value)][0], files[str(value)][1].encode())
            if name == "file"
            else self.fill(str(value))
            for name, value in route.data.items()
        }


def _approve_and_pay(city: City) -> str:
    """Everything that is listed approved and put into a file."""
    ask_approval(policy=POLICY, by=city["officer"], at=NOW)
    approve(policy=POLICY, by=city["officer2"], at=NOW, calendar=calendar())
    for number, award in enumerate(Award.objects.filter(state="approved", account_good=False)):
        firm = By(actor="subject:ZT-1", capacity="firm")
        account = f"6222000{award.code[-6:]}{number}"
        tell_account(award=award.code, bank="示范银行", account=account, by=firm, at=NOW)
    return make_batch(policy=POLICY, by=city["officer"], at=NOW)


@pytest.fixture
def made(db: None, tmp_path: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Made:
    """A policy with awards in every state, a file that is out, one that is not, a clawback."""
    del db
    settings.YINUO_CITY = "大连市"
    monkeypatch.setattr(clock, "now", lambda: NOW)
    city = open_fund()
    version = publish(city)

    def more(firms: tuple[tuple[object, ...], ...]) -> None:
        screen(city, tmp_path, version, register=register(tmp_path, firms))
        put_up(policy=POLICY, by=city["officer"], at=MONDAY, calendar=calendar())

    more(FIRMS[:1])
    first = _approve_and_pay(city)
    send_batch(batch=first, by=city["officer2"], at=NOW)
    answer = ANSWER.format(sent=first).replace("6000.00", "2400.00").encode()
    take_answer(batch=first, data=answer, file="回单.csv", by=city["officer"], at=NOW)
    paid = Award.objects.get(state="paid")
    back = ask_clawback(award=paid.code, amount=100, reason="多算", by=city["officer"], at=NOW)
    more(MORE[:1])
    sent = _approve_and_pay(city)
    send_batch(batch=sent, by=city["officer2"], at=NOW)
    more(MORE[1:])
    waiting = _approve_and_pay(city)
    more(FIRMS)
    listed = Award.objects.get(state="listed")
    screen(city, tmp_path, version, register=register(tmp_path, LATEST))
    put_up(policy=POLICY, by=city["officer"], at=NOW, calendar=calendar())
    up = Award.objects.get(entity="E09")
    draft_policy(data=DEFINITION.encode(), code=POLICY, by=city["officer"], at=NOW)
    asked = Award.objects.get(state="asked")
    return Made(
        {
            "paid": paid.code,
            "asked": asked.code,
            "listed": listed.code,
            "up": up.code,
            "listed_version": str(listed.version),
            "back": back,
            "sent": sent,
            "sent_version": "2",
            "made": waiting,
        }
    )


def _address(route: Route, made: Made) -> str:
    return reverse(route.name, args=[made.fill(arg) for arg in route.args]) + route.query


def test_every_route_is_in_the_table() -> None:
    routed = {str(page.name) for page in benefits.urlpatterns}
    assert {route.name for route in (*GET, *POST)} == routed


@everybody
def test_what_each_viewer_reads(made: Made, sign_in: SignIn, viewer: str) -> None:
    before = public_status().unsealed
    found, faults = {}, {}
    for route in GET:
        answer = sign_in(viewer).get(_address(route, made))
        found[route.key] = answer.status_code
        raw = body(answer)
        if answer.headers.get("Content-Type", "").startswith("text/html") and raw:
            markup = Markup()
            markup.feed(raw.decode())
            policy = answer.headers.get(CSP, "")
            told = markup.told() + ([] if "default-src 'none'" in policy else ["policy"])
            if told:
                faults[route.key] = told
    at = VIEWERS.index(viewer)
    assert found == {route.key: route.statuses[at] for route in GET}
    assert faults == {}
    assert public_status().unsealed == before


@everybody
def test_what_each_viewer_may_change(made: Made, sign_in: SignIn, viewer: str) -> None:
    """A refused POST leaves no entry; one that is let in leaves at least one."""
    before = public_status().unsealed
    wrong = {}
    for route in POST:
        wanted = route.statuses[VIEWERS.index(viewer)]
        with transaction.atomic():
            answer = sign_in(viewer).post(_address(route, made), made.data(route))
            written = public_status().unsealed - before
            transaction.set_rollback(True)
        open_door = bool(viewer) or route.name == "benefit_object"
        if answer.status_code != wanted or (written > 0) != (open_door and wanted == DONE):
            wrong[route.key] = (answer.status_code, wanted, written, words(answer)[:200])
    assert wrong == {}


def test_whole_account_numbers_stand_in_the_file_for_the_bank_alone(
    made: Made, sign_in: SignIn
) -> None:
    account = "6222000"
    client = sign_in("officer")
    shown = {
        route.key
        for route in GET
        if account in body(client.get(_address(route, made))).decode(errors="replace")
    }
    assert shown == {("benefit_file", ("{sent}", "csv"), "")}


def test_below_five_nothing_is_counted_in_public(made: Made, sign_in: SignIn) -> None:
    page = words(sign_in("").get(reverse("benefit", args=[POLICY])))
    assert "不到5家，不公布" in page
