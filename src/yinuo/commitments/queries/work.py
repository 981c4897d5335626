"""What waits for one person."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import F, Q

from yinuo.commitments.conditions import overdue, promised_by
from yinuo.commitments.life import Status, Visibility
from yinuo.commitments.models import Commitment
from yinuo.commitments.permission import judged_by, visible
from yinuo.commitments.queries.changes import ChangeView, own_changes, waiting_changes
from yinuo.commitments.queries.listing import Row
from yinuo.commitments.registry import Promisor, all_kinds
from yinuo.parties.viewer import Viewer

MOST = 20
"""Lines of one section."""
MOST_ALONE = 500
"""Lines of the section that is looked at alone, and of what is due soon."""
SOON = timedelta(days=30)


@dataclass(frozen=True)
class Section:
    """The first lines of what waits, by deadline, undated last; and how much it is."""

    rows: tuple[Row, ...]
    total: int

    @property
    def cut(self) -> bool:
        """Whether there is more than these lines."""
        return self.total > len(self.rows)


@dataclass(frozen=True)
class Work:
    """The sections of “my work”."""

    owed: Section
    """Open commitments of the viewer's units."""
    soon: tuple[Row, ...]
    """Those of them that are late or due within `SOON`."""
    handed_in: Section
    """Declared delivered by the viewer's units, waiting for verification."""
    asked: tuple[ChangeView, ...]
    """The viewer's own requests."""
    to_decide: tuple[ChangeView, ...]
    to_verify: Section
    """Declared delivered by units whose promises the viewer may judge."""
    to_find: Section
    """Overdue promises of the city that the viewer may judge: 待认定."""
    to_find_of_others: Section
    """The same of firms and people, but for what is judged where it arose."""
    to_publish: Section


SECTIONS = ("owed", "handed_in", "to_verify", "to_find", "to_find_of_others", "to_publish")
"""Those of `Work` that can be looked at alone."""


def work(*, viewer: Viewer, today: date, alone: str = "") -> Work:
    """Everything that waits for the viewer, in both duties; empty sections where none is held.

    `alone` is the one of `SECTIONS` of which all lines are wanted, as far as `MOST_ALONE`.
    """
    # Sheets of a round and problems are handled, and told of, where they arose.
    elsewhere = [kind.name for kind in all_kinds() if kind.by_sheet or kind.by_origin]
    seen = Commitment.objects.filter(visible(viewer)).exclude(kind__in=elsewhere)
    seen = seen.select_related("lead")
    owes = Q(lead__in=viewer.officer_of)
    judges = judged_by(viewer)
    by_city, by_others = (promised_by(each) for each in Promisor)

    def rows(condition: Q, most: int) -> tuple[Row, ...]:
        found = seen.filter(condition).order_by(F("due").asc(nulls_last=True), "code")
        return tuple(Row.of(c, today) for c in found[:most])

    def section(name: str, condition: Q) -> Section:
        most = MOST_ALONE if name == alone else MOST
        first = rows(condition, most)
        whole = len(first) < most
        return Section(first, len(first) if whole else seen.filter(condition).count())

    owed = owes & Q(status=Status.OPEN)
    return Work(
        owed=section("owed", owed),
        soon=rows(owed & Q(due__lte=today + SOON), MOST_ALONE),
        handed_in=section("handed_in", owes & Q(status=Status.DELIVERED)),
        asked=own_changes(viewer=viewer),
        to_decide=waiting_changes(viewer=viewer),
        to_verify=section("to_verify", judges & by_city & Q(status=Status.DELIVERED)),
        to_find=section("to_find", judges & by_city & overdue(today)),
        to_find_of_others=section("to_find_of_others", judges & by_others & overdue(today)),
        to_publish=section("to_publish", judges & Q(visibility=Visibility.REVIEW)),
    )
