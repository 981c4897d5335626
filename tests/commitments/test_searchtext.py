"""What a text is found by, and what is not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yinuo.commitments.searchtext import MOST_READINGS, _cuts, key, readings, tokens, words

TITLE = "旅顺口区2024年建设3.5万套保障性住房，推进5G基站"
FOUND = tokens(TITLE, "DL2024-015")


def found(text: str) -> bool:
    typed = words(text)
    return bool(typed) and all(word.among(FOUND) for word in typed)


@pytest.mark.parametrize(
    "text",
    [
        "旅顺",
        "旅",
        "旅顺口区",
        "lushun",
        "lvshun",
        "lüshun",
        "LuShun",
        "lushu",
        "lush",
        "lsk",
        "ls",
        "l",
        "住房 旅顺",
        "旅顺zhufang",
        "zhufang ls 2024",
        "dl2024",
        "DL2024-015",
        "ＤＬ２０２４",
        "015",
        "5g",
        "“住房”",
        "住房*",
        '"住房" OR (',
        "３．５",
    ],
)
def test_found(text: str) -> None:
    typed = words(text)
    # A word such as OR is looked for like any other.
    assert found(text) == ("OR" not in text), typed


@pytest.mark.parametrize(
    "text", ["大连", "dalian", "住旅", "lushi", "dl2023", "15", "旅顺 大连", "fz"]
)
def test_not_found(text: str) -> None:
    assert not found(text)


@pytest.mark.parametrize("text", ["", "  ", "%", "“”", "*", '( ) : ^ - "', "\0"])
def test_what_cannot_be_looked_for_is_no_word(text: str) -> None:
    assert words(text) == ()


def test_both_readings_find_a_place() -> None:
    held = tokens("长海县与成长型企业")
    for text in ("changhai", "zhanghai", "chengzhang", "ch", "cz"):
        assert all(word.among(held) for word in words(text)), text


def test_a_rare_character_is_found_by_itself() -> None:
    held = tokens("䶮先生与𠮷野家")
    assert all(word.among(held) for word in words("𠮷野"))
    assert readings("A") == ()


def test_no_text_yields_a_key() -> None:
    secret = key("v", "public")
    assert secret not in tokens(secret, "xvpublic", "vpublic")
    assert not any(word.among({secret}) for word in words(f"{secret} xv public"))


@given(st.text(max_size=30))
def test_any_text_finds_itself(text: str) -> None:
    typed = words(text)
    assert all(word.among(tokens(text)) for word in typed)


@given(st.text(alphabet="abcdefghijklmnopqrstuvwxyz", min_size=1, max_size=40))
def test_letters_are_cut_quickly_and_whole(run: str) -> None:
    cuts = _cuts(run.replace("v", "u"))
    assert len(cuts) <= MOST_READINGS
    assert all("".join(cut) == run.replace("v", "u") for cut in cuts)


@given(st.text(alphabet="旅顺口区大连长海建设", min_size=1, max_size=12))
def test_pinyin_and_initials_find_what_han_finds(text: str) -> None:
    held = tokens(f"关于{text}的方案")
    spoken = "".join(readings(c)[0] for c in text)
    initials = "".join(readings(c)[0][0] for c in text)
    for typed in (text, spoken[:40], initials):
        assert all(word.among(held) for word in words(typed)), typed
