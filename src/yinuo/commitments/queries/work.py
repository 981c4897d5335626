"""What waits for one person."""

from dataclasses import dataclass
from datetime import date

from django.db.models import F, Q

from yinuo.commitments.conditions import overdue
from yinuo.commitments.life import Status, Visibility
from yinuo.commitments.models import Commitment
from yinuo.commitments.permission import visible
from yinuo.commitments.queries.changes import ChangeView, own_changes, waiting_changes
from yinuo.commitments.queries.listing import Row
from yinuo.commitments.registry import all_kinds
from yinuo.parties.viewer import Viewer

MOST = 20
"""Lines of one section; the list page shows the rest."""


@dataclass(frozen=True)
class Work:
    """The sections of “my work”, each by deadline, undated last."""

    owed: tuple[Row, ...]
    """Open commitments of the viewer's units."""
    handed_in: tuple[Row, ...]
    """Declared delivered by the viewer's units, waiting for verification."""
    asked: tuple[ChangeView, ...]
    """The viewer's own requests."""
    to_decide: tuple[ChangeView, ...]
    to_verify: tuple[Row, ...]
    to_find: tuple[Row, ...]
    """Overdue and open: 待认定."""
    to_publish: tuple[Row, ...]
    to_publish_total: int


def work(*, viewer: Viewer, today: date) -> Work:
    """Everything that waits for the viewer, in both duties; empty sections where none is held."""
    # Sheets of a round and problems are handled, and told of, where they arose.
    elsewhere = [kind.name for kind in all_kinds() if kind.by_sheet or kind.by_origin]
    seen = Commitment.objects.filter(visible(viewer)).exclude(kind__in=elsewhere)
    seen = seen.select_related("lead")
    owes = Q(lead__in=viewer.officer_of)
    judges = Q(creditor_unit__in=viewer.supervisor_of)

    def rows(condition: Q) -> tuple[Row, ...]:
        found = seen.filter(condition).order_by(F("due").asc(nulls_last=True), "code")
        return tuple(Row.of(c, today) for c in found[:MOST])

    review = judges & Q(visibility=Visibility.REVIEW)
    return Work(
        owed=rows(owes & Q(status=Status.OPEN)),
        handed_in=rows(owes & Q(status=Status.DELIVERED)),
        asked=own_changes(viewer=viewer),
        to_decide=waiting_changes(viewer=viewer),
        to_verify=rows(judges & Q(status=Status.DELIVERED)),
        to_find=rows(judges & overdue(today)),
        to_publish=rows(review),
        to_publish_total=seen.filter(review).count(),
    )
