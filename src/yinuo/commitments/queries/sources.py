"""All tasks by where they come from, and the documents they rest on, for the office."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Exists, OuterRef, Q

from yinuo.commitments.conditions import overdue
from yinuo.commitments.life import Status
from yinuo.commitments.models import Commitment, Document, Signing
from yinuo.commitments.permission import visible
from yinuo.commitments.signatures import SignatureStatus
from yinuo.parties.viewer import Viewer

MOST_DOCUMENTS = 300


@dataclass(frozen=True)
class SourceCount:
    """How the tasks of one source stand."""

    source: str
    total: int
    open: int
    overdue: int
    waiting: int
    """Declared delivered and not yet verified."""
    unsigned: int
    """Open ones under which a signature is missing or was refused."""


def source_counts(*, viewer: Viewer, today: date) -> tuple[SourceCount, ...]:
    """The tasks of the viewer's office by kind of document, the largest first."""
    office = viewer.supervisor_of | viewer.administrator_of
    rows = Commitment.objects.filter(creditor_unit__in=office)
    missing = [SignatureStatus.WAITING, SignatureStatus.RETURNED]
    unsigned = (
        rows.filter(
            status=Status.OPEN,
            pk__in=Signing.objects.filter(status__in=missing).values("commitment"),
        )
        .order_by()
        .values("document__kind")
        .annotate(n=Count("pk"))
    )
    lacking = {row["document__kind"]: row["n"] for row in unsigned}
    counted = (
        rows.order_by()
        .values("document__kind")
        .annotate(
            total=Count("pk"),
            open=Count("pk", filter=Q(status=Status.OPEN)),
            overdue=Count("pk", filter=overdue(today)),
            waiting=Count("pk", filter=Q(status=Status.DELIVERED)),
        )
        .order_by("-total", "document__kind")
    )
    return tuple(
        SourceCount(
            source=row["document__kind"],
            total=row["total"],
            open=row["open"],
            overdue=row["overdue"],
            waiting=row["waiting"],
            unsigned=lacking.get(row["document__kind"], 0),
        )
        for row in counted
    )


def document_kinds(*, viewer: Viewer) -> tuple[str, ...]:
    """The kinds of document there are; for signed-in viewers, who filter by them."""
    if not viewer.signed_in:
        return ()
    # One look into an index a document; a join would go through every commitment.
    used = Exists(Commitment.objects.filter(document=OuterRef("pk")))
    rows = Document.objects.filter(used).order_by("kind")
    return tuple(rows.values_list("kind", flat=True).distinct())


@dataclass(frozen=True)
class DocumentChoice:
    """A document on which a further task may rest."""

    code: str
    words: str
    """Title and number."""


def documents(*, kind: str, viewer: Viewer) -> tuple[DocumentChoice, ...]:
    """Documents of one kind that the viewer knows through some commitment, the newest first."""
    if not viewer.signed_in:
        return ()
    known = Commitment.objects.filter(visible(viewer), document__kind=kind).values("document")
    rows = Document.objects.filter(pk__in=known).order_by("-code")[:MOST_DOCUMENTS]
    return tuple(
        DocumentChoice(row.code, f"{row.title}（{row.number}）" if row.number else row.title)
        for row in rows
    )
