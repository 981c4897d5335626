"""Plain text: strict UTF-8 or GB18030, nothing that a browser or a shell would run."""

import codecs
import re
import unicodedata
from typing import BinaryIO

from yinuo.kernel.media.formats import BY_NAME, Format, limit_of
from yinuo.kernel.media.names import ending_of
from yinuo.kernel.media.refused import FileRefused

ENCODINGS = {"utf-8-sig": "text", "gb18030": "text-gb"}
WIDE = (b"\xff\xfe", b"\xfe\xff")
_MARKUP = re.compile(
    r"<\s*(?:!doctype|\?xml|\?php|html|head|body|script|svg|iframe|object|embed|link|meta|style|"
    r"img|form|math|xsl:|%)",
    re.IGNORECASE,
)
_SPACES = frozenset("\t\r\n\f")


def _decoded(data: bytes, *, whole: bool) -> tuple[str, str] | None:
    """The text with the name of its format; a cut one may end inside a character."""
    for encoding, name in ENCODINGS.items():
        try:
            return codecs.getincrementaldecoder(encoding)().decode(data, whole), name
        except UnicodeDecodeError:
            continue
    return None


def text_format(file: BinaryIO, name: str) -> Format | None:
    """The format of plain text; None for what is no text at all.

    Raises `FileRefused` for text that is markup or a program, or that is named as one.
    """
    largest = limit_of(BY_NAME["text"]).largest
    data = file.read(largest + 1)
    if data.startswith(WIDE):
        raise FileRefused("文本的编码是 UTF-16", "请在记事本或 WPS 里另存为 UTF-8 编码")
    found = _decoded(data, whole=len(data) <= largest)
    if found is None:
        return None
    text, encoding = found
    if any(unicodedata.category(c) == "Cc" and c not in _SPACES for c in set(text)):
        return None
    wanted = BY_NAME[encoding]
    if _MARKUP.search(text):
        raise FileRefused("文件含有网页代码", "请把网页打印成 PDF，或截成图片再上传")
    if text.startswith("#!"):
        raise FileRefused("文件是可以运行的程序", "请只上传能证明情况的材料")
    if ending_of(name) not in wanted.extensions:
        raise FileRefused(
            f"内容是纯文本，名称却以“{ending_of(name) or name[-8:]}”结尾",
            "纯文本只收 .txt 和 .csv；网页、脚本和程序不收",
        )
    return wanted
