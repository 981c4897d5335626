"""The life of a contested figure (数据异议) as data. Pure.

open → upheld       the figure is wrong; it says by what it will be corrected
     → refused      the figure stands, with a reason
     → withdrawn    by the unit
"""

from enum import StrEnum

from yinuo.kernel.lives import Life

FILED = "contest.filed"


class ContestStatus(StrEnum):
    """Where a contested figure stands."""

    OPEN = "open"
    UPHELD = "upheld"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


STATUS_LABELS = {
    ContestStatus.OPEN: "待决定",
    ContestStatus.UPHELD: "异议成立",
    ContestStatus.REFUSED: "异议不成立",
    ContestStatus.WITHDRAWN: "已撤回",
}
VERBS = {
    FILED: "提出异议",
    "contest.upheld": "决定：异议成立",
    "contest.refused": "决定：异议不成立",
    "contest.withdrawn": "撤回异议",
}
LIFE = Life(
    first=ContestStatus.OPEN,
    beginning="提出异议",
    begun_by=(FILED,),
    steps={
        (ContestStatus.OPEN, "contest.upheld"): ContestStatus.UPHELD,
        (ContestStatus.OPEN, "contest.refused"): ContestStatus.REFUSED,
        (ContestStatus.OPEN, "contest.withdrawn"): ContestStatus.WITHDRAWN,
    },
    written=frozenset({"status", "decision_text", "correction_text", "decided_date"}),
)
