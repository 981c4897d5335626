"""Repair of a record after the breach was put right, and what it takes. Pure.

Source: 信用修复管理办法（国家发展改革委令第36号）: who determines repairs; the least period,
correction and duties done, a public promise.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from yinuo.credit.regimes.ends import Term
from yinuo.credit.regimes.machine import Machine, Step


class Repair(StrEnum):
    """Where the repair of a record stands."""

    NONE = "未申请"
    ASKED = "已申请"
    ACCEPTED = "已受理"
    GRANTED = "已修复"
    DENIED = "不予修复"
    DROPPED = "已撤回申请"
    REVOKED = "修复已撤销"
    """It was had by untrue statements; it may be asked for again once the rule allows."""


class RepairEvent(StrEnum):
    """What happens to it."""

    ASK = "申请修复"
    ACCEPT = "受理"
    GRANT = "准予修复"
    DENY = "不予修复"
    DROP = "撤回申请"
    REVOKE = "撤销修复"


_R, _E = Repair, RepairEvent
_SUBJECT, _CENTRE, _OWNER = "信用主体", "信用中心", "认定单位"
REPAIR: Machine[Repair, RepairEvent] = Machine(
    "信用修复",
    _R.NONE,
    (
        *(
            Step(before, _E.ASK, _R.ASKED, _SUBJECT)
            for before in (_R.NONE, _R.DENIED, _R.DROPPED, _R.REVOKED)
        ),
        Step(_R.ASKED, _E.ACCEPT, _R.ACCEPTED, _CENTRE),
        Step(_R.ASKED, _E.DENY, _R.DENIED, _CENTRE),
        Step(_R.ASKED, _E.DROP, _R.DROPPED, _SUBJECT),
        Step(_R.ACCEPTED, _E.GRANT, _R.GRANTED, _OWNER),
        Step(_R.ACCEPTED, _E.DENY, _R.DENIED, _OWNER),
        Step(_R.ACCEPTED, _E.DROP, _R.DROPPED, _SUBJECT),
        Step(_R.GRANTED, _E.REVOKE, _R.REVOKED, _OWNER),
    ),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Conditions:
    """What the subject has done."""

    corrected: bool
    """The breach is put right and its harm removed."""
    duties_done: bool
    """Fines are paid, orders followed."""
    promised: bool
    """A public promise not to do it again."""


def unmet(term: Term, conditions: Conditions, *, on: date) -> tuple[str, ...]:
    """What still stands against a repair on that day, in words; nothing where it may be granted."""
    found = []
    if not term.rule:
        found.append("没有登记适用的规则，须由人核定")
    elif not term.repairable:
        found.append("这类决定不得提前修复")
    elif term.repair_from is not None and on < term.repair_from:
        found.append(f"公示未满最短期限，{term.repair_from} 起可以申请")
    if not conditions.corrected:
        found.append("失信行为还没有纠正")
    if not conditions.duties_done:
        found.append("决定中的义务还没有履行完毕")
    if not conditions.promised:
        found.append("还没有公开作出信用承诺")
    return tuple(found)
