"""A unit that owes money to the firms of the small lake: twelve of them were never fined."""

from datetime import date

from tests.benefits.fund import publish_table, table
from tests.city import PASSWORD, City
from tests.web.credit_city import CITY, FEBRUARY, Lake
from yinuo.parties.commands import (
    OPERATOR,
    NewUnit,
    approve_duty,
    ask_duty,
    open_account,
    register_units,
)
from yinuo.parties.queries import public_viewer_named
from yinuo.parties.viewer import Viewer

UNIT, POLICY, NAME = "DL-GXJ", "clean-record", "守法企业奖励"
FIRMS, EACH = 12, 123_456
"""How many firms get it, and how much, in 分."""
TABLE = "tables/benefit-clean-record.xlsx"
RULE = (
    ("规则表", "守法奖励"),
    ("命中方式", "唯一"),
    ("有效自", "2024-01-01"),
    ("依据", "本测试规定"),
    ("列", "输入", "输入", "输出", "说明"),
    ("名称", "近两年罚款合计", "成立日期", "金额", ""),
    ("类型", "数", "日期", "数"),
    ("默认", "", "", "0"),
    ("1", "0", "≤ 2020-01-01", "1234.56", ""),
)
STRICT = (*RULE[:-1], ("1", "0", "≤ 2010-01-01", "1234.56", ""))
"""By this one nobody gets anything."""
DEFINITION = f"""
name = "{NAME}"
unit = "{UNIT}"
about = "近两年没有罚款的企业，每家一次"
basis = "测试文件第三条"
subject = "firm"
table = "benefit-clean-record"
valid_from = 2024-01-01
valid_until = 2024-12-31
period = "2024"
budget = "20000.00"
shortage = "stop"
promised_days = 10
notice_days = 5
sample_per_mille = 0

[amount]
output = "金额"
"""


def known(username: str) -> Viewer:
    """Somebody with the units that there are now."""
    found = public_viewer_named(username)
    assert found is not None
    return found


def open_office(lake: Lake) -> City:
    """The unit, its two officers, both editions of the table; returns who there is now."""
    unit = NewUnit(code=UNIT, name="市工信局", kind="department", parent=CITY)
    register_units(units=[unit], by=OPERATOR, at=FEBRUARY)
    for username, name in (("officer", "经甲"), ("officer2", "经乙")):
        open_account(username=username, name=name, password=PASSWORD, by=OPERATOR, at=FEBRUARY)
        duty = ask_duty(
            username=username, role="officer", unit=UNIT, by=known("admin"), at=FEBRUARY
        )
        approve_duty(duty=duty, by=known("admin2"), at=FEBRUARY)
    names = [*lake.city.viewers, "officer", "officer2"]
    city = City({name: known(name) for name in names})
    publish_table(city, TABLE, table(RULE))
    publish_table(city, TABLE, table(STRICT), start=date(2024, 6, 1))
    return city
