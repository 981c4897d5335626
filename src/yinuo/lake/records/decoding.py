"""Bytes of files as UTF-8: which encoding it is, and text in blocks that end where lines end."""

import codecs
import re
from collections.abc import Callable, Iterator
from hashlib import sha256
from pathlib import Path

import numpy as np
import pyarrow as pa

from yinuo.lake.records.description import SourceDescription

BLOCK = 1 << 20
SOME = 1 << 18
"""Bytes of a file that are decoded at a time."""
ENOUGH = 4 << 20
"""Bytes beyond ASCII after which the encoding is clear."""
UTF_8, GB18030, UTF_16 = "utf-8", "gb18030", "utf-16"
_REPLACED = "\ufffd".encode()
_END = re.compile(rb"\n")
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
    # Read into the same memory again and again: it stays in the caches.
    whole = memoryview(bytearray(BLOCK))
    with path.open("rb", buffering=0) as file:
        while size := file.readinto(whole):
            block = whole[:size]
            mark = mark or bytes(block[:2])
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
        return b"".join(str(each, GB18030, "replace").encode() for each in _lines(text))
    if is_utf8(text):
        return text
    return b"".join(
        each if is_utf8(each) else str(each, UTF_8, "replace").encode() for each in _lines(text)
    )


def _lines(text: bytes | memoryview) -> Iterator[bytes | memoryview]:
    """Some lines at a time: one bad byte costs only them, and what is made stays in the caches."""
    at = 0
    while at < len(text):
        found = _END.search(text, at + SOME)
        end = found.end() if found else len(text)
        yield text[at:end]
        at = end


def is_cut(text: bytes, encoding: str) -> bool:
    """Whether text ends within a character; it is as `decoded_blocks` gives it."""
    if encoding == UTF_16:
        return text.endswith(_REPLACED)
    decoder = codecs.getincrementaldecoder(encoding)("replace")
    decoder.decode(text[text.rfind(b"\n") + 1 :])
    return bool(decoder.getstate()[0])


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
    if decoder is not None and (last := decoder.decode(b"", final=True)):
        yield last.encode()
