"""Verify a whole log against hashing what it stores, in one run.

    .venv/bin/python bench/verify.py
    .venv/bin/python tests/postgres.py -- .venv/bin/python bench/verify.py

Goal: ≤ 4 times one SHA-256 call per stored leaf and body, read from the same store.
Rounds of both are taken in turn; the median of the ratios counts.
"""

import argparse
import json
import os
import resource
import statistics
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

home = tempfile.TemporaryDirectory(prefix="yinuo-bench-")
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "yinuo.project.settings")
os.environ["YINUO_HOME"] = home.name

import django  # noqa: E402

django.setup()

from django.db import connection, transaction  # noqa: E402
from rich.progress import track  # noqa: E402

from yinuo.commitments.models import Document, Observation  # noqa: E402
from yinuo.ledger.commands.recording import record_new  # noqa: E402
from yinuo.ledger.commands.sealing import seal  # noqa: E402
from yinuo.ledger.key import create_key, load_signer  # noqa: E402
from yinuo.ledger.memory import Memory  # noqa: E402
from yinuo.ledger.tlog.note import Signer  # noqa: E402
from yinuo.ledger.verify import verify  # noqa: E402
from yinuo.parties.commands import OPERATOR  # noqa: E402
from yinuo.parties.models import Unit  # noqa: E402
from yinuo.project.tables import make_tables  # noqa: E402

AT = datetime(2024, 3, 1, tzinfo=UTC)
BATCH = 10_000


def observation(number: int) -> Observation:
    """A row whose body has about the 755 bytes that an entry of the Dalian plan has on average."""
    return Observation(
        code=f"DL2024-O{number:07}",
        kind="figure",
        title=f"第{number}项：战略性新兴产业增加值占地区生产总值的比重（基准测试，不是真实数据）",
        heading="DL2024-G1",
        subject_said="大连市",
        subject_unit_id="B",
        office_id="B",
        operator="ge",
        value="14",
        unit="%",
        when_said="2024年",
        document_id="B",
        place="第3段",
        note="据报道，口径未注明",
    )


def build(entries: int, signer: Signer, memory: Memory) -> None:
    """A log of so many observations, sealed by ten thousands."""
    with transaction.atomic():
        record_new([Unit(code="B", name="测试单位", kind="city")], verb="x", by=OPERATOR, at=AT)
        record_new([Document(code="B", title="测试", kind="方案")], verb="x", by=OPERATOR, at=AT)
    for start in track(range(2, entries, BATCH), description="建立账本"):
        rows = [observation(number) for number in range(start, min(start + BATCH, entries))]
        with transaction.atomic():
            record_new(rows, verb="observation.registered", by=OPERATOR, at=AT)
        while seal(signer=signer, memory=memory).entries:
            pass


def floor() -> None:
    """Read salt and body of every entry; one SHA-256 for the body, one for a leaf's bytes."""
    at, leaf = 0, bytes(150)
    while True:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT salt, body FROM ledger_entry WHERE leaf_index >= %s AND leaf_index < %s"
                " ORDER BY leaf_index",
                [at, at + 4096],
            )
            rows = cursor.fetchall()
        if not rows:
            return
        for salt, body in rows:
            sha256(salt + body).digest()
            sha256(leaf).digest()
        at += 4096


def timed(work: Callable[[], object]) -> float:
    """Seconds."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def main() -> None:
    """Build, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--entries", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    make_tables()
    folder = Path(home.name)
    create_key(folder / "bench.key")
    signer = load_signer(folder / "bench.key", origin="yinuo.bench")
    memory = Memory(folder / "bench.checkpoint")
    memory.begin()
    build(options.entries, signer, memory)

    def ours() -> None:
        report = verify(verifier=signer.verifier)
        if report.faults or report.checked != options.entries:
            raise SystemExit(f"{report.checked} checked, {report.faults[:3]}")

    pairs = [(timed(floor), timed(ours)) for _ in range(options.rounds)]
    ratio = statistics.median(b / a for a, b in pairs)
    result = {
        "database": connection.vendor,
        "entries": options.entries,
        "floor_s": round(statistics.median(a for a, _ in pairs), 2),
        "verify_s": round(statistics.median(b for _, b in pairs), 2),
        "ratio": round(ratio, 2),
        "goal": 4.0,
        "met": ratio <= 4.0,  # noqa: PLR2004
        "peak_mib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
    }
    if options.json:
        print(json.dumps(result, ensure_ascii=False))
    else:
        verdict = "达到" if result["met"] else "未达到"
        print(
            f"{result['database']} 核验 {options.entries:,} 条：只读取并计算哈希"
            f" {result['floor_s']} 秒，核验 {result['verify_s']} 秒，比值 {result['ratio']}"
            f"（目标 ≤ 4，{verdict}），峰值内存 {result['peak_mib']} MiB"
        )


if __name__ == "__main__":
    main()
