"""What holds of all FEEL: what is printed reads the same, arithmetic is exact, order, time."""

from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.rules.feel.asking import value
from yinuo.rules.feel.civil import civil_date, day_number, moved_months, numbered_date, weekday
from yinuo.rules.feel.equality import equal, order, same
from yinuo.rules.feel.instants import from_local, instant, later
from yinuo.rules.feel.lexer import UnreadableFeel
from yinuo.rules.feel.logic import all_hold, any_holds, negation
from yinuo.rules.feel.parse import parse_expression
from yinuo.rules.feel.printing import write
from yinuo.rules.feel.syntax import (
    All,
    AnyOf,
    Argument,
    Arithmetic,
    Between,
    Binding,
    Call,
    Comparison,
    Context,
    Entry,
    Filter,
    For,
    FunctionDefinition,
    If,
    In,
    InstanceOf,
    Interval,
    ListOf,
    ListType,
    Name,
    NamedType,
    Negated,
    Node,
    Null,
    Number,
    Parameter,
    Path,
    Quantified,
    Steps,
    Temporal,
    Text,
    Truth,
    UnaryComparison,
)
from yinuo.rules.feel.temporal import read_duration, read_temporal
from yinuo.rules.feel.values import DayDuration, MonthDuration, NoValue, Value, Zone
from yinuo.rules.feel.writing import inner_text, temporal_text

NAMES = ["甲", "本年 收入", "a+b", "Applicant-Data", "x"]
TRUTHS = st.sampled_from([True, False, None])
NUMBERS = st.decimals(-(10**6), 10**6, places=4)
TYPES = st.sampled_from(
    [NamedType("number"), NamedType("date and time"), ListType(NamedType("string"))]
)

names = st.sampled_from(NAMES)
leaves: st.SearchStrategy[Node] = st.one_of(
    st.integers(0, 10**6).map(lambda number: Number(Decimal(number))),
    st.decimals(0, 1000, places=3).map(Number),
    st.text(max_size=5).map(Text),
    st.booleans().map(Truth),
    st.just(Null()),
    st.sampled_from(["2026-11-28", "P1D", "10:00:00Z"]).map(Temporal),
    names.map(Name),
)


def _nodes(inner: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    two = st.lists(inner, min_size=2, max_size=3).map(tuple)
    some = st.lists(inner, max_size=2).map(tuple)
    bindings = st.lists(
        st.builds(Binding, st.just("i"), st.one_of(inner, st.builds(Steps, inner, inner))),
        min_size=1,
        max_size=2,
    ).map(tuple)
    arguments = st.one_of(
        st.lists(st.builds(Argument, inner), max_size=2).map(tuple),
        st.builds(Argument, inner, names).map(lambda argument: (argument,)),
    )
    return st.one_of(
        st.builds(Negated, inner),
        st.builds(Arithmetic, st.sampled_from(["+", "-", "*", "/", "**"]), inner, inner),
        st.builds(Comparison, st.sampled_from(["=", "!=", "<", "<=", ">", ">="]), inner, inner),
        two.filter(lambda parts: not isinstance(parts[0], All)).map(All),
        two.filter(lambda parts: not isinstance(parts[0], AnyOf)).map(AnyOf),
        st.builds(Between, inner, inner, inner),
        st.builds(In, inner, st.lists(inner, min_size=1, max_size=2).map(tuple)),
        st.builds(InstanceOf, inner, TYPES),
        st.builds(If, inner, inner, inner),
        st.builds(For, bindings, inner),
        st.builds(Quantified, st.booleans(), bindings, inner),
        st.builds(Path, inner, names),
        st.builds(Filter, inner, inner),
        st.builds(Call, inner, arguments),
        some.map(ListOf),
        st.lists(st.builds(Entry, names, inner), max_size=2).map(tuple).map(Context),
        st.builds(Interval, inner, inner, st.booleans(), st.booleans()),
        st.builds(UnaryComparison, st.sampled_from(["<", ">="]), inner),
        st.builds(
            FunctionDefinition,
            st.lists(st.builds(Parameter, names, TYPES), max_size=2).map(tuple),
            inner,
            st.booleans(),
        ),
    )


# Hypothesis may want to print a strategy that holds itself.
@pytest.mark.filterwarnings("ignore:Generating overly large repr")
@settings(max_examples=100)
@given(st.recursive(leaves, _nodes, max_leaves=8))
def test_what_is_printed_reads_as_the_same(node: Node) -> None:
    text = write(node)
    assert parse_expression(text, NAMES) == node, text


@settings(max_examples=150)
@given(
    st.lists(
        st.sampled_from(
            [
                *("1", "x", '"a"', "(", ")", "[", "]", "{", "}", ",", ":", ".", "..", "+", "-"),
                *("**", "<", ">=", "=", "and", "or", "not(", "between", "in", "if", "then", "else"),
                *("for", "i", "return", "some", "satisfies", "function(", "instance of", "list<"),
                *('@"P1D"', "sum(", "[1]", ".a", "甲"),
            ]
        ),
        max_size=12,
    )
)
def test_any_text_is_read_or_refused_and_never_breaks(words: list[str]) -> None:
    try:
        node = parse_expression(" ".join(words), ["x"])
    except UnreadableFeel as error:
        said = error.as_dict()
    else:
        value(write(node), {"x": None}, steps=2_000)
        return
    assert all(said.values())


@given(NUMBERS, NUMBERS, st.sampled_from("+-*"))
def test_arithmetic_of_money_is_exact(left: Decimal, right: Decimal, operator: str) -> None:
    found = value(f"a {operator} b", {"a": left, "b": right})
    assert isinstance(found, Decimal)
    exact = {
        "+": Fraction(left) + Fraction(right),
        "-": Fraction(left) - Fraction(right),
        "*": Fraction(left) * Fraction(right),
    }
    assert Fraction(found) == exact[operator]


@given(NUMBERS, NUMBERS.filter(bool))
def test_a_quotient_is_the_nearest_of_34_digits(left: Decimal, right: Decimal) -> None:
    found = value("a / b", {"a": left, "b": right})
    assert isinstance(found, Decimal)
    exact = Fraction(left) / Fraction(right)
    assert abs(Fraction(found) - exact) <= abs(exact) / 2 / 10**33


@given(NUMBERS, NUMBERS.filter(bool))
def test_modulo_is_what_a_division_to_the_lower_number_leaves(
    left: Decimal, right: Decimal
) -> None:
    found = value("modulo(a, b)", {"a": left, "b": right})
    assert isinstance(found, Decimal)
    assert Fraction(found) == Fraction(left) % Fraction(right)


@given(st.lists(TRUTHS, max_size=4), TRUTHS)
def test_and_or_not_agree(answers: list[bool | None], one: bool | None) -> None:  # noqa: FBT001  # given
    turned = [negation(answer) for answer in answers]
    assert negation(all_hold(answers)) is any_holds(turned)
    assert all_hold([*answers, one]) is all_hold([all_hold(answers), one])
    assert all_hold(answers) is all_hold(answers[::-1])
    assert negation(negation(one)) is one


ordered: st.SearchStrategy[Any] = st.one_of(
    NUMBERS,
    st.text(max_size=3),
    st.integers(-(10**6), 10**6).map(numbered_date),
    st.integers(-(10**9), 10**9).map(DayDuration),
    st.integers(-(10**4), 10**4).map(MonthDuration),
    st.none(),
    st.booleans(),
)


@given(ordered, ordered)
def test_comparisons_agree_with_each_other(left: Any, right: Any) -> None:
    assert equal(left, right) is equal(right, left)
    assert same(left, left)
    try:
        found = order(left, right)
    except NoValue:
        scope = {"a": left, "b": right}
        assert value("a < b", scope) is None
        assert value("a between b and b", scope) is None
        return
    assert order(right, left) == -found
    assert equal(left, right) is (found == 0)
    scope = {"a": left, "b": right}
    assert value("a <= b", scope) is value("a in <= b", scope) is value("b >= a", scope)
    assert value("not(a < b)", scope) is value("a >= b", scope)


@given(st.integers(-(10**9), 10**9))
def test_days_and_numbers_are_one_to_one(number: int) -> None:
    date = numbered_date(number)
    assert day_number(date) == number
    assert weekday(numbered_date(number + 1)) == weekday(date) % 7 + 1
    assert read_temporal(temporal_text(date)) == date


@given(st.integers(-(10**6), 10**6), st.integers(-(10**4), 10**4))
def test_months_move_to_a_day_that_is_there(number: int, months: int) -> None:
    date = numbered_date(number)
    moved = moved_months(date, months)
    assert civil_date(moved.year, moved.month, moved.day) == moved
    whole = (moved.year - date.year) * 12 + moved.month - date.month
    assert whole == months
    assert moved.day <= date.day


@given(st.integers(-(10**30), 10**30).map(lambda nanos: nanos // 10**9))
def test_durations_read_as_they_are_written(nanos: int) -> None:
    assert read_duration(temporal_text(DayDuration(nanos))) == DayDuration(nanos)
    assert read_duration(temporal_text(MonthDuration(nanos // 10**9))) == MonthDuration(
        nanos // 10**9
    )


ZONES = st.sampled_from(
    [Zone(0), Zone(28_800), Zone(region="Europe/Paris"), Zone(region="Asia/Shanghai")]
)


@given(st.integers(0, 4 * 10**18), st.integers(-(10**17), 10**17), ZONES)
def test_later_by_a_duration_is_so_much_later_in_any_zone(at: int, nanos: int, zone: Zone) -> None:
    # Whole hours keep clear of the hour that a clock shows twice.
    start = later(from_local(at // (24 * 3600 * 10**9) * (24 * 3600 * 10**9), zone), 0)
    first, last = instant(start), instant(later(start, nanos // 10**9 * 10**9))
    assert first is not None
    assert last is not None
    assert abs(last - first - nanos // 10**9 * 10**9) in (0, 3600 * 10**9)


@given(st.lists(NUMBERS, min_size=1, max_size=6))
def test_lists_of_numbers(numbers: list[Decimal]) -> None:
    scope: dict[str, Value] = {"列": [*numbers]}
    assert value("sort(列, function(x, y) x < y)", scope) == sorted(numbers)
    assert value("min(列)", scope) == min(numbers)
    assert value("max(列)", scope) == max(numbers)
    assert value("reverse(reverse(列)) = 列", scope) is True
    assert value("count(列[item >= min(列)]) = count(列)", scope) is True
    assert value("sum(列) / count(列) = mean(列)", scope) is True
    assert value("every x in 列 satisfies list contains(列, x)", scope) is True


@pytest.mark.parametrize("text", ["[1..3)", "(>= 2)", '{a: [1, "x"], "b+c": null}', "-1.50"])
def test_values_read_as_they_are_written(text: str) -> None:
    assert inner_text(value(inner_text(value(text)))) == inner_text(value(text))
