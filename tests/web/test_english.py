"""The pages for the public in English: whole, at their own address, and nothing stored in it."""

import re
from datetime import date
from io import BytesIO

import openpyxl
import pytest
from django.contrib.auth import get_user_model
from django.test import Client
from django.urls import resolve, reverse
from django.utils import translation
from pytest_django import Settings

from tests.city import JULY, City
from tests.english import said
from tests.visits import SignIn, body
from tests.web.routes import GET, POST, VIEWERS, Route, make_history
from yinuo.commitments.commands import change, deliver
from yinuo.commitments.commands.publish import publish
from yinuo.commitments.errors import UnknownCommitment
from yinuo.commitments.figures import say
from yinuo.commitments.life import ChangeKind, Visibility
from yinuo.commitments.words import days_left, mark
from yinuo.kernel.errors import YinuoError
from yinuo.ledger.models import Entry, Text
from yinuo.ledger.tlog.code import (
    CodeMistyped,
    CodeWithoutSize,
    UnknownCharacter,
    WrongCodeLength,
)
from yinuo.parties.viewer import NotAllowed
from yinuo.web.days import day
from yinuo.web.faults import told
from yinuo.web.templatetags.yinuo import moment
from yinuo.web.urls import TRANSLATED, urlpatterns

pytestmark = pytest.mark.django_db


def public_routes() -> list[Route]:
    return [route for route in GET if route.name in TRANSLATED]


def english(route: Route) -> str:
    with translation.override("en"):
        return reverse(route.name, args=route.args)


@pytest.fixture
def told_city(city: City, settings: Settings) -> City:
    """A city with a history in which every kind of step is told, and a deadline moved twice."""
    settings.YINUO_DEMO_DATE = "2024-07-15"
    make_history(city)
    lushun, supervisor = city["lushun"], city["supervisor"]
    change.approve(change="LS-003/C1", reason="同意", by=supervisor, at=JULY)
    for due in ("2025-03-31", "2025-06-30"):
        number = change.ask(
            commitment="LS-003",
            kind=ChangeKind.MOVED,
            new={"due": due},
            reason="再延一次",
            by=lushun,
            at=JULY,
        )
        change.approve(change=number, reason="同意", by=supervisor, at=JULY)
    deliver.report(
        commitment="LS-001",
        as_of_date=date(2024, 7, 10),
        value="3",
        note="完成三项",
        by=lushun,
        at=JULY,
    )
    change.ask(
        commitment="LS-001",
        kind=ChangeKind.MOVED,
        new={"due": "2024-08-31"},
        reason="档案还在核对",
        by=lushun,
        at=JULY,
    )
    return city


# ── addresses ───────────────────────────────────────────────────────────────────────────────────


def test_public_pages_have_two_addresses_and_others_one() -> None:
    for pattern in urlpatterns:
        args = [
            0 if "int:" in part else "X" for part in re.findall(r"<[^>]+>", str(pattern.pattern))
        ]
        path = reverse(str(pattern.name), args=args)
        with translation.override("en"):
            assert reverse(str(pattern.name), args=args) == (
                f"/en{path}" if pattern.name in TRANSLATED else path
            )


# Every page asks PostgreSQL in test_matrix; in English it asks nothing else.
@pytest.mark.engine("sqlite")
@pytest.mark.slow
@pytest.mark.parametrize("place", range(len(VIEWERS)), ids=[v or "anyone" for v in VIEWERS])
def test_both_addresses_answer_alike(told_city: City, sign_in: SignIn, place: int) -> None:
    """Role × route for /en/: what is closed in Chinese is closed in English."""
    client = sign_in(VIEWERS[place])
    wrong = {}
    for route in public_routes():
        found = client.get(english(route))
        assert body(found) or found.status_code in {302, 405}
        if found.status_code != route.statuses[place]:
            wrong[route.name, route.args] = (found.status_code, route.statuses[place])
    assert wrong == {}


def test_nothing_else_is_there_in_english(told_city: City, sign_in: SignIn) -> None:
    """Forms that change anything are in Chinese alone, so nothing is stored in English."""
    client = sign_in("supervisor")
    paths = ["/en" + reverse(r.name, args=r.args) for r in GET if r.name not in TRANSLATED]
    assert len(paths) > 20
    assert {client.get(path).status_code for path in paths} == {404}
    taken = {p.name: str(p.pattern).count("<") for p in urlpatterns}
    inner = [r for r in POST if r.name not in TRANSLATED]
    steps = ["/en" + reverse(r.name, args=r.args[: taken[r.name]]) for r in inner]
    before = Entry.objects.count()
    assert {client.post(path).status_code for path in steps} == {404}
    assert Entry.objects.count() == before


def test_the_address_alone_decides(city: City) -> None:
    foreign = {"Accept-Language": "en-GB,en;q=0.9"}
    plain = Client().get("/", headers=foreign)
    assert plain.headers["Content-Language"] == "zh-Hans"
    assert "Accept-Language" not in plain.headers.get("Vary", "")
    assert "总览" in body(plain).decode()
    answer = Client().get("/en/", headers={"Accept-Language": "zh-CN"})
    assert answer.headers["Content-Language"] == "en"
    assert not answer.cookies
    assert Client().get("/en").headers["Location"] == "/en/"


def test_each_page_leads_to_the_same_in_the_other_language(told_city: City) -> None:
    client = Client()
    for path in ("/", "/commitments/LS-001/", "/commitments/?state=overdue&goal=G-1", "/about/"):
        for here, there, tag in ((path, f"/en{path}", "en"), (f"/en{path}", path, "zh-Hans")):
            page = said(body(client.get(here)))
            assert page.links == {tag: there}
            assert page.alternates == {"zh-Hans": path, "en": f"/en{path}"}
            assert page.languages == ["en" if here.startswith("/en") else "zh-Hans"]


def test_pages_in_one_language_alone_offer_no_other(told_city: City, sign_in: SignIn) -> None:
    page = said(body(sign_in("supervisor").get("/work/")))
    assert page.links == page.alternates == {}
    assert page.languages == ["zh-Hans"]


def test_signing_in_and_out_in_english(city: City) -> None:
    client = Client()
    wrong = client.post("/en/signin/", {"username": "lushun", "password": ""})
    assert "Please fill in: Password" in body(wrong).decode()
    answer = client.post("/en/signin/", {"username": "lushun", "password": "wrong"})
    assert "User name or password is wrong" in body(answer).decode()
    client.force_login(get_user_model().objects.get(username="lushun"))
    assert client.post("/en/signout/").headers["Location"] == "/en/"


# ── words ───────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.slow
@pytest.mark.parametrize("username", ["", "lushun", "supervisor", "admin2"])
def test_no_word_stays_chinese_unmarked(told_city: City, sign_in: SignIn, username: str) -> None:
    client = sign_in(username)
    paths = [english(route) for route in public_routes()]
    paths += [
        f"/en/commitments/{code}/" for code in ("LS-001", "LS-002", "LS-003", "PL-001", "NO-001")
    ]
    paths += [f"/en/commitments/?state={s}" for s in ("overdue", "kept", "undated", "moved")]
    paths += [
        "/en/commitments/?text=zzz",
        "/en/commitments/?after=x",
        "/en/commitments/NOPE/",
        "/en/observations/?text=zzz",
        "/en/ledger/check/?code=12-AB",
        "/en/ledger/check/?code=12-ABCD-ABCD-ABCD-ABCD-ABCD-ABCD-ABCD-ABCD-AB",
        "/en/nothing/",
    ]
    left = {}
    for path in paths:
        answer = client.get(path)
        raw = body(answer)
        if answer.headers.get("Content-Type", "").startswith("text/html") and raw:
            page = said(raw)
            assert page.languages == ["en"], path
            if page.han:
                left[path] = page.han
    assert left == {}


def test_a_public_file_is_told_in_english(told_city: City) -> None:
    path = "/commitments/LS-001/evidence/1/"
    for page in (f"/en{path}", "/en/commitments/LS-001/"):
        raw = body(Client().get(page))
        assert said(raw).han == []
        assert "picture" in raw.decode()


def test_the_check_for_han_sees_it() -> None:
    """The test above would also pass if it saw nothing."""
    page = said(
        '<html lang="en"><p>未<b lang="zh-Hans" title="标">标</b></p><i title="题"></i>'.encode()
    )
    assert page.han == ["未", "i title=题"]


def test_numbers_choose_the_form(told_city: City) -> None:
    with translation.override("en"):
        assert days_left(date(2024, 7, 16), date(2024, 7, 15)) == "1 day left"
        assert days_left(date(2024, 7, 17), date(2024, 7, 15)) == "2 days left"
        assert days_left(date(2024, 7, 14), date(2024, 7, 15)) == "1 day overdue"
    page = body(Client().get("/en/commitments/LS-003/")).decode()
    assert "Moved 2 times, 182 days later in all." in page
    assert "= 7" in body(Client().get("/en/commitments/LS-001/")).decode()


@pytest.mark.parametrize(
    ("value", "unit", "told"),
    [
        ("3800", "个", "3,800"),
        ("3200000", "份", "3.2 million"),
        ("1", "万名", "10,000 people"),
        ("1", "名", "1 person"),
        ("5600", "万元", "56 million yuan"),
        ("1.06", "亿元", "106 million yuan"),
        ("1200", "亿元", "120 billion yuan"),
        ("100000000", "人次", "100 million visits"),
        ("1234567", "人", "1,234,567 people"),
        ("14", "%", "14%"),
        ("-60", "℃", "-60 °C"),
        ("3", "个百分点", "3 percentage points"),
        ("12", "怪单位", "12 怪单位"),
        ("5", "", "5"),
    ],
)
def test_figures_are_said_as_people_say_them(value: str, unit: str, told: str) -> None:
    with translation.override("en"):
        assert say(value, unit) == told


def test_dates_are_said_as_people_say_them() -> None:
    with translation.override("en"):
        assert day(date(2024, 2, 27)) == "27 February 2024"
        assert moment(JULY) == "15 July 2024, 10:00"
    assert day(date(2024, 2, 27)) == "2024年2月27日"
    assert moment(JULY) == "2024年7月15日 10:00"


def test_the_words_of_the_glossary() -> None:
    today = date(2024, 7, 15)
    with translation.override("en"):
        words = {
            outcome: mark(status="kept", outcome=outcome, due=today, today=today).word
            for outcome in ("kept_on_time", "kept_after_move", "kept_late", "kept_in_part")
        }
    assert words == {
        "kept_on_time": "Kept on time",
        "kept_after_move": "Kept after its deadline was moved",
        "kept_late": "Kept late",
        "kept_in_part": "Kept in part",
    }


# ── errors ──────────────────────────────────────────────────────────────────────────────────────


def test_errors_are_told_in_english(told_city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    client = Client(raise_request_exception=False)
    for path, status, words in (
        ("/en/nothing/", 404, "There is no such page"),
        ("/en/commitments/NOPE/", 404, "There is no promise numbered NOPE"),
        ("/en/commitments/?after=x", 400, "The link to the next page is damaged"),
    ):
        answer = client.get(path)
        assert (answer.status_code, answer.headers["Content-Language"]) == (status, "en")
        assert words in body(answer).decode()


@pytest.mark.parametrize(
    ("error", "said_in_english"),
    [
        (CodeWithoutSize("x"), "Begin with the number of entries, such as 20852-1CA6-…."),
        (WrongCodeLength(3), "After the number of entries come 8 groups"),
        (UnknownCharacter("U", 3), "no I, L, O or U"),
        (CodeMistyped("yinuo.test"), "do not fit the rest"),
        (NotAllowed("只有督查人可以这样做"), "This could not be done."),
    ],
)
def test_errors_of_pure_code_are_told_by_their_kind(
    error: YinuoError, said_in_english: str
) -> None:
    with translation.override("en"):
        assert said_in_english in told(error).sentences
        assert told(UnknownCommitment("X")).what == "There is no promise numbered X"
    assert error.what in told(error).sentences


def test_a_withdrawn_page_is_told_in_english(told_city: City) -> None:
    publish(
        commitments=["LS-002"],
        visibility=Visibility.CLOSED,
        by=told_city["supervisor"],
        at=JULY,
    )
    answer = Client().get("/en/commitments/LS-002/")
    assert answer.status_code == 410
    page = body(answer)
    assert "Promise LS-002 is no longer public" in page.decode()
    assert "set to &quot;Closed&quot;" in page.decode() or 'set to "Closed"' in page.decode()
    assert said(page).han == []


def test_a_form_from_elsewhere_and_a_fault_of_the_server(
    city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer = Client(enforce_csrf_checks=True).post("/en/signin/", {"username": "x"})
    assert answer.status_code == 403
    assert "This form has expired" in body(answer).decode()
    assert said(body(answer)).han == []

    def broken(**_arguments: object) -> None:
        raise RuntimeError("boom")

    monkeypatch.setattr("yinuo.web.views.board.standings", broken)
    answer = Client(raise_request_exception=False).get("/en/")
    assert answer.status_code == 500
    assert "The server failed" in body(answer).decode()
    assert said(body(answer)).languages == ["en"]
    elsewhere = Client().get("/en/", headers={"host": "elsewhere.example"})
    assert elsewhere.status_code == 400
    assert "The server did not understand" in body(elsewhere).decode()


# ── what is stored stays as it is ───────────────────────────────────────────────────────────────


def test_what_is_stored_does_not_depend_on_the_language(city: City) -> None:
    """A report and a change made while English is spoken leave the same bytes as in Chinese."""

    def act(commitment: str) -> tuple[list[bytes], list[str]]:
        entry, text = (
            Entry.objects.latest("id").pk,
            set(Text.objects.values_list("hash", flat=True)),
        )
        deliver.report(
            commitment=commitment, as_of_date=JULY.date(), note="做了", by=city["lushun"], at=JULY
        )
        change.ask(
            commitment=commitment,
            kind=ChangeKind.MOVED,
            new={"due": "2025-12-31"},
            reason="来不及",
            by=city["lushun"],
            at=JULY,
        )
        bodies = Entry.objects.filter(pk__gt=entry).order_by("pk").values_list("body", flat=True)
        texts = Text.objects.exclude(hash__in=text).values_list("text", flat=True)
        plain = [
            re.sub(rb"text:[0-9a-f]{64}", b"text", bytes(b).replace(commitment.encode(), b"CODE"))
            for b in bodies
        ]
        return plain, sorted(texts)

    in_chinese = act("LS-002")
    with translation.override("en"):
        in_english = act("LS-003")
    assert len(in_chinese[0]) == 2
    assert [re.sub(rb'"old":\{[^}]*\}', b"", b) for b in in_english[0]] == [
        re.sub(rb'"old":\{[^}]*\}', b"", b) for b in in_chinese[0]
    ]
    assert in_english[1] == in_chinese[1]


def test_downloads_have_headers_in_the_language_of_the_page(told_city: City) -> None:
    def sheet(path: str) -> list[list[object]]:
        book = openpyxl.load_workbook(BytesIO(body(Client().get(path))))
        return [[cell.value for cell in row] for row in book.active.iter_rows()]

    english, chinese = sheet("/en/commitments.xlsx"), sheet("/commitments.xlsx")
    assert english[2][:3] == ["Number", "Kind", "What is promised"]
    assert chinese[2][:3] == ["编号", "类型", "承诺内容"]
    assert english[0][0] == "Promises"
    assert "as of 15 July 2024. Demonstration data" in str(english[1][0])
    assert [row[0] for row in english[3:]] == [row[0] for row in chinese[3:]]
    assert {row[12] for row in english[3:]} >= {"Overdue", "Awaiting verification"}


def test_the_code_on_paper_leads_to_the_page_in_its_language() -> None:
    assert resolve("/ledger/check/").url_name == "ledger_check"
    with translation.override("en"):
        assert resolve("/en/ledger/check/").url_name == "ledger_check"
