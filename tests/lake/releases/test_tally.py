"""Sums of rows: whatever their order, additive, and different for different rows."""

from hypothesis import given
from hypothesis import strategies as st

from yinuo.lake.engine import DuckDB
from yinuo.lake.releases.tally import Tally, row_hash, tally_columns

ROWS = st.lists(st.tuples(st.integers(0, 3), st.sampled_from(["", "甲", "乙"])), max_size=6)


def tally(rows: list[tuple[int, str]], engine: DuckDB) -> Tally:
    values = ", ".join(f"({number}, '{text}')" for number, text in rows)
    table = f"(VALUES {values}) AS t(n, x)" if rows else "(SELECT 1 AS n, '' AS x WHERE false)"
    hashed = f"SELECT {row_hash(engine.dialect, ('n', 'x'))} AS h FROM {table}"  # noqa: S608  # our own rows
    sums = tally_columns(engine.dialect, "h")
    (row,) = engine.ask(f"SELECT {sums} FROM ({hashed}) AS s")  # noqa: S608  # as above
    return Tally.of(*row)


@given(one=ROWS, other=ROWS)
def test_sums_tell_rows_apart_and_not_their_order(
    one: list[tuple[int, str]], other: list[tuple[int, str]]
) -> None:
    with DuckDB(threads=1) as engine:
        first, second = tally(one, engine), tally(other, engine)
        assert first + second == tally(other + one, engine)
        assert first + second - second == first
        assert (first == second) == (sorted(one) == sorted(other))


def test_nothing_is_nothing() -> None:
    with DuckDB(threads=1) as engine:
        assert tally([], engine) == Tally() == Tally(0, 0, 0)


@given(one=ROWS, other=ROWS)
def test_what_rows_share_may_be_told_once(
    one: list[tuple[int, str]], other: list[tuple[int, str]]
) -> None:
    with DuckDB(threads=1) as engine:
        first, second = tally(one, engine), tally(other, engine)
    assert first.weighed("a") + second.weighed("a") == (first + second).weighed("a")
    assert first.weighed("a", "b").rows == first.rows
    if first.rows:
        assert first.weighed("a") != first.weighed("b") != first
