"""The workbook of indicators: its sheets, their columns, and what each is for. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass

from yinuo.goals.indicators.words import (
    DIRECTION_LABELS,
    FREQUENCY_LABELS,
    KIND_LABELS,
    MEASURE_LABELS,
    SERIES_LABELS,
    STANDING_LABELS,
    by_word,
)

INDICATORS, FIGURES, BINDINGS, INTRODUCTION = "指标", "数据", "绑定", "说明"
YES, NO = "是", "否"
BOOLEANS = {YES: "yes", NO: ""}


@dataclass(frozen=True)
class Column:
    """One column of a sheet."""

    field: str
    header: str
    hint: str
    required: bool = False
    """Whether every row must fill it in; a file without the column lacks it in every row."""
    choices: Mapping[str, str] | None = None
    """Word in the sheet → stored value."""
    longest: int = 200
    width: int = 14


DEFINITION_COLUMNS = (
    Column("code", "编号", "登记以后不变", required=True, longest=40),
    Column("name", "名称", "指标的全名", required=True, width=30),
    Column("unit", "计量单位", "如 万人次、亿元、%", required=True, longest=20),
    Column("definition", "口径", "算什么、不算什么", longest=2_000, width=40),
    Column("direction", "方向", "越高越好还是越低越好", choices=by_word(DIRECTION_LABELS)),
    Column("frequency", "频率", "多久一期", required=True, choices=by_word(FREQUENCY_LABELS)),
    Column("kind", "值的类型", "各类不混用", required=True, choices=by_word(KIND_LABELS)),
    Column("additive", "可相加", "各部分能不能加成总数；比率不能", choices=BOOLEANS),
    Column("numerator", "分子指标", "比率的分子是哪个指标", longest=40),
    Column("denominator", "分母指标", "比率的分母是哪个指标", longest=40),
    Column("base_year", "压缩基年", "压缩幅度与哪一年比，如 2017", longest=4),
    Column(
        "wider",
        "对象和上级范围",
        "如 大连口岸＜辽宁省、东北三省；只写对象也可以，几个对象用分号隔开",
        longest=1_000,
        width=30,
    ),
    Column("source", "来源", "谁统计、谁公布", width=24),
    Column("office", "答复单位", "单位代码或名称；它的督查人发布数据", required=True, longest=120),
    Column("near_names", "易混指标", "不能与它混用的名称，用、隔开", longest=500, width=24),
    Column("heading", "目标", "所属目标的编号", longest=60),
    Column("counted", "计数自", "由哪个台账计数，如 projects.started", longest=60),
    Column("simulated", "演示数据", "是模拟的就填是", choices=BOOLEANS),
)
FIGURE_COLUMNS = (
    Column("indicator", "指标", "编号或全名", required=True),
    Column("subject", "对象", "单位代码、单位名称，或范围的名称", required=True, width=20),
    Column(
        "period",
        "期间",
        "2024、2024上半年、2024Q1、2024-06、2024年1—6月、2024-06-30，或 2024春节假期前5日",
        required=True,
        longest=60,
        width=20,
    ),
    Column("first", "起日", "有名称的一段日子的第一天", longest=40),
    Column("last", "止日", "最后一天，这一天也算", longest=40),
    Column("series", "系列", "不填是实际", choices=by_word(SERIES_LABELS)),
    Column("measure", "类别", "数值，或原文说的同比、占比…", choices=by_word(MEASURE_LABELS)),
    Column("against", "相比于", "占比写上级范围，压缩写基期，如 2022", longest=80),
    Column("value", "数值", "只写一个数", required=True, longest=60),
    Column("unit", "计量单位", "与指标不同时换算；不填不收", required=True, longest=20),
    Column("standing", "状态", "不填是初步", choices=by_word(STANDING_LABELS)),
    Column("numerator", "分子", "比率的分子的数", longest=60),
    Column("denominator", "分母", "比率的分母的数", longest=60),
    Column("document", "依据", "登记的文件编号", longest=40),
    Column("place", "位置", "在文件里的位置", longest=80),
    Column("source", "来源", "没有登记的文件时，用文字写", width=24),
    Column("published", "公布日期", "公布的那一天", longest=40),
    Column("implied", "推算", "由所称的比率反推的填是", choices=BOOLEANS),
    Column("how", "推算方法", "怎样推算的", width=24),
    Column("simulated", "演示数据", "是模拟的就填是", choices=BOOLEANS),
)
BINDING_COLUMNS = (
    Column("commitment", "承诺", "承诺编号", required=True, longest=40),
    Column("indicator", "指标", "编号或全名", required=True),
    Column("subject", "对象", "单位代码、单位名称，或范围的名称", required=True, width=20),
    Column("period", "期间", "看哪一段时间的数，如 2024", required=True, longest=60),
    Column("first", "起日", "有名称的一段日子的第一天", longest=40),
    Column("last", "止日", "最后一天，这一天也算", longest=40),
)
SHEETS = {
    INDICATORS: DEFINITION_COLUMNS,
    FIGURES: FIGURE_COLUMNS,
    BINDINGS: BINDING_COLUMNS,
}


def read_wider(text: str) -> dict[str, list[str]]:
    """What the column 对象和上级范围 says: subject → the wider ones.

    >>> read_wider("大连口岸＜辽宁省、东北三省；大连关区")
    {'大连口岸': ['辽宁省', '东北三省'], '大连关区': []}
    """
    found: dict[str, list[str]] = {}
    for part in text.replace("<", "＜").replace(";", "；").split("；"):
        subject, _, wider = part.partition("＜")
        if subject.strip():
            names = wider.replace(",", "、").replace("，", "、").split("、")
            found[subject.strip()] = [name.strip() for name in names if name.strip()]
    return found


def written_wider(wider: Mapping[str, list[str]]) -> str:
    """The same the other way.

    >>> written_wider({"大连口岸": ["辽宁省"], "大连关区": []})
    '大连口岸＜辽宁省；大连关区'
    """
    return "；".join(
        f"{subject}＜{'、'.join(names)}" if names else subject for subject, names in wider.items()
    )
