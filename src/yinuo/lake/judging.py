"""What is wrong with a row: each is accepted or put aside for the first rule that it breaks."""

import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from yinuo.lake.events import COMPLETE, START, EventLog
from yinuo.lake.read import Block
from yinuo.lake.reasons import Reason
from yinuo.lake.times import EPOCH, MICROSECOND, Seen, looks_like_time, read_times

GARBLED = r"[\x00-\x08\x0A-\x1F\x7F\x{80}-\x{9F}\x{FFFD}]|锟斤|烫烫烫|屯屯屯|ï»¿"
"""Replaced bytes, control characters, and what wrong decoding typically leaves."""
LOST_DIGITS = r"^\d(\.\d+)?[eE]\+?\d+$"
_OF_TIME = {
    Seen.MISSING: Reason.NO_TIME,
    Seen.DATE_ONLY: Reason.DATE_ONLY,
    Seen.UNREADABLE: Reason.BAD_TIME,
}
QUARANTINE = pa.schema(
    [
        ("file", pa.int32()),
        ("name", pa.string()),
        ("line", pa.int64()),
        ("code", pa.string()),
        ("reason", pa.string()),
        ("field", pa.string()),
        ("value", pa.string()),
        ("row", pa.string()),
    ]
)


@dataclass
class Tally:
    """What was counted over the blocks of one file."""

    read: int = 0
    reasons: Counter[Reason] = field(default_factory=Counter)
    unknown: Counter[str] = field(default_factory=Counter)
    naive: int = 0
    zoned: int = 0


@dataclass(frozen=True)
class Judged:
    """The rows of a block: those accepted, in the form of the log, and those put aside."""

    accepted: pa.Table
    aside: pa.Table


@dataclass(frozen=True, kw_only=True)
class Judge:
    """The rules of one log at one moment."""

    log: EventLog
    as_of: datetime

    def judge(self, block: Block, *, file: int, name: str, tally: Tally) -> Judged:
        """Accept or put aside every row of the block, and count."""
        log, table = self.log, block.table
        texts = ["case", "step", "lifecycle", *log.attribute_names]
        columns = {each: _trimmed(table.column(each)) for each in texts}
        columns["case"] = _one_width(columns["case"])
        time = _one(table.column("time"))
        if pa.types.is_string(time.type):
            time = _trimmed(time)
        reason = np.zeros(len(table), np.int8)
        where = dict(zip(Reason, [""] * len(Reason), strict=True))

        def rule(broken: np.ndarray, why: Reason, column: str) -> None:
            reason[(reason == 0) & broken] = why
            where[why] = column

        garbled = [(each, _garbled(columns[each], repeats=each != "case")) for each in texts]
        if pa.types.is_string(time.type):
            garbled.append(("time", _garbled(time, repeats=False)))
        for _, broken in garbled:
            rule(broken, Reason.GARBLED, "")
        rule(_null(columns["case"]), Reason.NO_CASE, "case")
        rule(_matches(columns["case"], LOST_DIGITS), Reason.LOST_DIGITS, "case")
        rule(_null(columns["step"]), Reason.NO_STEP, "step")
        steps, shifted, unknown = self._steps(columns["step"])
        rule(shifted, Reason.SHIFTED, "step")
        lifecycle = self._lifecycles(columns["lifecycle"])
        rule(_null(lifecycle), Reason.BAD_LIFECYCLE, "lifecycle")
        times = read_times(time, log.naive_minutes)
        for seen, why in _OF_TIME.items():
            rule(times.seen == seen, why, "time")
        rule(times.micros < _micros(log.earliest), Reason.TOO_EARLY, "time")
        rule(times.micros > _micros(self.as_of), Reason.FUTURE, "time")
        good = reason == Reason.NONE
        self._count(tally, block, reason, times.seen, steps, unknown & good)
        kept = pa.array(good)
        at = pa.array(times.micros).cast(pa.timestamp("us", tz="UTC"))
        arrays = {"case": columns["case"], "step": steps, "at": at, "lifecycle": lifecycle}
        arrays |= {each: columns[each] for each in log.attribute_names}
        arrays["file"] = pa.array(np.full(len(table), file, np.int32))
        arrays["line"] = _one(table.column("line"))
        accepted = pa.table(arrays, schema=log.schema).filter(kept)
        aside = _aside(block, file, name, reason, where, {**columns, "time": time}, garbled, log)
        return Judged(accepted, aside)

    def _count(  # noqa: PLR0917  # one call, above
        self,
        tally: Tally,
        block: Block,
        reason: np.ndarray,
        seen: np.ndarray,
        steps: pa.Array,
        unknown: np.ndarray,
    ) -> None:
        tally.read += len(reason) + len(block.torn)
        tally.reasons.update(torn.reason for torn in block.torn)
        for why, count in zip(*np.unique(reason[reason != 0], return_counts=True), strict=True):
            tally.reasons[Reason(int(why))] += int(count)
        tally.naive += int(np.count_nonzero(seen == Seen.NAIVE))
        tally.zoned += int(np.count_nonzero(seen == Seen.ZONED))
        if unknown.any():
            tally.unknown.update(steps.filter(pa.array(unknown)).to_pylist())

    def _steps(self, column: pa.Array) -> tuple[pa.Array, np.ndarray, np.ndarray]:
        """Each step by its own name; which are times; which the description does not name."""
        known = self.log.canonical_steps
        coded = column.dictionary_encode()
        words = coded.dictionary.to_pylist()
        plain = {_plain(word): step for word, step in known.items()}
        found = [known.get(word) or plain.get(_plain(word)) for word in words]
        names = [step or word for step, word in zip(found, words, strict=True)]
        is_time = [
            step is None and looks_like_time(word) for step, word in zip(found, words, strict=True)
        ]
        return (
            pa.array(names, pa.string()).take(coded.indices),
            _by_code(is_time, coded.indices),
            _by_code([step is None for step in found], coded.indices),
        )

    def _lifecycles(self, column: pa.Array) -> pa.Array:
        """`start` or `complete`; nothing written is a completion, another word is null."""
        words = {_plain(word): START for word in self.log.start_words}
        words |= {_plain(word): COMPLETE for word in self.log.complete_words}
        coded = column.dictionary_encode()
        names = pa.array(
            [words.get(_plain(word)) for word in coded.dictionary.to_pylist()], pa.string()
        )
        blank = column.is_null()
        return pc.if_else(blank, COMPLETE, names.take(coded.indices))


def _aside(  # noqa: PLR0917  # one call, above
    block: Block,
    file: int,
    name: str,
    reason: np.ndarray,
    where: Mapping[Reason, str],
    columns: Mapping[str, pa.Array],
    garbled: Iterable[tuple[str, np.ndarray]],
    log: EventLog,
) -> pa.Table:
    said = {"case": log.case.name, "step": log.step.name, "time": log.time.name}
    if log.lifecycle is not None:
        said["lifecycle"] = log.lifecycle.name
    lines = block.table.column("line")
    rows = [
        _row(file, name, torn.line, torn.reason, torn.field, torn.value, torn.row)
        for torn in block.torn
    ]
    broken = list(garbled)
    for place in map(int, np.flatnonzero(reason)):
        why = Reason(int(reason[place]))
        column = where[why] or next(each for each, mask in broken if mask[place])
        value = columns[column][place].as_py()
        shown = "" if value is None else str(value)
        rows.append(
            _row(
                file,
                name,
                lines[place].as_py(),
                why,
                said.get(column, column),
                shown,
                block.row(place),
            )
        )
    return pa.Table.from_pylist(rows, schema=QUARANTINE).sort_by("line")


def _row(  # noqa: PLR0917  # the columns in order
    file: int, name: str, line: int, why: Reason, column: str, value: str, row: str
) -> dict[str, object]:  # the columns in order
    return {
        "file": file,
        "name": name,
        "line": line,
        "code": why.name,
        "reason": why.words,
        "field": column,
        "value": value,
        "row": row,
    }


def _one(column: pa.ChunkedArray) -> pa.Array:
    combined = column.combine_chunks()
    return combined.chunk(0) if isinstance(combined, pa.ChunkedArray) else combined


def _trimmed(column: pa.ChunkedArray | pa.Array) -> pa.Array:
    """Texts without blanks around them; nothing else but blanks is nothing."""
    whole = _one(column) if isinstance(column, pa.ChunkedArray) else column
    text = pc.utf8_trim_whitespace(whole)
    return pc.if_else(pc.equal(text, ""), pa.scalar(None, pa.string()), text)


def _one_width(column: pa.Array) -> pa.Array:
    """Numbers typed in full width are the same numbers."""
    if pc.all(pc.string_is_ascii(column)).as_py() is not False:
        return column
    return pc.utf8_normalize(column, form="NFKC")


def _plain(word: str) -> str:
    return unicodedata.normalize("NFKC", word).strip().casefold()


def _garbled(column: pa.Array, *, repeats: bool) -> np.ndarray:
    """Which texts are garbled; words that repeat are looked at once."""
    if repeats:
        coded = column.dictionary_encode()
        found = _matches(coded.dictionary, GARBLED)
        return _by_code(found.tolist(), coded.indices)
    if pc.all(pc.ascii_is_printable(column)).as_py() is not False:
        return np.zeros(len(column), np.bool_)
    return _matches(column, GARBLED)


def _matches(column: pa.Array, pattern: str) -> np.ndarray:
    found = pc.match_substring_regex(column, pattern)
    return _numbers(found.fill_null(fill_value=False))


def _null(column: pa.Array) -> np.ndarray:
    return _numbers(column.is_null())


def _by_code(flags: list[bool], codes: pa.Array) -> np.ndarray:
    """The flag of each row's code; False where there is none."""
    if not any(flags):
        return np.zeros(len(codes), np.bool_)
    return _numbers(pa.array(flags).take(codes).fill_null(fill_value=False))


def _numbers(column: pa.Array) -> np.ndarray:
    found: np.ndarray = column.to_numpy(zero_copy_only=False)
    return found


def _micros(moment: datetime) -> int:
    return (moment - EPOCH) // MICROSECOND
