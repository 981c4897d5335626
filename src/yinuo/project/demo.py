"""A demo home: the Dalian 2024 plan and a simulated stretch of the year."""

from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path

from django.conf import settings
from django.db import transaction

from yinuo.commitments.commands.light import relight_all
from yinuo.commitments.commands.project import project_all
from yinuo.commitments.commands.publish import publish, publish_observations
from yinuo.commitments.life import Visibility
from yinuo.commitments.queries.listing import Filter, every
from yinuo.commitments.queries.observed import every_observation
from yinuo.content.calendars import working_calendar
from yinuo.goals.commands.plan_import import take_in
from yinuo.goals.workbook.check import check
from yinuo.kernel.content import content_dir
from yinuo.kernel.filestore import FileStore
from yinuo.ledger.commands.sealing import seal
from yinuo.ledger.memory import Memory
from yinuo.ledger.tlog.note import Signer, Verifier
from yinuo.parties.commands import OPERATOR, NewUnit, approve_duty, ask_duty, open_account
from yinuo.parties.queries import (
    public_roles,
    public_unit_names,
    public_units,
    public_viewer_named,
)
from yinuo.parties.viewer import Viewer
from yinuo.project import (
    simulated_asking,
    simulated_benefits,
    simulated_credit,
    simulated_exchange,
    simulated_objections,
)
from yinuo.project.event import Event, instant, read_events
from yinuo.project.home import Home
from yinuo.project.installation import Person, found, random_password
from yinuo.project.simulated_asking import PEOPLE as ASKING_PEOPLE
from yinuo.project.simulated_benefits import PEOPLE as BENEFIT_PEOPLE
from yinuo.project.simulated_credit import PEOPLE as CREDIT_PEOPLE
from yinuo.project.simulated_desk import PEOPLE as DESK_PEOPLE
from yinuo.project.simulated_goals import Act, Cast, acts
from yinuo.project.simulated_hiring import Hiring
from yinuo.project.simulated_leads import acts as lead_acts
from yinuo.project.simulated_port import watch
from yinuo.project.simulated_problems import clear
from yinuo.project.simulated_services import serve
from yinuo.project.simulated_staff import Scene, register_departments
from yinuo.project.simulated_year import HIRED, Office, begin, live
from yinuo.project.simulated_year import finish as finish_year
from yinuo.project.simulation import play
from yinuo.project.standin.server import Pretended
from yinuo.web.asking import asking
from yinuo.web.credit import means as credit_means
from yinuo.web.credit import regime
from yinuo.web.exchange import regions
from yinuo.web.port import means
from yinuo.web.reports import periods

DEMO_DATE = "2025-01-20"
HOME = Home(city="大连市", origin="yinuo.210200.demo", demo_date=DEMO_DATE)
CITY = NewUnit(code="210200", name="大连市", kind="city", gb_code="210200")
FOUNDED, IMPORTED, PASSED = instant("2024-03-04"), instant("2024-03-08"), instant("2024-03-12")
ADMINISTRATORS = (
    Person("admin1", "演示管理员甲", "administrator", CITY.code),
    Person("admin2", "演示管理员乙", "administrator", CITY.code),
)
OFFICE = "大连市人民政府督查室"
PEOPLE = (
    ("shi", "演示市级填报人", "officer", "大连市"),
    ("renshe", "演示人社填报人", "officer", "大连市人社部门"),
    ("lvshun", "演示旅顺口填报人", "officer", "旅顺口区"),
    ("ducha1", "演示督查人甲", "supervisor", OFFICE),
    ("ducha2", "演示督查人乙", "supervisor", OFFICE),
    ("shenji", "演示审计人", "auditor", "大连市"),
    ("baohu1", "演示保护负责人甲", "protector", "大连市"),
    ("baohu2", "演示保护负责人乙", "protector", "大连市"),
)
"""User name, name, role, unit: nobody real."""
LATER_PEOPLE = (*DESK_PEOPLE, *CREDIT_PEOPLE, *ASKING_PEOPLE, *BENEFIT_PEOPLE)
"""Those of services and credit, who are hired only when these are simulated."""
USERNAMES = tuple(p.username for p in ADMINISTRATORS) + tuple(p[0] for p in PEOPLE)


def _viewer(username: str) -> Viewer:
    viewer = public_viewer_named(username)
    if viewer is None:
        raise LookupError(username)
    return viewer


def _staff(passwords: dict[str, str]) -> None:
    """Open the accounts and have two administrators grant their duties."""
    units = {unit.name: unit.code for unit in public_units()}
    for username, name, role, unit in PEOPLE:
        passwords[username] = random_password()
        open_account(
            username=username,
            name=name,
            password=passwords[username],
            by=OPERATOR,
            at=IMPORTED,
        )
        duty = ask_duty(
            username=username, role=role, unit=units[unit], by=_viewer("admin1"), at=IMPORTED
        )
        approve_duty(duty=duty, by=_viewer("admin2"), at=IMPORTED)


def _pass_all(by: Viewer) -> None:
    """The review before publication, for everything the plan holds."""
    waiting = every(viewer=by, wanted=Filter(), today=date.fromisoformat(DEMO_DATE))
    publish(
        commitments=[row.code for row in waiting],
        visibility=Visibility.PUBLIC,
        by=by,
        at=PASSED,
    )
    publish_observations(
        observations=[o.code for o in every_observation(viewer=by)],
        visibility=Visibility.PUBLIC,
        by=by,
        at=PASSED,
    )


@transaction.atomic
def load(
    *,
    key: Verifier,
    store: FileStore,
    supervised: bool = True,
    progress: Callable[[str], None] = lambda _step: None,
) -> dict[str, str]:
    """Fill an empty installation, all or nothing; returns user name → password.

    `supervised` brings the year of rounds, orders and races with its three hundred projects.
    """
    folder = content_dir() / "goals" / "dalian-2024"
    progress("建立城市和账号")
    passwords = found(city=CITY, people=ADMINISTRATORS, key=key, store=store, at=FOUNDED)
    progress("载入大连 2024 计划")
    _import(folder / "plan.xlsx")
    _staff(passwords)
    progress("公开前审查")
    _pass_all(_viewer("ducha1"))
    events = read_events(folder / "demo.csv")
    if not supervised:
        progress("模拟一年的报送、调整与核实")
        play(events, viewers=_viewers(), store=store)
        return passwords
    register_departments(city=CITY.code, at=HIRED)
    office = _office()
    scene = begin(office, calendar=working_calendar(), store=store)
    progress("模拟一年的指标、项目、报送、调整与核实")
    cast = _cast(office, scene)
    some = sorted([*acts(cast), *lead_acts(cast)], key=lambda act: act[0])
    _interleave(events, some, store)
    progress("模拟口岸通关时间")
    watch(cast, means())
    progress("模拟政务服务窗口")
    passwords |= {username: random_password() for username, *_ in DESK_PEOPLE}
    serve(
        city=CITY.code,
        administrators=(ADMINISTRATORS[0].username, ADMINISTRATORS[1].username),
        passwords=passwords,
        calendar=scene.calendar,
        store=store,
    )
    clear(scene.staff, scene.calendar)
    live(scene, office, progress=progress)
    return passwords


def _viewers() -> dict[str, Viewer]:
    return {username: _viewer(username) for username in USERNAMES}


def _interleave(events: tuple[Event, ...], some: Sequence[Act], store: FileStore) -> None:
    """Play the events and the acts of the registers in the order of their days."""
    left = tuple(sorted(events, key=lambda event: event.at))
    viewers = _viewers()
    for day, act in some:
        before = tuple(event for event in left if event.at < instant(day))
        play(before, viewers=viewers, store=store)
        left = left[len(before) :]
        act()
    play(left, viewers=viewers, store=store)


def _cast(office: Office, scene: Scene) -> Cast:
    return Cast(
        office=office.code,
        keeper=office.administrators[0],
        first=scene.first,
        second=scene.second,
        staff=scene.staff,
        store=scene.store,
    )


def _office() -> Office:
    return Office(
        city=CITY.name,
        code=next(unit.code for unit in public_units() if unit.name == OFFICE),
        administrators=(_viewer("admin1"), _viewer("admin2")),
        supervisors=(_viewer("ducha1"), _viewer("ducha2")),
        known={unit: username for username, _name, role, unit in PEOPLE if role == "officer"},
    )


def _import(path: Path) -> None:
    take_in(file=check(path), by=_viewer("admin1"), at=IMPORTED)


def finish(store: FileStore) -> None:
    """The last part of the simulated year, which needs a sealed log; it is sealed again after."""
    finish_year(_office(), store=store)


def fill_lake(store: FileStore, signer: Signer, progress: Callable[[str], None]) -> dict[str, str]:
    """The credit lake through the real pipeline, what is asked of it, and what is paid by it.

    Returns user name → password of its people.
    """
    people = (*CREDIT_PEOPLE, *ASKING_PEOPLE, *BENEFIT_PEOPLE)
    hiring = Hiring(
        city=CITY.code,
        administrators=(ADMINISTRATORS[0].username, ADMINISTRATORS[1].username),
        passwords={username: random_password() for username, *_ in people},
    )
    calendar = working_calendar()
    progress("模拟信用数据")
    known = simulated_credit.fill(hiring=hiring, means=credit_means(), progress=progress)
    progress("模拟信用应用、异议和修复")
    simulated_asking.fill(hiring=hiring, asking=asking(), known=known)
    simulated_objections.fill(known=known, regime=regime(), periods=periods(), calendar=calendar)
    progress("模拟数据交换")
    simulated_exchange.fill(
        known=known,
        content=settings.YINUO_CONTENT,
        signer=signer,
        calendar=calendar,
        regions=regions(),
    )
    progress("模拟惠企政策兑现")
    simulated_benefits.fill(
        hiring=hiring,
        market=(_viewer("shichang1"), _viewer("shichang2")),
        store=store,
        calendar=calendar,
    )
    return dict(hiring.passwords)


def pretended() -> Sequence[Pretended]:
    """Who may be picked at the stand-in for the identity platform; nobody without a lake."""
    if public_viewer_named(BENEFIT_PEOPLE[0][0]) is None:
        return ()
    everybody = (
        *simulated_benefits.pretended(),
        *simulated_objections.pretended(credit_means()),
        simulated_asking.PERSON,
    )
    return tuple({one.number: one for one in everybody}.values())


def seal_all(signer: Signer, memory: Memory) -> int:
    """Seal what there is, count it, and return the size of the log."""
    size = 0
    while (sealed := seal(signer=signer, memory=memory)).entries:
        size = sealed.size
    project_all()
    relight_all(on=date.fromisoformat(DEMO_DATE))
    return size


def people() -> Sequence[tuple[str, str, str]]:
    """User name, unit and role of every demo account, in the order to try them."""
    roles, names = public_roles(), public_unit_names()
    staff = [(username, unit, roles[role]) for username, _name, role, unit in PEOPLE]
    at_windows = [
        (username, names[unit], roles[role])
        for username, _name, role, unit in LATER_PEOPLE
        if unit in names and public_viewer_named(username)
    ]
    return [*staff, *at_windows, *((p.username, CITY.name, "管理员") for p in ADMINISTRATORS)]
