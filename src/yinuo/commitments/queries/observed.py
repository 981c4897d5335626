"""What was only reported (据报道): apart from promises, never counted as kept."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from yinuo.commitments.errors import UnknownCommitment
from yinuo.commitments.life import Visibility
from yinuo.commitments.models import Observation
from yinuo.commitments.permission import visible_observations
from yinuo.commitments.queries.detail import DocumentView
from yinuo.commitments.queries.listing import PAGE
from yinuo.commitments.terms import terms_text
from yinuo.parties.viewer import Viewer


@dataclass(frozen=True)
class Observed:
    """A statement of a source."""

    code: str
    kind: str
    title: str
    heading: str
    parent: str
    subject: str
    counterparty: str
    figure: str
    """Operator, value and unit; empty for an event."""
    when: str
    document: DocumentView
    place: str
    note: str
    visibility: str


@dataclass(frozen=True)
class ObservedPage:
    """A page of the list."""

    rows: tuple[Observed, ...]
    next_cursor: str
    total: int


def _observed(o: Observation) -> Observed:
    return Observed(
        code=o.code,
        kind=o.kind,
        title=o.title,
        heading=o.heading,
        parent=o.parent_code,
        subject=o.subject_said,
        counterparty=o.counterparty,
        figure=terms_text(operator=o.operator, value=o.value, unit=o.unit) if o.value else "",
        when=o.when_said,
        document=DocumentView.of(o.document),
        place=o.place,
        note=o.note,
        visibility=o.visibility,
    )


def _found(viewer: Viewer, heading: str, text: str) -> QuerySet[Observation]:
    rows = Observation.objects.filter(visible_observations(viewer)).select_related("document")
    if heading:
        rows = rows.filter(heading=heading)
    if text:
        rows = rows.filter(Q(title__icontains=text) | Q(code__icontains=text))
    return rows.order_by("code")


def observations(
    *, viewer: Viewer, heading: str = "", text: str = "", cursor: str = "", size: int = PAGE
) -> ObservedPage:
    """Observations the viewer may see, by code, `size` a page.

    `cursor` is the last code of the page before.
    """
    rows = _found(viewer, heading, text)
    total = rows.count()
    found = list((rows.filter(code__gt=cursor) if cursor else rows)[: size + 1])
    last = found[size - 1].code if len(found) > size else ""
    return ObservedPage(tuple(_observed(o) for o in found[:size]), last, total)


def observation(*, code: str, viewer: Viewer) -> Observed:
    """One observation. Raises `UnknownCommitment` for one not to be seen."""
    found = _found(viewer, "", "").filter(code=code).first()
    if found is None:
        raise UnknownCommitment(code)
    return _observed(found)


def every_observation(*, viewer: Viewer, heading: str = "", text: str = "") -> Iterator[Observed]:
    """All of them, for a download."""
    for o in _found(viewer, heading, text).iterator(chunk_size=2_000):
        yield _observed(o)


def waiting_observations(*, viewer: Viewer) -> int:
    """How many wait for the review before publication."""
    return Observation.objects.filter(visible_observations(viewer), visibility="review").count()


def observations_to_review(*, viewer: Viewer) -> tuple[Observed, ...]:
    """Those that wait for the review before publication, by code, at most two hundred."""
    if not viewer.supervisor_of:
        return ()
    rows = _found(viewer, "", "").filter(
        visibility=Visibility.REVIEW, office__in=viewer.supervisor_of
    )
    return tuple(_observed(o) for o in rows[:200])
