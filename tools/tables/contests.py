"""The rows of content/tables/contests.xlsx: within how long a contested figure is decided on."""

from collections.abc import Sequence

Lines = Sequence[Sequence[str]]

ABOUT = "据报道、承诺、赛马"
TERMS: Lines = (
    ("规则表", "异议时限"),
    ("命中方式", "唯一"),
    ("有效自", "2024-01-01"),
    ("依据", "本表规定"),
    ("说明", "自提出的次日起算的工作日；到期仍可决定，但列为逾期"),
    ("列", "输入", "输出", "说明"),
    ("名称", "对象", "工作日数"),
    ("类型", "文本", "数"),
    ("单位", "", "个工作日"),
    ("允许值", ABOUT, ""),
    ("1", "据报道", "15", "要向来源核对"),
    ("2", "承诺", "10", "督查单位录入的数字，红黄绿灯依据的事实"),
    ("3", "赛马", "5", "影响下一期排名，要快"),
)
EXAMPLES: Lines = (
    ("规则表", "对象", "应得 工作日数", "说明"),
    ("异议时限", "据报道", "15", ""),
    ("异议时限", "承诺", "10", ""),
    ("异议时限", "赛马", "5", ""),
)
INTRODUCTION = (
    "数据异议规则表",
    "单位对别处的一个数字有异议时，督查人要在多少个工作日内决定。",
)
BOOK = (INTRODUCTION, (TERMS,), EXAMPLES)
