"""What was only reported (据报道): promised to nobody, never counted as kept."""

from ninja import Router, Schema

from yinuo.api.paging import USUAL, Limit, Page, next_address, opened
from yinuo.api.problem import Problem
from yinuo.api.request import Request
from yinuo.commitments.queries import observed

router = Router(tags=["observations"])


class Observation(Schema):
    """A figure or event that a source states."""

    code: str
    kind: str
    title: str
    goal: str
    parent: str
    subject: str
    counterparty: str
    figure: str
    """Operator, value and unit in words; empty for an event."""
    when: str
    """Date or period as the source has it."""
    document: str
    """Title of the source."""
    document_number: str
    place: str
    note: str


def _observation(found: observed.Observed) -> Observation:
    return Observation(
        code=found.code,
        kind=found.kind,
        title=found.title,
        goal=found.heading,
        parent=found.parent,
        subject=found.subject,
        counterparty=found.counterparty,
        figure=found.figure,
        when=found.when,
        document=found.document.title,
        document_number=found.document.number,
        place=found.place,
        note=found.note,
    )


@router.get(
    "", response={200: Page[Observation], 400: Problem, 422: Problem}, summary="List observations"
)
def observations(
    request: Request,
    goal: str = "",
    text: str = "",
    cursor: str = "",
    limit: Limit = USUAL,
) -> Page[Observation]:
    """Observations you may see, by code."""
    found = observed.observations(
        viewer=request.viewer, heading=goal, text=text, cursor=opened(cursor), size=limit
    )
    return Page(
        items=[_observation(row) for row in found.rows],
        next=next_address(request, found.next_cursor),
        total=found.total,
    )


@router.get("/{code}", response={200: Observation, 404: Problem}, summary="One observation")
def observation(request: Request, code: str) -> Observation:
    """One observation."""
    return _observation(observed.observation(code=code, viewer=request.viewer))
