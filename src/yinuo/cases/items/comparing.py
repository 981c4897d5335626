"""What differs between two versions of an item, and what of it favours the applicant. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from yinuo.cases.items.codec import to_data
from yinuo.cases.items.definition import ItemDefinition, Material
from yinuo.cases.items.layout import LABELS
from yinuo.cases.items.lengths import Fit, fit, length, said
from yinuo.kernel.limits import UnknownLimit

KEYS = {"materials": "key", "questions": "question"}
"""By what a line of a list is recognised; else by its `name`."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One field that differs."""

    label: str
    """Such as 材料“租赁合同” · 可容缺."""
    old: str
    new: str
    favourable: bool = False
    """Whether it can only be to the good of an applicant."""


def differences(old: ItemDefinition, new: ItemDefinition) -> tuple[Difference, ...]:
    """Everything that differs, in the order of the fields."""
    return tuple(_differences(old, new))


def _differences(old: ItemDefinition, new: ItemDefinition) -> Iterator[Difference]:
    good = _good_fields(old, new)
    before, after = to_data(old), to_data(new)
    for name, value in after.items():
        if before[name] == value:
            continue
        label = LABELS.get((name,), name)
        if name == "declaration":
            yield from _parts(label, (name, ""), before[name] or {}, value or {}, frozenset())
        elif isinstance(value, list) and any(isinstance(one, dict) for one in before[name] + value):
            yield from _lines(label, name, before[name], value, good)
        else:
            yield Difference(label, shown(before[name]), shown(value), (name,) in good)


def _lines(
    label: str, name: str, old: list[Any], new: list[Any], good: frozenset[tuple[str, ...]]
) -> Iterator[Difference]:
    key = KEYS.get(name, "name")
    before = {one[key]: one for one in old}
    after = {one[key]: one for one in new}
    for which in (*before, *(one for one in after if one not in before)):
        title = f"{label}“{(after.get(which) or before[which]).get('name', which)}”"
        if which not in after:
            yield Difference(title, "有", "没有", (name, which) in good)
        elif which not in before:
            yield Difference(title, "没有", "有", (name, which) in good)
        else:
            yield from _parts(title, (name, which), before[which], after[which], good)
    if list(before) != list(after) and set(before) == set(after):
        yield Difference(f"{label}的次序", "、".join(before), "、".join(after))


def _parts(
    title: str,
    at: tuple[str, str],
    old: Mapping[str, Any],
    new: Mapping[str, Any],
    good: frozenset[tuple[str, ...]],
) -> Iterator[Difference]:
    """The fields of one line that differ; `at` is the list and the key of the line."""
    for field in dict.fromkeys((*old, *new)):
        if old.get(field) != new.get(field):
            label = f"{title} · {LABELS.get((at[0], field), field)}"
            is_good = (*at, field) in good
            yield Difference(label, shown(old.get(field)), shown(new.get(field)), is_good)


def shown(value: object) -> str:
    """A value as people read it."""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, list):
        return "、".join(str(one) for one in value) or "（空）"
    return said(str(value)) if value not in (None, "") else "（空）"


def favourable(old: ItemDefinition, new: ItemDefinition) -> list[str]:
    """The differences that can only be to the good of whoever has applied already, in words.

    A shorter promise, a document less or no longer required, more that may wait or be declared,
    fewer visits, a fee less. A running case may take them over; every other difference it may not.
    """
    return [
        f"{one.label}：{one.old} → {one.new}" for one in differences(old, new) if one.favourable
    ]


def _good_fields(old: ItemDefinition, new: ItemDefinition) -> frozenset[tuple[str, ...]]:
    found: set[tuple[str, ...]] = set()
    if _shorter(new.promised_limit, old.promised_limit):
        found |= {("promised_limit",)}
        if new.at_once:
            found |= {("handled",), ("reviewed",)}
    if _shorter(new.delivery_limit, old.delivery_limit):
        found.add(("delivery_limit",))
    if new.visits < old.visits:
        found.add(("visits",))
    if new.online and not old.online:
        found.add(("online",))
    fees = {fee.name for fee in new.fees}
    found |= {("fees", fee.name) for fee in old.fees if fee.name not in fees}
    found |= {("questions", one.question) for one in new.questions if one not in old.questions}
    for material in old.materials:
        found |= _good_of_material(material, new.material(material.key))
    return frozenset(found)


def _good_of_material(old: Material, new: Material | None) -> set[tuple[str, ...]]:
    if new is None:
        return {("materials", old.key)}
    better = {
        "required": old.required and not new.required,
        "need_explain": old.required and not new.required,
        "deferrable": new.deferrable and not old.deferrable,
        "deferral": (not old.deferral and bool(new.deferral))
        or (bool(new.deferral) and _shorter(old.deferral, new.deferral)),
        "declarable": new.declarable and not old.declarable,
        "held_by": bool(new.held_by) and not old.held_by,
        "copies": new.copies < old.copies,
    }
    return {("materials", old.key, field) for field, is_better in better.items() if is_better}


def _shorter(one: str, other: str) -> bool:
    """Whether the first limit is shorter than the second on every calendar."""
    try:
        first, second = length(one), length(other)
    except UnknownLimit:
        return False
    return first != second and fit(first, second) is Fit.WITHIN
