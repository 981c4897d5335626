"""Letters in bulk: checked by the twenty items, written and published, beside DuckDB copying them.

The floor is `COPY (SELECT * FROM read_csv(all_varchar)) TO … (zstd)`: it parses and writes, and
judges nothing. Published means: landed, every file hashed again, and one letter looked up.
Processor time (user and system) of both, in the same run, in processes of their own; the goal is
in letters a second of processor time. One letter in fifty has a fault.

Run: python bench/letters.py --letters 3200000 --runs 3
"""

import argparse
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa

from yinuo.credit.letters_bulk.batch import land_letters, letters_with, verify
from yinuo.kernel.content import content_dir
from yinuo.kernel.regions import Regions
from yinuo.kernel.uscc import CHARACTERS

AT = datetime(2026, 11, 29, 2, 0, tzinfo=UTC)
GOAL = 20_000
"""Letters a second."""
CHUNK = 400_000
AUTHORITY = "11210200MB0000019R"


def codes(start: int, count: int) -> pa.Array:
    """Credit codes whose check characters hold, of nobody."""
    digits = np.char.zfill(np.arange(start, start + count).astype("U9"), 9)
    body = np.char.add("91210200", digits)
    values = body.astype("S17").view(np.uint8).reshape(count, 17).astype(np.int64) - ord("0")
    weights = np.array([pow(3, n, 31) for n in range(17)], np.int64)
    last = np.array(list(CHARACTERS))[-(values @ weights) % 31]
    return pa.array(np.char.add(body, last))


def make(path: Path, letters: int) -> None:
    """A file of made-up letters."""
    connection = duckdb.connect()
    parts = []
    for start in range(0, letters, CHUNK):
        count = min(CHUNK, letters - start)
        connection.register(
            "given", pa.table({"n": range(start, start + count), "c": codes(start, count)})
        )
        part = path.with_suffix(f".{start}")
        connection.execute(f"COPY ({_letters()}) TO '{part}' (HEADER {start == 0})")
        parts.append(part)
    with path.open("wb") as out:
        for part in parts:
            with part.open("rb") as source:
                shutil.copyfileobj(source, out)
            part.unlink()


def _letters() -> str:
    made = "DATE '2023-01-01' + CAST(n // 4000 AS INTEGER)"
    late = "n % 20 = 0"
    return f"""
        SELECT CASE WHEN n % 50 = 7 THEN '2102' ELSE '210200' END
                 || strftime({made}, '%Y%m%d') || lpad(CAST(n % 4000 + 1 AS VARCHAR), 6, '0')
                 AS 承诺编码,
               '测试' || n || '号商贸有限公司' AS 承诺人名称,
               CASE WHEN n % 9 = 0 THEN '个体工商户' ELSE '法人及非法人组织' END AS 承诺人类别,
               c AS 承诺人代码, '主动型' AS 承诺类型, '办理食品经营许可，自愿作出承诺' AS 承诺事由,
               '一、所提交的材料真实、合法、有效；二、严格依照法律法规从事生产经营活动；'
                 || '三、自觉接受监督检查，' || n || ' 号承诺。' AS 承诺内容,
               '违反承诺的，自愿承担法律责任，同意将违诺情况记入信用记录。' AS 违诺责任,
               strftime({made}, '%Y-%m-%d') AS 承诺作出日期, '' AS 承诺有效期,
               CASE WHEN {late} THEN '部分履行' ELSE '全部履行' END AS 承诺履行状态,
               CASE WHEN {late} THEN '没有按期补交材料' ELSE '' END AS 未履行的承诺内容,
               CASE WHEN {late} THEN '责令限期改正' ELSE '' END AS 违诺责任追究内容,
               strftime({made} + 90, '%Y-%m-%d') AS 承诺履行状态认定日期,
               '市市场监管局' AS 承诺履行状态认定单位, '{AUTHORITY}' AS 承诺履行状态认定单位代码,
               '市市场监管局' AS 承诺受理单位, '{AUTHORITY}' AS 承诺受理单位代码,
               CASE WHEN n % 7 = 0 THEN '不可公开' ELSE '可向社会公开' END AS 公开类型,
               '' AS 备注
        FROM given"""  # noqa: S608  # our own


def work(way: str, path: Path, folder: Path) -> None:
    """What a process of its own does; it says what it took."""
    started = time.perf_counter()
    if way == "floor":
        connection = duckdb.connect()
        connection.execute(
            f"COPY (SELECT * FROM read_csv('{path}', all_varchar = true)) "  # noqa: S608  # our own
            f"TO '{folder / 'floor.parquet'}' "
            "(FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 1)"
        )
    else:
        regions = Regions.read(content_dir() / "regions" / "regions.csv")
        made = land_letters(path, regions=regions, lake=folder, at=AT)
        verify(made)
        found = letters_with(made, "承诺编码", "21020020230101000002", 5)
        assert len(found) == 1, found  # noqa: S101
        print(made.read, made.accepted, made.aside, made.public, file=sys.stderr)
    wall = time.perf_counter() - started
    used = resource.getrusage(resource.RUSAGE_SELF)
    print(used.ru_utime + used.ru_stime, wall, used.ru_maxrss * 1024)


def run(way: str, path: Path) -> tuple[float, float, float]:
    """Processor seconds, wall seconds and peak bytes of one run."""
    with tempfile.TemporaryDirectory(dir=path.parent) as folder:
        command = [sys.executable, __file__, "--way", way, "--file", str(path), "--out", folder]
        said = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    processor, wall, peak = map(float, said.stdout.split())
    return processor, wall, peak


def main() -> None:
    """Measure and say."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--letters", type=int, default=3_200_000)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--folder", type=Path)
    parser.add_argument("--way")
    parser.add_argument("--file", type=Path)
    parser.add_argument("--out", type=Path)
    given = parser.parse_args()
    if given.way:
        work(given.way, given.file, given.out)
        return
    with tempfile.TemporaryDirectory(dir=given.folder) as folder:
        path = Path(folder) / "letters.csv"
        make(path, given.letters)
        print(f"{given.letters:,} letters, {path.stat().st_size / 1e6:,.0f} MB")
        found = {way: [run(way, path) for _ in range(given.runs)] for way in ("floor", "letters")}
    middle = {
        way: [statistics.median(each) for each in zip(*runs, strict=True)]
        for way, runs in found.items()
    }
    for way, (processor, wall, peak) in middle.items():
        rate = given.letters / processor
        print(
            f"{way:8} {processor:7.1f} s processor, {wall:7.1f} s wall, "
            f"{rate:10,.0f} letters/s of processor time, peak {peak / 1e9:.2f} GB"
        )
    ratio = middle["letters"][0] / middle["floor"][0]
    rate = given.letters / middle["letters"][0]
    print(
        f"{ratio:.2f} times the floor; goal {GOAL:,}/s: {'reached' if rate >= GOAL else 'missed'}"
    )


if __name__ == "__main__":
    main()
