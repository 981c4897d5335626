"""The shipped descriptions, and made-up files of the sources landed by them."""

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from pathlib import Path

import pyarrow.parquet
import pytest

from yinuo.credit.record_kinds import BY_NAME, NEVER_LINKED
from yinuo.credit.simulation.simulate import Simulated, simulate, simulate_delta
from yinuo.credit.simulation.systems.catalogue import BY_ID
from yinuo.lake.records.batch import RecordBatch
from yinuo.lake.records.description import Disclosure, Of, Openness, SourceDescription, Type
from yinuo.lake.records.gates import check
from yinuo.lake.records.landing import land
from yinuo.lake.records.parsing import read_description

FOLDER = Path(__file__).parents[2] / "content" / "sources"
ON = date(2026, 11, 29)
AT = datetime(2026, 11, 30, tzinfo=UTC)
RECORDS = 40_000


def described() -> Mapping[str, SourceDescription]:
    return {
        path.stem: read_description(path.read_bytes(), id=path.stem)
        for path in sorted(FOLDER.glob("*.toml"))
    }


SOURCES = described()
OWN = "commitment-outcomes"


@pytest.fixture(scope="module")
def landed(
    tmp_path_factory: pytest.TempPathFactory,
) -> Mapping[str, list[tuple[RecordBatch, Simulated]]]:
    """Each source: its first batch and that of the day after, with what was planted."""
    folder = tmp_path_factory.mktemp("credit")
    made = (
        simulate(records=RECORDS, out=folder / "first", on=ON),
        simulate_delta(records=RECORDS, out=folder / "day", on=ON),
    )

    def batches(source: SourceDescription) -> Iterator[tuple[RecordBatch, Simulated]]:
        for one in made:
            if source.id in one.files:
                file = one.files[source.id]
                yield land([file], source=source, lake=folder / "lake", at=AT), one

    return {id_: list(batches(source)) for id_, source in SOURCES.items()}


@pytest.mark.parametrize("source", SOURCES.values(), ids=SOURCES)
def test_each_says_how_often_it_comes_and_who_may_have_it(source: SourceDescription) -> None:
    entry = source.catalogue
    assert entry is not None
    if source.disclosure is not Disclosure.PUBLIC:
        assert (entry.sharing, entry.opening) != (Openness.UNCONDITIONAL, Openness.UNCONDITIONAL)


def test_there_are_21_and_each_is_simulated() -> None:
    assert SOURCES.keys() == {*BY_ID, OWN}, "what this city keeps itself is never simulated"
    assert len(BY_ID) == 21


def test_every_kind_is_known() -> None:
    assert {source.kind for source in SOURCES.values()} <= BY_NAME.keys()
    assert {"penalty", "blacklist", "judgment"} == NEVER_LINKED


def test_every_source_says_whose_its_records_are() -> None:
    for source in SOURCES.values():
        assert source.of_type_name is not None, source.id
        assert source.identifiers, source.id


def test_nobody_is_shown_a_representatives_papers() -> None:
    for source in SOURCES.values():
        for field in source.fields:
            if field.of is Of.OTHER and "证件" in field.label:
                assert field.disclosure is Disclosure.NOBODY, (source.id, field.name)


def test_numbers_of_people_are_masked_and_kept_from_the_public() -> None:
    for source in SOURCES.values():
        for field in source.fields:
            if field.type is Type.RID and field.of is Of.SUBJECT:
                assert field.mask == (6, 4), source.id
                assert field.disclosure in {Disclosure.PURPOSE, Disclosure.SUBJECT}, source.id


def test_the_readme_names_every_source() -> None:
    text = (FOLDER / "README.md").read_text("utf-8")
    assert [id_ for id_ in SOURCES if f"`{id_}`" not in text] == []


@pytest.mark.parametrize("source", SOURCES)
def test_planted_faults_are_put_aside_and_nothing_else(
    landed: Mapping[str, list[tuple[RecordBatch, Simulated]]], source: str
) -> None:
    for batch, made in landed[source]:
        assert batch.read == made.rows[source]
        assert batch.quarantined == made.put_aside(source), batch.reasons
        assert batch.duplicate == made.duplicates(source)
        assert batch.read == batch.accepted + batch.quarantined + batch.duplicate


@pytest.mark.parametrize("source", SOURCES)
def test_what_is_taken_back_is_taken_back(
    landed: Mapping[str, list[tuple[RecordBatch, Simulated]]], source: str
) -> None:
    for batch, made in landed[source]:
        files = sorted((made.folder.parent / "lake" / "batches" / source / batch.id).glob("rec*"))
        revoked = [pyarrow.parquet.read_table(file, columns=["revoked"]) for file in files]
        found = sum(sum(table["revoked"].to_pylist()) for table in revoked)
        assert found == made.planted[source].get("revocation", 0)


@pytest.mark.parametrize("source", SOURCES)
def test_a_made_up_delivery_passes_its_gate(
    landed: Mapping[str, list[tuple[RecordBatch, Simulated]]], source: str
) -> None:
    for batch, _ in landed[source]:
        assert check(batch, SOURCES[source]) == ()
