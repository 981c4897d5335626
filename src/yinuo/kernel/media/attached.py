"""Files that somebody attaches: all of them are looked at before any is taken in."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import BinaryIO

from yinuo.kernel.media.formats import Format, largest_request, size_words
from yinuo.kernel.media.names import clean_name
from yinuo.kernel.media.recognise import recognise
from yinuo.kernel.media.refused import FileRefused

MOST_AT_ONCE = 10
Given = tuple[str, BinaryIO]
"""The name as it came, and the content."""


@dataclass(frozen=True, slots=True)
class Attached:
    """A file that was looked at and may be taken in."""

    name: str
    file: BinaryIO
    format: Format
    size: int
    """Bytes."""


def _attached(given: Given) -> Attached:
    name, file = given
    found = recognise(file, name)
    size = file.seek(0, 2)
    file.seek(0)
    return Attached(clean_name(name), file, found, size)


def _together(files: Iterable[Attached]) -> list[str]:
    total, largest = sum(each.size for each in files), largest_request()
    if total <= largest:
        return []
    return [f"文件合计 {size_words(total)}，一次最多 {size_words(largest)}。请分几次提交"]


def look_at(given: Iterable[Given]) -> tuple[tuple[Attached, ...], tuple[str, ...]]:
    """The files that may be taken in, and what is wrong with the others: a sentence each.

    One that is refused speaks against all: the caller takes in none of them.
    """
    given = list(given)
    faults: list[str] = []
    if len(given) > MOST_AT_ONCE:
        return (), (f"一次最多 {MOST_AT_ONCE} 个文件，现有 {len(given)} 个。请分几次提交",)
    found: list[Attached] = []
    for each in given:
        try:
            found.append(_attached(each))
        except FileRefused as error:
            faults.append(f"“{clean_name(each[0])}”：{error.what}。{error.next_step}")
    return tuple(found), (*faults, *_together(found))
