"""What a window system sends is taken in once, in any order, and nothing is bent."""

from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from tests.cases.deferrals.trusting import credit, put_tables
from tests.cases.desk import (
    FEBRUARY,
    FIRM,
    FIRM_CODE,
    ITEM,
    MONDAY,
    OFFICE,
    WINDOW,
    put_accepted_case,
    put_item,
)
from tests.cases.feed.window import EVENING, SOURCE, THEIRS, fed, make_window, send, told
from yinuo.cases.commands import clock, decide
from yinuo.cases.commands.deeming import deem, warn
from yinuo.cases.commands.deferrals import Gap
from yinuo.cases.commands.feed import asides, deferring, sources, taking
from yinuo.cases.errors.cases import ToldElsewhere
from yinuo.cases.errors.feed import (
    NotFed,
    SourcePaused,
    StillAside,
    TooManyEvents,
    UnknownAside,
    UnknownSource,
    WrongToken,
)
from yinuo.cases.life import Accepted, CaseStatus, Channel, Decision, EventKind
from yinuo.cases.models import (
    Case,
    CaseWarning,
    Declaration,
    Deferral,
    FeedAside,
    FeedBatch,
    FeedCase,
    FeedEvent,
)
from yinuo.cases.queries import feed as queries
from yinuo.cases.stored.cases import definition_of
from yinuo.commitments.errors import Invalid
from yinuo.commitments.standing import Answer
from yinuo.kernel.spreadsheet.cells import Progress, silent
from yinuo.ledger.replay import replay
from yinuo.parties.viewer import NotAllowed
from yinuo.web.files import store

SHANGHAI = ZoneInfo("Asia/Shanghai")
DAY = [
    told(
        "e1",
        "received",
        "2024-03-04 09:30:00",
        applicant_name=FIRM.name,
        applicant_number=FIRM_CODE,
        about="开一家咖啡馆",
    ),
    told("e2", "accepted", "2024-03-04 10:00:00"),
    told("e3", "stopped", "2024-03-04 15:00:00", ground="专家评审", notice="评审〔2024〕3号"),
]
RESUMED = told("e4", "resumed", "2024-03-06 16:00:00")
WEDNESDAY = EVENING + timedelta(days=2)
KINDS = EventKind

pytestmark = pytest.mark.django_db


def kinds() -> list[str]:
    return list(fed().events.order_by("number").values_list("kind", flat=True))


def findings() -> list[str]:
    return [what for row in FeedCase.objects.filter(open=True) for _, what in row.findings]


def sound() -> bool:
    return replay().faults == []


def test_a_day_of_events_becomes_a_case_with_clocks() -> None:
    _, token = make_window()
    taken = send(token, DAY)
    assert (taken.read, taken.accepted, taken.quarantined, taken.duplicate) == (3, 3, 0, 0)
    row = fed()
    assert (row.channel, row.status) == (Channel.FEED, CaseStatus.ACCEPTED)
    assert row.received_at == MONDAY
    assert row.stopped
    assert (row.legal_due, row.promised_due) == (None, None)
    assert row.simulated
    assert row.applicant.credit_code == FIRM_CODE
    assert kinds() == [KINDS.START, KINDS.START, KINDS.STOP]
    # Eight working days from the 5th end on the 14th; the review takes the 5th off.
    send(token, [RESUMED], at=WEDNESDAY)
    assert not fed().stopped
    assert fed().promised_due == date(2024, 3, 15)
    # Twenty end on 1 April; one later is the 2nd.
    assert fed().legal_due == date(2024, 4, 2)
    assert sound()


def test_the_same_again_changes_nothing() -> None:
    _, token = make_window()
    send(token, DAY)
    before = fed().version
    again = send(token, DAY)
    assert (again.accepted, again.duplicate) == (0, 3)
    assert fed().version == before
    assert FeedEvent.objects.count() == 3
    assert FeedBatch.objects.count() == 2


@pytest.fixture
def by_two(monkeypatch: pytest.MonkeyPatch) -> None:
    """Batches come in by two rows at a time."""
    monkeypatch.setattr(taking, "PIECE", 2)
    monkeypatch.setattr(asides, "PIECE", 2)


def test_a_batch_comes_in_by_pieces_and_adds_up(by_two: None) -> None:
    city, _ = make_window()
    odd = {**DAY[0], "event": "x1", "item": "0100-18"}
    far: list[tuple[int, int]] = []
    taken = taking.load(
        source=SOURCE,
        rows=[*DAY, odd, DAY[0], {**odd, "event": "x2"}, "no row at all"],
        name="一天.csv",
        by=city["clerk"],
        at=EVENING,
        progress=lambda _step, done, total: far.append((done, total)),
    )
    assert (taken.read, taken.accepted, taken.quarantined, taken.duplicate) == (7, 3, 3, 1)
    assert taken.reasons == {"事项没有对应": 2, "不是一行对象": 1}
    assert [(fault.row, fault.code) for fault in taken.faults] == [
        (4, f"{taken.batch}/4"),
        (6, f"{taken.batch}/6"),
        (7, f"{taken.batch}/7"),
    ]
    assert far == [(2, 7), (4, 7), (6, 7), (7, 7)]
    batch = FeedBatch.objects.get()
    assert (batch.read, batch.cases, batch.version) == (7, 1, 4)
    assert (batch.first_at, batch.last_at) == (MONDAY, MONDAY + timedelta(hours=5, minutes=30))
    assert sorted(FeedEvent.objects.values_list("code", flat=True)) == [
        f"{batch.code}/{row}" for row in (1, 2, 3)
    ]
    assert fed().stopped
    assert sound()


def test_what_was_cut_short_is_sent_once_more(by_two: None) -> None:
    city, _ = make_window()

    def pause(_step: str, done: int, _total: int) -> None:
        if done == 2:
            sources.pause(source=SOURCE, paused=True, by=city["admin"], at=EVENING)

    def load(progress: Progress = silent) -> taking.Taken:
        return taking.load(
            source=SOURCE,
            rows=DAY,
            name="一天.csv",
            by=city["clerk"],
            at=EVENING,
            progress=progress,
        )

    with pytest.raises(SourcePaused):
        load(pause)
    [cut] = FeedBatch.objects.all()
    assert (cut.read, cut.accepted, fed().stopped) == (2, 2, False)
    sources.pause(source=SOURCE, paused=False, by=city["admin"], at=EVENING)
    again = load()
    assert (again.read, again.accepted, again.duplicate) == (3, 1, 2)
    assert fed().stopped
    assert FeedEvent.objects.count() == 3
    assert sound()


def test_a_replay_comes_in_by_pieces_too(by_two: None) -> None:
    city, token = make_window()
    send(token, [{**row, "item": "0100-18"} for row in DAY])
    sources.change(source=SOURCE, items={"0100-18": ITEM}, by=city["admin"], at=EVENING)
    done = asides.replay(source=SOURCE, reason="", by=city["supervisor"], at=EVENING)
    assert (done.accepted, done.still) == (3, 0)
    batch = FeedBatch.objects.get(code=done.batch)
    assert (batch.read, batch.accepted) == (3, 3)
    became = FeedAside.objects.order_by("row").values_list("became", flat=True)
    assert list(became) == [f"{batch.code}/{row}" for row in (1, 2, 3)]
    assert fed().stopped
    assert sound()


def test_order_of_coming_does_not_matter() -> None:
    _, token = make_window()
    send(token, [DAY[2], DAY[0], DAY[1]])
    assert kinds() == [KINDS.START, KINDS.START, KINDS.STOP]
    assert findings() == []


def test_events_before_the_receipt_wait_for_it() -> None:
    _, token = make_window()
    send(token, [DAY[2]])
    assert Case.objects.count() == 0
    assert findings() == ["还没有收到收件或受理事件，先不建办件"]
    send(token, DAY[:2])
    assert fed().stopped
    assert findings() == []
    assert sound()


def test_a_late_stop_counts_and_is_seen_as_late() -> None:
    city, token = make_window()
    send(token, DAY[:2])
    at = EVENING + timedelta(days=8)
    send(token, [DAY[2], RESUMED], at=at)
    assert fed().promised_due == date(2024, 3, 15)
    late = [e.event for e in queries.events_of(case=fed().code, viewer=city["clerk"]) if e.late]
    assert late == ["e3", "e4"]
    [view] = queries.sources(viewer=city["supervisor"])
    assert view.late == 2


def test_a_stop_told_after_a_later_stretch_was_closed_is_a_finding() -> None:
    _, token = make_window()
    send(token, [*DAY, RESUMED], at=WEDNESDAY)
    early = [
        told("e5", "stopped", "2024-03-04 11:00:00", ground="现场核查"),
        told("e6", "resumed", "2024-03-04 12:00:00", stop="e5"),
    ]
    send(token, early, at=WEDNESDAY + timedelta(hours=1))
    assert fed().promised_due == date(2024, 3, 15)
    [found] = findings()
    assert "早于已记录的最近一次恢复" in found
    assert sound()


def test_a_corrected_stop_replaces_the_first_and_both_stay() -> None:
    _, token = make_window()
    send(token, [*DAY, RESUMED], at=WEDNESDAY)
    later = told("e3b", "stopped", "2024-03-05 15:00:00", ground="专家评审", corrects="e3")
    send(token, [later], at=WEDNESDAY + timedelta(hours=1))
    # Stopped from the 5th to the 6th: the first day of the stop, the 5th, is off the count.
    assert fed().promised_due == date(2024, 3, 15)
    assert kinds() == [
        *(KINDS.START, KINDS.START, KINDS.STOP, KINDS.RESUME),
        *(KINDS.REMOVAL, KINDS.REMOVAL, KINDS.STOP, KINDS.RESUME),
    ]
    assert FeedEvent.objects.count() == 5
    assert findings() == []
    assert sound()


def test_a_corrected_acceptance_starts_the_clock_anew() -> None:
    _, token = make_window()
    send(token, DAY[:2])
    assert fed().promised_due == date(2024, 3, 14)
    send(token, [told("e2b", "accepted", "2024-03-04 09:40:00", corrects="e2")])
    assert fed().promised_due == date(2024, 3, 14)
    second = told("e2c", "accepted", "2024-03-05 09:40:00", corrects="e2b")
    send(token, [second], at=WEDNESDAY)
    assert fed().promised_due == date(2024, 3, 15)
    assert warn(at=WEDNESDAY + timedelta(days=9)) == 1
    assert sound()


def test_what_was_taken_back_no_longer_counts() -> None:
    _, token = make_window()
    send(token, DAY)
    send(token, [{**DAY[2], "void": "1"}])
    assert not fed().stopped
    assert fed().promised_due == date(2024, 3, 14)
    send(token, [{**row, "void": "1"} for row in DAY[:2]])
    assert fed().status == CaseStatus.WITHDRAWN


def test_the_same_number_with_other_content_is_kept_aside_and_may_become_a_correction() -> None:
    city, token = make_window()
    send(token, DAY)
    taken = send(token, [told("e2", "accepted", "2024-03-04 11:00:00")])
    assert taken.reasons == {"事件编号相同而内容不同": 1}
    [row] = FeedAside.objects.all()
    assert fed().accepted_at == MONDAY + timedelta(minutes=30)
    batch = asides.correct(
        aside=row.code, changes={}, reason="窗口电话确认", by=city["supervisor"], at=EVENING
    )
    assert FeedBatch.objects.get(code=batch).accepted == 1
    assert fed().accepted_at == MONDAY + timedelta(minutes=90)
    row.refresh_from_db()
    assert row.state == "replayed"
    assert FeedEvent.objects.get(code=row.became).corrects == "e2"
    with pytest.raises(UnknownAside):
        asides.drop(aside=row.code, reason="又一次", by=city["supervisor"], at=EVENING)


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"case": ""}, "缺少必填字段"),
        ({"event": None}, "缺少必填字段"),
        ({"step": "nonsense"}, "办理状态不认识"),
        ({"happened_at": "2024-13-04 09:00:00"}, "时间不能识别"),
        ({"happened_at": "2024-03-04"}, "时间不能识别"),
        ({"happened_at": "2024-03-05 09:00:00"}, "时间在将来"),
        ({"happened_at": "1987-03-05 09:00:00"}, "时间超出工作日历"),
        ({"item": "9999-99"}, "事项没有对应"),
        ({"amount": "一天"}, "数字不能识别"),
        ({"ground": "评" * 41}, "内容太长"),
        ({"case": "评" * 2_000}, "内容太长"),
    ],
)
def test_a_row_that_cannot_be_used_is_kept_with_the_reason(
    changes: dict[str, Any], reason: str
) -> None:
    _, token = make_window()
    taken = send(token, [{**DAY[0], **changes}, DAY[0], "no row at all"])
    assert (taken.read, taken.accepted, taken.quarantined) == (3, 1, 2)
    assert taken.reasons == {reason: 1, "不是一行对象": 1}
    assert [fault.row for fault in taken.faults] == [1, 3]
    assert FeedAside.objects.count() == 2
    assert sound()


def test_an_unknown_item_is_mapped_and_replayed() -> None:
    city, token = make_window()
    send(token, [{**row, "item": "0100-18"} for row in DAY])
    assert Case.objects.count() == 0
    sources.change(source=SOURCE, items={"0100-18": ITEM}, by=city["admin"], at=EVENING)
    done = asides.replay(source=SOURCE, reason="事项没有对应", by=city["supervisor"], at=EVENING)
    assert (done.accepted, done.still) == (3, 0)
    assert fed().stopped
    assert fed().applicant.credit_code == FIRM_CODE


def test_replaying_what_is_still_wrong_changes_nothing() -> None:
    city, token = make_window()
    send(token, [{**DAY[0], "item": "0100-18"}])
    done = asides.replay(source=SOURCE, reason="", by=city["supervisor"], at=EVENING)
    assert (done.batch, done.accepted, done.still) == ("", 0, 1)
    [row] = FeedAside.objects.all()
    with pytest.raises(StillAside):
        asides.correct(
            aside=row.code,
            changes={"item": "0100-19"},
            reason="猜的",
            by=city["supervisor"],
            at=EVENING,
        )
    assert FeedBatch.objects.count() == 1
    with pytest.raises(Invalid):
        asides.correct(
            aside=row.code, changes={"x": "1"}, reason="", by=city["supervisor"], at=EVENING
        )
    asides.correct(
        aside=row.code, changes={"item": THEIRS}, reason="编码写错", by=city["clerk"], at=EVENING
    )
    assert fed().status == CaseStatus.RECEIVED


@pytest.mark.parametrize(
    ("rows", "finding"),
    [
        ([told("e9", "resumed", "2024-03-04 11:00:00")], "恢复计时：没有可以恢复的暂停"),
        (
            [told("e9", "stopped", "2024-03-04 11:00:00", ground="领导出差")],
            "暂停计时：“领导出差”不是这个事项可以暂停计时的事由，时间照算",
        ),
        (
            [told("e9", "stopped", "2024-03-04 11:00:00")],
            "暂停计时：没有写明事由，时间照算",
        ),
        ([told("e9", "delivered", "2024-03-04 11:00:00")], "送达：没有办结，不能送达"),
        ([told("e9", "received", "2024-03-04 11:00:00")], "收件：重复收件，以最早的为准"),
        ([told("e9", "approved", "2024-03-04 09:00:00")], "办结（通过）：还没有收件"),
        ([told("e9", "extended", "2024-03-04 11:00:00")], "延期：没有写明延长多少，不计"),
        (
            [told("e9", "accepted", "2024-03-04 11:00:00", corrects="e0")],
            "更正的事件 e0 还没有收到",
        ),
    ],
)
def test_what_cannot_be_is_a_finding_and_bends_no_clock(
    rows: list[dict[str, Any]], finding: str
) -> None:
    city, token = make_window()
    send(token, [*DAY[:2], *rows])
    assert finding in findings()
    assert fed().promised_due == date(2024, 3, 14)
    assert finding in queries.findings_of(case=fed().code, viewer=city["officer"])
    assert queries.findings_of(case=fed().code, viewer=city["fire"]) == ()
    assert sound()


def test_a_decision_is_told_with_whether_it_was_in_time() -> None:
    _, token = make_window()
    send(token, DAY[:2])
    done = [
        told("e8", "approved", "2024-03-18 10:00:00"),
        told("e9", "delivered", "2024-03-19 10:00:00"),
    ]
    send(token, done, at=EVENING + timedelta(days=15))
    row = fed()
    assert (row.status, row.decision) == (CaseStatus.DELIVERED, Decision.APPROVED)
    assert (row.legal_kept, row.promised_kept) == (True, False)


def test_silence_deems_a_fed_case_accepted_until_word_in_time_is_told() -> None:
    _, token = make_window()
    send(token, DAY[:1])
    assert fed().tell_due == date(2024, 3, 11)
    assert deem(at=EVENING + timedelta(days=9)) == 1
    assert fed().accepted_how == Accepted.DEEMED
    # Told late, of an acceptance after the five days: the law's date stands.
    send(token, [told("e2", "accepted", "2024-03-12 10:00:00")], at=EVENING + timedelta(days=9))
    assert fed().accepted_at == MONDAY
    assert findings() == ["已依法视为自收件之日起受理，窗口的受理时间不改变起算"]
    # Told late, of an acceptance in time: somebody did speak.
    mended = told("e2b", "accepted", "2024-03-05 10:00:00", corrects="e2")
    send(token, [mended], at=EVENING + timedelta(days=10))
    assert fed().accepted_how == Accepted.PLAIN
    assert fed().accepted_at == datetime(2024, 3, 5, 10, tzinfo=SHANGHAI)
    assert fed().promised_due == date(2024, 3, 15)
    assert findings() == []
    assert sound()


def test_a_fed_case_is_warned_of_like_any_other() -> None:
    _, token = make_window()
    send(token, DAY[:2])
    assert warn(at=EVENING + timedelta(days=8)) == 1
    assert CaseWarning.objects.get().case == fed()


def test_the_item_pins_the_version_in_force_at_receipt() -> None:
    city, token = make_window()
    put_item(city, at=MONDAY, valid_from=date(2024, 3, 6), promised_limit="5wd")
    send(token, [{**row, "happened_at": row["happened_at"]} for row in DAY[:2]], at=WEDNESDAY)
    assert fed().item_version_id == f"{ITEM}/V1"
    rows = [
        told("f1", "received", "2024-03-06 09:00:00", case="W-2"),
        told("f2", "accepted", "2024-03-06 10:00:00", case="W-2"),
    ]
    send(token, rows, at=WEDNESDAY)
    assert fed("W-2").item_version_id == f"{ITEM}/V2"
    old = told("g1", "received", "2024-01-15 09:00:00", case="W-3")
    send(token, [old], at=WEDNESDAY)
    assert findings() == [f"事项 {THEIRS} 在收件当天没有生效的版本，先不建办件"]


def test_a_number_that_does_not_check_is_not_registered() -> None:
    _, token = make_window()
    send(token, [{**DAY[0], "applicant_number": "91210200000000000X"}])
    assert fed().applicant.number_text == ""
    assert findings() == ["申请人证件号码校验不符，没有登记"]


def test_keys_and_pauses() -> None:
    city, token = make_window()
    with pytest.raises(WrongToken):
        send("wrong", DAY)
    with pytest.raises(WrongToken):
        taking.receive(source="nowhere", token=token, rows=DAY, at=EVENING)
    sources.pause(source=SOURCE, paused=True, by=city["admin"], at=EVENING)
    with pytest.raises(SourcePaused):
        send(token, DAY)
    sources.pause(source=SOURCE, paused=False, by=city["admin"], at=EVENING)
    renewed = sources.renew(source=SOURCE, by=city["admin"], at=EVENING)
    with pytest.raises(WrongToken):
        send(token, DAY)
    assert send(renewed.token, DAY).accepted == 3


def test_who_may_do_what() -> None:
    desk, _token = make_window()
    with pytest.raises(UnknownSource):
        taking.load(source=SOURCE, rows=DAY, name="x.csv", by=desk["fire"], at=EVENING)
    with pytest.raises(NotAllowed):
        taking.load(source=SOURCE, rows=DAY, name="x.csv", by=desk["auditor"], at=EVENING)
    assert taking.load(source=SOURCE, rows=DAY, name="x.csv", by=desk["clerk"], at=EVENING).read
    with pytest.raises(NotAllowed):
        sources.renew(source=SOURCE, by=desk["supervisor"], at=EVENING)
    with pytest.raises(UnknownSource):
        queries.source(code=SOURCE, viewer=desk["fire"])
    assert queries.sources(viewer=desk["fire"]) == ()


def test_registering_names_every_fault() -> None:
    city, _ = make_window()
    with pytest.raises(Invalid) as refused:
        sources.register(
            code="A b",
            title="",
            window="NOWHERE",
            office=OFFICE,
            mapping="../etc",
            items={"1": "NO-1"},
            zone="Mars/Base",
            by=city["admin"],
            at=FEBRUARY,
        )
    fields = [field for field, _ in refused.value.faults]
    assert fields == ["title", "window", "mapping", "zone", "items", "code"]
    with pytest.raises(NotAllowed):
        sources.register(
            code="ok",
            title="某系统",
            window=WINDOW,
            office=OFFICE,
            mapping="yinuo",
            by=city["clerk"],
            at=FEBRUARY,
        )


def test_too_many_rows_are_refused_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    _, token = make_window()
    monkeypatch.setattr(taking, "MOST", 2)
    with pytest.raises(TooManyEvents):
        send(token, DAY)
    assert FeedBatch.objects.count() == 0


def test_a_deferral_is_typed_here_and_outlives_what_is_told() -> None:
    city, token = make_window()
    put_tables(city, store())
    send(token, DAY[:2])
    at = EVENING + timedelta(minutes=5)
    gaps = [Gap(key="M2")]
    typed = put_accepted_case(city).code
    with pytest.raises(NotFed):
        deferring.defer_on_fed(case=typed, gaps=gaps, by=city["clerk"], at=at)
    [code] = deferring.defer_on_fed(case=fed().code, gaps=gaps, by=city["clerk"], at=at)
    deferral = Deferral.objects.get(code=code)
    # Ten working days from the acceptance that was told.
    assert deferral.due == date(2024, 3, 18)
    assert fed().accepted_how == Accepted.WITH_GAP
    send(token, [DAY[2], told("e5", "resumed", "2024-03-04 18:00:00")], at=at)
    send(token, [told("e2b", "accepted", "2024-03-04 10:30:00", corrects="e2")], at=at)
    assert fed().accepted_how == Accepted.WITH_GAP
    assert fed().accepted_at == MONDAY + timedelta(hours=1)
    assert sound()


def test_a_declaration_is_typed_here_too() -> None:
    city, token = make_window()
    put_tables(city, store())
    send(token, DAY[:2])
    at = EVENING + timedelta(minutes=5)
    key = next(one.key for one in definition_of(fed().item_version).materials if one.declarable)
    with pytest.raises(Invalid, match="没有信用评价可查"):
        deferring.declare_on_fed(case=fed().code, keys=[key], by=city["clerk"], at=at)
    with credit(Answer.YES):
        code = deferring.declare_on_fed(case=fed().code, keys=[key], by=city["clerk"], at=at)
    declaration = Declaration.objects.get(code=code)
    assert (declaration.keys, fed().accepted_how) == ([key], Accepted.ON_DECLARATION)
    send(token, [told("e2b", "accepted", "2024-03-04 10:30:00", corrects="e2")], at=at)
    assert fed().accepted_how == Accepted.ON_DECLARATION
    assert sound()


def test_what_is_told_is_not_typed_beside_it() -> None:
    city, token = make_window()
    send(token, DAY[:2])
    at = EVENING + timedelta(minutes=5)
    with pytest.raises(ToldElsewhere, match="窗口系统"):
        decide.decide(
            case=fed().code, decision=Decision.APPROVED, reason="符合", by=city["officer"], at=at
        )
    with pytest.raises(ToldElsewhere):
        clock.stop(
            case=fed().code,
            ground="专家评审",
            happened_at=at,
            planned_until=at.date(),
            notice="告1号",
            reason="评审",
            by=city["officer"],
            at=at,
        )
