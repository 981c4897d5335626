"""Generated expressions, nested at random: SQL says what the window says, or refuses by name."""

import random

import pytest

from tests.rules.sql.asking import OUT, Rows, at_window, model, program
from yinuo.rules.dmn.tck import is_near
from yinuo.rules.feel.functions.table import BUILT_IN
from yinuo.rules.sql.refusals import NotInSql
from yinuo.rules.sql.sets import connection, decide_rows

ATOMS = (
    *("a", "b", "s", "t", "p", "q", "d", "e", "m", "u", "y", "l", "ts", "bs", "r", "rs", "null"),
    *("1", "-1", "0", "2.5", '"a"', '"ab"', "true", "[]", "[1,2]", "[null]", "{x: a, y: s}"),
    *("[1..3]", 'date("2024-02-29")', 'duration("P1D")', 'duration("P1Y")', "r.x", "a/b"),
)
OPERATORS = ("+", "-", "*", "/", "**", "=", "!=", "<", ">=", "and", "or")
FUNCTIONS = tuple(BUILT_IN)
DEEPEST, COUNT, ROWS = 2, 60, 8


class Expressions:
    """Expressions at random, the same for the same seed."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)  # noqa: S311  # test data

    def some(self, depth: int = 0) -> str:
        shapes = (self.atom, self.call, self.call, self.operation, self.choice, self.loop)
        more = (self.question, self.membership, self.filter)
        return (self.atom if depth >= DEEPEST else self.random.choice((*shapes, *more)))(depth)

    def atom(self, _depth: int) -> str:
        return self.random.choice(ATOMS)

    def call(self, depth: int) -> str:
        count = self.random.choice((0, 1, 1, 2, 2, 3))
        given = ", ".join(self.some(depth + 1) for _ in range(count))
        return f"{self.random.choice(FUNCTIONS)}({given})"

    def operation(self, depth: int) -> str:
        operator = self.random.choice(OPERATORS)
        return f"({self.some(depth + 1)} {operator} {self.some(depth + 1)})"

    def choice(self, depth: int) -> str:
        one, then, other = (self.some(depth + 1) for _ in range(3))
        return f"(if {one} then {then} else {other})"

    def loop(self, depth: int) -> str:
        return (
            f"(for v in {self.some(depth + 1)} return {self.random.choice(('v', 'v + a', '[v]'))})"
        )

    def question(self, depth: int) -> str:
        word = self.random.choice(("some", "every"))
        return f"({word} v in {self.some(depth + 1)} satisfies v = {self.some(depth + 1)})"

    def membership(self, depth: int) -> str:
        return f"({self.some(depth + 1)} in ({self.some(depth + 1)}, {self.some(depth + 1)}))"

    def filter(self, depth: int) -> str:
        return f"{self.some(depth + 1)}[{self.random.choice(('1', '-1', 'item > 1', 'x > 0'))}]"


@pytest.mark.parametrize("seed", range(3))
def test_sql_says_what_the_window_says_or_refuses(seed: int) -> None:
    made, rows, database = Expressions(seed), Rows(seed).some(ROWS), connection()
    written = 0
    for expression in {made.some() for _ in range(COUNT)}:
        found = model(expression)
        try:
            statement = program(found)
        except NotInSql:
            continue
        written += 1
        got = [each[OUT] for each in decide_rows(statement, rows, database)]
        for wanted, answer in zip(at_window(found, rows), got, strict=True):
            assert is_near(answer, wanted), (expression, wanted, answer)
    assert written > COUNT // 4
