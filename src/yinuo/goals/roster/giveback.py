"""The office's own sheet back, with what Yinuo adds at its right end."""

from collections.abc import Mapping
from dataclasses import dataclass

from yinuo.goals.roster.book import Book
from yinuo.goals.roster.layout import Layout


@dataclass(frozen=True, kw_only=True)
class Added:
    """What is told beside one row, each as the text that stands in the cell; empty ones may be."""

    identity: str
    """一诺编号, the code of the commitment."""
    status: str = ""
    due: str = ""
    """现定时限, such as 2024-12-31 or 未定时限."""
    due_original: str = ""
    moved_count: str = ""
    signed: str = ""
    """签收, such as 3/4 已签收."""
    latest: str = ""
    """最近进展, with its date."""
    share: str = ""
    """完成比例, such as 63.3%."""
    waits: str = ""
    """卡点."""
    proof: str = ""
    """存证校验码."""


def give_back(
    data: bytes,
    book: Book,
    layout: Layout,
    *,
    rows: Mapping[int, Added],
    as_of: str,
    demo: bool = False,
) -> bytes:
    """The workbook as .xlsx with our columns after the last of the sheet's own.

    `rows` is by row number; `as_of` such as `2024-06-30`, for the header of 最近进展. Columns of
    an earlier give-back are replaced. With `demo` the header says 演示数据.
    """
    raise NotImplementedError
