"""`+ - * / **` of every pair of kinds that has a value; all other pairs are null."""

import itertools

import pytest

from tests.rules.feel.asking import notes_of, said
from yinuo.rules.feel.arithmetic import _OPERATIONS


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("0.1 + 0.2", "0.3"),
        ("1 / 3", "0.3333333333333333333333333333333333"),
        ("2 / 3", "0.6666666666666666666666666666666667"),
        ("5 ** -2", "0.04"),
        ("-3 ** 2", "9"),
        ("3 ** 4 ** 5", "3486784401"),
        ("0 ** 0", "1"),
        ("115.00 / 100.00 - 1 >= 0.15", "true"),
        ('"a" + "b"', '"ab"'),
        ('@"P1D" + @"PT2H"', "P1DT2H"),
        ('@"P1Y" - @"P2M"', "P10M"),
        ('2.5 * @"PT23H"', "P2DT9H30M"),
        ('@"P1Y11M" * -2.5', "-P4Y9M"),
        ('@"P10Y11M" / 2.5', "P4Y4M"),
        ('@"P10DT23H" / 2.5', "P4DT9H12M"),
        ('@"P10D" / @"P4D"', "2.5"),
        ('@"P10Y" / @"P4Y"', "2.5"),
        ('-@"P1D"', "-P1D"),
        ('-@"P1Y2M"', "-P1Y2M"),
        ('@"2026-03-01" - @"2026-02-27"', "P2D"),
        ('@"2026-11-28" - @"2026-11-28T08:00:00@Asia/Shanghai"', "PT0S"),
        ('@"2026-11-28T10:00:00+08:00" - @"2026-11-28T01:00:00Z"', "PT1H"),
        ('@"10:00:00" - @"11:30:00"', "-PT1H30M"),
        ('@"10:00:00+08:00" - @"10:00:00Z"', "-PT8H"),
        ('@"2024-01-31" + @"P1M"', "2024-02-29"),
        ('@"P1M" + @"2023-01-31"', "2023-02-28"),
        ('@"2026-01-01" - @"P1Y1M"', "2024-12-01"),
        ('@"2026-01-02" + @"PT36H"', "2026-01-03"),
        ('@"2026-01-02" - @"PT1S"', "2026-01-01"),
        ('@"2026-01-02" - @"-PT1S"', "2026-01-02"),
        ('@"23:30:00+08:00" + @"PT1H"', "00:30:00+08:00"),
        ('@"2026-12-31T23:30:00" + @"PT1H"', "2027-01-01T00:30:00"),
        ('@"2026-01-31T10:00:00@Asia/Shanghai" + @"P1M"', "2026-02-28T10:00:00@Asia/Shanghai"),
        # A night with summer time has 23 hours, and a day of the clock is not always 24.
        ('@"2026-03-28T12:00:00@Europe/Paris" + @"PT24H"', "2026-03-29T13:00:00@Europe/Paris"),
        ('@"-0001-12-31" + @"P1D"', "0000-01-01"),
        ('@"0000-02-28" + @"P1D"', "0000-02-29"),
    ],
)
def test_pairs_that_have_a_value(text: str, expected: str) -> None:
    assert said(text) == expected


SAMPLES = {
    "number": "10",
    "string": '"10"',
    "boolean": "true",
    "date": '@"2026-01-01"',
    "date and time": '@"2026-01-01T10:10:10"',
    "time": '@"10:10:10"',
    "list": "[10]",
    "context": "{a: 10}",
    "days and time duration": '@"P1D"',
    "years and months duration": '@"P1Y"',
    "range": "[1..10]",
    "function": "(function(a) a)",
    "null": "null",
}


def test_every_other_pair_of_kinds_is_null_with_a_note() -> None:
    pairs = itertools.product(("+", "-", "*", "/", "**"), SAMPLES, SAMPLES)
    others = [pair for pair in pairs if pair not in _OPERATIONS]
    assert len(others) == 5 * 13 * 13 - len(_OPERATIONS)
    for operator, left, right in others:
        assert "不能作" in notes_of(f"{SAMPLES[left]} {operator} {SAMPLES[right]}")[0]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("1 / 0", "除数是 0"),
        ("0.0 / 0.0", "除数是 0"),
        ('@"P1D" / 0', "除数是 0"),
        ('@"P1D" / @"P0D"', "除数是 0"),
        ("-1 ** 0.5", "没有定义"),
        ("9e6144 + 9e6144", "太大"),
        ('@"2026-01-01T00:00:00" - @"2026-01-01T00:00:00Z"', "一个有时区，一个没有"),
        ('@"2026-01-01T00:00:00" - @"2026-01-02"', "一个有时区，一个没有"),
        ('@"10:00:00" - @"10:00:00Z"', "一个有时区，一个没有"),
        ('@"999999999-12-31" + @"P1M"', "超出"),
        ('@"P1Y" * 1e30', "太"),
    ],
)
def test_what_has_no_value_says_why(text: str, why: str) -> None:
    assert why in notes_of(text)[0]
