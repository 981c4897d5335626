"""Writing the workbook of indicators: the same content always gives the same bytes. Pure."""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any, TypeAlias

import xlsxwriter

from yinuo.goals.indicators.checks import NewFigure
from yinuo.goals.indicators.defining import NewBinding, NewIndicator
from yinuo.goals.indicators.layout import (
    BINDINGS,
    FIGURES,
    INDICATORS,
    INTRODUCTION,
    NO,
    SHEETS,
    Column,
    written_wider,
)
from yinuo.goals.indicators.periods import Grain
from yinuo.goals.workbook.figures import fits_cell, written_figure

Untyped: TypeAlias = Any  # xlsxwriter is untyped
DAYS = frozenset({"first", "last", "published"})
NUMBERS = frozenset({"value", "numerator", "denominator"})
SPARE_ROWS = 200
LONGEST_LIST = 255
HOW_TO = (
    ("指标", "每个指标一行：口径、单位、频率、值的类型、来源、由谁答复。"),
    ("数据", "一行一个数：哪个指标、谁的、哪一期、多少。缺的就没有这一行，不填 0。"),
    ("绑定", "哪个承诺随哪个指标更新进展；没有就空着。"),
    ("", ""),
    ("怎样填", "第 1 行是表头，名称不能改，次序可以变；鼠标停在表头上看填法。"),
    ("", "不合并单元格，不用公式；数值只写数，单位写在“计量单位”列，与指标差万、亿的会换算。"),
    ("", "改已有的数：在“状态”写修订；旧的一版保留。没有写明的，检查时会问。"),
    ("怎样导入", "yinuo indicators check 文件，再 yinuo indicators import 文件 --by 用户名。"),
)


def indicator_row(one: NewIndicator) -> dict[str, str]:
    """An indicator as the cells of a row: field → stored text."""
    return {
        **{k: str(v) for k, v in vars(one).items() if isinstance(v, str)},
        "additive": "yes" if one.additive else "",
        "simulated": "yes" if one.simulated else "",
        "base_year": str(one.base_year or ""),
        "wider": written_wider(one.wider),
        "near_names": "、".join(one.near_names),
    }


def figure_row(one: NewFigure) -> dict[str, str]:
    """A figure as the cells of a row; its unit of measure is given apart."""
    named = one.period.grain == Grain.NAMED
    return {
        **{k: str(v) for k, v in vars(one).items() if isinstance(v, str)},
        "period": one.period.key.replace(":", "") if named else one.period.key,
        "first": one.period.first.isoformat() if named else "",
        "last": one.period.last.isoformat() if named else "",
        "published": one.published.isoformat() if one.published else "",
        "implied": "yes" if one.implied else "",
        "simulated": "yes" if one.simulated else "",
    }


def binding_row(one: NewBinding) -> dict[str, str]:
    """A binding as the cells of a row."""
    named = one.period.grain == Grain.NAMED
    return {
        "commitment": one.commitment,
        "indicator": one.indicator,
        "subject": one.subject,
        "period": one.period.key.replace(":", "") if named else one.period.key,
        "first": one.period.first.isoformat() if named else "",
        "last": one.period.last.isoformat() if named else "",
    }


Rows: TypeAlias = Iterable[Mapping[str, str]]


def write_indicators(
    path: Path | None,
    indicators: Rows = (),
    figures: Rows = (),
    bindings: Rows = (),
    *,
    made_at: datetime,
    demo: bool = False,
) -> bytes:
    """The workbook of these rows, written to `path` where one is given, and returned.

    A row is field → text as in `layout`, such as `{"indicator": "GDP", "series": "actual"}`; words
    of a choice may be stored values or the words themselves. The same rows and `made_at` always
    give the same bytes. With none it is the template.
    """
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True})
    book.set_properties({"title": "指标", "created": made_at.replace(tzinfo=None)})
    formats = {
        "header": book.add_format(
            {"bold": True, "bg_color": "#1F3B57", "font_color": "#FFFFFF", "text_wrap": True}
        ),
        "text": book.add_format({"num_format": "@", "text_wrap": True, "valign": "top"}),
        "number": book.add_format({"num_format": "General", "valign": "top"}),
        "day": book.add_format({"num_format": "yyyy-mm-dd", "valign": "top"}),
        "warning": book.add_format({"bold": True, "font_color": "#B00020", "text_wrap": True}),
        "plain": book.add_format({"text_wrap": True, "valign": "top"}),
    }
    _introduce(book.add_worksheet(INTRODUCTION), formats, demo=demo)
    contents: dict[str, Rows] = {INDICATORS: indicators, FIGURES: figures, BINDINGS: bindings}
    for name, columns in SHEETS.items():
        _fill(book.add_worksheet(name), columns, contents[name], formats)
    book.close()
    data = buffer.getvalue()
    if path is not None:
        path.write_bytes(data)
    return data


def _introduce(sheet: Untyped, formats: Mapping[str, Untyped], *, demo: bool) -> None:
    sheet.set_column(0, 0, 14)
    sheet.set_column(1, 1, 90)
    row = 0
    if demo:
        sheet.write_string(0, 1, "演示数据：其中模拟的行在“演示数据”列标明", formats["warning"])
        row = 2
    for name, text in HOW_TO:
        sheet.write_string(row, 0, name, formats["plain"])
        sheet.write_string(row, 1, text, formats["plain"])
        row += 1


def _fill(
    sheet: Untyped, columns: Sequence[Column], rows: Rows, formats: Mapping[str, Untyped]
) -> None:
    last = 0
    for number, column in enumerate(columns):
        sheet.write_string(0, number, column.header, formats["header"])
        hint = ("必填。" if column.required else "") + column.hint
        sheet.write_comment(0, number, hint, {"author": "一诺", "font_size": 9})
        kind = _format(sheet, column)
        sheet.set_column(number, number, column.width, formats[kind])
    for last, row in enumerate(rows, start=1):
        for number, column in enumerate(columns):
            _put(sheet, (last, number), column, row.get(column.field, ""), formats)
    for number, column in enumerate(columns):
        words = list(column.choices or ())
        if words and len(",".join(words)) <= LONGEST_LIST:
            sheet.data_validation(
                1, number, last + SPARE_ROWS, number, {"validate": "list", "source": words}
            )
    sheet.freeze_panes(1, 1)
    sheet.autofilter(0, 0, max(last, 1), len(columns) - 1)
    sheet.ignore_errors({"number_stored_as_text": f"A1:Z{last + SPARE_ROWS + 1}"})


def _format(sheet: Untyped, column: Column) -> str:
    if column.field in DAYS:
        return "day"
    of_figures = sheet.get_name() == FIGURES
    return "number" if of_figures and column.field in NUMBERS else "text"


def _put(
    sheet: Untyped,
    at: tuple[int, int],
    column: Column,
    text: str,
    formats: Mapping[str, Untyped],
) -> None:
    kind = _format(sheet, column)
    if column.choices is not None:
        text = _said(column, text)
    if not text:
        return
    if kind == "day":
        sheet.write_datetime(*at, date.fromisoformat(text), formats[kind])
    elif kind == "number" and _is_plain_number(text) and fits_cell(text):
        sheet.write_number(*at, float(text), formats[kind])
    else:
        sheet.write_string(*at, text, formats["text"])


def _is_plain_number(text: str) -> bool:
    """Whether it is a number as it is stored; what is none stays as it was written."""
    read = written_figure(text)
    return read is not None and read.value == text


def _said(column: Column, stored: str) -> str:
    """The word of a stored value; what is a word already stays. 否 is left empty."""
    choices = column.choices or {}
    if stored in choices:
        return "" if stored == NO else stored
    word = next((word for word, value in choices.items() if value == stored), "")
    return "" if word == NO else word


def write_csv(columns: Sequence[Column], rows: Rows) -> bytes:
    """The same rows as a CSV that Excel opens with its characters right (UTF-8 with BOM)."""
    lines = [
        [_said(c, row.get(c.field, "")) if c.choices else row.get(c.field, "") for c in columns]
        for row in rows
    ]
    return table_csv([[column.header for column in columns], *lines])


def table_csv(table: Iterable[Sequence[str]]) -> bytes:
    """Any table as such a CSV; what a spreadsheet would run as a formula is made harmless."""
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer)
    for row in table:
        writer.writerow([_harmless(text) for text in row])
    return b"\xef\xbb\xbf" + buffer.getvalue().encode()


def _harmless(text: str) -> str:
    """A text that begins like a formula gets an apostrophe; a number may be negative."""
    if text[:1] in ("=", "+", "@", "\t", "\r"):
        return "'" + text
    is_number = text[1:2].isdigit()
    return "'" + text if text[:1] == "-" and not is_number else text
