"""What a snapshot holds, frozen as one canonical JSON: no clock, no database, no arithmetic later.

    snapshot SN2024-07
    ├── total, units, goals, cells     counts, each figure with its own number
    ├── steps                          what moved since the snapshot before
    ├── best, worst                    units and items, ten each, with the reason
    ├── annexes                        race, orders, rounds: tables as their parts tell them
    └── items                          every commitment with its state and light

Board, bulletin and workbook are made from this and from nothing else (ADR 34).
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from typing import Any, TypeVar

from yinuo.kernel.canonical import canonical_bytes

FORMAT = "yinuo.snapshot/1"
T = TypeVar("T")


@dataclass(frozen=True, kw_only=True)
class Item:
    """One commitment. Days are ISO dates, empty where there is none."""

    code: str
    kind: str
    title: str
    goal: str
    """Code of the heading."""
    unit: str
    """Code of the lead unit; empty where nobody is named."""
    unit_name: str
    terms: str
    due: str
    due_original: str
    delivered: str
    state: str
    """As lists have it: `open`, `overdue`, `waiting`, `kept`, `broken` or `ended`."""
    state_label: str
    outcome: str
    moved: int
    public: bool
    light: str
    """`red`, `yellow`, `green`, `undetermined`, or empty."""
    light_word: str
    reason: str
    """Of the light."""


@dataclass(frozen=True, kw_only=True)
class Figures:
    """The counts of one unit, one goal, or of all."""

    key: str
    """What a figure's number has in the middle: `total`, `unit.210212`, `goal.G-1`."""
    name: str
    group: str = ""
    """Of a unit: 区市县, 先导区, 市直部门 …"""
    tile: str = ""
    """Of a unit: its column and row on the map of tiles, such as `2,1`; empty off the map."""
    total: int = 0
    kept: int = 0
    overdue: int = 0
    waiting: int = 0
    open: int = 0
    broken: int = 0
    ended: int = 0
    moved: int = 0
    undated: int = 0
    fell_due: int = 0
    on_time: int = 0
    red: int = 0
    yellow: int = 0
    green: int = 0
    undetermined: int = 0

    @property
    def lit(self) -> int:
        """How many have a light at all."""
        return self.red + self.yellow + self.green + self.undetermined

    @property
    def code(self) -> str:
        """Of the unit or goal: the key without its first part."""
        return self.key.partition(".")[2]


COUNTS = {
    "total": "总数",
    "kept": "已兑现",
    "overdue": "逾期",
    "waiting": "待核实",
    "open": "进行中",
    "broken": "未兑现",
    "ended": "免除或终止",
    "moved": "调整过时限",
    "undated": "未定时限",
    "fell_due": "原定时限已到",
    "on_time": "按原定时限兑现",
    "red": "红灯",
    "yellow": "黄灯",
    "green": "绿灯",
    "undetermined": "灯未定",
}
"""The figures of `Figures`, as people call them."""


@dataclass(frozen=True, kw_only=True)
class Cell:
    """Lights of one unit under one goal."""

    unit: str
    goal: str
    red: int = 0
    yellow: int = 0
    green: int = 0
    undetermined: int = 0


@dataclass(frozen=True, kw_only=True)
class Step:
    """One thing that is other than in the snapshot before."""

    code: str
    title: str
    unit_name: str
    public: bool
    what: str
    """完成时限, 状态, 灯, 新列入 or 不再列入."""
    before: str
    after: str


@dataclass(frozen=True, kw_only=True)
class Ranked:
    """One of the best or the worst."""

    code: str
    name: str
    unit_name: str = ""
    """Of an item."""
    public: bool = True
    reason: str


@dataclass(frozen=True, kw_only=True)
class Annex:
    """A table as another part of supervision told it."""

    key: str
    title: str
    columns: Sequence[str]
    rows: Sequence[Sequence[str]]
    note: str = ""
    """As of when, by which edition of which table."""
    inside: bool = False
    """For the office alone: flags and samples, which are no verdict on anybody."""


@dataclass(frozen=True, kw_only=True)
class Content:
    """A whole snapshot."""

    code: str
    office: str
    office_name: str
    city: str
    as_of: str
    taken_at: str
    simulated: bool
    log_size: int
    log_root: str
    check_code: str
    """存证校验码 of the log at that moment; empty while nothing was sealed."""
    lights_edition: str
    """Of the table of lights, in words: 第 1 版（P2）; empty where none was in force."""
    previous: str
    """The snapshot before, of which `steps` tells; empty for the first."""
    previous_as_of: str
    total: Figures
    units: Sequence[Figures]
    goals: Sequence[Figures]
    cells: Sequence[Cell]
    steps: Sequence[Step]
    best_units: Sequence[Ranked]
    worst_units: Sequence[Ranked]
    best_items: Sequence[Ranked]
    worst_items: Sequence[Ranked]
    annexes: Sequence[Annex]
    items: Sequence[Item]

    def figure_number(self, key: str, count: str) -> str:
        """The number of one figure, such as SN2024-07/unit.210212/red."""
        return f"{self.code}/{key}/{count}"

    def numbered(self) -> Iterator[tuple[str, str, int]]:
        """Every figure: its number, what it is in words, and the value."""
        for part in (self.total, *self.units, *self.goals):
            for count, label in COUNTS.items():
                number = self.figure_number(part.key, count)
                yield number, f"{part.name}：{label}", getattr(part, count)


LISTS: Mapping[str, type[Any]] = {
    "units": Figures,
    "goals": Figures,
    "cells": Cell,
    "steps": Step,
    "best_units": Ranked,
    "worst_units": Ranked,
    "best_items": Ranked,
    "worst_items": Ranked,
    "annexes": Annex,
    "items": Item,
}


def written(content: Content) -> bytes:
    """The bytes that are kept: canonical, so that one content has one hash."""
    return canonical_bytes({"format": FORMAT, **asdict(content)})


def read(data: bytes) -> Content:
    """The content that was written. Raises `ValueError` for any other format."""
    found = json.loads(data)
    if found.pop("format", None) != FORMAT:
        raise ValueError(f"not a {FORMAT}")
    lists = {name: [_made(kind, each) for each in found[name]] for name, kind in LISTS.items()}
    return Content(**{**found, **lists, "total": _made(Figures, found["total"])})


def _made(kind: type[T], values: Mapping[str, Any]) -> T:
    return kind(**values)


def for_reader(content: Content, *, units: frozenset[str], whole: bool) -> Content:
    """The content without closed items of other units; `whole` leaves everything.

    Annexes for the office alone go too. Counts stay as they are: they name nobody's secret.
    `units` are those the reader answers for.
    """
    if whole:
        return content
    own = {item.code for item in content.items if item.public or item.unit in units}

    def shown(each: Item | Step | Ranked) -> bool:
        return each.public or each.code in own

    kept = {
        name: [each for each in getattr(content, name) if shown(each)]
        for name in ("steps", "best_items", "worst_items", "items")
    }
    kept["annexes"] = [annex for annex in content.annexes if not annex.inside]
    values = {field.name: getattr(content, field.name) for field in fields(content)}
    return Content(**{**values, **kept})
