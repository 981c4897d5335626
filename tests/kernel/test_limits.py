from datetime import UTC, time

import pytest

from yinuo.kernel.limits import MAX_NUMBER, BadLimit, DayType, Limit, UnknownLimit, parse_limit


@pytest.mark.parametrize(
    ("text", "number", "day_type"),
    [
        ("20wd", 20, DayType.WORKING_DAY),
        ("90d", 90, DayType.CALENDAR_DAY),
        ("48h", 48, DayType.HOUR),
        ("6m", 6, DayType.MONTH),
        ("1y", 1, DayType.YEAR),
        ("20 WD", 20, DayType.WORKING_DAY),
        ("20个工作日", 20, DayType.WORKING_DAY),
        ("90日", 90, DayType.CALENDAR_DAY),
        ("90 自然日", 90, DayType.CALENDAR_DAY),
        ("6个月", 6, DayType.MONTH),
        ("1年", 1, DayType.YEAR),
    ],
)
def test_limits_are_read(text: str, number: int, day_type: DayType) -> None:
    assert parse_limit(text) == (number, day_type)


@pytest.mark.parametrize("text", ["", "wd", "20", "20x", "-5d", "1.5d", "20wd30d", "二十个工作日"])
def test_other_texts_are_refused_with_the_forms_we_read(text: str) -> None:
    with pytest.raises(UnknownLimit) as caught:
        parse_limit(text)
    assert "20wd" in caught.value.next_step


@pytest.mark.parametrize("number", [0, -1, MAX_NUMBER + 1])
def test_a_number_out_of_range_is_refused(number: int) -> None:
    with pytest.raises(BadLimit):
        Limit(number=number, day_type=DayType.WORKING_DAY)


def test_hours_have_no_cut_off_and_no_roll() -> None:
    with pytest.raises(BadLimit):
        Limit(number=1, day_type=DayType.HOUR, cutoff=time(17))
    with pytest.raises(BadLimit):
        Limit(number=1, day_type=DayType.HOUR, roll=True)


def test_a_cut_off_is_beijing_time() -> None:
    with pytest.raises(BadLimit):
        Limit(number=1, day_type=DayType.WORKING_DAY, cutoff=time(17, tzinfo=UTC))


@pytest.mark.parametrize(
    ("day_type", "roll", "rolls"),
    [
        (DayType.WORKING_DAY, None, False),
        (DayType.HOUR, None, False),
        (DayType.CALENDAR_DAY, None, True),
        (DayType.MONTH, False, False),
        (DayType.YEAR, True, True),
    ],
)
def test_what_rolls(day_type: DayType, roll: bool | None, rolls: bool) -> None:  # noqa: FBT001
    assert Limit(number=1, day_type=day_type, roll=roll).rolls is rolls
