"""The catalogue as a workbook: a row a source, a row a field, as data bureaus collect it. Pure.

Source of the columns and of the letters of the types: 政务信息资源目录编制指南（试行）,
发改高技〔2017〕1272号.
"""

import io
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from types import MappingProxyType
from typing import Any, TypeAlias

import xlsxwriter

from yinuo.credit.catalogue.words import CYCLES, OPENING, SHARING
from yinuo.lake.records.description import (
    CatalogueEntry,
    Disclosure,
    Field,
    Openness,
    SourceDescription,
    Type,
)

Untyped: TypeAlias = Any  # xlsxwriter is untyped
FONT = "Microsoft YaHei"
TITLE, RESOURCES, ITEMS = "说明", "数据目录", "信息项"
UNSAID = "未填写"
TYPES: Mapping[Type, str] = MappingProxyType(
    {Type.DATE: "日期型D", Type.AMOUNT: "货币型Y", Type.NUMBER: "整型I"}
)
TEXT = "字符型C"
LENGTHS: Mapping[Type, int] = MappingProxyType(
    {Type.USCC: 18, Type.ORGANISATION: 9, Type.REGISTRATION: 15, Type.TAX: 20, Type.RID: 18}
)
HOW_TO = (
    "“数据目录”一行一个数据源，“信息项”一行一个字段，资源代码对上两张表。",
    "共享属性、开放属性、更新周期写“代码 名称”；各平台的代码不尽相同，导入时请对照。",
    "字段写明只用来关联的（disclosure = nobody），一律不予共享。",
    f"写“{UNSAID}”的，来源说明（content/sources/）里还没有 [catalogue]，请补上。",
    "记录数是各批接收的行数合计，含更正；最近更新是最近一批装入的日子。",
)
SIMULATED = "演示数据：标明“演示数据”的数据源装的是编造的记录，记录数和最近更新不是任何单位的实情。"


@dataclass(frozen=True, kw_only=True)
class Resource:
    """One source as the catalogue has it."""

    source: SourceDescription
    owner_name: str
    last: date | None
    """The day of the newest delivery."""
    accepted: int
    simulated: bool


Column: TypeAlias = tuple[str, int, Callable[[Resource], str | int]]
"""Heading, width in characters, and the cell."""
ItemColumn: TypeAlias = tuple[str, int, Callable[[Resource, Field], str]]


def _said(say: Callable[[CatalogueEntry], str]) -> Callable[[Resource], str]:
    """A cell of what was put down, or that it was not."""
    return lambda one: say(one.source.catalogue) if one.source.catalogue else UNSAID


RESOURCE_COLUMNS: tuple[Column, ...] = (
    ("资源代码", 24, lambda one: one.source.id),
    ("资源名称", 24, lambda one: one.source.name),
    ("资源提供方", 26, lambda one: one.owner_name),
    ("提供方代码", 12, lambda one: one.source.owner),
    ("来源系统", 24, lambda one: one.source.system),
    ("资源摘要", 44, lambda one: one.source.about),
    ("资源格式", 10, lambda one: "数据库" if one.source.table else "文件"),
    ("共享属性", 14, _said(lambda entry: " ".join(SHARING[entry.sharing]))),
    ("共享条件（不予共享的依据）", 36, _said(lambda entry: entry.sharing_terms)),
    ("开放属性", 14, _said(lambda entry: " ".join(OPENING[entry.opening]))),
    ("开放条件（不予开放的依据）", 36, _said(lambda entry: entry.opening_terms)),
    ("更新周期", 10, _said(lambda entry: " ".join(CYCLES[entry.cycle]))),
    ("报送方式", 10, lambda one: "全量" if one.source.delivery == "full" else "增量"),
    ("最近更新", 12, lambda one: one.last.isoformat() if one.last else ""),
    ("记录数", 12, lambda one: one.accepted),
    ("备注", 12, lambda one: "演示数据" if one.simulated else ""),
)
ITEM_COLUMNS: tuple[ItemColumn, ...] = (
    ("资源代码", 24, lambda one, _: one.source.id),
    ("资源名称", 24, lambda one, _: one.source.name),
    ("信息项名称", 28, lambda _, field: field.label),
    ("英文名", 22, lambda _, field: field.name),
    ("数据类型", 10, lambda _, field: TYPES.get(field.type, TEXT)),
    ("长度", 8, lambda _, field: _length(field)),
    ("计量单位", 10, lambda _, field: "分" if field.type is Type.AMOUNT else ""),
    ("主键", 8, lambda one, field: "是" if field.name in one.source.key else ""),
    ("必填", 8, lambda _, field: "是" if field.required else ""),
    ("共享属性", 14, lambda one, field: _sharing(one.source, field)),
)


def write_catalogue(resources: Sequence[Resource], *, made_at: datetime) -> bytes:
    """The workbook; the same sources and `made_at` always give the same bytes."""
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True})
    title = "信用数据资源目录"
    book.set_properties({"title": title, "created": made_at.replace(tzinfo=None)})
    base = {"font_name": FONT, "font_size": 10, "valign": "top", "text_wrap": True}
    text = book.add_format({**base, "num_format": "@"})
    number = book.add_format({**base, "num_format": "#,##0"})
    head = book.add_format({**base, "bold": True, "font_color": "#FFFFFF", "bg_color": "#1F4E79"})
    page = book.add_worksheet(TITLE)
    page.set_column(0, 0, 100)
    simulated = any(one.simulated for one in resources)
    for at, line in enumerate((title, *((SIMULATED,) if simulated else ()), *HOW_TO)):
        page.write_string(at, 0, line, text)
    rows = ([cell(one) for _, _, cell in RESOURCE_COLUMNS] for one in resources)
    _fill(book.add_worksheet(RESOURCES), RESOURCE_COLUMNS, rows, head, text, number)
    _fill(book.add_worksheet(ITEMS), ITEM_COLUMNS, _items(resources), head, text, number)
    book.get_worksheet_by_name(RESOURCES).activate()
    book.close()
    return buffer.getvalue()


def _items(resources: Sequence[Resource]) -> Iterator[list[str]]:
    for one in resources:
        for field in one.source.fields:
            yield [cell(one, field) for _, _, cell in ITEM_COLUMNS]


def _fill(  # noqa: PLR0917  # two calls, above
    page: Untyped,
    columns: Sequence[tuple[str, int, object]],
    rows: Iterable[Sequence[str | int]],
    head: Untyped,
    text: Untyped,
    number: Untyped,
) -> None:
    for at, (heading, width, _) in enumerate(columns):
        page.write_string(0, at, heading, head)
        page.set_column(at, at, width, text)
    last = 0
    for last, row in enumerate(rows, start=1):
        for at, cell in enumerate(row):
            if isinstance(cell, int):
                page.write_number(last, at, cell, number)
            elif cell:
                page.write_string(last, at, cell, text)
    page.freeze_panes(1, 2)
    page.autofilter(0, 0, last, len(columns) - 1)


def _length(field: Field) -> str:
    if field.type in TYPES:
        return ""
    return str(LENGTHS.get(field.type, field.longest))


def _sharing(source: SourceDescription, field: Field) -> str:
    if field.disclosure is Disclosure.NOBODY:
        return " ".join(SHARING[Openness.NONE])
    return " ".join(SHARING[source.catalogue.sharing]) if source.catalogue else UNSAID
