"""Arithmetic in the head of a column: names, kinds, exact values."""

from datetime import date
from fractions import Fraction

import pytest

from yinuo.rules.expression import NoValue, Unreadable, evaluate, full_months, kind_of, parse, write
from yinuo.rules.kinds import Kind

KINDS = {
    "本年收入": Kind.NUMBER,
    "本年": Kind.NUMBER,
    "上年 收入": Kind.NUMBER,
    "税率": Kind.PERCENT,
    "成立日期": Kind.DATE,
    "基准日": Kind.DATE,
    "宽限": Kind.DAYS,
    "工龄": Kind.MONTHS,
    "类别": Kind.TEXT,
}


def value(text: str, **known: object) -> object:
    """The value of an expression; `_` in a name stands for a space."""
    named = {name.replace("_", " "): found for name, found in known.items()}
    return evaluate(parse(text, KINDS), named.__getitem__)  # type: ignore[arg-type]


def test_names_may_hold_spaces_and_begin_alike() -> None:
    found = value(
        "（本年收入－上年 收入）÷ 上年 收入", 本年收入=Fraction(115), 上年_收入=Fraction(100)
    )
    assert found == Fraction(15, 100)


@pytest.mark.parametrize(
    ("text", "expected"),
    [("1 + 2 * 3", 7), ("(1 + 2) * 3", 9), ("-2 - -3", 1), ("8 / 4 / 2", 1), ("10% * 50", 5)],
)
def test_arithmetic_binds_as_at_school(text: str, expected: int) -> None:
    assert value(text) == expected


def test_nothing_is_rounded() -> None:
    assert value("本年收入 / 3 * 3", 本年收入=Fraction(1)) == 1


def test_a_percentage_is_the_share_it_stands_for() -> None:
    assert value("本年收入 * 税率", 本年收入=Fraction(200), 税率=Fraction(15)) == 30


def test_division_by_zero_has_no_value() -> None:
    with pytest.raises(NoValue):
        value("1 / 本年收入", 本年收入=Fraction(0))


def test_days_are_counted_between_dates() -> None:
    found = value("基准日 - 成立日期", 基准日=date(2024, 3, 1), 成立日期=date(2024, 2, 1))
    assert found == 29


@pytest.mark.parametrize(
    ("start", "end", "months"),
    [
        (date(2021, 3, 15), date(2024, 3, 14), 35),
        (date(2021, 3, 15), date(2024, 3, 15), 36),
        (date(2021, 1, 31), date(2021, 2, 28), 1),
        (date(2024, 2, 29), date(2025, 2, 28), 12),
        (date(2024, 3, 15), date(2024, 1, 15), -2),
    ],
)
def test_a_month_is_full_on_its_day_or_the_last_of_a_shorter_month(
    start: date, end: date, months: int
) -> None:
    assert full_months(start, end) == months


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("基准日 - 成立日期", Kind.DAYS),
        ("基准日 + 宽限", Kind.DATE),
        ("满月数(成立日期, 基准日)", Kind.MONTHS),
        ("本年收入 * 税率", Kind.NUMBER),
        ("宽限 * 2", Kind.DAYS),
        ("宽限 / 宽限", Kind.NUMBER),
    ],
)
def test_every_expression_has_a_kind(text: str, kind: Kind) -> None:
    assert kind_of(parse(text, KINDS)) is kind


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("本年收入 +", "没有写完"),
        ("本年收入 ^ 2", "不认识"),
        ("去年收入", "不认识"),
        ("(本年收入", "应是“)”"),
        ("类别 + 1", "是文本，不能计算"),
        ("宽限 + 工龄", "不能与"),
        ("基准日 + 工龄", "不能与"),
        ("基准日 + 基准日", "不能与"),
        ("-成立日期", "不能写负号"),
        ("满月数(宽限, 基准日)", "两个日期"),
        ("1,0 + 2", "千位分隔符"),
        ("(" * 60 + "1" + ")" * 60, "层以上"),
        ("-" * 60 + "1", "层以上"),
    ],
)
def test_what_cannot_be_computed_exactly_is_refused(text: str, why: str) -> None:
    with pytest.raises(Unreadable) as refused:
        kind_of(parse(text, KINDS))
    assert why in refused.value.what
    assert refused.value.next_step


@pytest.mark.parametrize(
    "text",
    ["本年收入 - (上年 收入 - 1)", "-(本年 + 1) * 2", "满月数(成立日期, 基准日)", "1 / (2 / 3)"],
)
def test_the_canonical_text_is_read_as_the_same_expression(text: str) -> None:
    found = parse(text, KINDS)
    assert parse(write(found), KINDS) == found
