"""Events of window systems that keep their own: taken in by the batch, each row answered for."""

from datetime import datetime

from ninja import Router, Schema

from yinuo.api.events import bearer
from yinuo.api.problem import Problem
from yinuo.api.request import Request
from yinuo.cases.commands.feed.taking import Taken, receive
from yinuo.cases.errors.feed import UnreadableEvents, WrongToken
from yinuo.cases.feed.files import read_json

router = Router(tags=["feed"])
LARGEST = 32 << 20
"""Bytes of a body: about 100,000 events."""


class RowFault(Schema):
    """What is wrong with one field of one row."""

    row: int
    """From 1, in the order of the request."""
    aside: str
    """Under which the row is kept; it can be corrected and replayed at the office."""
    field: str
    """The source's own name of it."""
    reason: str


class Batch(Schema):
    """What became of the rows: `read = accepted + quarantined + duplicate`."""

    batch: str
    read: int
    accepted: int
    quarantined: int
    duplicate: int
    """Told before with the same content; sending again is harmless."""
    cases: int
    """Cases that were brought up to date."""
    reasons: dict[str, int]
    """Rows put aside, by reason."""
    errors: list[RowFault]
    """Of the first hundred rows put aside."""


def _batch(taken: Taken) -> Batch:
    return Batch(
        batch=taken.batch,
        read=taken.read,
        accepted=taken.accepted,
        quarantined=taken.quarantined,
        duplicate=taken.duplicate,
        cases=taken.cases,
        reasons=dict(taken.reasons),
        errors=[
            RowFault(row=one.row, aside=one.code, field=fault.field, reason=str(fault.reason))
            for one in taken.faults
            for fault in one.faults
        ],
    )


@router.post(
    "/{source}/events",
    response={
        200: Batch,
        400: Problem,
        401: Problem,
        404: Problem,
        409: Problem,
        413: Problem,
    },
    summary="Send events of cases",
    openapi_extra={
        "requestBody": {
            "required": True,
            "content": {
                "application/json": {
                    "schema": {
                        "oneOf": [
                            {"type": "array", "items": {"type": "object"}},
                            {
                                "type": "object",
                                "properties": {
                                    "events": {"type": "array", "items": {"type": "object"}}
                                },
                                "required": ["events"],
                            },
                        ]
                    }
                }
            },
        }
    },
)
def events(request: Request, source: str) -> Batch:
    """A batch of events of one window system, with its key: `Authorization: Bearer …`.

    Names of fields are those of the source's own table (docs/how-to/connect-a-window-system.md). A
    row that cannot be used does not stop the others: it is kept aside and named in `errors`.
    """
    token = bearer(request)
    if not token:
        raise WrongToken(source)
    data = request.read(LARGEST + 1)
    if len(data) > LARGEST:
        raise UnreadableEvents("body", f"超过 {LARGEST >> 20} MB，请分批发送")
    at: datetime = request.at
    return _batch(receive(source=source, token=token, rows=read_json(data, place="body"), at=at))
