"""Two versions of tables on the same rows: whose answer would change."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from yinuo.kernel.errors import YinuoError
from yinuo.rules.decision import STATES, Row, State
from yinuo.rules.kinds import say
from yinuo.rules.masks import BLOCK, Answered, Screen
from yinuo.rules.screen import Progress, files
from yinuo.rules.table import Rulebook, Table

MOST_EXAMPLES = 5


class NothingInCommon(YinuoError):
    """Two files without a table of the same name."""

    code = "RULES-E107"

    def __init__(self, old: Sequence[Table], new: Sequence[Table]) -> None:
        super().__init__(
            "两个文件没有同名的规则表，无从比较",
            place=f"旧：{'、'.join(t.name for t in old)}；新：{'、'.join(t.name for t in new)}",
            next_step="把要比较的表写成同一个名称",
        )


@dataclass
class Change:
    """Rows that went from one answer to another."""

    before: str
    after: str
    rows: int = 0
    examples: list[str] = field(default_factory=list)
    """Keys of some of these rows, or their numbers from 1."""


@dataclass
class Compared:
    """One table in two versions."""

    name: str
    rows: int = 0
    same: int = 0
    changes: dict[tuple[str, str], Change] = field(default_factory=dict)


def compare(
    old: Rulebook,
    new: Rulebook,
    *,
    data: Path,
    on: tuple[date, date],
    key: str = "",
    allow_missing: bool = False,
    progress: Progress = lambda _step, _done, _total: None,
) -> list[Compared]:
    """Answer all rows by both; `on` holds the day for the old tables and for the new.

    Raises `NothingInCommon` and the errors of `screen`.
    """
    before, after = old.valid_on(on[0]), new.valid_on(on[1])
    names = [table.name for table in after if table.name in {each.name for each in before}]
    if not names:
        raise NothingInCommon(before, after)
    found = {name: Compared(name) for name in names}
    paths = files(data)
    total = sum(pq.read_metadata(path).num_rows for path in paths)
    done = 0
    for path in paths:
        source = pq.ParquetFile(path)
        schema = source.schema_arrow
        screens = [
            Screen(book, on=day, schema=schema, allow_missing=allow_missing)
            for book, day in ((old, on[0]), (new, on[1]))
        ]
        columns = list({*screens[0].columns, *screens[1].columns, *([key] if key else [])})
        for batch in source.iter_batches(BLOCK, columns=columns):
            answers = [{each.table.name: each for each in s.answers(batch)} for s in screens]
            keys = batch.column(key) if key else None
            for name in names:
                _tally(found[name], answers[0][name], answers[1][name], keys, done)
            done += len(batch)
            progress("比较", done, total)
    return list(found.values())


def _tally(
    into: Compared, old: Answered, new: Answered, keys: pa.Array | None, before: int
) -> None:
    old_words, old_codes = _labels(old)
    new_words, new_codes = _labels(new)
    pairs = old_codes * len(new_words) + new_codes
    numbers, firsts, counts = np.unique(pairs, return_index=True, return_counts=True)
    into.rows += len(pairs)
    for number, _, count in zip(numbers, firsts, counts, strict=True):
        was, now = old_words[number // len(new_words)], new_words[number % len(new_words)]
        if was == now:
            into.same += int(count)
            continue
        change = into.changes.setdefault((was, now), Change(was, now))
        change.rows += int(count)
        lacking = MOST_EXAMPLES - len(change.examples)
        for row in np.flatnonzero(pairs == number)[: max(lacking, 0)]:
            text = str(before + int(row) + 1) if keys is None else str(keys[int(row)].as_py())
            change.examples.append(text)


def _labels(answered: Answered) -> tuple[list[str], Any]:
    """What is said of a row, in words, and which of them each row gets."""
    table, found = answered.table, answered.outcome
    if answered.outcome.rows and (found.answer >= 0).any():
        answers = [_say(table, row) for row in found.rows]
    else:
        answers = []
    words = [str(state) for state in STATES] + answers
    codes = np.where(found.answer >= 0, found.answer + len(STATES), found.state.astype(np.int64))
    if not answers and table.policy.name == "COLLECT":
        return _by_rules(answered)
    return words, codes


def _by_rules(answered: Answered) -> tuple[list[str], Any]:
    """Of collected lists: the rules that hold say it."""
    sets, which = np.unique(answered.hit, axis=1, return_inverse=True)
    names = [answered.table.rules[number].name for number in answered.table.ranked]
    words = []
    for column in range(sets.shape[1]):
        bits = [int(word) for word in sets[:, column]]
        held = [name for at, name in enumerate(names) if bits[at // 64] >> at % 64 & 1]
        words.append("规则 " + "、".join(held) if held else str(State.NONE))
    undetermined = answered.outcome.undetermined
    words.append(str(State.UNDETERMINED))
    return words, np.where(undetermined, len(words) - 1, which.reshape(-1))


def _say(table: Table, row: Row) -> str:
    return "、".join(
        say(value, output.kind, output.unit)
        for output, value in zip(table.outputs, row, strict=True)
    )
