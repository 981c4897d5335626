"""Role × route × question for what is asked of credit, in the manner of `test_benefit_matrix`."""

from collections.abc import Callable
from datetime import date
from io import BytesIO
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook
from pytest_django import Settings

from tests.credit.asking.counter import (
    NOBODY,
    NOW,
    SCENARIOS,
    Counter,
    consent_sheet,
    make_counter,
    prepare,
)
from tests.visits import SignIn, body, words
from tests.web.test_pages import POLICY as CSP
from tests.web.test_pages import Markup
from yinuo.credit.commands.deferred_payments import open_payment
from yinuo.credit.models import CreditConsent, DeferredPayment, Subject
from yinuo.ledger.queries import public_status
from yinuo.web import asked, clock, credit_todos
from yinuo.web.routes import asking

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
VIEWERS = ("", "hospital", "village", "bank", "window", "scenic", "steward", "auditor", "admin")
SIGN_IN, REFUSED, GONE, OK, DONE = 302, 403, 404, 200, 302
MAY = {
    "medicine": {"hospital"},
    "village": {"village", "bank"},
    "finance": {"bank"},
    "tax": {"window"},
    "tourism": {"scenic"},
}
"""Question → who may ask it."""
CODE = "91350100M000100Y43"
everybody = pytest.mark.parametrize("viewer", VIEWERS, ids=[v or "anyone" for v in VIEWERS])


@pytest.fixture
def counter(
    db: None, settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Counter:
    del db
    prepare(tmp_path, settings)
    monkeypatch.setattr(clock, "now", lambda: NOW)
    return make_counter(tmp_path)


@pytest.fixture
def bill(counter: Counter) -> str:
    counter.consent(NOBODY)
    answer = counter.ask(NOBODY)
    by = counter.city["hospital"]
    return open_payment(answer=answer, amount=9_900, due=date(2024, 3, 20), by=by, at=NOW)


def paper() -> SimpleUploadedFile:
    return SimpleUploadedFile("同意书.pdf", b"%PDF-1.4 signed")


def number_of(scenario: str) -> str:
    return CODE if scenario == "finance" else NOBODY


def wanted(viewer: str, scenario: str, fine: int) -> int:
    if not viewer:
        return SIGN_IN
    return fine if viewer in MAY[scenario] else REFUSED


def sound(answer: object) -> list[str]:
    """The faults of a page."""
    markup = Markup()
    markup.feed(body(answer).decode())  # type: ignore[arg-type]
    policy = answer.headers.get(CSP, "")  # type: ignore[attr-defined]
    return markup.told() + ([] if "default-src 'none'" in policy else ["policy"])


def test_every_route_is_tested_here() -> None:
    text = Path(__file__).read_text(encoding="utf-8")
    assert [page.name for page in asking.urlpatterns if f'"{page.name}"' not in text] == []


@everybody
def test_what_each_viewer_reads(counter: Counter, bill: str, sign_in: SignIn, viewer: str) -> None:
    before = public_status().unsealed
    village = wanted(viewer, "village", OK)
    signed = OK if viewer else SIGN_IN
    payer = {"": SIGN_IN, "hospital": OK, "auditor": OK, "admin": OK}.get(viewer, GONE)
    statuses: dict[tuple[str, ...], int] = {
        ("ask_list",): signed,
        ("payment_list",): signed,
        ("payment", bill): payer,
        ("payment", "YF-1"): GONE if viewer else SIGN_IN,
        ("ask_answer", "0" * 16): GONE if viewer else SIGN_IN,
        ("ask_one", "horoscope"): GONE if viewer else SIGN_IN,
        ("village",): village,
        ("village_consents",): village,
    }
    for name in SCENARIOS:
        statuses["ask_one", name] = statuses["ask_consent", name] = wanted(viewer, name, OK)
    found, faults = {}, {}
    for route in statuses:
        name, *args = route
        answer = sign_in(viewer).get(reverse(name, args=args))
        found[route] = answer.status_code
        if answer.status_code != SIGN_IN and (told := sound(answer)):
            faults[route] = told
    assert found == statuses
    assert faults == {}
    assert public_status().unsealed == before
    assert len(counter.looks()) == 1, "reading a form is no look; the bill was"


@everybody
@pytest.mark.parametrize("scenario", SCENARIOS)
def test_who_gets_an_answer(counter: Counter, sign_in: SignIn, viewer: str, scenario: str) -> None:
    """Everybody's consent is there, but only for the unit that it was given to."""
    for name, who in MAY.items():
        for each in sorted(who):
            kind = "firm" if name == "finance" else "person"
            counter.consent(number_of(name), who=each, scenario=name, kind=kind)
    typed = {"number": number_of(scenario)}
    answer = sign_in(viewer).post(reverse("ask_one", args=[scenario]), typed)
    assert answer.status_code == wanted(viewer, scenario, DONE)
    assert len(counter.looks()) == (viewer in MAY[scenario])


@everybody
@pytest.mark.parametrize("scenario", SCENARIOS)
def test_who_may_take_in_a_consent(
    counter: Counter, sign_in: SignIn, viewer: str, scenario: str
) -> None:
    typed = {
        "number": number_of(scenario),
        "name": "试甲乙",
        "until": "2025-03-01",
        "paper": paper(),
    }
    answer = sign_in(viewer).post(reverse("ask_consent", args=[scenario]), typed)
    assert answer.status_code == wanted(viewer, scenario, DONE)
    assert CreditConsent.objects.count() == (viewer in MAY[scenario])


@everybody
def test_who_may_act_on_a_bill(counter: Counter, bill: str, sign_in: SignIn, viewer: str) -> None:
    statuses = {"": SIGN_IN, "hospital": DONE, "auditor": REFUSED, "admin": REFUSED}
    for step, typed in (("paid", {"on": "2024-03-07"}), ("waive", {"reason": "救助"})):
        with transaction.atomic():
            address = reverse("payment", args=[bill]) + f"?do={step}"
            answer = sign_in(viewer).post(address, {"version": "1", **typed})
            row = DeferredPayment.objects.get(pk=bill)
            transaction.set_rollback(True)
        assert answer.status_code == statuses.get(viewer, GONE)
        assert (row.state != "open") == (viewer == "hospital")


@everybody
def test_who_gets_the_list_of_a_village(counter: Counter, sign_in: SignIn, viewer: str) -> None:
    for one in counter.village[:3]:
        counter.consent(one.number, name=one.name, who="village", scenario="village")
    rows = [{"姓名": "试甲", "公民身份号码": NOBODY, "同意截止": "2025-03-01"}]
    table = SimpleUploadedFile("同意.xlsx", consent_sheet(rows))
    typed = {"table": table, "paper": paper()}
    client = sign_in(viewer)
    taken = client.post(reverse("village_consents"), typed)
    assert taken.status_code == wanted(viewer, "village", DONE)
    made = client.post(reverse("village"))
    assert made.status_code == wanted(viewer, "village", OK)
    said = words(made)
    shown = [one.name for one in counter.village[:3] if one.name in said]
    assert bool(shown) == (viewer == "village")
    assert not [one for one in counter.village[:3] if one.number in said]


# ── one after the other ──────────────────────────────────────────────────────────────────────────


def follow(client: Client, address: str, typed: dict[str, object]) -> object:
    answer = client.post(address, typed, follow=True)
    assert answer.status_code == OK, words(answer)[:300]
    return answer


def ask(client: Client, number: str, scenario: str = "medicine") -> object:
    return follow(client, reverse("ask_one", args=[scenario]), {"number": number})


def test_no_number_stands_in_an_address_or_a_session(counter: Counter, sign_in: SignIn) -> None:
    counter.consent(NOBODY)
    client = sign_in("hospital")
    answer = ask(client, NOBODY)
    addresses = [address for address, _ in answer.redirect_chain]  # type: ignore[attr-defined]
    assert addresses
    assert not [address for address in addresses if NOBODY in address]
    assert NOBODY not in str(dict(client.session))
    assert NOBODY not in words(answer)  # type: ignore[arg-type]
    assert sound(answer) == []


def test_an_answer_is_shown_in_its_session_alone(counter: Counter, sign_in: SignIn) -> None:
    counter.consent(NOBODY)
    answer = ask(sign_in("hospital"), NOBODY)
    address = answer.redirect_chain[-1][0]  # type: ignore[attr-defined]
    assert sign_in("hospital2").get(address).status_code == GONE


def test_a_bill_on_a_yes_once(counter: Counter, sign_in: SignIn) -> None:
    counter.consent(NOBODY)
    client = sign_in("hospital")
    answer = ask(client, NOBODY)
    address = answer.redirect_chain[-1][0]  # type: ignore[attr-defined]
    wrong = client.post(address, {"amount": "-1", "due": ""})
    assert wrong.status_code == 422
    bill = {"amount": "1,234.56", "due": "2024-03-20"}
    page = words(follow(client, address, bill))  # type: ignore[arg-type]
    assert "YF-2024-000001" in page
    assert DeferredPayment.objects.get().amount == 123_456
    assert client.post(address, bill).status_code == GONE


def test_on_a_no_there_is_no_bill(counter: Counter, sign_in: SignIn) -> None:
    listed = next(one for one in counter.village if one.listed)
    counter.consent(listed.number, name=listed.name)
    client = sign_in("hospital")
    answer = ask(client, listed.number)
    page = words(answer)  # type: ignore[arg-type]
    assert "否：请先付费，照常诊疗" in page
    assert "在严重失信主体名单" in page
    assert "记一笔后付款" not in page
    address = answer.redirect_chain[-1][0]  # type: ignore[attr-defined]
    typed = {"amount": "1", "due": "2024-03-20"}
    assert client.post(address, typed).status_code == REFUSED


def test_a_refusal_leads_to_the_consent(counter: Counter, sign_in: SignIn) -> None:
    client = sign_in("hospital")
    answer = client.post(reverse("ask_one", args=["medicine"]), {"number": NOBODY})
    assert answer.status_code == REFUSED
    assert reverse("ask_consent", args=["medicine"]) in body(answer).decode()


def test_number_after_number_has_to_wait(counter: Counter, sign_in: SignIn) -> None:
    client, address = sign_in("hospital"), reverse("ask_one", args=["medicine"])
    tries = [client.post(address, {"number": NOBODY}).status_code for _ in range(31)]
    assert tries == [REFUSED] * asked.MOST_REFUSED + [429]


def test_faults_of_a_workbook_stand_on_the_page_and_nothing_is_taken(
    counter: Counter, sign_in: SignIn
) -> None:
    rows = [
        {"姓名": "试甲", "公民身份号码": NOBODY, "同意截止": "2025-03-01"},
        {"姓名": "试乙", "公民身份号码": "110105194912310021", "同意截止": "2025-03-01"},
    ]
    table = SimpleUploadedFile("同意.xlsx", consent_sheet(rows))
    answer = sign_in("village").post(
        reverse("village_consents"), {"table": table, "paper": paper()}
    )
    assert answer.status_code == 422
    page = words(answer)
    assert "第3行公民身份号码" in page
    assert "校验码对不上" in page
    assert not CreditConsent.objects.exists()
    assert "110105194912310021" not in page


def test_the_workbook_of_a_village_holds_no_formula(counter: Counter, sign_in: SignIn) -> None:
    one = next(one for one in counter.village if one.qualifies)
    counter.consent(one.number, name="=HYPERLINK(1)", who="village", scenario="village")
    made: Callable[..., object] = sign_in("village").post
    answer = made(reverse("village"), {"as": "xlsx"})
    assert answer.headers["Cache-Control"] == "private, no-store"  # type: ignore[attr-defined]
    sheet = load_workbook(BytesIO(body(answer))).active  # type: ignore[arg-type]
    cells = [cell for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert [cell.value for cell in cells if str(cell.value).startswith("=")] == ["=HYPERLINK(1)"]
    assert {cell.data_type for cell in cells} <= {"s", "n"}


def test_an_overdue_bill_stands_in_the_inbox_of_its_hospital(counter: Counter, bill: str) -> None:
    def waiting(who: str, day: date) -> list[tuple[str, tuple[str, ...]]]:
        lines = credit_todos.of_payments(viewer=counter.city[who], today=day)
        return [(line.what, line.args) for line in lines]

    assert waiting("hospital", date(2024, 3, 20)) == []
    assert waiting("hospital", date(2024, 3, 21)) == [("核对是否付清", (bill,))]
    assert waiting("scenic", date(2024, 3, 21)) == waiting("auditor", date(2024, 3, 21)) == []


def test_an_open_bill_is_for_the_payer_to_do(counter: Counter, bill: str) -> None:
    del counter
    client = Client()
    session = client.session
    payer = Subject.objects.get(deferred_payments__code=bill).code
    session["subject"] = {"code": payer, "agent": "", "at": NOW.isoformat()}
    session.save()
    page = words(client.get(reverse("mine")))
    assert "待我履行1项" in page
    assert "付给演示医院" in page


def test_the_way_to_the_questions_is_for_those_who_may_ask(
    counter: Counter, sign_in: SignIn
) -> None:
    del counter
    ways = {who: words(sign_in(who).get(reverse("work"))) for who in ("hospital", "keeper")}
    assert "信用应用" in ways["hospital"]
    assert "信用数据" not in ways["hospital"]
    assert "信用应用" not in ways["keeper"]
    assert "信用数据" in ways["keeper"]
