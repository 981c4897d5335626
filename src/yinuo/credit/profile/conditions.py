"""What a figure asks of a record, read from a cell and said as SQL and in Python alike. Pure.

    state=欠缴、部分缴纳      one of these
    state≠撤销                none of these, or nothing
    class含吊销、限制从业      one of these is in it
    removed_on空              nothing stands there
    removed_on非空
    until≥基准日              on that day or later
    until<基准日
    until空或≥基准日          nothing stands there, or on that day or later

Joined by ；: all of them.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from yinuo.lake.dialects import Dialect


class Asked(StrEnum):
    """How a field is compared."""

    IN = "="
    NOT_IN = "≠"
    HOLDS = "含"
    EMPTY = "空"
    FILLED = "非空"
    RUNNING = "≥基准日"
    OVER = "<基准日"
    OPEN = "空或≥基准日"


WITH_WORDS = (Asked.IN, Asked.NOT_IN, Asked.HOLDS)
OF_DATES = (Asked.RUNNING, Asked.OVER, Asked.OPEN)
_CONDITION = re.compile(
    r"([a-z][a-z0-9_]*)\s*(空或≥基准日|≥基准日|<基准日|非空|空|=|≠|含)\s*(.*)", re.DOTALL
)


@dataclass(frozen=True, slots=True)
class Condition:
    """One thing asked of one field."""

    field: str
    asked: Asked
    words: tuple[str, ...] = ()

    def sql(self, column: str, on: date, dialect: Dialect) -> str:
        """As SQL over a column, true or not true, never unknown."""
        words = [dialect.text(word) for word in self.words]
        day = f"DATE '{on}'"
        said = {
            Asked.IN: f"{column} IN ({', '.join(words)})",
            Asked.NOT_IN: f"({column} IS NULL OR {column} NOT IN ({', '.join(words)}))",
            Asked.HOLDS: " OR ".join(f"instr({column}, {word}) > 0" for word in words),
            Asked.EMPTY: f"{column} IS NULL",
            Asked.FILLED: f"{column} IS NOT NULL",
            Asked.RUNNING: f"{column} >= {day}",
            Asked.OVER: f"{column} < {day}",
            Asked.OPEN: f"({column} IS NULL OR {column} >= {day})",
        }[self.asked]
        return f"coalesce(({said}), false)"

    def holds(self, record: Mapping[str, Any], on: date) -> bool:
        """Whether a record, dates as dates, is as asked."""
        value = record.get(self.field)
        if self.asked in (Asked.EMPTY, Asked.FILLED):
            return (value is None) is (self.asked is Asked.EMPTY)
        if value is None:
            return self.asked in (Asked.NOT_IN, Asked.OPEN)
        if self.asked in OF_DATES:
            return (value < on) is (self.asked is Asked.OVER)
        if self.asked is Asked.HOLDS:
            return any(word in value for word in self.words)
        return (value in self.words) is (self.asked is Asked.IN)


def parse(text: str) -> tuple[Condition, ...]:
    """The conditions of a cell; none for an empty one. Raises `ValueError` with the bad part.

    >>> parse("state=欠缴；until空或≥基准日")[1]
    Condition(field='until', asked=<Asked.OPEN: '空或≥基准日'>, words=())
    """
    found = []
    for part in (each.strip() for each in text.split("；")):
        if not part:
            continue
        match = _CONDITION.fullmatch(part)
        asked = Asked(match[2]) if match else None
        words = tuple(w for w in (w.strip() for w in match[3].split("、")) if w) if match else ()
        if match is None or asked is None or bool(words) is not (asked in WITH_WORDS):
            raise ValueError(part)
        found.append(Condition(match[1], asked, words))
    return tuple(found)
