"""Files that come with items: looked at by what they hold, before any is kept. Pure."""

import hashlib
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import BinaryIO

from yinuo.kernel.media.formats import BY_NAME, limit_of, size_words
from yinuo.kernel.media.recognise import recognise
from yinuo.kernel.media.refused import FileRefused

WEBM = "video/webm"
FITTING: Mapping[str, tuple[Collection[str], str]] = {
    "slides": (
        frozenset(BY_NAME[name].media_type for name in ("pdf", "pptx", "ppt")),
        "PDF 或演示文稿",
    ),
    "video": (frozenset({BY_NAME["mp4"].media_type, WEBM}), "MP4 或 WebM 短视频"),
}
"""Kind of attachment → the types that it may have, and how people say them; others may be any."""
_BLOCK = 1 << 20
_EBML, _DOCTYPE, _HEAD = b"\x1a\x45\xdf\xa3", b"\x42\x82\x84webm", 4_096


@dataclass(frozen=True, slots=True)
class GivenFile:
    """What a file that was given turned out to be."""

    sha256: str
    media_type: str
    size: int


Given = Callable[[str, str], GivenFile | None]
"""Kind and name of an attachment → the file given under that name; None for none.

Raises `FileRefused`.
"""


def looked_at(kind: str, name: str, file: BinaryIO) -> GivenFile:
    """The facts of a file, judged by its content. Raises `FileRefused`."""
    media_type = _media_type(file, name)
    types, said = FITTING.get(kind, ((), ""))
    if types and media_type not in types:
        raise FileRefused(f"“{name}”不是{said}", f"{kind} 请用{said}，或改写附件的类型")
    digest = hashlib.sha256()
    file.seek(0)
    while block := file.read(_BLOCK):
        digest.update(block)
    size = file.tell()
    file.seek(0)
    return GivenFile(digest.hexdigest(), media_type, size)


def _media_type(file: BinaryIO, name: str) -> str:
    file.seek(0)
    head = file.read(_HEAD)
    if not head.startswith(_EBML):
        return recognise(file, name).media_type
    if _DOCTYPE not in head:
        raise FileRefused("视频不是 WebM 格式", "请导出为 MP4 或 WebM")
    size, largest = file.seek(0, 2), limit_of(BY_NAME["mp4"]).largest
    if size > largest:
        raise FileRefused(
            f"视频有 {size_words(size)}，上限 {size_words(largest)}", "请压缩或剪短后再上传"
        )
    return WEBM
