"""Many firms by 50 policies of four conditions on twelve attributes, third answer included.

Parquet in to result out beside DuckDB doing the same by hand-written SQL; in memory beside the same
conditions hand-written in NumPy, one by one; and, as far as installed, in OpenFisca-core,
zen-engine and SpiffWorkflow.

Run: python bench/screen.py --firms 1000000 --runs 3
"""

import argparse
import os
import random
import resource
import statistics
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path

import _peers  # type: ignore[import-not-found]  # beside this script
import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from yinuo.rules.kinds import Kind
from yinuo.rules.masks import BLOCK, Screen
from yinuo.rules.reading import Column, read_cell
from yinuo.rules.screen import Wanted, screen
from yinuo.rules.table import Input, Output, Rule, Rulebook, Table

ON = date(2026, 1, 1)
NUMBERS = tuple(f"n{n}" for n in range(8))
TEXTS = tuple(f"c{n}" for n in range(4))
CODES = tuple(f"k{n}" for n in range(20))
POLICIES = 50
MISSING = 0.03
GOAL_AGAINST_DUCKDB = 1.0
DESIGN_AGAINST_DUCKDB = 0.5
GOAL_RATE = 600e6
GROUP = 131_072
Condition = tuple[str, str, str]
"""Attribute, cell, and the same as SQL."""


def policies() -> list[list[Condition]]:
    """Three conditions on numbers and one on a code, each."""
    draw = random.Random(7)
    return [
        [_number(draw, name) for name in draw.sample(NUMBERS, 3)]
        + [_code(draw, draw.choice(TEXTS))]
        for _ in range(POLICIES)
    ]


def _number(draw: random.Random, name: str) -> Condition:
    top = 100_000 if NUMBERS.index(name) % 2 else 1_000
    low = draw.randrange(top // 2)
    high = low + top // 3
    return draw.choice(
        (
            (name, f"≥ {low}", f"{name} >= {low}"),
            (name, f"< {high}", f"{name} < {high}"),
            (name, f"[{low}..{high})", f"({name} >= {low} and {name} < {high})"),
        )
    )


def _code(draw: random.Random, name: str) -> Condition:
    codes = draw.sample(CODES, 8)
    listed = ", ".join(f"'{code}'" for code in codes)
    return name, "、".join(codes), f"{name} in ({listed})"


def tables(found: list[list[Condition]]) -> Rulebook:
    """The policies as tables of one rule."""
    return Rulebook(
        tables=tuple(
            Table(
                name=f"p{number}",
                inputs=tuple(Input(name=name, kind=_kind(name)) for name, _, _ in conditions),
                outputs=(Output(name=f"o{number}", kind=Kind.TRUTH, default=False),),
                rules=(
                    Rule(
                        name="1",
                        cells=tuple(
                            read_cell(cell, Column(_kind(name))) for name, cell, _ in conditions
                        ),
                        answer=(True,),
                    ),
                ),
            )
            for number, conditions in enumerate(found)
        )
    )


def _kind(name: str) -> Kind:
    return Kind.NUMBER if name in NUMBERS else Kind.TEXT


def firms(count: int) -> pa.Table:
    """Made-up firms: whole numbers, amounts with cents, codes; a few values missing."""
    draw = np.random.default_rng(5)
    columns: dict[str, pa.Array] = {"id": pa.array(np.arange(count))}
    for number, name in enumerate(NUMBERS):
        values = draw.integers(0, 100_000, count)
        missing = draw.random(count) < MISSING
        columns[name] = pa.array(values if number % 2 else values / 100.0, mask=missing)
    for name in TEXTS:
        missing = draw.random(count) < MISSING
        codes = pa.array(draw.integers(0, len(CODES), count).astype(np.int32), mask=missing)
        columns[name] = pa.DictionaryArray.from_arrays(codes, pa.array(CODES)).cast(pa.string())
    return pa.table(columns)


def by_duckdb(found: list[list[Condition]], data: Path, out: Path) -> Callable[[], object]:
    """One column a policy: true, false, or null where something missing matters."""
    columns = ", ".join(
        f"{' and '.join(sql for _, _, sql in conditions)} as p{number}"
        for number, conditions in enumerate(found)
    )
    # Paths of our own making; SQL has no parameters here.
    query = f"copy (select {columns} from '{data}') to '{out}' (format parquet, compression zstd)"  # noqa: S608

    def work() -> None:
        with duckdb.connect() as engine:
            engine.execute("set preserve_insertion_order=false")
            engine.execute(query)

    return work


def by_numpy(found: list[list[Condition]], batch: pa.RecordBatch) -> Callable[[], object]:
    """The conditions one by one on ready arrays; true or false only, no third answer."""
    arrays = {
        name: batch.column(name).fill_null(0).to_numpy(zero_copy_only=False) for name in NUMBERS
    }
    known = {name: number for number, name in enumerate(CODES)}
    for name in TEXTS:
        arrays[name] = np.array([known.get(v, -1) for v in batch.column(name).to_pylist()], np.int8)
    plans = [[_numpy(condition) for condition in conditions] for conditions in found]

    def work() -> None:
        for begin in range(0, len(batch), BLOCK):
            part = {name: values[begin : begin + BLOCK] for name, values in arrays.items()}
            for plan in plans:
                held = plan[0](part)
                for test in plan[1:]:
                    held &= test(part)

    return work


def _numpy(condition: Condition) -> Callable[[dict[str, np.ndarray]], np.ndarray]:
    name, cell, _ = condition
    if name in TEXTS:
        member = np.isin(np.arange(len(CODES) + 1), [CODES.index(c) for c in cell.split("、")])
        return lambda part: member[part[name]]
    if cell.startswith("≥"):
        low = int(cell[2:])
        return lambda part: part[name] >= low
    if cell.startswith("<"):
        high = int(cell[2:])
        return lambda part: part[name] < high
    first, last = (int(text) for text in cell[1:-1].split(".."))
    return lambda part: (part[name] >= first) & (part[name] < last)


def seconds(work: Callable[[], object]) -> tuple[float, float]:
    """Wall and CPU seconds."""
    wall, cpu = time.perf_counter(), time.process_time()
    work()
    return time.perf_counter() - wall, time.process_time() - cpu


def same(out: Path, other: Path) -> bool:
    """Whether both results count the same yes and the same undetermined, policy by policy."""
    words = pq.read_table(out)
    theirs = pq.read_table(other)
    hit = words.column("命中_0_0").to_numpy().view(np.uint64)
    could = words.column("可能_0_0").to_numpy().view(np.uint64)
    for number in range(POLICIES):
        bit = np.uint64(1 << number)
        column = theirs.column(f"p{number}")
        yes, open_ = int((hit & bit != 0).sum()), int(((could & ~hit) & bit != 0).sum())
        if yes != pa.compute.sum(column).as_py() or open_ != column.null_count:
            return False
    return True


def main() -> None:
    """Print medians and ratios."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--firms", type=int, default=1_000_000)
    parser.add_argument("--runs", type=int, default=3)
    options = parser.parse_args()
    found = policies()
    book = tables(found)
    decisions = options.firms * POLICIES
    with tempfile.TemporaryDirectory() as folder:
        data, out, other = (
            Path(folder) / name for name in ("in.parquet", "out.parquet", "db.parquet")
        )
        pq.write_table(firms(options.firms), data, row_group_size=GROUP)
        ours = lambda: screen(book, data=data, out=out, on=ON, wanted=Wanted(words_only=True))  # noqa: E731  # timed below
        theirs = by_duckdb(found, data, other)
        texts = pq.read_table(data, read_dictionary=list(TEXTS)).combine_chunks()
        batch = texts.to_batches()[0]
        bound = Screen(book, on=ON, schema=batch.schema)
        blocks = [batch.slice(begin, BLOCK) for begin in range(0, len(batch), BLOCK)]

        def in_memory() -> None:
            with ThreadPoolExecutor(os.cpu_count()) as pool:
                list(pool.map(bound.words, blocks))

        numpy = by_numpy(found, batch)
        ran = {"ours": [], "duckdb": [], "memory": [], "numpy": []}  # type: dict[str, list[tuple[float, float]]]
        for _ in range(options.runs):
            ran["ours"].append(seconds(ours))
            ran["duckdb"].append(seconds(theirs))
            ran["memory"].append(seconds(in_memory))
            ran["numpy"].append(seconds(numpy))
        agree = same(out, other)
    _say(options.firms, decisions, ran, agree=agree)
    print(*_peers.rates(found, batch), sep="\n")


def _say(
    count: int, decisions: int, ran: dict[str, list[tuple[float, float]]], *, agree: bool
) -> None:
    wall = {name: statistics.median(w for w, _ in times) for name, times in ran.items()}
    cpu = {name: statistics.median(c for _, c in times) for name, times in ran.items()}
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    print(
        f"{count:,} firms × {POLICIES} policies; medians; wall, CPU; load {os.getloadavg()[0]:.1f}"
    )
    names = {
        "ours": "Parquet to Parquet, yinuo",
        "duckdb": "Parquet to Parquet, DuckDB SQL",
        "memory": "in memory, yinuo, all cores",
        "numpy": "in memory, NumPy by hand, no third answer, 1 thread",
    }
    for key, name in names.items():
        by_wall, by_cpu = (decisions / 1e6 / spent[key] for spent in (wall, cpu))
        rates = f"{by_wall:6.0f} M/s wall, {by_cpu:6.0f} M/s a CPU second"
        print(f"{name:52} {wall[key]:6.2f} s {cpu[key]:6.2f} s  {rates}")
    print(f"same yes and undetermined as DuckDB, policy by policy: {'yes' if agree else 'NO'}")
    ratio, cpu_ratio = wall["ours"] / wall["duckdb"], cpu["ours"] / cpu["duckdb"]
    print(f"ratio to DuckDB: wall {ratio:.2f}, CPU {cpu_ratio:.2f}; peak memory {peak:.2f} GiB")
    print(f"goal ≤ {GOAL_AGAINST_DUCKDB}: {_verdict(ratio <= GOAL_AGAINST_DUCKDB)}")
    print(f"design's goal ≤ {DESIGN_AGAINST_DUCKDB}: {_verdict(ratio <= DESIGN_AGAINST_DUCKDB)}")
    print(f"goal 600 M/s in memory: {_verdict(decisions / wall['memory'] >= GOAL_RATE)}")


def _verdict(reached: bool) -> str:  # noqa: FBT001  # a word for yes and no
    return "reached" if reached else "MISSED"


if __name__ == "__main__":
    main()
