"""Bytes of files as UTF-8: which encoding it is, and text in blocks that end where lines end."""

import codecs
from collections.abc import Callable, Iterator
from hashlib import sha256
from pathlib import Path

import numpy as np
import pyarrow as pa

from yinuo.lake.records.description import SourceDescription

BLOCK = 4 << 20
ENOUGH = 4 << 20
"""Bytes beyond ASCII after which the encoding is clear."""
UTF_8, GB18030, UTF_16 = "utf-8", "gb18030", "utf-16"
MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


def looked_through(
    path: Path, source: SourceDescription, reached: Callable[[int], None], *, is_text: bool
) -> tuple[str, str]:
    """SHA-256 of a file, and the encoding of its text.

    A description that says `auto` leaves it to the bytes: UTF-8 if they are, or if what is wrong
    with them is the exception. One bad byte does not make Han text another encoding.
    """
    digest = sha256()
    wrong = foreign = 0
    mark, rest = b"", b""
    decides = is_text and source.encoding == "auto"
    with path.open("rb") as file:
        while block := file.read(BLOCK):
            mark = mark or block[:2]
            digest.update(block)
            if decides and foreign < ENOUGH:
                rest += block
                end = rest.rfind(b"\n") + 1 or len(rest)
                wrong += _faults(rest[:end])
                foreign += _foreign(rest[:end])
                rest = rest[end:]
            reached(file.tell())
    if mark in MARKS:
        return digest.hexdigest(), UTF_16
    if not is_text or not decides:
        return digest.hexdigest(), source.encoding
    # Han text of two bytes a character read as UTF-8 has more than one fault in four bytes.
    is_other = 4 * (wrong + _faults(rest)) > foreign + _foreign(rest)
    return digest.hexdigest(), GB18030 if is_other else UTF_8


def _faults(block: bytes) -> int:
    """Places that are no UTF-8."""
    return 0 if is_utf8(block) else block.decode("utf-8", "replace").count("\ufffd")


def _foreign(block: bytes) -> int:
    """Bytes beyond ASCII."""
    return int(np.count_nonzero(np.frombuffer(block, np.int8) < 0))


def is_utf8(text: bytes | memoryview) -> bool:
    """Whether all of it is UTF-8."""
    ends = pa.py_buffer(np.array([0, len(text)], np.int32))
    try:
        pa.BinaryArray.from_buffers(pa.binary(), 1, [None, ends, pa.py_buffer(text)]).cast(
            pa.string()
        )
    except pa.ArrowInvalid:
        return False
    return True


def decoded(text: bytes | memoryview, encoding: str) -> bytes | memoryview:
    """Whole lines as UTF-8; what is no text of that encoding becomes U+FFFD."""
    if encoding == GB18030:
        return str(text, GB18030, "replace").encode()
    return text if is_utf8(text) else str(text, "utf-8", "replace").encode()


def decoded_blocks(
    path: Path,
    encoding: str,
    size: int,
    reached: Callable[[int], None] = lambda _: None,
) -> Iterator[bytes]:
    """The bytes of a file without their mark; UTF-16, whose line ends are no bytes, as UTF-8.

    In UTF-8 and GB18030 no byte of a character is a line end or a quote: they are cut as they are.
    """
    decoder = codecs.getincrementaldecoder(UTF_16)("replace") if encoding == UTF_16 else None
    with path.open("rb") as file:
        is_first = True
        while block := file.read(size):
            found = block if decoder is None else decoder.decode(block).encode()
            yield found.removeprefix(codecs.BOM_UTF8) if is_first else found
            is_first = False
            reached(file.tell())
