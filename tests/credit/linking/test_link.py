from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from random import Random
from typing import Any

import pytest
from opencc import OpenCC

from tests.credit.linking.invented import described, firms, organisation
from tests.credit.linking.stated import linkage
from tests.credit.resolving.landed import live, record
from yinuo.credit.linking.blocking import TooManyPairs
from yinuo.credit.linking.link import Linked, link_records
from yinuo.lake.engine import DuckDB

FIRMS = firms(300)
ONE = FIRMS[7]


@pytest.fixture(name="engine")
def _engine() -> Iterator[DuckDB]:
    with DuckDB(memory="256MB", threads=1) as engine:
        yield engine


def linked(
    engine: DuckDB,
    rows: Sequence[Mapping[str, Any]],
    kind: str = "arrears",
    more: Sequence[Mapping[str, Any]] = (),
    **given: Any,
) -> Linked:
    """What linkage says of rows of a source beside the register of all invented firms."""
    asked: dict[str, Any] = {"into": {}, "settled": (), "barred": (), "linkage": linkage()} | given
    return link_records(
        engine=engine,
        live=[
            live(engine, "registration", "registration", [*(f.row() for f in FIRMS), *more]),
            live(engine, "some", kind, rows),
        ],
        **asked,
    )


def where(found: Linked) -> dict[str, str]:
    return {row["record"]: row["key"] for row in found.assigned.to_pylist()}


def proposed(found: Linked) -> dict[str, str]:
    return {row["record"]: row["key"] for row in found.proposals.to_pylist()}


def test_descriptions_without_a_code_find_their_firm_and_nobody_else(engine: DuckDB) -> None:
    luck = Random(3)  # noqa: S311  # no secret
    chosen = [luck.choice(FIRMS) for _ in range(200)]
    rows = [described(firm, luck) | {"record": str(n)} for n, firm in enumerate(chosen)]
    found = linked(engine, rows)
    truth = {record(str(n)): firm.key for n, firm in enumerate(chosen)}
    assert found.sent == 200
    assert all(truth[each] == key for each, key in where(found).items())
    assert all(truth[each] == key for each, key in proposed(found).items())
    assert len(where(found)) >= 140
    assert len(where(found)) + len(proposed(found)) >= 170


def test_the_reasons_are_in_words_and_in_weights(engine: DuckDB) -> None:
    row = {"record": "1", "name": ONE.name, "address": "大连市" + ONE.address, "region": "1"}
    (said,) = linked(engine, [row]).assigned.to_pylist()
    assert (said["key"], said["how"]) == (ONE.key, "linked")
    assert 990 <= said["score_mille"] <= 999
    assert '"words":"名称全称一致；区划不同；地址一致"' in said["evidence"]
    assert '"representative":"missing"' in said["evidence"]
    assert ONE.name not in said["evidence"]


@pytest.mark.parametrize("kind", ["penalty", "blacklist", "judgment"])
def test_what_hurts_is_only_ever_proposed(engine: DuckDB, kind: str) -> None:
    row = {"record": "1", **described(ONE, Random(1)), "name": ONE.name, "address": ONE.address}  # noqa: S311  # no secret
    found = linked(engine, [row], kind)
    assert where(found) == {}
    assert proposed(found) == {record("1"): ONE.key}


def test_the_name_alone_of_a_firm_that_is_the_only_one_links(engine: DuckDB) -> None:
    found = linked(engine, [{"record": "1", "name": ONE.name}])
    assert where(found) == {record("1"): ONE.key}


def test_a_name_that_two_firms_bear_is_left_to_a_person_or_to_nobody(engine: DuckDB) -> None:
    twin = {**ONE.row(), "key": "o:" + organisation(99), "address": None, "region": None}
    found = linked(engine, [{"record": "1", "name": ONE.name}], more=[twin])
    assert where(found) == {}


def test_the_same_address_and_representative_without_the_name_do_not_link(engine: DuckDB) -> None:
    row = {
        "record": "1",
        "name": "大连完全不同的物流有限公司",
        "region": ONE.region,
        "address": ONE.address,
        "legal_representative": ONE.representative,
    }
    found = linked(engine, [row])
    assert where(found) == {}


def test_a_code_written_wrong_helps_and_another_valid_one_forbids(engine: DuckDB) -> None:
    wrong = ONE.code[:-1] + ("0" if ONE.code[-1] != "0" else "1")
    row = {"name": ONE.name, "uscc": wrong}
    assert where(linked(engine, [{"record": "1", **row}])) == {record("1"): ONE.key}
    other = FIRMS[8].code[:-1] + ("0" if FIRMS[8].code[-1] != "0" else "1")
    found = linked(engine, [{"record": "1", **row, "uscc": other, "address": ONE.address}])
    assert ONE.key not in {*where(found).values(), *proposed(found).values()}


def test_what_a_person_ruled_out_or_settled_is_left_alone(engine: DuckDB) -> None:
    row = {"record": "1", "name": ONE.name, "address": ONE.address}
    barred = linked(engine, [row], barred=[(record("1"), ONE.key)])
    assert (where(barred), proposed(barred)) == ({}, {})
    settled = linked(engine, [row], settled=[record("1")])
    assert (where(settled), proposed(settled), settled.sent) == ({}, {}, 0)


def test_an_entity_is_called_by_the_key_that_stands_for_it(engine: DuckDB) -> None:
    new = "o:" + organisation(77)
    found = linked(engine, [{"record": "1", "name": ONE.name}], into={ONE.key: new, new: new})
    assert where(found) == {record("1"): new}


def test_a_column_filled_with_one_value_stops_everything_and_says_why(engine: DuckDB) -> None:
    rows = [
        {"record": str(n), "name": f"大连试{n}商贸有限公司", "account": "0"} for n in range(50)
    ] + [
        {"record": f"k{n}", "key": f.key, "name": f.name, "account": "0"}
        for n, f in enumerate(FIRMS)
    ]
    with pytest.raises(TooManyPairs) as error:
        linked(engine, rows, linkage=linkage(pairs_per_description=2))
    assert "account 产生 15000 对，其中“some:0”" in str(error.value)
    assert error.value.next_step


def test_an_account_leads_to_its_holder_if_the_name_agrees(engine: DuckDB) -> None:
    other = "o:" + organisation(55)
    rows = [
        {"record": "k", "key": other, "name": "大连外地来的商贸有限公司", "account": "123"},
        {"record": "1", "name": "大连外地来的商贸有限公司", "account": "123"},
        {"record": "2", "name": "别人", "account": "123"},
    ]
    found = linked(engine, rows)
    assert where(found) == {record("1"): other}


def test_records_that_say_the_same_and_are_nobody_s_are_alike(engine: DuckDB) -> None:
    row = {"name": "外地某某", "address": "某路1号"}
    rows = [
        {"record": "1", **row},
        {"record": "2", **row},
        {"record": "3", "name": "外地某某"},
        {"record": "4", "name": "外地某某"},
    ]
    assert linked(engine, rows).alike == (tuple(sorted([record("1"), record("2")])),)


def test_people_need_more_than_a_name(engine: DuckDB) -> None:
    rows = [
        {"key": "p:11010519491231002X", "name": "试瑞丰", "address": "样例街1号2室"},
        {"record": "1", "name": "试瑞丰", "address": "大连市样例街1号2室"},
        {"record": "2", "name": "试瑞丰"},
    ]
    some = [{"subject": "person", **row} for row in rows]
    source = live(engine, "water", "arrears", some)
    people = replace(source, source=replace(source.source, subject="person"))
    found = link_records(
        engine=engine, live=[people], linkage=linkage(), into={}, settled=(), barred=()
    )
    assert where(found) == {record("1"): "p:11010519491231002X"}


def test_traditional_characters_lead_to_firms_and_people_that_the_register_writes_simply(
    engine: DuckDB,
) -> None:
    traditional = OpenCC("s2t").convert
    row = {"name": traditional(ONE.name), "address": traditional(ONE.address)}
    assert row["name"] != ONE.name
    assert where(linked(engine, [{"record": "1", **row}])) == {record("1"): ONE.key}

    rows = [
        {"key": "p:11010519491231002X", "name": "试宁丰", "address": "样例街1号2室"},
        {"record": "1", "name": "試寧豐", "address": "大連市樣例街１號２室"},
    ]
    source = live(engine, "water", "arrears", [{"subject": "person", **each} for each in rows])
    people = replace(source, source=replace(source.source, subject="person"))
    found = link_records(
        engine=engine, live=[people], linkage=linkage(), into={}, settled=(), barred=()
    )
    assert where(found) == {record("1"): "p:11010519491231002X"}


@pytest.mark.parametrize("written", ["試寧豐", "試宁豐", "试甯豐"])
@pytest.mark.parametrize("asked", ["试宁丰", "試寧豐"])
def test_people_are_found_however_their_own_register_writes_them(
    engine: DuckDB, written: str, asked: str
) -> None:
    rows = [
        {"key": "p:11010519491231002X", "name": written, "address": "樣例街1號2室"},
        {"key": "p:110105194912310046", "name": "試寧峰", "address": "樣例街1號2室"},
        {"record": "1", "name": asked, "address": "大连市样例街1号2室"},
    ]
    source = live(engine, "water", "arrears", [{"subject": "person", **each} for each in rows])
    people = replace(source, source=replace(source.source, subject="person"))
    found = link_records(
        engine=engine, live=[people], linkage=linkage(), into={}, settled=(), barred=()
    )
    assert where(found) == {record("1"): "p:11010519491231002X"}


def test_without_anything_to_link_nothing_happens(engine: DuckDB) -> None:
    found = linked(engine, [{"key": ONE.key, "name": ONE.name}])
    assert (found.sent, found.descriptions, found.assigned.num_rows) == (0, 0, 0)


def test_a_name_under_which_a_firm_stands_twice_elsewhere_is_one_of_its_names(
    engine: DuckDB,
) -> None:
    """Once may be another firm's code beside the name by mistake."""
    key, name = "o:" + organisation(66), "大连测无登记者物流有限公司"
    known = {"key": key, "name": name}
    row = {"record": "1", "name": name}
    assert where(linked(engine, [row, known])) == {}
    assert where(linked(engine, [row, known, {**known, "record": "again"}])) == {record("1"): key}
