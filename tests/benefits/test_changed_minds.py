"""What was approved and is refused after all, what was sent before an account changed, what another
edition of the table would say."""

from datetime import date, timedelta
from hashlib import sha256
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.benefits.fund import (
    MONDAY,
    POLICY,
    TABLE,
    calendar,
    open_fund,
    publish,
    publish_table,
    register,
    screen,
    table,
)
from tests.city import City
from yinuo.benefits.commands.approving import approve, ask_approval
from yinuo.benefits.commands.paying import make_batch, send_batch, take_answer
from yinuo.benefits.commands.reviewing import put_up, refuse, restore
from yinuo.benefits.commands.telling import tell_account
from yinuo.benefits.errors import NothingToDo, SamePerson, UnknownPolicy, WrongMoneyState
from yinuo.benefits.models import Award, PayoutBatch, Screening
from yinuo.benefits.queries.comparing import compare
from yinuo.benefits.queries.owed import public_own_award
from yinuo.benefits.queries.payouts import payment_file
from yinuo.commitments.errors import Invalid
from yinuo.commitments.models import Commitment
from yinuo.ledger.commands.recording import By
from yinuo.ledger.replay import replay
from yinuo.web.files import store

FIRM = By(actor="subject:ZT-1", capacity="firm")
AFTER, LATER = MONDAY + timedelta(days=9), MONDAY + timedelta(days=20)
STRICT = (*TABLE[:-2], ("1", "[50..100)", "否", "200", ""), TABLE[-1])


@pytest.fixture
def city(db: None, tmp_path: Path) -> City:
    made = open_fund()
    screen(made, tmp_path, publish(made))
    put_up(policy=POLICY, by=made["officer"], at=MONDAY, calendar=calendar())
    ask_approval(policy=POLICY, by=made["officer"], at=AFTER)
    approve(policy=POLICY, by=made["officer2"], at=AFTER, calendar=calendar())
    return made


def _account(code: str, number: str) -> None:
    tell_account(award=code, bank="示范银行", account=number, by=FIRM, at=AFTER)


def test_a_promise_is_taken_back_by_two_and_given_anew(city: City) -> None:
    code = Award.objects.get(entity="E01").code
    with pytest.raises(SamePerson):
        refuse(award=code, reason="已迁出", by=city["officer2"], at=AFTER)
    refuse(award=code, reason="已迁出", by=city["officer"], at=AFTER)
    assert Commitment.objects.get(pk=code).status == "waived"
    assert public_own_award(entity="E01", code=code).reason == "已迁出"
    restore(award=code, reason="并没有迁出", by=city["officer"], at=AFTER)
    row = Award.objects.get(pk=code)
    assert (row.asked_by, row.approved_by, row.object_until) == ("", "", None)
    with pytest.raises(NothingToDo):
        approve(policy=POLICY, by=city["officer2"], at=AFTER, calendar=calendar())
    put_up(policy=POLICY, by=city["officer"], at=AFTER, calendar=calendar())
    ask_approval(policy=POLICY, by=city["officer"], at=LATER)
    approve(policy=POLICY, by=city["officer2"], at=LATER, calendar=calendar())
    again = Award.objects.get(pk=code).commitment
    assert again is not None
    assert (again.code, again.status) == (f"{code}-2", "open")
    assert replay().faults == []


def test_what_stands_in_a_file_is_neither_refused_nor_paid_elsewhere(city: City) -> None:
    code = Award.objects.get(entity="E01").code
    _account(code, "62220001")
    batch = make_batch(policy=POLICY, by=city["officer"], at=AFTER)
    with pytest.raises(Invalid, match="已编入付款清单"):
        _account(code, "62220002")
    with pytest.raises(WrongMoneyState, match="已编入付款清单"):
        refuse(award=code, reason="已迁出", by=city["officer"], at=AFTER)
    sent = send_batch(batch=batch, by=city["officer2"], at=AFTER)
    day = AFTER.date()
    said = f"批次,序号,金额（元）,结果,日期,原因\n{batch},1,2400.00,退汇,{day},已销户\n".encode()
    take_answer(batch=batch, data=said, file="回单.csv", by=city["officer"], at=AFTER)
    assert public_own_award(entity="E01", code=code).reason == "已销户"
    _account(code, "62220003")
    same = payment_file(viewer=city["officer"], code=batch, xlsx=False)
    assert same == sent
    assert sha256(same).hexdigest() == PayoutBatch.objects.get(pk=batch).file_sha256


def test_another_edition_is_tried_and_the_policy_keeps_its_own(city: City, tmp_path: Path) -> None:
    name = "tables/benefit-staff-training.xlsx"
    number = publish_table(city, name, table(STRICT), start=date(2024, 3, 1))
    version = f"{POLICY}/v1"
    again = screen(city, tmp_path, version)
    assert (again.screened.eligible, again.known) == (2, 2)
    tried = screen(city, tmp_path, version, trial=True, table=number)
    assert tried.screened.eligible == 1
    rows = Screening.objects.order_by("code")
    assert [row.table_publication == number for row in rows] == [False, False, True]
    found = compare(
        viewer=city["officer"],
        before=again.screening,
        after=tried.screening,
        entities=register(tmp_path).entities,
        store=store(),
    )
    assert (found.stay, found.out, found.out_amount, found.come_in) == (1, 1, 2_400_00, 0)
    assert [one.name for one in found.falls_out] == ["东海渔具有限公司"]
    assert found.comes_in == ()
    with pytest.raises(UnknownPolicy):
        compare(
            viewer=city["stranger"],
            before=again.screening,
            after=tried.screening,
            entities=None,
            store=store(),
        )


def test_only_subjects_of_the_policy_s_sort_are_screened(city: City, tmp_path: Path) -> None:
    given = register(tmp_path)
    profile = pq.read_table(given.profile)
    kinds = ["person" if each == "E02" else "firm" for each in profile["entity"].to_pylist()]
    place = profile.column_names.index("kind")
    pq.write_table(profile.set_column(place, "kind", pa.array(kinds)), given.profile)
    told = screen(city, tmp_path, f"{POLICY}/v1", register=given, trial=True).screened
    assert (told.firms, told.eligible, told.cost) == (5, 1, 2_400_00)
