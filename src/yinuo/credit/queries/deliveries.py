"""What sources their owners have to deliver next, by the cycles that they have put down."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import Max

from yinuo.credit.catalogue.cycles import asked_from, due
from yinuo.credit.life import BatchStatus
from yinuo.credit.means import Means
from yinuo.credit.models import CreditBatch
from yinuo.credit.permission import in_centre
from yinuo.kernel.instants import civil_date
from yinuo.lake.records.description import CatalogueEntry, SourceDescription
from yinuo.parties.viewer import Viewer


@dataclass(frozen=True, kw_only=True)
class Delivery:
    """A source that has to come again."""

    source: SourceDescription
    entry: CatalogueEntry
    last: date
    """The day of the newest delivery."""
    due: date


def due_deliveries(*, means: Means, on: date, viewer: Viewer) -> tuple[Delivery, ...]:
    """What the viewer's units have to deliver, and what is late everywhere to the credit centre.

    Those due first come first.
    """
    centre = in_centre(means, viewer)
    seen = {
        name: source
        for name, source in means.sources.items()
        if centre or source.owner in viewer.officer_of
    }
    if not seen:
        return ()
    found = [
        each
        for each in _deliveries(seen)
        if (each.source.owner in viewer.officer_of and asked_from(each.due, each.entry.cycle) <= on)
        or (centre and each.due < on)
    ]
    return tuple(sorted(found, key=lambda each: (each.due, each.source.id)))


def _deliveries(sources: Mapping[str, SourceDescription]) -> list[Delivery]:
    """The next one of every source that has come at least once."""
    rows = (
        CreditBatch.objects.exclude(status=BatchStatus.WITHDRAWN)
        .filter(corrects=None, source__in=sources)
        .values_list("source")
        .annotate(last=Max("landed_at"))
    )
    found = []
    for name, landed_at in rows.order_by("source"):
        source = sources[name]
        last = civil_date(landed_at)
        by = source.catalogue and due(last, source.catalogue.cycle)
        if source.catalogue and by:
            found.append(Delivery(source=source, entry=source.catalogue, last=last, due=by))
    return found
