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


def _document(hint: str = "写有这项内容的文件，填“依据”表中的编号，或已登记的编号。") -> Column:
    return Column(
        field="document",
        header="依据",
        form=Form.REFERENCE,
        to=(DOCUMENTS.name,),
        required=True,
        hint=hint,
    )


def _place() -> Column:
    return Column(
        field="place",
        header="位置",
        form=Form.LINE,
        longest=80,
        optional=True,
        hint="在文件中的位置，如 第9段、附件2第31行。",
    )


REGISTER = Sheet(
    name="项目册",
    vertical=True,
    hint="这份项目册由谁登记、金额用什么单位。A 列是项目名，B 列填内容。",
    columns=(
        Column(
            field="office",
            header="登记单位",
            form=Form.REFERENCE,
            to=(UNITS,),
            required=True,
            hint="登记并核实项目的单位，填单位代码或名称。",
        ),
        Column(
            field="money_unit",
            header="金额单位",
            form=Form.CHOICE,
            choices=money_units,
            required=True,
            hint="全册金额的单位：元、万元或亿元；某一行不同的，在该行“金额单位”列写明。",
        ),
        Column(
            field="year",
            header="年度",
            form=Form.COUNT,
            required=True,
            hint="“本年计划投资”是哪一年的，如 2024。",
        ),
    ),
)
BATCHES = Sheet(
    name="批次",
    optional=True,
    hint="一起公布的一批项目，以及公布的个数和投资；登记多少另行统计，不改公布的数。",
    columns=(
        code_column("批次的编号，如 DL2024-Q1。"),
        Column(
            field="title",
            header="名称",
            form=Form.LINE,
            required=True,
            longest=200,
            hint="如 2024年一季度首批重点项目集中开工。",
            width=44,
        ),
        Column(field="day", header="日期", form=Form.DATE, hint="集中开工或公布的那一天。"),
        Column(
            field="stated_count",
            header="公布个数",
            form=Form.COUNT,
            hint="文件公布的项目个数；没有公布就留空。",
        ),
        Column(
            field="stated_investment",
            header="公布总投资",
            form=Form.DECIMAL,
            hint="文件公布的总投资，单位同“金额单位”，也可写成 106亿元。",
        ),
        _document(),
        _place(),
    ),
)


def _dates() -> tuple[Column, ...]:
    planned = (
        Column(
            field=planned_field(stage),
            header=f"计划{STAGE_LABELS[stage]}",
            form=Form.DATE,
            optional=True,
            hint=f"计划{STAGE_LABELS[stage]}的日期；没有定就留空。",
            width=12,
        )
        for stage in STAGES
    )
    reached = (
        Column(
            field=reached_field(stage),
            header=f"实际{STAGE_LABELS[stage]}",
            form=Form.DATE,
            optional=True,
            hint=(
                f"已经{STAGE_LABELS[stage]}的日期。作了承诺的节点由责任单位申请销号，"
                "这里只在导出时给出。"
            ),
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
            field="code",
            header="编号",
            form=Form.CODE,
            longest=LONGEST_CODE,
            pattern=CODE_PATTERN,
            hint=f"本系统的编号；新项目留空，登记时自动编号（如 XM2024-0001）。{CODE_RULE}。",
            width=16,
        ),
        Column(
            field="national_code",
            header="项目代码",
            form=Form.LINE,
            longest=30,
            optional=True,
            hint="全国投资项目在线审批监管平台的代码，如 2020-210202-48-01-000123；没有就留空。",
            width=26,
        ),
        Column(
            field="name",
            header="名称",
            form=Form.LINE,
            required=True,
            longest=200,
            hint="项目名称。",
            width=40,
        ),
        Column(
            field="unit",
            header="责任单位",
            form=Form.REFERENCE,
            to=(UNITS,),
            hint="单位代码或名称；文件没有写明就留空，留空的不成为承诺。",
            width=16,
        ),
        Column(
            field="firm_name",
            header="建设单位",
            form=Form.LINE,
            longest=200,
            optional=True,
            hint="建设单位的名称。",
            width=28,
        ),
        Column(
            field="firm_code",
            header="统一社会信用代码",
            form=Form.LINE,
            longest=40,
            optional=True,
            hint="建设单位的 18 位代码；请用文本格式。",
            width=22,
        ),
        Column(
            field="region",
            header="所在地区",
            form=Form.REFERENCE,
            to=(UNITS,),
            optional=True,
            hint="所在的区市县或先导区，填代码或名称；功能区不并入所在行政区。",
            width=16,
        ),
        Column(
            field="address",
            header="地址",
            form=Form.LINE,
            longest=200,
            optional=True,
            hint="详细地址。",
            width=24,
        ),
        Column(
            field="longitude",
            header="经度",
            form=Form.DECIMAL,
            optional=True,
            hint="十进制度，如 121.6147；与纬度同时填写。",
        ),
        Column(
            field="latitude",
            header="纬度",
            form=Form.DECIMAL,
            optional=True,
            hint="十进制度，如 38.9140。",
        ),
        Column(
            field="industry",
            header="国民经济行业",
            form=Form.LINE,
            longest=40,
            optional=True,
            hint="GB/T 4754—2017 的代码（C38、C3831）或大类名称；见“行业”表。",
        ),
        Column(
            field="fields",
            header="重点领域",
            form=Form.REFERENCES,
            optional=True,
            hint="可写多个，用“、”分隔。",
            width=20,
        ),
        Column(
            field="scope",
            header="建设内容",
            form=Form.TEXT,
            longest=4_000,
            optional=True,
            hint="建设规模和内容。",
            width=40,
        ),
        Column(
            field="batch",
            header="批次",
            form=Form.REFERENCE,
            to=(BATCHES.name,),
            optional=True,
            hint="批次的编号。",
        ),
        Column(
            field="heading",
            header="目标",
            form=Form.LINE,
            longest=60,
            optional=True,
            hint="所属目标的编号，如 DL2024-G1。",
        ),
        Column(
            field="money_unit",
            header="金额单位",
            form=Form.CHOICE,
            choices=money_units,
            optional=True,
            hint="这一行的金额单位；留空则同“项目册”。",
            width=10,
        ),
        Column(
            field="total_investment",
            header="总投资",
            form=Form.DECIMAL,
            optional=True,
            hint="计划总投资。只写数，或写成 1.2亿元。",
        ),
        Column(
            field="year_investment",
            header="本年计划投资",
            form=Form.DECIMAL,
            optional=True,
            hint="“项目册”所写年度的计划投资；有责任单位的成为一项承诺。",
        ),
        _document(),
        _place(),
        Column(
            field="promised",
            header="承诺节点",
            form=Form.REFERENCES,
            optional=True,
            hint=(
                "责任单位承诺按期到达的节点，如 开工、竣工；写“全部”指有计划日期而没有到达的"
                "各个节点。没有承诺就留空，那样的日期只是计划。"
            ),
            width=16,
        ),
        *_dates(),
        told_column("stage", "现状", "现在的阶段。"),
        told_column("visibility", "公开类型", "是否公开。"),
    ),
)


def _project() -> Column:
    return Column(
        field="project",
        header="项目",
        form=Form.LINE,
        longest=200,
        required=True,
        hint="“项目”表中的编号、项目代码或名称。",
        width=28,
    )


LINKS = Sheet(
    name="节点承诺",
    optional=True,
    hint="节点就是一项已经登记的承诺时，在这里写明；它的时限、延期和核实都在那项承诺上。",
    columns=(
        _project(),
        Column(
            field="stage",
            header="节点",
            form=Form.CHOICE,
            choices=stage_words,
            required=True,
            hint="从下拉列表中选。",
        ),
        Column(
            field="commitment",
            header="承诺",
            form=Form.CODE,
            longest=40,
            pattern=CODE_PATTERN,
            hint="已登记的承诺的编号；留空则登记一项新的承诺。",
        ),
        Column(
            field="said",
            header="时限原文",
            form=Form.LINE,
            longest=80,
            hint="文件怎样说时限，如 年内。",
        ),
        Column(
            field="inferred",
            header="时限为推定",
            form=Form.CHOICE,
            choices=yes_or_no,
            hint="计划日期不是原文写明、而是推定的，填“是”。",
        ),
    ),
)
PERMITS = Sheet(
    name="许可",
    optional=True,
    hint="项目取得的批复和许可，一行一件。",
    columns=(
        _project(),
        Column(
            field="kind",
            header="许可名称",
            form=Form.LINE,
            required=True,
            longest=60,
            hint="如 建筑工程施工许可证。",
            width=24,
        ),
        Column(
            field="number", header="文号", form=Form.LINE, longest=80, hint="证号或文号。", width=24
        ),
        Column(field="day", header="日期", form=Form.DATE, hint="发证日期。"),
        Column(
            field="issuer",
            header="发证机关",
            form=Form.LINE,
            longest=120,
            hint="发证机关。",
            width=24,
        ),
    ),
)


def _amount(field: str, header: str, hint: str) -> Column:
    return Column(field=field, header=header, form=Form.DECIMAL, optional=True, hint=hint)


FIGURES = Sheet(
    name="进度",
    optional=True,
    hint="截至某一天的投资和形象进度，一行一个项目一天；只增加，不改以前的数。",
    columns=(
        _project(),
        Column(
            field="as_of",
            header="截至日期",
            form=Form.DATE,
            required=True,
            hint="各数截至哪一天。",
        ),
        Column(
            field="money_unit",
            header="金额单位",
            form=Form.CHOICE,
            choices=money_units,
            optional=True,
            hint="这一行的金额单位；留空则同“项目册”。",
            width=10,
        ),
        _amount("invested_year", "本年完成投资", "自当年1月1日起累计。"),
        _amount("invested_total", "累计完成投资", "自开工累计。"),
        _amount("progress", "形象进度", "百分数：14% 或 14；不要写 0.14。"),
        _amount("payable", "应付", "按合同到这一天应付的金额。"),
        _amount("paid", "已付", "到这一天已付的金额。"),
        Column(
            field="workers",
            header="在场人数",
            form=Form.COUNT,
            optional=True,
            hint="工地上的人数。",
        ),
        Column(
            field="note",
            header="说明",
            form=Form.TEXT,
            longest=4_000,
            optional=True,
            hint="需要说明的情况。",
            width=40,
        ),
    ),
)
SHEETS = (REGISTER, DOCUMENTS, BATCHES, PROJECTS, LINKS, PERMITS, FIGURES)
