"""The planned curve and the lights for any plan, report and day."""

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from tests.published import lights
from yinuo.commitments.curve import (
    Curve,
    Point,
    Shape,
    Step,
    curve_text,
    planned_amount,
    planned_share,
    reached_share,
    read_curve,
)
from yinuo.commitments.lights.deciding import Colour, Deciding
from yinuo.commitments.lights.facts import Facts, Promise, Reported, facts, in_points
from yinuo.rules.workbook.read import check_bytes

START = date(2024, 1, 1)
DAY = date(2024, 7, 15)
WORSE = [Colour.GREEN, Colour.YELLOW, Colour.RED]
DECIDING = Deciding(check_bytes(lights(), file="lights.xlsx").sound(), DAY)


@st.composite
def series(draw: st.DrawFn) -> Curve:
    days = sorted(draw(st.sets(st.integers(0, 700), min_size=1, max_size=8)))
    shares = sorted(draw(st.integers(0, 10_000)) for _ in days)
    return Curve(
        Shape.PERCENT,
        tuple(
            Point((START + timedelta(days=d)).isoformat(), str(Decimal(s) / 100))
            for d, s in zip(days, shares, strict=True)
        ),
    )


days = st.integers(-30, 800).map(lambda number: START + timedelta(days=number))
percents = st.integers(0, 10_000).map(lambda number: str(Decimal(number) / 100))


@given(series(), days, days)
def test_a_plan_never_falls_and_stays_between_its_points(
    curve: Curve, one: date, other: date
) -> None:
    early, late = sorted((one, other))
    before, after = (planned_amount(curve.points, day) for day in (early, late))
    assert (before is None) == (early < curve.points[0].day)
    if before is not None:
        assert after is not None
        assert Fraction(curve.points[0].amount) <= before <= after
        assert after <= Fraction(curve.points[-1].amount)


@given(series())
def test_on_its_points_a_plan_is_what_was_written(curve: Curve) -> None:
    for point in curve.points:
        assert planned_amount(curve.points, point.day) == Fraction(point.amount)


@given(series())
def test_a_curve_is_read_back_from_its_text(curve: Curve) -> None:
    text = curve_text(curve)
    again, faults = read_curve(text, unit=None, children={}, due=None)
    assert not faults
    assert again is not None
    assert curve_text(again) == text


@given(st.text(max_size=60))
def test_any_text_is_a_curve_or_has_faults(text: str) -> None:
    curve, faults = read_curve(text, unit="个", children={"M-1": DAY}, due=None)
    assert (curve is None) == bool(faults)


steps = st.lists(
    st.builds(
        Step,
        due=st.none() | days,
        weight=st.integers(1, 100).map(Fraction),
        reached=st.none() | days,
    ),
    max_size=6,
)


@given(steps, days, days)
def test_milestones_add_up_and_never_fall(some: list[Step], one: date, other: date) -> None:
    early, late = sorted((one, other))
    for share in (planned_share, reached_share):
        before, after = share(some, early), share(some, late)
        assert (before is None) == (not some)
        if before is not None:
            assert after is not None
            assert 0 <= before <= after <= 1


@given(series(), days, percents, percents, days)
def test_more_done_is_never_a_worse_light(
    curve: Curve, as_of: date, one: str, other: str, due: date
) -> None:
    less, more = sorted((one, other), key=Decimal)
    found = [
        DECIDING.one(
            facts(
                Promise(due=due, curve=curve, reports=(Reported(as_of, value),)),
                DAY,
            )
        ).colour
        for value in (less, more)
    ]
    if Colour.UNDETERMINED in found:
        assert found[0] is found[1], "whether it is known does not depend on how much it is"
    else:
        assert None not in found
        places = [WORSE.index(colour) for colour in found if colour]
        assert places[1] <= places[0]


@given(
    st.lists(
        st.builds(
            Facts,
            due=st.none() | days,
            is_project=st.booleans(),
            has_plan=st.booleans(),
            behind=st.none()
            | st.fractions(-100, 100).map(in_points)
            | st.sampled_from(
                [Decimal(10), Decimal(30), Decimal("9.999999"), Decimal("30.000001")]
            ),
        ),
        max_size=30,
    )
)
def test_one_at_a_time_and_many_at_once_give_the_same_lights(some: list[Facts]) -> None:
    assert DECIDING.many(some) == [DECIDING.one(each) for each in some]


@given(st.fractions(-1000, 1000))
def test_points_are_rounded_down_and_by_less_than_they_could_show(share: Fraction) -> None:
    points = Fraction(in_points(share))
    assert 0 <= share * 100 - points < Fraction(1, 10**6)
