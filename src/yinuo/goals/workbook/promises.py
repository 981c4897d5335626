"""The sheets of promises and of what was only reported."""

from datetime import date

from yinuo.commitments.registry import planned_kinds
from yinuo.goals.workbook.columns import (
    DOCUMENT,
    HEADING,
    NOTE,
    OPERATORS,
    ORIGINS,
    PLACE,
    SIGNS,
    UNIT,
    Column,
    Form,
    Sheet,
    code_column,
    line_column,
    told_column,
)

COMMITMENTS = Sheet(
    name="承诺",
    hint="谁对谁承诺了什么、做到多少、何时完成、写在哪里，一行一项。",
    columns=(
        code_column("承诺的编号，如 DL2024-015，不能与“据报道”的编号相同。"),
        Column(
            "kind", "类型", Form.CHOICE, "从下拉列表中选。", choices=planned_kinds, required=True
        ),
        line_column("title", "承诺内容", "承诺做什么，一句话。", 300, required=True, width=46),
        HEADING,
        Column("parent", "上级承诺", Form.REFERENCE, "上级承诺的编号；没有就留空。", to=("承诺",)),
        Column(
            "lead",
            "责任单位",
            Form.REFERENCE,
            "牵头单位，填“单位”表中的代码，或唯一的名称；没有写明就留空。",
            to=("单位",),
        ),
        told_column("lead_name", "责任单位名称", "责任单位代码对应的名称。", width=20),
        line_column("lead_said", "责任单位原文", "文件怎么写责任单位的。", 120, width=20),
        Column(
            "lead_origin",
            "责任单位来源",
            Form.CHOICE,
            "原文、推定或未明确。留空：有责任单位为原文，没有为未明确。",
            choices=lambda: ORIGINS,
        ),
        Column(
            "cooperating",
            "配合单位",
            Form.REFERENCES,
            "配合单位的代码或唯一的名称，多个用“、”分隔。",
            to=("单位",),
            width=20,
        ),
        line_column(
            "creditor", "承诺对象", "对谁承诺，如 社会公众、企业、游客。", 120, required=True
        ),
        Column(
            "operator",
            "比较方式",
            Form.CHOICE,
            "没有数值填 完成；“以上”≥，“超过、余”>，“以下”≤，“近”<，“左右”≈。",
            choices=lambda: OPERATORS,
            width=10,
        ),
        Column(
            "operator_origin",
            "比较来源",
            Form.CHOICE,
            "比较方式是原文写明还是推定；留空为原文。",
            choices=lambda: ORIGINS,
            width=10,
        ),
        Column("value", "数值", Form.DECIMAL, "承诺的数量，不带单位。", width=12),
        UNIT,
        Column(
            "tolerance",
            "允许偏差",
            Form.DECIMAL,
            "只用于 ≈：与数值相差多少以内仍算做到，单位与数值相同。",
            width=10,
        ),
        Column(
            "baseline", "基数", Form.DECIMAL, "起点的数值，单位与数值相同；不知道就留空。", width=10
        ),
        Column(
            "texts_known",
            "已知文本数",
            Form.COUNT,
            "承诺若干项而未全部刊出时，已刊出几项；与此无关就留空。",
            width=10,
        ),
        Column(
            "due",
            "完成时限",
            Form.DATE,
            "完成的最后一天。文件没有写就留空：未定时限。已登记的改动会成为调整申请。",
            earliest=date(2000, 1, 1),
        ),
        Column(
            "due_origin",
            "时限来源",
            Form.CHOICE,
            "时限是原文写明还是推定；留空为原文。",
            choices=lambda: ORIGINS,
            width=10,
        ),
        line_column("due_said", "时限原文", "文件怎么写时限的，如 年底前。", 80),
        DOCUMENT,
        PLACE,
        line_column("effort", "语气", "文件所用的词，如 力争、将、推进。", 40, width=12),
        NOTE,
        line_column(
            "area",
            "责任地区",
            "文件写明的地区，照原文，如 各区市县政府、先导区管委会；没有就留空。",
            300,
            width=20,
        ),
        told_column("due_original", "原定时限", "最初登记的时限。", Form.DATE),
        told_column("moved_count", "调整次数", "时限调整过几次。", Form.COUNT, 10),
        told_column("status", "状态", "现在的状态。"),
        told_column("outcome", "结果", "核实后的结果。"),
    ),
)
OBSERVATIONS = Sheet(
    name="据报道",
    hint="只是报道过、没有人承诺的数字和事件。与承诺分开，永不算作兑现。",
    columns=(
        code_column("编号，如 DL2024-010，不能与“承诺”的编号相同。"),
        line_column("kind", "类型", "如 指标、事件、项目、协议、预计。", 40, required=True),
        line_column("title", "内容", "报道了什么，一句话。", 300, required=True, width=46),
        HEADING,
        Column(
            "parent",
            "上级",
            Form.REFERENCE,
            "上级的编号，可以是据报道，也可以是承诺；没有就留空。",
            to=("据报道", "承诺"),
        ),
        line_column("subject_said", "对象", "说的是谁或哪个范围，照原文。", 120, width=24),
        Column(
            "subject_unit",
            "对象单位",
            Form.REFERENCE,
            "对象是填报单位时，填其代码或唯一的名称。",
            to=("单位",),
        ),
        line_column("counterparty", "相对方", "协议的另一方、受益的人等。", 120),
        Column(
            "operator", "比较方式", Form.CHOICE, "没有数值就留空。", choices=lambda: SIGNS, width=10
        ),
        Column("value", "数值", Form.DECIMAL, "报道的数字，不带单位。", width=12),
        UNIT,
        line_column("when_said", "时间原文", "报道所说的日期或期间，照原文。", 80, width=22),
        DOCUMENT,
        PLACE,
        NOTE,
    ),
)
