"""A small service desk for all tests of cases: units, people, items and cases by real commands.

The catalogue office 市营商环境局 keeps the items, 市市场监管局 and 市消防救援支队 decide, the
window 市政务服务中心 takes in. All names are made up; dates lie in March 2024, when no day off
comes between but weekends.
"""

import io
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from functools import cache
from typing import Any

from tests.city import PASSWORD, City
from tests.kept import kept
from tests.kernel.media import samples
from yinuo.cases.commands import accept as accepting
from yinuo.cases.commands import decide as deciding
from yinuo.cases.commands import intake
from yinuo.cases.commands.applicants import NewApplicant
from yinuo.cases.commands.intake import Receipt
from yinuo.cases.commands.items import draft_items, publish_version
from yinuo.cases.commands.materials import Choice
from yinuo.cases.items.definition import (
    Declaration,
    ItemDefinition,
    ItemGround,
    Material,
    Medium,
    Question,
    Step,
)
from yinuo.cases.life import Accepted, Decision
from yinuo.parties.commands import OPERATOR, NewUnit, found_duties, open_account, register_units
from yinuo.parties.queries import public_viewer_named
from yinuo.parties.viewer import Viewer
from yinuo.web.files import store

FEBRUARY = datetime(2024, 2, 1, 1, 0, tzinfo=UTC)
MONDAY = datetime(2024, 3, 4, 1, 30, tzinfo=UTC)
"""9:30 in Dalian: the day on which a case comes in."""
IN_FORCE = date(2024, 2, 5)

CITY, OFFICE, DEPARTMENT, FIRE, WINDOW = "210200", "DL-YSJ", "DL-SJJ", "DL-XFJ", "DL-ZWZX"
ITEM = "SC-901"
PEOPLE = (
    # user name, name, role, unit
    ("clerk", "窗甲", "officer", WINDOW),
    ("clerk2", "窗乙", "officer", WINDOW),
    ("officer", "监甲", "officer", DEPARTMENT),
    ("officer2", "监乙", "officer", DEPARTMENT),
    ("fire", "消甲", "officer", FIRE),
    ("fire2", "消乙", "officer", FIRE),
    ("supervisor", "督甲", "supervisor", OFFICE),
    ("supervisor2", "督乙", "supervisor", OFFICE),
    ("admin", "管甲", "administrator", CITY),
    ("admin2", "管乙", "administrator", CITY),
    ("auditor", "审甲", "auditor", CITY),
    ("protector", "护甲", "protector", CITY),
)
FIRM_CODE, PERSON_ID = "91210200000000000F", "11010519491231002X"
FIRM = NewApplicant(kind="firm", name="山海咖啡有限公司", number=FIRM_CODE, contact="0411-00000000")
PERSON = NewApplicant(kind="person", name="试甲", number=PERSON_ID, contact="0411-00000001")
PDF = samples.pdf()


@kept
def open_desk() -> City:
    """Register units, open accounts, found the duties."""
    units = [
        NewUnit(code=CITY, name="大连市", kind="city", gb_code=CITY),
        NewUnit(code=OFFICE, name="市营商环境局", kind="department", parent=CITY),
        NewUnit(code=DEPARTMENT, name="市市场监管局", kind="department", parent=CITY),
        NewUnit(code=FIRE, name="市消防救援支队", kind="department", parent=CITY),
        NewUnit(code=WINDOW, name="市政务服务中心", kind="department", parent=CITY),
    ]
    register_units(units=units, by=OPERATOR, at=FEBRUARY)
    for username, name, _role, _unit in PEOPLE:
        open_account(username=username, name=name, password=PASSWORD, by=OPERATOR, at=FEBRUARY)
    found_duties(duties=[(who, role, unit) for who, _name, role, unit in PEOPLE], at=FEBRUARY)
    found = {who: public_viewer_named(who) for who, *_ in PEOPLE}
    return City({who: viewer for who, viewer in found.items() if viewer is not None})


def item(**changes: Any) -> ItemDefinition:
    """食品经营许可 for a café: legal 20, promised 8 working days; `changes` replace any field.

    M1 must be given, M2 may wait ten working days, M3 may be declared, M4 the city holds, M5 is
    not required. 专家评审 stops both clocks, 现场核查 the promise only, 检验 the law only, for at
    most five days.
    """
    plain = ItemDefinition(
        code=ITEM,
        name="食品经营许可（演示）",
        kind="行政许可",
        unit=DEPARTMENT,
        by_law="《中华人民共和国食品安全法》第三十五条",
        served=("法人",),
        topics=("准营准办",),
        legal_limit="20wd",
        legal_explain="《中华人民共和国行政许可法》第四十二条",
        promised_limit="8wd",
        grounds=(
            ItemGround(name="专家评审", legal_basis="行政许可法第四十五条"),
            ItemGround(name="现场核查", legal_basis="本市承诺办法", stops_legal=False),
            ItemGround(
                name="检验", legal_basis="行政许可法第四十五条", stops_promised=False, cap=5
            ),
        ),
        conditions="有与经营的食品品种、数量相适应的场所和设备。",
        visits=0,
        visits_explain="无",
        online_depth="全程网办",
        result_name="食品经营许可证",
        result_kind="出证",
        address="示范路 1 号政务服务大厅 3 号窗口",
        hours="工作日 8:30–17:00",
        phone="0411-00000010",
        complaint_phone="0411-00000020",
        materials=(
            Material(key="M1", name="申请书", legal_basis="食品经营许可管理办法"),
            Material(key="M2", name="场所平面图", deferrable=True, deferral="10wd"),
            Material(key="M3", name="从业人员健康证明", declarable=True),
            Material(key="M4", name="营业执照", held_by="电子证照库"),
            Material(key="M5", name="授权委托书", required=False, need_explain="委托办理时提供"),
        ),
        steps=tuple(Step(name=name) for name in ("受理", "审核", "审批", "办结", "送达")),
        questions=(Question(question="要去现场吗？", answer="不用。"),),
        media=(Medium(name="许可证样式", kind="result", sha256="0" * 64),),
        declaration=Declaration(
            version="1",
            conditions="从业人员均有有效的健康证明。",
            text="本人承诺从业人员均有有效的健康证明。",
            liability="承诺不实的，撤销许可。",
            check_within="30d",
        ),
        simulated=True,
    )
    return replace(plain, **changes)


def put_item(
    city: City, *, at: datetime = FEBRUARY, valid_from: date = IN_FORCE, **changes: Any
) -> str:
    """An item drafted and published by two persons; returns the code of its version."""
    definition = item(**changes)
    drafted = draft_items(definitions=[definition], office=OFFICE, by=city["admin"], at=at)
    code = drafted.drafts[0]
    publish_version(item_version=code, valid_from=valid_from, by=city["supervisor"], at=at)
    return code


@kept
def make_desk() -> City:
    """The desk with one item in force."""
    city = open_desk()
    put_item(city)
    return city


@cache
def whole() -> Mapping[str, Choice]:
    """Every required document handed over on paper."""
    return {key: Choice(kind="give") for key in ("M1", "M2", "M3", "M4")}


def uploaded(*keys: str) -> dict[str, Choice]:
    """These documents uploaded."""
    return {key: Choice(kind="give", name=f"{key}.pdf", file=io.BytesIO(PDF)) for key in keys}


def put_case(
    city: City,
    *,
    at: datetime = MONDAY,
    item: str = ITEM,
    applicant: NewApplicant = FIRM,
    choices: Mapping[str, Choice] | None = None,
    joint: str | None = None,
    window: str = WINDOW,
    clerk: str = "clerk",
) -> Receipt:
    """A case taken in at the window, by default with all its documents."""
    return intake.take_in(
        item=item,
        window=window,
        applicant=applicant,
        about="开一家咖啡馆",
        choices=whole() if choices is None else choices,
        store=store(),
        by=city[clerk],
        at=at,
        joint=joint,
    )


def apply(
    *, at: datetime = MONDAY, choices: Mapping[str, Choice] | None = None, **changes: Any
) -> Receipt:
    """A case that comes in online."""
    plain: dict[str, Any] = {
        "item": ITEM,
        "applicant": FIRM,
        "about": "开一家咖啡馆",
        "choices": uploaded("M1", "M2", "M3", "M4") if choices is None else choices,
        "store": store(),
        "at": at,
    }
    return intake.apply(**{**plain, **changes})


def put_accepted_case(
    city: City, *, at: datetime = MONDAY, clerk: str = "clerk", **changes: Any
) -> Receipt:
    """A case taken in and accepted at the same time."""
    receipt = put_case(city, at=at, **changes)
    accepting.accept(case=receipt.code, how=Accepted.PLAIN, by=city[clerk], at=at)
    return receipt


def decide(
    city: City,
    case: str,
    *,
    at: datetime,
    by: Viewer | None = None,
    decision: Decision = Decision.APPROVED,
) -> None:
    """The department decides."""
    deciding.decide(
        case=case, decision=decision, reason="符合条件", by=by or city["officer"], at=at
    )
