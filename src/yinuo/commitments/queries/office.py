"""The office's side of one commitment: signatures, persons in charge, shares of units."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from yinuo.commitments.life import Status
from yinuo.commitments.models import Assignment, Commitment, Signing
from yinuo.commitments.permission import directs, inside
from yinuo.commitments.queries.listing import Row
from yinuo.commitments.queries.signing import SigningView, signing_views
from yinuo.commitments.shares import Sum, share_sum
from yinuo.commitments.signatures import SignatureStatus
from yinuo.commitments.wording import wording
from yinuo.kernel.decimals import exact
from yinuo.ledger.history import texts
from yinuo.parties.viewer import Viewer

MOST_ASSIGNABLE = 500
UPWARD = frozenset({"ge", "gt", "eq", "about"})
"""Comparisons under which a sum may fall short."""


@dataclass(frozen=True)
class Persons:
    """Who answers for a task in one unit."""

    unit: str
    unit_name: str
    leader: str
    liaison: str
    texts: tuple[tuple[str, str], ...]
    """(reference, 责任领导 or 联络员) of what is there to be erased, for who protects."""


@dataclass(frozen=True)
class ShareView:
    """One unit's share of a task, with its signatures."""

    row: Row
    signings: tuple[SigningView, ...]


@dataclass(frozen=True)
class Office:
    """Everything about one commitment that is nobody's but the office's and the units'."""

    source: str
    """Kind of the document it rests on."""
    signings: tuple[SigningView, ...]
    persons: tuple[Persons, ...]
    shares: tuple[ShareView, ...]
    sum: Sum | None
    """The figures of the shares against the whole; None where there is nothing to compare."""
    short: str
    """How much of the promised quantity no share covers; empty where none is missing."""
    measure: str
    directs: bool
    """Whether the viewer hands it out: breaks it down, asks for signatures."""
    live: bool
    """Whether it is open, so that it can be handed out."""
    may_ask: bool
    """Whether some unit could be asked to sign and was not yet."""
    assigns_for: tuple[str, ...]
    """Units of the viewer for which persons may be named."""

    @property
    def to_answer(self) -> tuple[SigningView, ...]:
        """Signatures that the viewer may give or refuse now."""
        return tuple(view for view in self.signings if view.may_answer)

    @property
    def signed(self) -> int:
        """Shares whose lead unit has signed."""
        return sum(
            any(s.status == SignatureStatus.SIGNED and not s.gone for s in share.signings)
            for share in self.shares
        )


def office(*, code: str, viewer: Viewer, today: date) -> Office | None:
    """The office's side of a commitment; None for whoever sees it from outside only."""
    if not viewer.signed_in:
        return None
    seen = Commitment.objects.filter(inside(viewer)).select_related("lead", "document")
    row = seen.filter(pk=code).first()
    if row is None:
        return None
    requests = Signing.objects.filter(commitment=row).order_by("-part", "sign_by", "code")
    signings = signing_views(requests, viewer=viewer, today=today)
    shares = _shares(row, viewer, today)
    leads = directs(row, viewer)
    parts = _parts(row)
    live = row.status == Status.OPEN
    bound = {s.unit for s in signings if s.status != SignatureStatus.RECALLED}
    total = share_sum(row.value, row.unit, _figures(row, shares)) if shares else None
    return Office(
        source=row.document.kind,
        signings=signings,
        persons=_persons(row, viewer),
        shares=shares,
        sum=total,
        short=total.rest if total and row.operator in UPWARD and exact(total.rest) > 0 else "",
        measure=row.unit,
        directs=leads,
        live=live,
        may_ask=leads and live and bool(parts - bound),
        assigns_for=tuple(sorted(parts & viewer.officer_of)),
    )


def _parts(row: Commitment) -> frozenset[str]:
    """The units that have a part in it now."""
    cooperating = row.cooperations.values_list("unit_id", flat=True)
    return frozenset(filter(None, (row.lead_id, *cooperating)))


def _shares(row: Commitment, viewer: Viewer, today: date) -> tuple[ShareView, ...]:
    """What it was broken down to, as far as the viewer sees it from inside."""
    asked = Signing.objects.values("commitment")
    broken = Q(code__startswith=f"{row.code}-") | Q(pk__in=asked)
    seen = Commitment.objects.filter(inside(viewer)).filter(broken, parent=row)
    children = list(seen.select_related("lead").order_by("code"))
    requests = Signing.objects.filter(commitment__in=[child.pk for child in children])
    views: dict[str, list[SigningView]] = {}
    for view in signing_views(
        requests.order_by("-part", "sign_by", "code"), viewer=viewer, today=today
    ):
        views.setdefault(view.commitment, []).append(view)
    return tuple(
        ShareView(Row.of(child, today), tuple(views.get(child.code, ()))) for child in children
    )


def _figures(row: Commitment, shares: tuple[ShareView, ...]) -> list[tuple[str, str]]:
    """(value, unit) of each share that has not been ended."""
    ended = {Status.WITHDRAWN, Status.WAIVED}
    codes = [share.row.code for share in shares if share.row.status not in ended]
    rows = Commitment.objects.filter(parent=row, code__in=codes)
    return list(rows.values_list("value", "unit"))


def _persons(row: Commitment, viewer: Viewer) -> tuple[Persons, ...]:
    rows = list(Assignment.objects.filter(commitment=row).select_related("unit").order_by("unit"))
    references = [ref for one in rows for ref in (one.leader_text, one.liaison_text)]
    said, there = wording(references), texts(references)
    found = []
    for one in rows:
        erasable = one.unit_id in viewer.protector_of
        pairs = ((one.leader_text, "责任领导"), (one.liaison_text, "联络员"))
        found.append(
            Persons(
                unit=one.unit_id,
                unit_name=one.unit.name,
                leader=said.get(one.leader_text, ""),
                liaison=said.get(one.liaison_text, ""),
                texts=tuple((ref, label) for ref, label in pairs if erasable and ref in there),
            )
        )
    return tuple(found)


@dataclass(frozen=True)
class Assignable:
    """A task for which a unit may name its persons."""

    row: Row
    leader: str
    liaison: str


def assignable(*, unit: str, viewer: Viewer, today: date) -> tuple[Assignable, ...]:
    """Open tasks in which a unit of the viewer has a part, those with nobody named first."""
    if unit not in viewer.officer_of:
        return ()
    part = Q(lead=unit) | Q(cooperations__unit=unit, cooperations__ended_date=None)
    rows = Commitment.objects.filter(part, status=Status.OPEN).select_related("lead").distinct()
    tasks = list(rows.order_by("due", "code")[:MOST_ASSIGNABLE])
    named = {
        one.commitment_id: one
        for one in Assignment.objects.filter(unit=unit, commitment__status=Status.OPEN)
    }
    said = wording(ref for one in named.values() for ref in (one.leader_text, one.liaison_text))
    found = [
        Assignable(
            Row.of(task, today),
            said.get(named[task.pk].leader_text, "") if task.pk in named else "",
            said.get(named[task.pk].liaison_text, "") if task.pk in named else "",
        )
        for task in tasks
    ]
    return tuple(sorted(found, key=lambda one: bool(one.leader and one.liaison)))
