"""A problem told by phone, on paper or in person, taken down by an officer for who has it.

The days run from when it was told. Who has it gets the 查询码 and alone says that it is solved, as
with every problem; so nobody takes one down whose own unit may be asked to solve it.
"""

import secrets
from datetime import datetime, timedelta

from yinuo.cases.commands.problems import (
    Coming,
    NewProblem,
    Raised,
    put_problem,
    require_whole,
)
from yinuo.cases.errors.problems import TakenDownByOwner
from yinuo.cases.problems.areas import Areas
from yinuo.cases.problems.life import CHANNELS
from yinuo.commitments.errors import Invalid
from yinuo.kernel.calendar import Calendar, OutsideHorizon
from yinuo.ledger.commands.recording import By, command
from yinuo.parties.viewer import NotAllowed, Viewer

LONGEST_BEFORE = timedelta(days=30)
"""How long ago it may have been told: whoever has to solve it is given its days from then."""


def _acting(unit: str, by: Viewer) -> By:
    for role, held in (("officer", by.officer_of), ("supervisor", by.supervisor_of)):
        if unit in held:
            return by.acting(role, unit)
    raise NotAllowed("只有这个单位的工作人员可以代它登记来电、来函", place=unit)


def _faults(channel: str, told_at: datetime, at: datetime) -> list[tuple[str, str]]:
    faults = []
    if channel not in CHANNELS:
        faults.append(("channel", "请选择来电、来函或当面"))
    if told_at > at:
        faults.append(("told_at", "这个时间还没有到，请核对来电、来函的时间"))
    elif at - told_at > LONGEST_BEFORE:
        faults.append(("told_at", f"已过 {LONGEST_BEFORE.days} 天，请写本单位收到的时间"))
    return faults


@command("problem.take_down")
def take_down(
    *,
    new: NewProblem,
    channel: str,
    unit: str,
    told_at: datetime,
    areas: Areas,
    calendar: Calendar,
    by: Viewer,
    at: datetime,
    simulated: bool = False,
) -> Raised:
    """Write down what was told to an officer of `unit`; returns its number and the 查询码.

    `channel`: a key of `life.CHANNELS`. Raises `NotAllowed`, `TakenDownByOwner`, `NoTerms`, and
    `Invalid` with every fault.
    """
    acting = _acting(unit, by)
    faults = _faults(channel, told_at, at)
    if faults:
        raise Invalid("提出问题", faults)
    require_whole(new, areas)
    area = areas.by_code[new.area]
    owning = sorted(by.held_for & set(area.owners))
    if owning:
        raise TakenDownByOwner(area.name, owning)
    coming = Coming(
        new=new,
        area=area,
        since=told_at,
        raiser=f"AP-{secrets.token_hex(8).upper()}",
        verb=CHANNELS[channel][1],
        by=acting,
        simulated=simulated,
    )
    try:
        return put_problem(coming, calendar=calendar, at=at)
    except OutsideHorizon as error:
        raise Invalid("提出问题", [("told_at", error.what)]) from error
