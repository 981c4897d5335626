"""Columns of text looked at through their bytes: blanks at the ends, and what is garbled."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

Places = NDArray[np.int64]
Flags = NDArray[np.bool_]
CONTROL = 32
ASCII_END = 0x80
TAB, LINE, RETURN = 9, 10, 13
TWO_BYTES = 0xC2
"""Lead of Latin-1 characters: of control characters too, and of what wrong decoding leaves."""
HAN_WRONG = 0xE9
"""Lead of the characters that UTF-8 read as GBK typically leaves, as in 锛, 銆 and 鏈夐檺."""
WIDE = 0xEF
"""Lead of full-width forms, and of U+FFFD."""
GARBLED = (
    r"[\x00-\x08\x0B\x0C\x0E-\x1F\x7F\x{80}-\x{9F}\x{FFFD}]|锟斤|锛|銆|鈥|鏈夐檺|鍏徃|鐨勫"
    r"|ï»¿|[\x{E2}-\x{E9}][\x{80}-\x{BF}\x{2018}-\x{203A}\x{152}-\x{178}][\x{80}-\x{BF}]"
)
"""Replaced bytes, control characters, and what wrong decoding typically leaves."""


def _doubtful_pairs() -> Flags:
    """Of two bytes, the first times 256: whether what is garbled may begin with them."""
    found = np.zeros((256, 256), np.bool_)
    found[:HAN_WRONG] = True
    found[[TAB, LINE, RETURN]] = False
    found[TWO_BYTES, 0xB7] = False  # the dot in names
    for mark in "\ufffd锟锛銆鈥鏈鍏鐨":
        found[*mark.encode()[:2]] = True
    return found.ravel()


_IS_DOUBTFUL = _doubtful_pairs()


@dataclass(frozen=True)
class Texts:
    """An Arrow array of strings and its bytes."""

    column: pa.StringArray

    @cached_property
    def offsets(self) -> NDArray[np.int32]:
        """Where each text begins, and one more."""
        whole = np.frombuffer(self.column.buffers()[1] or bytes(4), np.int32)
        return whole[self.column.offset : self.column.offset + len(self.column) + 1]

    @cached_property
    def data(self) -> NDArray[np.uint8]:
        """The bytes of all texts."""
        return np.frombuffer(self.column.buffers()[2] or b"", np.uint8)[: self.offsets[-1]]

    @cached_property
    def lengths(self) -> NDArray[np.int32]:
        """Bytes of each text; 0 where there is none."""
        return np.diff(self.offsets)

    @cached_property
    def is_missing(self) -> Flags:
        """Which are null."""
        found: Flags = self.column.is_null().to_numpy(zero_copy_only=False)
        return found

    def matrix(self, places: Places, length: int) -> NDArray[np.uint8]:
        """The bytes of some texts of that length, a row each."""
        starts = self.offsets[places]
        if len(places) and starts[-1] - starts[0] == length * (len(places) - 1):
            return self.data[starts[0] : starts[-1] + length].reshape(len(places), length)
        found: NDArray[np.uint8] = self.data[starts[:, None] + np.arange(length, dtype=np.int32)]
        return found

    def rows_of(self, positions: Places) -> Places:
        """The texts in which these bytes stand."""
        found = np.searchsorted(self.offsets, positions, side="right") - 1
        return np.unique(found)

    @cached_property
    def is_plain(self) -> bool:
        """Whether all of it is ASCII without blanks and control characters."""
        data = self.data
        return not len(data) or bool(data.min() > CONTROL and data.max() < ASCII_END)

    @cached_property
    def suspicious(self) -> Places:
        """Positions of bytes with which what is garbled or full-width begins."""
        data = self.data
        if self.is_plain or (data.max() < ASCII_END and data.min() >= CONTROL):
            return np.empty(0, np.int64)
        flags = data >= HAN_WRONG
        flags |= data < CONTROL
        flags |= (data & 0xF8) == 0xC0  # noqa: PLR2004  # leads of U+0080 to U+01FF
        return np.flatnonzero(flags)


def one(column: pa.ChunkedArray | pa.Array) -> pa.Array:
    """A column in one piece."""
    if isinstance(column, pa.Array):
        return column
    if column.num_chunks == 1:
        return column.chunk(0)
    combined = column.combine_chunks()
    return combined if isinstance(combined, pa.Array) else combined.chunk(0)


def trimmed(column: pa.Array) -> pa.Array:
    """Texts without blanks at their ends; one of nothing else is nothing."""
    texts = Texts(column)
    if texts.is_plain:
        return column
    places = np.flatnonzero(texts.lengths > 0)
    data, ends = texts.data, texts.offsets[1:][places] - 1
    first, last = data[texts.offsets[places]], data[ends]
    before = data[np.maximum(ends - 1, 0)]
    doubtful = (first <= CONTROL) | (first == TWO_BYTES) | (first == 0xE3) | (last <= CONTROL)  # noqa: PLR2004  # U+3000
    doubtful |= (last == 0xA0) & (before == TWO_BYTES)  # noqa: PLR2004  # U+00A0
    doubtful |= (last == 0x80) & (before == 0x80)  # noqa: PLR2004  # U+3000
    if not doubtful.any():
        return column
    return replaced(column, places[doubtful], _without_blanks(column, places[doubtful]))


def _without_blanks(column: pa.Array, places: Places) -> pa.Array:
    text = pc.utf8_trim_whitespace(column.take(pa.array(places)))
    return pc.if_else(pc.equal(text, ""), pa.scalar(None, pa.string()), text)


def replaced(column: pa.Array, places: Places, values: pa.Array) -> pa.Array:
    """A column with other values at some places."""
    mask = np.zeros(len(column), np.bool_)
    mask[places] = True
    return one(pc.replace_with_mask(column, pa.array(mask), values))


def garbled(texts: Texts) -> Places:
    """The places of texts that are garbled."""
    positions = texts.suspicious
    if not len(positions):
        return positions
    data = texts.data
    after = data[np.minimum(positions + 1, len(data) - 1)]
    doubtful = _IS_DOUBTFUL[data[positions].astype(np.uint16) << np.uint16(8) | after]
    rows = texts.rows_of(positions[doubtful])
    if not len(rows):
        return rows
    found = pc.match_substring_regex(texts.column.take(pa.array(rows)), GARBLED)
    is_garbled: Flags = found.fill_null(fill_value=False).to_numpy(zero_copy_only=False)
    return rows[is_garbled]


def one_width(texts: Texts) -> pa.Array:
    """Texts in which full-width letters, digits and blanks are plain ones; NFKC of those."""
    data, positions = texts.data, texts.suspicious
    wide = positions[data[positions] == WIDE]
    blanks = np.flatnonzero(data == 0xE3)  # noqa: PLR2004  # lead of U+3000
    blanks = blanks[data[np.minimum(blanks + 2, len(data) - 1)] == 0x80]  # noqa: PLR2004  # its end
    rows = texts.rows_of(np.concatenate([wide, blanks]))
    if not len(rows):
        return texts.column
    plain = pc.utf8_normalize(texts.column.take(pa.array(rows)), form="NFKC")
    return replaced(texts.column, rows, plain)
