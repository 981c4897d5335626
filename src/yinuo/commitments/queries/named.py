"""Commitments that are named, as the lines of a list: for pages of what they are about."""

from collections.abc import Collection
from datetime import date

from yinuo.commitments.light_rows import lights_of
from yinuo.commitments.models import Commitment
from yinuo.commitments.permission import visible
from yinuo.commitments.queries.listing import Row
from yinuo.parties.viewer import Viewer


def named(*, commitments: Collection[str], viewer: Viewer, today: date) -> tuple[Row, ...]:
    """Those of these few that the viewer may see, with their lights, by deadline then code."""
    rows = Commitment.objects.filter(visible(viewer), pk__in=commitments).select_related("lead")
    found = sorted(rows, key=lambda row: (row.due is None, row.due or date.min, row.code))
    lights = lights_of(found, today)
    return tuple(Row.of(row, today, lights.get(row.code)) for row in found)
