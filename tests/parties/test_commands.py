"""Accounts and duties: two persons for every right."""

from datetime import UTC, datetime

import pytest

from yinuo.ledger.models import Entry, Text
from yinuo.parties.commands import (
    OPERATOR,
    NewUnit,
    approve_duty,
    ask_duty,
    end_duty,
    found_duties,
    open_account,
    register_units,
    set_password,
)
from yinuo.parties.errors import AlreadyFounded, DutyDecided, UsernameTaken, WeakPassword
from yinuo.parties.models import Account
from yinuo.parties.queries import duties, names, public_viewer
from yinuo.parties.viewer import ANYONE, NotAllowed, Viewer

pytestmark = pytest.mark.django_db
AT = datetime(2024, 3, 1, 1, 0, tzinfo=UTC)
PASSWORD = "一个足够长的密码 2024"  # test accounts only


def account(username: str) -> int:
    return open_account(
        username=username, name=f"测试{username}", password=PASSWORD, by=OPERATOR, at=AT
    )


@pytest.fixture
def office() -> tuple[Viewer, Viewer, int]:
    """Two administrators of the city and an account without duties."""
    units = [
        NewUnit(code="C", name="大连市", kind="city"),
        NewUnit(code="A", name="甲部门", kind="department", parent="C"),
        NewUnit(code="A1", name="甲部门一处", kind="department", parent="A"),
    ]
    register_units(units=units, by=OPERATOR, at=AT)
    first, second, third = account("first"), account("second"), account("third")
    found_duties(duties=[("first", "administrator", "C"), ("second", "administrator", "C")], at=AT)
    return public_viewer(first), public_viewer(second), third


def test_a_duty_takes_effect_when_a_second_person_approves(
    office: tuple[Viewer, Viewer, int],
) -> None:
    first, second, third = office
    duty = ask_duty(username="third", role="officer", unit="A", by=first, at=AT)
    assert public_viewer(third).officer_of == frozenset()
    with pytest.raises(NotAllowed, match="申请人"):
        approve_duty(duty=duty, by=first, at=AT)
    approve_duty(duty=duty, by=second, at=AT)
    assert public_viewer(third).officer_of == {"A"}
    with pytest.raises(DutyDecided):
        approve_duty(duty=duty, by=second, at=AT)


def test_nobody_approves_a_duty_for_themselves(office: tuple[Viewer, Viewer, int]) -> None:
    first, second, _third = office
    duty = ask_duty(username="second", role="supervisor", unit="A", by=first, at=AT)
    with pytest.raises(NotAllowed):
        approve_duty(duty=duty, by=second, at=AT)


def test_an_ended_duty_allows_nothing(office: tuple[Viewer, Viewer, int]) -> None:
    first, second, third = office
    duty = ask_duty(username="third", role="officer", unit="A", by=first, at=AT)
    approve_duty(duty=duty, by=second, at=AT)
    end_duty(duty=duty, by=second, at=AT)
    assert public_viewer(third).held_for == frozenset()


def test_without_administration_no_duty_is_asked_or_listed(
    office: tuple[Viewer, Viewer, int],
) -> None:
    nobody = public_viewer(office[2])
    with pytest.raises(NotAllowed):
        ask_duty(username="third", role="officer", unit="A", by=nobody, at=AT)
    with pytest.raises(NotAllowed):
        duties(viewer=nobody)


def test_administration_reaches_the_units_below(office: tuple[Viewer, Viewer, int]) -> None:
    assert office[0].administrator_of == {"C", "A", "A1"}
    assert office[0].held_for == {"C"}


def test_the_first_duties_are_founded_once(office: tuple[Viewer, Viewer, int]) -> None:
    with pytest.raises(AlreadyFounded):
        found_duties(duties=[("third", "administrator", "C")], at=AT)


def test_a_user_name_is_taken_once(office: tuple[Viewer, Viewer, int]) -> None:
    with pytest.raises(UsernameTaken):
        account("third")


def test_a_weak_password_says_why(office: tuple[Viewer, Viewer, int]) -> None:
    with pytest.raises(WeakPassword, match="密码"):
        open_account(username="x", name="测试", password="12345", by=OPERATOR, at=AT)
    assert not Account.objects.filter(username="x").exists()


def test_passwords_are_argon2(argon2: None) -> None:
    register_units(units=[NewUnit(code="C", name="市", kind="city")], by=OPERATOR, at=AT)
    number = account("officer")
    stored = Account.objects.get(pk=number)
    assert stored.password.startswith("argon2$argon2id$")
    assert stored.check_password(PASSWORD)
    set_password(username="officer", password="另一个足够长的密码")
    assert not Account.objects.get(pk=number).check_password(PASSWORD)


def test_a_name_stands_apart_and_may_be_erased(office: tuple[Viewer, Viewer, int]) -> None:
    first, _second, third = office
    bodies = b"".join(bytes(e.body) for e in Entry.objects.filter(subject=f"account:{third}"))
    assert "测试third".encode() not in bodies
    assert names(actors=[f"account:{third}"], viewer=first) == {f"account:{third}": "测试third"}
    Text.objects.filter(text="测试third").delete()
    assert names(actors=[f"account:{third}"], viewer=first)[f"account:{third}"] == "（姓名已删除）"


def test_the_public_is_told_no_names(office: tuple[Viewer, Viewer, int]) -> None:
    assert names(actors=["account:1"], viewer=ANYONE) == {}


def test_waiting_duties_show_who_may_approve(office: tuple[Viewer, Viewer, int]) -> None:
    first, second, _third = office
    ask_duty(username="third", role="officer", unit="A", by=first, at=AT)
    waiting = {d.number: d.may_approve for d in duties(viewer=second) if d.state == "待批准"}
    assert list(waiting.values()) == [True]
    assert not any(d.may_approve for d in duties(viewer=first))
