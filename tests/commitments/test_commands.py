"""Who may do what to a promise, and what stands on the record afterwards."""

from dataclasses import replace
from datetime import date

import pytest

from tests.commitments.conftest import DUE, City, at
from yinuo.commitments.commands import change, deliver, judge, publish, register
from yinuo.commitments.commands.register import NewObservation, Registration
from yinuo.commitments.errors import (
    ChangeDecided,
    ChangeOutdated,
    ChangeWaiting,
    Invalid,
    UnknownCommitment,
    WrongState,
)
from yinuo.commitments.life import ChangeKind, Outcome, Visibility
from yinuo.commitments.models import Change, Commitment, Report
from yinuo.commitments.queries.detail import detail
from yinuo.commitments.queries.observed import observations
from yinuo.commitments.queries.timeline import timeline
from yinuo.ledger.commands.recording import StaleVersion
from yinuo.ledger.models import Entry
from yinuo.ledger.replay import replay
from yinuo.parties.viewer import ANYONE, NotAllowed

pytestmark = pytest.mark.django_db
LATER = "2025-01-31"


def ask_move(city: City, day: str = "2024-11-01", due: str = LATER) -> str:
    return change.ask(
        commitment="P",
        kind=ChangeKind.MOVED,
        new={"due": due},
        reason="考评排期紧张",
        by=city.officer,
        at=at(day),
    )


def declare(city: City, day: str, done: str) -> None:
    deliver.deliver(
        commitment="P",
        delivered_date=date.fromisoformat(done),
        note="已完成",
        by=city.officer,
        at=at(day),
    )


def test_a_report_keeps_figure_and_words(city: City) -> None:
    city.promise("P", operator="ge", value="600", unit="名")
    code = deliver.report(
        commitment="P",
        as_of_date=date(2024, 6, 30),
        value="380.0",
        note="首批结业",
        by=city.officer,
        at=at("2024-07-01"),
    )
    assert Report.objects.get(code=code).value == "380"
    assert timeline(code="P", viewer=ANYONE)[0].why == "首批结业"


@pytest.mark.parametrize(
    ("value", "day", "note", "field"),
    [
        ("", "2024-06-30", "有", "value"),
        ("三百", "2024-06-30", "有", "value"),
        ("380", "2025-06-30", "有", "as_of_date"),
        ("380", "2024-06-30", "  ", "note"),
        ("380", "2024-06-30", "长" * 4_001, "note"),
    ],
)
def test_a_faulty_report_names_its_field(
    city: City, value: str, day: str, note: str, field: str
) -> None:
    city.promise("P", operator="ge", value="600", unit="名")
    with pytest.raises(Invalid) as caught:
        deliver.report(
            commitment="P",
            as_of_date=date.fromisoformat(day),
            value=value,
            note=note,
            by=city.officer,
            at=at("2024-07-01"),
        )
    assert [name for name, _what in caught.value.faults] == [field]
    assert not Report.objects.exists()


@pytest.mark.parametrize("who", ["neighbour", "supervisor", "admin", "auditor"])
def test_only_the_debtor_reports_and_delivers(city: City, who: str) -> None:
    city.promise("P")
    with pytest.raises(NotAllowed):
        deliver.deliver(
            commitment="P",
            delivered_date=DUE,
            note="完成",
            by=city.people[who],
            at=at("2025-01-02"),
        )


def test_delivered_in_time_and_verified(city: City) -> None:
    city.promise("P")
    declare(city, "2024-12-20", "2024-12-18")
    outcome = judge.verify(commitment="P", note="属实", by=city.supervisor, at=at("2025-01-06"))
    row = Commitment.objects.get(code="P")
    assert (outcome, row.status, row.outcome) == (Outcome.KEPT_ON_TIME, "kept", "kept_on_time")


def test_rejected_is_open_again(city: City) -> None:
    city.promise("P")
    declare(city, "2024-12-20", "2024-12-18")
    judge.reject(commitment="P", note="名单不符", by=city.supervisor, at=at("2024-12-23"))
    row = Commitment.objects.get(code="P")
    assert (row.status, row.delivered_date) == ("open", None)
    assert replay().faults == []


@pytest.mark.parametrize("who", ["officer", "neighbour", "admin", "auditor", "torn"])
def test_only_an_unbound_supervisor_judges(city: City, who: str) -> None:
    city.promise("P")
    declare(city, "2024-12-20", "2024-12-18")
    with pytest.raises(NotAllowed):
        judge.verify(commitment="P", note="属实", by=city.people[who], at=at("2025-01-06"))


def test_a_duty_for_the_parent_of_the_debtor_forbids_judging(city: City) -> None:
    city.promise("P")
    declare(city, "2024-12-20", "2024-12-18")
    also_above = replace(city.supervisor, held_for=city.supervisor.held_for | {"C"})
    with pytest.raises(NotAllowed, match="上级单位"):
        judge.verify(commitment="P", note="属实", by=also_above, at=at("2025-01-06"))


def test_broken_needs_a_passed_deadline_and_a_person(city: City) -> None:
    city.promise("P")
    with pytest.raises(Invalid, match="尚未逾期"):
        judge.find_broken(commitment="P", note="未做", by=city.supervisor, at=at("2024-12-31"))
    judge.find_broken(commitment="P", note="未做", by=city.supervisor, at=at("2025-01-02"))
    assert Commitment.objects.get(code="P").outcome == "broken"


def test_an_outcome_found_false_is_overturned_in_the_open(city: City) -> None:
    city.promise("P")
    declare(city, "2024-12-20", "2024-12-18")
    judge.verify(commitment="P", note="属实", by=city.supervisor, at=at("2025-01-06"))
    judge.overturn(
        commitment="P", note="抽查发现不实", broken=True, by=city.second, at=at("2025-02-01")
    )
    assert Commitment.objects.get(code="P").status == "broken"
    assert [line.verb for line in timeline(code="P", viewer=ANYONE)][:2] == [
        "commitment.found_false",
        "commitment.verified",
    ]


def test_a_move_waits_for_another_person(city: City) -> None:
    city.promise("P")
    code = ask_move(city)
    row = Commitment.objects.get(code="P")
    assert (row.due, row.moved_count) == (DUE, 0)
    change.approve(change=code, reason="同意", by=city.supervisor, at=at("2024-11-05"))
    row.refresh_from_db()
    assert (row.due, row.due_original, row.moved_count) == (date(2025, 1, 31), DUE, 1)
    assert replay().faults == []


def test_a_refused_move_changes_nothing_and_both_words_stay(city: City) -> None:
    city.promise("P")
    change.refuse(
        change=ask_move(city), reason="理由不充分", by=city.supervisor, at=at("2024-11-05")
    )
    assert Commitment.objects.get(code="P").due == DUE
    told = timeline(code="P", viewer=ANYONE)
    assert [line.why for line in told[:2]] == ["理由不充分", "考评排期紧张"]
    assert told[0].label == "不批准变更：调整时限"


def test_a_move_asked_after_the_deadline_is_marked(city: City) -> None:
    city.promise("P")
    ask_move(city, day="2025-01-06")
    assert Change.objects.get().after_the_fact


def test_the_requester_never_approves(city: City) -> None:
    city.promise("P")
    code = change.ask(
        commitment="P",
        kind=ChangeKind.MOVED,
        new={"due": LATER},
        reason="代为申请",
        by=city.supervisor,
        at=at("2024-11-01"),
    )
    with pytest.raises(NotAllowed, match="申请人"):
        change.approve(change=code, reason="同意", by=city.supervisor, at=at("2024-11-02"))
    change.approve(change=code, reason="同意", by=city.second, at=at("2024-11-02"))


@pytest.mark.parametrize("who", ["officer", "neighbour", "admin", "auditor", "torn"])
def test_only_an_unbound_supervisor_approves(city: City, who: str) -> None:
    city.promise("P")
    code = ask_move(city)
    with pytest.raises(NotAllowed):
        change.approve(change=code, reason="同意", by=city.people[who], at=at("2024-11-02"))
    assert Commitment.objects.get(code="P").due == DUE


def test_one_request_of_a_kind_at_a_time(city: City) -> None:
    city.promise("P")
    ask_move(city)
    with pytest.raises(ChangeWaiting):
        ask_move(city, due="2025-03-31")


def test_a_decided_request_is_not_decided_again(city: City) -> None:
    city.promise("P")
    code = ask_move(city)
    change.refuse(change=code, reason="不同意", by=city.supervisor, at=at("2024-11-05"))
    with pytest.raises(ChangeDecided):
        change.approve(change=code, reason="同意", by=city.second, at=at("2024-11-06"))


def test_a_request_made_on_old_terms_is_not_applied(city: City) -> None:
    city.promise("P")
    code = ask_move(city)
    correct = change.ask(
        commitment="P",
        kind=ChangeKind.CORRECTED,
        new={"due": "2024-12-30"},
        reason="录入错误，原件为 12 月 30 日",
        by=city.second,
        at=at("2024-11-02"),
    )
    change.approve(change=correct, reason="核对原件", by=city.supervisor, at=at("2024-11-03"))
    assert Commitment.objects.get(code="P").moved_count == 0
    with pytest.raises(ChangeOutdated):
        change.approve(change=code, reason="同意", by=city.supervisor, at=at("2024-11-05"))


def test_a_target_is_revised_by_two_persons(city: City) -> None:
    city.promise("P", operator="ge", value="600", unit="名")
    code = change.ask(
        commitment="P",
        kind=ChangeKind.REVISED,
        new={"value": "500.0"},
        reason="口径调整",
        by=city.officer,
        at=at("2024-11-01"),
    )
    change.approve(change=code, reason="同意", by=city.supervisor, at=at("2024-11-05"))
    row = Commitment.objects.get(code="P")
    assert (row.value, row.value_scaled) == ("500", 500_000_000)


@pytest.mark.parametrize(
    ("kind", "new", "words"),
    [
        (ChangeKind.MOVED, {"due": "明年"}, "不是 2025-06-30"),
        (ChangeKind.MOVED, {"due": "2024-12-31"}, "相同"),
        (ChangeKind.MOVED, {}, "没有写明"),
        (ChangeKind.MOVED, {"title": "别的"}, "不能改动"),
        (ChangeKind.MOVED, {"due_original": "2025-01-31"}, "不能改动"),
        (ChangeKind.MOVED, {"due": None}, "请写明新的时限"),
        (ChangeKind.REVISED, {"value": "很多"}, "不是数字"),
        (ChangeKind.REVISED, {"value": "5"}, "要有数值"),
        (ChangeKind.REVISED, {"operator": "ge"}, "要有数值"),
        (ChangeKind.REVISED, {"operator": "about", "value": "5"}, "允许偏差"),
        (ChangeKind.REVISED, {"operator": "nearly", "value": "5"}, "比较方式"),
        (ChangeKind.RESCOPED, {"title": ""}, "承诺内容"),
        (ChangeKind.RESCOPED, {"title": "长" * 301}, "承诺内容"),
        (ChangeKind.RESCOPED, {"kind": "wish"}, "没有承诺类型"),
        (ChangeKind.RESCOPED, {"parent_id": "P"}, "不能指向自己"),
        (ChangeKind.RESCOPED, {"parent_id": "没有的"}, "上级承诺"),
        (ChangeKind.TRANSFERRED, {"lead_id": "没有的"}, "责任单位"),
    ],
)
def test_a_faulty_request_says_why(
    city: City, kind: ChangeKind, new: dict[str, str | None], words: str
) -> None:
    city.promise("P")
    with pytest.raises(Invalid, match=words):
        change.ask(
            commitment="P", kind=kind, new=new, reason="因为", by=city.officer, at=at("2024-11-01")
        )


def test_a_first_deadline_is_the_original_one(city: City) -> None:
    city.promise("P", due=None)
    change.approve(
        change=ask_move(city), reason="定下时限", by=city.supervisor, at=at("2024-11-05")
    )
    row = Commitment.objects.get(code="P")
    assert (row.due, row.due_original, row.moved_count) == (
        date(2025, 1, 31),
        date(2025, 1, 31),
        0,
    )
    assert replay().faults == []


def test_partly_kept_needs_two_persons(city: City) -> None:
    city.promise("P")
    declare(city, "2024-12-20", "2024-12-18")
    code = change.ask(
        commitment="P",
        kind=ChangeKind.KEPT_IN_PART,
        new={},
        reason="三条未落实",
        by=city.supervisor,
        at=at("2025-01-06"),
    )
    change.approve(change=code, reason="同意", by=city.second, at=at("2025-01-08"))
    assert Commitment.objects.get(code="P").outcome == "kept_in_part"


def test_withdrawn_and_transferred_and_merged(city: City) -> None:
    for code in ("P", "Q", "R"):
        city.promise(code)
    wanted = {
        "P": (ChangeKind.WITHDRAWN, {}, city.officer),
        "Q": (ChangeKind.TRANSFERRED, {"lead_id": "B"}, city.officer),
        "R": (ChangeKind.MERGED, {"merged_into_id": "Q"}, city.second),
    }
    for code, (kind, new, who) in wanted.items():
        asked = change.ask(
            commitment=code, kind=kind, new=new, reason="机构调整", by=who, at=at("2024-05-01")
        )
        change.approve(change=asked, reason="同意", by=city.supervisor, at=at("2024-05-06"))
    rows = {c.code: c for c in Commitment.objects.all()}
    assert (rows["P"].status, rows["R"].status) == ("withdrawn", "withdrawn")
    assert (rows["Q"].lead_id, rows["Q"].lead_origin) == ("B", "text")
    assert rows["R"].merged_into_id == "Q"
    assert replay().faults == []


def test_publishing_is_for_another_person_than_the_registrar(city: City) -> None:
    city.promise("P", visibility=Visibility.REVIEW)
    with pytest.raises(NotAllowed):
        publish.publish(
            commitments=["P"], visibility=Visibility.PUBLIC, by=city.admin, at=at("2024-03-05")
        )
    publish.publish(
        commitments=["P"], visibility=Visibility.PUBLIC, by=city.supervisor, at=at("2024-03-05")
    )
    assert Commitment.objects.get(code="P").visibility == "public"


def test_what_one_may_not_see_does_not_exist(city: City) -> None:
    city.promise("P", visibility=Visibility.CLOSED)
    with pytest.raises(UnknownCommitment):
        deliver.deliver(
            commitment="P", delivered_date=DUE, note="x", by=city.neighbour, at=at("2025-01-02")
        )


def test_nothing_is_reported_after_the_end(city: City) -> None:
    city.promise("P")
    judge.waive(commitment="P", note="灾害", by=city.supervisor, at=at("2024-08-01"))
    with pytest.raises(WrongState):
        deliver.report(
            commitment="P", as_of_date=DUE, note="x", by=city.officer, at=at("2025-01-02")
        )


def test_a_page_that_is_out_of_date_is_refused(city: City) -> None:
    row = city.promise("P")
    deliver.deliver(
        commitment="P",
        delivered_date=date(2024, 12, 1),
        note="完成",
        by=city.officer,
        at=at("2024-12-02"),
        version=row.version,
    )
    entries = Entry.objects.count()
    with pytest.raises(StaleVersion):
        judge.verify(
            commitment="P",
            note="属实",
            by=city.supervisor,
            at=at("2024-12-03"),
            version=row.version,
        )
    assert Entry.objects.count() == entries


def test_persons_are_named_to_colleagues_and_not_to_the_public(city: City) -> None:
    city.promise("P")
    declare(city, "2024-12-20", "2024-12-18")
    assert timeline(code="P", viewer=ANYONE)[0].who == "甲部门 填报人"
    assert timeline(code="P", viewer=city.auditor)[0].who == "甲部门 填报人（测试officer）"


def test_a_public_promise_is_not_merged_into_a_closed_one(city: City) -> None:
    city.promise("P")
    city.promise("Q", visibility=Visibility.CLOSED)
    with pytest.raises(Invalid, match="公开的承诺"):
        change.ask(
            commitment="P",
            kind=ChangeKind.MERGED,
            new={"merged_into_id": "Q"},
            reason="重复",
            by=city.second,
            at=at("2024-05-01"),
        )


def test_the_tenth_report_of_a_day_comes_before_the_second(city: City) -> None:
    city.promise("P")
    for number in range(1, 12):
        deliver.report(
            commitment="P",
            as_of_date=date(2024, 6, 30),
            note=f"第 {number} 次",
            by=city.officer,
            at=at("2024-07-01"),
        )
    shown = detail(code="P", viewer=ANYONE, today=DUE).reports
    assert [report.code for report in shown][:3] == ["P/R11", "P/R10", "P/R9"]


def test_an_observation_is_reviewed_by_its_own_office(city: City) -> None:
    new = NewObservation(code="O", kind="event", title="签约", document="D")
    register.register(
        registration=Registration(observations=[new]),
        office="DC",
        by=city.admin,
        at=at("2024-03-01"),
    )
    elsewhere = replace(city.supervisor, supervisor_of=frozenset({"B"}))
    assert observations(viewer=elsewhere).total == 0
    with pytest.raises(UnknownCommitment):
        publish.publish_observations(
            observations=["O"], visibility=Visibility.PUBLIC, by=elsewhere, at=at("2024-03-05")
        )
    publish.publish_observations(
        observations=["O"], visibility=Visibility.PUBLIC, by=city.second, at=at("2024-03-05")
    )
    assert observations(viewer=ANYONE).total == 1
