"""Which version of an item is in force on a day; for other parts of cases."""

from collections.abc import Iterable
from datetime import date

from django.db.models import Q

from yinuo.cases.errors.items import UnknownItem
from yinuo.cases.models import ItemVersion


def in_force(on: date) -> Q:
    """The versions in force on a day: published, begun, and not yet ended."""
    begun = ItemVersion.public_rows() & Q(valid_from__lte=on)
    return begun & (Q(valid_to=None) | Q(valid_to__gt=on))


def item_version_in_force(code: str, on: date) -> ItemVersion:
    """The version of an item in force on a day. Raises `UnknownItem` where there is none."""
    row = ItemVersion.objects.filter(in_force(on), item=code).select_related("item").first()
    if row is None:
        raise UnknownItem(code, on)
    return row


def item_versions_in_force(codes: Iterable[str], on: date) -> dict[str, ItemVersion]:
    """Code of an item → its version in force; without those that have none."""
    rows = ItemVersion.objects.filter(in_force(on), item__in=list(codes)).select_related("item")
    return {row.item_id: row for row in rows}
