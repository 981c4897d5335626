"""All tasks by where they come from, and the documents they rest on, for the office."""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from yinuo.commitments.conditions import overdue, promised_by
from yinuo.commitments.life import Status
from yinuo.commitments.models import Commitment, Document, Signing
from yinuo.commitments.permission import visible
from yinuo.commitments.registry import Promisor
from yinuo.commitments.signatures import SignatureStatus
from yinuo.ledger.remembered import remembered
from yinuo.parties.viewer import Viewer

MOST_DOCUMENTS = 300
COUNTED = ("total", "open", "overdue", "waiting", "unsigned")


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
    """The tasks of the viewer's office by kind of document, the largest first.

    Counted by document first, which an index alone answers; the documents are few.
    """
    rows = Commitment.objects.filter(
        promised_by(Promisor.CITY),
        creditor_unit__in=viewer.supervisor_of | viewer.administrator_of,
    )
    by_document = (
        rows.order_by()
        .values("document")
        .annotate(
            total=Count("creditor_unit"),
            open=Count("creditor_unit", filter=Q(status=Status.OPEN)),
            overdue=Count("creditor_unit", filter=overdue(today)),
            waiting=Count("creditor_unit", filter=Q(status=Status.DELIVERED)),
        )
    )
    counted = {
        row["document"]: Counter(
            total=row["total"], open=row["open"], overdue=row["overdue"], waiting=row["waiting"]
        )
        for row in by_document
    }
    for document, lacking in _unsigned(rows):
        counted[document]["unsigned"] = lacking
    kinds = dict(Document.objects.filter(pk__in=counted).values_list("pk", "kind"))
    found: dict[str, Counter[str]] = {}
    for document, counts in counted.items():
        found[kinds[document]] = found.get(kinds[document], Counter()) + counts
    views = [
        SourceCount(source, *(counts[name] for name in COUNTED)) for source, counts in found.items()
    ]
    return tuple(sorted(views, key=lambda view: (-view.total, view.source)))


def _unsigned(rows: QuerySet[Commitment]) -> list[tuple[str, int]]:
    """Document → open tasks under which a signature is missing or was refused."""
    missing = [SignatureStatus.WAITING, SignatureStatus.RETURNED]
    asked = Signing.objects.filter(status__in=missing).values("commitment")
    lacking = rows.filter(status=Status.OPEN, pk__in=asked).order_by()
    return list(lacking.values("document").annotate(n=Count("*")).values_list("document", "n"))


@remembered
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


def documents_known(*, codes: Collection[str], viewer: Viewer) -> frozenset[str]:
    """Which of these are codes of documents that stand in the register.

    Only for who is signed in: that a document exists is told to nobody else.
    """
    if not viewer.signed_in:
        return frozenset()
    found = Document.objects.filter(pk__in=set(codes))
    return frozenset(found.values_list("code", flat=True))
