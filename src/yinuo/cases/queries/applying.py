"""The items for which somebody can apply today, as the forms need them."""

from dataclasses import dataclass
from datetime import date

from yinuo.cases.errors.items import UnknownItem
from yinuo.cases.in_force.items import in_force, item_version_in_force
from yinuo.cases.items.codec import of_data
from yinuo.cases.items.definition import ItemDefinition
from yinuo.cases.items.lengths import said
from yinuo.cases.models import ItemVersion
from yinuo.parties.queries import public_unit_names

MOST = 100


@dataclass(frozen=True)
class ToApply:
    """An item with the version under which a case would come in."""

    definition: ItemDefinition
    number: int


@dataclass(frozen=True)
class ItemLine:
    """An item in a list to choose from."""

    code: str
    name: str
    unit_name: str
    promised: str
    """As people say it."""
    simulated: bool


def public_to_apply(*, code: str, on: date) -> ToApply:
    """The item as it is in force on a day. Raises `UnknownItem`."""
    return _to_apply(item_version_in_force(code, on))


def public_to_apply_version(*, code: str, number: int) -> ToApply:
    """The item in the version that a case pins, even once it is retired. Raises `UnknownItem`."""
    row = ItemVersion.objects.filter(ItemVersion.public_rows(), item=code, number=number).first()
    if row is None:
        raise UnknownItem(f"{code}/V{number}")
    return _to_apply(row)


def _to_apply(row: ItemVersion) -> ToApply:
    return ToApply(definition=of_data(row.definition), number=row.number)


def public_items_to_apply(*, text: str, on: date) -> tuple[ItemLine, ...]:
    """Items in force whose code or name holds the text, by code; at most `MOST`."""
    rows = ItemVersion.objects.filter(in_force(on)).select_related("item").order_by("item")
    if text:
        rows = rows.filter(title__icontains=text) | rows.filter(item__code__icontains=text)
    names = public_unit_names()
    return tuple(
        ItemLine(
            code=str(row.item_id),
            name=row.title,
            unit_name=names.get(row.item.unit_id, ""),
            promised=said(row.promised_limit),
            simulated=row.simulated,
        )
        for row in rows[:MOST]
    )
