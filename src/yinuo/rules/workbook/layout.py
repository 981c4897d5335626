"""The layout of a workbook of tables: labels in the first column, one rule a row."""

import re

from yinuo.rules.expression import AS_OF, FULL_MONTHS
from yinuo.rules.kinds import RESERVED, Kind
from yinuo.rules.table import Aggregator, HitPolicy

TABLE = "规则表"
"""The label that begins a table; beside it stands the table's name."""
POLICY, VALID_FROM, VALID_TO, BASIS, NOTE = "命中方式", "有效自", "有效至", "依据", "说明"
HEAD = (TABLE, POLICY, VALID_FROM, VALID_TO, BASIS, NOTE)
COLUMNS = "列"
"""The label of the row that says what each column is."""
NAME, EXPRESSION, KIND, UNIT, ALLOWED, DEFAULT = "名称", "算式", "类型", "单位", "允许值", "默认"
COLUMN_HEAD = (COLUMNS, NAME, EXPRESSION, KIND, UNIT, ALLOWED, DEFAULT)
LABELS = (*HEAD, *COLUMN_HEAD)

INPUT, SOURCE, OUTPUT, REMARK = "输入", "取数", "输出", "说明"
ROLES = (INPUT, SOURCE, OUTPUT, REMARK)

EXAMPLES = "测试"
"""Name of the sheet of examples."""
INTRODUCTION = "说明"
"""Name of a sheet for people; never read."""
EXPECTED = "应得"
"""`应得 处理` heads the expected value of the output 处理."""
EXPECTED_RULE, EXPECTED_STATE, EXPECTED_MISSING = "规则", "状态", "缺少"
EXAMPLE_TABLE, EXAMPLE_DAY, EXAMPLE_NOTE = "规则表", AS_OF, "说明"

MAX_RULES = 5_000
MAX_COLUMNS = 100
MAX_NAME = 40
RULE_NUMBER = re.compile(r"[^\W\d]{0,8}\d[\w.\-]{0,19}")
"""A rule's number holds a digit, so that a misspelt label is never taken for a rule."""

KINDS = {
    **{kind.value: kind for kind in Kind},
    "数字": Kind.NUMBER,
    "数值": Kind.NUMBER,
    "金额": Kind.NUMBER,
    "文字": Kind.TEXT,
    "字符": Kind.TEXT,
    "布尔": Kind.TRUTH,
    "是/否": Kind.TRUTH,
    "百分数": Kind.PERCENT,
    "比例": Kind.PERCENT,
    "天": Kind.DAYS,
    "月": Kind.MONTHS,
}
POLICIES = {
    **{policy.value: policy for policy in HitPolicy},
    **{policy.name.lower(): policy for policy in HitPolicy},
    **dict(zip("uapfc", HitPolicy, strict=True)),
}
AGGREGATORS = {
    **{each.value: each for each in Aggregator},
    "sum": Aggregator.SUM,
    "min": Aggregator.LEAST,
    "max": Aggregator.MOST,
    "count": Aggregator.COUNT,
    "": Aggregator.LIST,
}
KEYWORDS = frozenset(
    (
        *RESERVED,
        *LABELS,
        *ROLES,
        AS_OF,
        FULL_MONTHS,
        EXPECTED_RULE,
        EXPECTED_STATE,
        EXPECTED_MISSING,
        *("且", "或", "不是", "除", "是", "否", "任意", "不限", "未定"),
        *("and", "or", "not", "if", "then", "else", "for", "in", "return", "some", "every"),
        *("satisfies", "between", "instance", "of", "function", "null", "true", "false"),
    )
)
"""Words with a meaning of their own, now or in FEEL; none may be a name."""
STRANGE_IN_NAMES = re.compile(r"""[+\-*/×÷()（）,，;；"“”'\[\]{}<>=≥≤≠\n\r\t\x00-\x1f·]""")
