"""The people and units of the demo's service windows: nobody real, nothing real."""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from yinuo.kernel.content import content_dir
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

CATALOGUE, WINDOW, MARKET = "210200-YSHJ", "210200-ZWZX", "210200-SCJG"
UNITS = (
    (CATALOGUE, "大连市营商环境部门", "department"),
    (WINDOW, "大连市政务服务中心", "institution"),
)
HOUSING, WATER = "GC-ZJ", "GC-SW"
"""Of the units of content/construction."""
PEOPLE = (
    ("chuangkou", "演示窗口人员", "officer", WINDOW),
    ("shichang1", "演示市场监管受理人", "officer", MARKET),
    ("shichang2", "演示市场监管审批人", "officer", MARKET),
    ("gongcheng", "演示工程审批人", "officer", HOUSING),
    ("gongshui", "演示供水人员", "officer", WATER),
    ("yingshang1", "演示营商督查人甲", "supervisor", CATALOGUE),
    ("yingshang2", "演示营商督查人乙", "supervisor", CATALOGUE),
)
"""User name, name, role, unit: those to sign in as."""
BUILDER, BUILDERS_TOO = "gongcheng", ("GC-FGW", "GC-ZRZY", "GC-RF", "GC-DA")
"""One person decides for every department of building projects, to try them all at once."""


@dataclass(frozen=True)
class Desk:
    """Who works at the windows."""

    window: Viewer
    accepting: Viewer
    deciding: Viewer
    building: Viewer
    """Decides for the departments of building projects."""
    water: Viewer
    first: Viewer
    """Supervisor of the catalogue office."""
    second: Viewer
    keeper: Viewer
    """Administrator who drafts items."""


def open_desk(
    *,
    city: str,
    administrators: tuple[str, str],
    passwords: Mapping[str, str],
    at: datetime,
) -> Desk:
    """Register the units and hire their people; `passwords` by user name, as `administrators`."""
    units = [NewUnit(code=code, name=name, kind=kind, parent=city) for code, name, kind in UNITS]
    register_units(units=[*units, *_construction_units(city)], by=OPERATOR, at=at)
    keeper, approver = (_viewer(name) for name in administrators)
    duties = [(username, role, unit) for username, _name, role, unit in PEOPLE]
    duties += [(BUILDER, "officer", unit) for unit in BUILDERS_TOO]
    for username, name, *_ in PEOPLE:
        open_account(username=username, name=name, password=passwords[username], by=OPERATOR, at=at)
    for username, role, unit in duties:
        duty = ask_duty(username=username, role=role, unit=unit, by=keeper, at=at)
        approve_duty(duty=duty, by=approver, at=at)
    viewers = [*(_viewer(username) for username, *_ in PEOPLE), keeper]
    return Desk(*viewers)


def _construction_units(city: str) -> list[NewUnit]:
    """The departments and utilities that the shipped flow names."""
    path = content_dir() / "construction" / "units.csv"
    with path.open(encoding="utf-8-sig", newline="") as file:
        return [
            NewUnit(code=line["code"], name=line["name"], kind=line["kind"], parent=city)
            for line in csv.DictReader(file)
        ]


def _viewer(username: str) -> Viewer:
    viewer = public_viewer_named(username)
    assert viewer is not None  # noqa: S101  # the demo opened the account
    return viewer
