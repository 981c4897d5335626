"""A made-up log of declarations: the same for the same seed, millions of events in seconds.

Means lie near what was published for 2023 (import 31.68 h, export 0.84 h) and fall in 2024. With
`dirty` faults are planted of which the numbers are known.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet

from yinuo.goals.port.columns import BEGUN, COLUMNS, COMPLETE

Ints: TypeAlias = "np.ndarray[Any, np.dtype[np.int64]]"
Floats: TypeAlias = "np.ndarray[Any, np.dtype[np.float64]]"
Mask: TypeAlias = "np.ndarray[Any, np.dtype[np.bool_]]"
Random: TypeAlias = np.random.Generator
Progress: TypeAlias = Callable[[str, int, int], None]

FIRST, LAST = date(2023, 1, 1), date(2024, 12, 31)
CHUNK = 40_000
"""Declarations made at a time."""
EVENTS_EACH = 7.866
"""On average, for a guess at how many declarations are needed."""
HOUR, DAY = 3_600, 86_400
CHINA = 8 * HOUR
"""Seconds that the clocks of China are ahead of UTC."""
YEAR = 365.25 * DAY

STEPS = (
    *("运抵", "理货", "换单", "集港", "运抵监管区", "申报", "接受申报"),
    *("查验", "缴税", "放行", "提离", "装载", "离境"),
)
_CODE = {name: number for number, name in enumerate(STEPS)}
MARKS = ("", BEGUN, COMPLETE)
DIRECTIONS = ("进口", "出口")
MODES = ("海运", "空运", "铁路", "公路", "邮快件")
PORTS = (
    *("东湾集装箱口岸", "北岬散货口岸", "南屿通用口岸"),
    *("空港口岸", "江桥铁路口岸", "江桥公路口岸"),
)
FIRMS = ("AEO高级认证", "其他")
MODE_SHARES = (0.78, 0.10, 0.04, 0.03, 0.05)
IMPORT_FACTORS = (1.09, 0.45, 0.80, 0.30, 0.40)
EXPORT_FACTORS = (1.06, 0.80, 0.90, 0.70, 0.60)
SEA_SHARES = (0.90, 0.0985)
"""东湾, 北岬; what is left is 南屿, so small that its figures want a mark."""
AEO_SHARE, AEO_FACTORS = 0.18, (0.70, 1.066)
IMPORT_SHARE, EARLY_IMPORT, EARLY_EXPORT = 0.55, 0.4, 0.8
INSPECTED, SLOWER = 0.04, 1.8
DUTIABLE, COLLECTED = 0.75, 0.9
IMPORT_HOURS, EXPORT_HOURS = 33.35, 0.846
"""Means before the extremes are left out, which brings them to the published ones."""
SPREAD = 0.55
"""Of the logarithm of a duration."""
TREND = (1.03, -0.06)
"""Factor at the start of 2023, and its change a year."""
SEASON = 0.05
MARK = b"yinuo.simulated"
"""Key in the metadata of a Parquet file that was made here."""
STARTED = 1_672_502_400
"""2023-01-01 00:00 in China, in seconds since 1970."""


@dataclass
class Dirt:
    """How many rows or declarations of each fault were planted."""

    counts: dict[str, int] = field(default_factory=dict)

    def add(self, name: str, number: int) -> None:
        """Count."""
        self.counts[name] = self.counts.get(name, 0) + number


@dataclass(frozen=True)
class Simulated:
    """What was written."""

    events: int
    declarations: int
    dirt: Mapping[str, int]


@dataclass
class _Events:
    """Parallel arrays, one place an event."""

    case: Ints
    step: Ints
    mark: Ints
    at: Ints
    """Seconds since 1970."""


def _season(at: Ints) -> Floats:
    """Winter and the weeks around the Spring Festival are slower."""
    part = ((at - STARTED) / YEAR) % 1.0
    return np.asarray(1.0 + SEASON * np.cos(2 * np.pi * (part - 0.08)))


def _factor(at: Ints) -> Floats:
    years = (at - STARTED) / YEAR
    return np.asarray((TREND[0] + TREND[1] * years) * _season(at))


@dataclass
class _Declarations:
    """Parallel arrays, one place a declaration."""

    number: Ints
    arrived: Ints
    export: Mask
    mode: Ints
    port: Ints
    firm: Ints
    inspected: Mask
    seconds: Floats
    """From the start of the official measure to release."""


def _declare(random: Random, count: int, start: int, end: int, first_number: int) -> _Declarations:
    arrived = np.sort(random.integers(start, end, count))
    export = random.random(count) >= IMPORT_SHARE
    mode = random.choice(len(MODES), size=count, p=MODE_SHARES)
    which = random.random(count)
    sea = np.where(which < SEA_SHARES[0], 0, np.where(which < sum(SEA_SHARES), 1, 2))
    port = np.choose(mode, [sea, 3, 4, 5, 3])
    firm = (random.random(count) >= AEO_SHARE).astype(np.int64)
    inspected = random.random(count) < INSPECTED
    base = np.where(
        export,
        EXPORT_HOURS * np.asarray(EXPORT_FACTORS)[mode],
        IMPORT_HOURS * np.asarray(IMPORT_FACTORS)[mode],
    )
    base = base * np.asarray(AEO_FACTORS)[firm] * np.where(inspected, SLOWER, 1.0)
    luck = random.lognormal(-SPREAD * SPREAD / 2, SPREAD, count)
    seconds = np.maximum(base * _factor(arrived) * luck * HOUR, 60.0)
    number = np.arange(first_number, first_number + count)
    return _Declarations(number, arrived, export, mode, port, firm, inspected, seconds)


def _events(random: Random, made: _Declarations) -> _Events:
    """Every event of some declarations, in no order."""
    parts: list[tuple[Ints, str, int, Ints]] = []
    count = len(made.number)
    everyone = np.arange(count)

    def happen(who: Mask, step: str, at: Floats, mark: str = "") -> None:
        parts.append((everyone[who], step, MARKS.index(mark), at[who].astype(np.int64)))

    def between(low: float, high: float) -> Floats:
        return random.uniform(low, high, count)

    start, whole = made.arrived.astype(np.float64), made.seconds
    bring, export = ~made.export, made.export
    end = start + whole
    customs = np.where(export, between(0.12, 0.22), between(0.03, 0.06)) * whole
    accept = end - customs
    happen(bring, "运抵", start)
    happen(bring, "理货", start + between(0.02, 0.08) * whole, BEGUN)
    happen(bring, "理货", start + between(0.30, 0.55) * whole, COMPLETE)
    happen(bring & (made.mode == 0), "换单", start + between(0.25, 0.60) * whole)
    happen(export, "集港", start - between(2, 30) * HOUR)
    happen(export, "运抵监管区", start)
    early = random.random(count) < np.where(export, EARLY_EXPORT, EARLY_IMPORT)
    ahead = start - np.where(export, between(1, 10), between(2, 20)) * HOUR
    usual = start + between(0.62, 0.98) * (accept - start)
    happen(everyone >= 0, "申报", np.where(early, ahead, usual))
    happen(everyone >= 0, "接受申报", accept)
    happen(made.inspected, "查验", accept + between(0.05, 0.25) * customs, BEGUN)
    happen(made.inspected, "查验", accept + between(0.55, 0.90) * customs, COMPLETE)
    dutiable = bring & (random.random(count) < DUTIABLE)
    happen(dutiable, "缴税", accept + between(0.30, 0.85) * customs)
    happen(everyone >= 0, "放行", end)
    gone = random.random(count) < COLLECTED
    happen(bring & gone, "提离", end + random.exponential(10, count) * HOUR)
    loaded = end + random.exponential(20, count) * HOUR
    happen(export, "装载", loaded)
    happen(export, "离境", loaded + random.exponential(12, count) * HOUR)
    return _Events(
        case=np.concatenate([who for who, *_ in parts]),
        step=np.concatenate([np.full(len(who), _CODE[step]) for who, step, *_ in parts]),
        mark=np.concatenate([np.full(len(who), mark) for who, _, mark, _ in parts]),
        at=np.concatenate([at for *_, at in parts]),
    )


def _cut(found: _Events, keep: Mask) -> _Events:
    return _Events(found.case[keep], found.step[keep], found.mark[keep], found.at[keep])


def _in_order(found: _Events) -> _Events:
    order = np.argsort(found.at, kind="stable")
    return _Events(found.case[order], found.step[order], found.mark[order], found.at[order])


def _number(made: _Declarations, index: int) -> str:
    """A declaration number of 18 digits, as customs write them: district, year, way, sequence."""
    year = 2023 + int((made.arrived[index] - STARTED) // YEAR)
    return f"0900{year}{0 if made.export[index] else 1}{int(made.number[index]):09d}"


def _dictionary(codes: Ints, words: list[str]) -> "pa.Array":
    return pa.DictionaryArray.from_arrays(pa.array(codes.astype(np.int32)), pa.array(words))


def _local(at: Ints) -> "pa.Array":
    """Times on the clocks of China, as exports write them."""
    return pa.array(at + CHINA, pa.timestamp("s")).cast(pa.string())


def _table(made: _Declarations, found: _Events, *, as_text: bool) -> "pa.Table":
    numbers = [_number(made, index) for index in range(len(made.number))]
    times = _local(found.at) if as_text else pa.array(found.at, pa.timestamp("s", "UTC"))
    case = found.case
    columns = (
        _dictionary(case, numbers),
        _dictionary(found.step, list(STEPS)),
        times,
        _dictionary(found.mark, list(MARKS)),
        _dictionary(made.export[case].astype(np.int64), list(DIRECTIONS)),
        _dictionary(made.mode[case], list(MODES)),
        _dictionary(made.port[case], list(PORTS)),
        _dictionary(made.firm[case], list(FIRMS)),
    )
    plain = [c.cast(pa.string()) if pa.types.is_dictionary(c.type) else c for c in columns]
    return pa.table(dict(zip(COLUMNS, plain, strict=True)), metadata={MARK: b"1"})


ROW_FAULTS: Mapping[str, tuple[str, str | None]] = {
    "编号为空": (COLUMNS[0], ""),
    "时间读不出": (COLUMNS[2], "2024-13-45 99:00"),
    "时间在将来": (COLUMNS[2], "2099-01-01 08:00:00"),
    "不认识的环节": (COLUMNS[1], "补录环节"),
}
"""What is written over which column of a planted row."""
PLANTED = 2_000
"""One row in so many has each fault."""


def _spoil(random: Random, table: "pa.Table", dirt: Dirt) -> "pa.Table":
    """The same table with faults in some rows, repeats of others, and other time zones."""
    rows = table.num_rows
    each = max(rows // PLANTED, 1)
    kinds = len(ROW_FAULTS) + 3
    chosen = random.permutation(rows)[: each * kinds].reshape(kinds, each)
    columns = {name: table[name].to_pylist() for name in COLUMNS}
    # An event after release can be spoilt without losing the end of its declaration.
    for (name, (column, text)), places in zip(ROW_FAULTS.items(), chosen, strict=False):
        for place in places:
            columns[column][place] = text
        dirt.add(name, each)
    zoned, shifted, repeated = chosen[-3:]
    for place in zoned:
        text = columns[COLUMNS[2]][place]
        columns[COLUMNS[2]][place] = f"{text}+08:00"
    dirt.add("写明时区", each)
    for place in shifted:
        values = [columns[name][place] for name in COLUMNS]
        for name, value in zip(COLUMNS, ["", *values[:-1]], strict=True):
            columns[name][place] = value
    dirt.add("串列", each)
    again = [{name: columns[name][place] for name in COLUMNS} for place in repeated]
    dirt.add("重复", each)
    texts = {name: pa.array(values, pa.string()) for name, values in columns.items()}
    spoilt = pa.table(texts, metadata=table.schema.metadata)
    return pa.concat_tables([spoilt, pa.Table.from_pylist(again, schema=spoilt.schema)])


def _end_before_start(random: Random, made: _Declarations, found: _Events, dirt: Dirt) -> None:
    """Release some declarations a day before they arrived, without touching anything else."""
    cases = random.permutation(len(made.number))[: max(len(made.number) // PLANTED, 1)]
    wrong = (found.step == _CODE["放行"]) & np.isin(found.case, cases)
    found.at[wrong] = made.arrived[found.case[wrong]] - DAY
    dirt.add("放行早于运抵", int(wrong.sum()))


def tables(
    *,
    events: int,
    seed: int,
    dirty: bool = False,
    as_text: bool = False,
    first: date = FIRST,
    last: date = LAST,
    dirt: Dirt | None = None,
) -> Iterator["pa.Table"]:
    """The log a piece at a time, in order of time; times are text if `as_text` or `dirty`.

    What happened after the last day is not in the log: those declarations are open.
    """
    planted = dirt if dirt is not None else Dirt()
    begin, stop = (_midnight(day) for day in (first, last))
    stop += DAY
    wanted = max(round(events / EVENTS_EACH), 1)
    pieces = -(-wanted // CHUNK)
    for piece in range(pieces):
        random = np.random.default_rng([seed, piece])
        count = min(CHUNK, wanted - piece * CHUNK)
        low = begin + (stop - begin) * piece // pieces
        high = begin + (stop - begin) * (piece + 1) // pieces
        made = _declare(random, count, low, high, piece * CHUNK + 1)
        found = _events(random, made)
        found = _in_order(_cut(found, found.at < stop))
        if dirty:
            _end_before_start(random, made, found, planted)
        table = _table(made, found, as_text=as_text or dirty)
        yield _spoil(random, table, planted) if dirty else table


def _midnight(day: date) -> int:
    """The first second of a day in China."""
    return (day - date(1970, 1, 1)).days * DAY - CHINA


def simulate(
    *,
    events: int,
    out: Path,
    seed: int = 1,
    dirty: bool = False,
    first: date = FIRST,
    last: date = LAST,
    progress: Progress = lambda _step, _done, _total: None,
) -> Simulated:
    """Write about that many events to a `.parquet` or `.csv` file."""
    dirt, written, cases = Dirt(), 0, 0
    as_text = out.suffix.lower() == ".csv"
    writer: Any = None
    pieces = tables(
        events=events,
        seed=seed,
        dirty=dirty,
        as_text=as_text,
        first=first,
        last=last,
        dirt=dirt,
    )
    for table in pieces:
        if writer is None:
            writer = _writer(out, table.schema, as_text=as_text)
        writer.write_table(table)
        written += table.num_rows
        cases += len(table[COLUMNS[0]].unique())
        progress("生成", min(written, events), events)
    if writer is not None:
        writer.close()
    return Simulated(written, cases, dict(dirt.counts))


def _writer(out: Path, schema: "pa.Schema", *, as_text: bool) -> Any:  # noqa: ANN401 - no stubs
    if as_text:
        return pyarrow.csv.CSVWriter(out, schema)
    return pyarrow.parquet.ParquetWriter(out, schema, compression="zstd")


def is_simulated(path: Path) -> bool:
    """Whether a Parquet file says of itself that it was made up; other formats cannot say it."""
    try:
        metadata = pyarrow.parquet.read_schema(path).metadata
    except (OSError, pa.ArrowInvalid):
        return False
    return bool(metadata) and MARK in metadata
