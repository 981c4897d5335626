"""Documents that are ZIP files inside: Word, Excel, presentations, OFD.

Source: ECMA-376 part 2 (content types); GB/T 33190 (OFD).
"""

import re
import zipfile
import zlib
from typing import BinaryIO

from yinuo.kernel.media.formats import BY_NAME, MIB, Format
from yinuo.kernel.media.names import ending_of
from yinuo.kernel.media.refused import FileRefused, damaged

MAX_MEMBERS = 10_000
MAX_UNPACKED = 800 * MIB
MAX_RATIO = 250
"""Unpacked to packed size of one member; sheets of empty formatted rows reach about 100."""
RATIO_COUNTS_FROM = 4 * MIB
MAX_TYPES = 2 * MIB
TYPES = "[Content_Types].xml"
OFD = "OFD.xml"
ENCRYPTED = 0x1
MAIN_PARTS = {
    "wordprocessingml.document.main+xml": "docx",
    "spreadsheetml.sheet.main+xml": "xlsx",
    "presentationml.presentation.main+xml": "pptx",
    "presentationml.slideshow.main+xml": "pptx",
}
PROGRAMS = frozenset(
    {
        *(".exe", ".dll", ".com", ".scr", ".bat", ".cmd", ".ps1", ".vbs", ".vbe", ".js", ".jse"),
        *(".wsf", ".hta", ".jar", ".class", ".sh", ".py", ".lnk", ".html", ".htm", ".svg", ".swf"),
    }
)
_MACROS = re.compile(r"vbaproject\.bin$|/macrosheets/|/intlmacrosheets/|/activex/", re.IGNORECASE)
NO_MACROS = "请在 WPS 或 Office 里另存为不含宏的格式（.docx、.xlsx、.pptx），或导出为 PDF"


def packed_format(file: BinaryIO) -> Format:
    """The format of a file that begins as a ZIP file does. Raises `FileRefused`."""
    try:
        with zipfile.ZipFile(file) as archive:
            members = archive.infolist()
            _check_bomb(members)
            _check_members(members)
            names = {member.filename for member in members}
            if TYPES in names:
                return _office(_types(archive))
            if OFD in names and b"OFD" in _start(archive, OFD):
                return BY_NAME["ofd"]
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, RuntimeError) as error:
        raise damaged("文件") from error
    except NotImplementedError as error:
        raise FileRefused("文件用了少见的压缩方法", "请在 WPS 或 Office 里另存一次") from error
    raise FileRefused("这是压缩包", "请解开后把里面的文件分别上传")


def _check_bomb(members: list[zipfile.ZipInfo]) -> None:
    """Sizes are as declared; nothing unpacks more than it declares."""
    worst = max(
        (
            member.file_size / max(1, member.compress_size)
            for member in members
            if member.file_size >= RATIO_COUNTS_FROM
        ),
        default=0,
    )
    unpacked = sum(member.file_size for member in members)
    if len(members) > MAX_MEMBERS or unpacked > MAX_UNPACKED or worst > MAX_RATIO:
        raise FileRefused(
            f"文件解开后有 {unpacked / MIB:,.0f} MB、{len(members):,} 个部分，与它的大小不相称",
            "请删去多余的内容另存一次，或导出为 PDF",
        )


def _check_members(members: list[zipfile.ZipInfo]) -> None:
    if any(member.flag_bits & ENCRYPTED for member in members):
        raise FileRefused("文件有密码", "请去掉密码另存一次；督查人要能打开它")
    if any(_MACROS.search(f"/{member.filename}") for member in members):
        raise FileRefused("文档里有宏或控件", NO_MACROS)
    inside = [member.filename for member in members if ending_of(member.filename) in PROGRAMS]
    if inside:
        raise FileRefused(f"文件里夹带了程序或网页 {inside[0][-60:]}", "请把它删去，另存一次")


def _start(archive: zipfile.ZipFile, name: str) -> bytes:
    with archive.open(name) as part:
        return part.read(MAX_TYPES)


def _types(archive: zipfile.ZipFile) -> str:
    return _start(archive, TYPES).decode("utf-8", errors="replace")


def _office(types: str) -> Format:
    if "macroenabled" in types.lower() or "vbaProject" in types:
        raise FileRefused("文档里有宏", NO_MACROS)
    for part, name in MAIN_PARTS.items():
        if part in types:
            return BY_NAME[name]
    raise FileRefused(
        "不是 Word、Excel 或演示文稿的普通文档", "请在 WPS 或 Office 里另存为 .docx、.xlsx 或 .pptx"
    )
