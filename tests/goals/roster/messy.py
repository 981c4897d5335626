"""A 台账 as offices really keep it, of any number of rows; with eleven cells that are wrong.

Two header rows, merged cells, sections and subtotals in the middle, a hidden column, deadlines,
units and figures in every spelling. All of it is made up; only the units are those of Dalian.
"""

import csv
import io
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import xlsxwriter
from xlsxwriter.utility import xl_rowcol_to_cell

from yinuo.commitments.commands.register import NewDocument
from yinuo.goals.roster.mapping import Defaults
from yinuo.parties.commands import NewUnit

UNITS_FILE = Path(__file__).parents[3] / "content" / "goals" / "dalian-2024" / "units.csv"
SHEET = "重点任务台账"
FILE = "2024年重点任务台账.xlsx"
YEAR = 2024
OFFICE = "210200-DC"
TITLE = "大连市2024年重点工作任务台账"
HEADER_FIRST, HEADER_LAST = 3, 4
SECTIONS = ("产业发展", "城乡建设", "改革开放", "民生保障", "生态环境", "营商环境")
LEAST_ROWS = 60
TASKS = (
    "推进{n}号园区基础设施建设",
    "组织第{n}批企业技术改造",
    "办好第{n}场招商推介活动",
    "完成{n}号老旧小区改造",
    "建成{n}号口袋公园",
    "编制第{n}号专项规划",
    "整治{n}号入海排污口",
    "开展第{n}期职业技能培训",
)
LEADS = (
    "大连市人社部门",
    "市市场监管部门",
    "中山区",
    "甘井子区政府",
    "旅顺口区",
    "大连高新区管委会",
    "金普新区",
    "市政府口岸办",
    "瓦房店市政府",
    "牵头：市人社局；配合：沙河口区、西岗区",
    "庄河市、普兰店区",
    "（市政府新闻办牵头，中山区、西岗区配合）",
)
HELPERS = (
    "",
    "西岗区、沙河口区",
    "普兰店区，庄河市",
    "长海县；保税区管委会",
    "各区市县政府、先导区管委会",
    "大连市市场监管部门\n大连市政府口岸办",
    "各有关部门",
)
DUES: tuple[str | int | date, ...] = (
    date(2024, 6, 30),
    "2024.6.30",
    "2024年9月底",
    "6月底前",
    "2024/11/30",
    20241231,
    "3-5月",
    "全年",
    "持续推进",
    "二季度末",
    "上半年",
    "12月31日前完成",
    "",
    "年底前",
)
FIGURES: tuple[tuple[str | int | float, str], ...] = (
    (60, "个"),
    ("3800个（含续建）", ""),
    ("≥14%", ""),
    ("约200万元", ""),
    ("增长6%以上", ""),
    ("主体封顶", ""),
    ("", ""),
    (0.95, "%"),
    ("3,800", "户"),
    ("320万份", "万份"),
    ("完成投资5亿元，主体封顶", ""),
    ("不超过3%", ""),
)
SOURCES = ("政府工作报告", "《2024年行动方案》", "大政发〔2024〕3号", "")
REMARKS = ("", "", "按月调度", "续建项目", "涉及两个街道")
EMPTY: Any = ""
NOT_AVAILABLE = "#N/A"


def units() -> tuple[NewUnit, ...]:
    """The units of the Dalian plan."""
    with UNITS_FILE.open(encoding="utf-8", newline="") as file:
        return tuple(
            NewUnit(
                code=row["code"],
                name=row["name"],
                kind=row["kind"],
                gb_code=row["gb_code"],
                parent=row["parent"] or None,
            )
            for row in csv.DictReader(file)
        )


def defaults(**other: Any) -> Defaults:
    """What the messy sheet does not say."""
    plain: dict[str, Any] = {
        "plan": "DL2024-TZ",
        "title": TITLE,
        "office": OFFICE,
        "document": NewDocument(
            code="DL2024-TZ-FA", title="2024年重点工作任务分工方案", kind="方案"
        ),
        "year": YEAR,
        "prefix": "TZ",
    }
    return Defaults(**{**plain, **other})


@dataclass(frozen=True)
class Wrong:
    """A cell that nothing can read, and what to write instead."""

    task: int
    """Number of the task, from 1."""
    column: str
    rule: str
    value: Any
    mended: Any
    beside: Mapping[str, Any] = field(default_factory=dict)
    """What stands in other cells of the same row."""


WRONG = (
    Wrong(7, "K", "GOALS-E069", date(2024, 3, 5), "3-5月"),
    Wrong(12, "K", "GOALS-E023", "按时完成", "年底前"),
    Wrong(18, "K", "GOALS-E023", "6月前", "6月底前"),
    Wrong(23, "K", "GOALS-E023", "2024年2月30日", "2024年2月29日"),
    Wrong(27, "I", "GOALS-E025", "60-80个", "60个", {"J": "个"}),
    Wrong(31, "I", "GOALS-E017", NOT_AVAILABLE, "45个", {"J": "个"}),
    Wrong(36, "E", "GOALS-E068", "中心区", "中山区"),
    Wrong(41, "F", "GOALS-E068", "旅顺区、西岗区", "旅顺口区、西岗区"),
    Wrong(45, "A", "GOALS-E066", 44, 45),
    Wrong(50, "C", "GOALS-E020", EMPTY, "整治50号入海排污口"),
    Wrong(55, "I", "GOALS-E029", "200万元", "200个", {"J": "个"}),
)
"""Eleven, in the order of the rows."""
WIDTHS = {"A": 6, "B": 18, "C": 36, "D": 30, "E": 20, "F": 24, "G": 10, "H": 16, "N": 18}
LETTERS = "ABCDEFGHIJKLMN"


@dataclass(frozen=True)
class Messy:
    """The workbook with what is in it."""

    data: bytes
    rows: Mapping[int, int]
    """Number of a task → row of the sheet."""
    wrong: tuple[tuple[str, str], ...]
    """Code of the rule and address, such as `("GOALS-E023", "K17")`, in the order of the sheet."""
    mends: Mapping[str, Any]
    """Address → what to write there."""
    tasks: int


def messy(tasks: int = 300, *, mended: bool = False) -> Messy:
    """The workbook with so many tasks; `mended` has the eleven cells set right."""
    assert tasks >= LEAST_ROWS
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True})
    writer = _Writer(book, tasks, mended=mended)
    writer.write()
    explained = book.add_worksheet("填表说明")
    explained.write_string(0, 0, "一、请按单位填写，不要改动表头。")
    explained.write_string(1, 0, "二、完成时限写到日。")
    book.close()
    wrong = tuple((w.rule, f"{w.column}{writer.rows[w.task]}") for w in WRONG)
    return Messy(
        data=buffer.getvalue(),
        rows=writer.rows,
        wrong=() if mended else wrong,
        mends={f"{w.column}{writer.rows[w.task]}": w.mended for w in WRONG},
        tasks=tasks,
    )


class _Writer:
    """Writes the one sheet."""

    def __init__(self, book: Any, tasks: int, *, mended: bool) -> None:
        self.tasks, self.mended = tasks, mended
        self.sheet = book.add_worksheet(SHEET)
        base = {"border": 1, "valign": "vcenter", "text_wrap": True}
        self.plain = book.add_format(base)
        self.head = book.add_format({**base, "bold": True, "bg_color": "#DDEBF7"})
        self.big = book.add_format({"bold": True, "font_size": 18, "align": "center"})
        self.date = book.add_format({**base, "num_format": 'yyyy"年"m"月"d"日"'})
        self.short_date = book.add_format({**base, "num_format": 'm"月"d"日"'})
        self.percent = book.add_format({**base, "num_format": "0%"})
        self.row = HEADER_LAST
        """Rows written so far."""
        self.rows: dict[int, int] = {}
        self.wrong = {(w.task, w.column): w for w in WRONG}
        self.beside = {(w.task, c): v for w in WRONG for c, v in w.beside.items()}
        self.changed = {w.task for w in WRONG}

    def write(self) -> None:
        """The whole sheet."""
        self._head()
        size = -(-self.tasks // len(SECTIONS))
        for number, name in enumerate(SECTIONS):
            first = number * size + 1
            if first <= self.tasks:
                self._section(number, name, range(first, min(first + size, self.tasks + 1)))
        self._line({"A": "合计", "C": f"{self.tasks}项"})
        self.sheet.write_string(self.row, 0, "注：本台账每月5日前更新。")
        for letter, width in WIDTHS.items():
            hidden = {"hidden": True} if letter == "H" else {}
            self.sheet.set_column(f"{letter}:{letter}", width, None, hidden)
        self.sheet.freeze_panes(HEADER_LAST, 3)

    def _head(self) -> None:
        sheet = self.sheet
        sheet.merge_range("A1:N1", TITLE, self.big)
        sheet.write_string("A2", "填报单位：市政府督查室")
        for letter, header in {
            "A": "序号",
            "B": "任务来源",
            "C": "重点任务",
            "D": "具体措施",
            "G": "责任领导",
            "H": "联络员",
            "K": "完成\n时限",
            "N": "备 注",
        }.items():
            sheet.merge_range(f"{letter}3:{letter}4", header, self.head)
        for group, left, right in (
            ("责任单位", "E", "F"),
            ("年度目标", "I", "J"),
            ("完成情况", "L", "M"),
        ):
            sheet.merge_range(f"{left}3:{right}3", group, self.head)
        for letter, header in {
            "E": "牵头单位",
            "F": "配合单位",
            "I": "目标值",
            "J": "计量单位",
            "L": "一季度",
            "M": "二季度",
        }.items():
            sheet.write_string(f"{letter}4", header, self.head)

    def _section(self, number: int, name: str, tasks: range) -> None:
        han = "一二三四五六"[number]
        self.row += 1
        self.sheet.merge_range(f"A{self.row}:N{self.row}", f"{han}、{name}", self.head)
        first = self.row + 1
        for task in tasks:
            self.rows[task] = self.row + 1
            self._line(self._task(task))
        self._merges(tasks)
        self.row += number % 2  # a blank row after every second section
        self._line({"A": "小计", "I": ("=COUNTA", f"=COUNTA(C{first}:C{self.row})", len(tasks))})

    def _task(self, task: int) -> dict[str, Any]:
        figure, unit = FIGURES[task % len(FIGURES)]
        title = TASKS[task % len(TASKS)].format(n=task)
        if task % 97 == 0:
            title += "。" + "要坚持目标导向、问题导向，加强统筹协调，压实各方责任，" * 15
        return {
            "A": task if task % 5 else str(task),
            "B": SOURCES[task // 40 % len(SOURCES)],
            "C": title,
            "D": f"第{task % 4 + 1}批次推进，明确节点和责任人。",
            "E": LEADS[task % len(LEADS)],
            "F": HELPERS[task % len(HELPERS)],
            "G": f"领导{task % 7 + 1}",
            "H": f"联络员{task % 11 + 1}",
            "I": figure,
            "J": unit,
            "K": DUES[task % len(DUES)],
            "L": "已启动" if task % 3 else "",
            "M": "",
            "N": REMARKS[task % len(REMARKS)],
            **self._odd(task),
        }

    def _odd(self, task: int) -> dict[str, Any]:
        odd = {letter: value for (n, letter), value in self.beside.items() if n == task}
        for letter in LETTERS:
            wrong = self.wrong.get((task, letter))
            if wrong is not None:
                odd[letter] = wrong.mended if self.mended else wrong.value
        return odd

    def _merges(self, tasks: range) -> None:
        """Every tenth task shares its lead unit and its source with the two below it."""
        for task in tasks:
            trio = {task, task + 1, task + 2}
            if task % 10 or not trio <= set(tasks) or trio & self.changed:
                continue
            first, last = self.rows[task], self.rows[task + 2]
            for letter, value in (("E", LEADS[task % len(LEADS)]), ("B", SOURCES[0])):
                self.sheet.merge_range(f"{letter}{first}:{letter}{last}", value, self.plain)

    def _line(self, values: Mapping[str, Any]) -> None:
        for letter, value in values.items():
            self._put(self.row, LETTERS.index(letter), value)
        self.row += 1

    def _put(self, row: int, column: int, value: Any) -> None:
        put: Mapping[type, Callable[..., Any]] = {
            int: self.sheet.write_number,
            str: self.sheet.write_string,
        }
        match value:
            case "":
                self.sheet.write_blank(row, column, None, self.plain)
            case (_, formula, result):
                self.sheet.write_formula(row, column, formula, self.plain, result)
            case date():
                short = value.day < 10  # what Excel makes of “3-5”
                self.sheet.write_datetime(
                    row, column, value, self.short_date if short else self.date
                )
            case float():
                self.sheet.write_number(row, column, value, self.percent)
            case "#N/A":
                where = xl_rowcol_to_cell(row, column)
                self.sheet.write_formula(where, "=NA()", self.plain, NOT_AVAILABLE)
            case _:
                put[type(value)](row, column, value, self.plain)
