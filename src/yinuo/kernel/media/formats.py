"""The formats of files that are taken in, and how large each may be."""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from yinuo.kernel.content import content_dir

LIMITS = Path("evidence", "limits.csv")
"""One line a format, in the content folder."""
REQUEST = "一次提交"
"""The line with the limit for all files handed in at once."""
KIB, MIB = 1 << 10, 1 << 20


@dataclass(frozen=True, slots=True)
class Format:
    """One format, known by its content."""

    name: str
    label: str
    media_type: str
    """What it is served as, whatever a browser or a file's name claims."""
    extensions: tuple[str, ...]
    """Endings that a name may have; the first is put on where it has another."""
    picture: bool = False


FORMATS = (
    Format("jpeg", "JPEG 图片", "image/jpeg", (".jpg", ".jpeg", ".jpe", ".jfif"), picture=True),
    Format("png", "PNG 图片", "image/png", (".png",), picture=True),
    Format("webp", "WebP 图片", "image/webp", (".webp",), picture=True),
    Format("gif", "GIF 图片", "image/gif", (".gif",), picture=True),
    Format("pdf", "PDF 文件", "application/pdf", (".pdf",)),
    Format(
        "docx",
        "Word 文档",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        (".docx",),
    ),
    Format(
        "xlsx",
        "Excel 工作簿",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        (".xlsx", ".et"),
    ),
    Format(
        "pptx",
        "演示文稿",
        "application/vnd.openxmlformats-officedocument.presentationml.presentation",
        (".pptx",),
    ),
    Format("ofd", "OFD 版式文件", "application/ofd", (".ofd",)),
    Format("doc", "Word 文档（旧格式）", "application/msword", (".doc", ".wps")),
    Format("xls", "Excel 工作簿（旧格式）", "application/vnd.ms-excel", (".xls", ".et")),
    Format("ppt", "演示文稿（旧格式）", "application/vnd.ms-powerpoint", (".ppt", ".dps")),
    Format("text", "纯文本", "text/plain; charset=utf-8", (".txt", ".csv")),
    Format("text-gb", "纯文本", "text/plain; charset=gb18030", (".txt", ".csv")),
    Format("mp4", "MP4 短视频", "video/mp4", (".mp4", ".m4v")),
)
BY_NAME: Mapping[str, Format] = {each.name: each for each in FORMATS}
BY_MEDIA_TYPE: Mapping[str, Format] = {each.media_type: each for each in FORMATS}
IN_WORDS = "图片（JPEG、PNG、WebP、GIF）、PDF、OFD、Word、Excel、演示文稿、纯文本、MP4 短视频"
"""What is taken in, as people are told."""


@dataclass(frozen=True, slots=True)
class Limit:
    """How large a file of one format may be."""

    largest: int
    """Bytes."""
    pixels: int
    """Width times height; 0 for what is no picture."""


@cache
def _limits() -> Mapping[str, Limit]:
    with (content_dir() / LIMITS).open(encoding="utf-8", newline="") as file:
        return {
            row["格式"]: Limit(
                largest=int(row["最大 MiB"]) * MIB,
                pixels=int(row["最大百万像素"] or 0) * 1_000_000,
            )
            for row in csv.DictReader(file)
        }


def limit_of(wanted: Format) -> Limit:
    """How large files of this format may be."""
    return _limits()[wanted.name.partition("-")[0]]


def largest_request() -> int:
    """Bytes that all files handed in at once may have together."""
    return _limits()[REQUEST].largest


def size_words(size: int) -> str:
    """A size as people read it.

    >>> size_words(900), size_words(48_000), size_words(3_400_000)
    ('900 字节', '47 KB', '3.2 MB')
    """
    if size < KIB:
        return f"{size} 字节"
    if size < MIB:
        return f"{size / KIB:,.0f} KB"
    return f"{size / MIB:,.1f} MB"
