"""Two slides for an item of the demo, made from what the item says: what to bring, how it goes."""

import tempfile
from dataclasses import replace
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

import typst
from django.conf import settings

from yinuo.cases.items.attachments import looked_at
from yinuo.cases.items.definition import ItemDefinition, Material, Medium, Step
from yinuo.cases.items.lengths import said
from yinuo.kernel.canonical import Canonical, canonical_bytes
from yinuo.kernel.filestore import FileStore

PAGE = Path(__file__).with_name("slides.typ")
NAME = "怎样办.pdf"


def with_slides(item: ItemDefinition, *, store: FileStore, made_at: datetime) -> ItemDefinition:
    """The item with its slides, which are put into the store."""
    data = slides(item, made_at=made_at)
    facts = looked_at("slides", NAME, BytesIO(data))
    store.put(BytesIO(data))
    medium = Medium(
        name=NAME,
        kind="slides",
        sha256=facts.sha256,
        media_type=facts.media_type,
        size=facts.size,
    )
    return replace(item, media=(*item.media, medium))


def slides(item: ItemDefinition, *, made_at: datetime) -> bytes:
    """A PDF of two pages, the same bytes each time, with the faces of the installation alone."""
    fonts = typst.Fonts(
        include_system_fonts=False,
        include_embedded_fonts=False,
        font_paths=[settings.YINUO_FONTS],
    )
    promised, legal = said(item.promised_limit), said(item.legal_limit)
    data: dict[str, Canonical] = {
        "families": list[Canonical](sorted(fonts.families())),
        "name": item.name,
        "unit": item.unit,
        "foot": f"承诺 {promised}，法定 {legal}　咨询 {item.phone}",
        "bring": f"要带 {len(item.materials)} 份材料",
        "how": f"怎样办，{len(item.steps)} 步",
        "materials": list[Canonical](map(_material, item.materials)),
        "steps": list[Canonical](map(_step, item.steps)),
        "simulated": item.simulated,
    }
    with tempfile.TemporaryDirectory(prefix="yinuo-slides-") as folder:
        root = Path(folder)
        (root / "data.json").write_bytes(canonical_bytes(data))
        (root / "slides.typ").write_bytes(PAGE.read_bytes())
        return typst.compile(
            root / "slides.typ",
            root=root,
            font_paths=fonts,
            format="pdf",
            pdf_standards="a-2b",
            package_path=root,
            package_cache_path=root,
            timestamp=int(made_at.astimezone(UTC).timestamp()),
        )


def _material(one: Material) -> str:
    """A document with what spares one from bringing it."""
    if one.held_by:
        return f"{one.name}：不用带，从{one.held_by}取得"
    if one.declarable:
        return f"{one.name}：可以用承诺书代替"
    if one.deferrable:
        return f"{one.name}：可以先受理，{said(one.deferral)}内补"
    return one.name


def _step(one: Step) -> str:
    return f"{one.name}（{said(one.limit)}）" if one.limit else one.name
