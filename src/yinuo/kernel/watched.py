"""Long work that somebody watches."""

from collections.abc import Collection, Iterator
from typing import TypeVar

from yinuo.kernel.spreadsheet.cells import Progress

T = TypeVar("T")


def watched(rows: Collection[T], step: str, progress: Progress) -> Iterator[T]:
    """The rows one after another; before each, `progress` is told how many are done.

    >>> told = []
    >>> list(watched("ab", "读", lambda *far: told.append(far))), told
    (['a', 'b'], [('读', 0, 2), ('读', 1, 2)])
    """
    for done, row in enumerate(rows):
        progress(step, done, len(rows))
        yield row
