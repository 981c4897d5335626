"""A snapshot as an Excel workbook: every figure with its number, every item, as frozen."""

import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from yinuo.supervision.snapshots.compose import ITEM_RULES, UNIT_RULES
from yinuo.supervision.snapshots.content import COUNTS, Annex, Content, Figures, Ranked

Value = str | int
HEAD_ROW = 2
WIDEST, NARROWEST = 60, 8
MOST_NAME = 31
LIGHTS = ("red", "yellow", "green", "undetermined")


@dataclass(frozen=True)
class Sheet:
    """One sheet: its name, what stands above the heads, and its rows."""

    name: str
    remark: str
    columns: Sequence[str]
    rows: Sequence[Sequence[Value]]


@dataclass(frozen=True)
class Looks:
    """How cells of the three sorts look."""

    strong: Format
    head: Format
    wrapped: Format


def workbook(content: Content, *, meeting: str) -> bytes:
    """The whole snapshot as .xlsx; the same bytes each time."""
    file = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(file, options) as book:
        taken = datetime.combine(date.fromisoformat(content.as_of), time())
        book.set_properties({"title": f"调度会数据 {content.code}", "created": taken})
        looks = Looks(
            strong=book.add_format({"bold": True}),
            head=book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"}),
            wrapped=book.add_format({"text_wrap": True, "valign": "top"}),
        )
        demo = "　演示数据" if content.simulated else ""
        title = f"{meeting}　{content.code}　截至 {content.as_of}{demo}"
        for sheet in _sheets(content):
            _write(book.add_worksheet(sheet.name), sheet, title, looks)
    return file.getvalue()


def _write(page: Worksheet, sheet: Sheet, title: str, looks: Looks) -> None:
    page.write_string(0, 0, title, looks.strong)
    page.write_string(1, 0, sheet.remark)
    page.freeze_panes(HEAD_ROW + 1, 0)
    page.repeat_rows(0, HEAD_ROW)
    page.set_landscape()
    page.set_paper(9)
    page.fit_to_pages(1, 0)
    for index, label in enumerate(sheet.columns):
        longest = max((_width(row[index]) for row in sheet.rows[:500]), default=0)
        page.set_column(index, index, min(max(longest, _width(label), NARROWEST), WIDEST))
        page.write_string(HEAD_ROW, index, label, looks.head)
    for number, row in enumerate(sheet.rows, start=HEAD_ROW + 1):
        for index, value in enumerate(row):
            if isinstance(value, int):
                page.write_number(number, index, value)
            elif value:
                page.write_string(number, index, value, looks.wrapped)
    if sheet.rows:
        page.autofilter(HEAD_ROW, 0, HEAD_ROW + len(sheet.rows), len(sheet.columns) - 1)


def _width(value: Value) -> int:
    return sum(1 if each.isascii() else 2 for each in str(value)) + 2


def _sheets(content: Content) -> Iterator[Sheet]:
    yield _about(content)
    heads = ["数据编号", "名称", *COUNTS.values()]
    numbers = f"一个数的编号：{content.code}/〔数据编号〕/〔列〕，见“数据编号”表"
    yield Sheet("单位", numbers, ["单位代码", *heads], [_counts(p) for p in content.units])
    yield Sheet("目标", numbers, ["目标代码", *heads], [_counts(p) for p in content.goals])
    yield _cells(content)
    yield Sheet(
        "变化",
        f"与 {content.previous}（截至 {content.previous_as_of}）相比"
        if content.previous
        else "第一次，没有可以比较的数据",
        ["编号", "内容", "责任单位", "变化", "上次", "本次"],
        [(s.code, s.title, s.unit_name, s.what, s.before, s.after) for s in content.steps],
    )
    yield _ranked("先进单位", UNIT_RULES["best"], content.best_units)
    yield _ranked("滞后单位", UNIT_RULES["worst"], content.worst_units)
    yield _ranked("完成较好的事项", ITEM_RULES["best"], content.best_items)
    yield _ranked("滞后的事项", ITEM_RULES["worst"], content.worst_items)
    for place, annex in enumerate(content.annexes, start=1):
        rows = [[_number(value) for value in row] for row in annex.rows]
        yield Sheet(_sheet_name(annex, place), annex.note, annex.columns, rows)
    yield _items(content)
    yield Sheet(
        "数据编号",
        "板报、通报和本工作簿里的同一个数，编号相同",
        ["数据编号", "内容", "数"],
        list(content.numbered()),
    )


def _about(content: Content) -> Sheet:
    rows = [
        ("编号", content.code),
        ("督查单位", content.office_name),
        ("截至", content.as_of),
        ("生成于（UTC）", content.taken_at),
        ("灯的规则表版本", content.lights_edition or "没有规则表"),
        ("账本已封存条数", content.log_size),
        ("账本根", content.log_root),
        ("存证校验码", content.check_code or "尚未封存"),
        ("上一次", content.previous or "无"),
        *((label, getattr(content.total, name)) for name, label in COUNTS.items()),
    ]
    return Sheet("总体", f"数据编号 {content.code}/total", ["项目", "值"], rows)


def _counts(part: Figures) -> list[Value]:
    return [part.code, part.key, part.name, *(getattr(part, name) for name in COUNTS)]


def _cells(content: Content) -> Sheet:
    units = {part.code: part.name for part in content.units}
    goals = {part.code: part.name for part in content.goals}
    rows = [
        (
            cell.unit,
            units.get(cell.unit, cell.unit),
            cell.goal,
            goals.get(cell.goal, cell.goal),
            *(getattr(cell, colour) for colour in LIGHTS),
        )
        for cell in content.cells
    ]
    heads = ["单位代码", "单位", "目标代码", "目标", *(COUNTS[colour] for colour in LIGHTS)]
    return Sheet("单位×目标", "各单位在各目标下的灯", heads, rows)


def _ranked(name: str, rule: str, ranked: Sequence[Ranked]) -> Sheet:
    rows = [(n, r.code, r.name, r.unit_name, r.reason) for n, r in enumerate(ranked, start=1)]
    return Sheet(name, f"排列规则：{rule}", ["序号", "编号", "名称", "责任单位", "依据"], rows)


def _items(content: Content) -> Sheet:
    goals = {part.code: part.name for part in content.goals}
    heads = (
        *("编号", "类型", "内容", "目标", "责任单位", "承诺量", "原定时限", "完成时限", "申报完成"),
        *("状态", "调整次数", "公开", "灯", "灯的理由"),
    )
    rows = [
        (
            *(item.code, item.kind, item.title, goals.get(item.goal, "")),
            *(item.unit_name, item.terms, item.due_original, item.due, item.delivered),
            *(item.state_label, item.moved, "是" if item.public else "否"),
            *(item.light_word, item.reason),
        )
        for item in content.items
    ]
    return Sheet("事项清单", "每一项承诺在生成时的状态", heads, rows)


def _sheet_name(annex: Annex, place: int) -> str:
    """Its title as Excel takes it: short, without the marks it keeps for itself, like no other."""
    plain = re.sub(r"[\[\]:*?/\\']", " ", annex.title)
    return f"附{place} {plain}"[:MOST_NAME].strip()


def _number(value: str) -> Value:
    return int(value) if value.isascii() and value.isdigit() else value
