"""From a policy to money in the account, to the cent."""

from datetime import timedelta
from pathlib import Path

import pytest

from tests.benefits.fund import (
    DEFINITION,
    FIRMS,
    MONDAY,
    POLICY,
    TODAY,
    UNIT,
    calendar,
    open_fund,
    publish,
    register,
    screen,
)
from tests.city import City
from yinuo.benefits.banking.writing import yuan
from yinuo.benefits.commands.approving import approve, ask_approval
from yinuo.benefits.commands.clawing import ask_clawback, note_repaid, order_clawback
from yinuo.benefits.commands.paying import make_batch, send_batch, take_answer
from yinuo.benefits.commands.reviewing import clear, object_to, put_up, refuse
from yinuo.benefits.commands.telling import tell_account, tell_field
from yinuo.benefits.errors import (
    BudgetShort,
    NothingToDo,
    SamePerson,
    StillListed,
    WantsAnEye,
    WrongMoneyState,
)
from yinuo.benefits.life import AwardState
from yinuo.benefits.models import Award, Clawback, PayoutBatch
from yinuo.commitments.errors import Invalid
from yinuo.commitments.models import Commitment
from yinuo.ledger.commands.recording import By
from yinuo.parties.viewer import NotAllowed
from yinuo.web.files import store

FIRM = By(actor="subject:ZT-1", capacity="firm")
AFTER = MONDAY + timedelta(days=9)
"""Past the five working days in which everybody may object."""


@pytest.fixture
def city(db: None) -> City:
    return open_fund()


def _states() -> dict[str, str]:
    return dict(Award.objects.values_list("entity", "state"))


def _listed(city: City, tmp_path: Path) -> None:
    screen(city, tmp_path, publish(city))
    put_up(policy=POLICY, by=city["officer"], at=MONDAY, calendar=calendar())


def _approved(city: City, tmp_path: Path) -> None:
    _listed(city, tmp_path)
    ask_approval(policy=POLICY, by=city["officer"], at=AFTER)
    approve(policy=POLICY, by=city["officer2"], at=AFTER, calendar=calendar())
    for award, account in zip(
        Award.objects.filter(state="approved"), ("62220001", "62220002"), strict=True
    ):
        tell_account(award=award.code, bank="示范银行", account=account, by=FIRM, at=AFTER)


def _answer(batch: str, *rows: tuple[int, int, str, str]) -> bytes:
    lines = ["批次,序号,金额（元）,结果,日期,原因"]
    lines += [f"{batch},{n},{yuan(fen)},{word},2024-03-13,{why}" for n, fen, word, why in rows]
    return "\n".join(lines).encode("gb18030")


def test_three_answers_for_every_firm(city: City, tmp_path: Path) -> None:
    found = screen(city, tmp_path, publish(city))
    told = found.screened
    assert (told.firms, told.eligible, told.refused, told.undetermined) == (6, 2, 2, 2)
    assert told.cost == 12 * 200_00 + 100 * 150_50
    assert told.lacking == {"参保人数": 2, "欠缴": 1}
    assert (found.proposed, found.asked, found.known) == (2, 1, 0)
    assert _states() == {"E01": "proposed", "E02": "proposed", "E05": "asked"}
    assert Award.objects.get(entity="E02").amount == 15_050_00


def test_nobody_is_proposed_twice_for_a_period(city: City, tmp_path: Path) -> None:
    version = publish(city)
    screen(city, tmp_path, version)
    again = screen(city, tmp_path, version)
    assert (again.proposed, again.asked, again.known) == (0, 0, 2)
    assert Award.objects.count() == 3


def test_a_trial_proposes_nobody(city: City, tmp_path: Path) -> None:
    found = screen(city, tmp_path, publish(city), trial=True)
    assert (found.screened.eligible, found.proposed) == (2, 0)
    assert not Award.objects.exists()


def test_related_firms_wait_for_a_person(city: City, tmp_path: Path) -> None:
    firms = [(*firm[:6], "same") for firm in FIRMS]
    screen(city, tmp_path, publish(city), register=register(tmp_path, firms))
    with pytest.raises(WantsAnEye):
        put_up(policy=POLICY, by=city["officer"], at=MONDAY, calendar=calendar())
    for award in Award.objects.filter(state="proposed"):
        clear(award=award.code, by=city["officer"], at=MONDAY)
    assert put_up(policy=POLICY, by=city["officer"], at=MONDAY, calendar=calendar()) == 2


def test_the_firm_answers_its_one_question(city: City, tmp_path: Path) -> None:
    screen(city, tmp_path, publish(city))
    asked = Award.objects.get(state="asked")
    with pytest.raises(Invalid, match="很多"):
        tell_field(
            award=asked.code,
            value="很多",
            known={"欠缴": False},
            by=FIRM,
            at=MONDAY,
            on=TODAY,
            store=store(),
        )
    state = tell_field(
        award=asked.code,
        value="20",
        known={"欠缴": False},
        by=FIRM,
        at=MONDAY,
        on=TODAY,
        store=store(),
    )
    asked.refresh_from_db()
    assert (state, asked.amount, asked.rule) == (AwardState.PROPOSED, 4_000_00, "1")


def test_the_budget_is_never_exceeded(city: City, tmp_path: Path) -> None:
    small = DEFINITION.replace("50000.00", "16000.00")
    screen(city, tmp_path, publish(city, small))
    with pytest.raises(BudgetShort):
        put_up(policy=POLICY, by=city["officer"], at=MONDAY, calendar=calendar())


def test_the_first_come_until_the_budget_ends(city: City, tmp_path: Path) -> None:
    text = DEFINITION.replace("50000.00", "16000.00").replace(
        'shortage = "stop"', 'shortage = "first"\nfirst_by = "成立日期"'
    )
    screen(city, tmp_path, publish(city, text))
    assert put_up(policy=POLICY, by=city["officer"], at=MONDAY, calendar=calendar()) == 1
    assert _states()["E01"] == "listed"


def test_two_persons_and_the_days_of_objection(city: City, tmp_path: Path) -> None:
    _listed(city, tmp_path)
    with pytest.raises(StillListed):
        ask_approval(policy=POLICY, by=city["officer"], at=MONDAY)
    award = Award.objects.filter(state="listed").first()
    assert award is not None
    object_to(award=award.code, reason="听说已经停产", today=TODAY, at=MONDAY)
    with pytest.raises(WantsAnEye):
        ask_approval(policy=POLICY, by=city["officer"], at=AFTER)
    clear(award=award.code, by=city["officer"], at=AFTER)
    assert ask_approval(policy=POLICY, by=city["officer"], at=AFTER) == 2
    with pytest.raises(SamePerson):
        approve(policy=POLICY, by=city["officer"], at=AFTER, calendar=calendar())
    with pytest.raises(NotAllowed):
        approve(policy=POLICY, by=city["stranger"], at=AFTER, calendar=calendar())
    assert approve(policy=POLICY, by=city["officer2"], at=AFTER, calendar=calendar()) == 2
    promise = Commitment.objects.get(pk=award.code)
    assert (promise.kind, promise.lead_id, promise.status) == ("benefit", UNIT, "open")
    with pytest.raises(NothingToDo):
        approve(policy=POLICY, by=city["officer2"], at=AFTER, calendar=calendar())


def test_paid_bounced_paid_again_and_clawed_back(city: City, tmp_path: Path) -> None:
    _approved(city, tmp_path)
    code = make_batch(policy=POLICY, by=city["officer"], at=AFTER)
    with pytest.raises(SamePerson):
        send_batch(batch=code, by=city["officer"], at=AFTER)
    sent = send_batch(batch=code, by=city["officer2"], at=AFTER).decode("utf-8-sig")
    assert "62220001" in sent
    assert "2400.00" in sent
    answer = _answer(
        code,
        (1, 2_400_00, "成功", ""),
        (2, 15_050_00, "退汇", "账号已销户"),
        (9, 1_00, "成功", ""),
        (1, 2_399_99, "成功", ""),
    )
    taken = take_answer(batch=code, data=answer, file="回单.csv", by=city["officer"], at=AFTER)
    assert (taken.paid, taken.bounced, taken.open, taken.complete) == (1, 1, 0, True)
    assert [one.row for one in taken.aside] == [4, 5]
    batch = PayoutBatch.objects.get(pk=code)
    assert batch.total == batch.paid + batch.bounced == 17_450_00
    assert _states()["E02"] == "approved"
    with pytest.raises(NothingToDo):
        make_batch(policy=POLICY, by=city["officer"], at=AFTER)
    second = Award.objects.get(entity="E02")
    tell_account(award=second.code, bank="示范银行", account="62220009", by=FIRM, at=AFTER)
    again = make_batch(policy=POLICY, by=city["officer"], at=AFTER)
    send_batch(batch=again, by=city["officer2"], at=AFTER)
    take_answer(
        batch=again,
        data=_answer(again, (1, 15_050_00, "成功", "")),
        file="回单2.csv",
        by=city["officer"],
        at=AFTER,
    )
    assert set(_states().values()) == {"paid", "asked"}
    assert Commitment.objects.get(pk=second.code).status == "kept"
    back = ask_clawback(
        award=second.code, amount=50_50, reason="多算了人数", by=city["officer"], at=AFTER
    )
    order_clawback(clawback=back, days=20, by=city["officer2"], at=AFTER, calendar=calendar())
    note_repaid(clawback=back, amount=50_00, by=city["officer"], at=AFTER)
    note_repaid(clawback=back, amount=50, by=city["officer"], at=AFTER)
    made = Clawback.objects.get(pk=back)
    assert (made.state, made.repaid) == ("repaid", 50_50)
    assert Commitment.objects.get(pk=back).status == "kept"


def test_a_refused_firm_reads_why_and_cannot_be_paid(city: City, tmp_path: Path) -> None:
    _listed(city, tmp_path)
    award = Award.objects.filter(state="listed").first()
    assert award is not None
    with pytest.raises(Invalid):
        refuse(award=award.code, reason=" ", by=city["officer"], at=MONDAY)
    refuse(award=award.code, reason="已经迁出本市", by=city["officer"], at=MONDAY)
    with pytest.raises(WrongMoneyState):
        refuse(award=award.code, reason="再来一次", by=city["officer"], at=MONDAY)
