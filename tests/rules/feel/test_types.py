"""`instance of`: values, contexts, functions and item definitions."""

import pytest

from tests.rules.feel.asking import value
from yinuo.rules.feel.syntax import ContextType, ListType, NamedType, Type

TYPES: dict[str, Type] = {
    "企业": ContextType((("名称", NamedType("string")), ("人数", NamedType("number")))),
    "名录": ListType(NamedType("企业")),
    "自身": NamedType("自身"),
}


WIDE = "(function(a: context<x: number>) {b: 1, c: 2})"
"""Takes more than some ask for, and gives more."""


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1 instance of number", True),
        ("1 instance of string", False),
        ("1 instance of Any", True),
        ("null instance of Any", False),
        ("null instance of Null", True),
        ("null instance of number", False),
        ("true instance of boolean", True),
        ('@"2026-11-28" instance of date', True),
        ('@"2026-11-28" instance of date and time', False),
        ('@"P1D" instance of days and time duration', True),
        ('@"P1Y" instance of years and months duration', True),
        ("[1, 2] instance of list<number>", True),
        ("[1, null] instance of list<number>", True),
        ('[1, "a"] instance of list<number>', False),
        ("[] instance of list<string>", True),
        ("[1] instance of list", True),
        ("[1..2] instance of range<number>", True),
        ("[1..2] instance of range<string>", False),
        ("{a: 1} instance of context<a: number>", True),
        ("{a: null, b: 2} instance of context<a: number>", True),
        ("{b: 2} instance of context<a: number>", False),
        ("{a: {b: 1}} instance of context<a: context<b: string>>", False),
        ('(function() "x") instance of function<> -> string', True),
        ('(function() "x") instance of function<> -> number', False),
        ("(function(a: number) a + 1) instance of function<number> -> Any", True),
        ("(function(a, b) 1) instance of function<number> -> number", False),
        (f"{WIDE} instance of function<context<x: number, y: number>> -> context<b: number>", True),
        (f"{WIDE} instance of function<context<y: number>> -> context<b: number>", False),
        ('{名称: "甲", 人数: 3} instance of 企业', True),
        ('{名称: "甲"} instance of 企业', False),
        ('[{名称: "甲", 人数: 3}] instance of 名录', True),
        ("null instance of 企业", False),
    ],
)
def test_instance_of(text: str, *, expected: bool) -> None:
    assert value(text, types=TYPES) is expected


def test_a_type_that_is_itself_ends_in_a_note_and_not_in_a_stack() -> None:
    assert value("1 instance of 自身", types=TYPES) is None
