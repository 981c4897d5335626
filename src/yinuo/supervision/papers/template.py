"""The city's own Word template, its named places filled.

A place is a name in double braces, such as {{标题}}, anywhere in the file: body, tables, head and
foot of a page. It keeps the letters of where it stands. {{正文}} stands alone in its paragraph,
whose form every paragraph of the body takes.
"""

import copy
import io
import re
from collections.abc import Iterator, Mapping

from docx import Document
from docx.document import Document as Word
from docx.opc.exceptions import PackageNotFoundError
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm
from docx.text.paragraph import Paragraph

from yinuo.kernel.media.packed import packed_format
from yinuo.kernel.media.refused import FileRefused
from yinuo.supervision.errors.papers import TemplateRefused
from yinuo.supervision.papers.layout import OF_LEVEL
from yinuo.supervision.papers.paper import Paper
from yinuo.supervision.papers.styles import (
    OF_HEADING,
    QR_MM,
    Element,
    Role,
    name_faces,
    put_blocks,
    put_mark,
    qr_png,
    saved,
)

PLACE = re.compile(r"\{\{\s*([^{}]*?)\s*\}\}")
BODY, QR = "正文", "二维码"
NEEDED = ("标题", BODY)
MAX_TEMPLATE = 20 * 2**20


def places(paper: Paper) -> Mapping[str, str]:
    """Every place a template may name, with what is put there; {{正文}} and {{二维码}} apart."""
    return {
        "标题": "".join(paper.title.splitlines()),
        "发文机关": paper.organ,
        "发文字号": paper.number,
        "主送": f"{paper.addressee}：" if paper.addressee else "",
        "附件": "；".join(paper.attachments),
        "署名": paper.signer,
        "日期": paper.dated,
        "落款": f"{paper.signer}\n{paper.dated}",
        "抄送": "，".join(paper.copies),
        "联系人": paper.contact,
        "校验码": paper.check_code,
        "核对网址": paper.check_address,
        "数据来源": paper.source,
        "演示": "演示数据" if paper.simulated else "",
    }


def fill(paper: Paper, data: bytes, *, name: str) -> bytes:
    """The template with every place filled. Raises `TemplateRefused`, naming all wrong places."""
    doc = _opened(data, name)
    paragraphs = list(_paragraphs(doc))
    _check(paragraphs, paper, name)
    values = places(paper)
    marked = False
    for paragraph in paragraphs:
        found = PLACE.findall(_text(paragraph))
        marked = marked or "演示" in found
        if found == [BODY]:
            _put_body(doc, paragraph, paper)
        elif QR in found:
            _put_qr(paragraph, paper)
        elif found:
            _put_values(paragraph, values)
    if paper.simulated and not marked:
        for section in doc.sections:
            put_mark(section.header)
    return saved(doc, title=values["标题"], author=paper.signer, day=paper.signed_date)


def _opened(data: bytes, name: str) -> Word:
    again = "请在 WPS 或 Word 里另存为“Word 文档（.docx）”"
    if len(data) > MAX_TEMPLATE:
        raise TemplateRefused(name, "模板超过 20 MB", "请删去多余的图片后另存一次")
    try:
        if not data.startswith(b"PK") or packed_format(io.BytesIO(data)).name != "docx":
            raise TemplateRefused(name, "不是 Word 文档（.docx）", again)
        doc = Document(io.BytesIO(data))
    except FileRefused as refused:
        raise TemplateRefused(name, refused.what, refused.next_step) from refused
    except (KeyError, ValueError, PackageNotFoundError, SyntaxError) as error:
        raise TemplateRefused(name, "文件不完整，或者已损坏", again) from error
    outside = sorted(
        rel.target_ref
        for rel in doc.part.package.iter_rels()
        if rel.is_external and not rel.reltype.endswith("/hyperlink")
    )
    if outside:
        what = f"模板里链接了文件之外的内容：{outside[0][:80]}"
        raise TemplateRefused(name, what, "请把链接的图片或模板嵌入文件，另存一次")
    return doc


def _paragraphs(doc: Word) -> Iterator[Paragraph]:
    """Every paragraph of the body and of the heads and feet of pages, tables and boxes included."""
    yield from (Paragraph(each, doc._body) for each in doc.element.body.iter(qn("w:p")))
    seen = set()
    for section in doc.sections:
        for part in (
            *(section.header, section.even_page_header, section.first_page_header),
            *(section.footer, section.even_page_footer, section.first_page_footer),
        ):
            if part.is_linked_to_previous or part.part.partname in seen:
                continue
            seen.add(part.part.partname)
            yield from (Paragraph(each, part) for each in part._element.iter(qn("w:p")))


def _pieces(paragraph: Paragraph) -> list[Element]:
    """The `w:t` of a paragraph, without those of a text box inside it."""
    own = paragraph._p
    return [piece for piece in own.iter(qn("w:t")) if next(piece.iterancestors(qn("w:p"))) is own]


def _text(paragraph: Paragraph) -> str:
    return "".join(piece.text or "" for piece in _pieces(paragraph))


def _check(paragraphs: list[Paragraph], paper: Paper, name: str) -> None:
    known = {*places(paper), BODY, QR}
    found = [place for each in paragraphs for place in PLACE.findall(_text(each))]
    needed = (*NEEDED, *(("校验码",) if paper.check_code else ()))
    faults = []
    missing = [place for place in needed if place not in found]
    if missing:
        faults.append("缺少 " + "、".join(f"{{{{{place}}}}}" for place in missing))
    unknown = sorted(set(found) - known)
    if unknown:
        faults.append("不认识 " + "、".join(f"{{{{{place}}}}}" for place in unknown))
    alone = [_text(each).strip() for each in paragraphs if BODY in PLACE.findall(_text(each))]
    if len(alone) > 1 or any(not PLACE.fullmatch(text) for text in alone):
        faults.append("{{正文}} 应出现一次，独占一段")
    if faults:
        names = "、".join(sorted(known))
        raise TemplateRefused(name, "；".join(faults), f"请在 Word 里改好；可用的名称：{names}")


def _put_values(paragraph: Paragraph, values: Mapping[str, str]) -> None:
    """Fill places even where Word has split one over several runs."""
    pieces = _pieces(paragraph)
    whole = "".join(piece.text or "" for piece in pieces)
    for match in reversed(list(PLACE.finditer(whole))):
        _replace(pieces, match.start(), match.end(), values[match[1]])
    for piece in pieces:
        _break_lines(piece)


def _replace(pieces: list[Element], start: int, end: int, value: str) -> None:
    """Put the value where the place began, and take the rest of the place out of later pieces."""
    at = 0
    for piece in pieces:
        text = piece.text or ""
        first, last = max(start - at, 0), min(end - at, len(text))
        if first < last:
            begins = at <= start
            piece.text = text[:first] + (value if begins else "") + text[last:]
            piece.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
        at += len(text)


def _break_lines(piece: Element) -> None:
    first, *rest = (piece.text or "").split("\n")
    piece.text = first
    for line in reversed(rest):
        after = copy.deepcopy(piece)
        after.text = line
        piece.addnext(after)
        piece.addnext(OxmlElement("w:br"))


def _put_qr(paragraph: Paragraph, paper: Paper) -> None:
    _put_values(paragraph, {**places(paper), QR: ""})
    if paper.check_address:
        picture = io.BytesIO(qr_png(paper.check_address))
        paragraph.add_run().add_picture(picture, width=Mm(QR_MM))


def _put_body(doc: Word, place: Paragraph, paper: Paper) -> None:
    """Put the body in place of the paragraph that names it, in the form of that paragraph."""
    body = doc.element.body
    there = set(body)
    pattern = copy.deepcopy(place._p)
    for run in pattern.findall(qn("w:r"))[1:]:
        pattern.remove(run)

    def add(text: str, role: Role) -> Paragraph:
        element = copy.deepcopy(pattern)
        body.insert_element_before(element, "w:sectPr")
        paragraph = Paragraph(element, doc._body)
        _say(paragraph, text, role)
        return paragraph

    put_blocks(doc, paper.blocks, add)
    for element in [each for each in body if each not in there]:
        place._p.addprevious(element)
    place._p.getparent().remove(place._p)


def _say(paragraph: Paragraph, text: str, role: Role) -> None:
    """Write the text in the letters of the place; headings in their own face."""
    runs = paragraph.runs
    run = runs[0] if runs else paragraph.add_run()
    run.text = text
    if role in OF_HEADING:
        name_faces(run._r.get_or_add_rPr(), OF_LEVEL[OF_HEADING.index(role)])
        paragraph.paragraph_format.keep_with_next = True
    elif role is Role.CAPTION:
        paragraph.paragraph_format.keep_with_next = True
