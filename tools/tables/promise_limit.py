"""The rows of content/tables/promise-limit.xlsx: how 40 % of a legal limit rounds to whole days."""

from collections.abc import Iterator, Sequence
from decimal import Decimal

Lines = Sequence[Sequence[str]]

NAME = "承诺时限上限"
LONGEST = 120
"""Days of the longest legal limit that the table answers."""
DAYS_FOR_ONE = Decimal("2.5")
"""So many days of the law make one promised day: 1 ÷ 40 %."""


def _rules() -> Iterator[tuple[str, ...]]:
    """One rule for each number of whole days, over the legal limits that round down to it.

    The bounds are exact, so that half days leave no gap between the rules.
    """
    for days in range(int(LONGEST / DAYS_FOR_ONE) + 1):
        low, high = (f"{number * DAYS_FOR_ONE:f}".removesuffix(".0") for number in (days, days + 1))
        if not days:
            yield (str(days + 1), f"< {high}", str(days), "四成不足一天，当场办结")
        elif days * DAYS_FOR_ONE == LONGEST:
            yield (str(days + 1), low, str(days), f"{low} 天的四成是 {days} 天；更长的由人工核定")
        else:
            yield (str(days + 1), f"[{low}..{high})", str(days), f"{low} 天的四成是 {days} 天")


LIMIT: Lines = (
    ("规则表", NAME),
    ("命中方式", "唯一"),
    ("有效自", "2024-01-01"),
    (
        "依据",
        "承诺时限压缩到法定时限的 40% 以下；“以下”包括本数（民法典 第一千二百五十九条）",
    ),
    (
        "说明",
        (
            "最多天数 = 法定天数 × 0.4，舍去不足一天的部分，所以从不超过四成；"
            "法定 1 天、2 天的四成不足一天，结果是 0，即当场办结（即办）。"
            "工作日对工作日，自然日对自然日；按月、按年、按小时计的不适用，由人工核定"
        ),
    ),
    ("列", "输入", "输出", "说明"),
    ("名称", "法定天数", "最多天数", ""),
    ("类型", "数", "数"),
    ("允许值", f"(0..{LONGEST}]", ""),
    *_rules(),
)
EXAMPLES: Lines = (
    ("规则表", "法定天数", "应得 最多天数", "说明"),
    (NAME, "1", "0", "即办"),
    (NAME, "2", "0", "即办"),
    (NAME, "3", "1", "四成是 1.2 天"),
    (NAME, "5", "2", "四成正好 2 天"),
    (NAME, "7", "2", "四成是 2.8 天"),
    (NAME, "10", "4", ""),
    (NAME, "15", "6", ""),
    (NAME, "20", "8", "行政许可法的一般时限"),
    (NAME, "45", "18", "统一、联合、集中办理的时限"),
    (NAME, "60", "24", ""),
    (NAME, "120", "48", ""),
)
INTRODUCTION = (
    "承诺时限上限规则表",
    "法定时限的四成是多少个整天。检查事项时据此提示，起草时据此建议。",
    "不足一天的部分舍去，不四舍五入：进上去就超过四成。四成不足一天的，当场办结。",
)
BOOK = (INTRODUCTION, (LIMIT,), EXAMPLES)
