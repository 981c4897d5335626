"""The sheets that promises refer to: the plan, its documents, units and goals."""

from yinuo.goals.workbook.columns import (
    CODE_PATTERN,
    Column,
    Form,
    Sheet,
    code_column,
    day_column,
    line_column,
    unit_kinds,
)

PLAN = Sheet(
    name="计划",
    vertical=True,
    hint="这份工作簿是哪一个计划。A 列是项目名，B 列填内容。",
    columns=(
        Column(
            "code",
            "计划编号",
            Form.CODE,
            "如 DL2024；登记以后不变，再次导入靠它认出是同一个计划。",
            pattern=CODE_PATTERN,
            required=True,
            longest=40,
        ),
        line_column("title", "名称", "计划的名称。", 300, required=True),
        Column(
            "office",
            "督查单位",
            Form.REFERENCE,
            "代表承诺对象核实和审批的单位，填“单位”表中的代码。",
            to=("单位",),
            required=True,
        ),
        Column(
            "document",
            "依据",
            Form.REFERENCE,
            "计划本身出自哪份文件，填“依据”表中的编号。",
            to=("依据",),
            required=True,
        ),
    ),
)
DOCUMENTS = Sheet(
    name="依据",
    hint="承诺写在哪些文件里，一行一份。没有任何一行引用的文件不登记。",
    columns=(
        code_column("文件在本系统中的编号，如 DL2024-FA1。"),
        line_column("title", "名称", "文件的标题。", 300, required=True, width=44),
        line_column(
            "kind",
            "类别",
            "政府工作报告、方案、民生实事、批示件、议定事项、建议提案、新闻报道等。",
            40,
            required=True,
        ),
        line_column(
            "number", "文号", "发文字号，如 大委办发〔2024〕15号；没有就留空。", 80, width=22
        ),
        line_column("issuer", "发文单位", "发文单位或刊载的报刊；不知道就留空。", 120, width=20),
        day_column("said_date", "公布日期", "公之于众的那一天；不确定就留空。"),
        line_column("said_text", "日期原文", "知道多少写多少，如 2024年春。", 80),
        Column(
            "sha256",
            "SHA-256",
            Form.LINE,
            "文件原件的 SHA-256，64 位十六进制小写；没有原件就留空。",
            longest=64,
            pattern="[0-9a-f]{64}",
            width=24,
        ),
    ),
)
UNITS = Sheet(
    name="单位",
    hint="填报单位，一行一个。功能区不是行政区划，不填行政区划代码。",
    columns=(
        Column(
            "code",
            "代码",
            Form.CODE,
            "单位代码，如 210212；登记以后不变。请用文本格式，以免丢掉开头的 0。",
            pattern=CODE_PATTERN,
            required=True,
            longest=32,
        ),
        line_column("name", "名称", "单位名称。", 120, required=True, width=36),
        Column("kind", "类别", Form.CHOICE, "从下拉列表中选。", choices=unit_kinds, required=True),
        Column(
            "gb_code",
            "行政区划代码",
            Form.LINE,
            "GB/T 2260 六位代码，只有省、市、区市县才有。",
            longest=6,
            pattern="[0-9]{6}",
        ),
        Column("parent", "上级", Form.REFERENCE, "上级单位的代码；没有就留空。", to=("单位",)),
        day_column("valid_from", "起始日期", "单位自哪一天起存在；不知道就留空。"),
    ),
)
GOALS = Sheet(
    name="目标",
    hint="计划的目标，承诺归在目标之下。",
    columns=(
        code_column("目标的编号，如 DL2024-G1。", longest=60),
        Column(
            "number",
            "序号",
            Form.COUNT,
            "在计划中的次序，从 1 起，不重复。",
            required=True,
            width=8,
        ),
        line_column("title", "名称", "目标的名称。", 300, required=True, width=50),
        Column("parent", "上级目标", Form.REFERENCE, "上级目标的编号；没有就留空。", to=("目标",)),
    ),
)
