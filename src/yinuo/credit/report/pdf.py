"""A report as PDF/A-2b, set by Typst with the faces of the installation alone.

Typst reads no face of the system and no file but those put into a folder of its own, and fetches
nothing. What sources wrote never becomes markup: it goes in as data, in a JSON beside the page.
A character that the faces lack is printed as 〓, and its code point is told at the end: a report
must not be impossible because of a rare character in a name.
"""

import tempfile
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, time
from functools import lru_cache
from pathlib import Path
from typing import Any

import segno
import typst

from yinuo.credit.errors.reports import FacesMissing
from yinuo.credit.report.document import SCOPES, Document
from yinuo.credit.report.sections import ADVICE
from yinuo.kernel.canonical import Canonical, canonical_bytes
from yinuo.kernel.faces import faces_in, lacking

PAGE = Path(__file__).with_name("report.typ")
GETA = "〓"
"""What printers set for a character that they lack."""


def pdf(document: Document, *, digest: str, check_address: str, fonts: Path) -> bytes:
    """The report as PDF/A-2b; the same report gives the same bytes.

    `check_address` is drawn as QR and leads to where the report is checked. Raises `FacesMissing`.
    """
    if not faces_in(fonts):
        raise FacesMissing(str(fonts))
    data = _data(document, digest, check_address, _known(fonts).families())
    without = lacking("".join(_texts(data)), fonts)
    if without:
        named = "、".join(f"U+{ord(char):04X}" for char in without)
        data = {
            **_printable(data, str.maketrans(dict.fromkeys(without, GETA))),
            "lacking": f"{GETA} 处是字体里没有的字：{named}",
        }
    return _set(canonical_bytes(data), check_address, document, fonts)


def _texts(value: Canonical) -> Iterator[str]:
    """All texts that stand in some data; what it names them by is not printed."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for each in value.values():
            yield from _texts(each)
    elif isinstance(value, Sequence):
        for each in value:
            yield from _texts(each)


def _printable(value: Any, table: Mapping[int, str]) -> Any:  # noqa: ANN401  # of the same shape
    """The same data with 〓 for what the faces lack."""
    if isinstance(value, str):
        return value.translate(table)
    if isinstance(value, Mapping):
        return {name: _printable(each, table) for name, each in value.items()}
    if isinstance(value, Sequence):
        return [_printable(each, table) for each in value]
    return value


def _set(data: bytes, check_address: str, document: Document, fonts: Path) -> bytes:
    with tempfile.TemporaryDirectory(prefix="yinuo-report-") as folder:
        root = Path(folder)
        (root / "data.json").write_bytes(data)
        (root / "report.typ").write_bytes(PAGE.read_bytes())
        segno.make_qr(check_address, error="m").save(str(root / "qr.svg"), border=2)
        made: bytes = typst.compile(
            root / "report.typ",
            root=root,
            font_paths=_known(fonts),
            format="pdf",
            pdf_standards="a-2b",
            package_path=root,
            package_cache_path=root,
            timestamp=int(datetime.combine(document.made_on, time(), tzinfo=UTC).timestamp()),
        )
    return made


@lru_cache(maxsize=4)
def _known(fonts: Path) -> typst.Fonts:
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[fonts])


def _data(
    document: Document, digest: str, check_address: str, families: list[str]
) -> dict[str, Canonical]:
    sections: list[Canonical] = [
        {
            "title": each.title,
            "empty": each.empty,
            "facts": [
                {
                    "head": f"{fact.kind_label} {fact.title}",
                    "lines": [[line.label, line.text] for line in fact.lines],
                    "source": f"来源：{fact.owner_name}（{fact.source_name}），"
                    f"{fact.first_seen} 首次归集",
                    "public": f"{fact.publicity}。{fact.term.why}",
                    "marks": "；".join(fact.marks),
                }
                for fact in each.facts
            ],
        }
        for each in document.sections
    ]
    more = f"另有 {document.more:,} 条较早的记录未逐条列出。" if document.more else ""
    return {
        "families": list(families),
        "number": document.number,
        "made": document.made_on.isoformat(),
        "issuer": document.issuer,
        "subject": [
            ["名称", document.subject_name],
            ["主体类别", document.subject_kind],
            ["号码", document.subject_number],
            ["范围", SCOPES[document.scope]],
            ["数据版本", f"第 {document.release} 版，{document.released_on} 发布"],
        ],
        "sections": sections,
        "advice_title": ADVICE,
        "advice": list(document.advice),
        "more": more,
        "digest": digest,
        "address": check_address.partition("?")[0],
        "simulated": document.simulated,
        "lacking": "",
    }
