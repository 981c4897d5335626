"""A case from receipt to delivery, and everything that may not happen on the way."""

from datetime import date, datetime, timedelta

import pytest

from tests.cases.desk import (
    MONDAY,
    PDF,
    apply,
    decide,
    make_desk,
    put_accepted_case,
    put_case,
    put_item,
    uploaded,
    whole,
)
from tests.city import City
from yinuo.cases.commands import accept, correct, deeming, versions
from yinuo.cases.commands import decide as deciding
from yinuo.cases.commands.materials import Choice
from yinuo.cases.errors.cases import NotFavourable, UnknownCase, UnknownTrack, WrongCaseState
from yinuo.cases.life import Accepted, Decision
from yinuo.cases.models import Case, CaseEvent, CaseMaterial, Correction
from yinuo.commitments.errors import Invalid
from yinuo.kernel.instants import SHANGHAI
from yinuo.ledger.commands.recording import StaleVersion
from yinuo.ledger.history import last_actor
from yinuo.ledger.replay import replay
from yinuo.notices.models import Message
from yinuo.parties.viewer import NotAllowed
from yinuo.web.files import store

pytestmark = pytest.mark.django_db
SAID = "缺场所平面图，请补交"


@pytest.fixture
def city() -> City:
    return make_desk()


def at(month: int, day: int, hour: int = 10) -> datetime:
    return datetime(2024, month, day, hour, tzinfo=SHANGHAI)


def row(code: str) -> Case:
    return Case.objects.get(code=code)


def ask(city: City, code: str, *keys: str, when: datetime = MONDAY) -> str:
    return correct.ask(case=code, keys=keys, said=SAID, by=city["clerk"], at=when)


def test_a_whole_life(city: City) -> None:
    code = put_accepted_case(city).code
    decide(city, code, at=at(3, 14, 16))
    deciding.deliver(case=code, by=city["clerk"], at=at(3, 15))
    found = row(code)
    assert (found.status, found.promised_kept, found.used_days) == ("delivered", True, 8)
    assert found.sort_due is None
    assert replay().faults == []


def test_a_promise_missed_is_broken_although_the_law_is_kept(city: City) -> None:
    code = put_accepted_case(city).code
    decide(city, code, at=at(3, 15))
    found = row(code)
    assert (found.promised_kept, found.legal_kept) == (False, True)


def test_what_is_missing_keeps_a_case_from_being_accepted(city: City) -> None:
    code = put_case(city, choices={"M1": Choice(kind="give")}).code
    with pytest.raises(Invalid, match="场所平面图"):
        accept.accept(case=code, by=city["clerk"], at=MONDAY)
    with pytest.raises(Invalid):
        accept.accept(case=code, how=Accepted.WITH_GAP, by=city["clerk"], at=MONDAY)
    assert row(code).status == "received"


def test_a_correction_is_asked_once_answered_and_accepted(city: City) -> None:
    receipt = apply(choices=uploaded("M1", "M2", "M3", "M4"))
    code = receipt.code
    ask_code = correct.ask(
        case=code, keys=["M2"], said=SAID, notice="补正〔2024〕1号", by=city["officer"], at=MONDAY
    )
    assert row(code).status == "correcting"
    assert not Correction.objects.get(code=ask_code).asked_late
    correct.answer(
        case=code,
        choices=uploaded("M2"),
        store=store(),
        at=at(3, 6),
        track=receipt.track,
    )
    found = row(code)
    assert (found.status, found.tell_due) == ("received", date(2024, 3, 13))
    accept.accept(case=code, by=city["officer"], at=at(3, 7))
    assert row(code).promised_due == date(2024, 3, 19)
    assert replay().faults == []


def test_one_correction_is_open_at_a_time(city: City) -> None:
    code = put_case(city).code
    ask(city, code, "M2")
    with pytest.raises(WrongCaseState):
        ask(city, code, "M2")


def test_what_was_not_told_the_first_time_cannot_be_asked_for_later(city: City) -> None:
    code = put_case(city).code
    ask(city, code, "M2")
    correct.answer(
        case=code, choices={"M2": Choice(kind="give")}, store=store(), at=MONDAY, by=city["clerk"]
    )
    with pytest.raises(Invalid, match="一次告知"):
        ask(city, code, "M2", "M3")
    assert ask(city, code, "M2").endswith("/B2")


def test_told_after_five_days_is_marked_and_not_refused(city: City) -> None:
    code = put_case(city).code
    assert Correction.objects.get(code=ask(city, code, "M2", when=at(3, 12))).asked_late


def test_answering_with_something_else_or_a_forged_code_is_refused(city: City) -> None:
    receipt = apply()
    code = receipt.code
    correct.ask(case=code, keys=["M2"], said=SAID, by=city["officer"], at=MONDAY)

    def answer(track: str, *keys: str) -> None:
        correct.answer(case=code, store=store(), at=MONDAY, choices=uploaded(*keys), track=track)

    with pytest.raises(Invalid, match="没有要求"):
        answer(receipt.track, "M2", "M3")
    with pytest.raises(UnknownTrack):
        answer("2222-2222-2222-2222", "M2")
    assert row(receipt.code).status == "correcting"


def test_silence_for_five_days_is_acceptance_as_of_the_day_it_came_in(city: City) -> None:
    code = put_case(city, choices={"M1": Choice(kind="give")}).code
    assert deeming.deem(at=at(3, 11, 23)) == 0
    assert deeming.deem(at=at(3, 12, 0)) == 1
    found = row(code)
    assert (found.accepted_how, found.accepted_at) == ("deemed", MONDAY)
    assert (found.promised_due, found.legal_due) == (date(2024, 3, 14), date(2024, 4, 1))
    assert "第三十二条" in CaseEvent.objects.get(case=code, event="受理").notice
    assert last_actor(found.subject, "case.deemed_accepted") == "operator:deeming"
    told = Message.objects.filter(topic="case.deemed_accepted")
    assert {one.account.username for one in told} >= {"officer", "officer2", "supervisor"}
    assert deeming.deem(at=at(3, 13)) == 0
    assert replay().faults == []


def test_what_was_told_in_time_is_not_deemed_accepted(city: City) -> None:
    code = put_case(city).code
    ask(city, code, "M2")
    assert deeming.deem(at=at(4, 1)) == 0


def test_silence_after_an_answer_counts_from_the_answer(city: City) -> None:
    code = put_case(city).code
    ask(city, code, "M2")
    paper = {"M2": Choice(kind="give")}
    correct.answer(case=code, choices=paper, store=store(), at=at(3, 6), by=city["clerk"])
    assert deeming.deem(at=at(3, 14)) == 1
    assert row(code).accepted_at == at(3, 6)


def test_who_accepted_does_not_decide(city: City) -> None:
    code = put_case(city).code
    accept.accept(case=code, by=city["officer"], at=MONDAY)
    with pytest.raises(NotAllowed):
        decide(city, code, at=at(3, 5))
    decide(city, code, at=at(3, 5), by=city["officer2"])
    assert row(code).status == "decided"


def test_who_accepted_may_decide_on_the_spot(city: City) -> None:
    put_item(
        city,
        code="SC-903",
        promised_limit="即办",
        handled="即办件",
        reviewed="即审即办",
    )
    code = put_case(city, item="SC-903").code
    accept.accept(case=code, by=city["officer"], at=MONDAY)
    assert row(code).promised_due == date(2024, 3, 4)
    decide(city, code, at=MONDAY + timedelta(minutes=9))
    assert row(code).promised_kept


def test_other_units_decide_nothing_and_see_nothing(city: City) -> None:
    code = put_accepted_case(city).code
    with pytest.raises(UnknownCase):
        decide(city, code, at=at(3, 5), by=city["fire"])
    with pytest.raises(NotAllowed):
        decide(city, code, at=at(3, 5), by=city["clerk2"])


def test_a_withdrawn_case_is_not_decided(city: City) -> None:
    receipt = put_accepted_case(city)
    accept.withdraw(case=receipt.code, reason="不办了", at=at(3, 5), track=receipt.track)
    with pytest.raises(WrongCaseState):
        decide(city, receipt.code, at=at(3, 6))
    assert row(receipt.code).sort_due is None
    assert replay().faults == []


def test_a_refusal_needs_its_reason(city: City) -> None:
    code = put_case(city).code
    with pytest.raises(Invalid):
        accept.refuse(case=code, reason=" ", by=city["clerk"], at=MONDAY)
    accept.refuse(case=code, reason="不属于本机关职权", by=city["clerk"], at=MONDAY)
    assert row(code).status == "refused"


def test_a_gap_is_decided_as_a_gap_and_as_nothing_else(city: City) -> None:
    code = put_accepted_case(city).code
    CaseMaterial.objects.filter(code=f"{code}/M2").update(state="deferred")
    with pytest.raises(Invalid, match="容缺"):
        decide(city, code, at=at(3, 5))
    decide(city, code, at=at(3, 5), decision=Decision.APPROVED_WITH_GAP)
    other = put_accepted_case(city).code
    with pytest.raises(Invalid):
        decide(city, other, at=at(3, 5), decision=Decision.APPROVED_WITH_GAP)


def test_a_decision_before_acceptance_or_in_the_future_is_refused(city: City) -> None:
    code = put_accepted_case(city).code
    for wrong in (at(3, 1), at(3, 9)):
        with pytest.raises(Invalid) as error:
            deciding.decide(
                case=code,
                decision=Decision.APPROVED,
                reason="符合",
                by=city["officer"],
                at=at(3, 5),
                happened_at=wrong,
            )
        assert error.value.faults[0][0] == "happened_at"


def test_a_reopened_case_is_counted_and_its_clock_never_stopped(city: City) -> None:
    code = put_accepted_case(city).code
    decide(city, code, at=at(3, 8))
    with pytest.raises(NotAllowed):
        deciding.reopen(case=code, reason="有误", by=city["officer2"], at=at(3, 11))
    deciding.reopen(case=code, reason="有误", by=city["supervisor"], at=at(3, 11))
    found = row(code)
    assert (found.status, found.reopened, found.promised_due) == (
        "accepted",
        1,
        date(2024, 3, 14),
    )
    decide(city, code, at=at(3, 18))
    assert not row(code).promised_kept
    assert replay().faults == []


def test_a_decision_is_revoked_by_another_officer(city: City) -> None:
    code = put_accepted_case(city).code
    decide(city, code, at=at(3, 8))
    with pytest.raises(NotAllowed):
        deciding.revoke(case=code, reason="承诺不实", by=city["officer"], at=at(3, 11))
    deciding.revoke(case=code, reason="承诺不实", by=city["officer2"], at=at(3, 11))
    assert row(code).status == "revoked"


def test_a_stale_page_changes_nothing(city: City) -> None:
    code = put_case(city).code
    seen = row(code).version
    accept.accept(case=code, by=city["clerk"], at=MONDAY, version=seen)
    with pytest.raises(StaleVersion):
        decide_stale(city, code, seen)
    assert row(code).status == "accepted"


def decide_stale(city: City, code: str, version: int) -> None:
    deciding.decide(
        case=code,
        decision=Decision.DENIED,
        reason="不符合",
        by=city["officer"],
        at=MONDAY,
        version=version,
    )


def test_a_running_case_takes_over_only_what_is_better(city: City) -> None:
    code = put_accepted_case(city).code
    put_item(city, at=at(3, 5), valid_from=date(2024, 3, 6), promised_limit="6wd")
    assert versions.improve(case=code, by=city["officer"], at=at(3, 6)) == "SC-901/V2"
    assert row(code).promised_due == date(2024, 3, 12)
    put_item(
        city, at=at(3, 6), valid_from=date(2024, 3, 7), promised_limit="5wd", address="别处 2 号"
    )
    with pytest.raises(NotFavourable, match="地"):
        versions.improve(case=code, by=city["officer"], at=at(3, 7))
    assert replay().faults == []


def test_each_rung_is_told_once(city: City) -> None:
    put_accepted_case(city)
    assert deeming.warn(at=at(3, 7)) == 0
    assert deeming.warn(at=at(3, 11)) == 1
    assert deeming.warn(at=at(3, 11)) == 0
    assert deeming.warn(at=at(3, 15)) == 1
    told = Message.objects.filter(topic="case.warned")
    assert {one.account.username for one in told} == {
        "officer",
        "officer2",
        "supervisor",
        "supervisor2",
    }


def test_papers_stay_on_the_ledger_as_hashes(city: City) -> None:
    code = apply().code
    given = CaseMaterial.objects.get(code=f"{code}/M1")
    assert given.size == len(PDF)
    assert whole()["M1"].file is None
