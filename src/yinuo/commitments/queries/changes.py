"""Requests to change what was promised."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet
from django.utils.translation import pgettext

from yinuo.commitments.differences import Difference, differences
from yinuo.commitments.models import Change, Commitment
from yinuo.commitments.permission import supervises, visible
from yinuo.commitments.wording import wording
from yinuo.commitments.words import change_label
from yinuo.parties.queries import public_units
from yinuo.parties.viewer import Viewer


@dataclass(frozen=True)
class ChangeView:
    """A request with its decision, if there is one."""

    code: str
    commitment: str
    title: str
    kind: str
    label: str
    differences: tuple[Difference, ...]
    reason: str
    asked_at: datetime
    after_the_fact: bool
    source: str
    state: str
    """待批准, 已批准 or 未批准."""
    waiting: bool
    decision: str
    may_decide: bool
    """Whether the viewer is entitled to decide it."""


def _change_view(change: Change, viewer: Viewer) -> ChangeView:
    """One request, with `commitment` already fetched."""
    found = wording([change.reason_text, change.decision_text])
    waiting = change.status == Change.Status.ASKED
    return ChangeView(
        code=change.code,
        commitment=change.commitment_id,
        title=change.commitment.title,
        kind=change.kind,
        label=change_label(change.kind),
        differences=differences(change.old, change.new, {u.code: u.name for u in public_units()}),
        reason=found.get(change.reason_text, ""),
        asked_at=change.asked_at,
        after_the_fact=change.after_the_fact,
        source=change.source,
        state=pgettext("change", change.get_status_display()),
        waiting=waiting,
        decision=found.get(change.decision_text, ""),
        may_decide=waiting
        and supervises(change.commitment, viewer)
        and change.asked_by != viewer.actor,
    )


def changes_of(*, commitment: str, viewer: Viewer) -> tuple[ChangeView, ...]:
    """The requests about one commitment the viewer may see, newest first."""
    rows = _seen(viewer).filter(commitment=commitment).order_by("-asked_at", "-pk")
    return tuple(_change_view(row, viewer) for row in rows)


def change(*, code: str, viewer: Viewer) -> ChangeView | None:
    """One request, or None where the viewer may see none of that code."""
    row = _seen(viewer).filter(code=code).first()
    return _change_view(row, viewer) if row else None


def waiting_changes(*, viewer: Viewer) -> tuple[ChangeView, ...]:
    """The requests that wait for a decision by the viewer's side, oldest first."""
    rows = _seen(viewer).filter(
        status=Change.Status.ASKED, commitment__creditor_unit__in=viewer.supervisor_of
    )
    return tuple(_change_view(row, viewer) for row in rows.order_by("asked_at", "pk"))


def own_changes(*, viewer: Viewer) -> tuple[ChangeView, ...]:
    """The requests the viewer made, newest first, at most fifty."""
    rows = _seen(viewer).filter(asked_by=viewer.actor).order_by("-asked_at", "-pk")
    return tuple(_change_view(row, viewer) for row in rows[:50])


def _seen(viewer: Viewer) -> QuerySet[Change]:
    allowed = Commitment.objects.filter(visible(viewer)).values("pk")
    return Change.objects.filter(commitment__in=allowed).select_related("commitment")
