"""Which characters a folder of faces can print: read from the `cmap` of each.

Source: ISO/IEC 14496-22 (OpenType), §5.2.1, formats 4 and 12; others are not looked at.
"""

import struct
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

ENDINGS = (".ttf", ".otf")
SEGMENTS, GROUPS = 4, 12
UNSEEN = frozenset("\n\r\t\u200b")
"""What prints nothing, and needs no glyph."""


def faces_in(folder: Path) -> tuple[Path, ...]:
    """The faces in a folder, by name; empty where there is none."""
    if not folder.is_dir():
        return ()
    return tuple(sorted(p for p in folder.iterdir() if p.suffix.lower() in ENDINGS))


def lacking(text: str, folder: Path) -> tuple[str, ...]:
    """The characters of a text that no face in the folder has, in the order of the text."""
    covered = frozenset().union(*(_covered(face, _edition(face)) for face in faces_in(folder)))
    return tuple(c for c in dict.fromkeys(text) if c not in UNSEEN and ord(c) not in covered)


def _edition(face: Path) -> tuple[int, int]:
    found = face.stat()
    return found.st_size, found.st_mtime_ns


@lru_cache(maxsize=16)
def _covered(face: Path, _edition: tuple[int, int]) -> frozenset[int]:
    """Code points with a glyph; of a file that is no face, none."""
    data = face.read_bytes()
    try:
        return frozenset(_code_points(data))
    except struct.error:
        return frozenset()


def _code_points(data: bytes) -> Iterator[int]:
    (tables,) = struct.unpack_from(">H", data, 4)
    for at in range(12, 12 + 16 * tables, 16):
        if data[at : at + 4] == b"cmap":
            (start,) = struct.unpack_from(">I", data, at + 8)
            yield from _of_table(data, start)


def _of_table(data: bytes, start: int) -> Iterator[int]:
    (count,) = struct.unpack_from(">H", data, start + 2)
    for at in range(start + 4, start + 4 + 8 * count, 8):
        (offset,) = struct.unpack_from(">I", data, at + 4)
        (form,) = struct.unpack_from(">H", data, start + offset)
        if form == GROUPS:
            yield from _of_groups(data, start + offset)
        elif form == SEGMENTS:
            yield from _of_segments(data, start + offset)


def _of_groups(data: bytes, at: int) -> Iterator[int]:
    (count,) = struct.unpack_from(">I", data, at + 12)
    for first, last, glyph in struct.iter_unpack(">III", data[at + 16 : at + 16 + 12 * count]):
        yield from range(first + (glyph == 0), last + 1)


def _of_segments(data: bytes, at: int) -> Iterator[int]:
    (double,) = struct.unpack_from(">H", data, at + 6)
    count = double // 2
    ends = struct.unpack_from(f">{count}H", data, at + 14)
    starts = struct.unpack_from(f">{count}H", data, at + 16 + double)
    shifts = struct.unpack_from(f">{count}H", data, at + 16 + 2 * double)
    ranges_at = at + 16 + 3 * double
    ranges = struct.unpack_from(f">{count}H", data, ranges_at)
    for place, (first, last, shift, offset) in enumerate(
        zip(starts, ends, shifts, ranges, strict=True)
    ):
        for point in range(first, last + 1):
            glyph = point
            if offset:
                (glyph,) = struct.unpack_from(
                    ">H", data, ranges_at + 2 * place + offset + 2 * (point - first)
                )
            if (glyph + shift if glyph or not offset else 0) & 0xFFFF:
                yield point
