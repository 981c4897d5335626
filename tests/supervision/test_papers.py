"""Papers as Word and PDF: the format, the template, the text that comes back."""

import io
import os
import re
import subprocess
import zipfile
from pathlib import Path
from typing import Any

import pypdf
import pytest
from docx import Document
from docx.document import Document as Word
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from bootstrap import writer
from tests.architecture.tree import ROOT
from tests.supervision.example_papers import ADDRESS, CODE, PAPERS, bulletin, paper
from yinuo.supervision.errors.papers import FontsMissing, NoGlyph, PaperInvalid, TemplateRefused
from yinuo.supervision.papers.layout import (
    BODY_PT,
    CLOSER_TWIPS,
    HEIGHT_MM,
    LINE_TWIPS,
    WIDTH_MM,
    title_lines,
)
from yinuo.supervision.papers.paper import Column, Heading, Table, Text
from yinuo.supervision.papers.pdf import pdf
from yinuo.supervision.papers.word import word

GOLDEN = Path(__file__).parents[1] / "golden" / "papers"
FONTS = ROOT / "src/yinuo/web/static/vendor/noto-serif-sc"
POINTS_A_MM = 72 / 25.4


def opened(data: bytes) -> Word:
    return Document(io.BytesIO(data))


def part(data: bytes, name: str) -> str:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return archive.read(name).decode()


def printed(data: bytes) -> str:
    """The text of a PDF without spaces, as a reader of the file gets it."""
    pages = pypdf.PdfReader(io.BytesIO(data)).pages
    return re.sub(r"\s", "", "".join(page.extract_text() for page in pages))


def lines_of(xml: str) -> str:
    """One element a line, so that a difference can be read."""
    return xml.replace("><", ">\n<") + "\n"


# ── the paper itself ─────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("broken", "fault"),
    [
        ({"number": "大政督〔2024〕03号"}, "序号不补零"),
        ({"number": "大政督[2024]3号"}, "用六角括号"),
        ({"number": "大政督〔2024〕第3号"}, "不加“第”"),
        ({"title": " "}, "标题不能为空"),
        ({"signer": ""}, "落款不能为空"),
        ({"blocks": ()}, "正文不能为空"),
        ({"blocks": (Heading("乙", 2),)}, "第 2 级标题，上一个标题是第 0 级"),
        ({"blocks": (Table((Column("甲"),), [("1", "2")]),)}, "第 1 行有 2 格，应有 1 格"),
        ({"blocks": (Text("响铃\x07"),)}, "不能印出的字符 U+0007"),
    ],
)
def test_a_paper_that_breaks_the_format_is_refused(broken: dict[str, Any], fault: str) -> None:
    with pytest.raises(PaperInvalid, match=re.escape(fault)):
        paper(**broken)


def test_all_faults_are_told_at_once() -> None:
    with pytest.raises(PaperInvalid) as found:
        paper(number="3号", title="", signer="")
    assert len(found.value.faults) == 3


def test_a_title_is_broken_where_no_number_or_mark_suffers() -> None:
    lines = title_lines("关于对《2024年政府工作报告》确定的35项重点任务开展督查的通知")
    assert len(lines) == 2
    assert "".join(lines).startswith("关于对《2024年")
    assert not lines[1].startswith(("》", "，", "项", "年"))


# ── Word ─────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("name", PAPERS)
def test_the_word_file_is_as_it_was(name: str) -> None:
    """Golden: changed only in a reviewed diff; delete the file and run once to write it anew."""
    golden = GOLDEN / f"{name}.xml"
    found = lines_of(part(word(PAPERS[name]), "word/document.xml"))
    if not golden.exists():
        golden.parent.mkdir(exist_ok=True)
        golden.write_text(found, encoding="utf-8")
        pytest.fail(f"{golden.name} was missing; look at the one just written")
    assert found == golden.read_text(encoding="utf-8")


def test_the_same_paper_is_the_same_file() -> None:
    assert word(bulletin()) == word(bulletin())


def test_page_and_margins_are_those_of_the_standard() -> None:
    section = opened(word(paper())).sections[0]
    near = Mm(0.05)
    for found, wanted in (
        (section.page_width, 210),
        (section.page_height, 297),
        (section.top_margin, 37),
        (section.bottom_margin, 35),
        (section.left_margin, 28),
        (section.right_margin, 26),
    ):
        assert found is not None
        assert abs(found - Mm(wanted)) < near


def test_a_page_holds_22_lines_of_28_characters() -> None:
    height, width = HEIGHT_MM * POINTS_A_MM, WIDTH_MM * POINTS_A_MM
    line, letter = LINE_TWIPS / 20, BODY_PT - CLOSER_TWIPS / 20
    assert 22 * line <= height < 23 * line
    assert 28 * letter <= width < 29 * letter
    assert 28 <= line <= 30


@pytest.mark.parametrize(
    ("style", "face", "points"),
    [
        ("公文标题", "方正小标宋简体", 22),
        ("公文正文", "仿宋_GB2312", 16),
        ("公文一级标题", "黑体", 16),
        ("公文二级标题", "楷体_GB2312", 16),
        ("公文三级标题", "仿宋_GB2312", 16),
        ("公文版记", "仿宋_GB2312", 14),
    ],
)
def test_each_style_names_its_face_for_han_letters(style: str, face: str, points: int) -> None:
    found = opened(word(bulletin())).styles[style]
    fonts = found.element.find(f"{qn('w:rPr')}/{qn('w:rFonts')}")
    assert fonts.get(qn("w:eastAsia")) == face
    assert found.font.size == Pt(points)


def test_each_face_names_those_that_may_stand_in() -> None:
    fonts = part(word(paper()), "word/fontTable.xml")
    assert 'w:name="仿宋_GB2312"' in fonts
    assert "仿宋,FangSong" in fonts


def test_no_theme_brings_another_face() -> None:
    assert "asciiTheme" not in part(word(paper()), "word/styles.xml").split("</w:docDefaults>")[0]


def test_paragraphs_are_indented_by_two_characters() -> None:
    styles = part(word(paper()), "word/styles.xml")
    text = re.search(r'w:styleId="公文正文".*?</w:style>', styles, re.DOTALL)
    assert text
    assert 'w:firstLineChars="200"' in text[0]


def test_the_head_of_a_table_is_repeated_and_rows_stay_whole() -> None:
    xml = part(word(bulletin()), "word/document.xml")
    assert xml.count("<w:tblHeader/>") == 1
    assert xml.count("<w:cantSplit/>") == 5  # four rows and the row of the code


def test_page_numbers_stand_outside() -> None:
    section = opened(word(paper())).sections[0]
    odd, even = section.footer.paragraphs[0], section.even_page_footer.paragraphs[0]
    assert (odd.text, even.text) == ("—  —", "—  —")  # the number is a field
    assert (str(odd.alignment), str(even.alignment)) == ("RIGHT (2)", "LEFT (0)")
    assert section.footer._element.find(f".//{qn('w:fldSimple')}").get(qn("w:instr")) == "PAGE"


def test_simulated_papers_say_so_on_every_page() -> None:
    section = opened(word(bulletin())).sections[0]
    assert section.header.paragraphs[0].text == "演示数据"
    assert section.even_page_header.paragraphs[0].text == "演示数据"
    assert opened(word(paper())).sections[0].header.paragraphs[0].text == ""


def test_the_date_stands_four_characters_from_the_right() -> None:
    last = [p for p in opened(word(paper())).paragraphs if p.text == "2024年7月8日"]
    assert len(last) == 1
    indent = last[0]._p.find(f"{qn('w:pPr')}/{qn('w:ind')}")
    assert indent is not None
    # The unit is longer than the date, so the date is centred under it.
    assert int(indent.get(qn("w:rightChars"), "0")) > 400


def test_a_long_table_is_quick() -> None:
    data = word(bulletin(rows=4_000))
    assert part(data, "word/document.xml").count("<w:tr>") == 4_002


# ── templates ────────────────────────────────────────────────────────────────────────────────────


def template(*texts: str) -> Word:
    """A city's own template with these paragraphs."""
    doc = Document()
    for text in texts:
        doc.add_paragraph(text)
    return doc


def packed(doc: Word) -> bytes:
    file = io.BytesIO()
    doc.save(file)
    return file.getvalue()


PLACES = ("{{标题}}", "{{主送}}", "{{正文}}", "{{落款}}", "校验码 {{ 校验码 }}", "{{二维码}}")


def test_a_template_is_filled_and_keeps_its_letters() -> None:
    doc = template(*PLACES)
    run = doc.paragraphs[0].runs[0]
    run.font.size, run.font.bold = Pt(30), True
    doc.sections[0].header.paragraphs[0].text = "某市 {{发文字号}}"
    found = opened(word(bulletin(), template=packed(doc)))
    texts = [p.text for p in found.paragraphs]
    assert texts[0] == "关于2024年7月重点工作推进情况的通报"
    assert (found.paragraphs[0].runs[0].font.size, found.paragraphs[0].runs[0].font.bold) == (
        Pt(30),
        True,
    )
    assert "一、总体情况" in texts
    assert f"校验码 {CODE}" in texts
    assert found.sections[0].header.paragraphs[0].text == "某市 大政督〔2024〕3号"
    assert len(found.inline_shapes) == 1
    assert len(found.tables) == 1
    assert "{{" not in "".join(texts)


def test_a_place_that_word_split_over_runs_is_filled() -> None:
    doc = template("", "{{正文}}")
    for piece in ("编号{", "{标", "题}", "}（稿）"):
        doc.paragraphs[0].add_run(piece)
    found = opened(word(paper(), template=packed(doc)))
    assert found.paragraphs[0].text == "编号关于办证难问题的督办单（稿）"


def test_wrong_places_are_all_named() -> None:
    doc = template("{{题目}}", "正文：{{正文}}", "{{落款人}}")
    with pytest.raises(TemplateRefused) as refused:
        word(bulletin(), template=packed(doc), template_name="通报.docx")
    said = str(refused.value)
    for part_of in (
        "通报.docx",
        "缺少 {{标题}}、{{校验码}}",
        "不认识 {{落款人}}、{{题目}}",
        "独占一段",
    ):
        assert part_of in said


def test_simulated_data_is_marked_on_any_template() -> None:
    found = opened(word(bulletin(), template=packed(template(*PLACES))))
    assert "演示数据" in "".join(p.text for p in found.sections[0].header.paragraphs)


def with_part(data: bytes, name: str, content: bytes) -> bytes:
    """The same package with one part more or another."""
    result = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(data)) as source,
        zipfile.ZipFile(result, "w", zipfile.ZIP_DEFLATED) as target,
    ):
        for each in source.namelist():
            if each != name:
                target.writestr(each, source.read(each))
        target.writestr(name, content)
    return result.getvalue()


def test_a_template_with_macros_or_of_another_sort_is_refused() -> None:
    good = packed(template(*PLACES))
    linked = part(good, "word/_rels/document.xml.rels").replace(
        "</Relationships>",
        '<Relationship Id="rId99" Type="http://schemas.openxmlformats.org/officeDocument/2006/'
        'relationships/attachedTemplate" Target="http://192.0.2.1/a.dotm" TargetMode="External"/>'
        "</Relationships>",
    )
    for data, fault in (
        (with_part(good, "word/vbaProject.bin", b"macro"), "宏"),
        (good[: len(good) // 2], "损坏"),
        (b"PK\x03\x04nothing", "损坏"),
        (b"%PDF-1.4", "不是 Word 文档"),
        (with_part(good, "word/document.xml", b"<w:document"), "损坏"),
        (with_part(good, "word/_rels/document.xml.rels", linked.encode()), "文件之外"),
    ):
        with pytest.raises(TemplateRefused, match=fault):
            word(paper(), template=data)


# ── PDF ──────────────────────────────────────────────────────────────────────────────────────────


def test_the_text_comes_back_from_the_pdf() -> None:
    data = pdf(bulletin(), fonts=FONTS)
    text = printed(data)
    for wanted in (
        "大连市人民政府督查室",
        "大政督〔2024〕3号",
        "关于2024年7月重点工作推进情况的通报",
        "旅顺口区人民政府：",
        "一、总体情况",
        "（一）进度",
        "1.红灯",
        "（1）黄灯",
        "附件：1.逾期清单",
        "2024年7月8日",
        "抄送：市委办公室，市人大常委会办公室。",
        f"存证校验码：{CODE}",
        "演示数据",
    ):
        assert wanted in text


def test_the_pdf_is_for_archives_and_the_same_each_time() -> None:
    data = pdf(bulletin(), fonts=FONTS)
    assert data == pdf(bulletin(), fonts=FONTS)
    assert b"<pdfaid:part>2</pdfaid:part>" in data
    assert b"<pdfaid:conformance>B</pdfaid:conformance>" in data
    meta = pypdf.PdfReader(io.BytesIO(data)).metadata
    assert meta is not None
    assert meta.title == "关于2024年7月重点工作推进情况的通报"


@pytest.mark.parametrize(
    "text",
    [
        '#read("/etc/passwd")',
        '#import "@preview/cetz:0.3.0"',
        "]#pagebreak()[",
        "$x^2$ `code` *bold* _it_ @ref <label>",
        "\\u{41} \\ // comment /* x */",
        '", "kind": "text"}]; #panic()',
    ],
)
def test_what_people_write_never_becomes_markup(text: str) -> None:
    columns = (Column(text), Column("乙"))
    odd = bulletin(
        title=f"关于{text}的通报",
        blocks=(Text(text), Heading(text), Table(columns, [(text, text)], caption=text)),
    )
    found = printed(pdf(odd, fonts=FONTS))
    assert found.count(re.sub(r"\s", "", text)) >= 2
    assert text in "".join(p.text for p in opened(word(odd)).paragraphs)


def test_characters_without_a_glyph_are_named() -> None:
    with pytest.raises(NoGlyph) as refused:
        pdf(paper(addressee="测试\U000e0101\U0001f600"), fonts=FONTS)
    assert "U+E0101" in str(refused.value)
    assert "U+1F600" in str(refused.value)


def test_rare_characters_that_names_have_are_printed() -> None:
    """䶮 (U+4DAE) and 㐀 (U+3400) stand in names."""
    assert "䶮㐀" in printed(pdf(paper(addressee="䶮㐀"), fonts=FONTS))


def test_an_installation_without_faces_says_so(tmp_path: Path) -> None:
    with pytest.raises(FontsMissing, match="没有可用来排 PDF 的字体"):
        pdf(paper(), fonts=tmp_path / "none")


def test_many_rows_break_over_pages_with_their_head() -> None:
    data = pdf(bulletin(rows=80), fonts=FONTS)
    reader = pypdf.PdfReader(io.BytesIO(data))
    heads = [page.extract_text().count("承诺") for page in reader.pages]
    assert len(heads) >= 4
    assert sum(heads) >= 3


# ── another program ──────────────────────────────────────────────────────────────────────────────


OUR_FACES = """<fontconfig><dir>{fonts}</dir><cachedir>{cache}</cachedir></fontconfig>"""
"""A machine that only tests has no Chinese faces; without one LibreOffice prints no text."""


@pytest.mark.slow
def test_libreoffice_opens_it_with_the_right_margins(tmp_path: Path) -> None:
    soffice = writer.find()
    if soffice is None:
        pytest.skip("LibreOffice Writer is not installed, so nothing opened the file")
    (tmp_path / "paper.docx").write_bytes(word(bulletin(rows=40)))
    faces = tmp_path / "fonts.conf"
    faces.write_text(OUR_FACES.format(fonts=FONTS, cache=tmp_path / "cache"), encoding="utf-8")
    profile = f"-env:UserInstallation=file://{tmp_path}/profile"
    subprocess.run(
        [soffice, "--headless", profile, "--convert-to", "pdf", "paper.docx"],
        cwd=tmp_path,
        env={**os.environ, "FONTCONFIG_FILE": str(faces)},
        check=True,
        capture_output=True,
        timeout=180,
    )
    reader = pypdf.PdfReader(tmp_path / "paper.pdf")
    box = reader.pages[0].mediabox
    assert (round(float(box.width)), round(float(box.height))) == (595, 842)
    assert "大政督〔2024〕3号" in re.sub(r"\s", "", reader.pages[0].extract_text())
    lefts: list[float] = []

    def look(text: str, _cm: object, tm: list[float], _font: object, _size: float) -> None:
        if text.strip():
            lefts.append(tm[4])

    reader.pages[0].extract_text(visitor_text=look)
    assert min(lefts) >= 28 * POINTS_A_MM - 1


def test_the_qr_holds_the_whole_address() -> None:
    assert CODE in ADDRESS
    xml = part(word(bulletin()), "word/document.xml")
    assert "pic:pic" in xml
    assert "https://yinuo.example.cn/ledger/check/" in xml
