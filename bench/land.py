"""Landing records of one source, beside DuckDB copying the same file to Parquet as it stands.

The floor is `COPY (SELECT * FROM read_csv(all_varchar)) TO … (zstd)`: it parses and writes, and
judges nothing. Of a GB18030 file it is given the text decoded first, by Python, and that counts.
Processor time (user and system) of both, in the same run, in processes of their own.

Run: python bench/land.py --rows 2000000 --runs 3 [--encoding gb18030] [--dirty]
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

from yinuo.kernel.uscc import CHARACTERS
from yinuo.lake.records.description import SourceDescription
from yinuo.lake.records.landing import land
from yinuo.lake.records.parsing import read_description

AT = datetime(2026, 1, 1, tzinfo=UTC)
GOAL = 2.0
CHUNK = 1_000_000
HEADINGS = (
    *("CF_WSH", "CF_XDR_MC", "CF_XDR_LB", "CF_XDR_SHXYM", "CF_FR_ZJHM", "CF_CFJGDM", "CF_JDRQ"),
    *("CF_NR_FK", "CF_NR", "CF_ZT", "SJC"),
)
DESCRIPTION = """
name = "行政处罚（演示数据）"
owner = "DL-SJJ"
system = "演示"
about = "演示数据"
kind = "penalty"
subject = "subject_kind"
encoding = "auto"
delivery = "delta"
disclosure = "public"
key = ["document", "authority_code"]
ignored = ["SJC"]
fields.document = { label = "文号", headings = ["CF_WSH"], required = true }
fields.name = { label = "名称", headings = ["CF_XDR_MC"], type = "name", required = true }
fields.subject_kind = { label = "类别", headings = ["CF_XDR_LB"], type = "code", codes = { "法人及非法人组织" = "firm", "个体工商户" = "trader", "自然人" = "person" } }
fields.uscc = { label = "代码", headings = ["CF_XDR_SHXYM"], type = "uscc" }
fields.representative = { label = "证件", headings = ["CF_FR_ZJHM"], type = "rid", of = "other", disclosure = "nobody" }
fields.authority_code = { label = "机关", headings = ["CF_CFJGDM"], required = true }
fields.decided_on = { label = "日期", headings = ["CF_JDRQ"], type = "date", required = true }
fields.fine = { label = "罚款", headings = ["CF_NR_FK"], type = "amount", unit = "万元" }
fields.decision = { label = "内容", headings = ["CF_NR"] }
fields.state = { label = "状态", headings = ["CF_ZT"], type = "code", codes = { "0" = "正常", "1" = "撤销" } }
revoking = { field = "state", values = ["撤销"] }
"""  # noqa: E501  # one field a line


def source() -> SourceDescription:
    """The source of the made-up rows."""
    return read_description(DESCRIPTION.encode(), id="bench-penalty")


def codes(count: int, seed: int) -> pa.Array:
    """So many valid codes of made-up firms."""
    random = np.random.default_rng(seed)
    alphabet = np.frombuffer(CHARACTERS.encode(), np.uint8)
    body = np.zeros((count, 18), np.int64)
    body[:, 0] = 9
    body[:, 1] = 1
    body[:, 2:8] = [2, 1, 0, 2, 0, 0]
    body[:, 8:16] = random.integers(0, 10, (count, 8))
    inner = -(body[:, 8:16] @ np.array([3, 7, 9, 10, 5, 8, 4, 2])) % 11
    body[:, 16] = np.where(inner == 10, CHARACTERS.index("X"), inner)  # noqa: PLR2004  # X is ten
    weights = np.array([pow(3, n, 31) for n in range(17)])
    body[:, 17] = -(body[:, :17] @ weights) % 31
    return pa.array(alphabet[body].view("S18").ravel().astype(str))


def generate(rows: int, out: Path, *, encoding: str, dirty: bool) -> None:
    """About 145 bytes a row: five rows a firm; with `dirty` 3 in 1,000 rows have a fault."""
    firms = max(rows // 5, 1)
    bad = "i % 331 = 7" if dirty else "false"
    with duckdb.connect() as database, out.open("wb") as file:
        database.register("code", pa.table({"n": np.arange(firms), "code": codes(firms, 1)}))
        database.execute("CREATE TABLE codes AS SELECT * FROM code")
        file.write((",".join(HEADINGS) + "\n").encode(encoding))
        part = out.with_suffix(".part")
        for start in range(0, rows, CHUNK):
            end = min(start + CHUNK, rows)
            database.execute(
                "COPY (SELECT printf('大应急罚〔%d〕%08d号', 2018 + h % 8, i), "  # noqa: S608  # numbers
                f"'大连试造' || (h % {firms}) || '有限公司', '法人及非法人组织', "
                f"CASE WHEN {bad} THEN left(code, 17) || '！' ELSE code END, '', "
                "printf('112102000000%06d', h % 40), "
                f"CASE WHEN {bad} AND i % 2 = 0 THEN code ELSE "
                "strftime(DATE '2018-01-01' + CAST(h % 2900 AS INT), '%Y/%m/%d') END, "
                "printf('%.4f', (h % 500000) / 10000.0), "
                "'未按规定设置安全警示标志' || h % 977, CAST(h % 100 = 0 AS INT), "
                f"'20260101' FROM (SELECT i, hash(i) AS h, i % {firms} AS n "
                f"FROM range({start}, {end}) AS r(i)) JOIN codes USING (n)) "
                f"TO '{part}' (FORMAT csv, HEADER false)"
            )
            text = part.read_bytes()
            file.write(text if encoding == "utf-8" else text.decode().encode(encoding))
        part.unlink()


def floor(data: Path, out: Path, encoding: str) -> None:
    """What somebody does who only wants the text in Parquet."""
    if encoding != "utf-8":
        plain = out.with_suffix(".csv")
        with data.open(encoding=encoding, newline="") as old, plain.open("w", newline="") as new:
            shutil.copyfileobj(old, new, 1 << 22)
        data = plain
    with duckdb.connect(config={"memory_limit": "4GB", "preserve_insertion_order": False}) as own:
        own.execute(
            f"COPY (SELECT * FROM read_csv('{data}', all_varchar = true)) "  # noqa: S608  # our own paths
            f"TO '{out}' (FORMAT parquet, COMPRESSION zstd)"
        )


def ours(data: Path, lake: Path) -> None:
    """Land it, and check that nothing is lost."""
    batch = land([data], source=source(), lake=lake, at=AT)
    assert batch.read == batch.accepted + batch.quarantined + batch.duplicate  # noqa: S101  # a promise
    print(f"  {batch.accepted:,} / {batch.quarantined:,} / {batch.duplicate:,}", end="", flush=True)


def measured(arguments: list[str]) -> tuple[float, float, float]:
    """Processor seconds, wall seconds and peak memory in GB of a process of its own."""
    before, begun = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    with subprocess.Popen([sys.executable, __file__, *arguments]) as process:
        peak = 0
        status = Path(f"/proc/{process.pid}/status")
        while process.poll() is None:
            found = [x for x in status.read_text().splitlines() if x.startswith("VmHWM")]
            peak = max(peak, int(found[0].split()[1])) if found else peak
            time.sleep(0.05)
    if process.returncode:
        raise SystemExit(process.returncode)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    used = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return used, time.perf_counter() - begun, peak / 2**20


def main() -> None:
    """Measure both, in turns, and print the ratio of the medians."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=2_000_000)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--encoding", default="utf-8")
    parser.add_argument("--dirty", action="store_true")
    parser.add_argument("--folder", type=Path, help="where the files are made")
    parser.add_argument("--only", nargs=3, metavar=("WHAT", "DATA", "OUT"), help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.only:
        what, data, out = given.only
        if what == "floor":
            floor(Path(data), Path(out), given.encoding)
        else:
            ours(Path(data), Path(out))
        return
    with tempfile.TemporaryDirectory(dir=given.folder) as name:
        folder = Path(name)
        data = folder / "rows.csv"
        generate(given.rows, data, encoding=given.encoding, dirty=given.dirty)
        print(f"{given.rows:,} rows, {data.stat().st_size / 1e6:,.0f} MB, {given.encoding}")
        taken: dict[str, list[tuple[float, float, float]]] = {"floor": [], "ours": []}
        for _ in range(given.runs):
            for what, found in taken.items():
                out = folder / what
                found.append(
                    measured(["--encoding", given.encoding, "--only", what, str(data), str(out)])
                )
                print(f"  {what}: cpu {found[-1][0]:.1f} s, wall {found[-1][1]:.1f} s, "
                      f"peak {found[-1][2]:.2f} GB")  # fmt: skip
                shutil.rmtree(out, ignore_errors=True)
                out.unlink(missing_ok=True)
        base, mine = (statistics.median(x[0] for x in taken[what]) for what in ("floor", "ours"))
        said = "ok" if mine / base <= GOAL else "too slow"
        print(f"ratio of processor time {mine / base:.2f} (goal ≤ {GOAL}): {said}")


if __name__ == "__main__":
    main()
