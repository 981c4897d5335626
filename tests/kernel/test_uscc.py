"""统一社会信用代码: the published example, slips of the hand, and what is read leniently."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yinuo.kernel.uscc import CHARACTERS, NotACreditCode, check_character, credit_code

GOOD = "91350100M000100Y43"


@pytest.mark.parametrize("text", [GOOD, GOOD.lower(), f" {GOOD} ", "９１３５０１００M000100Y43"])
def test_one_form_for_every_way_of_typing_it(text: str) -> None:
    assert credit_code(text) == GOOD


@pytest.mark.parametrize(
    "text", ["", GOOD[:-1], f"{GOOD}0", GOOD.replace("M", "I"), "91350100M000100Y44", "大连公司"]
)
def test_what_is_none_is_refused(text: str) -> None:
    with pytest.raises(NotACreditCode):
        credit_code(text)


@given(st.text(CHARACTERS, min_size=9, max_size=9), st.integers(0, 16), st.data())
def test_one_wrong_character_is_always_found(tail: str, place: int, data: st.DataObject) -> None:
    body = f"91210200{tail}"
    code = body + check_character(body)
    assert credit_code(code) == code
    other = data.draw(st.sampled_from([c for c in CHARACTERS if c != code[place]]))
    with pytest.raises(NotACreditCode):
        credit_code(code[:place] + other + code[place + 1 :])
