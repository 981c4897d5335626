"""Commitments: the list, one of them, its history."""

from datetime import date, datetime
from typing import Literal

from ninja import Query, Router, Schema

from yinuo.api.paging import USUAL, Limit, Page, next_address, opened
from yinuo.api.problem import Problem
from yinuo.api.request import Request
from yinuo.commitments.lights.words import LightMark
from yinuo.commitments.queries import listing
from yinuo.commitments.queries.detail import Detail, detail
from yinuo.commitments.queries.lights import light_page
from yinuo.commitments.queries.timeline import Line
from yinuo.commitments.registry import Promisor

router = Router(tags=["commitments"])


class Light(Schema):
    """The light of an open commitment, worked out as of today."""

    colour: str
    """red, yellow, green, or undetermined where what it depends on is not known."""
    word: str
    reason: str
    table: str
    """Version of the decision table: start of its SHA-256, and its first day."""


class Summary(Schema):
    """A commitment as a line of a list."""

    code: str
    kind: str
    promisor: str
    """Whose word it is, which the kind tells: city, or others (firms and people, to the city)."""
    title: str
    goal: str
    """Code of the goal under which it stands; empty under none."""
    terms: str
    """The promised quantity in words."""
    debtor: str | None
    """Code of the lead unit; null where none is known."""
    debtor_name: str
    creditor: str
    due: date | None
    """Present deadline; null: 未定时限."""
    due_original: date | None
    moved_count: int
    status: str
    """open, delivered, kept, broken, waived or withdrawn."""
    outcome: str
    """kept_on_time, kept_after_move, kept_late, kept_undated, kept_in_part, broken or waived."""
    state: str
    """The state in words, as pages show it; 逾期 follows from due and day."""
    light: Light | None
    """null: it has none, because it ended, or has neither a deadline nor a plan."""
    version: int


class Source(Schema):
    """The document in which it was said."""

    code: str
    title: str
    kind: str
    number: str
    issuer: str
    said: str
    sha256: str
    place: str


class Report(Schema):
    """Progress as the debtor states it; never counted as kept."""

    code: str
    as_of: date
    value: str
    """Decimal, in the commitment's unit; empty where none was promised."""
    note: str


class Commitment(Summary):
    """A commitment whole."""

    note: str
    operator: str
    value: str
    """Decimal; empty where the operator is `done`."""
    unit: str
    tolerance: str
    baseline: str
    cooperating: list[str]
    area: str
    """责任地区, as said."""
    due_said: str
    delay_days: int
    """Present minus original deadline."""
    delivered: date | None
    parent: str | None
    children: list[str]
    merged_into: str | None
    source: Source
    reports: list[Report]
    entered_at: datetime
    recorded_at: datetime


class Difference(Schema):
    """One value that an entry changed, in words."""

    label: str
    old: str
    new: str


class Event(Schema):
    """One entry of the ledger about a commitment."""

    subject: str
    version: int
    verb: str
    label: str
    at: datetime
    recorded_at: datetime
    who: str
    differences: list[Difference]
    why: str
    leaf_index: int | None
    """Its place in the sealed log; null while it waits for the sealer."""


class Wanted(Schema):
    """What to list; empty means all."""

    promisor: Literal["city", "others"] = "city"
    """Whose promises: the city's, or those of firms and people to it; a `kind` tells it as well."""
    goal: str = ""
    kind: str = ""
    unit: str = ""
    """Code of the lead unit."""
    state: str = ""
    """One of those under `/states`."""
    text: str = ""
    """Han, pinyin or initials."""
    light: Literal["", "red", "yellow", "green", "undetermined"] = ""
    """As of the last pass over all; a light shown can be newer."""


def summary_fields(row: listing.Row) -> dict[str, object]:
    """The fields of `Summary`."""
    return {
        "code": row.code,
        "kind": row.kind,
        "promisor": row.promisor.value,
        "title": row.title,
        "goal": row.heading,
        "terms": row.terms,
        "debtor": row.lead,
        "debtor_name": row.lead_name,
        "creditor": row.creditor,
        "due": row.due,
        "due_original": row.due_original,
        "moved_count": row.moved_count,
        "status": row.status,
        "outcome": row.outcome,
        "state": row.mark.word,
        "light": light_fields(row.light),
        "version": row.version,
    }


def light_fields(light: LightMark | None) -> dict[str, str] | None:
    """The fields of `Light`; None for none."""
    if light is None:
        return None
    return {
        "colour": light.colour.value,
        "word": light.word,
        "reason": light.reason,
        "table": light.table,
    }


def _source(found: Detail) -> Source:
    document = found.document
    return Source(
        code=document.code,
        title=document.title,
        kind=document.kind,
        number=document.number,
        issuer=document.issuer,
        said=document.said,
        sha256=document.sha256,
        place=found.place,
    )


def _whole(found: Detail, light: LightMark | None) -> Commitment:
    return Commitment.model_validate(
        {
            **summary_fields(found.row),
            "light": light_fields(light),
            "note": found.note,
            "operator": found.operator,
            "value": found.value,
            "unit": found.unit,
            "tolerance": found.tolerance,
            "baseline": found.baseline,
            "cooperating": found.cooperating,
            "area": found.area,
            "due_said": found.due_said,
            "delay_days": found.delay_days,
            "delivered": found.delivered_date,
            "parent": found.parent.code if found.parent else None,
            "children": [child.code for child in found.children],
            "merged_into": found.merged_into,
            "source": _source(found),
            "reports": [
                Report(code=r.code, as_of=r.as_of_date, value=r.value, note=r.note)
                for r in found.reports
            ],
            "entered_at": found.entered_at,
            "recorded_at": found.recorded_at,
        }
    )


def _event(line: Line) -> Event:
    return Event(
        subject=line.subject,
        version=line.version,
        verb=line.verb,
        label=line.label,
        at=line.at,
        recorded_at=line.recorded_at,
        who=line.who,
        differences=[Difference(label=d.label, old=d.old, new=d.new) for d in line.differences],
        why=line.why,
        leaf_index=line.leaf_index,
    )


@router.get("", response={200: Page[Summary], 400: Problem, 422: Problem}, summary="List promises")
def commitments(
    request: Request,
    wanted: Query[Wanted],
    cursor: str = "",
    limit: Limit = USUAL,
) -> Page[Summary]:
    """Commitments you may see, by present deadline then code, undated ones last."""
    found = listing.page(
        viewer=request.viewer,
        wanted=listing.Filter(
            promisor=Promisor(wanted.promisor),
            heading=wanted.goal,
            kind=wanted.kind,
            unit=wanted.unit,
            state=wanted.state,
            text=wanted.text,
            light=wanted.light,
        ),
        today=request.today,
        cursor=opened(cursor),
        size=limit,
    )
    return Page(
        items=[Summary.model_validate(summary_fields(row)) for row in found.rows],
        next=next_address(request, found.next_cursor),
        total=found.total,
    )


@router.get("/{code}", response={200: Commitment, 404: Problem}, summary="One promise whole")
def commitment(request: Request, code: str) -> Commitment:
    """One commitment with its source and reports."""
    found = detail(code=code, viewer=request.viewer, today=request.today)
    lit = light_page(commitment=code, viewer=request.viewer, today=request.today)
    return _whole(found, lit.mark if lit else None)


@router.get(
    "/{code}/history", response={200: list[Event], 404: Problem}, summary="History of one promise"
)
def history(request: Request, code: str) -> list[Event]:
    """Everything that happened to it, newest first, each with its place in the sealed log."""
    found = detail(code=code, viewer=request.viewer, today=request.today)
    return [_event(line) for line in found.timeline]
