"""The demo year of supervision: rounds, orders, races, a draw, doubts, a meeting. In this order.

Everything goes through the commands of the pages, at the dates named here.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from yinuo.commitments.commands import deliver, judge
from yinuo.kernel.calendar import Calendar
from yinuo.kernel.filestore import FileStore
from yinuo.kernel.instants import civil_date
from yinuo.parties.queries import public_viewer_named
from yinuo.parties.viewer import Viewer
from yinuo.project import simulated_checks, simulated_orders, simulated_rounds
from yinuo.project.event import instant
from yinuo.project.simulated_projects import projects
from yinuo.project.simulated_staff import (
    Scene,
    hire,
    plan_projects,
    username,
)
from yinuo.supervision.commands import races, snapshots
from yinuo.supervision.queries.snapshots import draft

HIRED, PLANNED = instant("2024-03-12"), instant("2024-03-18")
RACES: Sequence[Sequence[tuple[str, str]]] = (
    (),
    (("2024Q2", "2024-08-16"),),
    (("2024Q3", "2024-11-18"),),
    (("2024Q4", "2025-01-16"),),
)
"""Of each quarter, the races with the day on which they are published."""
DELIVERED, VERIFIED = instant("2025-01-09"), instant("2025-01-13")
UNVERIFIED = 7
"""Every n-th delivered project still waits for its verification."""
MEETINGS: Sequence[Sequence[tuple[str, str]]] = (
    (),
    (),
    (("2024年前三季度调度会", "2024-11-19"),),
    (("2024年度调度会", "2025-01-17"),),
)


@dataclass(frozen=True)
class Office:
    """Who runs it."""

    city: str
    code: str
    administrators: tuple[Viewer, Viewer]
    supervisors: tuple[Viewer, Viewer]
    known: Mapping[str, str]
    """Units that have an officer: name → user name."""


def begin(office: Office, *, calendar: Calendar, store: FileStore) -> Scene:
    """Hire the people. The departments are registered before, so that the people see them."""
    first, second = office.administrators
    staff = hire(known=office.known, first=first, second=second, at=HIRED)
    return Scene(office.city, office.code, *office.supervisors, staff, calendar, store)


def live(
    scene: Scene, office: Office, *, progress: Callable[[str], None] = lambda _step: None
) -> None:
    """Let the year of supervision happen; the projects are on the register by then."""
    plan_projects(staff=scene.staff, at=PLANNED)
    for number, quarter in enumerate(simulated_rounds.YEAR):
        progress(f"模拟调度、督导和赛马：{simulated_rounds.QUARTERS[number]}")
        simulated_rounds.hold(quarter, scene)
        if number == LAST:
            _finish(scene)
        for campaign in CAMPAIGNS[number]:
            simulated_orders.go_through(campaign, scene)
        for period, day in RACES[number]:
            _race(scene, period, day)
        for meeting, day in MEETINGS[number]:
            _meet(scene, meeting, day)
    progress("模拟随机抽查")
    simulated_checks.frame(unit=office.code, by=office.supervisors[0], store=scene.store)


def finish(office: Office, *, store: FileStore) -> None:
    """What needs a sealed log: the draw itself, and the look at what was handed in."""
    officer = public_viewer_named(username(REUSER))
    assert officer is not None  # noqa: S101  # hired a moment ago
    first, second = office.supervisors
    simulated_checks.check(by=first, finder=second, store=store)
    simulated_checks.doubt(officer=officer, checker=second, store=store)


LAST = 3
SERIES = "演督"
"""机关代字 of the bulletins; no office has it."""
REUSER = "普兰店区"
"""The unit that hands in another's picture; see `simulated_rounds.PHOTOGRAPHED`."""
CAMPAIGNS = ((), simulated_orders.YEAR[:2], simulated_orders.YEAR[2:4], simulated_orders.YEAR[4:])
"""Of each quarter, when everything due was gone through."""


def _finish(scene: Scene) -> None:
    """What reached its figure is declared delivered, and most of it verified."""
    done = [project for project in projects() if project.is_done]
    for nth, project in enumerate(done, start=1):
        officer = scene.staff.officers[project.unit]
        note = f"全年完成投资 {int(project.done[-1]):,} 万元，达到年度计划。"
        deliver.deliver(
            commitment=project.promise,
            delivered_date=date(2024, 12, 31),
            note=note,
            by=officer,
            at=DELIVERED,
        )
        if nth % UNVERIFIED:
            judge.verify(
                commitment=project.promise,
                note="核对投资统计台账和付款凭证，属实。",
                by=scene.second,
                at=VERIFIED,
            )


def _race(scene: Scene, period: str, day: str) -> None:
    at, store = instant(day), scene.store
    found = races.work_out(
        office=scene.office, code=period, store=store, today=civil_date(at), by=scene.first
    )
    code = races.draft(worked_out=found, store=store, by=scene.first, at=at)
    races.publish(race=code, store=store, by=scene.second, at=at)
    races.open_to_all(race=code, by=scene.first, at=at)


def _meet(scene: Scene, meeting: str, day: str) -> None:
    by, at, store = scene.first, instant(day), scene.store
    drawn_up = draft(
        office=scene.office,
        as_of=civil_date(at),
        city=scene.city,
        simulated=True,
        store=store,
        viewer=by,
        at=at,
    )
    code = snapshots.take(draft=drawn_up, meeting=meeting, store=store, by=by, at=at)
    units = scene.staff.codes
    to_units = [units[name] for name in scene.staff.officers]
    snapshots.release(snapshot=code, series=SERIES, to_units=to_units, by=by, at=at)
