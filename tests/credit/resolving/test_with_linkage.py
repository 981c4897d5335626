"""People, codes and the model together."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from tests.credit.linking.invented import firms
from tests.credit.linking.stated import linkage
from tests.credit.resolving.landed import live, record
from yinuo.credit.resolving import tables
from yinuo.credit.resolving.judgements import Judgement
from yinuo.credit.resolving.resolve import Resolution, resolve
from yinuo.lake.engine import DuckDB

FIRMS = firms(60)
ONE = FIRMS[3]
AT = datetime(2026, 11, 29, tzinfo=UTC)
ROW = {"name": ONE.name, "address": ONE.address}
NOBODY = {"name": "外地某某公司", "address": "某路1号"}


@pytest.fixture(name="engine")
def _engine() -> Iterator[DuckDB]:
    with DuckDB(memory="256MB", threads=1) as engine:
        yield engine


def resolved(
    engine: DuckDB,
    into: Path,
    rows: Mapping[str, Mapping[str, Any]],
    *judgements: Judgement,
    previous: Path | None = None,
    kind: str = "arrears",
) -> tuple[Resolution, dict[str, tuple[str, str]]]:
    """Counts, and short name → (key, how) of what was assigned."""
    into.mkdir()
    found = resolve(
        engine=engine,
        live=[
            live(engine, "registration", "registration", [firm.row() for firm in FIRMS]),
            live(engine, "some", kind, [{"record": name, **row} for name, row in rows.items()]),
        ],
        judgements=judgements,
        previous=previous,
        into=into,
        link=linkage(),
    )
    names = {record(name): name for name in rows}
    return found, {
        names[row["record"]]: (row["key"], row["how"])
        for row in tables.read(into, tables.ASSIGNED).to_pylist()
    }


def said(number: int, left: str, right: str, *, same: bool) -> Judgement:
    return Judgement(
        number=number, left=left, right=right, same=same, reason="核实", case="异-1", at=AT
    )


def rec(name: str) -> str:
    return f"rec:{record(name)}"


def test_a_link_that_a_person_rejects_never_comes_back(engine: DuckDB, tmp_path: Path) -> None:
    found, where = resolved(engine, tmp_path / "1", {"a": ROW})
    assert where == {"a": (ONE.key, "linked")}
    assert (found.linked, found.sent, found.remainder) == (1, 1, 1)
    word = said(1, rec("a"), ONE.key, same=False)
    for load in "23":
        _, where = resolved(
            engine, tmp_path / load, {"a": ROW, "b": ROW}, word, previous=tmp_path / "1"
        )
        assert where == {"b": (ONE.key, "linked")}


def test_a_proposal_that_a_person_confirms_is_a_judgement(engine: DuckDB, tmp_path: Path) -> None:
    found, where = resolved(engine, tmp_path / "1", {"a": ROW}, kind="penalty")
    assert (where, found.proposals) == ({}, 1)
    word = said(1, rec("a"), ONE.key, same=True)
    found, where = resolved(engine, tmp_path / "2", {"a": ROW}, word, kind="penalty")
    assert where == {"a": (ONE.key, "judged")}
    assert (found.proposals, found.judged, found.sent) == (0, 1, 0)


def test_of_two_records_held_apart_the_model_links_one(engine: DuckDB, tmp_path: Path) -> None:
    other = {**ROW, "region": ONE.region}
    word = said(1, rec("b"), rec("a"), same=False)
    _, where = resolved(engine, tmp_path / "1", {"a": ROW, "b": other}, word)
    assert where == {"a": (ONE.key, "linked")}


def test_nobody_s_records_that_say_the_same_are_one_and_stay_one(
    engine: DuckDB, tmp_path: Path
) -> None:
    _, where = resolved(engine, tmp_path / "1", {"b": NOBODY, "c": NOBODY})
    (first,) = set(where.values())
    assert first[1] == "linked"
    more = {"c": NOBODY, "a": NOBODY, "b": NOBODY, "d": NOBODY}
    _, again = resolved(engine, tmp_path / "2", more, previous=tmp_path / "1")
    assert again == dict.fromkeys(more, first)
    word = said(1, rec("b"), rec("c"), same=False)
    _, parted = resolved(engine, tmp_path / "3", more, word, previous=tmp_path / "2")
    assert len({parted[name][0] for name in "bcd"}) == 3
    assert parted["a"] == parted["d"] == first


def test_the_same_input_gives_the_same_bytes(engine: DuckDB, tmp_path: Path) -> None:
    rows = {str(n): {"name": f.name, "address": f.address} for n, f in enumerate(FIRMS[:20])}
    first, _ = resolved(engine, tmp_path / "1", rows)
    again, _ = resolved(engine, tmp_path / "2", dict(reversed(rows.items())))
    assert first.digest == again.digest
    assert first.linked == 20
