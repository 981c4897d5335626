"""What an applicant promises or allows, from the form to the page of the case and back."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pytest_django import Settings

from tests.cases.deferrals.trusting import credit, put_tables
from tests.cases.desk import FIRM, FIRM_CODE, ITEM, PDF, WINDOW, make_desk
from tests.city import City
from tests.visits import SignIn, words
from yinuo.cases.models import Case, CaseMaterial, Consent, Declaration, Deferral
from yinuo.commitments.standing import Answer
from yinuo.web import clock
from yinuo.web.files import store

pytestmark = pytest.mark.django_db

FORM, TRACK = f"/services/{ITEM}/apply/form/", "/services/track/"
MONDAY, LATE = (datetime(2024, 3, day, 1, 30, tzinfo=UTC) for day in (4, 25))
TYPED = {
    "kind": "firm",
    "name": FIRM.name,
    "number": FIRM_CODE,
    "contact": "0411-00000000",
    "about": "开一家咖啡馆",
    "choice_M5": "none",
}
GIVEN = {f"choice_M{n}": "give" for n in (1, 2, 3, 4)}


class Now:
    """The instant that the pages take it to be."""

    at = MONDAY


@pytest.fixture
def now(monkeypatch: pytest.MonkeyPatch) -> Now:
    held = Now()
    monkeypatch.setattr(clock, "now", lambda: held.at)
    return held


@pytest.fixture
def desk(db: None, settings: Settings, now: Now, tmp_path: Path) -> City:
    settings.YINUO_CITY, settings.YINUO_FILES = "大连市", tmp_path / "files"
    city = make_desk()
    put_tables(city, store())
    return city


def pdf() -> SimpleUploadedFile:
    return SimpleUploadedFile("材料.pdf", PDF, "application/pdf")


def applied(**changes: str) -> Client:
    """A browser that has just applied."""
    client, typed = Client(), {**TYPED, **GIVEN, **changes}
    files = {f"file_M{n}": pdf() for n in (1, 2, 3, 4) if typed[f"choice_M{n}"] == "give"}
    answer = client.post(FORM, {**typed, **files})
    assert answer.headers.get("Location") == "/services/receipt/", words(answer)
    return client


def send(client: Client, step: str, **typed: str) -> str:
    """Fill in a step on the case; what the page then says."""
    path = f"/work/cases/{Case.objects.get().code}/{step}/"
    version = client.get(path).context["form"]["version"].value()
    return words(client.post(path, {"version": version, **typed}, follow=True))


def state_of(key: str) -> str:
    return CaseMaterial.objects.get(key=key).state


DEFERRED = {"choice_M2": "defer", "until_M2": "2024-03-15", "promise_M2": "on"}
DECLARED = {"choice_M3": "declare", "declaration": "on"}
HELD = {"choice_M4": "held", "consent_M4": "on"}
AT = {"happened_at": "2024-03-04T09:30"}


def test_a_gap_is_accepted_and_filled_late(desk: City, sign_in: SignIn, now: Now) -> None:
    client = applied(**DEFERRED)
    said = send(sign_in("officer"), "accept-gap", **AT, **{"gap-M2": "2024-03-15"})
    assert "已容缺受理" in said
    assert "信用承诺书" in said
    code = Deferral.objects.get().code
    now.at = LATE
    assert "已逾期10天" in words(client.get(TRACK))
    step = f"{TRACK}hand-in/{code}/"
    assert "已逾期10天，记为逾期兑现" in words(client.get(step))
    assert client.post(step, {}).status_code == 422
    assert client.post(step, {"file": pdf()}).headers["Location"] == TRACK
    assert Deferral.objects.get().state == "handed_in"
    assert client.get(step).headers["Location"] == TRACK


def test_a_gap_later_than_allowed_is_refused_at_its_field(desk: City, sign_in: SignIn) -> None:
    applied(**DEFERRED)
    client = sign_in("officer")
    path = f"/work/cases/{Case.objects.get().code}/accept-gap/"
    version = Case.objects.get().version
    answer = client.post(path, {"version": version, **AT, "gap-M2": "2024-06-01"})
    assert answer.status_code == 422
    assert 'id="id_gap-M2_error"' in answer.content.decode()
    assert not Deferral.objects.exists()


def test_a_declaration_is_accepted_taken_back_and_replaced(desk: City, sign_in: SignIn) -> None:
    client = applied(**DECLARED)
    with credit(Answer.YES):
        assert "已按告知承诺受理" in send(sign_in("officer"), "accept-declared", **AT)
    assert state_of("M3") == "declared"
    code = Declaration.objects.get().code
    answer = client.post(f"{TRACK}take-back/{code}/", {"reason": "改用普通程序"})
    assert answer.headers["Location"] == TRACK, words(answer)
    proof = f"{TRACK}proof/{code}~M3/"
    assert "从业人员健康证明" in words(client.get(proof))
    assert client.post(proof, {"file": pdf()}).headers["Location"] == TRACK
    assert state_of("M3") == "given"


def test_declared_and_to_come_are_two_steps(desk: City, sign_in: SignIn) -> None:
    applied(**DECLARED, **DEFERRED)
    officer = sign_in("officer")
    with credit(Answer.YES):
        assert "告知承诺书已收下" in send(officer, "sign-declaration")
        said = send(officer, "accept-gap", **AT, **{"gap-M2": "2024-03-15"})
    assert "已容缺受理" in said
    assert (state_of("M2"), state_of("M3")) == ("deferred", "declared")


def hold(settings: Settings) -> None:
    """The register of licences knows the firm."""
    folder = settings.YINUO_FILES.with_name("held") / "电子证照库"
    folder.mkdir(parents=True)
    answer = {"fields": {"名称": FIRM.name}}
    (folder / f"{FIRM_CODE}.json").write_text(json.dumps(answer), encoding="utf-8")


def test_what_the_city_holds_is_used_with_consent_once_the_window_knows_who_applies(
    desk: City, settings: Settings, sign_in: SignIn
) -> None:
    hold(settings)
    client = applied(**HELD)
    assert "窗口核对身份后取用" in words(client.get("/services/receipt/"))
    assert (state_of("M4"), Consent.objects.count()) == ("missing", 0)
    assert "已取得1份材料" in send(sign_in("officer"), "use-held")
    assert state_of("M4") == "held"
    code = Consent.objects.get().code
    assert "撤回同意" in words(client.get(TRACK))
    assert client.post(f"{TRACK}end-consent/{code}/").headers["Location"] == TRACK
    assert state_of("M4") == "missing"


def test_what_is_not_held_is_said_and_stays_to_be_brought(desk: City, sign_in: SignIn) -> None:
    applied(**HELD)
    officer = sign_in("officer")
    assert "里没有查到申请人的“营业执照”" in send(officer, "use-held")
    assert state_of("M4") == "missing"


def test_the_window_asks_for_it_too(desk: City, settings: Settings, sign_in: SignIn) -> None:
    hold(settings)
    typed = {**TYPED, **GIVEN, **HELD, "window_unit": WINDOW, "received": "2024-03-04T09:10"}
    answer = sign_in("clerk").post(f"/work/desk/new/{ITEM}/", typed)
    assert answer.headers["Location"] == "/work/desk/receipt/", words(answer)
    assert state_of("M4") == "held"


def test_promises_of_others_are_nobodys(desk: City, sign_in: SignIn) -> None:
    applied(**DEFERRED)
    send(sign_in("officer"), "accept-gap", **AT, **{"gap-M2": "2024-03-15"})
    code = Deferral.objects.get().code
    other = applied()
    assert other.get(f"{TRACK}hand-in/{code}/").headers["Location"] == TRACK
    assert Client().post(f"{TRACK}hand-in/{code}/", {"file": pdf()}).headers["Location"] == TRACK
    assert Deferral.objects.get().state == "open"
