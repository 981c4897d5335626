"""The whole of it on a few records: whose they are, and that it stays so load after load."""

import tempfile
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.credit.resolving.landed import live, record
from yinuo.credit.resolving import tables
from yinuo.credit.resolving.judgements import Judgement
from yinuo.credit.resolving.resolve import Resolution, resolve
from yinuo.lake.engine import DuckDB

AT = datetime(2026, 11, 29, tzinfo=UTC)
FIRM, OTHER, THIRD = "o:M000100Y4", "o:000000334", "o:000000019"
Rows = Sequence[dict[str, Any]]


@pytest.fixture(name="engine")
def _engine() -> Iterator[DuckDB]:
    with DuckDB(memory="256MB", threads=1) as engine:
        yield engine


def said(number: int, left: str, right: str, *, same: bool) -> Judgement:
    return Judgement(
        number=number, left=left, right=right, same=same, reason="核实", case="异-1", at=AT
    )


def rec(name: str) -> str:
    return f"rec:{record(name)}"


class Lake:
    """Penalties that come load after load, each resolved upon the one before."""

    def __init__(self, engine: DuckDB, folder: Path) -> None:
        self.engine, self.folder, self.loads = engine, folder, 0

    def resolve(
        self, penalties: Rows, judgements: Sequence[Judgement] = (), changes: Rows = ()
    ) -> tuple[Resolution, dict[str, str]]:
        """Counts, and record (by its short name) → key under which it stands."""
        self.loads += 1
        previous = self.folder / str(self.loads - 1)
        into = self.folder / str(self.loads)
        into.mkdir()
        sources = [
            live(self.engine, "penalty", "penalty", [{"name": "甲", **p} for p in penalties])
        ]
        if changes:
            sources.append(live(self.engine, "history", "history", changes))
        found = resolve(
            engine=self.engine,
            live=sources,
            judgements=judgements,
            previous=previous if previous.is_dir() else None,
            into=into,
        )
        return found, {p["record"]: self.effective(into, p) for p in penalties}

    @staticmethod
    def effective(folder: Path, row: dict[str, Any]) -> str:
        """The key of a record by the rule that publishing uses."""
        assigned = {
            each["record"]: each["key"] for each in tables.read(folder, tables.ASSIGNED).to_pylist()
        }
        moved = {
            each["key"]: each["into"] for each in tables.read(folder, tables.MOVED).to_pylist()
        }
        own, key = record(row["record"]), row.get("key")
        if own in assigned:
            return str(assigned[own])
        return moved.get(key, key) if key else f"n:{own}"


@pytest.fixture(name="lake")
def _lake(engine: DuckDB, tmp_path: Path) -> Lake:
    return Lake(engine, tmp_path)


def change(old: str, new: str, on: date) -> dict[str, Any]:
    return {"old_code": old, "new_code": new, "changed_on": on, "name": "甲"}


CHANGE = change("M000100Y4", "912102000000003340", date(2020, 1, 1))


def test_old_codes_lead_to_the_new_entity_with_every_step_of_the_way(lake: Lake) -> None:
    found, where = lake.resolve(
        [{"record": "a", "key": FIRM}, {"record": "b", "key": OTHER}, {"record": "c"}],
        changes=[CHANGE],
    )
    assert where == {"a": OTHER, "b": OTHER, "c": f"n:{record('c')}"}
    assert (found.records, found.code, found.history, found.none) == (4, 1, 1, 2)
    assert (found.remainder, found.never_sent_mille) == (2, 1000)
    (row,) = tables.read(found.folder, tables.MOVED).to_pylist()
    assert row["why"] == "history"
    assert "2020-01-01 代码变更" in row["evidence"]


def test_a_split_stays_over_the_next_loads_and_a_dump_without_deletion(lake: Lake) -> None:
    wrong = {"record": "p", "key": FIRM}
    _, where = lake.resolve([wrong])
    assert where["p"] == FIRM
    split = [said(1, rec("p"), FIRM, same=False)]
    _, where = lake.resolve([wrong], split)
    assert where["p"] == f"n:{record('p')}"
    _, where = lake.resolve([wrong, {"record": "new", "key": FIRM}], split)
    assert where == {"p": f"n:{record('p')}", "new": FIRM}
    _, where = lake.resolve([{**wrong, "name": "甲（更正）"}], split)
    assert where["p"] == f"n:{record('p')}"


def test_a_split_holds_when_the_firm_s_code_changes_later(lake: Lake) -> None:
    split = [said(1, rec("p"), FIRM, same=False)]
    _, where = lake.resolve([{"record": "p", "key": OTHER}], split, [CHANGE])
    assert where["p"] == f"n:{record('p')}"


def test_a_newer_word_on_the_same_entity_holds(lake: Lake) -> None:
    words = [said(1, rec("p"), FIRM, same=False), said(2, rec("p"), FIRM, same=True)]
    found, where = lake.resolve([{"record": "p", "key": FIRM}], words)
    assert (where["p"], found.judged) == (FIRM, 1)


def test_a_split_record_goes_where_a_person_puts_it(lake: Lake) -> None:
    words = [said(1, rec("p"), FIRM, same=False), said(2, rec("p"), THIRD, same=True)]
    found, where = lake.resolve([{"record": "p", "key": FIRM}], words)
    assert where["p"] == THIRD
    (row,) = tables.read(found.folder, tables.ASSIGNED).to_pylist()
    assert row["how"] == "judged"
    assert '"judgement":2' in row["evidence"]


def test_a_person_s_word_moves_a_whole_key_and_history_yields_to_a_veto(lake: Lake) -> None:
    rows = [{"record": "a", "key": FIRM}, {"record": "b", "key": OTHER}]
    _, where = lake.resolve(rows, [said(1, FIRM, THIRD, same=True)])
    assert where["a"] == min(FIRM, THIRD)
    found, where = lake.resolve(rows, [said(2, FIRM, OTHER, same=False)], [CHANGE])
    assert where == {"a": FIRM, "b": OTHER}
    (row,) = tables.read(found.folder, tables.WITHHELD).to_pylist()
    assert (row["left"], row["right"], row["why"]) == (FIRM, OTHER, "judged")
    assert found.withheld == 1


def test_records_without_a_code_that_people_put_together_keep_their_id(lake: Lake) -> None:
    words = [said(1, rec("a"), rec("b"), same=True), said(2, rec("b"), rec("c"), same=True)]
    _, where = lake.resolve([{"record": name} for name in "abc"], words)
    assert len(set(where.values())) == 1
    first = where["a"]
    _, where = lake.resolve([{"record": name} for name in "cab"], words)
    assert set(where.values()) == {first}
    words.append(said(3, rec("a"), rec("b"), same=False))
    _, where = lake.resolve([{"record": name} for name in "abc"], words)
    assert where["a"] != where["b"] == where["c"] == first


def test_a_record_follows_the_one_it_was_put_with_to_its_code(lake: Lake) -> None:
    words = [said(1, rec("a"), rec("b"), same=True), said(2, rec("b"), rec("c"), same=True)]
    _, where = lake.resolve(
        [{"record": "a"}, {"record": "b"}, {"record": "c", "key": FIRM}], words, [CHANGE]
    )
    assert set(where.values()) == {OTHER}


def test_of_two_records_held_apart_the_left_one_leaves(lake: Lake) -> None:
    rows = [{"record": "a", "key": FIRM}, {"record": "b", "key": FIRM}]
    _, where = lake.resolve(rows, [said(1, rec("a"), rec("b"), same=False)])
    assert where == {"a": f"n:{record('a')}", "b": FIRM}


def test_a_number_with_many_names_is_nobody_s(engine: DuckDB, tmp_path: Path) -> None:
    rows = [
        {"record": str(n), "subject": "person", "key": "p:11010519491231002X", "name": f"试{n}"}
        for n in range(6)
    ]
    few = [{**row, "key": "p:110105194912310011"} for row in rows[:5]]
    sources = [
        live(engine, "wages", "payment", rows),
        live(engine, "water", "arrears", [{**row, "record": f"w{row['record']}"} for row in few]),
    ]
    found = resolve(engine=engine, live=sources, judgements=(), previous=None, into=tmp_path)
    assert (found.code, found.none) == (5, 6)
    for row in tables.read(tmp_path, tables.ASSIGNED).to_pylist():
        assert row["key"] == f"n:{row['record']}"
        assert "有 6 个姓名" in row["evidence"]
        assert "1101" not in row["evidence"]


@settings(max_examples=15, deadline=None)
@given(st.permutations(range(6)), st.permutations(range(4)))
def test_the_same_input_gives_the_same_bytes(order: list[int], words: list[int]) -> None:
    rows = [
        {"record": "a", "key": FIRM},
        {"record": "b", "key": OTHER},
        {"record": "c"},
        {"record": "d"},
        {"record": "e", "key": THIRD},
        {"record": "f", "key": FIRM},
    ]
    judgements = [
        said(1, rec("c"), rec("d"), same=True),
        said(2, rec("a"), FIRM, same=False),
        said(3, THIRD, OTHER, same=True),
        said(4, rec("f"), rec("c"), same=False),
    ]
    with tempfile.TemporaryDirectory() as folder, DuckDB(memory="256MB", threads=1) as engine:
        found, _ = Lake(engine, Path(folder)).resolve(
            [rows[n] for n in order], [judgements[n] for n in words], [CHANGE]
        )
        assert found.digest == DIGEST.setdefault("first", found.digest)


DIGEST: dict[str, str] = {}
nodes = st.sampled_from([rec("a"), rec("b"), rec("c"), FIRM, OTHER, THIRD])


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.tuples(nodes, nodes, st.booleans()).filter(lambda t: t[0] != t[1]), max_size=6),
    st.booleans(),
)
def test_what_a_person_held_apart_never_ends_joined(
    words: list[tuple[str, str, bool]],
    changed: bool,  # noqa: FBT001  # Hypothesis passes by name
) -> None:
    """Unless a newer word about that very record, or that pair, says otherwise."""
    judgements = [
        said(number, left, right, same=same)
        for number, (left, right, same) in enumerate(words, start=1)
    ]
    rows: Rows = [{"record": "a", "key": FIRM}, {"record": "b"}, {"record": "c", "key": OTHER}]
    with tempfile.TemporaryDirectory() as folder, DuckDB(memory="256MB", threads=1) as engine:
        found, where = Lake(engine, Path(folder)).resolve(
            rows, judgements, [CHANGE] if changed else []
        )
        moved = {
            each["key"]: each["into"]
            for each in tables.read(found.folder, tables.MOVED).to_pylist()
        }
    place = {rec(name): key for name, key in where.items()}
    place |= {key: moved.get(key, key) for key in (FIRM, OTHER, THIRD)}
    for each in judgements:
        overruled = any(
            later.number > each.number
            and later.same
            and {later.left, later.right} & {each.left, each.right}
            and (later.pair == each.pair or "rec:" in {later.left[:4], later.right[:4]})
            for later in judgements
        )
        if not each.same and not overruled:
            assert place[each.left] != place[each.right], each
