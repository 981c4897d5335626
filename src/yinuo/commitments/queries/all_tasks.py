"""The roster of all sources (总台账): each task with what an office keeps beside it."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import islice

from django.db.models import OuterRef, Subquery
from django.db.models.functions import Length

from yinuo.commitments.models import Assignment, Commitment, Cooperation, Report, Signing
from yinuo.commitments.permission import inside
from yinuo.commitments.queries.listing import Filter, Row, every
from yinuo.commitments.signatures import SIGNATURE_LABELS, SignatureStatus
from yinuo.commitments.wording import wording
from yinuo.parties.viewer import Viewer

CHUNK = 500
"""Lines looked up together; SQLite takes few parameters."""


@dataclass(frozen=True)
class Task:
    """One line of the roster. What a viewer outside may not know is empty."""

    row: Row
    source: str
    """Kind of the document."""
    document: str
    number: str
    place: str
    cooperating: str
    area: str
    signed: str
    """Each unit asked with how it stands, such as 旅顺口区 已签收."""
    leader: str
    liaison: str
    report_date: date | None
    report_value: str
    report_note: str


def all_tasks(*, viewer: Viewer, wanted: Filter, today: date) -> Iterator[Task]:
    """Every line of a list in its order, with what stands beside it; memory for a chunk only."""
    rows = every(viewer=viewer, wanted=wanted, today=today)
    while chunk := list(islice(rows, CHUNK)):
        yield from _tasks(chunk, viewer)


def _tasks(rows: Sequence[Row], viewer: Viewer) -> Iterator[Task]:
    codes = [row.code for row in rows]
    latest = Report.objects.filter(commitment=OuterRef("pk")).order_by(
        "-as_of_date", Length("code").desc(), "-code"
    )
    facts = Commitment.objects.select_related("document")
    known = facts.annotate(last=Subquery(latest.values("pk")[:1])).in_bulk(codes)
    within = set(
        Commitment.objects.filter(inside(viewer), pk__in=codes).values_list("pk", flat=True)
    )
    reports = Report.objects.in_bulk([c.last for c in known.values() if c.last])
    cooperating = _cooperating(codes)
    signed, persons = _signed(within), _persons(within)
    notes = wording(report.note_text for report in reports.values())
    for row in rows:
        task = known[row.code]
        report = reports.get(task.last)
        leader, liaison = persons.get(row.code, ("", ""))
        yield Task(
            row=row,
            source=task.document.kind,
            document=task.document.title,
            number=task.document.number,
            place=task.place,
            cooperating="、".join(cooperating.get(row.code, ())),
            area=task.area,
            signed="；".join(signed.get(row.code, ())),
            leader=leader,
            liaison=liaison,
            report_date=report.as_of_date if report else None,
            report_value=report.value if report else "",
            report_note=notes.get(report.note_text, "") if report else "",
        )


def _cooperating(codes: Sequence[str]) -> dict[str, list[str]]:
    found: defaultdict[str, list[str]] = defaultdict(list)
    rows = Cooperation.objects.filter(commitment__in=codes).order_by("unit__code")
    for code, name in rows.values_list("commitment_id", "unit__name"):
        found[code].append(name)
    return found


def _signed(codes: set[str]) -> dict[str, list[str]]:
    found: defaultdict[str, list[str]] = defaultdict(list)
    rows = Signing.objects.filter(commitment__in=codes).exclude(status=SignatureStatus.RECALLED)
    for row in rows.select_related("unit").order_by("-part", "unit__code"):
        label = SIGNATURE_LABELS[SignatureStatus(row.status)]
        found[row.commitment_id].append(f"{row.unit.name} {label}")
    return found


def _persons(codes: set[str]) -> dict[str, tuple[str, str]]:
    """Leaders and liaisons of a task, each unit's own after its name."""
    rows = list(
        Assignment.objects.filter(commitment__in=codes).select_related("unit").order_by("unit")
    )
    said = wording(ref for row in rows for ref in (row.leader_text, row.liaison_text))
    found: defaultdict[str, tuple[list[str], list[str]]] = defaultdict(lambda: ([], []))
    for row in rows:
        leaders, liaisons = found[row.commitment_id]
        if row.leader_text:
            leaders.append(f"{row.unit.name} {said[row.leader_text]}")
        if row.liaison_text:
            liaisons.append(f"{row.unit.name} {said[row.liaison_text]}")
    return {code: ("；".join(pair[0]), "；".join(pair[1])) for code, pair in found.items()}
