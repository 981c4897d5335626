"""A paper as a Word file, in the official format or on the city's own template."""

from docx import Document
from docx.document import Document as Word
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.section import Section, _Footer
from docx.shared import Mm, Pt
from docx.text.paragraph import Paragraph
from docx.text.run import Run

from yinuo.supervision.papers.layout import (
    BOTTOM_MM,
    LEFT_MM,
    LINE_TWIPS,
    PAGE_MM,
    PAGE_NUMBER_BELOW_MM,
    RED,
    RIGHT_MM,
    SMALL_PT,
    SONG,
    TOP_MM,
    WIDTH_MM,
    head_size,
    signature_indents,
    title_lines,
)
from yinuo.supervision.papers.paper import Paper
from yinuo.supervision.papers.styles import (
    Role,
    indent,
    make_styles,
    name_faces,
    name_stand_ins,
    put,
    put_blocks,
    put_check,
    put_mark,
    saved,
)
from yinuo.supervision.papers.template import fill

SEAL_LINES = 2
"""Empty lines above the unit, so that a seal of 42 mm does not cover the text."""
NUMBER_LINE_PT = 18
POINTS_A_MM = 72 / 25.4


def word(paper: Paper, *, template: bytes | None = None, template_name: str = "模板") -> bytes:
    """The paper as .docx; with a template its named places are filled, see `template.fill`.

    The same paper gives the same bytes. Raises `TemplateRefused`.
    """
    if template is not None:
        return fill(paper, template, name=template_name)
    doc = Document()
    make_styles(doc)
    _set_page(doc, paper)
    _put_head(doc, paper)
    put_blocks(doc, paper.blocks, lambda text, role: doc.add_paragraph(text, style=role))
    _put_attachments(doc, paper)
    _put_signature(doc, paper)
    _put_foot(doc, paper)
    name_stand_ins(doc)
    title = "".join(paper.title.splitlines())
    return saved(doc, title=title, author=paper.signer, day=paper.signed_date)


# ── page ─────────────────────────────────────────────────────────────────────────────────────────


def _set_page(doc: Word, paper: Paper) -> None:
    section = doc.sections[0]
    section.page_width, section.page_height = Mm(PAGE_MM[0]), Mm(PAGE_MM[1])
    section.top_margin, section.bottom_margin = Mm(TOP_MM), Mm(BOTTOM_MM)
    section.left_margin, section.right_margin = Mm(LEFT_MM), Mm(RIGHT_MM)
    section.header_distance = Mm(20)
    line = NUMBER_LINE_PT / POINTS_A_MM
    section.footer_distance = Mm(BOTTOM_MM - PAGE_NUMBER_BELOW_MM - line)
    _set_grid(section)
    doc.settings.odd_and_even_pages_header_footer = True
    compat = doc.settings.element.find(qn("w:compat"))
    if compat is None:
        compat = put(doc.settings.element, "compat")
    put(
        compat,
        "compatSetting",
        name="compatibilityMode",
        uri="http://schemas.microsoft.com/office/word",
        val="15",
    )
    _put_page_number(section.footer, WD_ALIGN_PARAGRAPH.RIGHT)
    _put_page_number(section.even_page_footer, WD_ALIGN_PARAGRAPH.LEFT)
    if paper.simulated:
        for header in (section.header, section.even_page_header):
            put_mark(header)


def _set_grid(section: Section) -> None:
    """22 lines a page. LibreOffice draws a grid of characters apart, so `CLOSER_TWIPS` does it."""
    properties = section._sectPr
    for found in properties.findall(qn("w:docGrid")):
        properties.remove(found)
    put(properties, "docGrid", type="lines", linePitch=str(LINE_TWIPS))


def _put_page_number(footer: _Footer, side: WD_ALIGN_PARAGRAPH) -> None:
    """— 1 —: odd pages at the right, even ones at the left, one character from the edge."""
    footer.is_linked_to_previous = False
    paragraph = footer.paragraphs[0]
    paragraph.alignment = side
    form = paragraph.paragraph_format
    form.line_spacing_rule, form.line_spacing = WD_LINE_SPACING.EXACTLY, Pt(NUMBER_LINE_PT)
    is_right = side is WD_ALIGN_PARAGRAPH.RIGHT
    indent(paragraph._p.get_or_add_pPr(), right=int(is_right), left=int(not is_right))
    _put_song(paragraph, "— ")
    run = _put_song(paragraph, "1")
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), "PAGE")
    run._r.addprevious(field)
    field.append(run._r)
    _put_song(paragraph, " —")


def _put_song(paragraph: Paragraph, text: str) -> Run:
    run = paragraph.add_run(text)
    name_faces(run._r.get_or_add_rPr(), SONG, latin=SONG.name)
    run.font.size = Pt(SMALL_PT)
    return run


# ── head and foot ────────────────────────────────────────────────────────────────────────────────


def _put_head(doc: Word, paper: Paper) -> None:
    head = doc.add_paragraph(style=Role.HEAD)
    size = head_size(paper.organ, WIDTH_MM * POINTS_A_MM)
    if paper.red_head:
        head.add_run(paper.organ)
    for run in head.runs or [head.add_run(" ")]:
        run.font.size = Pt(size)
    head.paragraph_format.space_after = Pt(LINE_TWIPS / 20)
    number = doc.add_paragraph(paper.number, style=Role.NUMBER)
    if paper.red_head:
        _put_line_below(number)
    doc.add_paragraph(style=Role.TEXT)
    for line in title_lines(paper.title):
        doc.add_paragraph(line, style=Role.TITLE)
    doc.add_paragraph(style=Role.TEXT)
    if paper.addressee:
        doc.add_paragraph(f"{paper.addressee}：", style=Role.ADDRESSEE)


def _put_line_below(paragraph: Paragraph) -> None:
    """The red line as wide as the text, 4 mm below the number."""
    properties = paragraph._p.get_or_add_pPr()
    borders = OxmlElement("w:pBdr")
    put(borders, "bottom", val="single", sz="12", space="11", color=RED)
    properties.insert_element_before(borders, "w:spacing", "w:ind", "w:jc", "w:rPr")


def _put_attachments(doc: Word, paper: Paper) -> None:
    if not paper.attachments:
        return
    doc.add_paragraph(style=Role.TEXT)
    only = len(paper.attachments) == 1
    for number, name in enumerate(paper.attachments, start=1):
        mark = "" if only else f"{number}. "
        first = number == 1
        line = doc.add_paragraph(f"{'附件：' if first else ''}{mark}{name}", style=Role.TEXT)
        if not first:
            indent(line._p.get_or_add_pPr(), left=5)


def _put_signature(doc: Word, paper: Paper) -> None:
    """Unit and date, the shorter centred on the longer, with room for the seal above.

    They never stand on a page without a line of the text.
    """
    last = doc.element.body.findall(qn("w:p"))[-1]
    if last.getnext() is not None and last.getnext().tag == qn("w:sectPr"):
        Paragraph(last, doc._body).paragraph_format.keep_with_next = True
    for _ in range(SEAL_LINES):
        doc.add_paragraph(style=Role.SIGNED)
    right_of_unit, right_of_date = signature_indents(paper.signer, paper.dated)
    for text, right in ((paper.signer, right_of_unit), (paper.dated, right_of_date)):
        line = doc.add_paragraph(text, style=Role.SIGNED)
        line.alignment = WD_ALIGN_PARAGRAPH.RIGHT
        indent(line._p.get_or_add_pPr(), right=right)
    line.paragraph_format.keep_with_next = False


def _put_foot(doc: Word, paper: Paper) -> None:
    if paper.contact:
        doc.add_paragraph(f"（{paper.contact}）", style=Role.TEXT)
    doc.add_paragraph(style=Role.TEXT)
    if paper.copies:
        line = doc.add_paragraph(f"抄送：{'，'.join(paper.copies)}。", style=Role.COPIES)
        properties = line._p.get_or_add_pPr()
        indent(properties, left=1, right=1)
        borders = OxmlElement("w:pBdr")
        for side in ("top", "bottom"):
            put(borders, side, val="single", sz="6", space="2", color="000000")
        properties.insert_element_before(borders, "w:spacing", "w:ind", "w:jc", "w:rPr")
    put_check(doc, paper)
