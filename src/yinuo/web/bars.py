"""The picture on the board: one bar a goal, as long as its number of promises."""

from dataclasses import dataclass
from functools import lru_cache

from django.utils.translation import pgettext

from yinuo.commitments.queries.board import Standing
from yinuo.web.language import current

PARTS = (
    ("kept", "✓", "已兑现"),
    ("waiting", "◆", "待核实"),
    ("open", "·", "进行中"),
    ("overdue", "■", "逾期"),
    ("broken", "✕", "未兑现"),
    ("ended", "–", "免除或终止"),
)
"""(count of `Standing` and filter of the list, mark, word), in the order drawn."""


@dataclass(frozen=True)
class Segment:
    """A part of a bar; `start` and `width` count promises."""

    state: str
    mark: str
    word: str
    start: int
    width: int


def segments(standing: Standing) -> tuple[Segment, ...]:
    """The parts of one bar that are not empty. Their widths add up to the total.

    >>> [(s.word, s.start, s.width) for s in segments(Standing(total=3, kept=1, open=2))]
    [('已兑现', 0, 1), ('进行中', 1, 2)]
    """
    found, start = [], 0
    for (state, mark, _), word in zip(PARTS, _words(current()), strict=True):
        width = getattr(standing, state)
        if width:
            found.append(Segment(state, mark, word, start, width))
            start += width
    return tuple(found)


@lru_cache(maxsize=4)
def _words(_language: str) -> tuple[str, ...]:
    """The words of `PARTS`: a board says them once a goal."""
    return tuple(pgettext("state", word) for _, _, word in PARTS)
