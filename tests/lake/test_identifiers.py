"""Whole columns of identifiers get the verdicts that one at a time gets."""

from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from yinuo.kernel import resident_id as rid
from yinuo.kernel import uscc
from yinuo.kernel.errors import YinuoError
from yinuo.lake.identifiers.checking import Kind, check
from yinuo.lake.identifiers.verdicts import Remark, Verdict

TODAY = date(2026, 1, 1)
WELL_FORMED = ("91210200000000000F", "912102000000003340", "N2210200000000000Y")


def verdicts(kind: Kind, *values: str) -> list[Verdict]:
    return [Verdict(each) for each in check(values, kind, on=TODAY).verdicts]


def remarks(kind: Kind, *values: str) -> list[Remark]:
    return [Remark(int(each)) for each in check(values, kind, on=TODAY).remarks]


def test_codes_with_every_leading_category_pass() -> None:
    assert verdicts(Kind.USCC, *WELL_FORMED) == [Verdict.VALID] * 3


def test_what_is_wrong_with_a_code_is_named() -> None:
    assert verdicts(
        Kind.USCC,
        "91210200000000000G",
        "9121020000000000",
        "9I210200000000000F",
        "91A10200000000000F",
        "",
        "111111111111111111",
        "９１２１０２０００００００００００F",
    ) == [
        Verdict.CHECK,
        Verdict.LENGTH,
        Verdict.CHARACTER,
        Verdict.CHARACTER,
        Verdict.EMPTY,
        Verdict.PLACEHOLDER,
        Verdict.VALID,
    ]


def test_an_inner_code_that_fails_is_a_remark() -> None:
    body = "91210200MA0000001"
    code = body + uscc.check_character(body)
    assert verdicts(Kind.USCC, code) == [Verdict.VALID]
    assert remarks(Kind.USCC, code, WELL_FORMED[0])[0] & Remark.INNER


def test_letters_of_an_organisation_code_count_from_ten() -> None:
    # 3·22 + 7·10 + 9·0 + … = 136; 11 − 136 mod 11 = 7, with M = 22 and A = 10.
    assert verdicts(Kind.ORGANISATION, "MA0000007", "MA0000008") == [Verdict.VALID, Verdict.CHECK]


def test_a_registration_number_has_a_check_of_its_own() -> None:
    # ISO 7064 MOD 11,10 over 21020000000001: the running product ends at 4, so the check is 7.
    valid = [n for n in range(10) if verdicts(Kind.REGISTRATION, f"21020000000001{n}")[0] == 0]
    assert len(valid) == 1


@pytest.mark.parametrize(
    ("number", "verdict"),
    [
        ("11010519491231002X", Verdict.VALID),
        ("11010519491231002x", Verdict.VALID),
        ("110105491231002", Verdict.VALID),
        ("110105194912310021", Verdict.CHECK),
        ("11010519490230002X", Verdict.DATE),
        ("11010520991231002X", Verdict.DATE),
        ("1101051949123100X2", Verdict.CHARACTER),
        ("1101051949", Verdict.LENGTH),
    ],
)
def test_numbers_of_citizens(number: str, verdict: Verdict) -> None:
    assert verdicts(Kind.RID, number) == [verdict]


def test_the_old_form_is_remarked() -> None:
    assert remarks(Kind.RID, "110105491231002") == [Remark.OLD]


def _one_says(kind: Kind, text: str) -> bool:
    try:
        if kind is Kind.USCC:
            uscc.credit_code(text)
        else:
            rid.resident_id(text, on=TODAY)
    except YinuoError:
        return False
    return True


digits = st.text("0123456789", min_size=17, max_size=17)


@given(st.lists(digits.map(lambda body: body + rid.check_character(body)), max_size=20))
def test_numbers_agree_with_one_at_a_time(numbers: list[str]) -> None:
    found = check(numbers, Kind.RID, on=TODAY)
    judged = np.isin(found.verdicts, [Verdict.VALID])
    held = found.verdicts == Verdict.PLACEHOLDER
    for number, valid, placeholder in zip(numbers, judged, held, strict=True):
        assert placeholder or valid == _one_says(Kind.RID, number)


@given(
    st.lists(st.text(uscc.CHARACTERS, min_size=17, max_size=17), max_size=20),
    st.text(max_size=20),
)
def test_codes_agree_with_one_at_a_time(bodies: list[str], other: str) -> None:
    codes = [body + uscc.check_character(body) for body in bodies] + [other]
    found = check(codes, Kind.USCC, on=TODAY)
    for code, verdict in zip(codes, found.verdicts, strict=True):
        if verdict not in (Verdict.PLACEHOLDER, Verdict.EMPTY):
            assert (verdict == Verdict.VALID) == _one_says(Kind.USCC, code)


def test_nothing_is_checked_of_nothing() -> None:
    for kind in Kind:
        assert len(check([], kind, on=TODAY).verdicts) == 0
