"""A register that can be asked for one document of one firm or person. Pure.

A city connects its own registers by writing such a source. The one that ships reads a folder, which
any exchange platform can fill: `held/<register>/<number>.json`, and beside it the document itself
as `.pdf` where there is one.
"""

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Protocol

from yinuo.cases.errors.deferrals import SourceUnreadable

LARGEST_ANSWER = 1 << 20
"""Bytes of the JSON; the document beside it is judged as every file that comes in."""
_NUMBER = re.compile(r"[0-9A-Z]{15,18}")
_REGISTER = re.compile(r"[\w（）-]{1,60}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """What a register answered."""

    register: str
    fields: Mapping[str, str]
    """By name, such as 证照编号."""
    valid_until: date | None
    """Last day of the document itself; None where it has none."""
    answer_sha256: str
    """Of the answer, byte for byte."""
    document: Path | None
    """The document itself, a PDF; None where there are only fields."""


class HeldSource(Protocol):
    """Where the city's registers are asked."""

    def find(self, register: str, number: str) -> Held | None:
        """What a register holds of somebody; None for nothing. Raises `SourceUnreadable`."""


@dataclass(frozen=True, slots=True)
class Folder:
    """Registers as folders of files."""

    root: Path

    def find(self, register: str, number: str) -> Held | None:
        """What lies there under the number. Raises `SourceUnreadable`."""
        if not _REGISTER.fullmatch(register) or not _NUMBER.fullmatch(number):
            return None
        path = self.root / register / f"{number}.json"
        if not path.is_file():
            return None
        if path.stat().st_size > LARGEST_ANSWER:
            raise SourceUnreadable(register, f"答复超过 {LARGEST_ANSWER:,} 字节")
        data = path.read_bytes()
        fields, until = _read(register, data)
        document = path.with_suffix(".pdf")
        return Held(
            register=register,
            fields=fields,
            valid_until=until,
            answer_sha256=hashlib.sha256(data).hexdigest(),
            document=document if document.is_file() else None,
        )


def _read(register: str, data: bytes) -> tuple[dict[str, str], date | None]:
    try:
        answer = json.loads(data)
    except ValueError as error:
        raise SourceUnreadable(register, "不是 JSON") from error
    fields = answer.get("fields") if isinstance(answer, dict) else None
    if not isinstance(fields, dict) or not all(
        isinstance(name, str) and isinstance(value, str) for name, value in fields.items()
    ):
        raise SourceUnreadable(register, "没有“fields”，或其中有不是文字的值")
    try:
        until = answer.get("valid_until")
        return fields, date.fromisoformat(until) if until else None
    except (TypeError, ValueError) as error:
        raise SourceUnreadable(register, "“valid_until”不是 2024-12-31 这样的日期") from error
