"""Six-digit codes of regions and functional zones, each with the days on which it was in force.

A code inside an identifier stays as it was given: 210282 in a code of 2014 is right, in one of
2024 it is not. Functional zones stand in no national list; the city keeps them beside its regions.
"""

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

_PROVINCES = (
    "11 12 13 14 15 21 22 23 31 32 33 34 35 36 37 41 42 43 44 45 46"
    " 50 51 52 53 54 61 62 63 64 65 71 81 82"
)
PROVINCES = frozenset(_PROVINCES.split())
"""First two digits by GB/T 2260."""
LENGTH = 6
PREFECTURE = 4


@dataclass(frozen=True, slots=True)
class Region:
    """One code, half-open in time; None where a bound is not known."""

    code: str
    name: str
    valid_from: date | None
    valid_to: date | None

    def in_force(self, on: date) -> bool:
        """Whether the code was in force on a day."""
        return (self.valid_from is None or self.valid_from <= on) and (
            self.valid_to is None or on < self.valid_to
        )


class Regions:
    """The codes that a city knows."""

    def __init__(self, regions: Iterable[Region]) -> None:
        self._by_code = {region.code: region for region in regions}
        self._covered = {code[:PREFECTURE] for code in self._by_code}

    @classmethod
    def read(cls, path: Path) -> "Regions":
        """The list of a CSV file such as content/regions/regions.csv."""
        with path.open(encoding="utf-8", newline="") as file:
            return cls(
                Region(row["code"], row["name"], _day(row["valid_from"]), _day(row["valid_to"]))
                for row in csv.DictReader(file)
            )

    def fault(self, code: str, on: date) -> str:
        """What is wrong with a code on a day, in words; empty where nothing is known against it."""
        if len(code) != LENGTH or not code.isascii() or not code.isdecimal():
            return "行政区划代码应为 6 位数字"
        if code[:2] not in PROVINCES:
            return f"没有代码以 {code[:2]} 开头的省份"
        if code[:PREFECTURE] not in self._covered:
            return ""
        known = self._by_code.get(code)
        if known is None:
            return f"没有代码为 {code} 的行政区或先导区"
        return "" if known.in_force(on) else f"{code}（{known.name}）在 {on} 不是有效代码"


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None
