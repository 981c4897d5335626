"""How many pairs each blocking rule gives: counted before anything is compared."""

from collections.abc import Sequence
from dataclasses import dataclass

import duckdb

from yinuo.credit.linking.comparing import BLOCKS
from yinuo.kernel.errors import YinuoError


@dataclass(frozen=True, kw_only=True)
class Block:
    """One blocking rule and the pairs that it gives."""

    columns: tuple[str, ...]
    pairs: int
    worst: str
    """The value that gives most of them, for whoever has to find out why."""
    worst_pairs: int


class TooManyPairs(YinuoError):
    """A blocking rule under which nearly everybody is compared with everybody."""

    code = "CREDIT-E024"
    status = 409

    def __init__(self, kind: str, blocks: Sequence[Block], allowed: int) -> None:
        said = "；".join(
            f"{'+'.join(each.columns)} 产生 {each.pairs} 对，其中“{each.worst}”一个值就有"
            f" {each.worst_pairs} 对"
            for each in blocks
        )
        super().__init__(
            f"候选对过多（每条规则至多 {allowed} 对）：{said}",
            place=f"模糊关联 · {kind}",
            next_step="多半是某数据源用同一个值填满了一列：在数据源的检查中加上填充率要求，或清空该值后重试；"
            "确属正常时提高 content/linkage/linkage.toml 的 pairs_per_description",
        )


def check_blocks(
    database: duckdb.DuckDBPyConnection, kind: str, *, entity: str, given: str, per_given: int
) -> tuple[Block, ...]:
    """Count the pairs of every rule between two prepared tables.

    Raises `TooManyPairs` with all rules that give more than `per_given` a row of `given`.
    """
    ((rows,),) = database.execute(f"SELECT count(*) FROM {given}").fetchall()  # noqa: S608  # our own names
    allowed = per_given * max(rows, _FEW)
    found = tuple(_block(database, columns, entity, given) for columns in BLOCKS[kind])
    too_many = [each for each in found if each.pairs > allowed]
    if too_many:
        raise TooManyPairs(kind, too_many, allowed)
    return found


_FEW = 1_000
"""With fewer rows than this an average says nothing."""


def _block(
    database: duckdb.DuckDBPyConnection, columns: tuple[str, ...], entity: str, given: str
) -> Block:
    names = ", ".join(columns)
    there = " AND ".join(f"{column} IS NOT NULL" for column in columns)
    grouped = "SELECT {names}, count(*) AS n FROM {table} WHERE {there} GROUP BY {names}"
    left = grouped.format(names=names, table=entity, there=there)
    right = grouped.format(names=names, table=given, there=there)
    value = ", ".join(f"l.{column}" for column in columns)
    ((pairs, most, worst),) = database.execute(
        "SELECT coalesce(sum(l.n * r.n), 0), coalesce(max(l.n * r.n), 0), "  # noqa: S608  # our own names
        f"coalesce(arg_max(concat_ws('、', {value}), (l.n * r.n, {value})), '') "
        f"FROM ({left}) l JOIN ({right}) r USING ({names})"
    ).fetchall()
    return Block(columns=columns, pairs=int(pairs), worst=worst, worst_pairs=int(most))
