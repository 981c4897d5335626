"""When several departments make one answer. Pure.

Nobody agrees by keeping silent: silence counts only where the joint case names the law for it,
after its day, and once a typed event says so (`Standing.SILENT`).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from yinuo.cases.construction.flow import ALL, ANY, NO_OBJECTION, SOME
from yinuo.cases.life import CaseStatus, Decision

APPROVED, DENIED, WITHDRAWN = "approved", "denied", "withdrawn"
OUTCOMES = {APPROVED: "通过", DENIED: "不通过", WITHDRAWN: "撤件"}


class Standing(StrEnum):
    """What a branch has said."""

    OPEN = "open"
    AGREED = "agreed"
    SILENT = "silent"
    """Its day has passed and an event says that silence counts as consent."""
    DENIED = "denied"
    WITHDRAWN = "withdrawn"


GIVEN = frozenset({Standing.AGREED, Standing.SILENT})


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the branches come to: an outcome, or none yet, and why."""

    outcome: str
    why: str


def standing(status: str, decision: str, *, silent: bool) -> Standing:
    """What a branch has said, by its state; a revoked or refused one counts as against."""
    if status in (CaseStatus.DECIDED, CaseStatus.DELIVERED):
        return Standing.DENIED if decision == Decision.DENIED else Standing.AGREED
    if status in (CaseStatus.REFUSED, CaseStatus.REVOKED):
        return Standing.DENIED
    if status == CaseStatus.WITHDRAWN:
        return Standing.WITHDRAWN
    return Standing.SILENT if silent else Standing.OPEN


def verdict(join: str, need: int | None, said: Sequence[Standing]) -> Verdict:
    """The outcome of a joint case by its branches; empty while it is open."""
    agreed = sum(one in GIVEN for one in said)
    still = sum(one is Standing.OPEN for one in said)
    if said and all(one is Standing.WITHDRAWN for one in said):
        return Verdict(WITHDRAWN, "所有分支都已撤件")
    wanted = {ALL: len(said), NO_OBJECTION: len(said), ANY: 1, SOME: need or len(said)}[join]
    if join in (ALL, NO_OBJECTION) and Standing.DENIED in said:
        return Verdict(DENIED, "有部门不同意")
    if agreed >= wanted and said:
        return Verdict(APPROVED, f"{agreed} 个部门同意，达到所需的 {wanted} 个")
    if agreed + still < wanted:
        if join in (ALL, NO_OBJECTION):
            return Verdict(WITHDRAWN, "有分支撤件，其余已无从凑齐")
        return Verdict(DENIED, f"同意的最多 {agreed + still} 个，达不到所需的 {wanted} 个")
    return Verdict("", f"{agreed} 个部门同意，还等 {still} 个")
