"""The limits that people read are those of the table."""

import re
from pathlib import Path

import pytest

from yinuo.kernel.media.formats import BY_NAME, MIB, largest_request, limit_of

PAGE = Path(__file__).resolve().parents[2] / "docs" / "how-to" / "hand-in-evidence.md"
ROWS = {
    "JPEG": ("jpeg",),
    "PNG, WebP": ("png", "webp"),
    "GIF": ("gif",),
    "PDF, OFD": ("pdf", "ofd"),
    "Word, Excel": ("docx", "xlsx", "doc", "xls"),
    "slides": ("pptx", "ppt"),
    "plain text": ("text", "text-gb"),
    "MP4": ("mp4",),
}


def told(row: str) -> list[int]:
    """The numbers in the second column of a row."""
    line = re.search(
        rf"^\| {re.escape(row)}[^|]*\|([^|]*)\|", PAGE.read_text("utf-8"), re.MULTILINE
    )
    assert line, row
    return [int(number) for number in re.findall(r"\d+", line[1])]


@pytest.mark.parametrize("row", ROWS)
def test_each_format_is_limited_as_told(row: str) -> None:
    for name in ROWS[row]:
        limit = limit_of(BY_NAME[name])
        due = [limit.largest // MIB] + [limit.pixels // 1_000_000] * bool(limit.pixels)
        assert told(row) == due


def test_a_submission_is_limited_as_told() -> None:
    assert told("all files of one submission") == [largest_request() // MIB]


def test_every_format_is_told() -> None:
    assert {name for names in ROWS.values() for name in names} == BY_NAME.keys()
