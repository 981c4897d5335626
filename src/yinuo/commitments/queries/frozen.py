"""Everything one office supervises, as it stands at one moment: for a snapshot that is kept."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import islice

from yinuo.commitments.conditions import promised_by
from yinuo.commitments.light_rows import lights_of
from yinuo.commitments.listed import Listed
from yinuo.commitments.models import Commitment
from yinuo.commitments.permission import watched_units
from yinuo.commitments.queries.listing import Row
from yinuo.commitments.registry import Promisor
from yinuo.parties.viewer import NotAllowed, Viewer

CHUNK = 2_000


@dataclass(frozen=True)
class Frozen:
    """One commitment with its light, and whatever a list does not need."""

    row: Row
    delivered_date: date | None
    """The day for which it was declared done."""


def frozen(
    *, office: str, viewer: Viewer, today: date, without: frozenset[str]
) -> Iterator[Frozen]:
    """What the city promised and `office` supervises, by code, with lights worked out for a day.

    `without` names kinds to leave out. Raises `NotAllowed` unless the viewer reads all of them.
    """
    if office not in watched_units(viewer):
        raise NotAllowed("只有督查单位自己的人可以看到它督查的全部事项", place=office)
    rows = Commitment.objects.filter(promised_by(Promisor.CITY), creditor_unit=office)
    rows = rows.exclude(kind__in=without)
    columns = rows.order_by("code").values_list("delivered_date", *Listed._fields)
    read = iter(columns.iterator(chunk_size=CHUNK))
    while some := list(islice(read, CHUNK)):
        listed = [Listed(*columns) for _, *columns in some]
        lit = lights_of(listed, today)
        for (delivered, *_), each in zip(some, listed, strict=True):
            yield Frozen(Row.of(each, today, lit.get(each.code)), delivered)
