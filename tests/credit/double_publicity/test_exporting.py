import csv
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet
import pytest
from python_calamine import CalamineWorkbook

from yinuo.credit.double_publicity.columns import NEW, OLD, PUBLISHED, Decision, Shown
from yinuo.credit.double_publicity.errors import LacksColumns
from yinuo.credit.double_publicity.exporting import (
    Headed,
    published,
    ten_thousands,
    write_csv,
    write_workbook,
)
from yinuo.credit.simulation.simulate import simulate
from yinuo.lake.records.description import SourceDescription, Type
from yinuo.lake.records.landing import land
from yinuo.lake.records.parsing import read_description
from yinuo.lake.records.schema import record_schema

FOLDER = Path(__file__).parents[3] / "content" / "sources"
AT = datetime(2026, 11, 30, tzinfo=UTC)
SOURCES = {
    decision: read_description((FOLDER / f"{decision}.toml").read_bytes(), id=decision.value)
    for decision in Decision
}
BOTH = pytest.mark.parametrize("decision", Decision)


def landed(source: SourceDescription, file: Path, lake: Path) -> pa.Table:
    """The records of a file, in the order of its lines."""
    batch = land([file], source=source, lake=lake, at=AT)
    assert batch.quarantined == 0, batch.reasons
    folder = lake / "batches" / source.id / batch.id
    return pa.concat_tables(
        pyarrow.parquet.read_table(path) for path in sorted(folder.glob("records-*.parquet"))
    ).sort_by("line")


@pytest.fixture(scope="module")
def facts(tmp_path_factory: pytest.TempPathFactory) -> dict[Decision, pa.Table]:
    folder = tmp_path_factory.mktemp("facts")
    made = simulate(records=5_000, out=folder / "made", on=date(2026, 11, 29), dirty=False)
    return {
        decision: landed(SOURCES[decision], made.files[decision], folder / "lake")
        for decision in Decision
    }


def kept(source: SourceDescription, decision: Decision) -> Iterator[str]:
    """Fields that are written as they are and read again."""
    shown = {column.field for column in PUBLISHED[decision] if column.shown is Shown.PUBLIC}
    return (field.name for field in source.fields if field.name in shown)


@BOTH
@pytest.mark.parametrize("headed", Headed)
def test_what_is_exported_lands_again_as_it_was(
    facts: dict[Decision, pa.Table], tmp_path: Path, decision: Decision, headed: Headed
) -> None:
    table = facts[decision]
    pieces = [table.slice(0, 10), table.slice(10)]
    assert write_csv(pieces, decision, tmp_path / "out.csv", headed) == table.num_rows
    again = landed(SOURCES[decision], tmp_path / "out.csv", tmp_path / "lake")
    for name in kept(SOURCES[decision], decision):
        assert again[name].to_pylist() == table[name].to_pylist(), name
    of_firms = pa.compute.not_equal(table["subject"], "person")
    for name in ("record", "key", "code"):
        assert again[name].filter(of_firms).equals(table[name].filter(of_firms)), name


@BOTH
def test_a_workbook_lands_as_the_csv_does(
    facts: dict[Decision, pa.Table], tmp_path: Path, decision: Decision
) -> None:
    table = facts[decision]
    assert write_workbook([table], decision, tmp_path / "out.xlsx") == table.num_rows
    again = landed(SOURCES[decision], tmp_path / "out.xlsx", tmp_path / "lake")
    for name in kept(SOURCES[decision], decision):
        assert again[name].to_pylist() == table[name].to_pylist(), name


@BOTH
def test_papers_of_representatives_never_leave(
    facts: dict[Decision, pa.Table], tmp_path: Path, decision: Decision
) -> None:
    table = facts[decision]
    numbers = {number for number in table["representative_number"].to_pylist() if number}
    write_csv([table], decision, tmp_path / "out.csv")
    text = (tmp_path / "out.csv").read_text("utf-8")
    assert numbers
    assert "FR_ZJ" not in text
    assert not any(number in text for number in numbers)


@BOTH
def test_numbers_of_people_are_masked(facts: dict[Decision, pa.Table], decision: Decision) -> None:
    table = facts[decision]
    column = next(each.code for each in PUBLISHED[decision] if each.shown is Shown.MASKED)
    whole = table["rid"].to_pylist()
    shown = published(table, decision)[column].to_pylist()
    people = [(a, b) for a, b in zip(whole, shown, strict=True) if a]
    assert people
    assert all(b == f"{a[:6]}********{a[-4:]}" for a, b in people)


def test_money_is_in_ten_thousands_with_at_most_six_decimals() -> None:
    written = [ten_thousands(fen) for fen in (0, 1, 100, 123_400, 1_000_000, -1_500_000)]
    assert written == ["0", "0.000001", "0.0001", "0.1234", "1", "-1.5"]


def test_what_looks_like_a_formula_is_made_harmless(facts: dict[Decision, pa.Table]) -> None:
    table = facts[Decision.PENALTY].slice(0, 2)
    place = table.column_names.index("facts")
    bad = table.set_column(place, "facts", pa.array(["=HYPERLINK(1)", "违法-事实"]))
    assert published(bad, Decision.PENALTY)["CF_SY"].to_pylist() == ["'=HYPERLINK(1)", "违法-事实"]


@BOTH
def test_nothing_to_export_is_a_file_with_headings(tmp_path: Path, decision: Decision) -> None:
    empty = record_schema(SOURCES[decision]).empty_table()
    assert write_csv([empty], decision, tmp_path / "out.csv") == 0
    assert write_workbook([], decision, tmp_path / "out.xlsx") == 0
    head = next(csv.reader((tmp_path / "out.csv").read_text("utf-8-sig").splitlines()))
    assert head == [column.code for column in PUBLISHED[decision]]
    sheet = CalamineWorkbook.from_path(tmp_path / "out.xlsx").get_sheet_by_index(0).to_python()
    assert sheet == [[column.title for column in PUBLISHED[decision]]]


@BOTH
def test_facts_without_columns_are_refused_with_all_their_names(decision: Decision) -> None:
    with pytest.raises(LacksColumns) as refused:
        published(pa.table({"name": ["演示"]}), decision)
    assert "decided_on" in refused.value.what
    assert "authority" in refused.value.what


@BOTH
def test_the_descriptions_read_every_column_of_both_sets(decision: Decision) -> None:
    source = SOURCES[decision]
    read = {heading: field.name for field in source.fields for heading in field.headings}
    for column in NEW[decision]:
        assert read[column.code] == column.field
        assert read[column.title] == column.field
    for code, field in OLD[decision].items():
        assert read.get(code, "") == field
        assert field or code in source.ignored


def test_money_and_dates_are_typed_in_the_description() -> None:
    typed = {field.name: field.type for field in SOURCES[Decision.PENALTY].fields}
    assert typed["fine"] is typed["confiscated"] is Type.AMOUNT
    assert typed["decided_on"] is typed["public_until"] is Type.DATE
