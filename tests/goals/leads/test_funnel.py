"""Funnels, states and thresholds without a database."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yinuo.goals.in_force.quiet_leads import NAME
from yinuo.goals.leads.funnel import Case, funnel
from yinuo.goals.leads.quiet import Kind, Quieting
from yinuo.goals.leads.stages import FUNNELS, Origin, Reached, Stage, month_of, state_label
from yinuo.kernel.content import content_dir
from yinuo.rules.workbook.read import check_bytes

DAYS = st.none() | st.dates(date(2024, 1, 1), date(2024, 12, 31))
CASES = st.lists(st.dictionaries(st.sampled_from(list(Stage)), DAYS), max_size=30).map(
    lambda found: [Case(str(n), days) for n, days in enumerate(found)]
)


@given(CASES)
def test_counts_are_those_of_the_cases_in_any_order(cases: list[Case]) -> None:
    steps = funnel(cases, tuple(Stage))
    turned = funnel(cases[::-1], tuple(Stage))
    for step, other in zip(steps, turned, strict=True):
        assert step.count == sum(step.stage in case.days for case in cases)
        assert (step.both, step.days, step.timed) == (other.both, other.days, other.timed)
        assert step.both <= min(step.count, step.before if step.before is not None else step.count)
        assert step.share == "" or 0 <= float(step.share) <= 100
        assert step.timed + step.reversed <= step.both
        assert step.days == "" or float(step.days) >= 0


def test_the_median_of_an_even_number_may_be_a_half() -> None:
    start = date(2024, 2, 1)
    cases = [
        Case(str(n), {Stage.SIGNED: start, Stage.REGISTERED: start + timedelta(days=n)})
        for n in (10, 13)
    ]
    assert funnel(cases, FUNNELS[Origin.AGREEMENT])[1].days == "11.5"


def test_a_step_before_its_predecessor_is_named_and_not_averaged_in() -> None:
    case = Case("A", {Stage.SIGNED: date(2024, 3, 1), Stage.REGISTERED: date(2024, 2, 1)})
    step = funnel([case], FUNNELS[Origin.AGREEMENT])[1]
    assert (step.reversed, step.timed, step.days) == (1, 0, "")


def test_no_leads_are_no_division_by_zero() -> None:
    assert [(s.count, s.share, s.days) for s in funnel([], FUNNELS[Origin.VISIT])] == [
        (0, "", "")
    ] * 5


@pytest.mark.parametrize(
    ("said", "month"),
    [("2024-02", "2024-02"), ("2024年12月底", "2024-12"), ("年初", ""), ("2024-13", ""), ("", "")],
)
def test_a_month_is_read_only_where_there_is_one(said: str, month: str) -> None:
    assert month_of(None, said) == month


def test_the_state_is_the_furthest_stage_unless_given_up() -> None:
    reached = {s: Reached(s, None) for s in (Stage.SIGNED, Stage.PAID)}
    assert state_label("agreement", "active", reached) == "已到资"
    assert state_label("agreement", "shelved", reached) == "搁置"
    assert state_label("visit", "active", {}) == "在谈"
    assert state_label("event", "active", {}) == "已举办"


@pytest.mark.parametrize(
    ("origin", "state", "top500", "undertaken", "days"),
    [
        ("agreement", "已签约", False, True, 30),
        ("agreement", "已签约", False, False, 45),
        ("visit", "在谈", True, False, 30),
        ("visit", "在谈", False, False, 60),
        ("visit", "已开工", True, True, 90),
        ("visit", "已到资", True, True, None),
    ],
)
def test_the_shipped_table_says_when_a_lead_is_quiet(
    origin: str, state: str, top500: object, undertaken: object, days: int | None
) -> None:
    book = check_bytes((content_dir() / NAME).read_bytes(), file=NAME).sound()
    kind = Kind(origin=origin, state=state, top500=bool(top500), undertaken=bool(undertaken))
    limit = Quieting(book, date(2024, 7, 1)).limit(kind)
    assert (limit.days if limit else None) == days
    if limit and days:
        last = date(2024, 1, 1)
        assert limit.quiet(last, last + timedelta(days=days)) is None
        assert limit.quiet(last, last + timedelta(days=days + 1)) == days + 1
