"""What moved: every request to change a promise, asked, approved or refused."""

from datetime import date, datetime
from typing import Literal

from ninja import Query, Router, Schema

from yinuo.api.commitments import Difference
from yinuo.api.paging import USUAL, Limit, Page, next_address, opened
from yinuo.api.problem import Problem
from yinuo.api.request import Request
from yinuo.commitments.queries import moved

router = Router(tags=["changes"])


class Step(Schema):
    """Asked or decided: by whom, when, with what words."""

    at: datetime
    who: str
    why: str
    leaf_index: int | None


class Change(Schema):
    """One request, with how the promise stands today."""

    code: str
    commitment: str
    title: str
    debtor_name: str
    kind: str
    """moved, revised, rescoped, transferred, merged, withdrawn or corrected."""
    status: str
    """asked, approved or refused."""
    differences: list[Difference]
    """What holds since; of a request that was not approved what was wished."""
    after_the_fact: bool
    """Asked for only after the deadline it moves had passed."""
    due_original: date | None
    due: date | None
    moved_count: int
    delay_days: int
    """All moves of this promise together; negative for an earlier deadline."""
    asked: Step
    decided: Step | None


class Wanted(Schema):
    """Which requests; empty means all. Days are those of the last step, both included."""

    unit: str = ""
    """Code of the unit that owes it now."""
    kind: Literal[
        "", "moved", "revised", "rescoped", "transferred", "merged", "withdrawn", "corrected"
    ] = ""
    status: Literal["", "asked", "approved", "refused"] = ""
    since: date | None = None
    until: date | None = None


def _step(found: moved.Step) -> Step:
    return Step(at=found.at, who=found.who, why=found.why, leaf_index=found.leaf_index)


def _change(found: moved.Moved) -> Change:
    return Change(
        code=found.code,
        commitment=found.commitment,
        title=found.title,
        debtor_name=found.lead_name,
        kind=found.kind,
        status=found.status,
        differences=[Difference(label=d.label, old=d.old, new=d.new) for d in found.differences],
        after_the_fact=found.after_the_fact,
        due_original=found.due_original,
        due=found.due,
        moved_count=found.moved_count,
        delay_days=found.delay_days,
        asked=_step(found.asked),
        decided=_step(found.decided) if found.decided else None,
    )


@router.get("", response={200: Page[Change], 400: Problem, 422: Problem}, summary="List what moved")
def changes(
    request: Request,
    wanted: Query[Wanted],
    cursor: str = "",
    limit: Limit = USUAL,
) -> Page[Change]:
    """Requests about promises you may see, the last step first."""
    found = moved.moved(
        viewer=request.viewer,
        wanted=moved.Wanted(
            unit=wanted.unit,
            kind=wanted.kind,
            state=wanted.status,
            first=wanted.since,
            last=wanted.until,
        ),
        cursor=opened(cursor),
        size=limit,
    )
    return Page(
        items=[_change(row) for row in found.rows], next=next_address(request, found.next_cursor)
    )
