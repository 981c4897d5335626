"""Commitments that are named, as the lines of a list: for pages of what they are about."""

from collections.abc import Collection
from datetime import date

from django.db.models import Q

from yinuo.commitments.conditions import promised_by
from yinuo.commitments.life import Status
from yinuo.commitments.light_rows import lights_of
from yinuo.commitments.models import Commitment
from yinuo.commitments.permission import visible
from yinuo.commitments.queries.listing import Row
from yinuo.commitments.registry import Promisor
from yinuo.parties.viewer import Viewer


def named(*, commitments: Collection[str], viewer: Viewer, today: date) -> tuple[Row, ...]:
    """Those of these few that the viewer may see, with their lights, by deadline then code."""
    rows = Commitment.objects.filter(visible(viewer), pk__in=commitments).select_related("lead")
    found = sorted(rows, key=lambda row: (row.due is None, row.due or date.min, row.code))
    lights = lights_of(found, today)
    return tuple(Row.of(row, today, lights.get(row.code)) for row in found)


def public_vowed(*, commitments: Collection[str], today: date) -> tuple[Row, ...]:
    """Those of these promises that firms and people still owe, by deadline then code.

    Of promises of the city none is told. The caller knows that whoever looks has made them.
    """
    still = promised_by(Promisor.OTHERS) & Q(status=Status.OPEN)
    rows = Commitment.objects.filter(still, pk__in=commitments).order_by("due", "code")
    return tuple(Row.of(row, today) for row in rows.select_related("lead"))
