"""Control, paths, filters, functions: what an expression is worth, and what is noted of null."""

import pytest

from tests.rules.feel.asking import notes_of, said, value
from yinuo.rules.feel.budget import MOST_ITEMS
from yinuo.rules.feel.evaluate import evaluate
from yinuo.rules.feel.parse import parse_expression
from yinuo.rules.feel.values import Note


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("if 1 < 2 then 甲 else 乙", "1"),
        ("if null then 甲 else 乙", "2"),
        ("for i in [1, 2, 3] return i * 2", "[2, 4, 6]"),
        ("for i in [1, 2], j in [10, 20] return i + j", "[11, 21, 12, 22]"),
        ("for i in 1..3, j in 1..i return j", "[1, 1, 2, 1, 2, 3]"),
        ("for i in 3..1 return i", "[3, 2, 1]"),
        ("for i in -1..1 return i", "[-1, 0, 1]"),
        ("for i in [] return i", "[]"),
        ("for i in 5 return i", "[5]"),
        ("for i in (1..4) return i", "[2, 3]"),
        ('for d in @"2026-02-27"..@"2026-03-01" return d.day', "[27, 28, 1]"),
        ("for i in 0..4 return if i = 0 then 1 else i * partial[-1]", "[1, 1, 2, 6, 24]"),
        ("some x in [1, 2, 3] satisfies x > 2", "true"),
        ("some x in [] satisfies x > 2", "false"),
        ("some x in [1, null] satisfies x > 2", "null"),
        ("some x in [null, 3] satisfies x > 2", "true"),
        ("every x in [] satisfies x > 2", "true"),
        ("every x in [3, null] satisfies x > 2", "null"),
        ("every x in [1, null] satisfies x > 2", "false"),
        ("every x in [1, 2], y in [3, 4] satisfies x < y", "true"),
    ],
)
def test_control(text: str, expected: str) -> None:
    one, two = value("1"), value("2")
    assert said(text, {"甲": one, "乙": two}) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("[1, 2, 3][1]", "1"),
        ("[1, 2, 3][-1]", "3"),
        ("[1, 2, 3][2 - 1]", "1"),
        ("[1, 2, 3][item >= 2]", "[2, 3]"),
        ("[1, 2, 3][true]", "[1, 2, 3]"),
        ("[1, null, 3][item > 1]", "[3]"),
        ("[][item > 1]", "[]"),
        ("null[item > 1]", "[]"),
        ("[1, 2, 3][-[2, 1][2]]", "3"),
        ("7[1]", "7"),
        ("7[item > 8]", "[]"),
        ("[{a: 1}, {a: 2}][a > 1]", "[{a: 2}]"),
        ("[{a: 1}, {a: 2}][item.a > 1].a", "[2]"),
        ("[{item: 1}, {item: 2}][item > 1]", "[{item: 2}]"),
        ("[{a: {b: 1}}, {a: {b: [2, 3]}}].a.b", "[1, [2, 3]]"),
        ("{a: 1, b: a + 1, c: {d: a + b}}.c.d", "3"),
        ('{"a b": 1}.a b', "1"),
        ("[2..5].end", "5"),
        ("(> 5).start included", "false"),
        ("(> 5).end", "null"),
        ("(<= 5).start included", "false"),
        ("(= 5).end included", "true"),
        ("(!= 5)", "(5..5)"),
    ],
)
def test_paths_and_filters(text: str, expected: str) -> None:
    assert said(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("(function(x) x + 1)(4)", "5"),
        ("(function(x, y) x - y)(y: 1, x: 4)", "3"),
        ("{加: function(a: number, b: number) a + b, 和: 加(1, 2)}.和", "3"),
        ("(function(a) function(b) a * b)(3)(4)", "12"),
        ('(function(a: number) a)("x")', "null"),
        ('(function(a: number) a = null)("x")', "true"),
        ("(function(a: number) a)([7])", "7"),
        ("(function(a: list<number>) count(a))(7)", "1"),
        ('(function(a: date and time) a)(@"2026-11-28")', "2026-11-28T00:00:00Z"),
        (
            "{阶乘: function(n, 自) if n < 2 then 1 else n * 自(n - 1, 自), 值: 阶乘(10, 阶乘)}.值",
            "3628800",
        ),
        ('{date: date("2026-11-28"), day: date("2026-11-29").day}.day', "29"),
        ("now()", "2026-11-28T09:30:00+08:00"),
        ("today()", "2026-11-28"),
        ("abs(n: -3)", "3"),
        ("append([1], 2, 3)", "[1, 2, 3]"),
        ("append(list: [1], item: 2)", "[1, 2]"),
    ],
)
def test_calls(text: str, expected: str) -> None:
    assert said(text) == expected


@pytest.mark.parametrize(
    ("text", "where", "what"),
    [
        ("不存在 + 1", "不存在", "没有名为“不存在”的值"),
        ("1 + foo(2)", "foo", "没有名为“foo”的值"),
        ("1 + now(2)", "now(2)", "要 0 个参数，却有 1 个"),
        ('"abs"(-1)', '"abs"(-1)', "是文本，不是函数"),
        ('1 + "a"', '1 + "a"', "数与文本不能作“+”运算"),
        ("1 / 0", "1 / 0", "除数是 0"),
        ("1 < null", "1 < null", "数与空不能比大小"),
        ('1 = "1"', '1 = "1"', "不能比是否相等"),
        ("{a: 1}.b", "{a: 1}.b", "上下文里没有“b”"),
        ("{a: 1, a: 2}", "{a: 1, a: 2}", "出现了两次"),
        ("[1, 2][3]", "[1, 2][3]", "超出列表"),
        ("null[1]", "null[1]", "列表有 0 项"),
        ("[1, 2][if item = 1 then true else 0]", "[1, 2][if", "筛选条件是数"),
        ("[1, 2][1.5]", "[1, 2][1.5]", "序号应是整数"),
        ('@"2026-02-30"', '@"2026-02-30"', "没有 2026 年 2 月 30 日"),
        ("abs()", "abs()", "要 1 个参数，却有 0 个"),
        ("abs(x: 1)", "abs(x: 1)", "没有参数“x”，参数是：n"),
        ('string length("a", 1)', 'string length("a", 1)', "要 1 个参数，却有 2 个"),
        ("string length(5)", "string length(5)", "参数“string”应是文本，却是数"),
        ("string length(null)", "string length(null)", "参数“string”没有值"),
        ("for i in null return i", "for i in null return i", "没有值，不能逐项计算"),
        ("for i in 1..1.5 return i", "for i in 1..1.5 return i", "应是整数或日期"),
        ("(function(x) external {})(1)", "(function(x) external {})(1)", "外部函数"),
        ("null.a", "null.a", "空没有属性“a”"),
        ("true and 5", "5", "应是“是”或“否”，却是数"),
        ("1 instance of 企业", "1 instance of 企业", "没有类型“企业”"),
        ("-true", "-true", "不能取负"),
    ],
)
def test_null_comes_with_a_note_that_says_where_and_why(text: str, where: str, what: str) -> None:
    first = notes_of(text)[0]
    assert first.startswith(f"“{where}")
    assert what in first


def test_an_argument_that_does_not_fit_a_function_of_the_model_is_noted() -> None:
    notes: list[Note] = []
    assert value('(function(年限: number) 年限 = null)("x")', notes=notes) is True
    assert [note.what for note in notes] == ["参数“年限”应是数，却是文本，按空处理"]


def test_a_condition_that_is_neither_yes_nor_no_is_noted_and_counts_as_no() -> None:
    notes: list[Note] = []
    assert value('if "x" then 1 else 2', notes=notes) == 2
    assert "按“否”处理" in notes[0].what


def test_the_moment_is_given_and_never_read_from_a_clock() -> None:
    notes: list[Note] = []
    assert evaluate(parse_expression("today()", []), {}, notes) is None
    assert "没有给定现在的时间" in notes[0].what


@pytest.mark.parametrize(
    "text",
    [
        "for i in 1..1000000000 return i",
        "for i in [1..1000000000] return i",
        "some i in 1..1000000000 satisfies i < 0",
        "for i in 1..99999, j in 1..99999 return 1",
        "every i in 1..9999, j in 1..9999 satisfies true",
        "10 ** 10 ** 1000",
        "2 ** 1e10",
        "exp(1e9)",
        "9e6144 * 10",
        'for i in 1..60 return if i = 1 then "ab" else partial[-1] + partial[-1]',
        "string(for i in 1..60 return if i = 1 then [1] else [partial[-1], partial[-1]])",
        "for i in 1..60 return if i = 1 then [1] else concatenate(partial[-1], partial[-1])",
        "(function(f) f(f))(function(f) f(f))",
        'replace("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab", "(a+)+$", "x")',
        "decimal(1, 1e9)",
        '@"999999999-12-31" + @"P1D"',
        '@"P1D" * 1e30',
        "distinct values(for i in 1..6000 return i)",
    ],
)
def test_no_text_however_short_runs_away(text: str) -> None:
    notes: list[Note] = []
    found = value(text, notes=notes, steps=50_000)
    assert notes
    assert found is None or (isinstance(found, list) and None in found)


def test_a_loop_may_be_as_long_as_a_city_needs() -> None:
    assert said(f"count(for i in 1..{MOST_ITEMS} return i)") == str(MOST_ITEMS)
