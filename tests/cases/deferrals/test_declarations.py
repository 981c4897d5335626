"""告知承诺: open to whom, taken back, drawn, looked at, put right, broken."""

from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest

from tests.cases.deferrals.trusting import DECLARED, GAP, credit
from tests.cases.desk import MONDAY, apply, decide, item, put_case, put_item, uploaded
from tests.city import City
from yinuo.cases.commands import checks
from yinuo.cases.commands.checks import record_check, schedule_checks
from yinuo.cases.commands.declarations import (
    accept_on_declaration,
    bring_proof,
    let_go,
    sign,
    withdraw,
)
from yinuo.cases.commands.deferrals import Gap, accept_with_gaps
from yinuo.cases.commands.intake import Receipt
from yinuo.cases.commands.materials import Choice
from yinuo.cases.deferrals.declared import text_digest
from yinuo.cases.deferrals.life import DeclarationState
from yinuo.cases.errors.deferrals import UnknownDeclaration, WrongPromiseState
from yinuo.cases.life import Accepted, CaseStatus, Decision, MaterialState
from yinuo.cases.models import Case, CaseMaterial, CreditLetter, Declaration
from yinuo.commitments.errors import Invalid
from yinuo.commitments.letters.letter import Fulfilment
from yinuo.commitments.models import Commitment
from yinuo.commitments.standing import Answer
from yinuo.ledger.models import Text
from yinuo.parties.viewer import NotAllowed
from yinuo.web.files import store

pytestmark = pytest.mark.django_db

WEEK_LATER = datetime(2024, 3, 11, 2, 0, tzinfo=UTC)
APRIL = datetime(2024, 4, 1, 2, 0, tzinfo=UTC)
MAY = datetime(2024, 5, 6, 2, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def trusted() -> Iterator[None]:
    """Credit knows everybody and thinks well of them."""
    with credit(Answer.YES):
        yield


def put_declared(desk: City) -> tuple[Receipt, str]:
    receipt = put_case(desk, choices=DECLARED)
    code = accept_on_declaration(case=receipt.code, keys=["M3"], by=desk["clerk"], at=MONDAY)
    return receipt, code


def put_drawn(desk: City) -> tuple[Receipt, str]:
    """Granted, and drawn for a check."""
    receipt, code = put_declared(desk)
    decide(desk, receipt.code, at=WEEK_LATER)
    assert schedule_checks(at=WEEK_LATER) == 1
    return receipt, code


def test_it_stands_for_its_proofs_word_for_word(desk: City) -> None:
    receipt, code = put_declared(desk)
    case, row = Case.objects.get(code=receipt.code), Declaration.objects.get(code=code)
    assert (case.status, case.accepted_how) == (CaseStatus.ACCEPTED, Accepted.ON_DECLARATION)
    text = item().declaration
    assert text is not None
    assert (row.keys, row.text_sha256) == (["M3"], text_digest(text))
    assert (row.share, row.rule) == (100, "9")
    promise = Commitment.objects.get(code=row.commitment_id)
    assert (promise.kind, promise.status, promise.outcome) == ("declaration", "delivered", "")
    assert CaseMaterial.objects.get(case=case, key="M3").state == MaterialState.DECLARED
    letter = CreditLetter.objects.get(code=code)
    assert (letter.type, letter.fulfilment) == ("证明事项型", "")


def test_it_is_not_open_to_everybody(desk: City) -> None:
    receipt = put_case(desk, choices=DECLARED)
    for answer, why in ((Answer.NO, "失信"), (Answer.UNDETERMINED, "按普通程序办")):
        with credit(answer), pytest.raises(Invalid) as error:
            accept_on_declaration(case=receipt.code, keys=["M3"], by=desk["clerk"], at=MONDAY)
        assert why in dict(error.value.faults)["declaration"]
    with pytest.raises(Invalid) as error:
        accept_on_declaration(case=receipt.code, keys=["M1"], by=desk["clerk"], at=MONDAY)
    assert "不能用告知承诺替代" in dict(error.value.faults)["material-M1"]
    with pytest.raises(Invalid, match="请选择"):
        accept_on_declaration(case=receipt.code, by=desk["clerk"], at=MONDAY)
    assert not Declaration.objects.exists()


def test_with_a_document_to_come_besides(desk: City) -> None:
    receipt = put_case(desk, choices={**GAP, "M3": DECLARED["M3"]})
    sign(case=receipt.code, keys=["M3"], by=desk["clerk"], at=MONDAY)
    accept_with_gaps(case=receipt.code, gaps=[Gap(key="M2")], by=desk["clerk"], at=MONDAY)
    case = Case.objects.get(code=receipt.code)
    assert case.accepted_how == Accepted.WITH_GAP
    assert sorted(CreditLetter.objects.values_list("type", flat=True)) == [
        "容缺受理型",
        "证明事项型",
    ]


def test_before_the_decision_the_applicant_may_take_it_back(desk: City) -> None:
    receipt, code = put_declared(desk)
    withdraw(declaration=code, reason="改交证明", track=receipt.track, at=MONDAY)
    assert Declaration.objects.get(code=code).state == DeclarationState.WITHDRAWN
    promise = Commitment.objects.get(declaration=code)
    assert (promise.status, promise.outcome) == ("waived", "waived")
    assert CreditLetter.objects.get(code=code).fulfilment == ""
    with pytest.raises(Invalid, match="还缺 “从业人员健康证明”"):
        decide(desk, receipt.code, at=WEEK_LATER)
    bring_proof(declaration=code, key="M3", store=store(), by=desk["clerk"], at=WEEK_LATER)
    decide(desk, receipt.code, at=WEEK_LATER)
    with pytest.raises(WrongPromiseState, match="已撤回"):
        record_check(declaration=code, met=True, found="属实", by=desk["officer"], at=APRIL)


def test_after_the_decision_it_stands(desk: City) -> None:
    receipt, code = put_drawn(desk)
    with pytest.raises(Exception, match="CASE-E303"):
        withdraw(declaration=code, reason="改交证明", track=receipt.track, at=APRIL)


def test_a_check_finds_it_true(desk: City) -> None:
    _receipt, code = put_drawn(desk)
    row = Declaration.objects.get(code=code)
    assert (row.state, row.check_due) == (DeclarationState.TO_CHECK, date(2024, 4, 10))
    assert schedule_checks(at=APRIL) == 0
    with pytest.raises(NotAllowed):
        record_check(declaration=code, met=True, found="属实", by=desk["clerk"], at=APRIL)
    record_check(declaration=code, met=True, found="现场核对属实", by=desk["officer"], at=APRIL)
    assert Commitment.objects.get(declaration=code).outcome == "kept_on_time"
    assert CreditLetter.objects.get(code=code).fulfilment == Fulfilment.WHOLE


def test_what_is_put_right_in_time_is_kept_late(desk: City) -> None:
    receipt, code = put_drawn(desk)
    for day in (date(2024, 4, 1), date(2024, 3, 20)):
        with pytest.raises(Invalid, match="整改期限应在今天之后"):
            record_check(
                declaration=code,
                met=False,
                found="缺一人",
                order_by=day,
                by=desk["officer"],
                at=APRIL,
            )
    record_check(
        declaration=code,
        met=False,
        found="缺一人的健康证明",
        order_by=date(2024, 4, 15),
        by=desk["officer"],
        at=APRIL,
    )
    row = Declaration.objects.get(code=code)
    assert (row.state, row.rectify_due) == (DeclarationState.RECTIFYING, date(2024, 4, 15))
    assert Case.objects.get(code=receipt.code).status == CaseStatus.DECIDED
    record_check(declaration=code, met=True, found="已补办", by=desk["officer"], at=MAY)
    assert Commitment.objects.get(declaration=code).outcome == "kept_late"
    assert CreditLetter.objects.get(code=code).remark_text


@pytest.mark.parametrize("rectified_first", [True, False])
def test_untrue_and_not_put_right_is_broken_and_revoked(
    desk: City, *, rectified_first: bool
) -> None:
    receipt, code = put_drawn(desk)
    if rectified_first:
        record_check(
            declaration=code,
            met=False,
            found="缺一人",
            order_by=date(2024, 4, 15),
            by=desk["officer2"],
            at=APRIL,
        )
        with pytest.raises(Invalid, match="已经限期整改过一次"):
            record_check(
                declaration=code,
                met=False,
                found="仍缺",
                order_by=date(2024, 6, 1),
                by=desk["officer2"],
                at=MAY,
            )
    with pytest.raises(NotAllowed):  # who decided does not revoke
        record_check(declaration=code, met=False, found="拒不整改", by=desk["officer"], at=MAY)
    assert Declaration.objects.get(code=code).state != DeclarationState.BROKEN
    record_check(declaration=code, met=False, found="拒不整改", by=desk["officer2"], at=MAY)
    assert Declaration.objects.get(code=code).state == DeclarationState.BROKEN
    assert Case.objects.get(code=receipt.code).status == CaseStatus.REVOKED
    assert Commitment.objects.get(declaration=code).status == "broken"
    letter = CreditLetter.objects.get(code=code)
    assert (letter.fulfilment, bool(letter.unmet_text)) == (Fulfilment.NOT_AT_ALL, True)
    again = put_case(desk, choices=DECLARED, at=MAY)
    with pytest.raises(Invalid, match="没有改正"):
        accept_on_declaration(case=again.code, keys=["M3"], by=desk["clerk"], at=MAY)
    checks.mend(declaration=code, note="已全部办理", by=desk["officer"], at=MAY)
    assert accept_on_declaration(case=again.code, keys=["M3"], by=desk["clerk"], at=MAY)


def test_a_case_not_granted_leaves_nothing_to_look_at(desk: City) -> None:
    receipt, code = put_declared(desk)
    decide(desk, receipt.code, at=WEEK_LATER, decision=Decision.DENIED)
    assert schedule_checks(at=WEEK_LATER) == 0
    let_go(declaration=code, reason="没有准予", by=desk["officer"], at=APRIL)
    assert Declaration.objects.get(code=code).state == DeclarationState.LET_GO
    with pytest.raises(UnknownDeclaration):
        let_go(declaration="0" * 20, reason="没有准予", by=desk["officer"], at=APRIL)


def test_on_the_day_it_was_signed_nothing_is_called_untrue(desk: City) -> None:
    receipt, code = put_declared(desk)
    decide(desk, receipt.code, at=MONDAY)
    schedule_checks(at=MONDAY)
    with pytest.raises(Invalid, match="承诺当天"):
        record_check(declaration=code, met=False, found="不实", by=desk["officer2"], at=MONDAY)


def test_a_share_waits_for_the_sealed_log(desk: City) -> None:
    text = item().declaration
    assert text is not None
    part = type(text)(
        version="2",
        conditions=text.conditions,
        text=text.text,
        liability=text.liability,
        check_within="30d",
        check_share=20,
    )
    put_item(desk, valid_from=date(2024, 2, 20), declaration=part)
    receipt, code = put_declared(desk)
    row = Declaration.objects.get(code=code)
    assert (row.share, row.text_version) == (50, "2")  # the table asks for at least half
    decide(desk, receipt.code, at=WEEK_LATER)
    assert schedule_checks(at=WEEK_LATER) == 0
    assert Declaration.objects.get(code=code).state == DeclarationState.SIGNED


def test_online_it_was_signed_with_the_application(desk: City) -> None:
    receipt = apply(choices={**uploaded("M1", "M2", "M4"), "M3": Choice(kind="declare")})
    code = accept_on_declaration(case=receipt.code, by=desk["officer"], at=WEEK_LATER)
    row = Declaration.objects.get(code=code)
    assert row.signed_at == MONDAY
    assert code[6:14] == "20240304"
    assert Commitment.objects.get(declaration=code).due == MONDAY.date()


def test_a_number_erased_by_law_stops_no_finding(desk: City) -> None:
    _receipt, code = put_drawn(desk)
    letter = CreditLetter.objects.get(code=code)
    Text.objects.filter(hash=letter.promisor_code_text.removeprefix("text:")).delete()
    record_check(declaration=code, met=True, found="现场核对属实", by=desk["officer"], at=APRIL)
    assert CreditLetter.objects.get(code=code).fulfilment == Fulfilment.WHOLE
