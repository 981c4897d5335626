"""The arithmetic of projects: stages, codes, industries, curves, lights."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.goals.projects.registers import checked, project, register, workbook
from yinuo.commitments.curve import Point
from yinuo.goals.projects import lights
from yinuo.goals.projects.codes import degrees, micro_degrees, national_code_doubts, plain_code
from yinuo.goals.projects.content import NewStage
from yinuo.goals.projects.curves import Done, Series, monthly, planned_by
from yinuo.goals.projects.dimensions import Dimension
from yinuo.goals.projects.industries import IndustriesUnfit, NotAnIndustry, read_industries
from yinuo.goals.projects.lights import ProjectFacts, full_months, months_unstarted
from yinuo.goals.projects.stages import RANK, STAGES, Stage, State, out_of_order, state_of
from yinuo.goals.queries.project_register import public_industries

DAYS = st.dates(date(2020, 1, 1), date(2030, 12, 31))
FEN = st.integers(0, 10**13)


@given(st.lists(st.sampled_from(STAGES), unique=True))
def test_a_further_stage_never_sets_a_project_back(reached: list[Stage]) -> None:
    order = list(State)
    before = order.index(state_of(reached))
    for stage in STAGES:
        assert order.index(state_of([*reached, stage])) >= before


def test_enrolment_alone_is_no_construction() -> None:
    assert state_of([Stage.ENROLLED]) is State.UNKNOWN
    assert state_of([Stage.SIGNED, Stage.ENROLLED]) is State.SIGNED
    assert state_of(STAGES) is State.AT_CAPACITY


@given(st.dictionaries(st.sampled_from(STAGES), DAYS))
def test_dates_in_order_raise_no_question(dates: dict[Stage, date]) -> None:
    ordered = dict(zip(sorted(dates, key=RANK.__getitem__), sorted(dates.values()), strict=True))
    assert out_of_order(ordered) == ()
    for found in out_of_order(dates):
        assert found.later_date < found.earlier_date


@given(st.integers(-180_000_000, 180_000_000))
def test_coordinates_come_back(micro: int) -> None:
    assert micro_degrees(degrees(micro)) == micro


@pytest.mark.parametrize(
    "code",
    ["2020-210202-48-01", "20-210202-48-01-000123", "2020210202480100123", "2020-210202-48-01-12"],
)
def test_the_shape_of_a_national_code_is_doubted(code: str) -> None:
    asked = national_code_doubts(code, regions=(), divisions=(), latest_year=2024)
    assert len(asked) == 1
    assert "应为" in asked[0]


def test_every_part_of_a_national_code_is_doubted_on_its_own() -> None:
    doubts = national_code_doubts(
        plain_code("１９８９-110101-99-01-000123"),
        regions={"2102"},
        divisions={"48"},
        latest_year=2024,
    )
    assert len(doubts) == 3


def test_the_classification_has_twenty_sections_and_ninety_seven_divisions() -> None:
    known = public_industries()
    assert "".join(known.sections) == "ABCDEFGHIJKLMNOPQRST"
    assert list(known.divisions) == [f"{n:02}" for n in range(1, 98)]
    industrial = [d for d, (section, _) in known.divisions.items() if section in "BCD"]
    assert (industrial[0], industrial[-1], len(industrial)) == ("06", "46", 41)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("C", "C"),
        ("38", "C38"),
        ("ｃ3831", "C3831"),
        ("383", "C383"),
        ("电气机械和器材制造业", "C38"),
        ("制造业", "C"),
    ],
)
def test_an_industry_is_read_from_code_or_name(text: str, code: str) -> None:
    found = public_industries().read(text)
    assert found.code == code
    assert found.is_industrial


@pytest.mark.parametrize("text", ["", "Z", "C00", "98", "A38", "制造", "38315"])
def test_what_is_no_industry_is_refused(text: str) -> None:
    with pytest.raises(NotAnIndustry):
        public_industries().read(text)


@pytest.mark.parametrize("text", ["a,b,c\n", "section,division,name\nC,38,x\n"])
def test_a_spoiled_list_of_industries_is_refused(text: str) -> None:
    with pytest.raises(IndustriesUnfit):
        read_industries(text, file="x.csv")


# ── curves ───────────────────────────────────────────────────────────────────────────────────────


@st.composite
def series(draw: st.DrawFn) -> Series:
    shares = sorted(draw(st.lists(st.integers(0, 100), min_size=1, max_size=6)))
    days = sorted(
        draw(
            st.lists(
                st.dates(date(2024, 1, 1), date(2024, 12, 1)),
                min_size=len(shares),
                max_size=len(shares),
                unique=True,
            )
        )
    )
    points = tuple(
        Point(day.isoformat(), str(share)) for day, share in zip(days, shares, strict=True)
    )
    amounts = sorted(draw(st.lists(FEN, max_size=5)))
    done = tuple(
        Done(date(2024, 1, 31) + timedelta(days=40 * n), amount, draw(st.booleans()))
        for n, amount in enumerate(amounts)
    )
    return Series(str(draw(st.integers())), draw(FEN), points, done)


@given(st.lists(series(), min_size=1, max_size=4))
def test_planned_curves_never_fall_and_end_at_the_whole(some: list[Series]) -> None:
    months = monthly(some, year=2024, until=date(2024, 12, 31))
    planned = [each.planned.value for each in months if each.planned.value is not None]
    assert planned == sorted(planned)
    assert months[-1].planned.value == sum(each.planned or 0 for each in some)


@given(st.lists(series(), min_size=1, max_size=4))
def test_a_sum_stands_only_where_every_part_does(some: list[Series]) -> None:
    for month in monthly(some, year=2024, until=date(2024, 8, 31)):
        for sums in (month.planned, month.reported, month.confirmed):
            assert (sums.value is None) == (sums.known < sums.expected)
        assert month.confirmed.known <= month.reported.known
        if month.last > date(2024, 8, 31):
            assert month.reported.known == 0


def test_without_a_curve_only_the_end_of_the_year_is_planned() -> None:
    bare = Series("a", 100)
    assert planned_by(bare, date(2024, 6, 30)) is None
    assert planned_by(bare, date(2024, 12, 31)) == 100


def test_the_newest_figure_of_a_month_counts_and_none_is_carried_on() -> None:
    day = date(2024, 5, 31)
    one = Series(
        "a", 100, done=(Done(day, 10, is_confirmed=True), Done(day, 12, is_confirmed=False))
    )
    months = monthly([one], year=2024, until=date(2024, 7, 1))
    assert (months[4].reported.value, months[4].confirmed.value) == (12, 10)
    assert months[5].reported.value is None


# ── lights ───────────────────────────────────────────────────────────────────────────────────────


@given(DAYS, st.integers(0, 800))
def test_months_only_grow(since: date, days: int) -> None:
    on = since + timedelta(days=days)
    later = on + timedelta(days=1)
    assert 0 <= full_months(since, on) <= full_months(since, later)
    first, second = months_unstarted(since, None, on), months_unstarted(since, None, later)
    assert first is not None
    assert second is not None
    assert 1 <= first <= second


def test_what_is_not_known_is_left_out() -> None:
    nothing = ProjectFacts(planned_start=None, started=None, enrolled=None)
    asked = lights.given(nothing, date(2024, 7, 1))
    assert "未开工月数" not in asked
    assert asked["按要求付款"] is True
    begun = replace(nothing, started=date(2024, 5, 1))
    asked = lights.given(begun, date(2024, 7, 1))
    assert "按要求付款" not in asked
    assert (asked["未开工月数"], asked["未入库月数"], asked["已入库"]) == (0, 2, False)
    paid = replace(begun, payable=2, paid=2, behind=Decimal(3), has_plan=True)
    asked = lights.given(paid, date(2024, 7, 1))
    assert (asked["按要求付款"], asked["落后百分点"]) == (True, Decimal(3))
    excused = replace(paid, exempt=frozenset(Dimension))
    assert lights.given(excused, date(2024, 7, 1))["未入库月数"] == 0


# ── round trip ───────────────────────────────────────────────────────────────────────────────────


def test_every_stage_comes_back_from_a_workbook() -> None:
    stages = tuple(
        NewStage(
            stage=stage,
            planned=date(2024, 1, 1) + timedelta(days=RANK[stage]),
            promised=bool(RANK[stage] % 2),
            said="年内" if RANK[stage] % 2 else "",
            inferred=bool(RANK[stage] % 2),
        )
        for stage in STAGES
    )
    content = register(project("甲", stages=stages), batches=())
    assert checked(workbook(content)).sound().register == content
