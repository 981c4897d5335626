"""A million firms by 50 policies: who gets how much, who not, what is missing; written as Parquet.

Beside each policy DuckDB does the same by hand-written SQL: read the columns it needs, decide with
the third answer, multiply, cap, name the rule and what is missing, write one row a firm with the
same columns and compression.

Run: python bench/benefits.py --firms 1000000 --policies 50 --runs 3
"""

import argparse
import os
import resource
import statistics
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from screen import (  # type: ignore[import-not-found]  # beside this script
    NUMBERS,
    ON,
    TEXTS,
    Condition,
    _kind,
    firms,
    policies,
)

from yinuo.benefits.definition import Amount, PolicyDefinition, Shortage
from yinuo.benefits.screening import screen_policy
from yinuo.rules.kinds import Kind
from yinuo.rules.reading import Column, read_cell
from yinuo.rules.table import Input, Output, Rule, Rulebook, Table

GOAL = 1.5
GROUP = 131_072
CAP = 100_000_00
"""In 分."""
TIMES = "n1"
"""The field that every second amount is multiplied by: whole numbers."""


@dataclass(frozen=True)
class Asked:
    """One policy for both sides."""

    definition: PolicyDefinition
    book: Rulebook
    sql: str


def asked(number: int, conditions: list[Condition]) -> Asked:
    """A policy of one rule of four conditions; every second one is 元 for each of something."""
    each = 5 + number
    times = TIMES if number % 2 else ""
    definition = PolicyDefinition(
        code=f"p{number}",
        name=f"政策{number}",
        unit="210200",
        about="",
        basis="",
        subject="firm",
        table="t",
        amount=Amount(output="金额", times=times, cap=CAP),
        valid_from=date(2026, 1, 1),
        valid_until=date(2026, 12, 31),
        period="2026",
        budget=1,
        shortage=Shortage.STOP,
        promised_days=10,
        notice_days=5,
        sample_per_mille=0,
    )
    table = Table(
        name=f"表{number}",
        inputs=tuple(Input(name=name, kind=_kind(name)) for name, _, _ in conditions),
        outputs=(Output(name="金额", kind=Kind.NUMBER, default=Decimal(0)),),
        rules=(
            Rule(
                name="1",
                cells=tuple(read_cell(cell, Column(_kind(name))) for name, cell, _ in conditions),
                answer=(Decimal(each),),
            ),
        ),
    )
    return Asked(definition, Rulebook(tables=(table,)), _sql(conditions, each, times))


def _sql(conditions: list[Condition], each: int, times: str) -> str:
    """The same by hand: false where one condition fails, null where one that matters is missing."""
    held = " and ".join(f"({sql})" for _, _, sql in conditions)
    whole = f"{each * 100} * {times or 1}"
    money = f"case when {whole} > {CAP} then {CAP} else {whole} end"
    missing = ", ".join(f"case when {name} is null then '{name}' end" for name, _, _ in conditions)
    return f"""
        with held as (select *, ({held}) as yes, ({money})::bigint as money from firms)
        select entity,
               case when yes and money > 0 then 'yes' when yes is null or (yes and money is null)
                    then 'open' else 'no' end as verdict,
               case when yes and money > 0 then money end as amount,
               case when yes and money > 0 then '1' end as rule,
               case when yes is null then concat_ws('、', {missing})
                    when yes and money is null then '{times}' end as lacking,
               null::varchar as place, null::varchar as related
        from held where kind = 'firm'
    """  # noqa: S608  # our own names


def register(count: int) -> pa.Table:
    """The firms of `screen.py` with opaque ids."""
    made = firms(count).drop(["id"])
    draw = np.random.default_rng(3)
    ids = [f"E{each:024x}" for each in draw.integers(0, 2**62, count).tolist()]
    kinds = pa.array(["firm"] * count, pa.string())
    return made.add_column(0, "entity", pa.array(ids)).add_column(1, "kind", kinds)


def by_duckdb(sql: str, data: Path, out: Path) -> Callable[[], object]:
    """One policy by bare SQL."""

    def work() -> None:
        with duckdb.connect() as engine:
            engine.execute("set preserve_insertion_order=false")
            engine.execute(f"create view firms as select * from '{data}'")  # noqa: S608  # our own path
            engine.execute(f"copy ({sql}) to '{out}' (format parquet, compression zstd)")

    return work


def ours(one: Asked, data: Path, out: Path) -> Callable[[], object]:
    """One policy by its table."""
    return lambda: screen_policy(
        one.definition, one.book, profile=data, out=out, on=ON, progress=lambda *_: None
    )


def spent(work: Callable[[], object]) -> tuple[float, float]:
    """Wall and processor seconds."""
    wall, cpu = time.perf_counter(), time.process_time()
    work()
    return time.perf_counter() - wall, time.process_time() - cpu


def same(out: Path, other: Path) -> bool:
    """Whether both say the same of every firm."""
    columns = "entity, verdict, amount, rule, nullif(lacking, '') as lacking"
    with duckdb.connect() as engine:
        # Paths of our own making; SQL has no parameters here.
        count = engine.execute(
            f"select count(*) from (select {columns} from '{out}' except select {columns} "  # noqa: S608  # our own paths
            f"from '{other}')"
        ).fetchone()
        totals = engine.execute(
            f"select (select count(*) from '{out}') - (select count(*) from '{other}')"  # noqa: S608
        ).fetchone()
    return count == (0,) and totals == (0,)


def main() -> None:
    """Print medians and the ratio."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--firms", type=int, default=1_000_000)
    parser.add_argument("--policies", type=int, default=50)
    parser.add_argument("--runs", type=int, default=3)
    options = parser.parse_args()
    wanted = [asked(n, each) for n, each in enumerate(policies()[: options.policies])]
    assert set(NUMBERS) | set(TEXTS)  # noqa: S101  # the columns of the register
    times: dict[str, list[tuple[float, float]]] = {"ours": [], "sql": []}
    differ = []
    with tempfile.TemporaryDirectory() as folder:
        data, out, other = (Path(folder) / f"{n}.parquet" for n in ("in", "out", "sql"))
        pq.write_table(register(options.firms), data, row_group_size=GROUP)
        for run in range(options.runs):
            sums = {"ours": (0.0, 0.0), "sql": (0.0, 0.0)}
            for one in wanted:
                for name, work in (
                    ("ours", ours(one, data, out)),
                    ("sql", by_duckdb(one.sql, data, other)),
                ):
                    wall, cpu = spent(work)
                    sums[name] = (sums[name][0] + wall, sums[name][1] + cpu)
                if run == 0 and not same(out, other):
                    differ.append(one.definition.code)
            for name, total in sums.items():
                times[name].append(total)
    _say(options.firms, len(wanted), times, differ)


def _say(
    count: int, some: int, times: dict[str, list[tuple[float, float]]], differ: list[str]
) -> None:
    wall, cpu = (
        {name: statistics.median(each[at] for each in rows) for name, rows in times.items()}
        for at in (0, 1)
    )
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    print(f"{count:,} firms × {some} policies, one after another; load {os.getloadavg()[0]:.1f}")
    for name, word in (("ours", "yinuo, by decision tables"), ("sql", "DuckDB, bare SQL")):
        print(f"{word:30} {wall[name]:7.2f} s wall, {cpu[name]:7.2f} s of processor")
    ratio, cpu_ratio = wall["ours"] / wall["sql"], cpu["ours"] / cpu["sql"]
    print(f"the same answer for every firm: {'yes' if not differ else 'NO: ' + ', '.join(differ)}")
    print(f"ratio: wall {ratio:.2f}, processor {cpu_ratio:.2f}; peak memory {peak:.2f} GiB")
    print(f"goal ≤ {GOAL}: {'reached' if cpu_ratio <= GOAL else 'MISSED'}")


if __name__ == "__main__":
    main()
