"""Who lands, publishes, judges and reads credit data.

Officers of the unit that owns a source land it and put its rows right; those of the credit centre
do so for any source, publish, and judge joins; auditors read what their units own.
"""

from yinuo.credit.means import Means
from yinuo.ledger.commands.recording import By
from yinuo.parties.viewer import NotAllowed, Viewer


def in_centre(means: Means, viewer: Viewer) -> bool:
    """Whether the viewer is an officer of the credit centre."""
    return means.centre in viewer.officer_of


def handles(owner: str, means: Means, viewer: Viewer) -> bool:
    """Whether the viewer lands and corrects what the unit owns."""
    return owner in viewer.officer_of or in_centre(means, viewer)


def readable_units(means: Means, viewer: Viewer) -> frozenset[str] | None:
    """The units whose batches the viewer reads; None for all of them."""
    if in_centre(means, viewer) or means.centre in viewer.auditor_of:
        return None
    return viewer.officer_of | viewer.auditor_of


def reads_source(owner: str, means: Means, viewer: Viewer) -> bool:
    """Whether the viewer reads batches and rows put aside of a source of this unit."""
    units = readable_units(means, viewer)
    return units is None or owner in units


def reads_all(means: Means, viewer: Viewer) -> bool:
    """Whether the viewer reads releases, judgements and proposals."""
    return readable_units(means, viewer) is None


def acting_for_source(owner: str, means: Means, by: Viewer, *, place: str) -> By:
    """The viewer acting for the unit that owns a source. Raises `NotAllowed`."""
    if owner in by.officer_of:
        return by.acting("officer", owner)
    return acting_for_centre(
        means, by, place=place, what="只有来源单位或信用中心的经办人可以装入和处理这个数据源"
    )


def acting_for_centre(
    means: Means,
    by: Viewer,
    *,
    place: str,
    what: str = "只有信用中心的经办人可以发布和判断信用数据",
) -> By:
    """The viewer acting for the credit centre. Raises `NotAllowed`."""
    if not in_centre(means, by):
        raise NotAllowed(what, place=place)
    return by.acting("officer", means.centre)


def require_reader(means: Means, viewer: Viewer, *, place: str) -> None:
    """Refuse whoever neither works in nor audits the credit centre. Raises `NotAllowed`."""
    if not reads_all(means, viewer):
        raise NotAllowed("只有信用中心的经办人和审计人可以查看", place=place)
