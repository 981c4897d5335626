from datetime import date, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.template.loader import render_to_string

from tests.credit.asking.counter import NOBODY, NOW, TODAY, Counter
from yinuo.commitments.errors import Invalid
from yinuo.commitments.models import Commitment
from yinuo.credit.commands.deferred_payments import note_paid, open_payment, waive_payment
from yinuo.credit.errors.asking import NotToday, PaymentSettled, UnknownPayment
from yinuo.credit.models import DeferredPayment
from yinuo.credit.queries.asking import AnswerView
from yinuo.credit.queries.payments import PAGE, PaymentView, payment, payments, public_own_payments
from yinuo.ledger.commands.recording import StaleVersion
from yinuo.ledger.models import Entry
from yinuo.parties.viewer import NotAllowed

DUE = date(2024, 3, 20)


def yes(counter: Counter, at: datetime = NOW) -> AnswerView:
    counter.consent(NOBODY, at=at)
    return counter.ask(NOBODY, at=at)


def opened(counter: Counter, *, due: date = DUE, at: datetime = NOW, who: str = "hospital") -> str:
    return open_payment(
        answer=yes(counter, at), amount=12_345, due=due, by=counter.city[who], at=at
    )


def paid(counter: Counter, code: str, on: date, at: datetime | None = None) -> bool:
    return note_paid(
        payment=code, on=on, by=counter.city["hospital"], at=at or NOW + timedelta(days=30)
    )


def test_a_bill_is_a_closed_promise_with_a_day(counter: Counter) -> None:
    code = opened(counter)
    assert code == "YF-2024-000001"
    row = Commitment.objects.get(pk=code)
    assert (row.kind, row.due, row.visibility) == ("deferred_payment", DUE, "closed")
    bodies = b"".join(bytes(body) for body in Entry.objects.values_list("body", flat=True))
    assert NOBODY.encode() not in bodies


def test_paid_in_time_the_promise_is_kept(counter: Counter) -> None:
    code = opened(counter)
    assert paid(counter, code, DUE)
    assert Commitment.objects.get(pk=code).outcome == "kept_on_time"
    assert counter.ask(NOBODY).answer == "yes"


def test_paid_late_twice_the_next_answer_is_no(counter: Counter) -> None:
    for _ in range(2):
        code = opened(counter, due=TODAY)
        assert not paid(counter, code, date(2024, 3, 9), NOW + timedelta(days=3))
        assert Commitment.objects.get(pk=code).outcome == "kept_late"
    found = counter.ask(NOBODY, at=NOW + timedelta(days=3))
    assert (found.answer, found.reason) == ("no", "近一年有两次以上到期以后才付")
    counter.consent(NOBODY, until=date(2026, 1, 1))
    assert counter.ask(NOBODY, at=NOW + timedelta(days=368)).answer == "yes", "a year later"


def test_a_bill_that_is_overdue_is_a_no_at_once(counter: Counter) -> None:
    opened(counter, due=TODAY)
    assert counter.ask(NOBODY).answer == "yes"
    found = counter.ask(NOBODY, at=NOW + timedelta(days=1))
    assert (found.answer, found.reason) == ("no", "有一笔诊疗费到期没有付")


def test_a_waived_bill_counts_no_more(counter: Counter) -> None:
    code = opened(counter, due=TODAY)
    later = NOW + timedelta(days=2)
    waive_payment(payment=code, reason="救助", by=counter.city["hospital"], at=later)
    assert counter.ask(NOBODY, at=later).answer == "yes"
    assert Commitment.objects.get(pk=code).outcome == "waived"
    with pytest.raises(PaymentSettled):
        paid(counter, code, TODAY)


def test_a_hotel_is_not_told_of_a_hospital(counter: Counter) -> None:
    opened(counter, due=TODAY)
    later = NOW + timedelta(days=1)
    counter.consent(NOBODY, who="scenic", scenario="tourism", at=later)
    found = counter.ask(NOBODY, who="scenic", scenario="tourism", at=later)
    assert found.answer == "yes"


def test_no_bill_on_a_no_nor_on_an_answer_of_yesterday(counter: Counter) -> None:
    listed = next(one for one in counter.village if one.listed)
    counter.consent(listed.number, name=listed.name)
    no = counter.ask(listed.number)
    by = counter.city["hospital"]
    with pytest.raises(NotToday, match="名单"):
        open_payment(answer=no, amount=1, due=DUE, by=by, at=NOW)
    with pytest.raises(NotToday):
        open_payment(answer=yes(counter), amount=1, due=DUE, by=by, at=NOW + timedelta(days=1))
    assert not DeferredPayment.objects.exists()


@pytest.mark.parametrize(
    ("amount", "due", "field"),
    [
        (0, DUE, "amount"),
        (-5, DUE, "amount"),
        (1, date(2024, 3, 6), "due"),
        (1, date(2026, 1, 1), "due"),
    ],
)
def test_a_bill_that_cannot_be(counter: Counter, amount: int, due: date, field: str) -> None:
    with pytest.raises(Invalid) as refused:
        open_payment(
            answer=yes(counter), amount=amount, due=due, by=counter.city["hospital"], at=NOW
        )
    assert [name for name, _ in refused.value.faults] == [field]


def test_only_who_waits_for_the_money_acts(counter: Counter) -> None:
    with pytest.raises(NotAllowed):
        opened(counter, who="bank")
    code = opened(counter)
    for who, error in (("bank", UnknownPayment), ("auditor", NotAllowed), ("admin", NotAllowed)):
        with pytest.raises(error):
            note_paid(payment=code, on=TODAY, by=counter.city[who], at=NOW)
    with pytest.raises(UnknownPayment):
        payment(code=code, viewer=counter.city["bank"], today=TODAY)
    assert payment(code=code, viewer=counter.city["auditor"], today=TODAY).acts is False


def test_the_day_of_paying_lies_between_the_bill_and_today(counter: Counter) -> None:
    code = opened(counter)
    for on in (date(2024, 3, 6), date(2024, 3, 9)):
        with pytest.raises(Invalid):
            paid(counter, code, on, NOW)


def test_two_officers_at_once(counter: Counter) -> None:
    code = opened(counter)
    by = counter.city["hospital2"]
    with pytest.raises(StaleVersion):
        waive_payment(payment=code, reason="x", by=by, at=NOW, version=7)
    with pytest.raises(Invalid):
        waive_payment(payment=code, reason=" ", by=by, at=NOW, version=1)


def test_the_database_holds_the_states(counter: Counter) -> None:
    code = opened(counter)
    for change in ({"state": "gone"}, {"paid_on": TODAY}, {"due": date(2024, 1, 1)}):
        with pytest.raises(IntegrityError), transaction.atomic():
            DeferredPayment.objects.filter(pk=code).update(**change)


def test_the_list_by_due_day_page_by_page(counter: Counter) -> None:
    answer = yes(counter)
    by = counter.city["hospital"]
    for number in range(PAGE + 3):
        due = TODAY + timedelta(days=(number * 7) % 5)
        open_payment(answer=answer, amount=100 + number, due=due, by=by, at=NOW)
    seen: list[PaymentView] = []
    cursor = ""
    while True:
        page = payments(viewer=by, today=TODAY + timedelta(days=2), cursor=cursor)
        seen += page.rows
        if not (cursor := page.next_cursor):
            break
    assert page.total == len(seen) == PAGE + 3
    assert [(one.due, one.code) for one in seen] == sorted((one.due, one.code) for one in seen)
    assert page.late == sum(one.late for one in seen) > 0
    assert payments(viewer=counter.city["bank"], today=TODAY).total == 0
    own = public_own_payments(subject=answer.subject, today=TODAY)
    assert len(own) == PAGE
    assert not any(one.acts for one in own)


def test_the_payer_reads_them_on_a_page_of_its_own(counter: Counter) -> None:
    code = opened(counter, due=TODAY)
    later = NOW + timedelta(days=2)
    waive_payment(payment=code, reason="临时<救助>", by=counter.city["hospital"], at=later)
    payer = DeferredPayment.objects.get(pk=code).payer_id
    own = public_own_payments(subject=payer, today=TODAY)
    shown = render_to_string("web/parts/mine_payments.html", {"payments": own})
    assert "演示医院" in shown
    assert "临时&lt;救助&gt;" in shown
    assert render_to_string("web/parts/mine_payments.html", {"payments": ()}).strip() == ""
