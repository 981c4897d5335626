import json
import os
import signal
import subprocess
import sys
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import xlsxwriter

from tests.lake.logs import AS_OF, LOG
from yinuo.lake.batch import BatchDamaged, batches, open_batch
from yinuo.lake.land import FilesLandedBefore, MixedZones, NoFiles, land
from yinuo.lake.read import FileUnreadable, UnknownFormat, WrongHeadings

HEAD = "报关单号,环节,时间,起止,方向,方式"
GOOD = "0001,运抵,2024-02-01 08:00:00,,进,海运"
SOURCE = Path(__file__).resolve().parents[2] / "src"


def csv(folder: Path, *lines: str, name: str = "a.csv", encoding: str = "utf-8") -> Path:
    path = folder / name
    path.write_bytes("\n".join((HEAD, *lines, "")).encode(encoding))
    return path


def landed(folder: Path, *paths: Path, **more: object) -> list[dict[str, object]]:
    batch = land(paths, log=LOG, into=folder / "lake", as_of=AS_OF, **more)  # type: ignore[arg-type]
    assert batch.read == batch.accepted + batch.quarantined + batch.duplicate
    assert batch.quarantined == len(list(batch.put_aside())) == sum(batch.reasons.values())
    tables = [pq.read_table(path) for path in batch.events]
    rows: list[dict[str, object]] = pa.concat_tables(tables).to_pylist()
    assert batch.accepted == len(rows)
    batch.check()
    return rows


DIRTY = {
    "0002,运抵,2024-02-01 08:00:00,,进": "TORN",
    "0003,运抵,2024-02-01 08:00:00,,进,海运,多": "TORN",
    "0004,运\ufffd,2024-02-01 08:00:00,,进,海运": "GARBLED",
    "0005,运抵,2024-02-01 08:00:00,,进,锟斤拷": "GARBLED",
    ",运抵,2024-02-01 08:00:00,,进,海运": "NO_CASE",
    " 　 ,运抵,2024-02-01 08:00:00,,进,海运": "NO_CASE",
    "9.08E+17,运抵,2024-02-01 08:00:00,,进,海运": "LOST_DIGITS",
    "0006,,2024-02-01 08:00:00,,进,海运": "NO_STEP",
    "0007,2024-02-01 08:00:00,运抵,,进,海运": "SHIFTED",
    "0008,运抵,2024-02-01 08:00:00,半途,进,海运": "BAD_LIFECYCLE",
    "0009,运抵,,,进,海运": "NO_TIME",
    "0010,运抵,2024-02-01,,进,海运": "DATE_ONLY",
    "0011,运抵,2024-02-30 08:00:00,,进,海运": "BAD_TIME",
    "0012,运抵,02/01/2024 08:00,,进,海运": "BAD_TIME",
    "0013,运抵,1706745600,,进,海运": "BAD_TIME",
    "0014,运抵,1024-02-01 08:00:00,,进,海运": "TOO_EARLY",
    "0015,运抵,2034-02-01 08:00:00,,进,海运": "FUTURE",
}


def test_every_bad_row_is_put_aside_with_its_reason_and_its_line(tmp_path: Path) -> None:
    path = csv(tmp_path, GOOD, *DIRTY)
    rows = landed(tmp_path, path)
    assert [row["case"] for row in rows] == ["0001"]
    batch = batches(tmp_path / "lake")[0]
    aside = list(batch.put_aside())
    assert [(row["line"], row["code"]) for row in aside] == list(enumerate(DIRTY.values(), start=3))
    shifted = next(row for row in aside if row["code"] == "SHIFTED")
    assert (shifted["field"], shifted["value"]) == ("环节", "2024-02-01 08:00:00")
    assert json.loads(shifted["row"])[2] == "运抵"
    assert batch.read == len(DIRTY) + 1


def test_times_are_read_in_several_forms_and_only_where_one_reading_is_possible(
    tmp_path: Path,
) -> None:
    written = [
        "2024-02-01 08:00",
        "2024-02-01T08:00:00",
        "2024/2/1 8:00:00",
        "20240201080000",
        "20240201 08:00",
        "2024年2月1日8时0分0秒",
        "２０２４-02-01 08:00",
        "45323.333333333",
        "2024.02.01 08:00:00.000",
    ]
    path = csv(tmp_path, *(f"{n:04},运抵,{text},,进,海运" for n, text in enumerate(written)))
    rows = landed(tmp_path, path)
    assert len(rows) == len(written)
    assert {row["at"] for row in rows} == {datetime(2024, 2, 1, tzinfo=UTC)}


def test_offsets_are_honoured_and_a_mix_is_asked_about(tmp_path: Path) -> None:
    zoned = ["2024-02-01T00:00:00Z", "2024-02-01T08:00:00+08:00", "2024-02-01 09:00:00+0900"]
    lines = [f"1{n:03},运抵,{text},,进,海运" for n, text in enumerate(zoned)]
    rows = landed(tmp_path, csv(tmp_path, *lines))
    assert {row["at"] for row in rows} == {datetime(2024, 2, 1, tzinfo=UTC)}
    mixed = csv(tmp_path, GOOD, *lines, name="mixed.csv")
    with pytest.raises(MixedZones, match="3 个时间带时区"):
        landed(tmp_path, mixed)
    assert not list((tmp_path / "lake").glob(".*"))
    other = tmp_path / "confirmed"
    other.mkdir()
    assert len(landed(other, mixed, mixed_zones=True)) == 4


def test_duplicates_are_counted_and_contradictions_put_aside(tmp_path: Path) -> None:
    path = csv(
        tmp_path, GOOD, "0002,放行,2024-02-02 08:00:00,,进,海运", GOOD, GOOD.replace("海运", "空运")
    )
    rows = landed(tmp_path, path)
    batch = batches(tmp_path / "lake")[0]
    assert (batch.read, batch.accepted, batch.duplicate, batch.quarantined) == (4, 2, 1, 1)
    assert Counter(row["方式"] for row in rows) == {"海运": 2}
    (aside,) = batch.put_aside()
    assert (aside["code"], aside["line"]) == ("CONFLICT", 5)
    assert json.loads(aside["row"])["方式"] == "空运"


def test_a_repeat_in_another_file_is_a_duplicate_there(tmp_path: Path) -> None:
    one, two = csv(tmp_path, GOOD), csv(tmp_path, GOOD, GOOD.replace("0001", "0002"), name="b.csv")
    landed(tmp_path, one, two)
    batch = batches(tmp_path / "lake")[0]
    assert [(s.read, s.accepted, s.duplicate) for s in batch.files] == [(1, 1, 0), (2, 1, 1)]


def test_the_same_file_twice_is_one_batch(tmp_path: Path) -> None:
    path = csv(tmp_path, GOOD)
    into = tmp_path / "lake"
    first = land([path], log=LOG, into=into, as_of=AS_OF)
    renamed = path.rename(tmp_path / "renamed.csv")
    again = land([renamed, renamed], log=LOG, into=into, as_of=AS_OF)
    assert (first.already, again.already) == (False, True)
    assert again == first
    assert batches(into) == (first,)
    with pytest.raises(FilesLandedBefore, match="renamed"):
        land([renamed, csv(tmp_path, name="c.csv")], log=LOG, into=into, as_of=AS_OF)
    other = replace(LOG, naive_minutes=0)
    assert land([renamed], log=other, into=into, as_of=AS_OF).id != first.id


def test_words_of_steps_are_brought_together_and_unknown_ones_named(tmp_path: Path) -> None:
    path = csv(
        tmp_path,
        "0001,进境运抵,2024-02-01 08:00,开始,进,海运",
        "0001, 海关放行 ,2024-02-01 09:00,完成,进,海运",
        "0001,改单,2024-02-01 09:00,,进,",
    )
    rows = landed(tmp_path, path)
    assert [(row["step"], row["lifecycle"]) for row in rows] == [
        ("运抵", "start"),
        ("放行", "complete"),
        ("改单", "complete"),
    ]
    assert batches(tmp_path / "lake")[0].unknown_steps == {"改单": 1}
    assert rows[2]["方式"] is None


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_encodings_are_told_apart(tmp_path: Path, encoding: str) -> None:
    rows = landed(tmp_path, csv(tmp_path, GOOD, encoding=encoding))
    assert (rows[0]["step"], rows[0]["方式"]) == ("运抵", "海运")


def test_titles_blank_lines_other_delimiters_and_headings_are_read(tmp_path: Path) -> None:
    path = tmp_path / "a.tsv"
    path.write_text(
        "2024年一季度报关单\n\n方向\t编 号\t环节\t发生时间\t起止\t方式\t\n"
        '进\t0001\t运抵\t2024-02-01 08:00\t\t"海\n运"\t\n\n'
        "进\t0002\t运抵\t2024-02-01 08:00\t\t海运\t\n",
        encoding="utf-8",
    )
    rows = landed(tmp_path, path)
    assert [(row["case"], row["line"]) for row in rows] == [("0002", 7)]
    (aside,) = batches(tmp_path / "lake")[0].put_aside()
    assert (aside["line"], aside["code"]) == (4, "GARBLED")


def test_workbooks_lose_no_digits_and_run_no_formulas(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    book = xlsxwriter.Workbook(str(path), {"default_date_format": "yyyy-mm-dd hh:mm:ss"})
    book.add_worksheet("说明").write(0, 0, "仅供参考")
    sheet = book.add_worksheet("数据")
    sheet.write_row(0, 0, ["报关单表"])
    sheet.write_row(1, 0, HEAD.split(","))
    moment = datetime(2024, 2, 1, 8)  # noqa: DTZ001  # as a cell holds it
    for row, case in enumerate((123, "00456", 123456789012345678.0, "=1+1"), start=2):
        sheet.write_row(row, 0, [case, "运抵", None, "", "进", "海运"])
        sheet.write_datetime(row, 2, moment)
    book.close()
    rows = landed(tmp_path, path)
    assert [(row["case"], row["line"]) for row in rows] == [("123", 3), ("00456", 4)]
    assert rows[0]["at"] == datetime(2024, 2, 1, tzinfo=UTC)
    batch = batches(tmp_path / "lake")[0]
    assert [(r["line"], r["code"]) for r in batch.put_aside()] == [
        (5, "LOST_DIGITS"),
        (6, "FORMULA"),
    ]
    assert batch.files[0].name == "a.xlsx · 数据"


def test_json_lines_and_parquet_are_read(tmp_path: Path) -> None:
    lines = tmp_path / "a.jsonl"
    event = {"编号": 1, "环节": "运抵", "时间": "2024-02-01T08:00:00+08:00", "起止": None}
    event |= {"方向": "进", "方式": "海运"}
    lines.write_text(f"{json.dumps(event)}\n\n[1]\n{{\n", encoding="utf-8")
    assert len(landed(tmp_path, lines)) == 1
    assert [r["line"] for r in batches(tmp_path / "lake")[0].put_aside()] == [3, 4]
    path = tmp_path / "b.parquet"
    naive = datetime(2024, 2, 1, 8)  # noqa: DTZ001  # no zone in the file
    rows = [event | {"时间": naive}, event | {"时间": None}]
    pq.write_table(pa.Table.from_pylist(rows), path)
    into = tmp_path / "other"
    into.mkdir()
    assert [row["at"] for row in landed(into, path)] == [datetime(2024, 2, 1, tzinfo=UTC)]


def test_files_that_cannot_be_read_say_why(tmp_path: Path) -> None:
    with pytest.raises(NoFiles):
        landed(tmp_path)
    with pytest.raises(UnknownFormat, match="xls"):
        landed(tmp_path, tmp_path / "a.xls")
    with pytest.raises(FileUnreadable, match=r"a\.csv"):
        landed(tmp_path, tmp_path / "a.csv")
    wrong = tmp_path / "w.csv"
    wrong.write_text("报关单号,环节,环节\n", encoding="utf-8")
    with pytest.raises(WrongHeadings) as caught:
        landed(tmp_path, wrong)
    assert caught.value.missing == ("时间", "起止", "方向", "方式")
    assert caught.value.repeated == ("环节",)
    broken = tmp_path / "b.parquet"
    broken.write_bytes(b"PAR1 and no more")
    with pytest.raises(FileUnreadable):
        landed(tmp_path, broken)
    quote = csv(tmp_path, GOOD, '0002,"运抵,' + "x" * 200_000, name="q.csv")
    with pytest.raises(FileUnreadable, match="引号没有闭合"):
        landed(tmp_path, quote)
    assert not list((tmp_path / "lake").iterdir())


def test_a_cancelled_landing_leaves_nothing(tmp_path: Path) -> None:
    def cancel(step: str, _done: int, _total: int) -> None:
        if step == "去重":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        land([csv(tmp_path, GOOD)], log=LOG, into=tmp_path / "lake", as_of=AS_OF, progress=cancel)
    assert not list((tmp_path / "lake").iterdir())


def test_a_batch_that_was_altered_is_found(tmp_path: Path) -> None:
    batch = land([csv(tmp_path, GOOD)], log=LOG, into=tmp_path / "lake", as_of=AS_OF)
    with batch.events[0].open("ab") as file:
        file.write(b"x")
    with pytest.raises(BatchDamaged, match="已被改动"):
        batch.check()
    manifest = batch.folder / "manifest.json"
    manifest.write_bytes(manifest.read_bytes().replace(b'"accepted":1', b'"accepted":2', 1))
    with pytest.raises(BatchDamaged):
        open_batch(batch.folder)


KILLED = """
import sys, time
from pathlib import Path
from tests.lake.logs import AS_OF, LOG
from yinuo.lake.land import land

def wait(step, done, total):
    if step == sys.argv[3]:
        print("here", flush=True)
        time.sleep(60)

land([Path(sys.argv[1])], log=LOG, into=Path(sys.argv[2]), as_of=AS_OF, progress=wait)
"""


@pytest.mark.parametrize("step", ["读入", "去重"])
def test_a_killed_landing_leaves_no_batch_and_is_swept(tmp_path: Path, step: str) -> None:
    path, into = csv(tmp_path, GOOD), tmp_path / "lake"
    paths = os.pathsep.join((str(SOURCE), str(SOURCE.parent)))
    child = subprocess.Popen(
        [sys.executable, "-c", KILLED, path, into, step],
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": paths},
    )
    assert child.stdout is not None
    assert child.stdout.readline() == b"here\n"
    # While it runs, nobody takes its folder away.
    assert batches(into) == ()
    left = list(into.iterdir())
    assert len(left) == 1
    child.send_signal(signal.SIGKILL)
    child.wait()
    child.stdout.close()
    assert list(into.iterdir()) == left
    batch = land([path], log=LOG, into=into, as_of=AS_OF)
    assert list(into.iterdir()) == [batch.folder]
