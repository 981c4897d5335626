"""Whether a value is of a type, and the conversions FEEL makes on the way into a function."""

from collections.abc import Mapping

from yinuo.rules.feel import kinds
from yinuo.rules.feel.instants import midnight
from yinuo.rules.feel.kinds import kind, word
from yinuo.rules.feel.syntax import (
    ANY_TYPE,
    ContextType,
    FunctionType,
    ListType,
    NamedType,
    RangeType,
    Type,
)
from yinuo.rules.feel.values import UTC, Date, Function, NoValue, Range, Value

_OTHER_NAMES = {
    "Any": "any",
    "Null": kinds.NULL,
    "string": kinds.STRING,
    "dateTime": kinds.DATE_TIME,
    "dayTimeDuration": kinds.DAYS,
    "yearMonthDuration": kinds.MONTHS,
}
_KINDS = frozenset(
    (
        *(kinds.NUMBER, kinds.STRING, kinds.BOOLEAN, kinds.NULL, kinds.DATE, kinds.TIME),
        *(kinds.DATE_TIME, kinds.DAYS, kinds.MONTHS, kinds.LIST, kinds.CONTEXT, kinds.RANGE),
        kinds.FUNCTION,
    )
)
NO_TYPES: Mapping[str, Type] = {}


def instance_of(value: Value, wanted: Type, known: Mapping[str, Type] = NO_TYPES) -> bool:
    """Whether the value is of the type; null is only of `Null`. Raises `NoValue`.

    `known` are the item definitions by name; their allowed values do not count here.
    """
    if value is None:
        return _kind_of(_resolved(wanted, known)) == kinds.NULL
    return conforms(value, wanted, known)


def conforms(value: Value, wanted: Type, known: Mapping[str, Type] = NO_TYPES) -> bool:
    """Whether the value, or a missing one, may stand where the type is asked for.

    Raises `NoValue` for a type nobody knows.
    """
    wanted = _resolved(wanted, known)
    match wanted:
        case NamedType():
            found = _kind_of(wanted)
            return found == "any" or value is None or kind(value) == found
    if value is None:
        return True
    match wanted:
        case ListType(element):
            return isinstance(value, list) and all(conforms(each, element, known) for each in value)
        case ContextType(entries):
            return isinstance(value, dict) and all(
                name in value and conforms(value[name], type_, known) for name, type_ in entries
            )
        case RangeType(element):
            return isinstance(value, Range) and all(
                conforms(end, element, known) for end in (value.low, value.high)
            )
        case FunctionType():
            return isinstance(value, Function) and _function_conforms(value, wanted, known)
    raise TypeError(wanted)


def _kind_of(wanted: Type) -> str | None:
    if not isinstance(wanted, NamedType):
        return None
    found = _OTHER_NAMES.get(wanted.name, wanted.name)
    if found != "any" and found not in _KINDS:
        raise NoValue(f"没有类型“{wanted.name}”")
    return found


def _function_conforms(value: Function, wanted: FunctionType, known: Mapping[str, Type]) -> bool:
    """Parameters may take more than asked for, the result must be no more than promised."""
    return type_conforms(value.result, wanted.result, known) and any(
        len(signature.parameters) == len(wanted.parameters)
        and all(
            type_conforms(given, formal.type, known)
            for given, formal in zip(wanted.parameters, signature.parameters, strict=True)
        )
        for signature in value.signatures
    )


def type_conforms(narrow: Type, wide: Type, known: Mapping[str, Type]) -> bool:
    """Whether every value of the one type is of the other."""
    narrow, wide = _resolved(narrow, known), _resolved(wide, known)
    if wide in (ANY_TYPE, narrow) or narrow == NamedType("Null"):
        return True
    match narrow, wide:
        case (ListType(one), ListType(other)) | (RangeType(one), RangeType(other)):
            return type_conforms(one, other, known)
        case ContextType(entries), ContextType(wanted):
            own = dict(entries)
            return all(
                name in own and type_conforms(own[name], type_, known) for name, type_ in wanted
            )
        case FunctionType(parameters, result), FunctionType(others, promised):
            return (
                len(parameters) == len(others)
                and type_conforms(result, promised, known)
                and all(
                    type_conforms(other, parameter, known)
                    for other, parameter in zip(others, parameters, strict=True)
                )
            )
    return False


def _resolved(found: Type, known: Mapping[str, Type]) -> Type:
    for _ in range(len(known) + 1):
        if not isinstance(found, NamedType) or found.name not in known:
            break
        found = known[found.name]
    if isinstance(found, NamedType) and found.name in known:
        raise NoValue(f"类型“{found.name}”是用自身定义的")
    return found


def coerced(value: Value, wanted: Type, known: Mapping[str, Type] = NO_TYPES) -> Value:
    """The value as the type asks for it: itself, its only member, in a list, or a date's midnight.

    Raises `NoValue` if none of these is of the type.
    """
    if conforms(value, wanted, known):
        return value
    resolved = _resolved(wanted, known)
    wants_list = isinstance(resolved, ListType) or resolved == NamedType(kinds.LIST)
    if isinstance(value, list) and len(value) == 1 and conforms(value[0], wanted, known):
        return value[0]
    if wants_list and not isinstance(value, list) and conforms([value], wanted, known):
        return [value]
    if isinstance(value, Date) and _kind_of(resolved) == kinds.DATE_TIME:
        return midnight(value, UTC)
    raise NoValue(f"应是{type_word(wanted)}，却是{word(kind(value))}")


def type_word(wanted: Type) -> str:
    """What people call the type."""
    match wanted:
        case NamedType(name):
            return word(_OTHER_NAMES.get(name, name))
        case ListType(element):
            return f"{type_word(element)}的列表"
        case RangeType(element):
            return f"{type_word(element)}的区间"
        case ContextType():
            return word(kinds.CONTEXT)
        case FunctionType():
            return word(kinds.FUNCTION)
