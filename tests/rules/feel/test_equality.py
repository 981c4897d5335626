"""Equality, order and instants: three answers, zones, seconds."""

import pytest

from tests.rules.feel.asking import value


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("null = null", True),
        ("null != null", False),
        ("false = null", False),
        ("false = 0", None),
        ("0 = 0.00", True),
        ("-0 = 0", True),
        ('100 = "100"', None),
        ('"甲" = "甲"', True),
        ("[1, 2, [3]] = [1, 2, [3]]", True),
        ("[1, 2] = [2, 1]", False),
        ('[1, "a"] = ["a", 1]', False),
        ("[] = null", False),
        ("[] = 0", None),
        ("[5] = 5", None),
        ("{a: 1, b: [2]} = {b: [2], a: 1}", True),
        ("{a: 1} = {a: 1, b: 2}", False),
        ("{} = []", None),
        ("[1..3] = [1..3]", True),
        ("[1..3] = [1..3)", False),
        ("(>= 2) = (>= 2)", True),
        ('@"P1D" = @"PT24H"', True),
        ('@"P1Y" = @"P12M"', True),
        ('@"P1Y" = @"P365D"', None),
        ("(function() 1) = (function() 1)", None),
        ('@"2026-11-28" = @"2026-11-28T00:00:00Z"', True),
        ('@"2026-11-28" = @"2026-11-28T00:00:00"', False),
        ('@"2026-11-28T08:00:00+08:00" = @"2026-11-28T00:00:00Z"', True),
        ('@"2026-11-28T08:00:00@Asia/Shanghai" = @"2026-11-28T00:00:00Z"', True),
        ('@"2026-11-28T08:00:00" = @"2026-11-28T08:00:00@Asia/Shanghai"', False),
        ('@"2026-07-01T10:00:00+02:00" = @"2026-07-01T10:00:00@Europe/Paris"', True),
        ('@"2026-12-01T10:00:00+02:00" = @"2026-12-01T10:00:00@Europe/Paris"', False),
        ('@"10:30:00.0001" = @"10:30:00.9"', True),
        ('@"10:30:00+08:00" = @"10:30:00@Asia/Shanghai"', True),
        ('@"10:30:00" = @"10:30:00Z"', False),
        ('is(@"10:30:00Z", @"10:30:00+00:00")', True),
        ('is(@"10:30:00Z", @"11:30:00+01:00")', False),
        ('is(@"2026-11-28", @"2026-11-28T00:00:00Z")', False),
        ('is(@"P0D", @"P0Y")', False),
        ("is(null, null)", True),
    ],
)
def test_equal(text: str, *, expected: bool | None) -> None:
    assert value(text) is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1 < 2", True),
        ('"a" < "b"', True),
        ('"甲" < "a"', False),
        ('@"2026-11-28" < @"2026-11-29"', True),
        ('@"-0001-01-01" < @"0001-01-01"', True),
        ('@"2026-11-28" <= @"2026-11-28T00:00:00Z"', True),
        ('@"2026-11-28T00:00:00" < @"2026-11-28T00:00:00Z"', None),
        ('@"10:00:00+08:00" < @"10:00:00Z"', True),
        ('@"10:00:00" < @"10:00:00Z"', None),
        ('@"P1D" < @"P2D"', True),
        ('@"P1Y" < @"P400D"', None),
        ("true < false", None),
        ("[1] < [2]", None),
        ("1 < null", None),
    ],
)
def test_order(text: str, *, expected: bool | None) -> None:
    assert value(text) is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("true and null", None),
        ("false and null", False),
        ("null and false", False),
        ('true and "true"', None),
        ("true or null", True),
        ("null or true", True),
        ("false or null", None),
        ("false or 1", None),
        ("not(true)", False),
        ("not(null)", None),
        ('not("x")', None),
        ("true and true and null and false", False),
    ],
)
def test_truth_has_a_third_answer(text: str, *, expected: bool | None) -> None:
    assert value(text) is expected
