"""Units above and below each other."""

from collections.abc import Iterable

from yinuo.parties.models import Unit


def below(codes: Iterable[str]) -> frozenset[str]:
    """The units and every unit below them."""
    found, edge = set(codes), set(codes)
    while edge:
        edge = set(Unit.objects.filter(parent__in=edge).values_list("code", flat=True)) - found
        found |= edge
    return frozenset(found)
