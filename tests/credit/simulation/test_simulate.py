import csv
import json
from collections import Counter
from datetime import date
from pathlib import Path

import pyarrow.parquet
import pytest
from python_calamine import CalamineWorkbook

from yinuo.credit.simulation.errors import BadShare, FolderTaken, TooFewRecords
from yinuo.credit.simulation.faults import OF_WHOM, OF_WRITING, Fault
from yinuo.credit.simulation.simulate import REPEATED, Simulated, simulate, simulate_delta
from yinuo.credit.simulation.systems.catalogue import BY_ID, SYSTEMS
from yinuo.credit.simulation.writing import SIMULATED

ON = date(2026, 11, 29)
RECORDS = 30_000


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Simulated:
    return simulate(records=RECORDS, out=tmp_path_factory.mktemp("made"), on=ON)


@pytest.fixture(scope="module")
def clean(tmp_path_factory: pytest.TempPathFactory) -> Simulated:
    return simulate(records=RECORDS, out=tmp_path_factory.mktemp("clean"), on=ON, dirty=False)


def truth(made: Simulated, file: str = "records") -> list[dict[str, object]]:
    table = pyarrow.parquet.read_table(made.folder / "truth" / f"{file}.parquet")
    return list(table.to_pylist())


def rows(made: Simulated, source: str) -> list[list[str]]:
    """Records of a file, the first at place 0."""
    system, path = BY_ID[source], made.files[source]
    if path.suffix == ".jsonl":
        return [list(json.loads(line).values()) for line in path.read_text("utf-8").splitlines()]
    if path.suffix == ".parquet":
        table = pyarrow.parquet.read_table(path)
        return [list(row.values()) for row in table.to_pylist()]
    if path.suffix == ".xlsx":
        book = CalamineWorkbook.from_path(path)
        return [list(map(str, row)) for row in book.get_sheet_by_name("合同").to_python()[1:]]
    text = path.read_bytes().decode(system.encoding, "replace")
    return list(csv.reader(text.splitlines(keepends=True), delimiter=system.delimiter))[1:]


def test_there_are_21_systems_of_all_formats_and_encodings(made: Simulated) -> None:
    assert len(SYSTEMS) == len(made.rows) == 21
    assert Counter(path.suffix for path in made.files.values()) == {
        ".csv": 18,
        ".jsonl": 1,
        ".parquet": 1,
        ".xlsx": 1,
    }
    assert {system.encoding for system in SYSTEMS} == {"utf-8", "gb18030"}
    assert {system.delimiter for system in SYSTEMS} == {",", "|", "\t"}


def test_about_as_many_records_as_asked_for(made: Simulated, clean: Simulated) -> None:
    assert sum(clean.rows.values()) == RECORDS
    assert RECORDS < sum(made.rows.values()) < RECORDS * 1.01


@pytest.mark.parametrize("source", sorted({*BY_ID} - {"power"}))
def test_files_hold_the_rows_that_were_counted(made: Simulated, source: str) -> None:
    assert len(rows(made, source)) == made.rows[source]


def test_json_lines_hold_the_rows_that_were_counted(made: Simulated) -> None:
    lines = made.files["power"].read_text("utf-8", errors="replace").splitlines()
    assert len(lines) == made.rows["power"]
    torn = sum(not line.endswith("}") for line in lines)
    assert torn == made.planted["power"].get("torn", 0)


def test_the_same_seed_makes_the_same_bytes(made: Simulated, tmp_path: Path) -> None:
    again = simulate(records=RECORDS, out=tmp_path, on=ON)
    files = [path.relative_to(tmp_path) for path in tmp_path.rglob("*") if path.is_file()]
    assert len(files) == 21 + 4
    for file in files:
        assert (tmp_path / file).read_bytes() == (made.folder / file).read_bytes(), file
    assert again.planted == made.planted


def test_another_seed_makes_other_firms(made: Simulated, tmp_path: Path) -> None:
    other = simulate(records=2_000, out=tmp_path, on=ON, seed=2)
    codes = [{row[3] for row in rows(one, "registration")} for one in (made, other)]
    assert len(codes[0] & codes[1]) <= 2  # empty cells are alike


def test_every_kind_of_fault_is_planted_somewhere(made: Simulated) -> None:
    found = set().union(*made.planted.values())
    expected = {fault.value for fault in (*OF_WHOM, *OF_WRITING)}
    assert expected | {Fault.OLD_CODE, Fault.RENAMED, Fault.MOVED} <= found


def test_counts_stand_in_the_truth_and_beside_it(made: Simulated) -> None:
    counted = Counter((row["source"], row["planted"]) for row in truth(made))
    planted = {
        (source, fault): count
        for source, faults in made.planted.items()
        for fault, count in faults.items()
    }
    assert {key: count for key, count in counted.items() if key[1]} == planted
    said = json.loads((made.folder / "truth" / "planted.json").read_text("utf-8"))
    assert said["simulated"] is True
    assert {source: one["rows"] for source, one in said["sources"].items()} == made.rows
    assert {source: one["planted"] for source, one in said["sources"].items()} == made.planted


def test_clean_files_have_only_what_time_changes(clean: Simulated) -> None:
    assert set().union(*clean.planted.values()) <= {"old_code", "renamed", "moved"}


@pytest.mark.parametrize(
    ("source", "column"),
    [
        ("registration", "UNISCID"),
        ("licence", "XK_XDR_SHXYM"),
        ("water", "身份证号"),
        ("court-enforcement", "统一社会信用代码"),
    ],
)
def test_lines_of_the_truth_name_whose_rows_they_are(
    made: Simulated, source: str, column: str
) -> None:
    keys = {row["entity"]: row["keys"] for row in truth(made, "entities")}
    head = made.files[source].read_text(BY_ID[source].encoding, errors="replace").split("\n")[0]
    place = head.split(BY_ID[source].delimiter).index(column)
    records = rows(made, source)
    looked = 0
    for row in truth(made):
        if row["source"] != source or row["planted"] not in {"", "variant", "renamed", "old_code"}:
            continue
        assert isinstance(row["line"], int)
        code = records[row["line"] - 2][place]
        if code:
            looked += 1
            key = f"p:{code}" if column == "身份证号" else f"o:{code[8:17]}"
            assert key in keys[row["entity"]]  # type: ignore[operator]  # a list of texts
    assert looked > 100


def test_a_wrong_code_is_anothers_or_nobodys(made: Simulated) -> None:
    keys = {row["entity"]: row["keys"] for row in truth(made, "entities")}
    every = {key for each in keys.values() for key in each}  # type: ignore[attr-defined]
    records = rows(made, "social-insurance")
    found: Counter[object] = Counter()
    for row in truth(made):
        if row["source"] == "social-insurance" and row["planted"] in {"wrong_code", "other_code"}:
            assert isinstance(row["line"], int)
            key = f"o:{records[row['line'] - 2][1][8:17]}"
            found[row["planted"]] += 1
            assert key in every
            own = key in keys[row["entity"]]  # type: ignore[operator]  # a list of texts
            assert own == (row["planted"] == "wrong_code")
    assert found["wrong_code"] > 0
    assert found["other_code"] > 0


def test_changes_of_code_lead_to_the_same_entity(made: Simulated) -> None:
    keys = {row["entity"]: row["keys"] for row in truth(made, "entities")}
    records, looked = rows(made, "code-history"), 0
    for row in truth(made):
        if row["source"] == "code-history" and row["planted"] in {"", "variant", "moved"}:
            assert isinstance(row["line"], int)
            _, _, kind, old, new, *_ = records[row["line"] - 2]
            own = keys[row["entity"]]
            assert {f"o:{new[8:17]}", f"r:{old}" if kind == "注册号" else f"o:{old[8:17]}"} <= set(
                own
            )  # type: ignore[call-overload]  # a list of texts
            looked += 1
    assert looked > 300


def test_addresses_are_mostly_an_entitys_own(clean: Simulated) -> None:
    seen: dict[object, Counter[str]] = {}
    records = rows(clean, "water")
    for row in truth(clean):
        if row["source"] == "water":
            assert isinstance(row["line"], int)
            seen.setdefault(row["entity"], Counter())[records[row["line"] - 2][6]] += 1
    busy = [counts for counts in seen.values() if counts.total() >= 10]
    share = sum(max(counts.values()) for counts in busy) / sum(each.total() for each in busy)
    assert len(busy) > 50
    assert 0.85 < share < 0.95


def test_the_village_has_200_households(made: Simulated) -> None:
    households = truth(made, "households")
    assert len({row["rid"] for row in households}) == 200
    assert len({row["collective"] for row in households}) == 1
    assert str(households[0]["collective"]).startswith("N2")
    heads = {row["entity"] for row in households}
    assert len(heads & {row["entity"] for row in truth(made)}) > 190


def test_parquet_says_that_it_is_made_up(made: Simulated) -> None:
    schema = pyarrow.parquet.read_schema(made.files["housing-fund"])
    assert SIMULATED in schema.metadata


def test_a_day_brings_new_rows_corrections_and_revocations(tmp_path: Path) -> None:
    first = simulate(records=RECORDS, out=tmp_path / "first", on=ON)
    day = simulate_delta(records=RECORDS, out=tmp_path / "day", on=ON, share_mille=20)
    assert "tax-credit" not in day.rows
    assert day.planted["penalty"]["correction"] > 0
    assert day.planted["penalty"]["revocation"] > 0
    before = {row[13]: row for row in rows(first, "penalty")}
    again = [row for row in rows(day, "penalty") if row[13] in before]
    changed = day.planted["penalty"]["correction"] + day.planted["penalty"]["revocation"]
    assert len(again) == changed
    assert all(row != before[row[13]] for row in again)
    assert sum(row[27] == "1" for row in again) == day.planted["penalty"]["revocation"]
    assert day.planted["serious-dishonesty"][REPEATED] < first.rows["serious-dishonesty"]


def test_rows_do_not_depend_on_the_pieces_they_are_made_in(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = simulate(records=5_000, out=tmp_path / "whole", on=ON)
    monkeypatch.setattr("yinuo.credit.simulation.simulate.CHUNK", 400)
    pieces = simulate(records=5_000, out=tmp_path / "pieces", on=ON)
    assert pieces.planted == whole.planted
    for source in ("registration", "penalty", "water"):
        assert sorted(map(str, rows(pieces, source))) == sorted(map(str, rows(whole, source)))


def test_a_folder_with_something_in_it_is_refused(tmp_path: Path) -> None:
    (tmp_path / "mine.csv").write_text("1")
    with pytest.raises(FolderTaken) as refused:
        simulate(records=RECORDS, out=tmp_path, on=ON)
    assert str(tmp_path) in refused.value.what
    assert [path.name for path in tmp_path.iterdir()] == ["mine.csv"]


def test_orders_that_make_no_sense_are_refused(tmp_path: Path) -> None:
    with pytest.raises(TooFewRecords):
        simulate(records=10, out=tmp_path / "a", on=ON)
    with pytest.raises(BadShare):
        simulate_delta(records=RECORDS, out=tmp_path / "b", on=ON, share_mille=0)
    assert not list(tmp_path.iterdir())


def test_progress_reaches_the_end(tmp_path: Path) -> None:
    told: list[tuple[str, int, int]] = []
    simulate(records=1_000, out=tmp_path, on=ON, progress=lambda *step: told.append(step))
    assert told[-1] == ("生成", 1_000, 1_000)
    assert [done for _, done, _ in told] == sorted(done for _, done, _ in told)
