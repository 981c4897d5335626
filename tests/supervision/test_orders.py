"""督导: which step is due, its letter, its reply, and who may close it."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.conf import settings

from tests.city import JULY, LUSHUN, MARCH, OFFICE, PULANDIAN, City, promise
from tests.supervision.orders import (
    CALENDAR,
    REPLY_BY,
    days_later,
    issued,
    new_order,
    publish_tables,
    replied,
)
from yinuo.commitments.commands import change, deliver, judge, succession
from yinuo.commitments.commands.register import Registration, register
from yinuo.commitments.errors import Invalid
from yinuo.commitments.life import Visibility
from yinuo.commitments.queries.detail import detail
from yinuo.content.queries import public_in_force
from yinuo.kernel.errors import YinuoError
from yinuo.kernel.filestore import FileStore
from yinuo.ledger.replay import replay
from yinuo.notices.models import Message
from yinuo.parties.commands import OPERATOR, NewUnit, ask_succession, register_units
from yinuo.parties.viewer import ANYONE, NotAllowed, Viewer
from yinuo.supervision.commands import order_steps
from yinuo.supervision.commands.orders import forgo, issue
from yinuo.supervision.errors.orders import (
    AlreadyRunning,
    NoSupervisionTable,
    NotExtendable,
    NotSupervisable,
    UnknownOrder,
    WrongOrderState,
)
from yinuo.supervision.models import Order
from yinuo.supervision.orders.steps import State, Step
from yinuo.supervision.papers.word import word
from yinuo.supervision.queries.due_steps import due_steps, looked_at, step_facts
from yinuo.supervision.queries.letter import order_letter
from yinuo.supervision.queries.order import order, orders_about
from yinuo.supervision.queries.orders import Wanted, order_page, order_states, to_do

pytestmark = pytest.mark.django_db
TODAY = JULY.date()


def store() -> FileStore:
    return FileStore(settings.YINUO_FILES)


@pytest.fixture
def tables(city: City) -> City:
    """The city with lights and steps of supervision in force."""
    publish_tables(city, store())
    return city


def due(city: City, today: date = TODAY, who: str = "supervisor") -> dict[str, str]:
    """Code of each commitment on which a step is due → the step and its rule."""
    found = due_steps(viewer=city[who], today=today)
    return {
        line.code: f"{group.label} {line.rule}"
        for group in found.groups
        for unit in group.units
        for line in unit.lines
    }


def state(code: str, city: City, who: str = "supervisor", today: date = TODAY) -> State:
    return order(code=code, viewer=city[who], today=today).row.state


# ── what is due ──────────────────────────────────────────────────────────────────────────────────


def test_what_is_overdue_is_due_for_an_order(tables: City) -> None:
    assert due(tables) == {"LS-001": "督办单 4"}


def test_nothing_is_due_without_a_table(city: City) -> None:
    found = due_steps(viewer=city["supervisor"], today=TODAY)
    assert (found.total, found.published) == (0, None)
    with pytest.raises(NoSupervisionTable) as caught:
        issued(city)
    assert caught.value.code == "ORDER-E003"


def test_what_is_near_its_deadline_is_due_for_a_prompt(tables: City) -> None:
    assert due(tables, date(2024, 6, 20)) == {"LS-001": "提示函 1"}
    assert due(tables, date(2024, 12, 20)) == {
        "LS-001": "督办单 4",
        "LS-002": "提示函 1",
        "LS-009": "督办单 4",
        "PL-001": "提示函 1",
    }


def test_only_the_office_and_its_auditors_see_what_is_due(tables: City) -> None:
    assert due(tables, who="auditor") == due(tables)
    assert due(tables, who="lushun") == {}


def test_a_lapse_raises_the_next_step_though_nothing_ran_meanwhile(tables: City) -> None:
    """Nobody works, no worker runs: the step follows from the rows and the day."""
    issued(tables)
    assert due(tables, REPLY_BY) == {}
    assert due(tables, REPLY_BY + timedelta(days=1)) == {"LS-001": "约谈 8"}


def test_a_request_for_more_time_made_in_time_halts_the_next_step(tables: City) -> None:
    code = issued(tables)
    asked = order_steps.ask_extension(
        order=code, due=date(2024, 7, 26), reason="等省里批复", by=tables["lushun"], at=JULY
    )
    later = REPLY_BY + timedelta(days=1)
    assert due(tables, later) == {}
    change.refuse(change=asked, reason="没有理由", by=tables["supervisor"], at=days_later(8))
    assert due(tables, later) == {"LS-001": "约谈 8"}


def test_a_request_made_too_late_halts_nothing(tables: City) -> None:
    code = issued(tables)
    order_steps.ask_extension(
        order=code,
        due=date(2024, 7, 30),
        reason="等省里批复",
        by=tables["lushun"],
        at=days_later(8),
    )
    view = order(code=code, viewer=tables["supervisor"], today=days_later(8).date())
    assert [each.after_the_fact for each in view.requests] == [True]
    assert due(tables, days_later(8).date()) == {"LS-001": "约谈 8"}


def test_more_time_moves_the_day_on_which_the_next_step_is_due(tables: City) -> None:
    code = issued(tables)
    asked = order_steps.ask_extension(
        order=code, due=date(2024, 7, 26), reason="等省里批复", by=tables["lushun"], at=JULY
    )
    change.approve(change=asked, reason="情况属实", by=tables["supervisor2"], at=JULY)
    assert due(tables, date(2024, 7, 26)) == {}
    assert due(tables, date(2024, 7, 27)) == {"LS-001": "约谈 8"}
    view = order(code=code, viewer=tables["lushun"], today=TODAY)
    assert (view.row.extended, view.row.reply_by) == (True, date(2024, 7, 26))


def test_a_kept_commitment_needs_no_step_any_more(tables: City) -> None:
    issued(tables)
    deliver.deliver(
        commitment="LS-001", delivered_date=TODAY, note="办完", by=tables["lushun"], at=JULY
    )
    judge.verify(commitment="LS-001", note="属实", by=tables["supervisor"], at=JULY)
    assert due(tables, REPLY_BY + timedelta(days=30)) == {}
    with pytest.raises(NotSupervisable, match="已兑现"):
        issued(tables, step=Step.TALK, reason="越级")


def test_what_is_put_off_comes_back_on_its_day(tables: City) -> None:
    day = date(2024, 7, 20)
    forgo(commitments=["LS-001"], reason="省里在核查", until=day, by=tables["supervisor"], at=JULY)
    assert due(tables, date(2024, 7, 19)) == {}
    assert due(tables, day) == {"LS-001": "督办单 4"}


def test_what_is_passed_over_stays_away_until_the_table_says_another_step(tables: City) -> None:
    june = JULY - timedelta(days=25)
    forgo(commitments=["LS-001"], reason="电话已提醒", until=None, by=tables["supervisor"], at=june)
    assert due(tables, june.date()) == {}
    assert due(tables) == {"LS-001": "督办单 4"}


@pytest.mark.parametrize(
    ("commitments", "reason", "until", "what"),
    [
        (["LS-001"], " ", None, "请填写理由"),
        (["LS-002"], "不必", None, "没有要采取的步骤"),
        (["LS-001"], "不必", TODAY, "不晚于今天"),
        ([], "不必", None, "至少选一项"),
    ],
)
def test_a_step_is_not_forgone_without_reason(
    tables: City, commitments: list[str], reason: str, until: date | None, what: str
) -> None:
    with pytest.raises(Invalid, match=what):
        forgo(commitments=commitments, reason=reason, until=until, by=tables["supervisor"], at=JULY)
    assert due(tables) == {"LS-001": "督办单 4"}


def test_the_questions_do_not_grow_with_the_commitments(
    tables: City, django_assert_max_num_queries: object
) -> None:
    many = [promise(f"M-{n}", due=date(2024, 6, 1 + n % 28)) for n in range(300)]
    register(
        registration=Registration(commitments=many), office=OFFICE, by=tables["admin"], at=MARCH
    )
    with django_assert_max_num_queries(30):  # type: ignore[operator]
        found = due_steps(viewer=tables["supervisor"], today=TODAY, most=10)
    assert found.total == 301
    assert sum(len(u.lines) for g in found.groups for u in g.units) == 10


# ── issuing ──────────────────────────────────────────────────────────────────────────────────────


def test_a_whole_life(tables: City) -> None:
    code = issued(tables)
    view = order(code=code, viewer=tables["lushun"], today=TODAY)
    assert (view.row.number, view.row.reply_by) == ("督办〔2024〕1号", REPLY_BY)
    assert view.acts == ("sign", "give_back", "extend")
    assert due(tables) == {}
    order_steps.sign(order=code, by=tables["lushun"], at=JULY)
    order_steps.reply(
        order=code, note="已办完四项", files=(), store=store(), by=tables["lushun"], at=JULY
    )
    assert state(code, tables) is State.TO_REVIEW
    order_steps.return_reply(
        order=code,
        note="没有名单",
        again_by=date(2024, 7, 24),
        by=tables["supervisor"],
        at=JULY,
    )
    view = order(code=code, viewer=tables["lushun"], today=TODAY)
    assert (view.returned, view.last_said, view.row.reply_by) == (
        True,
        "没有名单",
        date(2024, 7, 24),
    )
    order_steps.reply(
        order=code, note="附名单", files=(), store=store(), by=tables["lushun"], at=JULY
    )
    order_steps.accept(order=code, note="请到窗口核对", by=tables["supervisor"], at=JULY)
    order_steps.close(order=code, note="已现场核对", by=tables["supervisor2"], at=JULY)
    view = order(code=code, viewer=tables["supervisor"], today=TODAY)
    assert view.row.state is State.CLOSED
    assert [line.label for line in view.timeline] == [
        "核实并销号",
        "审核通过，待核实",
        "回复",
        "回复被退回",
        "回复",
        "签收",
        "发出",
    ]
    order_steps.reopen(
        order=code,
        note="名单不实",
        again_by=date(2024, 7, 30),
        by=tables["supervisor"],
        at=days_later(10),
    )
    assert state(code, tables) is State.TO_REPLY
    assert due(tables, date(2024, 7, 30)) == {}
    assert due(tables, date(2024, 7, 31)) == {"LS-001": "约谈 8"}


def test_it_keeps_the_facts_and_the_edition_that_made_it(tables: City) -> None:
    view = order(code=issued(tables), viewer=tables["supervisor"], today=TODAY)
    published = public_in_force("tables/supervision.xlsx", on=TODAY)
    assert published is not None
    assert (view.table_number, view.table_edition) == (published.number, published.edition)
    (concern,) = view.concerns
    assert (concern.rule, concern.due_step, concern.days_left) == ("4", "督办单", -15)
    assert concern.said == "逾期：已逾期 15 天"


def test_one_letter_a_unit_or_one_each(tables: City) -> None:
    codes = ("LS-001", "LS-002", "PL-001")
    deliver_open = new_order(*codes, reason="年中集中督办")
    together = issue(order=deliver_open, calendar=CALENDAR, by=tables["supervisor"], at=JULY)
    assert together == ("DB2024-001", "DB2024-002")
    view = order(code="DB2024-001", viewer=tables["supervisor"], today=TODAY)
    assert [concern.code for concern in view.concerns] == ["LS-001", "LS-002"]
    each = issue(
        order=new_order(*codes, step=Step.TALK, together=False, reason="一并约谈"),
        calendar=CALENDAR,
        by=tables["supervisor"],
        at=JULY,
    )
    assert each == ("YT2024-001", "YT2024-002", "YT2024-003")


def test_numbers_run_by_step_and_year(tables: City) -> None:
    first = issued(tables)
    second = issued(tables, "LS-002", reason="提前")
    third = issued(tables, "LS-002", step=Step.PROMPT, reason="提前")
    numbers = [
        order(code=c, viewer=tables["auditor"], today=TODAY).row.number
        for c in (first, second, third)
    ]
    assert numbers == ["督办〔2024〕1号", "督办〔2024〕2号", "督提〔2024〕1号"]
    next_year = issued(tables, "PL-001", at=JULY + timedelta(days=365))
    view = order(code=next_year, viewer=tables["auditor"], today=TODAY)
    assert view.row.number == "督办〔2025〕1号"


def test_another_step_than_the_table_says_needs_a_reason(tables: City) -> None:
    with pytest.raises(Invalid) as caught:
        issued(tables, step=Step.MEMO)
    assert "LS-001：按规则表现在应采取“督办单”" in caught.value.what
    code = issued(tables, step=Step.MEMO, reason="造成恶劣影响，越级报告")
    view = order(code=code, viewer=tables["supervisor"], today=TODAY)
    assert view.reason == "造成恶劣影响，越级报告"


def test_every_fault_is_told_at_once(tables: City) -> None:
    with pytest.raises(Invalid) as caught:
        issue(
            order=new_order("LS-002", step=Step.TALK, asked="", meeting="", meeting_date=None),
            calendar=CALENDAR,
            by=tables["supervisor"],
            at=JULY,
        )
    assert [field for field, _ in caught.value.faults] == [
        "asked",
        "reason",
        "meeting_date",
        "meeting",
    ]
    assert not Order.objects.exists()


def test_the_same_step_does_not_run_twice(tables: City) -> None:
    issued(tables)
    with pytest.raises(AlreadyRunning, match="DB2024-001"):
        issued(tables, reason="再发一次")


@pytest.mark.parametrize(
    ("commitment", "why"),
    [
        ("LS-404", "没有这个编号"),
        ("NO-001", "没有责任单位"),
    ],
)
def test_what_cannot_be_supervised_is_named(tables: City, commitment: str, why: str) -> None:
    with pytest.raises(NotSupervisable, match=why):
        issued(tables, "LS-001", commitment)
    assert not Order.objects.exists()


def test_only_a_supervisor_of_the_office_takes_a_step(tables: City) -> None:
    for who in ("lushun", "admin", "auditor"):
        with pytest.raises(YinuoError) as caught:
            issue(order=new_order(), calendar=CALENDAR, by=tables[who], at=JULY)
        assert caught.value.code == "ORDER-E002"


def test_nobody_takes_a_step_on_a_unit_where_they_hold_a_duty(tables: City) -> None:
    plain = tables["supervisor2"]
    torn = replace(
        plain, officer_of=frozenset({LUSHUN}), held_for=plain.held_for | frozenset({LUSHUN})
    )
    with pytest.raises(NotSupervisable, match="任职"):
        issue(order=new_order(), calendar=CALENDAR, by=torn, at=JULY)
    (line,) = due_steps(viewer=torn, today=TODAY).groups[0].units[0].lines
    assert not line.may_act


# ── replying, closing ────────────────────────────────────────────────────────────────────────────


def test_a_reply_of_another_unit_is_refused(tables: City) -> None:
    code = issued(tables)
    with pytest.raises(UnknownOrder):
        order_steps.sign(order=code, by=tables["pulandian"], at=JULY)
    with pytest.raises(NotAllowed):
        order_steps.sign(order=code, by=tables["supervisor"], at=JULY)


def test_a_reply_before_signing_or_after_closing_is_refused(tables: City) -> None:
    code = issued(tables)
    with pytest.raises(WrongOrderState, match="待签收"):
        order_steps.reply(
            order=code, note="办了", files=(), store=store(), by=tables["lushun"], at=JULY
        )
    order_steps.sign(order=code, by=tables["lushun"], at=JULY)
    order_steps.reply(
        order=code, note="办了", files=(), store=store(), by=tables["lushun"], at=JULY
    )
    order_steps.accept(order=code, note="核对", by=tables["supervisor"], at=JULY)
    order_steps.close(order=code, note="属实", by=tables["supervisor"], at=JULY)
    with pytest.raises(WrongOrderState, match="已销号"):
        order_steps.reply(
            order=code, note="补充", files=(), store=store(), by=tables["lushun"], at=JULY
        )


def test_who_replied_neither_accepts_nor_closes(tables: City) -> None:
    code = replied(tables, store())
    with pytest.raises(NotAllowed):
        order_steps.accept(order=code, note="很好", by=tables["lushun"], at=JULY)
    # The same person, meanwhile a supervisor and no officer any more.
    moved = Viewer(
        account_id=tables["lushun"].account_id,
        supervisor_of=frozenset({OFFICE}),
        held_for=frozenset({OFFICE}),
    )
    with pytest.raises(NotAllowed, match="自己的回复"):
        order_steps.accept(order=code, note="很好", by=moved, at=JULY)
    order_steps.accept(order=code, note="核对", by=tables["supervisor"], at=JULY)
    with pytest.raises(NotAllowed, match="自己的申请"):
        order_steps.close(order=code, note="很好", by=moved, at=JULY)


def test_two_cannot_both_close(tables: City) -> None:
    code = replied(tables, store())
    order_steps.accept(order=code, note="核对", by=tables["supervisor"], at=JULY)
    order_steps.close(order=code, note="属实", by=tables["supervisor"], at=JULY)
    with pytest.raises(WrongOrderState):
        order_steps.close(order=code, note="属实", by=tables["supervisor2"], at=JULY)


def test_another_office_neither_sees_nor_closes_it(tables: City) -> None:
    units = [NewUnit(code="OTHER", name="另一督查室", kind="department", parent="210200")]
    register_units(units=units, by=OPERATOR, at=MARCH)
    other = Viewer(
        account_id=tables["supervisor2"].account_id,
        supervisor_of=frozenset({"OTHER"}),
        held_for=frozenset({"OTHER"}),
    )
    code = replied(tables, store())
    with pytest.raises(UnknownOrder):
        order_steps.close(order=code, note="属实", by=other, at=JULY)
    with pytest.raises(UnknownOrder):
        order(code=code, viewer=other, today=TODAY)
    assert order_page(viewer=other, wanted=Wanted(), today=TODAY).total == 0


def test_it_is_not_closed_before_it_was_accepted(tables: City) -> None:
    code = replied(tables, store())
    with pytest.raises(WrongOrderState, match="待审核"):
        order_steps.close(order=code, note="属实", by=tables["supervisor"], at=JULY)


def test_an_acceptance_ends_when_the_reply_does(tables: City) -> None:
    """Also where it was turned down and made anew on the page of the commitment."""
    code = replied(tables, store())
    order_steps.accept(order=code, note="核对", by=tables["supervisor"], at=JULY)
    judge.reject(commitment=code, note="再想想", by=tables["supervisor2"], at=JULY)
    deliver.deliver(
        commitment=code, delivered_date=TODAY, note="又办了", by=tables["lushun"], at=JULY
    )
    assert state(code, tables) is State.TO_REVIEW


def test_what_the_table_does_not_allow_is_not_extended(tables: City) -> None:
    code = issued(tables, step=Step.TALK, reason="越级")
    with pytest.raises(NotExtendable):
        order_steps.ask_extension(
            order=code, due=date(2024, 7, 30), reason="忙", by=tables["lushun"], at=JULY
        )


def test_a_withdrawal_takes_two_supervisors_and_counts_for_nothing(tables: City) -> None:
    code = issued(tables)
    asked = order_steps.withdraw(order=code, reason="发错单位", by=tables["supervisor"], at=JULY)
    assert state(code, tables) is State.UNSIGNED
    with pytest.raises(NotAllowed):
        change.approve(change=asked, reason="同意", by=tables["supervisor"], at=JULY)
    change.approve(change=asked, reason="同意", by=tables["supervisor2"], at=JULY)
    assert state(code, tables) is State.WITHDRAWN
    assert due(tables) == {"LS-001": "督办单 4"}


def test_a_successor_takes_it_over(tables: City) -> None:
    code = issued(tables)
    order_steps.sign(order=code, by=tables["lushun"], at=JULY)
    number = ask_succession(
        units=[LUSHUN],
        successor=PULANDIAN,
        effective_date=TODAY,
        basis_title="区划调整",
        by=tables["admin"],
        at=JULY,
    )
    succession.carry_out(number=number, by=tables["admin2"], at=JULY)
    with pytest.raises(NotAllowed):
        order_steps.reply(
            order=code, note="办了", files=(), store=store(), by=tables["admin"], at=JULY
        )
    order_steps.reply(
        order=code, note="接着办", files=(), store=store(), by=tables["pulandian"], at=JULY
    )
    view = order(code=code, viewer=tables["supervisor"], today=TODAY)
    assert (view.row.unit, view.row.state) == (PULANDIAN, State.TO_REVIEW)


# ── who sees what ────────────────────────────────────────────────────────────────────────────────


def test_an_order_is_never_public(tables: City) -> None:
    code = replied(tables, store())
    with pytest.raises(UnknownOrder):
        order(code=code, viewer=ANYONE, today=TODAY)
    assert orders_about(commitment="LS-001", viewer=ANYONE, today=TODAY).rows == ()
    seen = detail(code=code, viewer=tables["supervisor"], today=TODAY)
    assert seen.row.visibility == Visibility.CLOSED
    assert not Order.objects.filter(Order.public_rows()).exists()


def test_the_page_of_a_commitment_names_its_orders_to_those_entitled(tables: City) -> None:
    code = issued(tables)
    for who in ("lushun", "supervisor", "auditor", "admin2"):
        found = orders_about(commitment="LS-001", viewer=tables[who], today=TODAY)
        assert [row.code for row in found.rows] == [code]
    assert orders_about(commitment="LS-001", viewer=tables["pulandian"], today=TODAY).rows == ()
    assert orders_about(commitment="LS-001", viewer=tables["supervisor"], today=TODAY).may_issue
    itself = orders_about(commitment=code, viewer=tables["lushun"], today=TODAY).itself
    assert itself is not None


def test_the_list_counts_its_filters(tables: City) -> None:
    replied(tables, store())
    issued(tables, "PL-001", reason="提前")
    later = REPLY_BY + timedelta(days=1)
    page = order_page(viewer=tables["supervisor"], wanted=Wanted(), today=later)
    assert page.states == {"running": 2, "lapsed": 1, "unsigned": 1, "to_review": 1}
    assert page.steps == {"order": 2}
    assert [n for _, n in page.units.values()] == [1, 1]
    late = order_page(
        viewer=tables["supervisor"],
        wanted=Wanted(state="lapsed"),
        today=later,
    )
    assert [row.unit for row in late.rows] == [PULANDIAN]


def test_what_waits_for_whom(tables: City) -> None:
    code = issued(tables)

    def waits(who: str, today: date = TODAY) -> list[str]:
        return [each.what for each in to_do(viewer=tables[who], today=today)]

    assert (waits("lushun"), waits("supervisor"), waits("pulandian")) == (["签收"], [], [])
    order_steps.sign(order=code, by=tables["lushun"], at=JULY)
    assert waits("lushun") == ["回复"]
    assert waits("supervisor", REPLY_BY + timedelta(days=1)) == ["采取督导步骤", "催办"]
    order_steps.reply(
        order=code, note="办了", files=(), store=store(), by=tables["lushun"], at=JULY
    )
    assert (waits("lushun"), waits("supervisor")) == ([], ["审核"])
    order_steps.accept(order=code, note="核对", by=tables["supervisor"], at=JULY)
    assert waits("supervisor") == ["核实"]


def test_the_states_are_counted_for_a_snapshot(tables: City) -> None:
    replied(tables, store())
    issued(tables, "PL-001", reason="提前")
    found = order_states(viewer=tables["auditor"], today=REPLY_BY + timedelta(days=1))
    assert [(e.unit, e.step, e.open, e.overdue, e.closed) for e in found] == [
        (LUSHUN, Step.ORDER, 1, 0, 0),
        (PULANDIAN, Step.ORDER, 1, 1, 0),
    ]


# ── messages and letters ─────────────────────────────────────────────────────────────────────────


def told(topic: str) -> list[int]:
    return sorted(Message.objects.filter(topic=topic).values_list("account_id", flat=True))


def test_those_concerned_are_told_and_nobody_else(tables: City) -> None:
    code = replied(tables, store())
    lushun, office = tables["lushun"].account_id, tables["supervisor"].account_id
    second = tables["supervisor2"].account_id
    assert told("order.issued") == [lushun]
    assert told("order.replied") == [office, second]
    order_steps.accept(order=code, note="核对", by=tables["supervisor"], at=JULY)
    order_steps.close(order=code, note="属实", by=tables["supervisor"], at=JULY)
    assert told("order.closed") == [lushun]


def test_reminders_come_once_for_each_deadline(tables: City) -> None:
    issued(tables)
    assert order_steps.remind(at=days_later(1)) == 0
    assert order_steps.remind(at=days_later(6)) == 1
    assert order_steps.remind(at=days_later(6)) == 0
    assert told("order.near") == [tables["lushun"].account_id]
    assert order_steps.remind(at=days_later(9)) == 3
    assert order_steps.remind(at=days_later(20)) == 0


@pytest.mark.parametrize("step", list(Step))
def test_every_step_has_a_letter(tables: City, step: Step) -> None:
    code = issued(tables, step=step, reason="依规定")
    paper = order_letter(code=code, viewer=tables["supervisor"], today=TODAY)
    assert paper.title.startswith("关于“解决历史遗留办证难”的")
    assert paper.number.endswith("〔2024〕1号")
    assert word(paper).startswith(b"PK")


def test_a_letter_stays_as_it_was_sent(tables: City) -> None:
    code = replied(tables, store())
    before = order_letter(code=code, viewer=tables["supervisor"], today=TODAY)
    order_steps.accept(order=code, note="核对", by=tables["supervisor"], at=JULY)
    order_steps.close(order=code, note="属实", by=tables["supervisor"], at=JULY)
    later = order_letter(code=code, viewer=tables["supervisor"], today=TODAY + timedelta(days=300))
    assert later == before


def test_the_ledger_replays(tables: City) -> None:
    code = replied(tables, store())
    order_steps.accept(order=code, note="核对", by=tables["supervisor"], at=JULY)
    order_steps.close(order=code, note="属实", by=tables["supervisor"], at=JULY)
    found = looked_at(viewer=tables["supervisor"], today=TODAY, codes=["LS-002"])
    assert found["LS-002"].due.step is None
    assert replay().faults == []


def test_the_facts_are_given_for_comparing_two_tables(tables: City) -> None:
    issued(tables, "LS-002", reason="提前")
    rows = step_facts(viewer=tables["supervisor"], today=TODAY).to_pylist()
    found = {row["编号"]: row for row in rows}
    assert set(found) == {"LS-001", "LS-002", "LS-003", "LS-009", "PL-001", "PL-普兰密件"}
    late, running = found["LS-001"], found["LS-002"]
    assert (late["灯"], late["灯由"], late["距到期天数"], late["上一步"]) == (
        "红",
        "时限灯",
        -15,
        "无",
    )
    assert (running["上一步"], running["上一步情形"], running["距上一步天数"]) == (
        "督办单",
        "办理中",
        0,
    )
