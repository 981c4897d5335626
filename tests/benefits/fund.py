"""A small fund for all tests of benefits: units, people, a published table, a register of firms.

市工信局 owes the money, two of its officers ask and approve. Names and codes are made up.
"""

import io
from collections.abc import Sequence
from datetime import UTC, date, datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import xlsxwriter

from tests.city import PASSWORD, City
from tests.kept import kept
from yinuo.benefits.commands.policies import draft_policy, publish_policy
from yinuo.benefits.commands.screening import Proposed, Register, screen_register
from yinuo.content.calendars import working_calendar
from yinuo.content.commands import approve_publication, ask_publication, keep
from yinuo.kernel.calendar import Calendar
from yinuo.parties.commands import OPERATOR, NewUnit, found_duties, open_account, register_units
from yinuo.parties.queries import public_viewer_named
from yinuo.web.files import store

FEBRUARY = datetime(2024, 2, 1, 1, 0, tzinfo=UTC)
MONDAY = datetime(2024, 3, 4, 1, 30, tzinfo=UTC)
TODAY = date(2024, 3, 4)
CITY, UNIT, OTHER = "210200", "DL-GXJ", "DL-KJJ"
PEOPLE = (
    ("officer", "经甲", "officer", UNIT),
    ("officer2", "经乙", "officer", UNIT),
    ("stranger", "他甲", "officer", OTHER),
    ("admin", "管甲", "administrator", CITY),
    ("admin2", "管乙", "administrator", CITY),
    ("auditor", "审甲", "auditor", CITY),
)
POLICY = "staff-training"
TABLE = (
    ("规则表", "培训补贴"),
    ("命中方式", "唯一"),
    ("有效自", "2024-01-01"),
    ("依据", "本测试规定"),
    ("列", "输入", "输入", "输出", "说明"),
    ("名称", "参保人数", "欠缴", "每人金额", ""),
    ("类型", "数", "是否", "数"),
    ("1", "[10..100)", "否", "200", ""),
    ("2", "≥ 100", "否", "150.5", ""),
)
FIRMS = (
    # entity, name, code, insured staff, arrears, founded on, mark of the representative
    ("E01", "东海渔具有限公司", "91210200000000000F", 12, False, date(2010, 1, 4), "a"),
    ("E02", "海山木器有限公司", "912102000000003340", 100, False, date(2011, 5, 6), "b"),
    ("E03", "北岸食品有限公司", "", 50, True, date(2012, 7, 8), "c"),
    ("E04", "西湾电器有限公司", "", 9, False, date(2013, 9, 10), "d"),
    ("E05", "星石建材有限公司", "", None, False, date(2014, 11, 12), "e"),
    ("E06", "明珠印刷有限公司", "", None, None, date(2015, 1, 2), "f"),
)
DEFINITION = """
name = "职工培训补贴"
unit = "DL-GXJ"
about = "按参保人数给培训补贴"
basis = "测试文件第三条"
subject = "firm"
table = "benefit-staff-training"
valid_from = 2024-01-01
valid_until = 2024-12-31
period = "2024"
budget = "50000.00"
shortage = "stop"
promised_days = 10
notice_days = 5
sample_per_mille = 0
related_by = "代表人"

[amount]
output = "每人金额"
times = "参保人数"
"""


def table(lines: Sequence[Sequence[str]] = TABLE) -> bytes:
    """A workbook with one decision table."""
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as book:
        sheet = book.add_worksheet(lines[0][1])
        for row, line in enumerate(lines):
            for column, text in enumerate(line):
                sheet.write_string(row, column, text)
    return buffer.getvalue()


def register(folder: Path, firms: Sequence[tuple[object, ...]] = FIRMS) -> Register:
    """The firms as a release has them."""
    entity, name, code, staff, arrears, founded, mark = zip(*firms, strict=True)
    profile = pa.table(
        {
            "entity": pa.array(entity, pa.string()),
            "kind": pa.array(["firm"] * len(entity), pa.string()),
            "参保人数": pa.array(staff, pa.int64()),
            "欠缴": pa.array(arrears, pa.bool_()),
            "成立日期": pa.array(founded, pa.date32()),
            "代表人": pa.array(mark, pa.string()),
        }
    )
    entities = pa.table(
        {
            "entity": pa.array(entity, pa.string()),
            "kind": pa.array(["firm"] * len(entity), pa.string()),
            "code": pa.array([each or None for each in code], pa.string()),
            "name": pa.array(name, pa.string()),
        }
    )
    pq.write_table(profile, folder / "profile.parquet")
    pq.write_table(entities, folder / "entities.parquet")
    return Register(
        release=1,
        profile=folder / "profile.parquet",
        entities=folder / "entities.parquet",
        look=lambda *_: None,
    )


@kept
def open_fund() -> City:
    """Register units, open accounts, found the duties, publish the table."""
    units = [
        NewUnit(code=CITY, name="大连市", kind="city", gb_code=CITY),
        NewUnit(code=UNIT, name="市工信局", kind="department", parent=CITY),
        NewUnit(code=OTHER, name="市科技局", kind="department", parent=CITY),
    ]
    register_units(units=units, by=OPERATOR, at=FEBRUARY)
    for username, name, _role, _unit in PEOPLE:
        open_account(username=username, name=name, password=PASSWORD, by=OPERATOR, at=FEBRUARY)
    found_duties(duties=[(who, role, unit) for who, _name, role, unit in PEOPLE], at=FEBRUARY)
    viewers = {who: public_viewer_named(who) for who, *_ in PEOPLE}
    city = City({who: viewer for who, viewer in viewers.items() if viewer is not None})
    publish_table(city, "tables/benefit-staff-training.xlsx", table())
    return city


def publish_table(city: City, name: str, data: bytes, *, start: date = date(2024, 2, 2)) -> int:
    """A table in force from a day on, by two administrators."""
    made = keep(name=name, data=data, valid_from=start, store=store())
    number = ask_publication(kept=made, reason="发布", store=store(), by=city["admin"], at=FEBRUARY)
    approve_publication(number=number, store=store(), by=city["admin2"], at=FEBRUARY)
    return number


def publish(city: City, text: str = DEFINITION, code: str = POLICY) -> str:
    """The policy, drafted by one officer and published by the other."""
    version = draft_policy(data=text.encode(), code=code, by=city["officer"], at=MONDAY)
    publish_policy(version=version, by=city["officer2"], at=MONDAY, today=TODAY)
    return version


def screen(city: City, folder: Path, version: str, **changes: object) -> Proposed:
    """All firms screened by the policy."""
    asked: dict[str, object] = {"at": MONDAY, "on": TODAY, "store": store(), **changes}
    if "register" not in asked:
        asked["register"] = register(folder)
    return screen_register(version=version, by=city["officer"], **asked)  # type: ignore[arg-type]


def calendar() -> Calendar:
    """Of working days."""
    return working_calendar()
