"""What a unit owed finds its new debtor: all of it, at once, on the record."""

from dataclasses import asdict
from datetime import date
from time import process_time
from typing import Any

import pytest

from tests.commitments.conftest import START, City, at
from yinuo.commitments.commands import change, deliver, judge, register, signing, waiting
from yinuo.commitments.commands.register import NewCommitment, NewObservation, Registration
from yinuo.commitments.commands.succession import carry_out
from yinuo.commitments.errors import ChangeOutdated, Invalid
from yinuo.commitments.life import ChangeKind
from yinuo.commitments.models import (
    Change,
    Commitment,
    Cooperation,
    Observation,
    Signing,
    Wait,
)
from yinuo.commitments.queries.detail import detail
from yinuo.commitments.queries.listing import Filter, page, units_listed
from yinuo.commitments.queries.succession import preview
from yinuo.commitments.queries.timeline import timeline
from yinuo.ledger.commands.sealing import seal
from yinuo.ledger.memory import Memory
from yinuo.ledger.models import Entry
from yinuo.ledger.replay import replay
from yinuo.ledger.tlog.note import Signer
from yinuo.ledger.verify import verify
from yinuo.parties.commands import (
    OPERATOR,
    NewUnit,
    approve_duty,
    ask_duty,
    ask_succession,
    open_account,
    register_units,
)
from yinuo.parties.errors import SuccessionTooEarly
from yinuo.parties.queries import public_viewer, succession
from yinuo.parties.viewer import ANYONE, NotAllowed, Viewer

pytestmark = pytest.mark.django_db
DAY = date(2024, 8, 1)
AFTER = at("2024-08-02")


@pytest.fixture
def second_admin(city: City) -> Viewer:
    """A second administrator, and the unit 丙部门 that will take over."""
    new = [NewUnit(code="S", name="丙部门", kind="department", parent="C")]
    register_units(units=new, by=OPERATOR, at=START)
    city.people["admin"] = public_viewer(city.admin.account_id or 0)
    number = open_account(
        username="admin2", name="测试二", password="一个足够长的密码 2024", by=OPERATOR, at=START
    )
    duty = ask_duty(username="admin2", role="administrator", unit="C", by=city.admin, at=START)
    # The city has one administrator; the other who approves is made up.
    other = Viewer(account_id=999, administrator_of=frozenset({"C"}))
    approve_duty(duty=duty, by=other, at=START)
    return public_viewer(number)


def ask(city: City, *units: str, successor: str = "S") -> int:
    return ask_succession(
        units=units,
        successor=successor,
        effective_date=DAY,
        basis_title="关于机构改革的通知",
        basis_number="大委办发〔2024〕15号",
        by=city.admin,
        at=at("2024-07-20"),
    )


def seen(code: str) -> Commitment:
    return Commitment.objects.get(code=code)


def test_what_is_owed_passes_with_a_change_and_its_basis(city: City, second_admin: Viewer) -> None:
    city.promise("P")
    carry_out(number=ask(city, "A"), by=second_admin, at=AFTER)
    row = seen("P")
    assert (row.lead_id, row.due, row.status) == ("S", row.due_original, "open")
    (made,) = Change.objects.filter(commitment="P")
    assert (made.code, made.kind, made.status) == ("P/C1", "transferred", "approved")
    assert (made.asked_by, made.decided_by) == (city.admin.actor, second_admin.actor)
    assert (made.old, made.new) == ({"lead_id": "A"}, {"lead_id": "S"})
    first, second = timeline(code="P", viewer=ANYONE)[:2]
    assert (first.verb, second.verb) == ("commitment.transferred", "change.approved")
    assert first.why == second.why
    assert "甲部门自 2024-08-01 起由丙部门承接" in first.why
    assert "《关于机构改革的通知》（大委办发〔2024〕15号）（单位承接 S1）" in first.why
    assert [(d.label, d.old, d.new) for d in first.differences] == [
        ("责任单位", "甲部门", "丙部门")
    ]
    assert not replay().faults


def test_what_has_ended_keeps_the_name(city: City, second_admin: Viewer) -> None:
    city.promise("K")
    deliver.deliver(
        commitment="K",
        delivered_date=date(2024, 6, 1),
        note="完成",
        by=city.officer,
        at=at("2024-06-01"),
    )
    judge.verify(commitment="K", note="查过", by=city.supervisor, at=at("2024-06-02"))
    carry_out(number=ask(city, "A"), by=second_admin, at=AFTER)
    assert seen("K").lead_id == "A"
    assert not Change.objects.filter(commitment="K").exists()


def test_what_is_declared_delivered_passes_too(city: City, second_admin: Viewer) -> None:
    city.promise("P")
    deliver.deliver(
        commitment="P",
        delivered_date=date(2024, 6, 1),
        note="完成",
        by=city.officer,
        at=at("2024-06-01"),
    )
    carry_out(number=ask(city, "A"), by=second_admin, at=AFTER)
    assert (seen("P").lead_id, seen("P").status) == ("S", "delivered")
    judge.verify(commitment="P", note="查过", by=city.supervisor, at=at("2024-08-03"))
    assert not replay().faults


def test_cooperation_passes_without_losing_the_old_one(city: City, second_admin: Viewer) -> None:
    city.promise("P", cooperating=("B",))
    carry_out(number=ask(city, "B"), by=second_admin, at=AFTER)
    assert detail(code="P", viewer=ANYONE, today=DAY).cooperating == ("丙部门",)
    old = Cooperation._base_manager.get(code="P/B")
    assert old.ended_date == DAY
    lines = timeline(code="P", viewer=ANYONE)
    told = {(line.verb, line.differences[0].new) for line in lines if line.differences}
    assert ("cooperation.ended", "乙部门") in told
    assert ("cooperation.registered", "丙部门") in told
    assert not replay().faults


def test_two_that_merge_lead_and_cooperate_once(city: City, second_admin: Viewer) -> None:
    city.promise("P", cooperating=("B",))
    city.promise("Q", lead="B", cooperating=("A", "S"))
    carry_out(number=ask(city, "A", "B"), by=second_admin, at=AFTER)
    assert {seen("P").lead_id, seen("Q").lead_id} == {"S"}
    assert not Cooperation.objects.exists()
    assert not replay().faults


def test_supervision_passes(city: City, second_admin: Viewer) -> None:
    city.promise("P")
    found = NewObservation(code="O", kind="事件", title="报道", document="D")
    register.register(
        registration=Registration(observations=[found]), office="DC", by=city.admin, at=START
    )
    done = carry_out(number=ask(city, "DC"), by=second_admin, at=AFTER)
    assert asdict(done) == {
        "led": 0,
        "supervised": 1,
        "cooperations": 0,
        "signings": 0,
        "waits": 0,
        "observations": 1,
    }
    assert (seen("P").creditor_unit_id, seen("P").lead_id) == ("S", "A")
    assert Observation.objects.get(code="O").office_id == "S"
    (line, *_rest) = timeline(code="P", viewer=ANYONE)
    assert [(d.label, d.new) for d in line.differences] == [("督查单位", "丙部门")]
    assert not replay().faults


def test_signatures_are_asked_anew(city: City, second_admin: Viewer) -> None:
    city.promise("P", cooperating=("B",))
    signing.ask_signing(
        commitments=["P"], sign_by=date(2024, 7, 25), by=city.supervisor, at=at("2024-07-20")
    )
    signing.sign(signings=["P/B"], by=city.neighbour, at=at("2024-07-21"))
    carry_out(number=ask(city, "A"), by=second_admin, at=AFTER)
    found = {row.code: (row.status, row.sign_by) for row in Signing.objects.all()}
    assert found == {
        "P/A": ("recalled", date(2024, 7, 25)),
        "P/B": ("signed", date(2024, 7, 25)),
        "P/S": ("waiting", date(2024, 8, 9)),
    }
    assert not replay().faults


def _claim(city: City, by: Viewer, code: str, on: str, day: str = "2024-07-10") -> str:
    return waiting.claim(
        commitment=code,
        on_unit=on,
        since_date=date(2024, 7, 1),
        what="批复",
        by=by,
        at=at(day),
    )


def test_waits_pass_and_the_one_between_the_two_ends(city: City, second_admin: Viewer) -> None:
    city.promise("P")
    city.promise("Q", lead="B")
    passes, claimed = _claim(city, city.officer, "P", "B"), _claim(city, city.officer, "P", "S")
    between = _claim(city, city.neighbour, "Q", "S")
    over = _claim(city, city.officer, "P", "B")
    waiting.accept(wait=over, by=city.neighbour, at=at("2024-07-11"))
    waiting.end(wait=over, ended_date=date(2024, 7, 12), by=city.officer, at=at("2024-07-13"))
    carry_out(number=ask(city, "B"), by=second_admin, at=AFTER)
    found = {w.code: (w.claimed_by_unit_id, w.on_unit_id, w.status) for w in Wait.objects.all()}
    assert found == {
        passes: ("A", "S", "claimed"),
        claimed: ("A", "S", "claimed"),
        between: ("B", "S", "closed"),
        over: ("A", "B", "accepted"),
    }
    assert not replay().faults


def test_only_two_administrators_and_not_before_the_day(city: City, second_admin: Viewer) -> None:
    city.promise("P")
    number = ask(city, "A")
    for by in (city.admin, city.supervisor, city.officer, city.auditor):
        with pytest.raises(NotAllowed):
            carry_out(number=number, by=by, at=AFTER)
    with pytest.raises(SuccessionTooEarly):
        carry_out(number=number, by=second_admin, at=at("2024-07-31"))
    assert seen("P").lead_id == "A"


def test_requests_that_wait_are_told_to_be_outdated(city: City, second_admin: Viewer) -> None:
    city.promise("P")
    request = change.ask(
        commitment="P",
        kind=ChangeKind.TRANSFERRED,
        new={"lead_id": "B"},
        reason="职责调整",
        by=city.officer,
        at=at("2024-07-01"),
    )
    carry_out(number=ask(city, "A"), by=second_admin, at=AFTER)
    with pytest.raises(ChangeOutdated):
        change.approve(change=request, reason="同意", by=city.supervisor, at=at("2024-08-03"))


def test_nothing_is_transferred_to_a_unit_that_has_ended(city: City, second_admin: Viewer) -> None:
    city.promise("P")
    request = change.ask(
        commitment="P",
        kind=ChangeKind.TRANSFERRED,
        new={"lead_id": "B"},
        reason="职责调整",
        by=city.officer,
        at=at("2024-07-01"),
    )
    carry_out(number=ask(city, "B"), by=second_admin, at=AFTER)
    with pytest.raises(Invalid, match="乙部门 已于 2024-08-01 并入 丙部门"):
        change.approve(change=request, reason="同意", by=city.supervisor, at=at("2024-08-03"))
    with pytest.raises(Invalid, match="并入 丙部门"):
        _claim(city, city.officer, "P", "B", day="2024-08-02")
    assert seen("P").lead_id == "A"


def test_list_and_filter_know_both_units(city: City, second_admin: Viewer) -> None:
    city.promise("P")
    city.promise("K")
    judge.waive(commitment="K", note="依据废止", by=city.supervisor, at=at("2024-06-02"))
    carry_out(number=ask(city, "A"), by=second_admin, at=AFTER)
    found = {
        unit: [r.code for r in page(viewer=ANYONE, wanted=Filter(unit=unit), today=DAY).rows]
        for unit in "AS"
    }
    assert found == {"A": ["K"], "S": ["P"]}
    assert units_listed(viewer=ANYONE) == {"A": "甲部门", "S": "丙部门"}


def test_the_preview_says_what_the_approval_does(city: City, second_admin: Viewer) -> None:
    city.promise("P", cooperating=("B",))
    city.promise("Q", lead="B", cooperating=("A",))
    _claim(city, city.neighbour, "Q", "A")
    number = ask(city, "A")
    view = succession(number=number, viewer=second_admin)
    assert view is not None
    shown = preview(succession=view, viewer=second_admin, today=DAY)
    done = carry_out(number=number, by=second_admin, at=AFTER)
    assert (shown.led_total, shown.supervised_total) == (done.led, done.supervised) == (1, 0)
    assert (shown.cooperations, shown.waits) == (done.cooperations, done.waits) == (1, 1)
    assert [row.code for row in shown.led] == ["P"]
    assert {duty.username for duty in shown.duties} == {"officer", "torn"}


@pytest.mark.slow
def test_two_thousand_in_seconds(
    city: City, second_admin: Viewer, signer: Signer, memory: Memory
) -> None:
    plain: dict[str, Any] = {
        "kind": "measure",
        "document": "D",
        "creditor": "社会公众",
        "creditor_unit": "DC",
    }
    new = [
        NewCommitment(
            code=f"P{n:04}",
            title=f"任务 {n}",
            lead="A" if n % 2 else "B",
            cooperating=("B",) if n % 2 else ("A",),
            due=date(2024, 12, 31),
            **plain,
        )
        for n in range(4_000)
    ]
    register.register(
        registration=Registration(commitments=new), office="DC", by=city.admin, at=START
    )
    number, before = ask(city, "A"), Entry.objects.count()
    started = process_time()
    done = carry_out(number=number, by=second_admin, at=AFTER)
    took = process_time() - started
    assert (done.led, done.cooperations) == (2_000, 2_000)
    assert Commitment.objects.filter(lead="S").count() == 2_000
    # The succession and the unit; a change, a commitment; an ended cooperation and a new one.
    assert Entry.objects.count() - before == 2 + 2_000 * 2 + 2_000 * 2
    assert not replay().faults
    while seal(signer=signer, memory=memory).entries:
        pass
    assert not verify(verifier=signer.verifier).faults
    assert took < 30, "seconds of computing, whatever else the machine does"
