"""A definition as plain data and as canonical bytes, and back. Pure."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import MISSING, Field, fields
from typing import Any, TypeAlias, get_args, get_type_hints

from yinuo.cases.errors.items import BadDefinition
from yinuo.cases.items.definition import (
    Declaration,
    Fee,
    ItemDefinition,
    ItemGround,
    Material,
    Medium,
    Question,
    Step,
)
from yinuo.kernel.canonical import canonical_bytes

Part: TypeAlias = Material | Step | Fee | Question | Medium | ItemGround | Declaration
Made: TypeAlias = type[ItemDefinition] | type[Part]
CHILDREN: Mapping[str, type[Part]] = {
    "materials": Material,
    "steps": Step,
    "fees": Fee,
    "questions": Question,
    "media": Medium,
    "grounds": ItemGround,
}
"""Field → what a list of it is made of."""


def to_data(definition: ItemDefinition | Part) -> dict[str, Any]:
    """Everything it says, as lists, texts, whole numbers and truths; no field is left out."""
    return {field.name: _plain(getattr(definition, field.name)) for field in fields(definition)}


def _plain(value: Any) -> Any:  # noqa: ANN401  # whatever a field holds
    if isinstance(value, tuple):
        return [_plain(one) for one in value]
    return value if isinstance(value, str | int | None) else to_data(value)


def canonical(definition: ItemDefinition) -> bytes:
    """Its one form in bytes."""
    return canonical_bytes(to_data(definition))


def digest(definition: ItemDefinition) -> str:
    """SHA-256 of the canonical bytes."""
    return hashlib.sha256(canonical(definition)).hexdigest()


def of_data(data: object) -> ItemDefinition:
    """The definition that `to_data` wrote; fields that came later hold their default.

    Raises `BadDefinition` naming the place of what it cannot be.
    """
    made = _made(ItemDefinition, data, "事项")
    assert isinstance(made, ItemDefinition)  # noqa: S101  # what was asked for
    return made


def _made(kind: Made, data: object, place: str) -> Any:  # noqa: ANN401  # one of `Made`
    if not isinstance(data, Mapping):
        raise BadDefinition(place, "不是一组字段")
    known = {field.name: field for field in fields(kind)}
    strange = [str(name) for name in data if name not in known]
    if strange:
        raise BadDefinition(place, f"没有字段 {'、'.join(strange)}")
    missing = [name for name, field in known.items() if name not in data and _needed(field)]
    if missing:
        raise BadDefinition(place, f"缺少字段 {'、'.join(missing)}")
    hints = get_type_hints(kind)
    return kind(**{name: _value(hints[name], name, data[name], f"{place}.{name}") for name in data})


def _needed(field: "Field[Any]") -> bool:
    return field.default is MISSING


def _value(hint: Any, name: str, value: object, place: str) -> Any:  # noqa: ANN401  # of its hint
    if name in CHILDREN:
        return tuple(
            _made(CHILDREN[name], one, f"{place}[{number}]")
            for number, one in enumerate(_listed(value, place))
        )
    if name == "declaration":
        return None if value is None else _made(Declaration, value, place)
    allowed = get_args(hint) or (hint,)
    if str in allowed and Ellipsis in allowed:
        return tuple(_of_type(str, one, place) for one in _listed(value, place))
    if value is None and type(None) in allowed:
        return None
    return _of_type(allowed[0], value, place)


def _listed(value: object, place: str) -> Sequence[object]:
    if isinstance(value, str) or not isinstance(value, Sequence):
        raise BadDefinition(place, "不是一个列表")
    return value


def _of_type(kind: type[object], value: object, place: str) -> object:
    if type(value) is not kind:
        raise BadDefinition(place, f"{value!r} 的类型不对")
    return value
