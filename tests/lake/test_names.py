"""Names: bytes in files, texts for whoever reads, in both forms of file."""

from hashlib import md5
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from yinuo.lake.engine import DuckDB
from yinuo.lake.names import BYTES, NAME, forms, octets, packed, texts

DIGITS = [md5(each.encode(), usedforsecurity=False).hexdigest() for each in "abcdef"]
ENTITIES = [f"E{each[:24]}" for each in DIGITS]
COLUMNS = ("record", "content", "entity", "said")


def names(digits: list[str]) -> pa.Array:
    return packed(pa.array([bytes.fromhex(each) for each in digits], pa.binary(BYTES)))


def written(folder: Path, *, as_texts: bool) -> Path:
    """A file of rows with names, as they are written now or as they were before."""
    path = folder / f"{'texts' if as_texts else 'names'}.parquet"
    record = pa.array(DIGITS) if as_texts else names(DIGITS)
    entity = pa.array(ENTITIES) if as_texts else names([e[1:] + e[1:9] for e in ENTITIES])
    said = pa.array([str(number) for number in range(len(DIGITS))])
    table = {"record": record, "content": record, "entity": entity, "said": said}
    pq.write_table(pa.table(table), path)
    return path


def test_names_are_their_digits_and_bytes() -> None:
    found = names(DIGITS)
    assert found.type == NAME
    assert texts(found).to_pylist() == DIGITS
    assert texts(found.slice(2, 3)).to_pylist() == DIGITS[2:5]
    assert texts(pa.chunked_array([found.slice(4), found.slice(0, 1)])).to_pylist() == [
        *DIGITS[4:],
        DIGITS[0],
    ]
    assert octets(found.slice(1)).tobytes().hex() == "".join(DIGITS[1:])


def test_texts_of_older_files_are_taken_for_names() -> None:
    old = pa.array(DIGITS)
    assert texts(old).to_pylist() == DIGITS
    assert octets(old).tobytes() == octets(names(DIGITS)).tobytes()


@pytest.mark.parametrize("as_texts", [True, False])
def test_readers_get_texts_unless_they_ask(tmp_path: Path, *, as_texts: bool) -> None:
    path = written(tmp_path, as_texts=as_texts)
    assert set(forms([path], COLUMNS)) == {"record", "content", "entity"}
    with DuckDB() as engine:
        engine.read("rows", [path], COLUMNS)
        found = engine.ask("SELECT record, content, entity, said FROM rows ORDER BY said")
    assert found == [
        (d, d, e, str(n)) for n, (d, e) in enumerate(zip(DIGITS, ENTITIES, strict=True))
    ]


def test_names_of_both_forms_meet(tmp_path: Path) -> None:
    with DuckDB() as engine:
        for as_texts in (True, False):
            path = written(tmp_path, as_texts=as_texts)
            engine.read(f"rows_{as_texts}", [path], COLUMNS, packed=True)
        joined = (
            "SELECT count(*) FROM rows_True AS a JOIN rows_False AS b "
            "ON a.record = b.record AND a.content = b.content AND a.entity = b.entity"
        )
        assert engine.ask(joined) == [(len(DIGITS),)]
        text = engine.dialect.entity_text.format("entity")
        sql = f"SELECT {text}, {engine.dialect.name_text.format('record')} FROM rows_True ORDER BY said"  # noqa: S608, E501
        assert engine.ask(sql) == list(zip(ENTITIES, DIGITS, strict=True))


def test_names_sort_as_their_digits(tmp_path: Path) -> None:
    path = written(tmp_path, as_texts=False)
    with DuckDB() as engine:
        engine.read("rows", [path], COLUMNS, packed=True)
        found = engine.ask("SELECT said FROM rows ORDER BY record")
    assert [DIGITS[int(said)] for (said,) in found] == sorted(DIGITS)


def test_a_column_of_another_kind_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "log.parquet"
    pq.write_table(pa.table({"content": pa.array([1, 2]), "record": pa.array(["一", "二"])}), path)
    with DuckDB() as engine:
        engine.read("rows", [path], ("content", "record"))
        assert engine.ask("SELECT * FROM rows ORDER BY content") == [(1, "一"), (2, "二")]
