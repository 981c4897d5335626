"""What an item is written down as: sheets, columns, and the national name of each column. Pure.

One table for both forms, the workbook and the JSON with the columns of the exchange standard
(`up_task_*`). Columns whose name begins with `yinuo_` are ours: the standard has no such field.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from yinuo.cases.items import codes


class Form(StrEnum):
    """What a column holds."""

    TEXT = "文字"
    LIST = "几项，用、隔开"
    COUNT = "整数"
    TRUTH = "是或否"
    LIMIT = "时限"


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a sheet and of a list in JSON."""

    field: str
    header: str
    national: str
    """In JSON; a limit has `…_day` and `…_type` where the standard keeps the two apart."""
    form: Form = Form.TEXT
    coded: Mapping[str, str] | None = None
    """Code in JSON → word; either is read."""
    width: int = 16
    hint: str = ""
    required: bool = False


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet: the items, or the lines of one list of theirs."""

    name: str
    field: str
    """Of the definition; empty for the items themselves."""
    national: str
    columns: tuple[Column, ...]

    def column(self, field: str) -> Column:
        """The column of that field."""
        return next(column for column in self.columns if column.field == field)


C, L, T, N = Column, Form.LIST, Form.TRUTH, Form.COUNT
OF = C("item", "事项编号", "", hint="“事项”表中的编号。", required=True)
"""First column of every list in a workbook; JSON nests instead."""

ITEMS = Sheet(
    "事项",
    "",
    "items",
    (
        C("code", "事项编号", "local_task_code", hint="如 SC-017；登记以后不变。", required=True),
        C("name", "事项名称", "task_name", width=32, hint="最多 200 字。", required=True),
        C("task_code", "实施编码", "task_code", hint="31 位；没有就留空。"),
        C("catalog_code", "基本编码", "catalog_code", hint="12 位；没有就留空。"),
        C("kind", "事项类型", "task_type", coded=codes.KINDS, required=True),
        C("unit", "实施主体", "dept_code", hint="单位代码。", required=True),
        C("unit_kind", "实施主体性质", "dept_type", coded=codes.UNIT_KINDS, required=True),
        C("by_law", "设定依据", "by_law", width=40, required=True),
        C("power_source", "权力来源", "power_source", coded=codes.POWER_SOURCES, required=True),
        C("use_level", "行使层级", "use_level", coded=codes.USE_LEVELS, required=True),
        C("served", "服务对象", "server_type", L, codes.SERVED, required=True),
        C("topics", "主题分类", "yinuo_topics", L, width=24),
        C("handled", "办件类型", "project_type", coded=codes.HANDLED, required=True),
        C("reviewed", "审查类型", "yinuo_reviewed", coded=codes.REVIEWED),
        C("legal_limit", "法定办结时限", "anticipate", Form.LIMIT, hint="如 20wd。", required=True),
        C("legal_explain", "法定时限说明", "anticipate_explain", width=24),
        C(
            "promised_limit",
            "承诺办结时限",
            "promise",
            Form.LIMIT,
            hint="如 8wd，或即办。",
            required=True,
        ),
        C("promised_explain", "承诺时限说明", "promise_explain", width=24),
        C("start_event", "起算", "yinuo_start_event", hint="受理，或收件。"),
        C("delivery_limit", "送达时限", "yinuo_delivery_limit", Form.LIMIT),
        C("conditions", "受理条件", "accept_condition", width=40, required=True),
        C("special_procedure", "特别程序", "special_procedure", width=24),
        C("visits", "到现场次数", "limit_scene_num", N, required=True),
        C("visits_explain", "到现场原因", "limit_scene_explain", width=24),
        C("online", "可网办", "is_online", T),
        C("online_depth", "网上办理深度", "online_handle_depth", coded=codes.ONLINE_DEPTHS),
        C("area", "通办范围", "handle_area"),
        C("quantity_limit", "数量限制", "limit_explain"),
        C("result_name", "审批结果", "result_name", width=24),
        C("result_kind", "结果类型", "result_type", coded=codes.RESULTS),
        C("other_units", "联办机构", "other_dept", L),
        C("agencies", "中介服务", "service_type"),
        C("address", "办理地点", "transact_addr", width=32, required=True),
        C("hours", "办理时间", "transact_time", width=24, required=True),
        C("phone", "咨询电话", "link_way", hint="带区号。", required=True),
        C("complaint_phone", "监督投诉电话", "supervise_way", hint="带区号。", required=True),
        C("simulated", "演示数据", "yinuo_simulated", T),
    ),
)
MATERIALS = Sheet(
    "材料",
    "materials",
    "materials",
    (
        C("key", "材料编号", "yinuo_key", hint="如 M3；各版之间不变。"),
        C("name", "材料名称", "material_name", width=32, required=True),
        C("required", "必要", "is_need", T),
        C("need_explain", "何时要", "yinuo_need_explain", width=24),
        C("deferrable", "可容缺", "yinuo_deferrable", T),
        C("deferral", "后补时限", "yinuo_deferral", Form.LIMIT),
        C("declarable", "可告知承诺", "yinuo_declarable", T),
        C("held_by", "已由共享取得", "yinuo_held_by", hint="如电子证照库。"),
        C("form", "材料形式", "material_format", coded=codes.FORMS),
        C("copies", "份数", "page_num", N),
        C("source", "来源渠道", "source_type", coded=codes.SOURCES),
        C("legal_basis", "依据", "by_law", width=32),
        C("blank_form", "空白表格", "form_guid", hint="“附件”中的名称。"),
        C("sample", "样表", "example_guid", hint="“附件”中的名称。"),
        C("accept_standard", "受理标准", "accept_stand", width=24),
        C("fill_explain", "填写说明", "fill_explain", width=24),
    ),
)
STEPS = Sheet(
    "步骤",
    "steps",
    "yinuo_steps",
    (
        C("name", "步骤", "name", required=True),
        C("limit", "时限", "limit", Form.LIMIT),
        C("who", "办理人员", "who"),
        C("result", "结果", "result", width=24),
    ),
)
FEES = Sheet(
    "收费",
    "fees",
    "fee_projects",
    (
        C("name", "收费项目", "fee_name", width=24, required=True),
        C("standard", "收费标准", "fee_stand", width=24),
        C("legal_basis", "收费依据", "by_law", width=32),
        C("waivable", "可减免", "is_desc", T),
        C("waive_explain", "减免说明", "desc_explain", width=24),
    ),
)
QUESTIONS = Sheet(
    "问答",
    "questions",
    "questions",
    (
        C("question", "问题", "question", width=32, required=True),
        C("answer", "回答", "answer", width=48, required=True),
    ),
)
GROUNDS = Sheet(
    "计时事由",
    "grounds",
    "yinuo_grounds",
    (
        C("name", "事由", "name", required=True),
        C("legal_basis", "依据", "legal_basis", width=40),
        C("cap", "最多扣除", "cap", N, hint="按时限的单位；没有上限就留空。"),
        C("stops_promised", "停承诺计时", "stops_promised", T),
        C("stops_legal", "停法定计时", "stops_legal", T),
    ),
)
DECLARATIONS = Sheet(
    "告知承诺",
    "declaration",
    "yinuo_declaration",
    (
        C("version", "版本", "version", required=True),
        C("conditions", "告知内容", "conditions", width=40),
        C("text", "承诺内容", "text", width=40),
        C("liability", "违诺责任", "liability", width=32),
        C("check_within", "核查时限", "check_within", Form.LIMIT, hint="办结以后，如 30d。"),
        C("check_share", "核查比例", "check_share", N, hint="百分数，1 至 100。"),
    ),
)
MEDIA = Sheet(
    "附件",
    "media",
    "yinuo_media",
    (
        C("name", "名称", "name", width=32, required=True),
        C("kind", "类型", "kind", hint="slides、video、form、sample、result。"),
        C("sha256", "SHA-256", "sha256", width=32, hint="连文件一起交的留空，由系统填写。"),
        C("media_type", "格式", "media_type"),
        C("size", "字节", "size", N),
        C("link", "链接", "link", width=32, hint="不交文件的，写 https:// 开头的网址。"),
    ),
)
CHILDREN = (MATERIALS, STEPS, FEES, QUESTIONS, GROUNDS, DECLARATIONS, MEDIA)
SHEETS = (ITEMS, *CHILDREN)
DERIVED = frozenset(
    {
        *("is_fee", "handle_flow", "dept_name", "task_version", "task_state", "order_num"),
        *("user_topic_type", "corp_topic_type", "yinuo_version"),
    }
)
"""National columns that are written from others and not read."""
LABELS: dict[tuple[str, ...], str] = {
    **{(column.field,): column.header for column in ITEMS.columns},
    **{(sheet.field,): sheet.name for sheet in CHILDREN},
    **{(sheet.field, one.field): one.header for sheet in CHILDREN for one in sheet.columns},
}
"""Field, or list and field → how people call it."""
