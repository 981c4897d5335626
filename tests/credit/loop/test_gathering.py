"""Whose promises are gathered: bills paid later, money taken back, and what units owe."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from tests.benefits.fund import MONDAY, POLICY, calendar, open_fund, publish, screen
from tests.benefits.fund import UNIT as PAYING
from tests.city import City
from tests.credit import desk
from tests.credit.desk import MARKET
from yinuo.benefits.banking.writing import yuan
from yinuo.benefits.commands.approving import approve, ask_approval
from yinuo.benefits.commands.clawing import ask_clawback, note_repaid, order_clawback
from yinuo.benefits.commands.paying import make_batch, send_batch, take_answer
from yinuo.benefits.commands.reviewing import put_up
from yinuo.benefits.commands.telling import tell_account
from yinuo.benefits.models import Award
from yinuo.benefits.queries.ended import ended as clawbacks
from yinuo.commitments.ended import Ended, Whose
from yinuo.commitments.queries.ended import public_ended
from yinuo.credit.commands.deferred_payments import note_paid, open_payment, waive_payment
from yinuo.credit.commands.subjects import put_subject
from yinuo.credit.queries.asking import AnswerView
from yinuo.credit.queries.ended import ended as payments
from yinuo.credit.queries.unit_profile import public_unit_profile
from yinuo.ledger.commands.recording import By
from yinuo.parties.viewer import Viewer

pytestmark = pytest.mark.django_db
AFTER = MONDAY + timedelta(days=9)
PERSON = "11010519491231002X"
OPENED = datetime(2024, 3, 4, 2, 0, tzinfo=UTC)
DUE = date(2024, 3, 14)


def reading(*units: str) -> Viewer:
    return Viewer(account_id=0, username="operator", auditor_of=frozenset(units))


def put_bill(city: City, subject: str) -> str:
    answer = AnswerView(
        scenario="medicine",
        name="先诊疗后付费",
        question="",
        answer="yes",
        outcome="",
        reason="",
        on=date(2024, 3, 4),
        until=date(2024, 3, 4),
        as_of=None,
        unit=MARKET,
        subject=subject,
        pays_later=True,
    )
    return open_payment(answer=answer, amount=100_00, due=DUE, by=city["market"], at=OPENED)


def test_bills_paid_in_time_late_and_waived() -> None:
    city = desk.open_desk()
    subject = put_subject(kind="person", number=PERSON, name="试甲乙", at=OPENED)
    kept, late, waived, _open = (put_bill(city, subject) for _ in range(4))
    after = datetime(2024, 3, 20, 2, 0, tzinfo=UTC)
    note_paid(payment=kept, on=date(2024, 3, 10), by=city["market"], at=after)
    note_paid(payment=late, on=date(2024, 3, 20), by=city["market"], at=after)
    waive_payment(payment=waived, reason="医院减免", by=city["market"], at=after)
    found = {each.code: each for each in payments(viewer=reading(MARKET))}
    assert {code: each.outcome for code, each in found.items()} == {
        kept: "kept_on_time",
        late: "kept_late",
        waived: "waived",
    }
    assert {(each.whose, each.number) for each in found.values()} == {(Whose.PERSON, PERSON)}
    assert found[late].ended_on == date(2024, 3, 20)
    assert list(payments(viewer=reading("DL-SWJ"))) == [], "of other units nothing is given"


def pay_out(city: City, tmp_path: Path) -> None:
    """Two firms get their money."""
    screen(city, tmp_path, publish(city))
    put_up(policy=POLICY, by=city["officer"], at=MONDAY, calendar=calendar())
    ask_approval(policy=POLICY, by=city["officer"], at=AFTER)
    approve(policy=POLICY, by=city["officer2"], at=AFTER, calendar=calendar())
    firm = By(actor="subject:ZT-1", capacity="firm")
    awards = list(Award.objects.filter(state="approved").order_by("code"))
    for number, award in enumerate(awards):
        tell_account(
            award=award.code, bank="示范银行", account=f"6222000{number}", by=firm, at=AFTER
        )
    batch = make_batch(policy=POLICY, by=city["officer"], at=AFTER)
    send_batch(batch=batch, by=city["officer2"], at=AFTER)
    lines = ["批次,序号,金额（元）,结果,日期,原因"]
    lines += [
        f"{batch},{number},{yuan(award.amount or 0)},成功,2024-03-13,"
        for number, award in enumerate(awards, start=1)
    ]
    data = "\n".join(lines).encode("gb18030")
    take_answer(batch=batch, data=data, file="回单.csv", by=city["officer"], at=AFTER)


def test_money_paid_and_money_taken_back(tmp_path: Path) -> None:
    city = open_fund()
    pay_out(city, tmp_path)
    award = Award.objects.filter(entity="E02").get()
    back = ask_clawback(
        award=award.code, amount=50_50, reason="多算了人数", by=city["officer"], at=AFTER
    )
    order_clawback(clawback=back, days=20, by=city["officer2"], at=AFTER, calendar=calendar())
    assert list(clawbacks(viewer=reading(PAYING))) == [], "it is open"
    note_repaid(clawback=back, amount=50_50, by=city["officer"], at=AFTER)
    (one,) = clawbacks(viewer=reading(PAYING))
    assert (one.code, one.whose, one.number) == (back, Whose.FIRM, award.credit_code)
    assert one.outcome == "kept_on_time"

    today = date(2024, 4, 1)
    owed: list[Ended] = list(public_ended(today=today, unit=PAYING))
    assert {(each.kind, each.outcome) for each in owed} == {("benefit", "kept_on_time")}
    profile = public_unit_profile(unit=PAYING, today=today)
    (line,) = profile.kinds
    assert (line.label, line.fell_due, line.permille) == ("惠企政策兑现", 2, 1000)
