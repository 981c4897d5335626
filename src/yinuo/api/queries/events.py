"""Events to fetch: those of a subscription, those a session may see, those open to all."""

from yinuo.api.hooks.said import Place
from yinuo.api.outgoing import Filter, Slice, read
from yinuo.api.queries.hooks import Fetcher
from yinuo.parties.viewer import Viewer

SCAN = 2_000


def events(
    *,
    after: int,
    wanted: Filter,
    fetcher: Fetcher | None,
    origin: str,
    viewer: Viewer,
    limit: int,
) -> Slice:
    """Events from a place of the sealed log on, in its order.

    A fetcher has what its subscription names; a session what belongs to its units or is watched by
    it; anybody else what is public. `wanted` narrows it further.
    """
    own = viewer.officer_of | viewer.supervisor_of
    seen = own | viewer.administrator_of | viewer.auditor_of | viewer.protector_of
    granted = Filter(fetcher.types, fetcher.units, fetcher.items) if fetcher else None

    def may_see(place: Place) -> bool:
        if granted is not None:
            return granted.wants(place)
        return place.public or bool(place.units & seen)

    found = read(after, origin=origin, wanted=wanted, may_see=may_see, scan=SCAN, most=limit)
    if granted is None:
        return found
    kept = tuple(one for one in found.events if granted.wants_type(one.type))
    return Slice(kept, found.place, found.more)
