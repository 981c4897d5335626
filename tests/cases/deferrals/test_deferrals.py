"""容缺受理: the promise, its keeping, in time or late, and what follows when it is not kept."""

from datetime import timedelta

import pytest

from tests.cases.deferrals.trusting import DUE, GAP, IN_TIME, LATE, bring, credit, put_gap
from tests.cases.desk import MONDAY, decide, put_case
from tests.city import City
from yinuo.cases.commands.accept import withdraw
from yinuo.cases.commands.deferrals import (
    Gap,
    accept_with_gaps,
    confirm,
    default,
    hand_in,
    mend,
    release,
    turn_down,
)
from yinuo.cases.deferrals.life import Consequence, DeferralState
from yinuo.cases.errors.deferrals import CaseEnded, UnknownDeferral, WrongPromiseState
from yinuo.cases.life import Accepted, CaseStatus, Decision, MaterialState
from yinuo.cases.models import Case, CaseMaterial, CreditLetter, Deferral
from yinuo.commitments.errors import Invalid
from yinuo.commitments.letters.letter import Fulfilment, Publicity
from yinuo.commitments.models import Commitment
from yinuo.commitments.standing import Answer
from yinuo.parties.viewer import NotAllowed
from yinuo.web.files import store

pytestmark = pytest.mark.django_db


def faults(error: pytest.ExceptionInfo[Invalid]) -> dict[str, str]:
    return dict(error.value.faults)


def test_a_gap_becomes_a_promise_of_the_applicant(desk: City) -> None:
    receipt, code = put_gap(desk)
    case, row = Case.objects.get(code=receipt.code), Deferral.objects.get(code=code)
    assert (case.status, case.accepted_how) == (CaseStatus.ACCEPTED, Accepted.WITH_GAP)
    assert (row.state, row.due, row.rule) == (DeferralState.OPEN, DUE, "10")
    assert code == "21020020240304000001"
    promise = Commitment.objects.get(code=row.commitment_id)
    assert (promise.kind, promise.due, promise.visibility) == ("deferral", DUE, "closed")
    assert (promise.lead_id, promise.lead_said) == (None, "山海咖啡有限公司")
    assert (promise.creditor, promise.creditor_unit_id) == ("市市场监管局", "DL-SJJ")
    assert promise.document_id == case.item_version_id
    letter = CreditLetter.objects.get(code=code)
    assert (letter.publicity, letter.fulfilment) == (Publicity.LIMITED, "")
    material = CaseMaterial.objects.get(case=case, key="M2")
    assert material.state == MaterialState.DEFERRED


def test_it_comes_in_time(desk: City) -> None:
    receipt, code = put_gap(desk)
    decide(desk, receipt.code, at=IN_TIME - timedelta(days=2), decision=Decision.APPROVED_WITH_GAP)
    bring(code, receipt)
    row = Deferral.objects.get(code=code)
    assert (row.state, row.handed_date) == (DeferralState.HANDED_IN, IN_TIME.date())
    assert confirm(deferral=code, by=desk["officer"], at=IN_TIME) == "kept_on_time"
    material = CaseMaterial.objects.get(case=receipt.code, key="M2")
    assert (material.state, bool(material.sha256)) == (MaterialState.GIVEN, True)
    letter = CreditLetter.objects.get(code=code)
    assert (letter.fulfilment, letter.remark_text) == (Fulfilment.WHOLE, "")


def test_late_it_is_taken_and_stays_late(desk: City) -> None:
    receipt, code = put_gap(desk)
    bring(code, receipt, at=LATE)
    assert confirm(deferral=code, by=desk["officer"], at=LATE) == "kept_late"
    row = Deferral.objects.get(code=code)
    assert (row.state, row.handed_date) == (DeferralState.KEPT, LATE.date())
    assert CreditLetter.objects.get(code=code).remark_text
    with pytest.raises(WrongPromiseState, match="已补齐"):
        bring(code, receipt, at=LATE)


def test_what_is_not_right_is_turned_down_and_comes_again(desk: City) -> None:
    receipt, code = put_gap(desk)
    bring(code, receipt)
    with pytest.raises(Invalid) as error:
        turn_down(deferral=code, note=" ", by=desk["officer"], at=IN_TIME)
    assert "note" in faults(error)
    turn_down(deferral=code, note="图上没有后厨", by=desk["officer"], at=IN_TIME)
    assert Deferral.objects.get(code=code).state == DeferralState.OPEN
    assert Commitment.objects.get(deferral=code).delivered_date is None
    bring(code, receipt)
    assert confirm(deferral=code, by=desk["officer"], at=IN_TIME) == "kept_on_time"


def test_who_hands_in_at_the_window_does_not_confirm(desk: City) -> None:
    _receipt, code = put_gap(desk)
    hand_in(deferral=code, store=store(), by=desk["officer"], at=IN_TIME)
    with pytest.raises(NotAllowed, match="代为补交的人"):
        confirm(deferral=code, by=desk["officer"], at=IN_TIME)
    assert confirm(deferral=code, by=desk["officer2"], at=IN_TIME) == "kept_on_time"


def test_only_a_person_finds_it_broken_and_only_after_its_day(desk: City) -> None:
    _receipt, code = put_gap(desk)
    stop = {"consequence": Consequence.STOP, "note": "多次联系没有补交"}
    with pytest.raises(Invalid) as error:
        default(deferral=code, by=desk["officer"], at=IN_TIME, **stop)  # type: ignore[arg-type]
    assert "还没有过" in faults(error)["note"]
    with pytest.raises(Invalid) as error:
        default(
            deferral=code,
            consequence=Consequence.REVOKE,
            note="多次联系没有补交",
            by=desk["officer"],
            at=LATE,
        )
    assert "没有可撤销的决定" in faults(error)["consequence"]
    with pytest.raises(NotAllowed):
        default(deferral=code, by=desk["clerk"], at=LATE, **stop)  # type: ignore[arg-type]
    assert Deferral.objects.get(code=code).state == DeferralState.OPEN


def test_broken_before_the_decision_stops_the_case(desk: City) -> None:
    receipt, code = put_gap(desk)
    default(
        deferral=code,
        consequence=Consequence.STOP,
        note="多次联系没有补交",
        by=desk["officer"],
        at=LATE,
    )
    case, row = Case.objects.get(code=receipt.code), Deferral.objects.get(code=code)
    assert (case.status, case.decision) == (CaseStatus.DECIDED, Decision.DENIED)
    assert (row.state, row.consequence) == (DeferralState.BROKEN, Consequence.STOP)
    assert Commitment.objects.get(deferral=code).status == "broken"
    letter = CreditLetter.objects.get(code=code)
    assert letter.fulfilment == Fulfilment.NOT_AT_ALL
    assert letter.unmet_text
    assert letter.pursued_text
    with pytest.raises(CaseEnded):
        bring(code, receipt, at=LATE)


def test_broken_after_the_decision_takes_it_back(desk: City) -> None:
    receipt, code = put_gap(desk)
    decide(desk, receipt.code, at=IN_TIME, decision=Decision.APPROVED_WITH_GAP)
    default(
        deferral=code,
        consequence=Consequence.REVOKE,
        note="多次联系没有补交",
        by=desk["officer2"],
        at=LATE,
    )
    assert Case.objects.get(code=receipt.code).status == CaseStatus.REVOKED


def test_a_failed_consequence_leaves_nothing_behind(desk: City) -> None:
    receipt, code = put_gap(desk)
    decide(desk, receipt.code, at=IN_TIME, decision=Decision.APPROVED_WITH_GAP)
    with pytest.raises(NotAllowed):  # who decided cannot revoke
        default(
            deferral=code,
            consequence=Consequence.REVOKE,
            note="多次联系没有补交",
            by=desk["officer"],
            at=LATE,
        )
    assert Deferral.objects.get(code=code).state == DeferralState.OPEN
    assert CreditLetter.objects.get(code=code).fulfilment == ""
    assert Commitment.objects.get(deferral=code).status == "open"


def test_broken_and_not_mended_closes_the_way_until_it_is(desk: City) -> None:
    _receipt, code = put_gap(desk)
    default(
        deferral=code,
        consequence=Consequence.RECORD,
        note="多次联系没有补交",
        by=desk["officer"],
        at=LATE,
    )
    again = put_case(desk, choices=GAP, at=LATE)
    with pytest.raises(Invalid) as error:
        accept_with_gaps(case=again.code, gaps=[Gap(key="M2")], by=desk["clerk"], at=LATE)
    assert "没有兑现" in faults(error)["gap-M2"]
    mend(deferral=code, note="已到窗口补交原件", by=desk["officer"], at=LATE)
    assert Deferral.objects.get(code=code).mended_date == LATE.date()
    assert Commitment.objects.get(deferral=code).status == "broken"
    assert accept_with_gaps(case=again.code, gaps=[Gap(key="M2")], by=desk["clerk"], at=LATE)


@pytest.mark.parametrize(
    ("key", "why"),
    [("M1", "主要材料不能后补"), ("M5", "已经提交或另有办法"), ("M9", "没有材料 M9")],
)
def test_only_what_the_item_lists_may_wait(desk: City, key: str, why: str) -> None:
    receipt = put_case(desk, choices={})
    with pytest.raises(Invalid) as error:
        accept_with_gaps(case=receipt.code, gaps=[Gap(key=key)], by=desk["clerk"], at=MONDAY)
    assert why in faults(error)[f"gap-{key}"]
    assert not Deferral.objects.exists()
    assert not Commitment.objects.exists()


def test_other_missing_documents_leave_nothing_half_done(desk: City) -> None:
    receipt = put_case(desk, choices={})
    with pytest.raises(Invalid) as error:
        accept_with_gaps(case=receipt.code, gaps=[Gap(key="M2")], by=desk["clerk"], at=MONDAY)
    assert "申请书" in faults(error)["materials"]
    assert not CreditLetter.objects.exists()
    assert CaseMaterial.objects.get(case=receipt.code, key="M2").state == MaterialState.MISSING


@pytest.mark.parametrize("days", [0, -1, 15])
def test_the_day_lies_within_what_the_item_allows(desk: City, days: int) -> None:
    receipt = put_case(desk, choices=GAP)
    gap = Gap(key="M2", due=MONDAY.date() + timedelta(days=days))
    with pytest.raises(Invalid) as error:
        accept_with_gaps(case=receipt.code, gaps=[gap], by=desk["clerk"], at=MONDAY)
    assert "2024-03-18" in faults(error)["gap-M2"]


def test_bad_standing_is_a_no_and_unknown_standing_is_none(desk: City) -> None:
    receipt = put_case(desk, choices=GAP)
    with credit(Answer.NO), pytest.raises(Invalid) as error:
        accept_with_gaps(case=receipt.code, gaps=[Gap(key="M2")], by=desk["clerk"], at=MONDAY)
    assert "失信" in faults(error)["gap-M2"]
    with credit(Answer.YES):
        assert accept_with_gaps(
            case=receipt.code, gaps=[Gap(key="M2")], by=desk["clerk"], at=MONDAY
        )


def test_a_withdrawn_case_waits_for_nothing(desk: City) -> None:
    receipt, code = put_gap(desk)
    withdraw(case=receipt.code, reason="不开了", track=receipt.track, at=IN_TIME)
    with pytest.raises(CaseEnded):
        default(
            deferral=code,
            consequence=Consequence.RECORD,
            note="没有补交",
            by=desk["officer"],
            at=LATE,
        )
    release(deferral=code, reason="已撤件", by=desk["officer"], at=LATE)
    assert Deferral.objects.get(code=code).state == DeferralState.RELEASED
    assert Commitment.objects.get(deferral=code).status == "waived"


def test_letters_are_numbered_by_day_without_gaps(desk: City) -> None:
    codes = [put_gap(desk)[1] for _ in range(2)]
    receipt = put_case(desk, choices={})
    with pytest.raises(Invalid):
        accept_with_gaps(case=receipt.code, gaps=[Gap(key="M2")], by=desk["clerk"], at=MONDAY)
    codes.append(put_gap(desk)[1])
    assert [code[14:] for code in codes] == ["000001", "000002", "000003"]
    fourth = put_case(desk, choices=GAP)
    with pytest.raises(Invalid) as error:
        accept_with_gaps(case=fourth.code, gaps=[Gap(key="M2")], by=desk["clerk"], at=MONDAY)
    assert "三份以上" in faults(error)["gap-M2"]


def test_what_is_not_there_is_not_found(desk: City) -> None:
    with pytest.raises(UnknownDeferral):
        confirm(deferral="0" * 20, by=desk["officer"], at=IN_TIME)
