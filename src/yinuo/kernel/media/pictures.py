"""Pictures: whole, of a sensible size, and copies of them without what the camera added."""

import io
import struct
from threading import BoundedSemaphore
from typing import BinaryIO

from PIL import Image, ImageOps

from yinuo.kernel.media.formats import BY_NAME, Format, limit_of
from yinuo.kernel.media.refused import FileRefused, damaged

Image.MAX_IMAGE_PIXELS = None
"""We count pixels ourselves, before anything is decoded, and refuse instead of warning."""

MAGIC = {
    b"\xff\xd8\xff": "jpeg",
    b"\x89PNG\r\n\x1a\n": "png",
    b"GIF87a": "gif",
    b"GIF89a": "gif",
}
THUMBNAIL = 320
PUBLIC = 2_560
"""Longest side of a copy for the public."""
WHITE = (255, 255, 255)
_decoding = BoundedSemaphore(2)
"""A large picture takes a quarter of a gigabyte while it is decoded; a server has many threads."""


def picture_name(head: bytes) -> str:
    """Which picture a file's first 16 bytes announce; empty for none."""
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "webp"
    return next((name for magic, name in MAGIC.items() if head.startswith(magic)), "")


def _webp_size(head: bytes) -> tuple[int, int]:
    """Width and height of a WebP file, from its first 30 bytes: the decoder reserves memory first.

    Source: RFC 9649, 2.
    """
    match head[12:16]:
        case b"VP8X":
            wide, high = head[24:27], head[27:30]
            return 1 + int.from_bytes(wide, "little"), 1 + int.from_bytes(high, "little")
        case b"VP8L":
            bits = int.from_bytes(head[21:25], "little")
            return 1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF)
        case b"VP8 ":
            wide, high = struct.unpack("<HH", head[26:30])
            return wide & 0x3FFF, high & 0x3FFF
    raise ValueError(head[12:16])


def _check_pixels(found: Format, size: tuple[int, int]) -> None:
    most = limit_of(found).pixels
    if size[0] * size[1] > most:
        raise FileRefused(
            f"图片有 {size[0]:,} × {size[1]:,} 像素，上限 {most // 1_000_000} 百万像素",
            "请缩小后再上传",
        )


def picture_format(file: BinaryIO, name: str) -> Format:
    """The format of a file that begins as this picture does, decoded once. Raises `FileRefused`."""
    found = BY_NAME[name]
    try:
        if name == "webp":
            file.seek(0)
            _check_pixels(found, _webp_size(file.read(30)))
        file.seek(0)
        with _decoding, Image.open(file, formats=[name.upper()]) as picture:
            _check_pixels(found, picture.size)
            # A JPEG is read to its end and kept at an eighth of its size.
            picture.draft("RGB", (1, 1))
            picture.load()
    except FileRefused:
        raise
    except MemoryError:
        raise
    except Exception as error:
        # A decoder raises whatever it stumbles over in broken bytes.
        raise damaged("图片") from error
    return found


def _upright(file: BinaryIO, longest: int) -> Image.Image:
    """The picture as it is to be looked at, no side longer than this, without any metadata."""
    with Image.open(file) as picture:
        picture.draft("RGB", (longest, longest))
        turned = ImageOps.exif_transpose(picture)
        turned.thumbnail((longest, longest))
        plain = turned.convert("RGBA" if turned.has_transparency_data else "RGB")
    flat = Image.new("RGB", plain.size, WHITE)
    flat.paste(plain, mask=plain if plain.mode == "RGBA" else None)
    return flat


def upright(file: BinaryIO, longest: int) -> Image.Image:
    """An accepted picture as it is to be looked at, no side longer than this, without metadata."""
    with _decoding:
        return _upright(file, longest)


def _encoded(picture: Image.Image, kind: str, *, quality: int) -> bytes:
    out = io.BytesIO()
    picture.save(out, kind, quality=quality, optimize=True)
    return out.getvalue()


def thumbnail(file: BinaryIO) -> bytes:
    """A WebP of at most 320 pixels a side: turned upright, without metadata."""
    with _decoding:
        return _encoded(_upright(file, THUMBNAIL), "WEBP", quality=78)


def public_copy(file: BinaryIO) -> bytes:
    """A JPEG of at most 2,560 pixels a side, encoded anew: no place, time, device or preview."""
    with _decoding:
        return _encoded(_upright(file, PUBLIC), "JPEG", quality=88)
