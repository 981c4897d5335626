from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yinuo.kernel.resident_id import NotAResidentId, check_character, masked, resident_id

NUMBER = "11010519491231002X"


@pytest.mark.parametrize(
    "text",
    [NUMBER, "11010519491231002x", " 110105 19491231 002X", "１１０１０５１９４９１２３１００２Ｘ"],
)
def test_one_form_for_every_way_of_writing(text: str) -> None:
    assert resident_id(text) == NUMBER


def test_an_old_number_gets_its_century_and_check() -> None:
    assert resident_id("110105491231002") == NUMBER


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "18 位"),
        ("11010519491231002", "18 位"),
        ("110105194912310021", "校验码"),
        ("11010519490231002X", "日期"),
        ("11010518000101002X", "不可能"),
        ("1101051949123100X2", "18 位"),
    ],
)
def test_what_is_wrong_is_said_without_the_number(text: str, why: str) -> None:
    with pytest.raises(NotAResidentId, match=why) as error:
        resident_id(text)
    assert text == "" or text not in str(error.value)


def test_nobody_is_born_tomorrow() -> None:
    assert resident_id(NUMBER, on=date(1949, 12, 31)) == NUMBER
    with pytest.raises(NotAResidentId):
        resident_id(NUMBER, on=date(1949, 12, 30))


def test_a_region_that_is_not_known_and_a_permit_are_no_error() -> None:
    for body in ("99010519491231002", "81000019490101001"):
        assert resident_id(body + check_character(body))


@given(st.text(max_size=30))
def test_any_text_is_a_number_or_refused(text: str) -> None:
    try:
        found = resident_id(text)
    except NotAResidentId:
        found = NUMBER
    assert resident_id(found) == found


@given(st.integers(0, 17), st.sampled_from("0123456789"))
def test_one_wrong_figure_is_noticed(place: int, figure: str) -> None:
    wrong = NUMBER[:place] + figure + NUMBER[place + 1 :]
    if wrong == NUMBER:
        assert resident_id(wrong) == NUMBER
        return
    with pytest.raises(NotAResidentId):
        resident_id(wrong)


def test_the_middle_is_hidden() -> None:
    assert masked(NUMBER) == "110105********002X"
    assert masked("12345") == "*****"
