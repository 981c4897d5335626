import csv
from datetime import UTC, datetime
from pathlib import Path

import pyarrow.parquet
import pytest

from yinuo.credit.double_publicity.columns import OLD, Decision
from yinuo.credit.double_publicity.errors import NotTheOldSet
from yinuo.credit.double_publicity.upgrading import Upgraded, upgrade
from yinuo.lake.records.batch import RecordBatch
from yinuo.lake.records.landing import land
from yinuo.lake.records.parsing import read_description

FOLDER = Path(__file__).parents[3] / "content" / "sources"
AT = datetime(2026, 11, 30, tzinfo=UTC)
AUTHORITIES = {"市市场监管局": "11210200MB0000019R"}
FIRM, TRADER = "91210204MX65PFAM78", "92210202MXAYDBTG6R"
PERSON = "210291196601176561"
PENALTY = {
    "CF_WSH": "演示罚字1号",
    "CF_JDRQ": "2015-06-01",
    "CF_XZJG": "市市场监管局",
    "CF_ZT": "0",
}
LICENCE = {"XK_WSH": "演示许1号", "XK_JDRQ": "2015-06-01", "XK_XZJG": "市市场监管局", "XK_ZT": "0"}


def old_file(
    path: Path, decision: Decision, *rows: dict[str, str], encoding: str = "utf-8"
) -> Path:
    with path.open("w", encoding=encoding, newline="") as file:
        writer = csv.DictWriter(file, OLD[decision].keys(), restval="")
        writer.writeheader()
        writer.writerows(rows)
    return path


def landed(
    file: Path, decision: Decision, lake: Path
) -> tuple[RecordBatch, list[dict[str, object]]]:
    source = read_description((FOLDER / f"{decision}.toml").read_bytes(), id=decision.value)
    batch = land([file], source=source, lake=lake, at=AT)
    folder = lake / "batches" / source.id / batch.id
    tables = map(pyarrow.parquet.read_table, sorted(folder.glob("records-*.parquet")))
    return batch, [row for table in tables for row in table.to_pylist()]


def test_an_old_penalty_lands_with_kind_and_authority(tmp_path: Path) -> None:
    file = old_file(
        tmp_path / "old.csv",
        Decision.PENALTY,
        PENALTY | {"CF_XDR_MC": "演示有限公司", "CF_XDR_SHXYM": FIRM, "CF_JG": "罚款"},
        PENALTY | {"CF_WSH": "2", "CF_XDR_MC": "演示店", "CF_XDR_SHXYM": TRADER},
        PENALTY | {"CF_WSH": "3", "CF_XDR_MC": "试安", "CF_XDR_SFZ": PERSON},
        PENALTY | {"CF_WSH": "4", "CF_XDR_MC": "演示厂", "CF_XDR_ZDM": FIRM[8:17]},
    )
    made = upgrade(file, Decision.PENALTY, into=tmp_path / "new.csv", authorities=AUTHORITIES)
    batch, rows = landed(tmp_path / "new.csv", Decision.PENALTY, tmp_path / "lake")
    assert made == Upgraded(rows=4, unknown_authorities={})
    assert (batch.read, batch.accepted) == (4, 4)
    assert [row["subject"] for row in rows] == ["firm", "trader", "person", "firm"]
    assert [row["key"] for row in rows] == [
        f"o:{FIRM[8:17]}",
        f"o:{TRADER[8:17]}",
        f"p:{PERSON}",
        f"o:{FIRM[8:17]}",
    ]
    assert {row["authority_code"] for row in rows} == {"11210200MB0000019R"}
    assert rows[0]["decision"] == "罚款"
    assert rows[0]["state"] == "正常"


def test_an_old_licence_lands(tmp_path: Path) -> None:
    file = old_file(
        tmp_path / "old.csv",
        Decision.LICENCE,
        LICENCE | {"XK_XDR": "演示有限公司", "XK_XDR_SHXYM": FIRM, "XK_XMMC": "演示项目"},
        encoding="gb18030",
    )
    upgrade(
        file,
        Decision.LICENCE,
        into=tmp_path / "new.csv",
        authorities=AUTHORITIES,
        encoding="gb18030",
    )
    batch, rows = landed(tmp_path / "new.csv", Decision.LICENCE, tmp_path / "lake")
    assert batch.accepted == 1
    assert rows[0]["name"] == "演示有限公司"
    assert rows[0]["title"] == "演示项目"


def test_an_authority_nobody_knows_is_counted_and_the_row_kept(tmp_path: Path) -> None:
    row = PENALTY | {"CF_XDR_MC": "演示有限公司", "CF_XZJG": "某局"}
    file = old_file(tmp_path / "old.csv", Decision.PENALTY, row)
    made = upgrade(file, Decision.PENALTY, into=tmp_path / "new.csv", authorities=AUTHORITIES)
    _, rows = landed(tmp_path / "new.csv", Decision.PENALTY, tmp_path / "lake")
    assert made.unknown_authorities == {"某局": 1}
    assert rows[0]["authority_code"] is None


@pytest.mark.parametrize("cells", [3, 23, 30])
def test_a_row_of_another_width_stays_torn(tmp_path: Path, cells: int) -> None:
    good = PENALTY | {"CF_XDR_MC": "演示有限公司", "CF_XDR_SHXYM": FIRM}
    file = old_file(tmp_path / "old.csv", Decision.PENALTY, good)
    with file.open("a", encoding="utf-8") as more:
        more.write(",".join(["甲"] * cells) + "\n")
        more.write(
            ",".join((good | {"CF_WSH": "5"}).get(each, "") for each in OLD[Decision.PENALTY])
        )
        more.write("\n")
    made = upgrade(file, Decision.PENALTY, into=tmp_path / "new.csv", authorities=AUTHORITIES)
    batch, _ = landed(tmp_path / "new.csv", Decision.PENALTY, tmp_path / "lake")
    assert made.rows == batch.read == 3
    assert batch.quarantined == 1
    assert batch.accepted == 2


def test_a_file_of_another_set_is_refused_and_nothing_written(tmp_path: Path) -> None:
    file = tmp_path / "new.csv"
    file.write_text("CF_XDR_MC,CF_CFJG\n甲,乙\n", "utf-8")
    with pytest.raises(NotTheOldSet) as refused:
        upgrade(file, Decision.PENALTY, into=tmp_path / "out.csv", authorities={})
    assert "CF_XZJG" in refused.value.what
    assert not (tmp_path / "out.csv").exists()
