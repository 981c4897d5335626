"""A paper as PDF/A-2b, set by Typst with the faces of the installation alone.

Typst reads no face of the system and no file but those put into a folder of its own, and fetches
nothing. What people wrote never becomes markup: it goes in as data, in a JSON beside the page.
"""

import tempfile
from datetime import UTC, datetime, time
from functools import lru_cache
from pathlib import Path

import segno
import typst

from yinuo.kernel.canonical import Canonical, canonical_bytes
from yinuo.kernel.faces import faces_in, lacking
from yinuo.supervision.errors.papers import FontsMissing, NoGlyph
from yinuo.supervision.papers.layout import (
    WIDTH_MM,
    head_size,
    signature_indents,
    table_point_size,
    title_lines,
)
from yinuo.supervision.papers.paper import (
    Block,
    Heading,
    Note,
    Paper,
    Table,
    check_lines,
    numbered,
    printed_text,
)

PAGE = Path(__file__).with_name("paper.typ")
PREFERRED = "Noto Serif SC"
POINTS_A_MM = 72 / 25.4
OURS = "附件：（）抄送，。演示数据一二三四五六七八九十、—0123456789年月日存证校验码核对网址数据来源"
"""Characters that we add to what people wrote."""


def pdf(paper: Paper, *, fonts: Path) -> bytes:
    """The paper as PDF/A-2b, the same bytes each time. `fonts` is the folder of the faces.

    Typst has one face here, so headings are told apart by weight where Word has 黑体 and 楷体.
    Raises `FontsMissing`, and `NoGlyph` with the characters that would print as boxes.
    """
    faces = faces_in(fonts)
    if not faces:
        raise FontsMissing(str(fonts))
    without = lacking(printed_text(paper) + OURS, fonts)
    if without:
        raise NoGlyph("".join(paper.title.splitlines()), without)
    known = _known(fonts, faces)
    families = sorted(known.families(), key=lambda name: (name != PREFERRED, name))
    with tempfile.TemporaryDirectory(prefix="yinuo-paper-") as folder:
        root = Path(folder)
        (root / "data.json").write_bytes(canonical_bytes(_data(paper, families)))
        (root / "paper.typ").write_bytes(PAGE.read_bytes())
        if paper.check_address:
            segno.make_qr(paper.check_address, error="m").save(str(root / "qr.svg"), border=2)
        return typst.compile(
            root / "paper.typ",
            root=root,
            font_paths=known,
            format="pdf",
            pdf_standards="a-2b",
            package_path=root,
            package_cache_path=root,
            timestamp=int(datetime.combine(paper.signed_date, time(), tzinfo=UTC).timestamp()),
        )


@lru_cache(maxsize=4)
def _known(fonts: Path, _faces: tuple[Path, ...]) -> typst.Fonts:
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[fonts])


def _data(paper: Paper, families: list[str]) -> dict[str, Canonical]:
    right_of_signer, right_of_date = signature_indents(paper.signer, paper.dated)
    only = len(paper.attachments) == 1
    organ = paper.organ if paper.red_head else ""
    return {
        "families": families,
        "name": "".join(paper.title.splitlines()),
        "organ": organ,
        "head_size": str(head_size(paper.organ, WIDTH_MM * POINTS_A_MM)),
        "number": paper.number,
        "title": title_lines(paper.title),
        "addressee": f"{paper.addressee}：" if paper.addressee else "",
        "blocks": [part for block in numbered(paper.blocks) for part in _parts(block)],
        "attachments": [
            name if only else f"{number}. {name}"
            for number, name in enumerate(paper.attachments, start=1)
        ],
        "signer": paper.signer,
        "dated": paper.dated,
        "right_of_signer": str(right_of_signer),
        "right_of_date": str(right_of_date),
        "contact": paper.contact,
        "copies": f"抄送：{'，'.join(paper.copies)}。" if paper.copies else "",
        "simulated": paper.simulated,
        "check": check_lines(paper),
        "qr": bool(paper.check_address),
    }


def _parts(block: Block) -> list[dict[str, Canonical]]:
    match block:
        case Table():
            columns: list[Canonical] = [
                {"title": c.title, "width": c.width, "align": c.align.value} for c in block.columns
            ]
            rows: list[Canonical] = [list(row) for row in block.rows]
            size = str(table_point_size(block.columns))
            return [
                {
                    "kind": "table",
                    "caption": block.caption,
                    "columns": columns,
                    "rows": rows,
                    "size": size,
                }
            ]
        case Heading():
            return [{"kind": "heading", "level": block.level, "text": block.text}]
        case Note():
            return [{"kind": "note", "text": block.text}]
        case _:
            return [{"kind": "text", "text": line} for line in block.text.splitlines()]
