"""Naming who answers for a task in a unit: 责任领导 and 联络员."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache

from yinuo.commitments.commands.rows import fetch
from yinuo.commitments.commands.signing import part_of
from yinuo.commitments.errors import Invalid
from yinuo.commitments.models import Assignment, Commitment
from yinuo.commitments.permission import act_as_office
from yinuo.ledger.commands.recording import command, put_text, record, record_new
from yinuo.parties.viewer import NotAllowed, Viewer

LONGEST = 100
ASK = 500
"""Tasks in one statement."""
LABELS = {"leader": "责任领导", "liaison": "联络员"}


def _faults(leader: str, liaison: str) -> list[tuple[str, str]]:
    faults = [
        (field, f"{LABELS[field]}最多 {LONGEST} 字，现有 {len(text)} 字")
        for field, text in (("leader", leader), ("liaison", liaison))
        if len(text) > LONGEST
    ]
    if not leader and not liaison:
        faults.append(("leader", "责任领导和联络员至少写一个"))
    return faults


@command("assignment.make")
def assign(
    *,
    commitments: Sequence[str],
    unit: str,
    leader: str = "",
    liaison: str = "",
    by: Viewer,
    at: datetime,
) -> None:
    """Name the responsible leader and the liaison of a unit for tasks in which it has a part.

    An empty one stays as it was. The names stand in texts of their own, never public, erasable
    one by one. Raises `NotAllowed`, `UnknownCommitment`, `Invalid`.
    """
    if unit not in by.officer_of:
        raise NotAllowed("只有本单位的填报人可以指定责任人", place=f"unit:{unit}")
    leader, liaison = leader.strip(), liaison.strip()
    if faults := _faults(leader, liaison):
        raise Invalid(f"unit:{unit}", faults)
    acting = by.acting("officer", unit)
    for code in sorted(set(commitments)):
        task = fetch(code, by, None)
        if part_of(unit, task) is None:
            raise NotAllowed("本单位不是这项任务的牵头或配合单位", place=code)
        key = f"{code}/{unit}"
        row = Assignment.objects.select_for_update().filter(code=key).first()
        row = row or Assignment(code=key, commitment=task, unit_id=unit)
        if leader:
            row.leader_text = put_text(leader)
        if liaison:
            row.liaison_text = put_text(liaison)
        record(row, verb="assignment.made", by=acting, at=at)


@dataclass(frozen=True, kw_only=True)
class Persons:
    """Whom the office's own roster names for the unit that owes a task."""

    commitment: str
    leader: str = ""
    liaison: str = ""


@command("assignment.state")
def state_persons(*, persons: Sequence[Persons], office: str, by: Viewer, at: datetime) -> int:
    """Take over whom a roster names, where the unit that owes has named nobody yet.

    Whom a unit named itself no sheet replaces, and a task without a unit is passed over. Names
    longer than 100 characters are cut: the sheet itself is kept whole. Returns how many tasks got
    persons. Raises `NotAllowed` for who neither supervises nor administers the office.
    """
    acting = act_as_office(office, by, place=f"unit:{office}")
    named = {one.commitment: one for one in persons if one.leader or one.liaison}
    keep = cache(lambda _unit, name: put_text(name[:LONGEST]) if name else "")
    rows = [
        Assignment(
            code=f"{code}/{unit}",
            commitment_id=code,
            unit_id=unit,
            leader_text=keep(unit, named[code].leader),
            liaison_text=keep(unit, named[code].liaison),
        )
        for code, unit in _unnamed(sorted(named), office)
    ]
    record_new(rows, verb="assignment.stated", by=acting, at=at)
    return len(rows)


def _unnamed(codes: Sequence[str], office: str) -> list[tuple[str, str]]:
    """Task and debtor of those for which the debtor has named nobody."""
    found: list[tuple[str, str]] = []
    for start in range(0, len(codes), ASK):
        some = codes[start : start + ASK]
        tasks = Commitment.objects.filter(pk__in=some, creditor_unit=office).exclude(lead=None)
        pairs = [(code, str(lead)) for code, lead in tasks.values_list("code", "lead_id")]
        keys = [f"{code}/{unit}" for code, unit in pairs]
        held = set(Assignment.objects.filter(pk__in=keys).values_list("code", flat=True))
        found += [(code, unit) for code, unit in pairs if f"{code}/{unit}" not in held]
    return found
