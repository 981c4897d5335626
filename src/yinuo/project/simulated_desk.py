"""The people and units of the demo's service windows: nobody real, nothing real."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

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
UTILITIES = (
    ("YS-GS", "演示供水公司"),
    ("YS-GD", "演示供电公司"),
    ("YS-GQ", "演示燃气公司"),
    ("YS-GR", "演示供热公司"),
    ("YS-TX", "演示通信公司"),
    ("YS-GB", "演示广播电视公司"),
)
PEOPLE = (
    ("chuangkou", "演示窗口人员", "officer", WINDOW),
    ("shichang1", "演示市场监管受理人", "officer", MARKET),
    ("shichang2", "演示市场监管审批人", "officer", MARKET),
    ("yingshang1", "演示营商督查人甲", "supervisor", CATALOGUE),
    ("yingshang2", "演示营商督查人乙", "supervisor", CATALOGUE),
)
"""User name, name, role, unit: those to sign in as."""


@dataclass(frozen=True)
class Desk:
    """Who works at the windows."""

    window: Viewer
    accepting: Viewer
    deciding: Viewer
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
    units = [
        NewUnit(code=code, name=name, kind=kind, parent=city) for code, name, kind in UNITS
    ] + [NewUnit(code=code, name=name, kind="enterprise") for code, name in UTILITIES]
    register_units(units=units, by=OPERATOR, at=at)
    keeper, approver = (_viewer(name) for name in administrators)
    viewers = []
    for username, name, role, unit in PEOPLE:
        open_account(username=username, name=name, password=passwords[username], by=OPERATOR, at=at)
        duty = ask_duty(username=username, role=role, unit=unit, by=keeper, at=at)
        approve_duty(duty=duty, by=approver, at=at)
        viewers.append(_viewer(username))
    return Desk(*viewers, keeper=keeper)


def _viewer(username: str) -> Viewer:
    viewer = public_viewer_named(username)
    assert viewer is not None  # noqa: S101  # the demo opened the account
    return viewer
