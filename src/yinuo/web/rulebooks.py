"""A published file of rules as a page shows it: each table a grid, a rule a row."""

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

from yinuo.content.differences import cells_of, column_words, validity_words
from yinuo.kernel.filestore import FileMissing
from yinuo.rules.kinds import say
from yinuo.rules.table import Rulebook, Table
from yinuo.rules.workbook.read import check_bytes

MOST_NAMED = 3
_GAPS = re.compile(r"\s+")


def rule_anchor(table: str, rule: str = "") -> str:
    """Where on the page of a version a table stands, or one of its rules.

    >>> rule_anchor("进度灯", "3")
    '进度灯-3'
    """
    return _GAPS.sub("_", f"{table}-{rule}" if rule else table)


@dataclass(frozen=True)
class GridColumn:
    """A column as its head says it."""

    words: str
    is_answer: bool


@dataclass(frozen=True)
class GridRule:
    """One row."""

    name: str
    anchor: str
    cells: tuple[str, ...]
    note: str


@dataclass(frozen=True)
class Grid:
    """One table."""

    name: str
    anchor: str
    policy: str
    validity: str
    basis: str
    note: str
    columns: tuple[GridColumn, ...]
    rules: tuple[GridRule, ...]
    default: str
    """The answer when no rule holds; empty without one."""


@dataclass(frozen=True)
class Shown:
    """One file, to be read."""

    title: str
    bases: tuple[str, ...]
    """Legal basis of its tables, each once."""
    grids: tuple[Grid, ...]


@dataclass(frozen=True)
class Looked:
    """What there is to show of a file, or why there is nothing."""

    shown: Shown | None
    error: FileMissing | None


_KEPT: dict[str, Shown] = {}
_MOST_KEPT = 64


def look(sha256: str, read: Callable[[], bytes]) -> Looked:
    """The file of this hash; `read` fetches its bytes and raises `FileMissing` without them.

    The bytes are fetched each time, so that a file that is gone is noticed; a page made of the
    same bytes is worked out once.
    """
    try:
        data = read()
    except FileMissing as error:
        return Looked(None, error)
    if sha256 not in _KEPT:
        if len(_KEPT) >= _MOST_KEPT:
            _KEPT.clear()
        _KEPT[sha256] = shown(check_bytes(data, file=sha256).sound())
    return Looked(_KEPT[sha256], None)


def shown(book: Rulebook) -> Shown:
    """A rulebook to be read."""
    names = list(dict.fromkeys(table.name for table in book.tables))
    listed = "、".join(names[:MOST_NAMED])
    title = listed if len(names) <= MOST_NAMED else f"{listed}等 {len(names)} 张表"
    seen: Counter[str] = Counter()
    grids = []
    for table in book.tables:
        seen[table.name] += 1
        count = seen[table.name]
        grids.append(_grid(table, table.name if count == 1 else f"{table.name}@{count}"))
    bases = tuple(dict.fromkeys(table.basis for table in book.tables if table.basis))
    return Shown(title, bases, tuple(grids))


def _grid(table: Table, anchor_name: str) -> Grid:
    inputs = [GridColumn(column_words(column), is_answer=False) for column in table.inputs]
    outputs = [GridColumn(column_words(column), is_answer=True) for column in table.outputs]
    rules = tuple(
        GridRule(
            name=rule.name,
            anchor=rule_anchor(anchor_name, rule.name),
            cells=tuple(cells_of(table, rule).values()),
            note=rule.note,
        )
        for rule in table.rules
    )
    default = ""
    if table.default is not None:
        default = "、".join(
            f"{output.name} = {say(value, output.kind, output.unit)}"
            for output, value in zip(table.outputs, table.default, strict=True)
        )
    return Grid(
        name=table.name,
        anchor=rule_anchor(anchor_name),
        policy=str(table.policy),
        validity=validity_words(table),
        basis=table.basis,
        note=table.note,
        columns=(*inputs, *outputs),
        rules=rules,
        default=default,
    )
