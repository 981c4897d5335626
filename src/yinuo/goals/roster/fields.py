"""What a column of a foreign sheet can hold for us, and the words that offices use for it."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Field:
    """One thing that a row can state."""

    name: str
    label: str
    """As people choose it."""
    words: tuple[str, ...]
    """Headers that mean it, the plainest first; compared without blanks and width."""
    hint: str
    many: bool = False
    """Whether several columns may hold it."""


IDENTITY = "identity"
IDENTITY_HEADER = "一诺编号"

FIELDS = (
    Field(
        name=IDENTITY,
        label=IDENTITY_HEADER,
        words=(IDENTITY_HEADER,),
        hint="一诺给出的编号；有它就按它认出是哪一项，与行的次序无关。",
    ),
    Field(
        name="number",
        label="序号",
        words=("序号", "顺序号", "排序", "No", "No.", "№"),
        hint="没有编号时，编号由前缀和序号组成。",
    ),
    Field(
        name="code",
        label="编号",
        words=(
            "编号",
            "任务编号",
            "项目编号",
            "督查编号",
            "督办编号",
            "事项编号",
            "代码",
            "台账编号",
        ),
        hint="表中自己的编号，原样用作编号；重复或带汉字时不要选。",
    ),
    Field(
        name="title",
        label="任务",
        words=(
            "任务名称",
            "工作任务",
            "重点任务",
            "任务",
            "任务内容",
            "主要任务",
            "目标任务",
            "工作内容",
            "主要内容",
            "重点工作",
            "工作事项",
            "事项",
            "事项名称",
            "督查事项",
            "督办事项",
            "承诺内容",
            "承诺事项",
            "议定事项",
            "批示内容",
            "建议内容",
            "提案内容",
            "项目名称",
            "举措",
            "重点举措",
            "内容",
            "标题",
            "案由",
        ),
        hint="一项任务的名称；太长时取第一句，全文记在说明里。",
    ),
    Field(
        name="detail",
        label="具体措施",
        words=(
            "具体措施",
            "工作措施",
            "具体任务",
            "具体内容",
            "工作举措",
            "推进措施",
            "分解任务",
            "任务要求",
            "工作要求",
            "工作目标",
            "年度目标任务",
            "建设内容",
            "阶段目标",
            "预期成果",
            "完成标志",
        ),
        hint="记在说明里。",
        many=True,
    ),
    Field(
        name="lead",
        label="责任单位",
        words=(
            "牵头单位",
            "责任单位",
            "牵头部门",
            "责任部门",
            "主责单位",
            "主办单位",
            "承办单位",
            "落实单位",
            "牵头责任单位",
            "实施单位",
            "单位名称",
            "责任主体",
            "填报单位",
        ),
        hint="一个单位；写了几个时第一个是牵头单位，其余是配合单位。",
    ),
    Field(
        name="cooperating",
        label="配合单位",
        words=(
            "配合单位",
            "协办单位",
            "协同单位",
            "参与单位",
            "配合部门",
            "协办部门",
            "协助单位",
            "会办单位",
            "配合责任单位",
        ),
        hint="可以有几个，用“、”分开。",
    ),
    Field(
        name="area",
        label="责任地区",
        words=("责任地区", "责任区域", "实施地区", "涉及地区", "属地", "所在地区", "实施范围"),
        hint="照原文记下。",
    ),
    Field(
        name="leader",
        label="责任领导",
        words=("责任领导", "分管领导", "牵头领导", "包保领导", "分管市领导", "市级领导", "责任人"),
        hint="只在内部可见。登记给责任单位；单位自己指定过的不改。",
    ),
    Field(
        name="liaison",
        label="联络员",
        words=("联络员", "联系人", "具体负责人", "经办人", "联系人及电话", "联系方式", "联系电话"),
        hint="只在内部可见。登记给责任单位；单位自己指定过的不改。",
    ),
    Field(
        name="due",
        label="完成时限",
        words=(
            "完成时限",
            "完成时间",
            "办结时限",
            "办结时间",
            "时限要求",
            "时间要求",
            "完成期限",
            "时限",
            "截止时间",
            "截止日期",
            "时间节点",
            "计划完成时间",
            "竣工时间",
            "进度安排",
            "时间安排",
        ),
        hint="日期，或“6月底前”“全年”“持续推进”这样的说法。",
    ),
    Field(
        name="value",
        label="目标值",
        words=(
            "目标值",
            "年度目标",
            "指标值",
            "目标",
            "计划目标",
            "任务目标",
            "年度指标",
            "目标数",
            "任务数",
            "计划数",
            "指标",
            "量化目标",
            "全年目标",
            "年度任务",
        ),
        hint="一个数，可以带比较的词和单位；其余文字记在说明里。",
    ),
    Field(
        name="unit",
        label="计量单位",
        words=("计量单位", "单位", "数量单位", "指标单位"),
        hint="目标值的单位。",
    ),
    Field(
        name="baseline",
        label="基数",
        words=("基数", "上年完成", "上年完成值", "上年实际", "基期值", "去年完成", "上年基数"),
        hint="起点的数值。",
    ),
    Field(
        name="document",
        label="依据",
        words=(
            "任务来源",
            "依据",
            "文号",
            "来源",
            "文件依据",
            "来源文件",
            "文件名称",
            "任务依据",
            "政策依据",
            "文件文号",
        ),
        hint="文件的编号、文号或名称；没有登记过的会一并登记。",
    ),
    Field(
        name="place",
        label="位置",
        words=("文件位置", "条款", "条目", "段落", "所在位置", "页码"),
        hint="在文件中的位置。",
    ),
    Field(
        name="creditor",
        label="承诺对象",
        words=("承诺对象", "服务对象", "受益对象", "受益群体"),
        hint="对谁承诺；空着时用默认值。",
    ),
    Field(
        name="kind",
        label="类型",
        words=("类型", "任务类型", "类别", "任务类别", "事项类别", "事项类型"),
        hint="总体目标、指标任务、举措、项目等；不认识的词记在说明里，用默认值。",
    ),
    Field(
        name="progress",
        label="进展",
        words=(
            "进展",
            "进展情况",
            "工作进展",
            "完成情况",
            "推进情况",
            "落实情况",
            "目前进展",
            "办理情况",
            "最新进展",
            "工作进展情况",
        ),
        hint="只供查看，不登记；进展由责任单位报送。",
        many=True,
    ),
    Field(
        name="note",
        label="备注",
        words=("备注", "说明", "其他", "备注说明", "存在问题", "问题及建议"),
        hint="记在说明里。",
        many=True,
    ),
)
BY_NAME = {field.name: field for field in FIELDS}
KEY_FIELDS = frozenset({IDENTITY, "number", "code"})
"""What tells which row it is."""

ADDED = (
    IDENTITY_HEADER,
    "状态",
    "现定时限",
    "原定时限",
    "调整次数",
    "签收",
    "最近进展",
    "完成比例",
    "卡点",
    "存证校验码",
)
"""Headers of the columns that we add when we give a sheet back, in their order."""
ADDED_GROUP = "一诺"
"""The header over them where a sheet has two header rows."""
RESULT_SHEET = "检查结果"
MARKS_SHEET = "一诺标记"
OUR_SHEETS = frozenset({RESULT_SHEET, MARKS_SHEET})
"""Sheets that we put into a workbook when we give it back with its errors; never read."""
