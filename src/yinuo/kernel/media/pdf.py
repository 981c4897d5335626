"""PDF: whole from head to end, without scripts that stand in the open."""

import re
from typing import BinaryIO

from yinuo.kernel.media.formats import BY_NAME, Format
from yinuo.kernel.media.refused import FileRefused, damaged

MAGIC = b"%PDF-"
END = b"%%EOF"
TAIL = 4_096
_RUNS = re.compile(rb"/(?:JavaScript|Launch|EmbeddedFile)\b")


def pdf_format(file: BinaryIO) -> Format:
    """The format of a file that begins with `%PDF-`. Raises `FileRefused`.

    Scripts inside compressed parts are not found: this is no virus scanner.
    """
    data = file.read()
    if END not in data[-TAIL:]:
        raise damaged("PDF ")
    if _RUNS.search(data):
        raise FileRefused(
            "PDF 里有脚本、附件或启动程序的动作", "请打开它，用“打印 › 另存为 PDF”存一份再上传"
        )
    return BY_NAME["pdf"]
