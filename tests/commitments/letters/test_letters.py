"""The twenty items: rules between them, data and back, and what is masked."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.commitments.letters.samples import FIRM, PERSON, letter, regions
from yinuo.commitments.letters.checks import faults
from yinuo.commitments.letters.codec import from_data, to_data
from yinuo.commitments.letters.fields import FIELDS, Mask
from yinuo.commitments.letters.letter import (
    TYPE_CODES,
    Fulfilment,
    Letter,
    LetterType,
    PromisorKind,
    Publicity,
    letter_code,
)
from yinuo.commitments.letters.masking import shown


def wrong(**changes: object) -> list[str]:
    """The items at which a changed letter is at fault, the state of fulfilment left aside."""
    found = faults(letter(**changes), regions())
    return [fault.attribute for fault in found if fault.attribute != "fulfilment"]


def test_a_sound_letter_lacks_only_what_nobody_has_looked_at() -> None:
    (only,) = faults(letter(), regions())
    assert only.attribute == "fulfilment"
    assert only.only_for_exchange
    assert faults(letter(fulfilment=Fulfilment.WHOLE), regions()) == ()


@pytest.mark.parametrize("state", [Fulfilment.IN_PART, Fulfilment.NOT_AT_ALL])
def test_items_12_and_13_stand_exactly_when_it_was_not_kept(state: Fulfilment) -> None:
    assert wrong(fulfilment=state) == ["unmet", "pursued"]
    assert wrong(fulfilment=state, unmet="没有补交", pursued="不予通过") == []
    for kept in (Fulfilment.WHOLE, None):
        assert wrong(fulfilment=kept, unmet="没有补交", pursued="不予通过") == ["unmet", "pursued"]


@pytest.mark.parametrize(
    ("code", "rule"),
    [
        ("2102002024030800001", "应为 20 位数字"),
        ("21020020240307000017", "与承诺作出日期 2024-03-08 不一致"),
        ("21020020240308000000", "流水号从 000001 起"),
        ("21029920240308000017", "没有代码为 210299 的行政区或先导区"),
        ("99020020240308000017", "没有代码以 99 开头的省份"),
        ("21028220240308000017", "210282（普兰店市）在 2024-03-08 不是有效代码"),
        ("٢١٠٢٠٠20240308000017", "应为 20 位数字"),
    ],
)
def test_a_wrong_code_says_what_is_wrong(code: str, rule: str) -> None:
    words = [fault.words for fault in faults(letter(code=code), regions())]
    assert any(rule in each and "第 1 项“承诺编码”" in each for each in words)


def test_codes_are_held_against_the_day_on_which_they_were_given() -> None:
    old = date(2014, 3, 8)
    assert wrong(code="21028220140308000001", made_date=old, valid_until=None) == []
    assert wrong(code="21021420140308000001", made_date=old, valid_until=None) == ["code"]
    zone = letter(code="21023120240308000001")
    assert [f.attribute for f in faults(zone, regions())] == ["fulfilment"]
    elsewhere = letter(code="44030020240308000001")
    assert [f.attribute for f in faults(elsewhere, regions())] == ["fulfilment"]


def test_the_number_fits_the_kind_of_promisor() -> None:
    assert wrong(promisor_code=PERSON) == ["promisor_code"]
    assert wrong(promisor_kind=PromisorKind.PERSON) == ["promisor_code"]
    assert wrong(promisor_kind=PromisorKind.PERSON, promisor_code=PERSON) == []
    assert wrong(promisor_code=FIRM[:-1] + "X") == ["promisor_code"]
    assert wrong(promisor_code=FIRM.lower()) == ["promisor_code"]


def test_other_rules_between_items() -> None:
    assert wrong(valid_until=date(2024, 3, 7)) == ["valid_until"]
    assert wrong(valid_until=date(2024, 3, 8)) == []
    assert wrong(type=LetterType.OTHER) == ["type"]
    assert wrong(type=LetterType.OTHER, type_said="行程报备") == []
    assert wrong(type_said="行程报备") == ["type"]
    assert wrong(finder="市市场监管局", found_date=date(2024, 4, 1)) == ["found_date", "finder"]
    assert wrong(fulfilment=Fulfilment.WHOLE, finder_code=FIRM) == ["finder"]
    assert wrong(promisor="长" * 201, matter="") == ["promisor", "matter"]
    assert wrong(content="长" * 4000, remark="注" * 513) == ["remark"]


def test_a_unit_without_a_code_stands_but_cannot_be_handed_on() -> None:
    found = faults(letter(accepting_code=""), regions())
    assert [f.attribute for f in found] == ["fulfilment", "accepting_code"]
    assert all(f.only_for_exchange for f in found)


def test_type_codes_are_read_and_unknown_things_named() -> None:
    for kind, code in TYPE_CODES.items():
        read = from_data({**to_data(letter()), "承诺类型": code})
        assert read.letter is not None
        assert read.letter.type is kind
    odd = {
        **to_data(letter()),
        "承诺类型": "9",
        "公开类型": "公开",
        "承诺作出日期": "三月",
        "备忘": "",
    }
    read = from_data(odd)
    assert read.letter is None
    assert {f.name for f in read.faults} == {"承诺类型", "公开类型", "承诺作出日期", "备忘"}


def test_a_person_is_masked_and_a_firm_is_not() -> None:
    person = letter(
        promisor="林某某", promisor_kind=PromisorKind.PERSON, promisor_code=PERSON, remark="电话"
    )
    items = {item.number: item for item in shown(person, whole=False)}
    assert items[2].value == "林**"
    assert items[4].value == "110105********002X"
    assert items[20].value == "**"
    assert {n for n, item in items.items() if item.masked} == {2, 4, 20}
    assert {item.value for item in shown(person, whole=True)} >= {"林某某", PERSON, "电话"}
    assert not any(item.masked for item in shown(letter(), whole=False))


def test_there_are_twenty_items_one_attribute_each() -> None:
    assert [field.number for field in FIELDS] == list(range(1, 21))
    assert {field.attribute for field in FIELDS} | {"type_said"} == set(Letter.__slots__)


WORDS = st.text(st.characters(blacklist_categories=("Cs", "Cc")), max_size=30).map(str.strip)
DAYS = st.dates(date(2000, 1, 1), date(2099, 12, 31))


@st.composite
def letters(draw: st.DrawFn) -> Letter:
    """Letters that can be written down, sound or not; required items say something."""
    some = WORDS.filter(bool)
    kind = draw(st.sampled_from(LetterType))
    return letter(
        code=draw(some),
        promisor=draw(some),
        promisor_kind=draw(st.sampled_from(PromisorKind)),
        promisor_code=draw(some),
        type=kind,
        type_said=draw(WORDS) if kind is LetterType.OTHER else "",
        matter=draw(some),
        content=draw(some),
        liability=draw(some),
        made_date=draw(DAYS),
        valid_until=draw(st.none() | DAYS),
        fulfilment=draw(st.none() | st.sampled_from(Fulfilment)),
        unmet=draw(WORDS),
        pursued=draw(WORDS),
        found_date=draw(st.none() | DAYS),
        finder=draw(WORDS),
        finder_code=draw(WORDS),
        accepting_unit=draw(some),
        accepting_code=draw(some),
        publicity=draw(st.sampled_from(Publicity)),
        remark=draw(WORDS),
    )


@given(letters())
def test_data_reads_back_as_the_same_letter(it: Letter) -> None:
    assert from_data(to_data(it)).letter == it


@given(letters())
def test_checks_answer_for_any_letter_in_the_order_of_the_form(it: Letter) -> None:
    places = [fault.name for fault in faults(it, regions())]
    names = [field.name for field in FIELDS]
    assert places == sorted(places, key=names.index)


@given(st.dictionaries(st.sampled_from([f.name for f in FIELDS]) | WORDS, WORDS, max_size=22))
def test_any_data_is_read_or_refused_with_a_reason(data: dict[str, str]) -> None:
    read = from_data(data)
    assert (read.letter is None) == bool(read.faults)


@given(WORDS, st.integers(0, 8), st.integers(0, 8))
def test_a_mask_keeps_the_length_and_never_all(text: str, left: int, right: int) -> None:
    hidden = Mask(left, right).over(text)
    assert len(hidden) == len(text)
    assert not text or text == "*" * len(text) or "*" in hidden


@given(st.dates(date(2000, 1, 1), date(2099, 12, 31)), st.integers(1, 999_999))
def test_a_made_code_is_sound(day: date, serial: int) -> None:
    code = letter_code("210200", day, serial)
    assert wrong(code=code, made_date=day, valid_until=None) == []


@pytest.mark.parametrize("serial", [0, 1_000_000])
def test_a_serial_fits_into_its_place(serial: int) -> None:
    with pytest.raises(ValueError, match="210200"):
        letter_code("210200", date(2024, 1, 1), serial)
