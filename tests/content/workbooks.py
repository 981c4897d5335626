"""Small workbooks of rules: a subsidy from a turnover on, with an example."""

from functools import cache

from tests.rules.builders import HEAD, sheet

EXAMPLES = (("规则表", "营业收入", "应得 结果"), ("奖补", "5", "不奖"))


@cache  # a workbook holds the second in which it was written
def subsidy(limit: int) -> bytes:
    """Those with a turnover from `limit` 万元 on get it."""
    rows = (("1", f"≥ {limit} 万元", "-", "奖"), ("2", f"< {limit} 万元", "-", "不奖"))
    return sheet(*HEAD, *rows, more={"测试": EXAMPLES})
