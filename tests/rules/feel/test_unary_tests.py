"""The tests of a cell: comparisons, intervals, lists, expressions over `?`, three answers."""

from decimal import Decimal

import pytest

from tests.rules.feel.asking import holds, value
from yinuo.rules.feel.values import Value


@pytest.mark.parametrize(
    ("tests", "tested", "expected"),
    [
        ("-", None, True),
        ("5", 5, True),
        ("5", 6, False),
        ("< 5", 5, False),
        ("<= 5", 5, True),
        ("< 5, > 10", 12, True),
        ("[1..5)", 5, False),
        ("[1..5)", 1, True),
        ("]1..5]", 1, False),
        ("not(1, 2)", 3, True),
        ("not(1, 2)", 2, False),
        ("not(< 5)", 5, True),
        ("= 5", 5, True),
        ("!= 5", 5, False),
        ('"甲", "乙"', "乙", True),
        ('"甲", "乙"', "丙", False),
        ("[1, 2, 3]", 2, True),
        ("[[1..2], [5..6]]", 5, True),
        ("名单", 2, True),
        ("限额", 100, True),
        ("< 限额", 99, True),
        ("? > 5 and ? < 9", 7, True),
        ("? > 5 and ? < 9", 9, False),
        ("odd(?)", 7, True),
        ("even(?), > 100", 7, False),
        ('starts with(?, "甲")', "甲方", True),
        ("true", True, True),
        ("false", False, True),
        ("true", False, False),
        ("true", None, False),
        ("false", None, False),
        ("null", None, True),
        ("null", 5, False),
        ("5", None, False),
        ("not(null)", 5, True),
        ("not(null)", None, False),
        ("< 5", None, None),
        ("not(< 5)", None, None),
        ("< 5", "x", None),
        ("5", "5", None),
        ('"x", < 5', "x", True),
        ("限额 > 5", 1, True),
        ("限额 < 5", 1, None),
    ],
)
def test_a_value_satisfies_a_cell_or_not_or_it_cannot_be_told(
    tests: str, *, tested: int | str | bool | None, expected: bool | None
) -> None:
    number = isinstance(tested, int) and not isinstance(tested, bool)
    given: Value = Decimal(tested) if number else tested  # type: ignore[arg-type, assignment]
    scope = {"限额": Decimal(100), "名单": value("[1, 2]")}
    assert holds(tests, given, scope) is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1 in [2, 3, 1]", True),
        ("1 in (2, 3)", False),
        ("1 in [[2..4], [1..3]]", True),
        ("10 in (1, < 5, >= 10)", True),
        ("5 in < 5", False),
        ("5 in 5", True),
        ("[1, 2] in [[1, 2], [3]]", True),
        ("[1, 2] in [1, 2]", True),
        ('@"2026-11-28" in [@"2026-11-01"..@"2026-11-30"]', True),
        ('"b" in ["a".."c"]', True),
        ("5 in (3..7) = true", True),
        ("5 between 1 and 5", True),
        ("6 between 1 and 5", False),
        ("null between 1 and 5", None),
        ("1 in null", False),
    ],
)
def test_in_and_between(text: str, *, expected: bool | None) -> None:
    assert value(text) is expected
