"""One byte string for one value: the form in which states are hashed and stored."""

import json
from collections.abc import Mapping, Sequence
from typing import TypeAlias

from yinuo.kernel.errors import YinuoError

Canonical: TypeAlias = bool | int | str | Sequence["Canonical"] | Mapping[str, "Canonical"] | None


class NotCanonical(YinuoError):
    """A value that has no single byte form (a float, a date object, a non-string key)."""

    code = "CANON-E001"

    def __init__(self, value: object, path: str) -> None:
        super().__init__(
            f"{type(value).__name__} 不能进入规范字节：{value!r}",
            place=path,
            next_step="写成字符串、整数、布尔、列表或以字符串为键的字典；小数与日期写成字符串",
        )


_ENCODER = json.JSONEncoder(
    ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False
)


_PLAIN = frozenset({str, int, bool, type(None)})


def _check(value: object, path: str) -> None:
    if type(value) in _PLAIN:
        return
    if isinstance(value, Mapping):
        for key, item in value.items():
            if type(key) is not str:
                raise NotCanonical(key, path)
            if type(item) not in _PLAIN:
                _check(item, f"{path}.{key}")
    elif isinstance(value, list | tuple):
        for index, item in enumerate(value):
            _check(item, f"{path}[{index}]")
    elif not isinstance(value, str | int):  # a subclass, such as an enumeration
        raise NotCanonical(value, path)


def canonical_bytes(value: Canonical) -> bytes:
    """UTF-8 JSON with sorted keys and no blanks; no floats, so a value has exactly one form.

    Raises `NotCanonical` naming the path of the offending value.

    >>> canonical_bytes({"b": 1, "a": "一诺"}).decode()
    '{"a":"一诺","b":1}'
    """
    _check(value, "$")
    return _ENCODER.encode(value).encode()
