"""What an event log is about: its columns, its steps, and from where to where one measures."""

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from functools import cached_property
from hashlib import sha256

import pyarrow as pa

from yinuo.kernel.canonical import Canonical, canonical_bytes
from yinuo.kernel.errors import YinuoError

CHINA_MINUTES = 480
"""China keeps one offset, UTC+8, since 1992."""
START, COMPLETE = "start", "complete"
RESERVED = ("case", "step", "at", "lifecycle", "file", "line")
"""Columns that every landed log has; no attribute may take one of these names."""
MONTH = "month"
"""A group that every log has: the month in which the measure ended, by the calendar in China."""
_UNFIT = re.compile(r"[\"`'\\\x00-\x1f]")


class BadDescription(YinuoError):
    """A description of an event log that contradicts itself."""

    code = "LAKE-E001"

    def __init__(self, log: str, what: str, next_step: str) -> None:
        super().__init__(what, place=log, next_step=next_step)


@dataclass(frozen=True)
class Column:
    """One column of the files, by any of its headings."""

    name: str
    """Its name in the landed log and in groups."""
    also: tuple[str, ...] = ()
    """Other headings under which files bring it."""

    @property
    def headings(self) -> tuple[str, ...]:
        """Every heading that means this column."""
        return (self.name, *self.also)


@dataclass(frozen=True)
class Step:
    """One step of a case. The order of steps in the description breaks ties of time."""

    name: str
    also: tuple[str, ...] = ()
    """Other words for it in files; landed under `name`."""


@dataclass(frozen=True, kw_only=True)
class Measure:
    """An official measure: from the first event of one step to the last event of another."""

    name: str
    starts: str
    ends: str
    where: tuple[tuple[str, str], ...] = ()
    """Attribute and value of the cases that it is about; none: all cases."""


@dataclass(frozen=True, kw_only=True)
class EventLog:
    """What the files hold and what is measured in them. Frozen: its digest names the result."""

    name: str
    case: Column
    step: Column
    time: Column
    lifecycle: Column | None = None
    """The column that tells a step's start from its completion; without one all are completions."""
    start_words: tuple[str, ...] = ("start", "开始")
    complete_words: tuple[str, ...] = ("complete", "完成", "结束")
    attributes: tuple[Column, ...] = ()
    """What a case is grouped by: direction, mode, port … May be empty in a row."""
    steps: tuple[Step, ...]
    measures: tuple[Measure, ...]
    naive_minutes: int = CHINA_MINUTES
    """Offset from UTC, in minutes, of times that are written without one."""
    earliest: datetime = datetime(1992, 1, 1, tzinfo=UTC)
    """Earlier events are set aside as mistaken."""
    longest_hours: int = 24 * 366
    """A measure above this is set aside as absurd, never averaged in."""

    def __post_init__(self) -> None:
        names = [column.name for column in self.attributes]
        for name in names:
            if name in RESERVED or name == MONTH or _UNFIT.search(name) or not name:
                step = f"换一个名称；{'、'.join((*RESERVED, MONTH))} 另有用处，也不可带引号"
                raise BadDescription(self.name, f"属性不能叫“{name}”", step)
        if len(set(names)) != len(names):
            raise BadDescription(self.name, "有两个属性同名", "每个属性写一个不同的名称")
        if not self.steps or not self.measures:
            raise BadDescription(self.name, "没有写环节或口径", "至少写两个环节和一个口径")
        self._check_measures(names)

    def _check_measures(self, names: list[str]) -> None:
        known = {step.name for step in self.steps}
        for measure in self.measures:
            for step in (measure.starts, measure.ends):
                if step not in known:
                    what = f"口径“{measure.name}”的环节“{step}”不在环节表中"
                    raise BadDescription(self.name, what, f"从 {'、'.join(sorted(known))} 中选")
            if measure.starts == measure.ends:
                what = f"口径“{measure.name}”的起点和终点是同一环节"
                raise BadDescription(self.name, what, "写两个不同的环节")
            for name, _ in measure.where:
                if name not in names:
                    what = f"口径“{measure.name}”用到的属性“{name}”没有写"
                    raise BadDescription(self.name, what, "先写这个属性")

    @property
    def schema(self) -> pa.Schema:
        """The columns of a landed log, in order."""
        return pa.schema(
            [
                ("case", pa.string()),
                ("step", pa.string()),
                ("at", pa.timestamp("us", tz="UTC")),
                ("lifecycle", pa.string()),
                *((column.name, pa.string()) for column in self.attributes),
                ("file", pa.int32()),
                ("line", pa.int64()),
            ]
        )

    @cached_property
    def canonical_steps(self) -> Mapping[str, str]:
        """Every word for a step → the step."""
        return {word: step.name for step in self.steps for word in (step.name, *step.also)}

    @property
    def attribute_names(self) -> tuple[str, ...]:
        """The attributes as columns of the landed log."""
        return tuple(column.name for column in self.attributes)

    def measure(self, name: str) -> Measure:
        """The measure of that name. Raises `BadDescription`."""
        for each in self.measures:
            if each.name == name:
                return each
        known = "、".join(each.name for each in self.measures)
        raise BadDescription(self.name, f"没有口径“{name}”", f"从 {known} 中选")

    @property
    def digest(self) -> str:
        """SHA-256 of the description."""
        return sha256(canonical_bytes(self.as_dict())).hexdigest()

    def as_dict(self) -> dict[str, Canonical]:
        """The description as data."""
        found = asdict(self)
        found["earliest"] = self.earliest.astimezone(UTC).isoformat()
        return found
