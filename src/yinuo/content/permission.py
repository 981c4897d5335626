"""Who may publish what the whole city is judged by: the administrators of the city."""

from yinuo.ledger.commands.recording import By
from yinuo.parties.queries import public_unit_kinds, public_units
from yinuo.parties.viewer import NotAllowed, Viewer

ONLY = "只有全市的管理员可以申请、批准规则与内容的发布"


def _whole() -> frozenset[str]:
    """The units that together are the whole: the city, or whatever stands above all others."""
    city = public_unit_kinds()["city"]
    units = public_units()
    cities = frozenset(unit.code for unit in units if unit.kind == city)
    return cities or frozenset(unit.code for unit in units if unit.parent is None)


def administers_the_city(viewer: Viewer) -> bool:
    """Whether the viewer administers all of it."""
    return bool(viewer.administrator_of) and _whole() <= viewer.administrator_of


def watches_the_city(viewer: Viewer) -> bool:
    """Whether the viewer administers or audits all of it."""
    seen = viewer.administrator_of | viewer.auditor_of
    return bool(seen) and _whole() <= seen


def acting_for_the_city(by: Viewer, place: str) -> By:
    """The administrator of the city, for the ledger. Raises `NotAllowed`."""
    if not administers_the_city(by):
        raise NotAllowed(ONLY, place=place)
    return by.acting("administrator", min(_whole()))
