"""In which order the subjects of an indicator stand."""

from collections.abc import Mapping

from yinuo.goals.models import Indicator
from yinuo.parties.queries import public_units


def main_first(indicator: Indicator, key: str, kinds: Mapping[str, str]) -> tuple[int, str]:
    """The order of subjects, the main one first: whose shares are taken, the city, the rest."""
    wider = {each for some in indicator.wider.values() for each in some}
    if key in indicator.wider and key not in wider:
        return 0, key
    if kinds.get(key) == "市":
        return 1, key
    return (4 if key in wider else 3 if key in kinds else 2), key


def unit_kinds() -> dict[str, str]:
    """Unit → 市, 区市县 …"""
    return {unit.code: unit.kind for unit in public_units()}
