"""How a built-in function is declared: by the signature the standard prints, above its code.

    @LISTS.add("append(list: list, item...: Any)")

`?` marks what may be left out, `...` what takes all further arguments, `|` further types. Null does
for `Any` and where `null` is among the types.
"""

import re
from collections.abc import Callable, Sequence

from yinuo.rules.feel.syntax import ANY_TYPE, NamedType, Type
from yinuo.rules.feel.values import Formal, Function, Signature, Value

_SIGNATURE = re.compile(r"([^()]+)\((.*)\)")
_FORMAL = re.compile(r"(?P<name>[^:?.]+)(?P<mark>\?|\.\.\.)?: (?P<types>.+)")
_NULL = "null"


class Family:
    """Functions that belong together, by name."""

    def __init__(self) -> None:
        self.functions: dict[str, Function] = {}

    def add(self, text: str) -> Callable[[Callable[..., Value]], Callable[..., Value]]:
        """Declare one way to call a function; of several above one another the top goes first."""
        name, parameters = signature_of(text)

        def declare(run: Callable[..., Value]) -> Callable[..., Value]:
            def apply(arguments: Sequence[Value]) -> Value:
                return run(*arguments)

            before = self.functions.get(name)
            # Python applies the decorator that stands lowest first.
            others = before.signatures if before else ()
            self.functions[name] = Function(name, (Signature(parameters, apply), *others))
            return run

        return declare


def signature_of(text: str) -> tuple[str, tuple[Formal, ...]]:
    """The name and the parameters of a declaration."""
    found = _SIGNATURE.fullmatch(text)
    if found is None:
        raise ValueError(text)
    name, inside = found.groups()
    return name, tuple(_formal(part) for part in inside.split(", ")) if inside else ()


def _formal(text: str) -> Formal:
    found = _FORMAL.fullmatch(text)
    if found is None:
        raise ValueError(text)
    names = found["types"].split("|")
    types: list[Type] = [ANY_TYPE if name == "Any" else NamedType(name) for name in names]
    types = [each for each, name in zip(types, names, strict=True) if name != _NULL]
    return Formal(
        found["name"],
        types[0],
        optional=found["mark"] == "?",
        variadic=found["mark"] == "...",
        needed=_NULL not in names and found["mark"] != "?",
        others=tuple(types[1:]),
    )
