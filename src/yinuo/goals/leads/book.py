"""The workbook of a register of leads: one layout for reading, checking and writing.

Three sheets: trips, leads and contacts. What is exported can be read back and changes nothing.
"""

import hashlib
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

import xlsxwriter

from yinuo.goals.leads.register import (
    STATED,
    Faults,
    NewDelegation,
    NewLead,
    delegation_faults,
    lead_faults,
    plain_amount,
    same_words,
)
from yinuo.goals.leads.stages import AGREEMENTS, ORIGIN_LABELS
from yinuo.goals.plan import Value
from yinuo.goals.projects.industries import Industries
from yinuo.goals.roster.annotate import annotate
from yinuo.goals.roster.book import open_book
from yinuo.goals.workbook.columns import Column, Form, Sheet, day_column, line_column, told_column
from yinuo.goals.workbook.findings import FileRefused, Rule
from yinuo.goals.workbook.layout import INTRODUCTION, SIMULATED
from yinuo.goals.workbook.read import Progress, read, silent
from yinuo.goals.workbook.rows import Row, rows
from yinuo.goals.workbook.tables import tables
from yinuo.goals.workbook.write import SIMULATED_WORD, Formats, SheetFiller, print_setup
from yinuo.kernel.errors import Finding
from yinuo.kernel.findings import Log

YES_NO: Mapping[str, str] = {"是": "yes", "否": "no"}
FOREIGN: Mapping[str, str] = {"外资": "yes", "内资": "no"}
STATED_PREFIX = "stated_"


TRIPS = Sheet(
    name="出访团组",
    hint="一行一个团组；公布的数照公布的填，不必和登记的线索相等。",
    optional=True,
    columns=(
        Column(
            "code",
            "编号",
            Form.CODE,
            "如 TZ2024-01；登记以后不变，线索靠它说明属于哪个团组。",
            required=True,
            longest=32,
        ),
        line_column("title", "名称", "如 赴日经贸团组。", 200, required=True, width=40),
        line_column("countries", "国家", "多个用“、”分开。", 200),
        line_column("cities", "城市", "多个用“、”分开。", 300, width=24),
        day_column("first_date", "第一天", "不确定就留空。"),
        day_column("last_date", "最后一天", "不确定就留空。"),
        line_column("leading_unit", "牵头单位", "单位的代码或名称；没有就留空。"),
        *(
            Column(
                f"{STATED_PREFIX}{name}",
                f"公布的{label}",
                Form.COUNT,
                f"公布了多少{measure}；没有公布就留空。",
            )
            for name, (label, measure) in STATED.items()
        ),
        line_column("source", "出处", "公布的数字出自哪里、在什么位置。", 300, width=40),
    ),
)
LEADS = Sheet(
    name="线索",
    hint="一行一条线索。拜访和签约分开算，不能相加；说明会只登记。",
    columns=(
        Column(
            "code",
            "编号",
            Form.CODE,
            "新的可以留空，由系统编号；已登记的照抄，靠它认出是同一条。",
            longest=32,
        ),
        Column(
            "origin",
            "来源",
            Form.CHOICE,
            "从下拉列表中选；登记以后不能改。",
            choices=lambda: {label: str(origin) for origin, label in ORIGIN_LABELS.items()},
            required=True,
            width=8,
        ),
        line_column("title", "名称", "如 某公司冷链装备制造基地。", 200, required=True, width=40),
        line_column("follower", "跟进单位", "单位的代码或名称；没有就留空。"),
        line_column("delegation", "出访团组", "“出访团组”表或已登记团组的编号；没有就留空。"),
        line_column("firm", "企业", "中文名；说明会可以留空。", 160, width=24),
        line_column("firm_original", "企业原文名", "企业自己的文字。", 160, width=24),
        Column(
            "foreign",
            "内外资",
            Form.CHOICE,
            "从下拉列表中选；不知道就留空。",
            choices=lambda: FOREIGN,
            width=8,
        ),
        line_column("country", "国别或地区", "企业来自哪里。", 60),
        line_column("industry", "行业", "国民经济行业分类的大类代码或名称，如 C38。", 40),
        line_column("top500", "500强", "哪一年的哪一个榜；不是就留空。", 120, width=20),
        line_column("partner", "我方签约主体", "企业间协议写另一方企业。", 160, width=24),
        Column(
            "between_firms",
            "企业间协议",
            Form.CHOICE,
            "企业和企业签的填“是”；留空就是“否”。",
            choices=lambda: YES_NO,
            width=10,
        ),
        day_column("visited_date", "拜访日期", "只知道月份的写在“拜访时间原文”。"),
        line_column("visited_said", "拜访时间原文", "如 2024年2月。", 60),
        day_column("signed_date", "签约日期", "只知道月份的写在“签约时间原文”。"),
        line_column("signed_said", "签约时间原文", "如 2024年2月。", 60),
        Column(
            "agreement",
            "签了什么",
            Form.CHOICE,
            "从下拉列表中选。",
            choices=lambda: {label: name for name, label in AGREEMENTS.items()},
        ),
        Column("value", "意向投资", Form.DECIMAL, "只写数，不折算。"),
        line_column("unit", "单位", "连同币种：亿元、万元、万美元、亿日元。", 20, width=10),
        line_column("source", "出处", "写在哪里、在什么位置。", 300, width=30),
        Column("note", "说明", Form.TEXT, "其他情况。", longest=4_000, width=30),
        told_column("state", "进展", "现在走到哪一步。"),
    ),
)
CONTACTS = Sheet(
    name="接触记录",
    hint="一行一次接触，只增不改；已经登记过的同一行不会再登记。",
    optional=True,
    columns=(
        line_column("lead", "线索编号", "已登记的，或“线索”表中写明的编号。", 32, required=True),
        day_column("day", "日期", "接触的那一天。", required=True),
        line_column("who", "和谁", "单位和人；可依法删除。", 4_000, required=True, width=24),
        Column("said", "谈了什么", Form.TEXT, "简要写明。", longest=4_000, required=True, width=50),
        line_column("next_step", "下一步", "约定做什么；没有就留空。", 4_000, width=30),
        day_column("next_date", "下一步的日期", "没有就留空。"),
    ),
)
SHEETS = (TRIPS, LEADS, CONTACTS)
FIELD_OF = {"unit": "follower", "intended_value": "value", "intended_unit": "unit"}
"""Field of a lead → of its sheet, where they differ."""


@dataclass(frozen=True)
class NewContact:
    """One contact as a row states it."""

    lead: str
    day: date
    who: str
    said: str
    next_step: str = ""
    next_date: date | None = None


@dataclass(frozen=True)
class LeadsFile:
    """A workbook that passed every check of its own."""

    name: str
    sha256: str
    delegations: tuple[NewDelegation, ...]
    leads: tuple[NewLead, ...]
    contacts: tuple[NewContact, ...]
    places: Mapping[str, Sequence[int]] = field(default_factory=dict)
    """Sheet → row of each of its lines, in the same order."""


@dataclass(frozen=True)
class Checked:
    """What a check found."""

    file: LeadsFile | None
    """None if an error stands against it."""
    errors: tuple[Finding, ...]
    notices: tuple[Finding, ...]
    is_workbook: bool = True
    """Whether it could be opened at all, so that findings can be written into it."""


@dataclass(frozen=True)
class Known:
    """What a workbook may refer to, and whose it becomes."""

    office: str
    units: Mapping[str, str]
    """Code → name."""
    industries: Industries
    today: date
    simulated: bool = False


def check_bytes(data: bytes, *, file: str, known: Known, progress: Progress = silent) -> Checked:
    """Check a whole workbook and collect everything that is wrong with it."""
    log = Log(file)
    try:
        book = read(data, file=file, progress=progress)
    except FileRefused as refused:
        return Checked(None, (refused.finding,), (), is_workbook=False)
    found = tables(book, log, sheets=SHEETS)
    parsed = {name: rows(table, log, progress) for name, table in found.items()}
    reader = _Reader(known, log)
    trips = [reader.trip(row) for row in parsed.get(TRIPS.name, [])]
    leads = [reader.lead(row) for row in parsed.get(LEADS.name, [])]
    contacts = [reader.contact(row) for row in parsed.get(CONTACTS.name, [])]
    for sheet in (TRIPS, LEADS):
        _report_repeated(parsed.get(sheet.name, []), log)
    _report_twins(parsed.get(LEADS.name, []), leads, log)
    made = None
    if not log.errors:
        made = LeadsFile(
            name=file,
            sha256=hashlib.sha256(data).hexdigest(),
            delegations=tuple(trip for trip in trips if trip),
            leads=tuple(lead for lead in leads if lead),
            contacts=tuple(contact for contact in contacts if contact),
            places={name: [row.line.number for row in some] for name, some in parsed.items()},
        )
    return Checked(made, _in_order(log.errors), _in_order(log.notices))


def annotated(data: bytes, checked: Checked, *, errors: Sequence[Finding], file: str) -> bytes:
    """The workbook with these errors and the check's notices in its cells, and a list in front.

    Raises `SpreadsheetRefused` for what is no workbook.
    """
    book = open_book(data, file=file)
    return annotate(data, book, errors=errors, notices=checked.notices)


def _in_order(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    names = [sheet.name for sheet in SHEETS]
    return tuple(
        sorted(findings, key=lambda f: names.index(f.sheet) if f.sheet in names else len(names))
    )


class _Reader:
    """Rows to records; what a record says wrongly stands at its cell."""

    def __init__(self, known: Known, log: Log) -> None:
        self.known, self.log = known, log

    def trip(self, row: Row) -> NewDelegation | None:
        """One trip, or None with the reasons in the log."""
        stated = {
            name: int(str(row.values[f"{STATED_PREFIX}{name}"]))
            for name in STATED
            if row.values.get(f"{STATED_PREFIX}{name}") is not None
        }
        made = NewDelegation(
            code=row.code,
            office=self.known.office,
            title=row.text("title"),
            countries=row.text("countries"),
            cities=row.text("cities"),
            first_date=_date(row, "first_date"),
            last_date=_date(row, "last_date"),
            leading_unit=self._unit(row, "leading_unit"),
            stated=stated,
            source=row.text("source"),
            simulated=self.known.simulated,
        )
        self._add(row, delegation_faults(made), {"stated": "title"})
        return made

    def lead(self, row: Row) -> NewLead | None:
        """One lead, or None with the reasons in the log."""
        if "origin" in row.bad:
            return None
        made = NewLead(
            code=row.code,
            office=self.known.office,
            unit=self._unit(row, "follower"),
            origin=row.text("origin"),
            title=row.text("title"),
            delegation=row.text("delegation") or None,
            source=row.text("source"),
            firm=row.text("firm"),
            firm_original=row.text("firm_original"),
            foreign={"yes": True, "no": False}.get(row.text("foreign")),
            country=row.text("country"),
            industry=row.text("industry"),
            top500=row.text("top500"),
            partner=row.text("partner"),
            between_firms=row.text("between_firms") == "yes",
            visited_date=_date(row, "visited_date"),
            visited_said=row.text("visited_said"),
            signed_date=_date(row, "signed_date"),
            signed_said=row.text("signed_said"),
            agreement=row.text("agreement"),
            intended_value=plain_amount(row.text("value")),
            intended_unit=row.text("unit"),
            note=row.text("note"),
            simulated=self.known.simulated,
        )
        faults = lead_faults(made, today=self.known.today, industries=self.known.industries)
        self._add(row, faults, FIELD_OF)
        return made

    def contact(self, row: Row) -> NewContact | None:
        """One contact, or None with the reasons in the log."""
        day = _date(row, "day")
        if day is None or row.bad:
            return None
        made = NewContact(
            lead=row.text("lead"),
            day=day,
            who=row.text("who"),
            said=row.text("said"),
            next_step=row.text("next_step"),
            next_date=_date(row, "next_date"),
        )
        faults: Faults = []
        if day > self.known.today:
            faults.append(("day", f"{day} 还没有到"))
        if made.next_date and not made.next_step:
            faults.append(("next_step", "写了下一步的日期，也要写做什么"))
        if made.next_date and made.next_date < day:
            faults.append(("next_date", f"下一步的日期 {made.next_date} 早于这次接触"))
        self._add(row, faults, {})
        return made

    def _unit(self, row: Row, name: str) -> str | None:
        said = row.text(name)
        if not said or said in self.known.units:
            return said or None
        codes = [code for code, each in self.known.units.items() if same_words(each, said)]
        if len(codes) == 1:
            return codes[0]
        rule = Rule.AMBIGUOUS_NAME if codes else Rule.UNKNOWN
        what = f"名为“{said}”的单位有 {len(codes)} 个" if codes else f"没有单位“{said}”"
        self.log.add(rule, what, "请填单位的代码，如 210212", row.spot(name))
        return None

    def _add(self, row: Row, faults: Faults, renamed: Mapping[str, str]) -> None:
        own = {column.field for column in row.table.sheet.columns}
        for name, what in faults:
            at = renamed.get(name, name)
            at = at if at in own else "title"
            if at not in row.bad:
                self.log.add(Rule.WRONG_FORM, what, "请改正这一格", row.spot(at))


def _date(row: Row, name: str) -> date | None:
    value: Value = row.values.get(name)
    return value if isinstance(value, date) else None


def _report_repeated(some: Sequence[Row], log: Log) -> None:
    first: dict[str, int] = {}
    for row in some:
        if row.code and row.code in first:
            what = f"编号 {row.code} 在第 {first[row.code]} 行已经用过"
            log.add(Rule.REPEATED_CODE, what, "一条线索一行，请改编号或删去一行", row.spot("code"))
        elif row.code:
            first[row.code] = row.line.number


def _report_twins(some: Sequence[Row], leads: Sequence[NewLead | None], log: Log) -> None:
    """Rows without a code that read the same cannot be told apart later."""
    seen: list[tuple[NewLead, int]] = []
    for row, lead in zip(some, leads, strict=True):
        if lead is None or lead.code:
            continue
        for other, number in seen:
            if same_words(other.title, lead.title) and same_words(other.firm, lead.firm):
                what = f"与第 {number} 行同名同企业"
                log.add(Rule.REPEATED_CODE, what, "确实是两条，请各写编号", row.spot("title"))
                break
        else:
            seen.append((lead, row.line.number))


# ── writing ────────────────────────────────────────────────────────────────────────────────────

HOW_TO = (
    ("怎样填", "每张表第 1 行是表头，名称不能改；鼠标停在表头上看填法。没有就留空。"),
    ("", "不要合并单元格，不要用公式；日期用日期格式；金额只写数，单位连同币种写在“单位”列。"),
    (
        "怎样导入",
        "先运行 yinuo leads import 线索.xlsx --office 单位 --by 用户名，看过预览再确认；",
    ),
    ("", "或在“招商线索”页面上用工作簿导入。"),
    ("改动", "编号相同的行是同一条线索：改动记在账本上，以前的写法也在；删去的行不会被删除。"),
    ("", "注册、开工、到资不在这里填：要逐笔填报，由另一人确认。接触记录只增不改。"),
)


def write(
    *,
    title: str,
    delegations: Sequence[NewDelegation] = (),
    leads: Sequence[NewLead] = (),
    contacts: Sequence[NewContact] = (),
    states: Mapping[str, str] | None = None,
    demo: bool = False,
    made_at: datetime,
) -> bytes:
    """The workbook; the same rows and `made_at` always give the same bytes. No rows: a template."""
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True, "default_date_format": "yyyy-mm-dd"})
    book.set_properties({"title": title, "created": made_at.replace(tzinfo=None)})
    formats = Formats(book)
    front = book.add_worksheet(INTRODUCTION)
    _introduce(front, title, formats)
    lines = {
        TRIPS.name: [_trip_row(trip) for trip in delegations],
        LEADS.name: [_lead_row(lead, (states or {}).get(lead.code, "")) for lead in leads],
        CONTACTS.name: [vars(contact) for contact in contacts],
    }
    sizes = {name: len(some) for name, some in lines.items()}
    for sheet in SHEETS:
        columns = tuple(c for c in sheet.columns if states is not None or not c.informative)
        if demo:
            columns = (*columns, SIMULATED)
        table = book.add_worksheet(sheet.name)
        simulated = {SIMULATED.field: SIMULATED_WORD}
        SheetFiller(table, columns, formats, sizes).fill(
            {**simulated, **row} for row in lines[sheet.name]
        )
        print_setup(table, title, demo=demo)
    front.activate()
    book.close()
    return buffer.getvalue()


def _introduce(sheet: Any, title: str, formats: Formats) -> None:  # noqa: ANN401  # xlsxwriter has no types
    sheet.set_column(0, 0, 12)
    sheet.set_column(1, 1, 92)
    sheet.hide_gridlines(2)
    sheet.write_string(0, 0, title, formats.title)
    for number, (heading, text) in enumerate(
        (*((each.name, each.hint) for each in SHEETS), *HOW_TO), start=2
    ):
        sheet.write_string(number, 0, heading, formats.strong)
        sheet.write_string(number, 1, text, formats.plain)


def _trip_row(trip: NewDelegation) -> dict[str, Value]:
    stated = {f"{STATED_PREFIX}{name}": number for name, number in trip.stated.items()}
    plain = {k: v for k, v in vars(trip).items() if k not in ("stated", "simulated", "office")}
    return {**plain, **stated}


def _lead_row(lead: NewLead, state: str) -> dict[str, Value]:
    plain = {k: v for k, v in vars(lead).items() if k not in ("simulated", "office", "unit")}
    foreign = {True: "yes", False: "no", None: ""}[lead.foreign]
    return {
        **plain,
        "follower": lead.unit or "",
        "foreign": foreign,
        "between_firms": "yes" if lead.between_firms else "",
        "value": lead.intended_value,
        "unit": lead.intended_unit,
        "state": state,
    }
