"""The project workbook whole: one layout for reading, checking, writing and the docs."""

from collections.abc import Mapping

from yinuo.goals.projects.stages import STAGE_LABELS, STAGES, Stage
from yinuo.goals.roster.fields import RESULT_SHEET
from yinuo.goals.workbook.basics import DOCUMENTS
from yinuo.goals.workbook.columns import (
    CODE_PATTERN,
    CODE_RULE,
    Column,
    Form,
    Sheet,
    code_column,
    day_column,
    line_column,
    told_column,
)

INTRODUCTION, UNITS, INDUSTRIES = "说明", "单位", "行业"
UNREAD = (INTRODUCTION, UNITS, INDUSTRIES, RESULT_SHEET)
"""Sheets for people: how to fill in, the words to choose from, what an earlier check found."""
MONEY_UNITS = ("元", "万元", "亿元")
USUAL_MONEY = "万元"
LONGEST_CODE = 30
ALL = "全部"
"""In 承诺节点: every stage with a planned date that is not reached."""


def money_units() -> Mapping[str, str]:
    """Unit of money → itself."""
    return {unit: unit for unit in MONEY_UNITS}


def stage_words() -> Mapping[str, str]:
    """Word → stage."""
    return {STAGE_LABELS[stage]: stage.value for stage in STAGES}


def yes_or_no() -> Mapping[str, str]:
    """是 or 否."""
    return {"是": "yes", "否": ""}


def planned_field(stage: Stage) -> str:
    """The field of a stage's planned date."""
    return f"planned_{stage.value}"


def reached_field(stage: Stage) -> str:
    """The field of the day on which a stage was reached."""
    return f"reached_{stage.value}"


DOCUMENT = Column(
    "document",
    "依据",
    Form.REFERENCE,
    "写有这项内容的文件，填“依据”表中的编号，或已登记的编号。",
    to=(DOCUMENTS.name,),
    required=True,
)
MONEY_UNIT = Column(
    "money_unit",
    "金额单位",
    Form.CHOICE,
    "这一行的金额单位；留空则同“项目册”。",
    choices=money_units,
    optional=True,
    width=10,
)
PLACE = line_column("place", "位置", "在文件中的位置，如 第9段、附件2第31行。", 80, optional=True)

REGISTER = Sheet(
    name="项目册",
    vertical=True,
    hint="这份项目册由谁登记、金额用什么单位。A 列是项目名，B 列填内容。",
    columns=(
        Column(
            "office",
            "登记单位",
            Form.REFERENCE,
            "登记并核实项目的单位，填单位代码或名称。",
            to=(UNITS,),
            required=True,
        ),
        Column(
            "money_unit",
            "金额单位",
            Form.CHOICE,
            "全册金额的单位：元、万元或亿元；某一行不同的，在该行“金额单位”列写明。",
            choices=money_units,
            required=True,
        ),
        Column("year", "年度", Form.COUNT, "“本年计划投资”是哪一年的，如 2024。", required=True),
    ),
)
BATCHES = Sheet(
    name="批次",
    optional=True,
    hint="一起公布的一批项目，以及公布的个数和投资；登记多少另行统计，不改公布的数。",
    columns=(
        code_column("批次的编号，如 DL2024-Q1。"),
        line_column(
            "title", "名称", "如 2024年一季度首批重点项目集中开工。", 200, required=True, width=44
        ),
        day_column("day", "日期", "集中开工或公布的那一天。"),
        Column("stated_count", "公布个数", Form.COUNT, "文件公布的项目个数；没有公布就留空。"),
        Column(
            "stated_investment",
            "公布总投资",
            Form.DECIMAL,
            "文件公布的总投资，单位同“金额单位”，也可写成 106亿元。",
        ),
        DOCUMENT,
        PLACE,
    ),
)


def _dates() -> tuple[Column, ...]:
    planned = (
        day_column(
            planned_field(stage),
            f"计划{STAGE_LABELS[stage]}",
            f"计划{STAGE_LABELS[stage]}的日期；没有定就留空。",
            optional=True,
            width=12,
        )
        for stage in STAGES
    )
    reached = (
        day_column(
            reached_field(stage),
            f"实际{STAGE_LABELS[stage]}",
            (
                f"已经{STAGE_LABELS[stage]}的日期。作了承诺的节点由责任单位申请销号，"
                "这里只在导出时给出。"
            ),
            optional=True,
            width=12,
        )
        for stage in STAGES
    )
    return (*planned, *reached)


PROJECTS = Sheet(
    name="项目",
    hint="一行一个项目。日期、金额不知道就留空，不为了好看而填。",
    columns=(
        Column(
            "code",
            "编号",
            Form.CODE,
            f"本系统的编号；新项目留空，登记时自动编号（如 XM2024-0001）。{CODE_RULE}。",
            longest=LONGEST_CODE,
            pattern=CODE_PATTERN,
            width=16,
        ),
        line_column(
            "national_code",
            "项目代码",
            "全国投资项目在线审批监管平台的代码，如 2020-210202-48-01-000123；没有就留空。",
            30,
            optional=True,
            width=26,
        ),
        line_column("name", "名称", "项目名称。", 200, required=True, width=40),
        Column(
            "unit",
            "责任单位",
            Form.REFERENCE,
            "单位代码或名称；文件没有写明就留空，留空的不成为承诺。",
            to=(UNITS,),
            width=16,
        ),
        line_column("firm_name", "建设单位", "建设单位的名称。", 200, optional=True, width=28),
        line_column(
            "firm_code",
            "统一社会信用代码",
            "建设单位的 18 位代码；请用文本格式。",
            40,
            optional=True,
            width=22,
        ),
        Column(
            "region",
            "所在地区",
            Form.REFERENCE,
            "所在的区市县或先导区，填代码或名称；功能区不并入所在行政区。",
            to=(UNITS,),
            optional=True,
            width=16,
        ),
        line_column("address", "地址", "详细地址。", 200, optional=True, width=24),
        Column(
            "longitude",
            "经度",
            Form.DECIMAL,
            "十进制度，如 121.6147；与纬度同时填写。",
            optional=True,
        ),
        Column("latitude", "纬度", Form.DECIMAL, "十进制度，如 38.9140。", optional=True),
        line_column(
            "industry",
            "国民经济行业",
            "GB/T 4754—2017 的代码（C38、C3831）或大类名称；见“行业”表。",
            40,
            optional=True,
        ),
        Column(
            "fields", "重点领域", Form.REFERENCES, "可写多个，用“、”分隔。", optional=True, width=20
        ),
        Column(
            "scope",
            "建设内容",
            Form.TEXT,
            "建设规模和内容。",
            longest=4_000,
            optional=True,
            width=40,
        ),
        Column("batch", "批次", Form.REFERENCE, "批次的编号。", to=(BATCHES.name,), optional=True),
        line_column("heading", "目标", "所属目标的编号，如 DL2024-G1。", 60, optional=True),
        MONEY_UNIT,
        Column(
            "total_investment",
            "总投资",
            Form.DECIMAL,
            "计划总投资。只写数，或写成 1.2亿元。",
            optional=True,
        ),
        Column(
            "year_investment",
            "本年计划投资",
            Form.DECIMAL,
            "“项目册”所写年度的计划投资；有责任单位的成为一项承诺。",
            optional=True,
        ),
        DOCUMENT,
        PLACE,
        Column(
            "promised",
            "承诺节点",
            Form.REFERENCES,
            (
                "责任单位承诺按期到达的节点，如 开工、竣工；写“全部”指有计划日期而没有到达的"
                "各个节点。没有承诺就留空，那样的日期只是计划。"
            ),
            optional=True,
            width=16,
        ),
        *_dates(),
        told_column("stage", "现状", "现在的阶段。"),
        told_column("visibility", "公开类型", "是否公开。"),
    ),
)
PROJECT = line_column(
    "project", "项目", "“项目”表中的编号、项目代码或名称。", 200, required=True, width=28
)
LINKS = Sheet(
    name="节点承诺",
    optional=True,
    hint="节点就是一项已经登记的承诺时，在这里写明；它的时限、延期和核实都在那项承诺上。",
    columns=(
        PROJECT,
        Column(
            "stage", "节点", Form.CHOICE, "从下拉列表中选。", choices=stage_words, required=True
        ),
        Column(
            "commitment",
            "承诺",
            Form.CODE,
            "已登记的承诺的编号；留空则登记一项新的承诺。",
            longest=40,
            pattern=CODE_PATTERN,
        ),
        line_column("said", "时限原文", "文件怎样说时限，如 年内。", 80),
        Column(
            "inferred",
            "时限为推定",
            Form.CHOICE,
            "计划日期不是原文写明、而是推定的，填“是”。",
            choices=yes_or_no,
        ),
    ),
)
PERMITS = Sheet(
    name="许可",
    optional=True,
    hint="项目取得的批复和许可，一行一件。",
    columns=(
        PROJECT,
        line_column("kind", "许可名称", "如 建筑工程施工许可证。", 60, required=True, width=24),
        line_column("number", "文号", "证号或文号。", 80, width=24),
        day_column("day", "日期", "发证日期。"),
        line_column("issuer", "发证机关", "发证机关。", 120, width=24),
    ),
)


def _amount(field: str, header: str, hint: str) -> Column:
    return Column(field, header, Form.DECIMAL, hint, optional=True)


FIGURES = Sheet(
    name="进度",
    optional=True,
    hint="截至某一天的投资和形象进度，一行一个项目一天；只增加，不改以前的数。",
    columns=(
        PROJECT,
        day_column("as_of", "截至日期", "各数截至哪一天。", required=True),
        MONEY_UNIT,
        _amount("invested_year", "本年完成投资", "自当年1月1日起累计。"),
        _amount("invested_total", "累计完成投资", "自开工累计。"),
        _amount("progress", "形象进度", "百分数：14% 或 14；不要写 0.14。"),
        _amount("payable", "应付", "按合同到这一天应付的金额。"),
        _amount("paid", "已付", "到这一天已付的金额。"),
        Column("workers", "在场人数", Form.COUNT, "工地上的人数。", optional=True),
        Column(
            "note", "说明", Form.TEXT, "需要说明的情况。", longest=4_000, optional=True, width=40
        ),
    ),
)
SHEETS = (REGISTER, DOCUMENTS, BATCHES, PROJECTS, LINKS, PERMITS, FIGURES)
