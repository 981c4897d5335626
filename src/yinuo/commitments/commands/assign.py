"""Naming who answers for a task in a unit: 责任领导 and 联络员."""

from collections.abc import Sequence
from datetime import datetime

from yinuo.commitments.commands.rows import fetch
from yinuo.commitments.commands.signing import part_of
from yinuo.commitments.errors import Invalid
from yinuo.commitments.models import Assignment
from yinuo.ledger.commands.recording import command, put_text, record
from yinuo.parties.viewer import NotAllowed, Viewer

LONGEST = 100
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
