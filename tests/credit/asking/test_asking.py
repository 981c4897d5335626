import json
from datetime import date, timedelta

import pytest

from tests.credit.asking.counter import NOBODY, NOW, Counter
from yinuo.credit.commands.consents import withdraw_consent
from yinuo.credit.errors.asking import BadNumber, MayNotAsk
from yinuo.credit.models import CreditConsent
from yinuo.credit.queries.asking import Asker, scenarios
from yinuo.credit.scenarios.definition import UnknownScenario
from yinuo.web.asking import asking

CODE, TRADER = "91350100M000100Y43", "92210200MA0000001P"


def test_each_unit_may_ask_its_own_questions(counter: Counter) -> None:
    mine = {
        who: [one.id for one in scenarios(asking=asking(), viewer=Asker.officer(counter.city[who]))]
        for who in ("hospital", "village", "bank", "window", "scenic", "steward", "auditor")
    }
    assert mine == {
        "hospital": ["medicine"],
        "village": ["village"],
        "bank": ["finance", "village"],
        "window": ["tax"],
        "scenic": ["tourism"],
        "steward": [],
        "auditor": [],
    }


def test_who_has_no_records_and_pays_can_pay_later(counter: Counter) -> None:
    counter.consent(NOBODY)
    found = counter.ask(NOBODY)
    assert (found.answer, found.outcome) == ("yes", "可以先诊疗后付费")
    assert found.reason == "没有到期未付的诊疗费"
    assert (found.on, found.until) == (date(2024, 3, 7), date(2024, 3, 8))
    assert found.as_of == date(2024, 3, 4)


def test_a_fact_of_the_lake_decides(counter: Counter) -> None:
    listed = next(one for one in counter.village if one.listed)
    counter.consent(listed.number, name=listed.name)
    found = counter.ask(listed.number)
    assert (found.answer, found.reason) == ("no", "在严重失信主体名单")


@pytest.mark.parametrize("who", ["bank", "steward", "auditor", "village"])
def test_others_may_not_ask_it(counter: Counter, who: str) -> None:
    counter.consent(NOBODY)
    with pytest.raises(MayNotAsk):
        counter.ask(NOBODY, who=who)


def test_without_consent_nothing_is_looked_up(counter: Counter) -> None:
    listed = next(one for one in counter.village if one.listed)
    said = set()
    for number in (NOBODY, listed.number):
        with pytest.raises(MayNotAsk) as refused:
            counter.ask(number)
        said.add(str(refused.value))
    assert len(said) == 1, "a refusal tells nothing about records"
    assert counter.looks() == []


def test_consent_is_for_one_purpose_and_one_unit(counter: Counter) -> None:
    counter.consent(NOBODY)
    for who, scenario in (("scenic", "tourism"), ("window", "tax")):
        with pytest.raises(MayNotAsk):
            counter.ask(NOBODY, who=who, scenario=scenario)


def test_consent_ends_on_its_day_and_when_it_is_withdrawn(counter: Counter) -> None:
    code = counter.consent(NOBODY, until=date(2024, 3, 8))
    counter.ask(NOBODY, at=NOW + timedelta(days=1))
    with pytest.raises(MayNotAsk):
        counter.ask(NOBODY, at=NOW + timedelta(days=2))
    subject = CreditConsent.objects.get(pk=code).subject_row_id
    withdraw_consent(consent=code, subject=subject, at=NOW)
    with pytest.raises(MayNotAsk):
        counter.ask(NOBODY)


def test_the_look_is_written_down_without_a_number(counter: Counter) -> None:
    code = counter.consent(NOBODY)
    counter.ask(NOBODY)
    (line,) = counter.looks()
    look = json.loads(line)
    account = counter.city["hospital"].actor
    assert (look["reader"], look["capacity"]) == (account, "officer:YY-DEMO")
    assert (look["purpose"], look["consent"]) == ("medical", code)
    assert look["fields"] == ["严重失信在列数", "未付清逾期笔数", "近一年逾期付清次数"]
    assert NOBODY not in line


@pytest.mark.parametrize("number", ["", "123", "110105194912310021", CODE, "1" * 400])
def test_a_number_that_is_none_is_not_repeated(counter: Counter, number: str) -> None:
    with pytest.raises(BadNumber) as refused:
        counter.ask(number)
    assert not number or number not in str(refused.value)


def test_a_person_is_never_asked_about_as_a_firm(counter: Counter) -> None:
    counter.consent(NOBODY)
    with pytest.raises(MayNotAsk):
        counter.ask(CODE, kind="firm")
    with pytest.raises(BadNumber):
        counter.ask(NOBODY, who="bank", scenario="finance", kind="firm")


def test_a_question_that_is_none(counter: Counter) -> None:
    with pytest.raises(UnknownScenario):
        counter.ask(NOBODY, scenario="horoscope")


def test_what_no_source_of_the_release_tells_is_not_determined(counter: Counter) -> None:
    """The lake of this test has neither taxes nor social insurance."""
    counter.consent(CODE, who="bank", scenario="finance", kind="firm")
    found = counter.ask(CODE, who="bank", scenario="finance", kind="firm")
    assert found.answer == "undetermined"
    assert "欠税未清数" in found.reason
    assert found.until == found.on
