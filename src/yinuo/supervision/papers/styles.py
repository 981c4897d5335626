"""Styles and pieces of Word files that papers are put together from."""

import copy
import io
import zipfile
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, time
from enum import StrEnum

import segno
from docx.document import Document as Word
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.opc.oxml import serialize_part_xml
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.oxml.parser import parse_xml
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.section import _Header
from docx.shared import Mm, Pt, RGBColor, Twips
from docx.styles.style import ParagraphStyle
from docx.text.paragraph import Paragraph

from yinuo.supervision.papers.layout import (
    BODY_PT,
    BOLD_LEVEL,
    CLOSER_TWIPS,
    FACES,
    FANGSONG,
    HEI,
    LATIN,
    LINE_TWIPS,
    OF_LEVEL,
    QUIET_PT,
    RED,
    SMALL_PT,
    SONG,
    TINY_PT,
    TITLE,
    TITLE_PT,
    WIDTH_MM,
    Face,
    table_point_size,
)
from yinuo.supervision.papers.paper import (
    Align,
    Block,
    Heading,
    Paper,
    Table,
    Text,
    check_lines,
    numbered,
)

Element = BaseOxmlElement
ZIPPED_AT = (1980, 1, 1, 0, 0, 0)
"""The earliest a zip can say, so that the same paper is the same file."""
QR_MM = 22
SIMULATED = "演示数据"
WIDTH_TWIPS = round(WIDTH_MM / 25.4 * 1440)
FONT_TABLE = "/word/fontTable.xml"
CELL, PARAGRAPH, WORDS = qn("w:tc"), qn("w:p"), f".//{qn('w:t')}"
JUSTIFICATION = {Align.LEFT: "left", Align.CENTER: "center", Align.RIGHT: "right"}


class Role(StrEnum):
    """The paragraph styles of a paper, by the names an office sees in Word."""

    HEAD = "发文机关标志"
    NUMBER = "发文字号"
    TITLE = "公文标题"
    ADDRESSEE = "主送机关"
    TEXT = "公文正文"
    FIRST = "公文一级标题"
    SECOND = "公文二级标题"
    THIRD = "公文三级标题"
    FOURTH = "公文四级标题"
    NOTE = "公文说明"
    CAPTION = "公文表题"
    SIGNED = "公文落款"
    COPIES = "公文版记"
    CHECK = "公文校验"


OF_HEADING = (Role.FIRST, Role.SECOND, Role.THIRD, Role.FOURTH)


def put(parent: Element, tag: str, **attributes: str) -> Element:
    """A new last child `w:tag` with attributes `w:…`."""
    child = OxmlElement(f"w:{tag}")
    for name, value in attributes.items():
        child.set(qn(f"w:{name}"), value)
    parent.append(child)
    return child


def name_faces(properties: Element, face: Face, latin: str = LATIN) -> None:
    """Name the faces of run properties, for Latin and for Han letters."""
    fonts = properties.find(qn("w:rFonts"))
    if fonts is None:
        fonts = OxmlElement("w:rFonts")
        properties.insert(0, fonts)
    for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        fonts.attrib.pop(qn(f"w:{theme}"), None)
    for slot, name in (("ascii", latin), ("hAnsi", latin), ("cs", latin), ("eastAsia", face.name)):
        fonts.set(qn(f"w:{slot}"), name)


def make_styles(doc: Word) -> None:
    """Put the styles of the format into a new document, and no face that comes by a theme."""
    defaults = doc.styles.element.find(f"{qn('w:docDefaults')}/{qn('w:rPrDefault')}/{qn('w:rPr')}")
    assert defaults is not None  # noqa: S101  # python-docx's own template has it
    name_faces(defaults, FANGSONG)
    language = defaults.find(qn("w:lang"))
    if language is not None:
        language.set(qn("w:val"), "en-US")
        language.set(qn("w:eastAsia"), "zh-CN")
    _style(doc.styles["Normal"], FANGSONG, BODY_PT)
    _add(doc, Role.HEAD, TITLE, TITLE_PT, centred=True, line=0, color=RED)
    _add(doc, Role.NUMBER, FANGSONG, BODY_PT, centred=True)
    _add(doc, Role.TITLE, TITLE, TITLE_PT, centred=True, line=34 * 20, together=True)
    _add(doc, Role.ADDRESSEE, FANGSONG, BODY_PT)
    _add(doc, Role.TEXT, FANGSONG, BODY_PT, indented=True)
    for level, role in enumerate(OF_HEADING, start=1):
        style = _add(doc, role, OF_LEVEL[level - 1], BODY_PT, indented=True, together=True)
        style.font.bold = level == BOLD_LEVEL
        put(style.element.get_or_add_pPr(), "outlineLvl", val=str(level - 1))
    _add(doc, Role.NOTE, FANGSONG, QUIET_PT, line=18 * 20)
    _add(doc, Role.CAPTION, HEI, SMALL_PT, centred=True, together=True)
    _add(doc, Role.SIGNED, FANGSONG, BODY_PT, together=True)
    _add(doc, Role.COPIES, FANGSONG, SMALL_PT, line=24 * 20)
    _add(doc, Role.CHECK, SONG, TINY_PT, line=15 * 20)


def _add(
    doc: Word,
    role: Role,
    face: Face,
    size: float,
    *,
    centred: bool = False,
    indented: bool = False,
    together: bool = False,
    line: int = LINE_TWIPS,
    color: str = "",
) -> ParagraphStyle:
    style = doc.styles.add_style(role, WD_STYLE_TYPE.PARAGRAPH)
    assert isinstance(style, ParagraphStyle)  # noqa: S101  # by the type that was asked for
    style.base_style = doc.styles["Normal"]
    style.quick_style = True
    _style(style, face, size, line=line)
    form = style.paragraph_format
    form.alignment = WD_ALIGN_PARAGRAPH.CENTER if centred else WD_ALIGN_PARAGRAPH.LEFT
    form.keep_with_next = together or None
    if indented:
        indent(style.element.get_or_add_pPr(), first=2)
    if color:
        style.font.color.rgb = RGBColor.from_string(color)
    return style


def _style(style: ParagraphStyle, face: Face, size: float, *, line: int = LINE_TWIPS) -> None:
    name_faces(style.element.get_or_add_rPr(), face)
    style.font.size = Pt(size)
    if size == BODY_PT:
        _stand_closer(style.element.get_or_add_rPr())
    form = style.paragraph_format
    form.space_before = form.space_after = Pt(0)
    form.widow_control = True
    form.line_spacing = Twips(line) if line else 1.0
    form.line_spacing_rule = WD_LINE_SPACING.EXACTLY if line else WD_LINE_SPACING.SINGLE
    if line != LINE_TWIPS:
        _leave_grid(style.element.get_or_add_pPr())


def _leave_grid(properties: Element) -> None:
    """Lines of another height would be spread to the next line of the page's grid."""
    free = OxmlElement("w:snapToGrid")
    free.set(qn("w:val"), "0")
    properties.insert_element_before(
        free, "w:spacing", "w:ind", "w:contextualSpacing", "w:jc", "w:outlineLvl", "w:rPr"
    )


def _stand_closer(properties: Element) -> None:
    closer = OxmlElement("w:spacing")
    closer.set(qn("w:val"), str(-CLOSER_TWIPS))
    properties.insert_element_before(closer, "w:w", "w:kern", "w:position", "w:sz", "w:szCs")


def indent(properties: Element, *, first: float = 0, right: float = 0, left: float = 0) -> None:
    """Indent by characters of the body; the same in twips for programs that count no characters."""
    for found in properties.findall(qn("w:ind")):
        properties.remove(found)
    element = OxmlElement("w:ind")
    for name, characters in (("left", left), ("right", right), ("firstLine", first)):
        if characters:
            element.set(qn(f"w:{name}Chars"), str(round(characters * 100)))
            element.set(qn(f"w:{name}"), str(round(characters * BODY_PT * 20)))
    properties.insert_element_before(
        element, *("w:contextualSpacing", "w:mirrorIndents", "w:jc", "w:outlineLvl", "w:rPr")
    )


Put = Callable[[str, Role], Paragraph]
"""Adds a paragraph of a role after what is there."""


def put_blocks(doc: Word, blocks: Sequence[Block], add: Put) -> None:
    """Add the body, headings numbered, each block after the other."""
    for block in numbered(blocks):
        match block:
            case Table():
                if block.caption:
                    add(block.caption, Role.CAPTION)
                put_table(doc, block)
            case Heading():
                add(block.text, OF_HEADING[block.level - 1])
            case Text():
                for line in block.text.splitlines():
                    add(line, Role.TEXT)
            case _:
                add(block.text, Role.NOTE)


def put_table(doc: Word, table: Table) -> None:
    """Add a table that may break between rows and repeats its head; long ones stay quick."""
    element = OxmlElement("w:tbl")
    form = put(element, "tblPr")
    put(form, "tblW", w=str(WIDTH_TWIPS), type="dxa")
    put(form, "jc", val="center")
    borders = put(form, "tblBorders")
    for side in ("top", "left", "bottom", "right", "insideH", "insideV"):
        put(borders, side, val="single", sz="4", space="0", color="000000")
    put(form, "tblLayout", type="fixed")
    margins = put(form, "tblCellMar")
    for side in ("left", "right"):
        put(margins, side, w="85", type="dxa")
    grid = put(element, "tblGrid")
    whole = sum(column.width for column in table.columns)
    widths = [str(WIDTH_TWIPS * column.width // whole) for column in table.columns]
    for width in widths:
        put(grid, "gridCol", w=width)
    size = table_point_size(table.columns)
    centred = [Align.CENTER] * len(widths)
    head = _row(widths, centred, size, head=True)
    plain = _row(widths, [column.align for column in table.columns], size)
    element.append(_filled(head, [column.title for column in table.columns]))
    for row in table.rows:
        element.append(_filled(plain, row))
    doc.element.body.insert_element_before(element, "w:sectPr")


def _row(
    widths: Sequence[str], aligns: Sequence[Align], size: float, *, head: bool = False
) -> Element:
    """A row without words, to be copied: ten times quicker than making each anew."""
    row = OxmlElement("w:tr")
    form = put(row, "trPr")
    put(form, "cantSplit")
    if head:
        put(form, "tblHeader")
    for width, align in zip(widths, aligns, strict=True):
        cell = put(row, "tc")
        cell_form = put(cell, "tcPr")
        put(cell_form, "tcW", w=width, type="dxa")
        put(cell_form, "vAlign", val="center")
        _put_line(cell, align, size, head=head)
    return row


def _filled(pattern: Element, texts: Sequence[str]) -> Element:
    """A copy of a row with its words; a new line is a paragraph of its own."""
    row = copy.deepcopy(pattern)
    cells = row.findall(CELL)
    for cell, text in zip(cells, texts, strict=True):
        first, *rest = text.splitlines() or [""]
        line = cell.find(PARAGRAPH)
        for more in reversed(rest):
            after = copy.deepcopy(line)
            after.find(WORDS).text = more
            line.addnext(after)
        line.find(WORDS).text = first
    return row


def _put_line(cell: Element, align: Align, size: float, *, head: bool) -> None:
    paragraph = put(cell, "p")
    form = put(paragraph, "pPr")
    if head:
        put(form, "keepNext")
    put(form, "snapToGrid", val="0")
    height = str(round(size * 1.4 * 20))
    put(form, "spacing", before="20", after="20", line=height, lineRule="atLeast")
    put(form, "ind", firstLine="0", firstLineChars="0")
    put(form, "jc", val=JUSTIFICATION[align])
    run = put(paragraph, "r")
    letters = put(run, "rPr")
    name_faces(letters, HEI if head else FANGSONG)
    put(letters, "sz", val=str(round(size * 2)))
    put(letters, "szCs", val=str(round(size * 2)))
    written = put(run, "t")
    written.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")


def put_check(doc: Word, paper: Paper) -> None:
    """Add the QR with code, address and source beside it; nothing for a paper without a code."""
    if not (paper.check_code or paper.source):
        return
    lines = check_lines(paper)
    if not paper.check_address:
        for line in lines:
            doc.add_paragraph(line, style=Role.CHECK)
        return
    table = doc.add_table(rows=1, cols=2)
    table.autofit = False
    narrow = Mm(QR_MM + 4)
    wide = Mm(WIDTH_MM - QR_MM - 4)
    for column, width in zip(table.columns, (narrow, wide), strict=True):
        column.width = width
    left, right = table.rows[0].cells
    left.width, right.width = narrow, wide
    put(table.rows[0]._tr.get_or_add_trPr(), "cantSplit")
    picture = left.paragraphs[0]
    picture.style = doc.styles[Role.CHECK]
    picture.paragraph_format.line_spacing_rule = WD_LINE_SPACING.SINGLE
    picture.add_run().add_picture(io.BytesIO(qr_png(paper.check_address)), width=Mm(QR_MM))
    right.paragraphs[0].text = lines[0]
    right.paragraphs[0].style = doc.styles[Role.CHECK]
    for line in lines[1:]:
        right.add_paragraph(line, style=Role.CHECK)


def qr_png(address: str) -> bytes:
    """The QR of an address, with the quiet zone scanners need."""
    file = io.BytesIO()
    segno.make_qr(address, error="m").save(file, kind="png", scale=8, border=2)
    return file.getvalue()


def put_mark(header: _Header) -> None:
    """Say on every page that the data are simulated."""
    header.is_linked_to_previous = False
    paragraph = header.paragraphs[0]
    if paragraph.text:
        paragraph = header.add_paragraph()
    paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    run = paragraph.add_run(SIMULATED)
    name_faces(run._r.get_or_add_rPr(), HEI)
    run.font.size = Pt(SMALL_PT)


def name_stand_ins(doc: Word) -> None:
    """Say in the file which faces may stand in for those it names."""
    part = next(part for part in doc.part.package.iter_parts() if part.partname == FONT_TABLE)
    fonts = parse_xml(part.blob)
    for face in FACES:
        font = put(fonts, "font", name=face.name)
        put(font, "altName", val=",".join(face.instead))
        put(font, "charset", val="86")
        put(font, "family", val=face.family)
        put(font, "pitch", val="variable")
    part._blob = serialize_part_xml(fonts)


def saved(doc: Word, *, title: str, author: str, day: date) -> bytes:
    """The bytes of the file: no clock, no name of a machine, the same each time."""
    properties = doc.core_properties
    properties.title, properties.author, properties.last_modified_by = title, author, author
    properties.created = properties.modified = datetime.combine(day, time(), tzinfo=UTC)
    properties.comments = properties.keywords = properties.category = ""
    properties.language, properties.revision = "zh-CN", 1
    first = io.BytesIO()
    doc.save(first)
    return _without_time(first)


def _without_time(file: io.BytesIO) -> bytes:
    result = io.BytesIO()
    with zipfile.ZipFile(file) as source, zipfile.ZipFile(result, "w") as target:
        for name in source.namelist():
            info = zipfile.ZipInfo(name, ZIPPED_AT)
            info.compress_type = zipfile.ZIP_DEFLATED
            target.writestr(info, source.read(name))
    return result.getvalue()
