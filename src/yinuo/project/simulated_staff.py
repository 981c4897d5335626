"""The units and people of a demo year, and the projects they owe: nobody real, nothing real."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from yinuo.commitments.commands.curve import set_curve
from yinuo.kernel.calendar import Calendar
from yinuo.kernel.filestore import FileStore
from yinuo.parties.commands import (
    OPERATOR,
    NewUnit,
    approve_duty,
    ask_duty,
    open_account,
    register_units,
)
from yinuo.parties.queries import public_units, public_viewer_named
from yinuo.parties.viewer import Viewer
from yinuo.project.simulated_projects import (
    DEPARTMENTS,
    DISTRICTS,
    departments,
    projects,
)


@dataclass(frozen=True)
class Staff:
    """Who acts for whom."""

    officers: Mapping[str, Viewer]
    """Name of a unit → its officer."""
    codes: Mapping[str, str]
    """Name of a unit → its code."""


@dataclass(frozen=True)
class Scene:
    """Who plays the year, on what stage."""

    city: str
    """Its name."""
    office: str
    """Code of the supervising unit."""
    first: Viewer
    """The supervisor who opens, issues and prepares."""
    second: Viewer
    """The supervisor who checks, verifies and publishes."""
    staff: Staff
    calendar: Calendar
    store: FileStore


def register_departments(*, city: str, at: datetime) -> None:
    """The departments that the plan does not name."""
    units = [
        NewUnit(code=f"{city}-{code}", name=f"大连市{word}部门", kind="department", parent=city)
        for code, word in DEPARTMENTS
    ]
    register_units(units=units, by=OPERATOR, at=at)


def username(unit: str) -> str:
    """The user name of a unit's new officer."""
    return f"yanshi{(*DISTRICTS, *departments()).index(unit) + 1:02}"


def hire(*, known: Mapping[str, str], first: Viewer, second: Viewer, at: datetime) -> Staff:
    """One officer a unit; `known` are units that have one: name → user name.

    Nobody signs in as one of the new ones.
    """
    codes = {unit.name: unit.code for unit in public_units()}
    officers = {}
    for unit in (*DISTRICTS, *departments()):
        name = known.get(unit) or username(unit)
        if unit not in known:
            open_account(
                username=name,
                name=f"演示{unit.removeprefix('大连市')}填报人",
                password=None,
                by=OPERATOR,
                at=at,
            )
            duty = ask_duty(username=name, role="officer", unit=codes[unit], by=first, at=at)
            approve_duty(duty=duty, by=second, at=at)
        viewer = public_viewer_named(name)
        assert viewer is not None  # noqa: S101  # opened a moment ago
        officers[unit] = viewer
    return Staff(officers, codes)


def plan_projects(*, staff: Staff, at: datetime) -> None:
    """Every unit writes down the planned curve of each of its projects."""
    for project in projects():
        set_curve(
            commitment=project.promise, text=project.curve, by=staff.officers[project.unit], at=at
        )
