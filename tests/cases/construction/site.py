"""A small city with a building project for tests: five departments, two utilities that are units.

Everything by real commands, in March 2024, when no day off comes between but weekends. All names
are made up.
"""

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta

from tests.city import PASSWORD, City
from tests.kept import kept
from yinuo.cases.commands import accept as accepting
from yinuo.cases.commands import building, joint
from yinuo.cases.commands import decide as deciding
from yinuo.cases.commands.applicants import NewApplicant
from yinuo.cases.commands.intake import Receipt
from yinuo.cases.commands.items import draft_items, publish_version
from yinuo.cases.commands.joint import Started
from yinuo.cases.construction.drafting import definitions
from yinuo.cases.construction.project import NewBuilding, NewWorks
from yinuo.cases.in_force.flows import flow_named
from yinuo.cases.life import Decision
from yinuo.cases.models import Case
from yinuo.parties.commands import (
    OPERATOR,
    NewUnit,
    approve_duty,
    ask_duty,
    found_duties,
    open_account,
    register_units,
)
from yinuo.parties.queries import public_viewer_named
from yinuo.web.files import store

FEBRUARY = datetime(2024, 2, 1, 1, 0, tzinfo=UTC)
MONDAY = datetime(2024, 3, 4, 1, 30, tzinfo=UTC)
"""9:30 in Dalian."""
CITY, OFFICE, WINDOW = "210200", "DL-YSJ", "DL-ZWZX"
DEPARTMENTS = {
    "GC-FGW": "市发展改革部门（演示）",
    "GC-ZRZY": "市自然资源部门（演示）",
    "GC-ZJ": "市住房城乡建设部门（演示）",
    "GC-RF": "市人民防空部门（演示）",
    "GC-DA": "市城建档案部门（演示）",
}
UTILITIES = {"GC-SW": "市供水单位（演示）", "GC-GD": "市供电单位（演示）"}
PROJECT, FLOW = "2403-210200-04-01-000001", "GY"
FIRM = NewApplicant(
    kind="firm", name="北辰轴承有限公司", number="91210200000000000F", contact="0411-00000000"
)


def _people() -> list[tuple[str, str, str]]:
    duties = [
        ("clerk", "officer", WINDOW),
        ("lead", "officer", OFFICE),
        ("supervisor", "supervisor", OFFICE),
        ("admin", "administrator", CITY),
        ("admin2", "administrator", CITY),
        ("auditor", "auditor", CITY),
    ]
    for unit in (*DEPARTMENTS, *UTILITIES):
        name = unit.removeprefix("GC-").lower()
        duties += [(name, "officer", unit), (f"{name}2", "officer", unit)]
    return duties


def officer(unit: str, *, second: bool = False) -> str:
    """The user name of one of the two officers of a department."""
    return unit.removeprefix("GC-").lower() + ("2" if second else "")


@kept
def make_site() -> City:
    """Units, people, and the items of the shipped flow in force."""
    units = [
        NewUnit(code=CITY, name="大连市", kind="city", gb_code=CITY),
        NewUnit(code=OFFICE, name="市营商环境局", kind="department", parent=CITY),
        NewUnit(code=WINDOW, name="市政务服务中心", kind="department", parent=CITY),
        *_departments(),
    ]
    register_units(units=units, by=OPERATOR, at=FEBRUARY)
    for username, _role, _unit in _people():
        open_account(
            username=username, name=f"演示{username}", password=PASSWORD, by=OPERATOR, at=FEBRUARY
        )
    found_duties(duties=_people(), at=FEBRUARY)
    found = {who: public_viewer_named(who) for who, *_ in _people()}
    city = City({who: viewer for who, viewer in found.items() if viewer is not None})
    _put_flow(city)
    return city


def _departments() -> list[NewUnit]:
    return [
        NewUnit(code=code, name=name, kind="department", parent=CITY)
        for code, name in {**DEPARTMENTS, **UTILITIES}.items()
    ]


def _put_flow(city: City) -> None:
    drafted = draft_items(
        definitions=list(definitions(flow_named(FLOW))),
        office=OFFICE,
        by=city["admin"],
        at=FEBRUARY,
    )
    for code in drafted.drafts:
        publish_version(
            item_version=code, valid_from=date(2024, 2, 5), by=city["supervisor"], at=FEBRUARY
        )


def join_site(desk: City) -> City:
    """The people of the service desk and of the site in one city, with the items of both."""
    register_units(units=_departments(), by=OPERATOR, at=FEBRUARY)
    more = [one for one in _people() if one[0] not in desk.viewers]
    # Looked up again: they answer for more units than before.
    asking, second = (public_viewer_named(who) for who in ("admin", "admin2"))
    assert asking
    assert second
    for username, role, unit in more:
        open_account(
            username=username, name=f"演示{username}", password=PASSWORD, by=OPERATOR, at=FEBRUARY
        )
        duty = ask_duty(username=username, role=role, unit=unit, by=asking, at=FEBRUARY)
        approve_duty(duty=duty, by=second, at=FEBRUARY)
    found = {who: public_viewer_named(who) for who in (*desk.viewers, *(who for who, *_ in more))}
    city = City({who: viewer for who, viewer in found.items() if viewer is not None})
    _put_flow(city)
    return city


def put_project(city: City, *, code: str = PROJECT, at: datetime = MONDAY) -> Receipt:
    """A factory on the register; the receipt has the developer's 查询码."""
    new = NewBuilding(
        code=code,
        title="北辰轴承制造基地",
        flow=FLOW,
        declared_date=date(2024, 3, 1),
        works=(NewWorks(code=f"{code}-01", title="一号厂房"),),
        region="210213",
        site="金州区示范路 8 号",
        content="新建厂房两栋，年产轴承 200 万套",
        land_area="52000",
        building_area="31000.50",
        total="8600",
        planned_start=date(2024, 6, 1),
        planned_finish=date(2025, 6, 30),
    )
    return building.register(
        new=new, office=OFFICE, window=WINDOW, developer=FIRM, by=city["clerk"], at=at
    )


def start(city: City, stage: str, *, at: datetime = MONDAY, project: str = PROJECT) -> Started:
    """A stage begun at the window with all documents on paper."""
    return joint.start_stage(
        project=project,
        stage=stage,
        window=WINDOW,
        choices={},
        store=store(),
        by=city["clerk"],
        at=at,
    )


def accept(city: City, case: str, *, at: datetime) -> None:
    """The window accepts a branch."""
    accepting.accept(case=case, by=city["clerk"], at=at)


def decide(city: City, case: str, *, at: datetime, decision: Decision = Decision.APPROVED) -> None:
    """The department decides a branch."""
    unit = Case.objects.get(pk=case).unit_id
    deciding.decide(case=case, decision=decision, reason="符合条件", by=city[officer(unit)], at=at)


def run_stage(city: City, stage: str, *, at: datetime, days: int = 3) -> Started:
    """A stage begun, accepted at once, and granted throughout some days later."""
    begun = start(city, stage, at=at)
    for branch in begun.branches:
        accept(city, branch.code, at=at)
    for branch in begun.branches:
        decide(city, branch.code, at=at + timedelta(days=days))
    return begun


def run_stages(city: City, stages: Iterable[str], *, at: datetime) -> datetime:
    """Several stages, a week each; returns the Monday after the last."""
    for stage in stages:
        run_stage(city, stage, at=at)
        at += timedelta(days=7)
    return at
