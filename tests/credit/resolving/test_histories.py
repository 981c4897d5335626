from collections.abc import Iterator
from datetime import date

import pytest

from tests.credit.resolving.landed import live, record
from yinuo.credit.resolving.components import Edge
from yinuo.credit.resolving.histories import Claim, Histories, NoHistory, edges_of, histories
from yinuo.credit.resolving.live import Live
from yinuo.lake.engine import DuckDB

OLD, NEW = "91350100M000100Y43", "912102000000003340"
REG = "210200000000017"


@pytest.fixture(name="engine")
def _engine() -> Iterator[DuckDB]:
    with DuckDB(memory="256MB", threads=1) as engine:
        yield engine


def said(engine: DuckDB, live: list[Live]) -> Histories:
    return histories(engine, live)


def edges(engine: DuckDB, live: list[Live]) -> list[Edge]:
    return edges_of(said(engine, live).changes)


def change(old: str, new: str, on: date, name: str) -> dict[str, object]:
    return {"record": name, "old_code": old, "new_code": new, "changed_on": on, "name": "甲"}


def test_a_change_of_code_joins_its_keys_with_its_date(engine: DuckDB) -> None:
    some = live(engine, "history", "history", [change(OLD, NEW, date(2020, 5, 1), "h")])
    (edge,) = edges(engine, [some])
    assert (edge.left, edge.right, edge.on) == ("o:M000100Y4", "o:000000334", date(2020, 5, 1))
    assert edge.said == {"source": "history", "record": record("h")}


@pytest.mark.parametrize("old", [OLD, "M000100Y4", "M000100Y-4", "350100M000100Y4"])
def test_any_kind_of_old_code_is_read(engine: DuckDB, old: str) -> None:
    some = live(engine, "history", "history", [change(old, NEW, date(2020, 5, 1), "h")])
    assert [edge.left for edge in edges(engine, [some])] == ["o:M000100Y4"]


def test_what_is_no_code_or_the_same_key_joins_nothing(engine: DuckDB) -> None:
    rows = [
        change("91350100M000100Y44", NEW, date(2020, 5, 1), "wrong check"),
        change("M000100Y4", OLD, date(2020, 5, 1), "the same organisation code"),
    ]
    some = live(engine, "history", "history", rows)
    assert edges(engine, [some]) == []


def test_a_registration_that_bears_both_joins_number_and_code(engine: DuckDB) -> None:
    register = live(
        engine,
        "registration",
        "registration",
        [{"record": "g", "key": "o:M000100Y4", "uscc": OLD, "reg": REG, "name": "甲"}],
    )
    borne = live(engine, "penalty", "penalty", [{"key": f"r:{REG}", "name": "甲"}])
    (edge,) = edges(engine, [register, borne])
    assert (edge.left, edge.right) == (f"r:{REG}", "o:M000100Y4")
    assert edges(engine, [register]) == [], "nobody bears the number: nothing to move"


def test_a_number_that_two_codes_claim_joins_neither(engine: DuckDB) -> None:
    rows = [
        {"key": "o:M000100Y4", "reg": REG, "name": "甲"},
        {"key": "o:000000334", "reg": REG, "name": "乙"},
    ]
    register = live(engine, "registration", "registration", rows)
    borne = live(engine, "penalty", "penalty", [{"key": f"r:{REG}", "name": "甲"}])
    found = said(engine, [register, borne])
    assert found.changes.num_rows == 0
    assert found.claims == (Claim(f"r:{REG}", ("o:000000334", "o:M000100Y4")),)


def test_the_newest_of_two_same_changes_counts(engine: DuckDB) -> None:
    rows = [change(OLD, NEW, date(2019, 1, 1), "a"), change(OLD, NEW, date(2021, 1, 1), "b")]
    (edge,) = edges(engine, [live(engine, "history", "history", rows)])
    assert edge.on == date(2021, 1, 1)


def test_a_merger_is_a_relation_and_joins_nothing(engine: DuckDB) -> None:
    some = live(engine, "mergers", "relation", [change(OLD, NEW, date(2020, 5, 1), "h")])
    assert edges(engine, [some]) == []


def test_a_history_without_its_fields_is_named(engine: DuckDB) -> None:
    some = live(engine, "history", "history", [{"name": "甲"}])
    with pytest.raises(NoHistory, match="old_code、new_code、changed_on"):
        said(engine, [some])
