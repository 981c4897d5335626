"""How arguments, by position or by name, find the parameters of a function."""

from collections.abc import Callable, Mapping, Sequence

from yinuo.rules.feel.syntax import ANY_TYPE, Type
from yinuo.rules.feel.types import NO_TYPES, coerced
from yinuo.rules.feel.values import Formal, Function, NoValue, Signature, Value


def call(
    function: Function,
    positional: Sequence[Value],
    named: Mapping[str, Value],
    known: Mapping[str, Type] = NO_TYPES,
    note: Callable[[str], None] | None = None,
) -> Value:
    """The function's value for the arguments. Raises `NoValue` if no signature takes them.

    `note` hears what a lenient function took for null.
    """
    forgive = note if function.is_lenient else None
    reasons: list[str] = []
    for signature in _in_turn(function.signatures, named):
        try:
            values = _bound(signature, positional, named)
            arguments = [
                _fitting(formal, value, known, forgive)
                for formal, value in zip(signature.parameters, values, strict=False)
            ]
        except NoValue as reason:
            reasons.append(str(reason))
            continue
        return coerced(signature.apply(arguments), function.result, known)
    raise NoValue("；或".join(dict.fromkeys(reasons)))


def _in_turn(
    signatures: tuple[Signature, ...], named: Mapping[str, Value]
) -> tuple[Signature, ...]:
    """The signatures in their order; of those with the same names the one in that order first."""
    if len(signatures) == 1 or not named:
        return signatures
    given = list(named)
    return tuple(
        sorted(signatures, key=lambda each: [formal.name for formal in each.parameters] != given)
    )


def _bound(
    signature: Signature, positional: Sequence[Value], named: Mapping[str, Value]
) -> list[Value]:
    """One value a parameter, in their order; optional ones at the end may be left out."""
    return _by_name(signature, named) if named else _by_position(signature, positional)


def _by_position(signature: Signature, given: Sequence[Value]) -> list[Value]:
    formals = signature.parameters
    if formals and formals[-1].variadic:
        fixed = len(formals) - 1
        if len(given) <= fixed:
            raise NoValue(f"至少要 {fixed + 1} 个参数，却有 {len(given)} 个")
        return [*given[:fixed], list(given[fixed:])]
    least = sum(not formal.optional for formal in formals)
    if not least <= len(given) <= len(formals):
        wanted = f"{least}" if least == len(formals) else f"{least} 到 {len(formals)}"
        raise NoValue(f"要 {wanted} 个参数，却有 {len(given)} 个")
    return list(given)


def _by_name(signature: Signature, given: Mapping[str, Value]) -> list[Value]:
    formals = signature.parameters
    if strange := given.keys() - {formal.name for formal in formals}:
        known = "、".join(formal.name for formal in formals) or "（没有）"
        raise NoValue(f"没有参数“{'、'.join(sorted(strange))}”，参数是：{known}")
    values: list[Value] = []
    for formal in formals:
        if formal.name in given:
            value = given[formal.name]
            values.append([value] if formal.variadic and not isinstance(value, list) else value)
        elif formal.optional:
            values.append(None)
        else:
            raise NoValue(f"缺参数“{formal.name}”")
    return values


def _fitting(
    formal: Formal,
    value: Value,
    known: Mapping[str, Type],
    forgive: Callable[[str], None] | None,
) -> Value:
    if formal.variadic and isinstance(value, list):
        return [_fitting_one(formal, each, known) for each in value]
    if forgive is None:
        return _fitting_one(formal, value, known)
    try:
        return _fitting_one(formal, value, known)
    except NoValue as reason:
        forgive(f"{reason}，按空处理")
        return None


def _fitting_one(formal: Formal, value: Value, known: Mapping[str, Type]) -> Value:
    try:
        found = coerced(value, formal.type, known)
    except NoValue as reason:
        if any(_takes(other, value, known) for other in formal.others):
            return value
        raise NoValue(f"参数“{formal.name}”{reason}") from None
    if found is None and formal.needed and formal.type != ANY_TYPE:
        raise NoValue(f"参数“{formal.name}”没有值")
    return found


def _takes(other: Type, value: Value, known: Mapping[str, Type]) -> bool:
    try:
        return coerced(value, other, known) is value
    except NoValue:
        return False
