"""Small files of every format, made here; nothing in them is anybody's."""

import io
import struct
import zipfile
from collections.abc import Mapping

from PIL import Image

MAIN = {
    "docx": ("word/document.xml", "wordprocessingml.document.main+xml"),
    "xlsx": ("xl/workbook.xml", "spreadsheetml.sheet.main+xml"),
    "pptx": ("ppt/presentation.xml", "presentationml.presentation.main+xml"),
}
NO_SECTOR, END_OF_CHAIN, TABLE_SECTOR = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
GPS = 0x8825
ORIENTATION, TURNED = 0x0112, 6


def picture(
    kind: str = "JPEG", size: tuple[int, int] = (64, 48), *, exif: bool = False, shade: int = 90
) -> bytes:
    """A picture with a dark left half; with `exif` it says where it was taken, and lies on its
    side."""
    image = Image.new("RGB", size, (shade, 140, 150))
    image.paste((20, 30, 40), (0, 0, size[0] // 2, size[1]))
    out = io.BytesIO()
    if exif:
        data = Image.Exif()
        data[ORIENTATION] = TURNED
        data[0x010F] = "SecretCamera"
        data.get_ifd(GPS)[1] = "N"
        data.get_ifd(GPS)[2] = (38.0, 54.0, 52.0)
        image.save(out, kind, exif=data)
    else:
        image.save(out, kind)
    return out.getvalue()


def packed(members: Mapping[str, bytes | str], *, compress: bool = True) -> bytes:
    """A ZIP file of these members."""
    out = io.BytesIO()
    method = zipfile.ZIP_DEFLATED if compress else zipfile.ZIP_STORED
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return out.getvalue()


def office(kind: str, more: Mapping[str, bytes | str] | None = None) -> bytes:
    """A Word, Excel or PowerPoint document with no more in it than tells what it is."""
    part, main = MAIN[kind]
    types = (
        '<Types><Override PartName="/x" ContentType="application/'
        f'vnd.openxmlformats-officedocument.{main}"/></Types>'
    )
    return packed({"[Content_Types].xml": types, part: "<x/>", **(more or {})})


def ofd() -> bytes:
    """An OFD document."""
    return packed({"OFD.xml": '<ofd:OFD xmlns:ofd="http://www.ofdspec.org/2016"/>'})


def pdf(more: bytes = b"") -> bytes:
    """A PDF without pages."""
    return b"%PDF-1.7\n1 0 obj<</Type/Catalog" + more + b">>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


def film(brand: bytes = b"isom") -> bytes:
    """An MP4 file with an empty film."""

    def box(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I4s", 8 + len(content), kind) + content

    ftyp = box(b"ftyp", brand + b"\0\0\2\0" + brand)
    return ftyp + box(b"moov", b"\0" * 16) + box(b"mdat", b"\0" * 64)


def _entry(name: str, kind: int, start: int, size: int) -> bytes:
    written = name.encode("utf-16-le") + b"\0\0"
    head = written.ljust(64, b"\0") + struct.pack("<HBB", len(written), kind, 1)
    links = struct.pack("<III", NO_SECTOR, NO_SECTOR, NO_SECTOR)
    return head + links + b"\0" * 36 + struct.pack("<IQ", start, size)


def compound(*names: str, content: bytes = b"") -> bytes:
    """A compound file with streams of these names; the first holds `content`, padded."""
    first = content.ljust(max(4096, -(-len(content) // 512) * 512), b"\0")
    many = len(first) // 512
    directory = b"".join(
        [
            _entry("Root Entry", 5, END_OF_CHAIN, 0),
            *(_entry(n, 2, 2 if i == 0 else END_OF_CHAIN, len(first)) for i, n in enumerate(names)),
        ]
    )
    directory = directory.ljust(512, b"\0")[:512]
    table = [TABLE_SECTOR, END_OF_CHAIN, *range(3, 2 + many), END_OF_CHAIN]
    table += [NO_SECTOR] * (128 - len(table))
    header = bytes.fromhex("d0cf11e0a1b11ae1") + b"\0" * 16
    header += struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + b"\0" * 6
    header += struct.pack("<IIIIIIIII", 0, 1, 1, 0, 4096, END_OF_CHAIN, 0, END_OF_CHAIN, 0)
    header += struct.pack("<109I", 0, *([NO_SECTOR] * 108))
    return header + struct.pack("<128I", *table) + directory + first


def bound_sheet(kind: int) -> bytes:
    """The records of a workbook with one sheet of this kind."""
    record = struct.pack("<IBBBB", 0, 0, kind, 1, 0) + b"a"
    return (
        struct.pack("<HH4s", 0x809, 4, b"\0\6\5\0") + struct.pack("<HH", 0x85, len(record)) + record
    )


def webp_claiming(width: int, height: int) -> bytes:
    """A WebP header that claims a size, with nothing behind it."""
    chunk = b"\0\0\0\0" + (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
    body = b"WEBPVP8X" + struct.pack("<I", 10) + chunk
    return b"RIFF" + struct.pack("<I", len(body)) + body


GOOD: dict[str, tuple[str, bytes]] = {
    "jpeg": ("现场.jpg", picture("JPEG")),
    "png": ("截图.png", picture("PNG")),
    "webp": ("现场.webp", picture("WEBP")),
    "gif": ("示意.gif", picture("GIF")),
    "pdf": ("批复.pdf", pdf()),
    "docx": ("总结.docx", office("docx")),
    "xlsx": ("台账.xlsx", office("xlsx")),
    "pptx": ("汇报.pptx", office("pptx")),
    "ofd": ("公文.ofd", ofd()),
    "doc": ("总结.doc", compound("WordDocument", "1Table")),
    "xls": ("台账.xls", compound("Workbook", content=bound_sheet(0))),
    "ppt": ("汇报.ppt", compound("PowerPoint Document")),
    "text": ("说明.txt", "七项都已办结。\r\n".encode()),
    "text-gb": ("名单.csv", "事项,状态\r\n一,办结\r\n".encode("gb18030")),
    "mp4": ("现场.mp4", film()),
}
"""Format → a name and a file of it."""
