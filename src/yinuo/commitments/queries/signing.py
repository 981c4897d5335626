"""Who was asked to sign for what, by when, and who has; for the office and the units asked."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from yinuo.commitments.conditions import promised_by
from yinuo.commitments.life import Status
from yinuo.commitments.models import Commitment, Cooperation, Signing
from yinuo.commitments.permission import inside
from yinuo.commitments.queries.listing import Filter
from yinuo.commitments.registry import Promisor
from yinuo.commitments.signatures import (
    SIGNATURE_LABELS,
    SignatureStatus,
    is_late,
    signature_target,
)
from yinuo.commitments.wording import wording
from yinuo.kernel.instants import civil_date
from yinuo.parties.queries import names
from yinuo.parties.viewer import Viewer

MOST_LISTED = 500
"""Lines of a page of signatures."""
MOST_LOOKED_AT = 20_000
"""Tasks among which those to be asked for are sought."""


@dataclass(frozen=True)
class SigningView:
    """One unit's signature under one task."""

    code: str
    commitment: str
    title: str
    due: date | None
    unit: str
    unit_name: str
    part: str
    """牵头单位 or 配合单位."""
    sign_by: date
    asked_at: datetime
    status: str
    label: str
    late: bool
    """Answered after the last day, or not answered by now."""
    late_days: int
    answered_at: datetime | None
    answered_by: str
    """The person's name."""
    reason: str
    """Why it was returned; also of one that was recalled afterwards."""
    erasable_text: str
    """Reference of the reason where the viewer may ask that it be erased by law; else empty."""
    gone: bool
    """Whether the unit has no part in the task any more."""
    may_answer: bool
    """Whether the viewer may sign or return it."""
    directs: bool
    """Whether the viewer hands the task out."""
    may_recall: bool
    may_ask_again: bool


def signing_views(
    rows: QuerySet[Signing], *, viewer: Viewer, today: date
) -> tuple[SigningView, ...]:
    """Requests as pages show them, in their order. The caller has checked who may see them."""
    found = list(rows.select_related("commitment", "unit"))
    known = _Known(
        reasons=wording(row.reason_text for row in found),
        people=names(actors=[r.answered_by for r in found if r.answered_by], viewer=viewer),
        cooperating=_cooperating(found),
    )
    return tuple(_view(row, viewer, today, known) for row in found)


@dataclass(frozen=True)
class _Known:
    """What was looked up for many requests at once."""

    reasons: Mapping[str, str]
    people: Mapping[str, str]
    cooperating: frozenset[str]
    """Codes of the requests under which a cooperation stands today."""


def _cooperating(rows: Iterable[Signing]) -> frozenset[str]:
    """Those of the requests' codes under which a cooperation stands today."""
    codes = [row.code for row in rows]
    chunks = [codes[start : start + 500] for start in range(0, len(codes), 500)]
    return frozenset(
        code
        for chunk in chunks
        for code in Cooperation.objects.filter(code__in=chunk).values_list("code", flat=True)
    )


def _view(row: Signing, viewer: Viewer, today: date, known: _Known) -> SigningView:
    task = row.commitment
    live = task.status == Status.OPEN
    gone = row.unit_id != task.lead_id and row.code not in known.cooperating
    part = Signing.Part.LEAD if row.unit_id == task.lead_id else Signing.Part.COOPERATING
    answered = civil_date(row.answered_at) if row.answered_at else None
    open_request = row.status == SignatureStatus.WAITING
    late = (open_request or answered is not None) and is_late(answered, row.sign_by, today)
    directs = task.creditor_unit_id in viewer.supervisor_of | viewer.administrator_of
    return SigningView(
        code=row.code,
        commitment=task.code,
        title=task.title,
        due=task.due,
        unit=row.unit_id,
        unit_name=row.unit.name,
        part=row.get_part_display(),
        sign_by=row.sign_by,
        asked_at=row.asked_at,
        status=row.status,
        label=SIGNATURE_LABELS[SignatureStatus(row.status)],
        late=late,
        late_days=((answered or today) - row.sign_by).days if late else 0,
        answered_at=row.answered_at,
        answered_by=known.people.get(row.answered_by, ""),
        reason=known.reasons.get(row.reason_text, ""),
        erasable_text=row.reason_text if row.unit_id in viewer.protector_of else "",
        gone=gone,
        may_answer=live and open_request and row.unit_id in viewer.officer_of,
        directs=directs,
        may_recall=directs and signature_target(row.status, "signing.recalled") is not None,
        may_ask_again=directs
        and live
        and not gone
        and (
            row.status in {SignatureStatus.RETURNED, SignatureStatus.RECALLED}
            # It signed for another part in the task than it has now.
            or (row.status == SignatureStatus.SIGNED and row.part != part)
        ),
    )


def signing(*, code: str, viewer: Viewer, today: date) -> SigningView | None:
    """One request, or None where the viewer may see none of that code."""
    rows = Signing.objects.filter(code=code, commitment__in=_seen(viewer))
    found = signing_views(rows, viewer=viewer, today=today)
    return found[0] if found else None


def to_sign(*, viewer: Viewer, today: date, most: int = MOST_LISTED) -> tuple[SigningView, ...]:
    """待签收 of the viewer's units, by the last day for signing."""
    rows = _open(viewer).filter(unit__in=viewer.officer_of, status=SignatureStatus.WAITING)
    return signing_views(rows.order_by("sign_by", "code")[:most], viewer=viewer, today=today)


UNSIGNED_STATES = {"": "全部", "returned": "已退回", "waiting": "待签收", "late": "已过签收时限"}
"""What the supervising side has out, as a filter of its page."""


def _out(viewer: Viewer) -> QuerySet[Signing]:
    """What the viewer's office waits for or has got back; its own tasks it sees from inside."""
    office = Q(creditor_unit__in=viewer.supervisor_of | viewer.administrator_of)
    missing = [SignatureStatus.WAITING, SignatureStatus.RETURNED]
    return Signing.objects.filter(_under_open(office), status__in=missing)


def _unsigned_state(state: str, today: date) -> Q:
    return {
        "returned": Q(status=SignatureStatus.RETURNED),
        "waiting": Q(status=SignatureStatus.WAITING),
        "late": Q(status=SignatureStatus.WAITING, sign_by__lt=today),
    }.get(state, Q())


def unsigned(
    *, viewer: Viewer, today: date, state: str = "", most: int = MOST_LISTED
) -> tuple[SigningView, ...]:
    """未签收 and 已退回 of what the viewer's office gave out: returned first, then by last day."""
    rows = _out(viewer).filter(_unsigned_state(state, today))
    # “returned” sorts before “waiting”.
    ordered = rows.order_by("status", "sign_by", "code")
    return signing_views(ordered[:most], viewer=viewer, today=today)


def unsigned_counts(*, viewer: Viewer, today: date) -> dict[str, int]:
    """How many requests each of `UNSIGNED_STATES` holds."""
    counts = {
        f"n_{state}": Count("pk", filter=_unsigned_state(state, today)) for state in UNSIGNED_STATES
    }
    found = _out(viewer).order_by().aggregate(**counts)
    return {state: found[f"n_{state}"] for state in UNSIGNED_STATES}


def to_sign_count(*, viewer: Viewer) -> int:
    """How many signatures the viewer's units owe."""
    waiting = SignatureStatus.WAITING
    return _open(viewer).filter(unit__in=viewer.officer_of, status=waiting).count()


def _seen(viewer: Viewer) -> QuerySet[Commitment, str]:
    return Commitment.objects.filter(inside(viewer)).values_list("pk", flat=True)


def _open(viewer: Viewer) -> QuerySet[Signing]:
    """Requests under tasks that still run and that the viewer sees from inside."""
    return Signing.objects.filter(_under_open(inside(viewer)))


def _under_open(tasks: Q) -> Exists:
    """Requests under open tasks of a condition.

    Asked of each request, because those without an answer are few and tasks are many.
    """
    found = Commitment.objects.filter(tasks, pk=OuterRef("commitment"), status=Status.OPEN)
    return Exists(found)


@dataclass(frozen=True)
class Askable:
    """What asking for signatures with a filter would do."""

    commitments: tuple[str, ...]
    """Open tasks that somebody could be asked to sign for."""
    requests: int
    """Units to be asked, counted once for each task."""
    already: int
    """Units that have been asked before."""
    too_many: int = 0
    """How many tasks were found where they are too many to look at; then nothing else is said."""


def askable(*, viewer: Viewer, wanted: Filter, code: str = "") -> Askable:
    """The tasks of the viewer's office under a filter, and how many units would be asked.

    Of the filter count heading, kind, unit, source and text; states are no matter here. With
    `code` that one task.
    """
    office = viewer.supervisor_of | viewer.administrator_of
    rows = Commitment.objects.filter(creditor_unit__in=office, status=Status.OPEN)
    rows = rows.filter(promised_by(Promisor.CITY))
    for name, value in (
        ("heading", wanted.heading),
        ("kind", wanted.kind),
        ("lead", wanted.unit),
        ("document__kind", wanted.basis),
        ("code", code),
    ):
        if value:
            rows = rows.filter(**{name: value})
    if wanted.text:
        rows = rows.filter(Q(title__icontains=wanted.text) | Q(code__icontains=wanted.text))
    total = rows.count()
    if total > MOST_LOOKED_AT:
        return Askable((), 0, 0, too_many=total)
    keys = rows.values("pk")
    pairs = {f"{c}/{u}" for c, u in rows.exclude(lead=None).values_list("code", "lead_id")}
    pairs |= set(Cooperation.objects.filter(commitment__in=keys).values_list("code", flat=True))
    recalled = SignatureStatus.RECALLED
    asked = Signing.objects.filter(commitment__in=keys).exclude(status=recalled)
    known = pairs & set(asked.values_list("code", flat=True))
    left = pairs - known
    codes = tuple(sorted({code.rpartition("/")[0] for code in left}))
    return Askable(codes, len(left), len(known))
