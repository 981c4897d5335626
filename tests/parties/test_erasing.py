"""A person is forgotten: name, user name, duties, sessions; the record of what was done stays."""

from importlib import import_module

import pytest
from axes.models import AccessAttempt, AccessFailureLog
from django.conf import settings
from django.test import Client

from tests.city import CITY, JULY, LUSHUN, MARCH, OFFICE, PASSWORD, PULANDIAN, City, make_city
from tests.protectors import add_protectors, give, viewer
from tests.tables import tables_holding
from yinuo.commitments.commands import deliver
from yinuo.commitments.queries.detail import detail
from yinuo.commitments.wording import ERASED
from yinuo.ledger.commands.erasing import (
    ErasureDecided,
    ErasureWaiting,
    SamePerson,
    TextErased,
    TextNeeded,
    UnknownErasure,
    UnknownText,
)
from yinuo.ledger.commands.sealing import seal
from yinuo.ledger.memory import Memory
from yinuo.ledger.models import Entry, Text
from yinuo.ledger.replay import replay
from yinuo.ledger.tlog.note import Signer
from yinuo.ledger.verify import verify
from yinuo.parties.commands import (
    OPERATOR,
    approve_erasure,
    ask_duty,
    ask_person_erasure,
    ask_text_erasure,
    end_duty,
    open_account,
    refuse_erasure,
)
from yinuo.parties.errors import LastAdministrator, UnknownParty, UsernameTaken
from yinuo.parties.models import Account
from yinuo.parties.queries import (
    duties,
    erasure,
    erasures,
    names,
    public_viewer_named,
    text_to_erase,
)
from yinuo.parties.viewer import ANYONE, NotAllowed, Viewer

pytestmark = pytest.mark.django_db
USERNAME, NAME, REASON = "shengcheng-0801", "生成姓名零八", "生成姓名零九来电"


@pytest.fixture
def city(db: None) -> City:
    made = make_city()
    open_account(username=USERNAME, name=NAME, password=PASSWORD, by=OPERATOR, at=MARCH)
    give(made, USERNAME, "officer", LUSHUN)
    return made


@pytest.fixture
def people(city: City) -> dict[str, Viewer]:
    return add_protectors(city)


def person() -> Account:
    return Account.objects.get(username=USERNAME)


def erase(people: dict[str, Viewer], username: str = USERNAME) -> str:
    codes = ask_person_erasure(username=username, ground="ended", by=people["protect1"], at=JULY)
    approve_erasure(erasure=codes[0], by=people["protect2"], at=JULY)
    return codes[0]


def reason(city: City, code: str = "LS-002") -> str:
    """A report with somebody's name in its note; returns the reference of the note."""
    who = city["lushun"] if code.startswith("LS") else city["pulandian"]
    deliver.report(commitment=code, as_of_date=MARCH.date(), note=REASON, by=who, at=MARCH)
    return detail(code=code, viewer=who, today=JULY.date()).timeline[0].texts[0]


def test_no_entry_holds_a_user_name(city: City) -> None:
    bodies = b"".join(bytes(e.body) for e in Entry.objects.all())
    assert USERNAME.encode() not in bodies
    assert NAME.encode() not in bodies
    assert b'"username_text":"text:' in bodies


def test_a_person_is_erased_by_two_persons(
    city: City, people: dict[str, Viewer], signer: Signer, memory: Memory
) -> None:
    number, client = person().pk, Client()
    assert client.post("/signin/", {"username": USERNAME, "password": "falsch"}).status_code == 200
    assert AccessAttempt.objects.exists() or AccessFailureLog.objects.exists()
    client.post("/signin/", {"username": USERNAME, "password": PASSWORD})
    assert client.get("/work/").status_code == 200
    Client().post("/signin/", {"username": USERNAME.upper(), "password": "falsch"})
    ask_duty(username=USERNAME, role="auditor", unit=LUSHUN, by=city["admin"], at=MARCH)
    erase(people)
    for words in (USERNAME, USERNAME.upper(), NAME):
        assert tables_holding(words) == []
    row = Account.objects.get(pk=number)
    assert (row.username, row.is_active, row.has_usable_password()) == (
        f"erased-{number}",
        False,
        False,
    )
    assert not row.duties.filter(ended_at=None).exists()
    assert client.get("/work/").status_code == 302
    assert public_viewer_named(row.username) is None
    shown = next(d for d in duties(viewer=city["admin"]) if d.username == row.username)
    assert (shown.name, shown.state) == ("（姓名已删除）", "已结束")
    assert Entry.objects.filter(subject=f"account:{number}", verb="account.erased").exists()
    seal(signer=signer, memory=memory)
    assert verify(verifier=signer.verifier).faults == []
    assert replay().faults == []


def test_every_session_of_the_person_ends_and_no_other(
    city: City, people: dict[str, Viewer]
) -> None:
    clients = [Client(), Client()]
    for client, username in zip(clients, (USERNAME, "lushun"), strict=True):
        client.post("/signin/", {"username": username, "password": PASSWORD})
    erase(people)
    store = import_module(settings.SESSION_ENGINE).SessionStore
    keys = [client.cookies[settings.SESSION_COOKIE_NAME].value for client in clients]
    assert [store().exists(key) for key in keys] == [False, True]


def test_what_the_person_did_is_still_told(city: City, people: dict[str, Viewer]) -> None:
    actor = viewer(USERNAME)
    deliver.report(commitment="LS-002", as_of_date=MARCH.date(), note="进展", by=actor, at=MARCH)
    erase(people)
    told = detail(code="LS-002", viewer=city["auditor"], today=JULY.date()).timeline[0]
    assert told.who == "旅顺口区 填报人（姓名已删除）"
    assert names(actors=[actor.actor], viewer=city["auditor"]) == {actor.actor: "（姓名已删除）"}


@pytest.mark.parametrize("column", ["erased-999", "anything"])
def test_replay_finds_an_erased_account_that_was_given_a_name(
    city: City, people: dict[str, Viewer], column: str
) -> None:
    number = person().pk
    erase(people)
    Account.objects.filter(pk=number).update(username=column)
    assert [f.place for f in replay().faults] == [f"account:{number}"]


def test_nobody_decides_alone_or_about_themselves(city: City, people: dict[str, Viewer]) -> None:
    one, two = people["protect1"], people["protect2"]
    (first, _second) = ask_person_erasure(username="protect2", ground="ended", by=one, at=JULY)
    with pytest.raises(SamePerson):
        approve_erasure(erasure=first, by=one, at=JULY)
    with pytest.raises(NotAllowed, match="删除自己"):
        approve_erasure(erasure=first, by=two, at=JULY)
    assert not erasure(code=first, viewer=two).may_decide
    assert person().is_active
    give(city, "lushun", "protector", CITY)
    approve_erasure(erasure=first, by=viewer("lushun"), at=JULY)
    assert public_viewer_named("protect2") is None


def test_the_last_administrator_of_a_unit_stays(city: City, people: dict[str, Viewer]) -> None:
    erase(people, "admin")
    with pytest.raises(LastAdministrator, match="最后一名管理员"):
        ask_person_erasure(username="admin2", ground="ended", by=people["protect1"], at=JULY)


def test_whoever_became_the_last_administrator_meanwhile_stays(
    city: City, people: dict[str, Viewer]
) -> None:
    codes = ask_person_erasure(username="admin", ground="ended", by=people["protect1"], at=JULY)
    held = next(d for d in duties(viewer=city["admin"]) if d.username == "admin2")
    end_duty(duty=held.number, by=city["admin"], at=JULY)
    with pytest.raises(LastAdministrator):
        approve_erasure(erasure=codes[0], by=people["protect2"], at=JULY)
    assert Account.objects.get(username="admin").is_active
    assert replay().faults == []


def test_an_administrator_above_is_enough(city: City, people: dict[str, Viewer]) -> None:
    give(city, USERNAME, "administrator", LUSHUN)
    erase(people)
    assert not Account.objects.filter(username=USERNAME).exists()


def test_a_person_is_erased_whole_or_not_at_all(city: City, people: dict[str, Viewer]) -> None:
    for text in (person().name_text, person().username_text):
        with pytest.raises(TextNeeded):
            ask_text_erasure(text=text, ground="ended", by=people["protect1"], at=JULY)
    codes = ask_person_erasure(username=USERNAME, ground="ended", by=people["protect1"], at=JULY)
    approve_erasure(erasure=codes[1], by=people["protect2"], at=JULY)
    assert {e.state for e in erasures(viewer=people["protect1"])} == {"已删除"}
    assert [e.codes for e in erasures(viewer=people["protect1"])] == [codes]


def test_a_refused_person_stays_as_they_are(city: City, people: dict[str, Viewer]) -> None:
    codes = ask_person_erasure(username=USERNAME, ground="ended", by=people["protect1"], at=JULY)
    refuse_erasure(erasure=codes[0], reason="仍在任职", by=people["protect2"], at=JULY)
    assert viewer(USERNAME).officer_of == {LUSHUN}
    (shown,) = erasures(viewer=people["protect1"])
    assert (shown.state, shown.refusal) == ("不予删除", "仍在任职")
    with pytest.raises(ErasureDecided):
        approve_erasure(erasure=codes[0], by=people["protect2"], at=JULY)


def test_twice_is_an_error(city: City, people: dict[str, Viewer]) -> None:
    number = person().pk
    ask_person_erasure(username=USERNAME, ground="ended", by=people["protect1"], at=JULY)
    with pytest.raises(ErasureWaiting):
        ask_person_erasure(username=USERNAME, ground="ended", by=people["protect2"], at=JULY)
    approve_erasure(erasure="E1", by=people["protect2"], at=JULY)
    with pytest.raises(TextErased):
        ask_person_erasure(
            username=f"erased-{number}", ground="ended", by=people["protect1"], at=JULY
        )
    with pytest.raises(UnknownParty):
        ask_person_erasure(username=USERNAME, ground="ended", by=people["protect1"], at=JULY)


def test_the_place_of_an_erased_account_cannot_be_taken(db: None) -> None:
    with pytest.raises(UsernameTaken):
        open_account(username="erased-7", name="某", password=PASSWORD, by=OPERATOR, at=MARCH)


def test_a_text_is_erased_by_protectors_of_its_unit(city: City, people: dict[str, Viewer]) -> None:
    text = reason(city)
    code = ask_text_erasure(text=text, ground="withdrawn", by=people["protect1"], at=JULY)
    with pytest.raises(SamePerson):
        approve_erasure(erasure=code, by=people["protect1"], at=JULY)
    approve_erasure(erasure=code, by=people["protect2"], at=JULY)
    assert tables_holding(REASON) == []
    shown = detail(code="LS-002", viewer=ANYONE, today=JULY.date())
    assert shown.timeline[0].why == (
        f"{ERASED}2024年7月15日，依据个人信息保护法第四十七条第一款第三项：个人撤回同意（编号 E1）"
    )
    assert shown.reports[0].note == shown.timeline[0].why
    assert shown.timeline[0].texts == ()


def test_a_text_that_vanished_without_the_law_is_not_called_erased(city: City) -> None:
    Text.objects.filter(hash=reason(city).removeprefix("text:")).delete()
    shown = detail(code="LS-002", viewer=ANYONE, today=JULY.date())
    assert "账本上没有依法删除的记录" in shown.timeline[0].why


def test_others_may_neither_ask_nor_decide(city: City, people: dict[str, Viewer]) -> None:
    text = reason(city)
    others = [city[name] for name in ("lushun", "supervisor", "admin", "auditor")]
    for by in [*others, people["protect3"], ANYONE]:
        with pytest.raises(NotAllowed):
            text_to_erase(text=text, viewer=by)
        with pytest.raises(NotAllowed):
            ask_text_erasure(text=text, ground="ended", by=by, at=JULY)
    code = ask_text_erasure(text=text, ground="ended", by=people["protect1"], at=JULY)
    for by in [*others, people["protect3"], ANYONE]:
        with pytest.raises(NotAllowed):
            approve_erasure(erasure=code, by=by, at=JULY)
        with pytest.raises(NotAllowed):
            refuse_erasure(erasure=code, reason="不", by=by, at=JULY)


def test_a_protector_below_answers_for_the_unit_below_alone(
    city: City, people: dict[str, Viewer]
) -> None:
    below = people["protect3"]
    text = reason(city, "PL-001")
    assert text_to_erase(text=text, viewer=below).words == (REASON,)
    with pytest.raises(NotAllowed):
        ask_person_erasure(username=USERNAME, ground="ended", by=below, at=JULY)
    give(city, "pulandian", "officer", LUSHUN)
    with pytest.raises(NotAllowed):  # on duty elsewhere as well
        ask_person_erasure(username="pulandian", ground="ended", by=below, at=JULY)
    code = ask_text_erasure(text=text, ground="ended", by=below, at=JULY)
    approve_erasure(erasure=code, by=people["protect2"], at=JULY)
    assert tables_holding(REASON) == []


def test_a_person_without_duty_is_for_the_top_unit(city: City, people: dict[str, Viewer]) -> None:
    open_account(username="idle", name="生成闲人", password=PASSWORD, by=OPERATOR, at=MARCH)
    with pytest.raises(NotAllowed):
        ask_person_erasure(username="idle", ground="ended", by=people["protect3"], at=JULY)
    erase(people, "idle")
    assert tables_holding("生成闲人") == []


def test_a_protector_sees_closed_promises_of_the_units_below_and_no_others(
    city: City, people: dict[str, Viewer]
) -> None:
    today = JULY.date()
    assert detail(code="LS-009", viewer=people["protect1"], today=today).protects
    assert detail(code="PL-001", viewer=people["protect3"], today=today).protects
    assert not detail(code="LS-001", viewer=people["protect3"], today=today).protects
    text = reason(city, "LS-009")
    with pytest.raises(NotAllowed):
        text_to_erase(text=text, viewer=people["protect3"])
    code = ask_text_erasure(text=text, ground="ended", by=people["protect1"], at=JULY)
    approve_erasure(erasure=code, by=people["protect2"], at=JULY)
    public = b"".join(bytes(e.body) for e in Entry.objects.filter(subject=f"erasure:{code}"))
    assert b"LS-009" not in public


def test_who_sees_the_list_and_who_the_words(city: City, people: dict[str, Viewer]) -> None:
    code = ask_text_erasure(text=reason(city), ground="ended", by=people["protect1"], at=JULY)
    seen = {
        name: erasure(code=code, viewer=city.viewers.get(name) or people[name])
        for name in ("protect1", "protect2", "protect3", "admin", "auditor")
    }
    words = {name: it.to_erase.words if it.to_erase else () for name, it in seen.items()}
    assert words == {
        "protect1": (REASON,),
        "protect2": (REASON,),
        "protect3": (),
        "admin": (),
        "auditor": (),
    }
    assert [name for name, it in seen.items() if it.may_decide] == ["protect2"]
    for by in (city["lushun"], city["supervisor"], ANYONE):
        with pytest.raises(NotAllowed):
            erasures(viewer=by)
    with pytest.raises(UnknownErasure):
        erasure(code="E9", viewer=city["auditor"])


def test_an_unknown_text_is_refused(city: City, people: dict[str, Viewer]) -> None:
    with pytest.raises(UnknownText):
        ask_text_erasure(text="text:" + "0" * 64, ground="ended", by=people["protect1"], at=JULY)


def test_a_text_asked_for_is_offered_to_nobody_else(city: City, people: dict[str, Viewer]) -> None:
    text = reason(city)
    ask_text_erasure(text=text, ground="ended", by=people["protect1"], at=JULY)
    assert detail(code="LS-002", viewer=ANYONE, today=JULY.date()).timeline[0].texts == ()
    with pytest.raises(ErasureWaiting):
        text_to_erase(text=text, viewer=people["protect2"])


def test_duty_of_a_protector_is_given_by_two(city: City, people: dict[str, Viewer]) -> None:
    assert people["protect1"].protector_of == {CITY, OFFICE, LUSHUN, PULANDIAN}
    assert people["protect3"].protector_of == {PULANDIAN}
