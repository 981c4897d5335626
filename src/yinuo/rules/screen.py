"""A whole file at a time: Parquet in, every row decided by every table, Parquet out."""

import os
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from yinuo.kernel.canonical import canonical_bytes
from yinuo.kernel.errors import YinuoError
from yinuo.rules.decision import STATES, Row, State
from yinuo.rules.feeding import feeds, given_inputs
from yinuo.rules.kinds import Kind
from yinuo.rules.masks import (
    BLOCK,
    WORD,
    Answered,
    Masks,
    MissingColumn,
    Place,
    Screen,
    answered,
)
from yinuo.rules.outcome import arrow_values
from yinuo.rules.table import Aggregator, HitPolicy, Rulebook, Table

Progress = Callable[[str, int, int], None]
METADATA = b"yinuo.rules"
"""Key of the file's metadata under which the bits are explained, as JSON."""
READ_AHEAD = 2
COMPRESSION = "zstd"


class DataUnreadable(YinuoError):
    """The data are no Parquet file that can be read."""

    code = "RULES-E104"

    def __init__(self, path: Path, why: str) -> None:
        super().__init__(
            f"数据读不出来：{why}",
            place=str(path),
            next_step="数据须是 .parquet 文件，或一个只放 .parquet 文件的文件夹",
        )


class NoTableValid(YinuoError):
    """No table is in force on the day."""

    code = "RULES-E105"

    def __init__(self, on: date, tables: Sequence[Table]) -> None:
        spans = "；".join(
            f"{table.name}：{table.valid_from or '…'} 至 {table.valid_to or '…'}"
            for table in tables
        )
        super().__init__(
            f"{on} 没有一张规则表有效",
            place=f"基准日 {on}",
            next_step=f"换一个 --on。有效期：{spans}",
        )


@dataclass
class Tally:
    """How one table answered."""

    table: Table
    rows: int = 0
    states: Counter[State] = field(default_factory=Counter)
    answers: Counter[Row] = field(default_factory=Counter)
    lacking: Counter[str] = field(default_factory=Counter)
    """Rows left undetermined for want of an input."""
    fired: Counter[str] = field(default_factory=Counter)
    """Rows in which a rule holds."""
    first_row: dict[str, int] = field(default_factory=dict)
    """An example of what was counted: a row number from 0, by state or rule."""

    @property
    def yes(self) -> int:
        """Rows answered 是, or by a rule where the answer is no 是 or 否."""
        return self._of(said=True)

    @property
    def no(self) -> int:
        """Rows answered 否, or to which no rule applies."""
        return self._of(said=False)

    @property
    def undetermined(self) -> int:
        """Rows whose answer depends on what is not known."""
        return self.states[State.UNDETERMINED]

    def _of(self, *, said: bool) -> int:
        nothing = self.states[State.NONE]
        if says_truth(self.table):
            counted = sum(n for row, n in self.answers.items() if row[0] is said)
            return counted if said else counted + nothing
        return self.states[State.HIT] if said else self.states[State.DEFAULT] + nothing


def says_truth(table: Table) -> bool:
    """Whether the table's answer is a single 是 or 否."""
    return (
        len(table.outputs) == 1
        and table.outputs[0].kind is Kind.TRUTH
        and (table.policy is not HitPolicy.COLLECT)
    )


@dataclass(frozen=True)
class Report:
    """What came of a screening."""

    on: date
    rows: int
    tallies: tuple[Tally, ...]


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """What to write beside the answers, and how."""

    keep: tuple[str, ...] = ()
    """Columns of the data to carry over."""
    words_only: bool = False
    """Only the words of rules that hold and that could, for all tables together."""
    count_rules: bool = False
    """Also count the rows of each rule, for `coverage`."""


def files(path: Path) -> list[Path]:
    """The Parquet files of a path. Raises `DataUnreadable`."""
    found = sorted(path.glob("*.parquet")) if path.is_dir() else [path]
    if not found or not all(each.is_file() for each in found):
        raise DataUnreadable(path, "没有这样的文件")
    return found


def screen(
    rulebook: Rulebook,
    *,
    data: Path,
    out: Path | None,
    on: date,
    wanted: Wanted,
    allow_missing: bool = False,
    progress: Progress = lambda _step, _done, _total: None,
) -> Report:
    """Decide every row of the data; write the answers to `out`, if given.

    Raises `DataUnreadable`, `NoTableValid`, `MissingColumn`, `UnfitColumn`.
    """
    if not rulebook.valid_on(on):
        raise NoTableValid(on, rulebook.tables)
    paths = files(data)
    sources = [_opened(path, rulebook, on) for path in paths]
    total = sum(source.metadata.num_rows for source in sources)
    done = 0
    tallies: list[Tally] = []
    with ExitStack() as stack:
        pool = stack.enter_context(ThreadPoolExecutor(os.cpu_count() or 1))
        reader = stack.enter_context(ThreadPoolExecutor(1))
        writer: pq.ParquetWriter | None = None
        for source, path in zip(sources, paths, strict=True):
            _check_kept(wanted.keep, source, path)
            bound = Screen(rulebook, on=on, schema=source.schema_arrow, allow_missing=allow_missing)
            work = _Work(bound, wanted)
            if not tallies:
                tallies = [Tally(table) for table in bound.tables]
            columns = list(dict.fromkeys([*wanted.keep, *bound.columns]))
            for group in _groups(source, columns, reader):
                for made in pool.map(work.block, group.to_batches(max_chunksize=BLOCK)):
                    _count(tallies, made, done)
                    done += made.rows
                    if out is not None:
                        if writer is None:
                            schema = made.batch.schema.with_metadata(
                                {METADATA: explained(bound, rulebook, words_only=wanted.words_only)}
                            )
                            writer = stack.enter_context(
                                pq.ParquetWriter(out, schema, compression=COMPRESSION)
                            )
                        writer.write_batch(made.batch.cast(writer.schema))
                progress("筛查", done, total)
    return Report(on, done, tuple(tallies))


def _opened(path: Path, rulebook: Rulebook, on: date) -> pq.ParquetFile:
    """The file, with its text columns read as dictionaries."""
    tables = rulebook.valid_on(on)
    texts = {
        name
        for name, column in given_inputs(tables, feeds(tables)).items()
        if column.kind is Kind.TEXT
    }
    try:
        schema = pq.read_schema(path)
        known = [name for name in texts if name in schema.names]
        return pq.ParquetFile(path, read_dictionary=known, memory_map=True)
    except (pa.ArrowInvalid, OSError) as error:
        raise DataUnreadable(path, str(error).splitlines()[0]) from error


def _check_kept(keep: Sequence[str], source: pq.ParquetFile, path: Path) -> None:
    names = source.schema_arrow.names
    absent = [name for name in keep if name not in names]
    if absent:
        raise MissingColumn(absent, [*names, f"（{path.name}）"])


def _groups(
    source: pq.ParquetFile, columns: list[str], reader: ThreadPoolExecutor
) -> Iterator[pa.Table]:
    """The row groups, each read while the one before is decided."""
    waiting: list[Future[pa.Table]] = []
    count = source.num_row_groups
    for number in range(count + READ_AHEAD):
        if number < count:
            waiting.append(reader.submit(source.read_row_group, number, columns))
        if number >= READ_AHEAD - 1 and waiting:
            yield waiting.pop(0).result()
    for each in waiting:
        yield each.result()


# ── one block ────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class _Made:
    """What one block came to."""

    rows: int
    batch: pa.RecordBatch
    counts: list[dict[str, Any]]


class _Work:
    """Decides blocks; holds no state of its own, so that several can be decided at once."""

    def __init__(self, bound: Screen, wanted: Wanted) -> None:
        self.bound = bound
        self.wanted = wanted

    def block(self, batch: pa.RecordBatch) -> _Made:
        kept = {name: batch.column(name) for name in self.wanted.keep}
        if self.wanted.words_only:
            return self._words(batch, kept)
        columns = dict(kept)
        counts = []
        for each in self.bound.answers(batch):
            columns |= answer_columns(each)
            counts.append(_counts(each, count_rules=self.wanted.count_rules))
        return _Made(len(batch), pa.record_batch(columns), counts)

    def _words(self, batch: pa.RecordBatch, kept: dict[str, pa.Array]) -> _Made:
        columns = dict(kept)
        counts: list[dict[str, Any]] = []
        stages = zip(self.bound.words(batch), self.bound.stages, strict=True)
        for number, (masks, stage) in enumerate(stages):
            for word in range(len(masks.hit)):
                columns[f"命中_{number}_{word}"] = pa.array(masks.hit[word].view(np.int64))
                columns[f"可能_{number}_{word}"] = pa.array(masks.maybe[word].view(np.int64))
            counts += [
                _word_counts(place, masks)
                if _is_told_by_words(place.table)
                else _counts(answered(stage, at, masks), count_rules=False)
                for at, place in enumerate(stage.places)
            ]
        return _Made(len(batch), pa.record_batch(columns), counts)


def answer_columns(answer: Answered) -> dict[str, pa.Array]:
    """The columns of one table: state, outputs, the rules that hold, what is lacking."""
    table, found = answer.table, answer.outcome
    state = pa.DictionaryArray.from_arrays(
        pa.array(found.state.view(np.int8)), pa.array([str(each) for each in STATES])
    )
    columns: dict[str, pa.Array] = {f"{table.name}.状态": state}
    if not (table.policy is HitPolicy.COLLECT and table.aggregator is Aggregator.LIST):
        indices = pa.array(found.answer, mask=found.answer < 0)
        for place, output in enumerate(table.outputs):
            kind = Kind.NUMBER if table.aggregator is Aggregator.COUNT else output.kind
            values = arrow_values([row[place] for row in found.rows], kind)
            columns[f"{table.name}.{output.name}"] = values.take(indices)
    for word, bits in enumerate(answer.hit):
        name = f"{table.name}.规则" if len(answer.hit) == 1 else f"{table.name}.规则_{word}"
        columns[name] = pa.array(bits.view(np.int64))
    columns[f"{table.name}.缺少"] = pa.array(answer.lacking.view(np.int64))
    return columns


def _counts(answer: Answered, *, count_rules: bool) -> dict[str, Any]:
    found = answer.outcome
    states = np.bincount(found.state, minlength=len(STATES))
    answers = np.bincount(found.answer + 1, minlength=len(found.rows) + 1)
    lacking = (
        {
            column.name: int(np.count_nonzero(answer.lacking & np.uint64(1 << number)))
            for number, column in enumerate(answer.table.inputs)
        }
        if states[STATES.index(State.UNDETERMINED)]
        else {}
    )
    counts: dict[str, Any] = {
        "states": {state: int(n) for state, n in zip(STATES, states, strict=True)},
        "answers": {row: int(n) for row, n in zip(found.rows, answers[1:], strict=True)},
        "lacking": lacking,
        "first": {str(STATES[i]): int(np.argmax(found.state == i)) for i in np.flatnonzero(states)},
    }
    if count_rules:
        counts["fired"], firsts = rule_counts(answer)
        counts["first"] |= firsts
    return counts


def rule_counts(answer: Answered) -> tuple[dict[str, int], dict[str, int]]:
    """How many rows each rule holds for, and the first of them."""
    fired, firsts = {}, {}
    for bit, number in enumerate(answer.table.ranked):
        held = answer.hit[bit // WORD] >> np.uint64(bit % WORD) & np.uint64(1)
        name = answer.table.rules[number].name
        fired[name] = int(np.count_nonzero(held))
        if fired[name]:
            firsts[f"规则 {name}"] = int(np.argmax(held))
    return fired, firsts


def _is_told_by_words(table: Table) -> bool:
    """Whether the state follows from the words without the hit policy: one rule, one question."""
    return len(table.rules) == 1 and table.rules[0].answer != table.default


def _word_counts(place: Place, masks: Masks) -> dict[str, Any]:
    """Of a table of one rule: rows in which it holds, could hold, cannot."""
    keep = _kept_bits(place, len(masks.hit))
    held = _touched(masks.hit, keep)
    rows = len(held)
    hits = int(np.count_nonzero(held))
    could = hits
    if masks.maybe is not masks.hit:
        could = int(np.count_nonzero(held | _touched(masks.maybe, keep)))
    nothing = State.NONE if place.table.default is None else State.DEFAULT
    answers = {place.table.rules[0].answer: hits}
    if place.table.default is not None:
        answers[place.table.default] = rows - could
    return {
        "states": {State.HIT: hits, State.UNDETERMINED: could - hits, nothing: rows - could},
        "answers": answers,
        "lacking": {},
        "first": {},
    }


def _kept_bits(place: Place, words: int) -> list[np.uint64]:
    whole = ((1 << place.rules) - 1) << place.bit
    shifted = [
        (whole >> WORD * (word - place.word)) & (2**WORD - 1) if word >= place.word else 0
        for word in range(words)
    ]
    return [np.uint64(each) for each in shifted]


def _touched(words: Any, keep: Sequence[np.uint64]) -> Any:  # noqa: ANN401  # arrays
    found = None
    for word, bits in enumerate(keep):
        if bits:
            here = (words[word] & bits) != 0
            found = here if found is None else found | here
    return found


def _count(tallies: Sequence[Tally], made: _Made, before: int) -> None:
    for tally, counts in zip(tallies, made.counts, strict=True):
        tally.rows += made.rows
        tally.states.update(counts["states"])
        tally.answers.update({row: n for row, n in counts["answers"].items() if n})
        tally.lacking.update({name: n for name, n in counts["lacking"].items() if n})
        tally.fired.update(counts.get("fired", {}))
        for what, row in counts["first"].items():
            tally.first_row.setdefault(what, before + row)


def explained(bound: Screen, rulebook: Rulebook, *, words_only: bool = False) -> bytes:
    """What the bits of the result mean, as JSON: kept in the file, so that it explains itself."""
    tables: list[Any] = []
    for number, stage in enumerate(bound.stages):
        for place in stage.places:
            table = place.table
            tables.append(
                {
                    "table": table.name,
                    "policy": str(table.policy),
                    "basis": table.basis,
                    "rules": [table.rules[each].name for each in table.ranked],
                    "inputs": [column.name for column in table.inputs],
                    "word": f"命中_{number}_{place.word}" if words_only else "",
                    "bit": place.bit if words_only else 0,
                }
            )
    return canonical_bytes(
        {"as_of": bound.on.isoformat(), "sha256": rulebook.sha256, "tables": tables}
    )
