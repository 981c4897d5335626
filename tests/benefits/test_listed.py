"""The list that is up: who stands on it, what anybody may say, what officers then have to do."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from tests.benefits.fund import (
    MONDAY,
    POLICY,
    TODAY,
    calendar,
    open_fund,
    publish,
    screen,
)
from tests.city import City
from tests.visits import words
from yinuo.benefits.commands.approving import approve, ask_approval
from yinuo.benefits.commands.reviewing import clear, object_to, put_up
from yinuo.benefits.errors import UnknownAward, UnknownPolicy, WantsAnEye
from yinuo.benefits.models import Award
from yinuo.benefits.naming import masked_name
from yinuo.benefits.queries.awards import award
from yinuo.benefits.queries.listed import public_listed, public_listed_award
from yinuo.benefits.queries.to_do import to_do
from yinuo.kernel.instants import civil_date
from yinuo.ledger.models import Entry
from yinuo.web import clock, objecting

LAST = TODAY + timedelta(days=7)
AFTER = MONDAY + timedelta(days=9)


@pytest.fixture
def city(db: None, tmp_path: Path) -> City:
    made = open_fund()
    screen(made, tmp_path, publish(made))
    put_up(policy=POLICY, by=made["officer"], at=MONDAY, calendar=calendar())
    return made


def test_it_is_up_until_its_last_day(city: City) -> None:
    del city
    page = public_listed(policy=POLICY, on=LAST)
    assert [row.name for row in page.rows] == ["东海渔具有限公司", "海山木器有限公司"]
    assert (page.total, page.amount) == (2, 17_450_00)
    assert {row.object_until for row in page.rows} == {LAST}
    assert public_listed(policy=POLICY, on=LAST + timedelta(days=1)).rows == ()
    with pytest.raises(UnknownPolicy):
        public_listed(policy="none", on=LAST)
    with pytest.raises(UnknownAward):
        public_listed_award(policy=POLICY, code="DX-2024-00000009", on=LAST)


def test_of_a_person_only_the_first_character(city: City) -> None:
    del city
    row = Award.objects.get(entity="E01")
    Award.objects.filter(pk=row.pk).update(credit_code="", number_text=row.name_text)
    assert public_listed_award(policy=POLICY, code=row.code, on=LAST).name == "东＊＊＊＊＊＊＊"
    assert masked_name("人") == "人＊"


def test_every_objection_is_kept_and_stops_the_approval(city: City) -> None:
    code = Award.objects.get(entity="E01").code
    for reason in ("听说已经停产", "地址上没有这家"):
        object_to(award=code, reason=reason, today=TODAY, at=MONDAY)
    seen = award(viewer=city["officer"], code=code)
    assert [what for _at, what in seen.objections] == ["地址上没有这家", "听说已经停产"]
    with pytest.raises(WantsAnEye):
        ask_approval(policy=POLICY, by=city["officer"], at=AFTER)
    assert [(one.what, one.under) for one in to_do(viewer=city["officer"], today=TODAY)] == [
        ("核对兑现", "1 家，抽中或可疑的，要有人看过")
    ]


def test_what_waits_follows_the_money(city: City) -> None:
    today = civil_date(AFTER)

    def waits(who: str) -> list[str]:
        return [one.what for one in to_do(viewer=city[who], today=today)]

    assert waits("officer") == waits("officer2") == ["报批"]
    ask_approval(policy=POLICY, by=city["officer"], at=AFTER)
    assert (waits("officer"), waits("officer2")) == ([], ["批准"])
    approve(policy=POLICY, by=city["officer2"], at=AFTER, calendar=calendar())
    assert waits("officer") == []
    assert waits("stranger") == waits("auditor") == []


def test_a_visitor_objects_but_not_without_end(
    city: City, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.YINUO_CITY = "大连市"
    monkeypatch.setattr(clock, "now", lambda: MONDAY)
    code = Award.objects.get(entity="E02").code
    address, client = reverse("benefit_object", args=[POLICY, code]), Client()
    answer = client.post(address, {"reason": " "})
    assert answer.status_code == 422
    answers = [client.post(address, {"reason": "同一负责人"}) for _ in range(6)]
    assert [each.status_code for each in answers] == [302] * 5 + [objecting.TOO_MANY]
    assert "分钟后再提" in words(answers[-1])
    assert Entry.objects.filter(subject=f"award:{code}", verb="award.objected").count() == 5
    clear(award=code, by=city["officer"], at=MONDAY)
