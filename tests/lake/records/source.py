"""A source of records and files of it, in every state in which files arrive."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from yinuo.lake.records.batch import RecordBatch
from yinuo.lake.records.description import SourceDescription
from yinuo.lake.records.landing import land
from yinuo.lake.records.parsing import read_description
from yinuo.lake.records.schema import record_schema

AT = datetime(2026, 11, 29, 4, tzinfo=UTC)
TOML = """
name = "行政处罚"
owner = "DL-SJJ"
system = "市信用信息共享平台"
about = "测试用"
kind = "penalty"
subject = "kind"
encoding = "auto"
delivery = "delta"
disclosure = "public"
key = ["document"]
ignored = ["SJC"]
revoking = { field = "state", values = ["撤销"] }

[expect]
rows = [2, 1000]
quarantined_per_mille = 100
filled = { decided_on = 900 }

[fields]
document = { label = "文号", headings = ["CF_WSH", "文书号"], required = true }
name = { label = "名称", headings = ["CF_XDR_MC", "名称"], type = "name", required = true }
kind = { label = "类别", headings = ["CF_XDR_LB"], type = "code", codes = { "法人" = "firm", "个体" = "trader", "自然人" = "person" } }
uscc = { label = "代码", headings = ["CF_XDR_SHXYM"], type = "uscc" }
org = { label = "机构代码", headings = ["CF_XDR_ZZJG"], type = "org" }
tax = { label = "税号", headings = ["CF_XDR_SWDJ"], type = "tax" }
reg = { label = "注册号", headings = ["CF_XDR_GSZC"], type = "reg" }
rid = { label = "身份证", headings = ["CF_XDR_ZJHM"], type = "rid" }
decided_on = { label = "日期", headings = ["CF_JDRQ"], type = "date", required = true }
fine = { label = "罚款", headings = ["CF_NR_FK"], type = "amount", unit = "万元" }
count = { label = "件数", headings = ["JS"], type = "number" }
remark = { label = "备注", headings = ["BZ"], longest = 20 }
state = { label = "状态", headings = ["CF_ZT"], type = "code", codes = { "0" = "正常", "1" = "撤销" } }
"""  # noqa: E501  # one field a line
SOURCE = read_description(TOML.encode(), id="penalty-test")
HEADINGS = (
    *("CF_WSH", "CF_XDR_MC", "CF_XDR_LB", "CF_XDR_SHXYM", "CF_XDR_ZZJG", "CF_XDR_SWDJ"),
    *("CF_XDR_GSZC", "CF_XDR_ZJHM", "CF_JDRQ", "CF_NR_FK", "JS", "BZ", "CF_ZT"),
)
USCC, ORG = "91350100M000100Y43", "M000100Y4"
OTHER_ORG, REG = "777777716", "350100100010004"
RID, OLD_RID = "11010519491231002X", "110105491231002"
GOOD = {
    "CF_WSH": "文〔2024〕1号",
    "CF_XDR_MC": "甲试有限公司",
    "CF_XDR_LB": "法人",
    "CF_XDR_SHXYM": USCC,
    "CF_JDRQ": "2024-01-03",
    "CF_NR_FK": "0.5",
    "JS": "2",
    "CF_ZT": "0",
}


def row(**cells: str) -> dict[str, str]:
    """A good row with some cells otherwise."""
    return {**GOOD, **cells}


def text(rows: Sequence[Mapping[str, str]], delimiter: str = ",") -> str:
    """Rows as a file; cells that need quotes bring them."""
    lines = [HEADINGS, *([each.get(h, "") for h in HEADINGS] for each in rows)]
    return "".join(delimiter.join(line) + "\n" for line in lines)


def file(folder: Path, content: str | bytes, name: str = "a.csv") -> Path:
    """A file with this content."""
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def landed(
    folder: Path, *paths: Path, source: SourceDescription = SOURCE, **more: Any
) -> RecordBatch:
    """Land files, and see that nothing is lost."""
    batch = land(paths, source=source, lake=folder / "lake", **{"at": AT, **more})
    sound(batch, source)
    return batch


def sound(batch: RecordBatch, source: SourceDescription = SOURCE) -> None:
    """Every row is somewhere, once, and the manifest says so."""
    assert batch.read == batch.accepted + batch.quarantined + batch.duplicate
    for each in batch.files:
        assert each.read == each.accepted + each.quarantined + each.duplicate
    assert batch.quarantined == len(list(batch.put_aside())) == sum(batch.reasons.values())
    found = records(batch)
    assert batch.accepted == len(found)
    assert batch.unchanged == pq.read_metadata(batch.seen).num_rows <= batch.duplicate
    assert all(pq.read_schema(path).equals(record_schema(source)) for path in batch.records)
    places = [(r["file"], r["line"]) for r in (*found, *batch.put_aside())]
    assert len(places) == len(set(places))
    batch.check()


def records(batch: RecordBatch) -> list[dict[str, Any]]:
    """The accepted rows in the order of the file."""
    tables = [pq.read_table(path) for path in batch.records]
    rows: list[dict[str, Any]] = pa.concat_tables(tables).to_pylist()
    return sorted(rows, key=lambda each: (each["file"], each["line"]))


def reasons(batch: RecordBatch) -> dict[int, str]:
    """Record number → reason of rows put aside."""
    return {each["line"]: each["code"] for each in batch.put_aside()}
