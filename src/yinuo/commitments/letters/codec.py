"""A letter as rows of text under the names of the form, and back. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from yinuo.commitments.letters.fields import BY_NAME, FIELDS
from yinuo.commitments.letters.letter import (
    TYPE_CODES,
    Fulfilment,
    Letter,
    LetterType,
    PromisorKind,
    Publicity,
)
from yinuo.kernel.written_dates import written_date

OTHER_BEFORE = "其他-"
"""In item 5 the type in words stands behind it."""
_BY_TYPE_CODE = {code: kind.value for kind, code in TYPE_CODES.items()}
_WORDS: Mapping[str, type[StrEnum]] = {
    "promisor_kind": PromisorKind,
    "fulfilment": Fulfilment,
    "publicity": Publicity,
}
_DATES = frozenset({"made_date", "valid_until", "found_date"})


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A cell that does not hold what its item asks for."""

    name: str
    value: str
    rule: str
    next_step: str


@dataclass(frozen=True, slots=True)
class Read:
    """A letter that was read, or why it cannot be."""

    letter: Letter | None
    faults: tuple[Unreadable, ...]


def to_data(letter: Letter) -> dict[str, str]:
    """Every item under its name in the form, in the order of the form; dates as 2024-03-08."""
    return {field.name: _written(letter, field.attribute) for field in FIELDS}


def _written(letter: Letter, attribute: str) -> str:
    value = getattr(letter, attribute)
    if attribute == "type":
        said = letter.type_said
        return f"{OTHER_BEFORE}{said}" if letter.type is LetterType.OTHER and said else value
    if isinstance(value, date):
        return value.isoformat()
    return "" if value is None else str(value)


class _Unread(Exception):
    """What is wrong with one cell."""


def from_data(data: Mapping[str, str]) -> Read:
    """Read a letter; names that the form does not have, and cells that say nothing, are faults.

    Item 5 may hold the word or the code 0 to 6. Rules between items are `checks.faults`.
    """
    faults = [
        Unreadable(name, value[:80], "不是信用承诺书的项目", "删去这一列，或改成表中的名称")
        for name, value in data.items()
        if name not in BY_NAME
    ]
    values: dict[str, Any] = {}
    for field in FIELDS:
        text = data.get(field.name, "").strip()
        try:
            values[field.attribute] = _read(field.attribute, text)
        except _Unread as fault:
            faults.append(Unreadable(field.name, text[:80], str(fault), f"改正“{field.name}”"))
            continue
        if field.required and not text and field.attribute != "fulfilment":
            faults.append(Unreadable(field.name, "", "必填", f"填写“{field.name}”"))
    if faults:
        return Read(None, tuple(faults))
    values["type"], values["type_said"] = values["type"]
    return Read(Letter(**values), ())


def _read(attribute: str, text: str) -> object:
    """The value of one cell. Raises `_Unread`."""
    if attribute == "type":
        return _read_type(text)
    if attribute in _DATES:
        return _read_date(text)
    if attribute not in _WORDS:
        return text
    words = _WORDS[attribute]
    if text and text not in set(words):
        raise _Unread(f"应为{'、'.join(words)}之一")
    return words(text) if text else None


def _read_date(text: str) -> date | None:
    found = written_date(text)
    if text and found is None:
        raise _Unread("不是日期")
    return found


def _read_type(text: str) -> tuple[LetterType | None, str]:
    plain = _BY_TYPE_CODE.get(text, text)
    word, _, said = plain.partition(OTHER_BEFORE[-1])
    if (said and word != LetterType.OTHER) or (plain and word not in set(LetterType)):
        raise _Unread(f"应为{'、'.join(LetterType)}之一，或代码 0 至 6")
    return (LetterType(word) if word else None), said.strip()
