"""The catalogue of credit data, of the sources that somebody may see."""

from datetime import date, datetime

from yinuo.credit.catalogue.book import Resource, write_catalogue
from yinuo.credit.means import Means
from yinuo.credit.queries.sources import sources
from yinuo.kernel.instants import civil_date
from yinuo.parties.viewer import NotAllowed, Viewer


def catalogue(*, means: Means, on: date, at: datetime, viewer: Viewer) -> bytes:
    """The workbook, by owner. Raises `NotAllowed` for whoever has to do with no source."""
    found = sources(means=means, on=on, viewer=viewer)
    if not found:
        raise NotAllowed("只有数据源单位、信用中心的经办人和审计人可以看信用数据")
    resources = [
        Resource(
            source=means.sources[view.id],
            owner_name=view.owner_name,
            last=civil_date(view.last.landed_at) if view.last else None,
            accepted=view.accepted,
            simulated=view.simulated,
        )
        for view in sorted(found, key=lambda view: (view.owner, view.id))
    ]
    return write_catalogue(resources, made_at=at)
