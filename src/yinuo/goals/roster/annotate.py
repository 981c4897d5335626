"""The office's own workbook back, with what was found at each cell."""

from collections.abc import Sequence

from yinuo.goals.roster.book import Book
from yinuo.kernel.errors import Finding

RESULT_SHEET = "检查结果"


def annotate(
    data: bytes,
    book: Book,
    *,
    errors: Sequence[Finding],
    notices: Sequence[Finding],
) -> bytes:
    """The workbook as .xlsx: cells with errors red, with notices yellow, a comment at each.

    `data` is the file as it came and `book` what was read from it. A first sheet 检查结果 lists all
    findings with links. Styles, widths, merged and hidden cells of an .xlsx stay; any other format
    comes back as a new .xlsx with the same values.
    """
    raise NotImplementedError
