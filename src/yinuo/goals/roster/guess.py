"""Which of our fields a header means, with how sure that is."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum

from yinuo.goals.roster.fields import BY_NAME, FIELDS, IDENTITY_HEADER
from yinuo.goals.roster.layout import JOINT, Layout, SheetColumn, plain


class Sure(IntEnum):
    """How sure a guess is."""

    MAYBE = 1
    LIKELY = 2
    CERTAIN = 3

    @property
    def label(self) -> str:
        """In words."""
        return {1: "可能", 2: "多半是", 3: "确定"}[self]


@dataclass(frozen=True)
class Guess:
    """What one column probably holds."""

    column: SheetColumn
    field: str
    """Empty where nothing fits."""
    sure: Sure
    why: str
    """For people."""


_BRACKETS = re.compile(r"[（(][^（）()]*[)）]")
_WORDS = {
    plain(word).casefold(): (field.name, place)
    for field in reversed(FIELDS)
    for place, word in reversed(list(enumerate(field.words)))
}
"""Plain header → field, and how plain a word for it."""
SHORTEST_PART = 3
"""Shorter words, such as 单位 and 任务, stand in headers of every sort."""
TELLING_PARTS = frozenset({"序号", "编号", "备注", "进展", "时限", "文号", "依据", "基数", "属地"})
_PARTS = sorted(
    (
        (len(word), word, name)
        for word, (name, _) in _WORDS.items()
        if len(word) >= SHORTEST_PART or word in TELLING_PARTS
    ),
    reverse=True,
)


def guess(layout: Layout) -> tuple[Guess, ...]:
    """A guess for every column, in their order; no field twice unless it may be held by many."""
    wanted = sorted(_candidates(layout), key=lambda found: found[0], reverse=True)
    taken: dict[int, Guess] = {}
    used: set[str] = set()
    for _, found in wanted:
        if found.column.number in taken:
            continue
        if found.field in used and not BY_NAME[found.field].many:
            continue
        taken[found.column.number] = found
        used.add(found.field)
    return tuple(
        taken.get(column.number, Guess(column, "", Sure.MAYBE, "没有认出这个表头"))
        for column in layout.columns
    )


_Rank = tuple[int, int, int]


def _candidates(layout: Layout) -> Iterator[tuple[_Rank, Guess]]:
    for column in layout.columns:
        yield from _of_column(column)


def _of_column(column: SheetColumn) -> Iterator[tuple[_Rank, Guess]]:
    if column.added and not column.header.endswith(IDENTITY_HEADER):
        return
    whole = plain(column.header).casefold()
    last = plain(column.header.rpartition(JOINT)[2]).casefold()
    bare = _BRACKETS.sub("", last)
    for sure, text, why in (
        (Sure.CERTAIN, whole, "表头就是这个词"),
        (Sure.CERTAIN, last, "表头的最后一级就是这个词"),
        (Sure.LIKELY, bare, "表头去掉括号就是这个词"),
    ):
        if text in _WORDS:
            name, place = _WORDS[text]
            yield (sure, -place, -column.number), Guess(column, name, sure, why)
    for length, word, name in _PARTS:
        if word in whole:
            why = f"表头含有“{word}”"
            yield (Sure.MAYBE, length, -column.number), Guess(column, name, Sure.MAYBE, why)
