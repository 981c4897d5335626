"""What a file is, by what it holds; never by its name or by what a browser says of it."""

from typing import BinaryIO

from yinuo.kernel.media import compound, pdf
from yinuo.kernel.media.formats import BY_NAME, IN_WORDS, Format, limit_of, size_words
from yinuo.kernel.media.names import clean_name
from yinuo.kernel.media.packed import packed_format
from yinuo.kernel.media.pictures import picture_format, picture_name
from yinuo.kernel.media.refused import FileRefused
from yinuo.kernel.media.text import text_format
from yinuo.kernel.media.video import KIND, video_format

HEAD = 32
ZIP = b"PK\x03\x04"
KNOWN = {
    b"MZ": ("程序", "请只上传能证明情况的材料"),
    b"\x7fELF": ("程序", "请只上传能证明情况的材料"),
    b"\xca\xfe\xba\xbe": ("程序", "请只上传能证明情况的材料"),
    b"Rar!": ("压缩包", "请解开后把里面的文件分别上传"),
    b"7z\xbc\xaf": ("压缩包", "请解开后把里面的文件分别上传"),
    b"\x1f\x8b": ("压缩包", "请解开后把里面的文件分别上传"),
    b"PK\x05\x06": ("空的压缩包", "请解开后把里面的文件分别上传"),
    b"BM": ("BMP 图片", "请另存为 JPEG 或 PNG"),
    b"II*\x00": ("TIFF 图片", "请另存为 JPEG、PNG 或 PDF"),
    b"MM\x00*": ("TIFF 图片", "请另存为 JPEG、PNG 或 PDF"),
    b"{\\rtf": ("RTF 文档", "请另存为 .docx 或 PDF"),
}
"""Beginnings of files that people do send, with what to do instead."""


def _size(file: BinaryIO) -> int:
    file.seek(0, 2)
    return file.tell()


def _check_size(found: Format, size: int) -> None:
    largest = limit_of(found).largest
    if size > largest:
        raise FileRefused(
            f"{found.label}有 {size_words(size)}，上限 {size_words(largest)}",
            "请压缩或拆分后再上传",
        )


def recognise(file: BinaryIO, name: str) -> Format:
    """The format of a file, all of which has been looked at.

    The name serves for two things: plain text must be named as such, and errors quote it. Raises
    `FileRefused`, whatever the bytes are.
    """
    size = _size(file)
    if not size:
        raise FileRefused("文件是空的", "请核对后重新选择")
    file.seek(0)
    head = file.read(HEAD)
    file.seek(0)
    found = _format(file, name, head, size)
    _check_size(found, size)
    file.seek(0)
    return found


def _format(file: BinaryIO, name: str, head: bytes, size: int) -> Format:
    """What reads a whole file into memory looks at its size first."""
    if head.startswith(pdf.MAGIC):
        _check_size(BY_NAME["pdf"], size)
        return pdf.pdf_format(file)
    if head.startswith(compound.MAGIC):
        _check_size(BY_NAME["ppt"], size)  # the largest of the kind
        return compound.compound_format(file.read())
    if head.startswith(ZIP):
        return packed_format(file)
    if head[4:8] == KIND:
        return video_format(file, size)
    if picture := picture_name(head):
        _check_size(BY_NAME[picture], size)
        return picture_format(file, picture)
    return _text(file, name, head)


def _text(file: BinaryIO, name: str, head: bytes) -> Format:
    for magic, (what, next_step) in KNOWN.items():
        if head.startswith(magic):
            raise FileRefused(f"这是{what}", next_step)
    found = text_format(file, clean_name(name))
    if found is None:
        raise FileRefused("内容不是可以接收的格式", f"可以上传：{IN_WORDS}")
    return found
