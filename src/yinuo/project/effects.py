"""Whose result changes when a file of rules is published: both versions on the same facts."""

import tempfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from yinuo.parties.viewer import Viewer
from yinuo.rules.compare import Compared, NothingInCommon, compare
from yinuo.rules.screen import NoTableValid, Progress
from yinuo.rules.table import Rulebook

NO_DATA = "没有可比的数据，未计算谁的结果会变"
NO_BEFORE = "以前没有生效的版本，没有结果会因此改变"


@dataclass(frozen=True)
class Facts:
    """What the city knows at present of everything that a table decides, a row each."""

    rows: pa.Table
    """A column an input of the table."""
    key: str
    """The column that names a row."""


Providers = Mapping[str, Callable[[Viewer, date], Facts]]
"""Name of a file → the facts of a day that its tables decide on, as far as somebody sees them."""


@dataclass(frozen=True)
class Data:
    """Rows that somebody brings in a file, where the city keeps none itself."""

    path: Path
    key: str = ""
    allow_missing: bool = False


@dataclass(frozen=True)
class Effect:
    """Whose result changes, or why nobody knows."""

    compared: tuple[Compared, ...]
    why_not: str
    """Why nothing was compared; empty otherwise."""
    about: str = ""
    """Which rows were compared, where that is not plain."""

    @property
    def lines(self) -> tuple[str, ...]:
        """In numbers only, because it may become public while a row must not."""
        return tuple(self._lines())

    def _lines(self) -> Iterator[str]:
        if self.why_not:
            yield self.why_not
        if self.about:
            yield self.about
        for each in self.compared:
            changed = each.rows - each.same
            yield (
                f"“{each.name}”：{each.rows:,} 行，{changed:,} 行的结果会变，{each.same:,} 行不变"
            )
            for change in sorted(each.changes.values(), key=lambda c: (-c.rows, c.before)):
                yield f"{change.before} → {change.after}：{change.rows:,} 行"


def no_effect(old: Rulebook | None) -> Effect:
    """What to say where nothing can be compared."""
    return Effect((), NO_BEFORE if old is None else NO_DATA)


def effect_on_data(
    old: Rulebook, new: Rulebook, *, on: date, data: Data, progress: Progress
) -> Effect:
    """Answer every brought row by both, on the day from which the new one would be in force.

    Raises the errors of `screen` where the rows do not fit the tables.
    """
    try:
        found = compare(
            old,
            new,
            data=data.path,
            on=(on, on),
            key=data.key,
            allow_missing=data.allow_missing,
            progress=progress,
        )
    except (NothingInCommon, NoTableValid) as error:
        return Effect((), f"没有比较：{error.what}")
    return Effect(tuple(found), "")


def effect_on_facts(
    old: Rulebook, new: Rulebook, *, on: date, facts: Facts, about: str, progress: Progress
) -> Effect:
    """Answer every row that the city keeps by both, on the day of those facts.

    A new version may ask what the city does not know yet: that answers "undetermined".
    """
    if not facts.rows.num_rows:
        return Effect((), NO_DATA)
    with tempfile.TemporaryDirectory(prefix="yinuo-facts-") as folder:
        path = Path(folder) / "facts.parquet"
        pq.write_table(facts.rows, path)
        data = Data(path, key=facts.key, allow_missing=True)
        found = effect_on_data(old, new, on=on, data=data, progress=progress)
    return replace(found, about="" if found.why_not else about)
