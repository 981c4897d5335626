"""Outgoing events to fetch: CloudEvents by cursor over the sealed log."""

from datetime import datetime
from typing import Any

from django.conf import settings
from ninja import Query, Router, Schema

from yinuo.api.hooks.errors import WrongPullToken
from yinuo.api.outgoing import Filter
from yinuo.api.paging import USUAL, BadCursor, Limit, opened, sealed
from yinuo.api.problem import Problem
from yinuo.api.queries import events as queries
from yinuo.api.queries.hooks import Fetcher, public_fetcher
from yinuo.api.request import Request

router = Router(tags=["events"])
BEARER = "Bearer "
MOST_DIGITS = 18


class CloudEvent(Schema):
    """One event: CloudEvents 1.0 in structured mode."""

    specversion: str
    id: str
    """Origin of the log and leaf index: the same however often it is given."""
    source: str
    type: str
    """`cn.yinuo.<kind of subject>.<what happened>`."""
    subject: str
    time: datetime
    """When it happened."""
    datacontenttype: str
    thread: str
    """The subject on whose page it is told; events of one thread keep their order."""
    sequence: str
    data: dict[str, Any]
    """Codes, states and days of the subject after the event; see docs/reference/case-events.md."""


class Events(Schema):
    """Some events, and where to go on."""

    items: list[CloudEvent]
    after: str
    """Give this back as `after` to go on, now or later: a place in the log, which stays."""
    more: bool
    """Whether there is more behind `after` already."""


class Wanted(Schema):
    """Which events; empty means all."""

    type: str = ""
    """How the type begins, such as `cn.yinuo.case.`."""
    unit: str = ""
    item: str = ""


def _place(cursor: str) -> int:
    text = opened(cursor) or "0"
    if not (text.isascii() and text.isdigit() and len(text) <= MOST_DIGITS):
        raise BadCursor(cursor)
    return int(text)


def bearer(request: Request) -> str:
    """The token of `Authorization: Bearer …`; empty without one."""
    given = request.headers.get("Authorization", "")
    return given.removeprefix(BEARER).strip() if given.startswith(BEARER) else ""


def _fetcher(request: Request) -> Fetcher | None:
    token = bearer(request)
    if not token:
        return None
    found = public_fetcher(token=token)
    if found is None:
        raise WrongPullToken
    return found


@router.get(
    "",
    response={200: Events, 400: Problem, 401: Problem, 422: Problem},
    summary="Fetch events",
)
def events(
    request: Request, narrowed: Query[Wanted], after: str = "", limit: Limit = USUAL
) -> Events:
    """Events behind `after`, in the order of the log. An empty answer with `more` true goes on.

    With the token of a subscription you read what it was granted; with a session of the site what
    your duties let you see; otherwise what is public.
    """
    wanted = Filter(
        (narrowed.type,) if narrowed.type else (),
        frozenset({narrowed.unit} if narrowed.unit else ()),
        frozenset({narrowed.item} if narrowed.item else ()),
    )
    found = queries.events(
        after=_place(after),
        wanted=wanted,
        fetcher=_fetcher(request),
        origin=settings.YINUO_ORIGIN,
        viewer=request.viewer,
        limit=limit,
    )
    return Events(
        items=[CloudEvent.model_validate(one.event) for one in found.events],
        after=sealed(str(found.place)),
        more=found.more,
    )
