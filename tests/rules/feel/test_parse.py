"""Texts into their shape: names with spaces and signs, how operators bind, errors by place."""

import pytest

from yinuo.rules.feel.lexer import MOST_DEPTH, MOST_LETTERS, UnreadableFeel
from yinuo.rules.feel.parse import MOST_NODES_DEEP, parse_expression, parse_unary_tests
from yinuo.rules.feel.printing import write
from yinuo.rules.feel.syntax import (
    AnyValue,
    Arithmetic,
    Call,
    Name,
    Path,
    UnaryComparison,
    UnaryTests,
    walk,
)

NAMES = [
    "本年 收入",
    "本年 收入 合计",
    "本年",
    "a+b",
    "a",
    "b",
    "Applicant-Data",
    "if 缓征",
    "in a list",
    "days in weekend",
    "金额（万元）",
    "x?",
    "2025 年 收入",
    "2025年收入",
]


def canonical(text: str, names: list[str] = NAMES, **more: list[str]) -> str:
    return write(parse_expression(text, names, **more))


def names_in(text: str) -> list[str]:
    """The names in the order of writing."""
    nodes = list(walk(parse_expression(text, NAMES)))
    return [node.name for node in nodes if isinstance(node, Name)][::-1]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("本年 收入 + 1", ["本年 收入"]),
        ("本年   收入\n合计 + 本年", ["本年 收入 合计", "本年"]),
        ("本年收入", ["本年收入"]),
        ("a+b * 2", ["a+b"]),
        ("a + b * 2", ["a+b"]),
        ("a - b", ["a", "b"]),
        ("Applicant-Data - a", ["Applicant-Data", "a"]),
        ("if 缓征 or a", ["if 缓征", "a"]),
        ("for i in in a list return i", ["in a list", "i"]),
        ("for i in days in weekend return i", ["days in weekend", "i"]),
        ("金额（万元） > 5", ["金额（万元）"]),
        ("ab", ["ab"]),
        ("x? + 1", ["x?"]),
        ("string length(a)", ["string length", "a"]),
        ("2025年收入 - 2025 年 收入 - 2025", ["2025年收入", "2025 年 收入"]),
    ],
)
def test_a_name_is_the_longest_one_declared(text: str, expected: list[str]) -> None:
    assert sorted(names_in(text)) == sorted(expected)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1 + 2 * 3 ** 2", "1 + 2 * 3 ** 2"),
        ("(1 + 2) * 3", "(1 + 2) * 3"),
        ("8 - 4 - 2", "8 - 4 - 2"),
        ("8 - (4 - 2)", "8 - (4 - 2)"),
        ("-3 ** 2", "-3 ** 2"),
        ("-(3 ** 2)", "-(3 ** 2)"),
        ("2 ** -1", "2 ** -1"),
        ("and([true, or(a, b)])", "and([true, or(a, b)])"),
        ("a[or(b, true)]", "a[or(b, true)]"),
        ("a in ]1..2[ and (b)", "a in ((1..2)) and b"),
        ("not(true) or false and true", "not(true) or false and true"),
        ("(true or false) and true", "(true or false) and true"),
        ("a between 1 and 2 and b", "a between 1 and 2 and b"),
        ("a in [1..3)", "a in ([1..3))"),
        ("a in (1, < 5, ]2..4[)", "a in (1, < 5, (2..4))"),
        ("a in < 5", "a in (< 5)"),
        ("a = >= 5", "a = (>= 5)"),
        ("1 instance of number", "1 instance of number"),
        ("(1 instance of number..2)", "(1 instance of number..2)"),
        ("a instance of list<date and time>", "a instance of list<date and time>"),
        ("a instance of function<>->Any", "a instance of function<> -> Any"),
        (
            "a instance of context<first name: string, b: range<number>>",
            "a instance of context<first name: string, b: range<number>>",
        ),
        ("a[item>1].b(1)[-1]", "a[item > 1].b(1)[-1]"),
        ('{first name: "x", "y z": first name}', '{first name: "x", y z: first name}'),
        (
            "function(x: number, y) external {java: {}}",
            "function(x: number, y) external {java: {}}",
        ),
        ("for i in 1..3, j in a return i+j", "for i in 1..3, j in a return i + j"),
        ("some x in a satisfies every y in b satisfies x<y", None),
        ("if a then b else if b then a else 1", "if a then b else if b then a else 1"),
        ("(if a then 1 else 2) + 1", "(if a then 1 else 2) + 1"),
        ('@"P1D" + @"2026-11-28"', None),
        ('"引号 \\" 与 \\\\ 和\\n换行"', '"引号 \\" 与 \\\\ 和\\n换行"'),
        ("1 /* 说明 */ + // 行尾\n 2", "1 + 2"),
        ("1.5e3", "1500"),
        (".5", "0.5"),
        ("f(甲: 1, 乙 丙 : 2)", "f(甲: 1, 乙 丙: 2)"),
        ("{🐎: 1}", '{"🐎": 1}'),
        ("[1..10[.start included", "[1..10).start included"),
    ],
)
def test_texts_have_one_canonical_form(text: str, expected: str | None) -> None:
    found = canonical(text)
    assert found == (expected or found)
    assert parse_expression(found, NAMES) == parse_expression(text, NAMES)


def test_properties_may_have_spaces_after_a_point_and_in_filters() -> None:
    known = {"properties": ["入职 年限"]}
    assert parse_expression("人.入职 年限 + 1", ["人"], **known) == Arithmetic(
        "+", Path(Name("人"), "入职 年限"), parse_expression("1", [])
    )
    assert canonical("人[入职 年限 > 3]", ["人"], **known) == "人[入职 年限 > 3]"
    assert canonical('@"10:00:00Z".time offset', []) == '@"10:00:00Z".time offset'
    assert canonical("{入职 年限: 1}.入职 年限", []) == "{入职 年限: 1}.入职 年限"


def test_declared_types_may_have_spaces() -> None:
    assert canonical("a instance of 企业 名录", types=["企业 名录"]) == "a instance of 企业 名录"


def test_a_cell_holds_tests_and_not_around_all_of_them_negates() -> None:
    assert parse_unary_tests(" - ", []) == AnyValue()
    tests = parse_unary_tests("not(< 5, 甲)", ["甲"])
    assert isinstance(tests, UnaryTests)
    assert tests.negated
    assert [type(test) for test in tests.tests] == [UnaryComparison, Name]
    call = parse_unary_tests("not(甲) and ? > 1", ["甲"])
    assert isinstance(call, UnaryTests)
    assert not call.negated
    assert any(isinstance(node, Call) for node in walk(call))


@pytest.mark.parametrize(
    ("text", "at", "what"),
    [
        ("", 1, "没有写完"),
        ("1 +", 4, "没有写完"),
        ("1 2", 3, "读不懂“2”"),
        ("then", 1, "读不懂“then”"),
        ('"没有结束', 1, "文本没有结束"),
        ("(1", 3, "这里应是“)”"),
        ("if a then b", 12, "这里应是“else”"),
        ("f(a: 1, 2)", 11, "参数有的写了名称"),
        ("{a 1}", 2, "“名称: 值”"),
        ("for 1 in a return 1", 5, "“名称 in 列表”"),
        ("1e9999", 1, "太大"),
        ("12abc", 1, "读不懂"),
        ("a instance of", 14, "类型名"),
        ("甲。乙", 2, "读不懂“。乙”"),
    ],
)
def test_an_error_says_where_what_and_what_next(text: str, at: int, what: str) -> None:
    with pytest.raises(UnreadableFeel) as raised:
        parse_expression(text, ["a", "b"])
    assert (raised.value.at, raised.value.code) == (at, "RULES-E120")
    assert what in raised.value.what
    assert raised.value.place == f"FEEL 第 {at} 个字"
    assert raised.value.next_step


@pytest.mark.parametrize("text", ["a ＞ 1", "（a）", "a，b", "“甲”", "a ≥ 1"])
def test_signs_of_full_width_are_named(text: str) -> None:
    with pytest.raises(UnreadableFeel) as raised:
        parse_expression(text, ["a", "b"])
    assert raised.value.next_step.endswith("是全角符号，请改用半角")


@pytest.mark.parametrize(
    "text",
    [
        "(" * 5_000 + "1" + ")" * 5_000,
        "-" * 5_000 + "1",
        "[" * 5_000,
        "1" + " + 1" * 5_000,
        "if true then 1 else " * 1_000 + "1",
        "a" + "[1]" * 5_000,
        "< " * 2_000 + "1",
        "a instance of " + "list<" * 2_000 + "number" + ">" * 2_000,
    ],
)
def test_what_is_nested_too_deep_is_refused_before_python_gives_up(text: str) -> None:
    with pytest.raises(UnreadableFeel, match=f"{MOST_DEPTH} 层|{MOST_NODES_DEEP} 层"):
        parse_expression(text, [])


def test_a_text_beyond_all_measure_is_refused() -> None:
    with pytest.raises(UnreadableFeel, match="超过"):
        parse_expression("1" * (MOST_LETTERS + 1), [])


def test_long_lists_and_chains_of_or_are_no_nesting() -> None:
    many = " or ".join(f"a = {number}" for number in range(2_000))
    assert canonical(many) == many
    assert canonical(f"[{', '.join(['1'] * 5_000)}]").count("1") == 5_000
