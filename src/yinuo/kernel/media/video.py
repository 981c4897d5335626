"""Short films in MP4: boxes of a size and a name. Source: ISO/IEC 14496-12, 4.2."""

import struct
from collections.abc import Iterator
from typing import BinaryIO

from yinuo.kernel.media.formats import BY_NAME, Format
from yinuo.kernel.media.refused import FileRefused, damaged

KIND = b"ftyp"
FILMS = frozenset(
    {
        *(b"isom", b"iso2", b"iso4", b"iso5", b"iso6", b"mp41", b"mp42", b"avc1", b"M4V "),
        *(b"MSNV", b"3gp4", b"3gp5", b"3gp6"),
    }
)
PHOTOS = frozenset({b"heic", b"heix", b"hevc", b"heim", b"heis", b"mif1", b"msf1", b"avif"})
MAX_BOXES = 10_000
HEAD = 8
LONG_HEAD = 16


def _boxes(file: BinaryIO, size: int) -> Iterator[bytes]:
    """Names of the outermost boxes. Raises `FileRefused` unless they fill the file exactly."""
    at = 0
    for _ in range(MAX_BOXES):
        if at == size:
            return
        file.seek(at)
        head = file.read(LONG_HEAD)
        if len(head) < HEAD:
            break
        length, kind = struct.unpack(">I4s", head[:HEAD])
        if length == 1 and len(head) == LONG_HEAD:
            length = struct.unpack(">Q", head[HEAD:])[0]
        elif length == 0:
            length = size - at
        if length < HEAD or at + length > size:
            break
        yield kind
        at += length
    raise damaged("视频")


def video_format(file: BinaryIO, size: int) -> Format:
    """The format of a file whose first box is `ftyp`. Raises `FileRefused`."""
    file.seek(HEAD)
    brand = file.read(4)
    if brand in PHOTOS:
        raise FileRefused(
            "照片是 HEIC 格式，多数电脑打不开",
            "请在手机上导出为 JPEG；苹果手机可在“设置 › 相机 › 格式”里选“兼容性最佳”",
        )
    if brand not in FILMS:
        raise FileRefused("视频不是 MP4 格式", "请用手机或剪辑软件导出为 MP4")
    if not {b"moov", b"mdat"} <= set(_boxes(file, size)):
        raise damaged("视频")
    return BY_NAME["mp4"]
