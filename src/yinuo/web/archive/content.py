"""What an archive tells, read once through the queries that the site uses, as anyone may see it."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from re import compile as pattern

from yinuo.commitments.queries.board import Standing, standings
from yinuo.commitments.queries.detail import Detail, detail
from yinuo.commitments.queries.evidence import (
    EvidenceOf,
    evidence_of,
    public_commitments_with_evidence,
)
from yinuo.commitments.queries.listing import Filter, every
from yinuo.commitments.queries.observed import Observed, every_observation
from yinuo.commitments.registry import Promisor
from yinuo.goals.queries.plans import GoalView, PlanView, public_goals, public_plans
from yinuo.parties.viewer import ANYONE

PLAIN = pattern(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")


@dataclass(frozen=True)
class Content:
    """Everything public, in the order in which it is told."""

    today: date
    plans: tuple[PlanView, ...]
    goals: tuple[GoalView, ...]
    total: Standing
    """Of what the city promised."""
    commitments: tuple[Detail, ...]
    """By deadline, undated last: first the city's, then those of firms and people to it."""
    observations: tuple[Observed, ...]
    """By code."""
    pages: dict[str, str]
    """Code of a commitment → name of its page."""
    evidence: dict[str, EvidenceOf]
    """Code of a commitment → its public files."""

    def goal_title(self, code: str) -> str:
        """The title of the goal under which something stands; empty for none."""
        return next((goal.title for goal in self.goals if goal.code == code), "")


def page_names(codes: Iterable[str]) -> dict[str, str]:
    """A file name for each code: the code itself where every file system can carry it.

    >>> page_names(["DL2024-015", "../x"])
    {'DL2024-015': 'DL2024-015.html', '../x': 'c-d6b96a97d147daaa.html'}
    """
    names: dict[str, str] = {}
    taken: set[str] = set()
    for code in codes:
        name = code
        if not PLAIN.fullmatch(code) or code.casefold() in taken:
            name = f"c-{sha256(code.encode()).hexdigest()[:16]}"
        taken.add(name.casefold())
        names[code] = f"{name}.html"
    return names


def read_content(*, today: date, tell: Callable[[int, int], None]) -> Content:
    """Read everything public. `tell` is told how many commitments are read, of how many."""
    found = standings(viewer=ANYONE, today=today)
    rows = [
        row
        for promisor in Promisor
        for row in every(viewer=ANYONE, wanted=Filter(promisor=promisor), today=today)
    ]
    with_files = public_commitments_with_evidence()
    commitments: list[Detail] = []
    for number, row in enumerate(rows, start=1):
        commitments.append(detail(code=row.code, viewer=ANYONE, today=today))
        tell(number, len(rows))
    return Content(
        today=today,
        plans=public_plans(),
        goals=public_goals(),
        total=sum(found.values(), Standing()),
        commitments=tuple(commitments),
        observations=tuple(every_observation(viewer=ANYONE)),
        pages=page_names(sorted(row.code for row in rows)),
        evidence={
            row.code: evidence_of(commitment=row.code, viewer=ANYONE)
            for row in rows
            if row.code in with_files
        },
    )
