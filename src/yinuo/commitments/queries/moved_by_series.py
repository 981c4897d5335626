"""What a series may move, and what it has moved: promises seen from their indicators."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from yinuo.commitments.life import Status
from yinuo.commitments.models import Commitment
from yinuo.commitments.permission import visible
from yinuo.parties.viewer import Viewer


@dataclass(frozen=True)
class Movable:
    """A promise as far as binding it to a series needs."""

    code: str
    title: str
    operator: str
    unit: str
    """Of measure; empty where it promises no quantity."""
    office: str
    """The unit that supervises it."""
    open: bool
    due: date | None


def movable(*, commitment: str, viewer: Viewer) -> Movable | None:
    """The promise, or None where the viewer may not read it."""
    row = Commitment.objects.filter(visible(viewer), pk=commitment).first()
    if row is None:
        return None
    return Movable(
        code=row.code,
        title=row.title,
        operator=row.operator,
        unit=row.unit,
        office=row.creditor_unit_id,
        open=row.status == Status.OPEN,
        due=row.due,
    )


def public_units_of_measure(*, commitments: Iterable[str]) -> dict[str, str]:
    """Code → unit of measure of those that promise a quantity. Opens nothing else of them."""
    rows = Commitment.objects.filter(pk__in=set(commitments)).exclude(
        operator=Commitment.Operator.DONE
    )
    return dict(rows.values_list("code", "unit"))
