"""The states that commitments can be listed by."""

from ninja import Router

from yinuo.api.request import Request
from yinuo.commitments.queries.listing import STATES

router = Router(tags=["commitments"])


@router.get("", response=dict[str, str], summary="States to filter by")
def states(request: Request) -> dict[str, str]:
    """The states that the list of promises can be filtered by, with their Chinese names."""
    del request
    return STATES
