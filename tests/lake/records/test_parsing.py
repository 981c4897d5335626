"""Descriptions of sources: read as they are meant, or refused with all that is wrong."""

import re
from pathlib import Path

import pytest

from tests.lake.records.source import TOML
from yinuo.lake.records.description import CatalogueEntry, Cycle, Disclosure, Of, Openness, Type
from yinuo.lake.records.parsing import BadSource, read_description
from yinuo.lake.records.schema import RESERVED

SHIPPED = sorted((Path(__file__).resolve().parents[3] / "content" / "sources").glob("*.toml"))


def wrong(toml: str, id_: str = "x") -> set[str]:
    with pytest.raises(BadSource) as caught:
        read_description(toml.encode(), id=id_)
    assert all(each.rule and each.next_step for each in caught.value.findings)
    return {each.field for each in caught.value.findings}


def test_a_description_is_read(tmp_path: Path) -> None:
    source = read_description(TOML.encode("utf-8-sig"), id="penalty")
    assert (source.id, source.encoding, source.delivery) == ("penalty", "auto", "delta")
    assert source.by_name["fine"].unit == "万元"
    assert [each.type for each in source.identifiers] == [
        *(Type.USCC, Type.ORGANISATION, Type.TAX, Type.REGISTRATION, Type.RID),
    ]
    assert source.of_type_name is source.by_name["name"]
    assert source.by_name["rid"].of is Of.SUBJECT
    assert source.disclosure is Disclosure.PUBLIC
    assert source.expect.rows == (2, 1000)


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_shipped_descriptions_are_sound(path: Path) -> None:
    assert read_description(path.read_bytes(), id=path.stem).id == path.stem


def test_the_names_that_are_taken_are_told() -> None:
    told = (SHIPPED[0].parent / "README.md").read_text(encoding="utf-8")
    told = told.partition("taken already are")[2].partition("| key |")[0]
    assert set(re.findall(r"`(\w+)`", told)) == RESERVED


@pytest.mark.parametrize("name", ["record", "saying", "day", "evidence"])
def test_a_name_that_the_lake_has_itself_is_refused(name: str) -> None:
    assert wrong(TOML + f'\n[fields.{name}]\nlabel = "甲"\nheadings = ["甲列"]\n') == {
        f"fields.{name}."
    }


CATALOGUE = """
[catalogue]
cycle = "monthly"
sharing = "conditional"
sharing_terms = "按用途"
opening = "none"
"""


def test_what_the_catalogue_says_is_read_and_changes_no_record() -> None:
    bare = read_description(TOML.encode(), id="x")
    said = read_description((TOML + CATALOGUE).encode(), id="x")
    assert bare.catalogue is None
    assert said.catalogue == CatalogueEntry(
        cycle=Cycle.MONTHLY,
        sharing=Openness.CONDITIONAL,
        sharing_terms="按用途",
        opening=Openness.NONE,
    )
    assert said.digest == bare.digest


@pytest.mark.parametrize(
    ("faulty", "where"),
    [
        ("[catalogue]", {"cycle", "sharing", "opening"}),
        (CATALOGUE.replace("monthly", "often"), {"cycle"}),
        (CATALOGUE.replace("按用途", ""), {"sharing_terms"}),
        (CATALOGUE.replace('"conditional"', '"none"').replace("按用途", " "), {"sharing_terms"}),
        (CATALOGUE.replace('opening = "none"', 'opening = "conditional"'), {"opening_terms"}),
        (CATALOGUE + 'terms = "x"', {"terms"}),
        (CATALOGUE.replace('"按用途"', "3"), {"sharing_terms"}),
    ],
)
def test_what_is_missing_in_the_catalogue_is_told(faulty: str, where: set[str]) -> None:
    assert wrong(f"{TOML}\n{faulty}") == {f"catalogue.{each}" for each in where}


def test_all_faults_are_found_at_once() -> None:
    toml = """
        name = ""
        owner = "A"
        system = 3
        about = "x"
        kind = "penalty"
        subject = "state"
        encoding = "big5"
        delivery = "daily"
        disclosure = "secret"
        key = ["nowhere"]
        colour = "red"
        [expect]
        rows = [5, 1]
        rows_against_last = { min = 2, max = 0.5 }
        filled = { nowhere = 2000 }
        [retention]
        years = -1
        counted_from = "state"
        [revoking]
        field = "state"
        values = ["撤销"]
        [fields.content]
        label = "内容"
        headings = ["A"]
        [fields.Fine]
        label = ""
        headings = []
        type = "money"
        [fields.fine]
        label = "罚款"
        headings = ["ａ ", "B"]
        type = "amount"
        unit = "圆"
        mask = [1]
        [fields.state]
        label = "状态"
        headings = ["C"]
        type = "code"
        codes = { "0" = "正常" }
        unit = "元"
    """
    assert wrong(toml, "Penalty") == {
        *("文件名", "name", "system", "fields.state.codes", "encoding", "delivery"),
        *("disclosure", "key", "colour", "expect.rows"),
        *("expect.rows_against_last", "expect.filled", "expect.filled.nowhere"),
        *("retention.years", "retention.counted_from", "revoking.values", "fields.content."),
        *("fields.Fine.", "fields.Fine.label", "fields.Fine.headings", "fields.Fine.type"),
        *("fields.fine.unit", "fields.fine.mask", "fields.fine", "fields.state.unit"),
    }


@pytest.mark.parametrize(
    ("said", "read"),
    [
        ("{ min = 0.5, max = 2.0 }", (0.5, 2.0)),
        ("{ min = 0, max = 3 }", (0, 3)),
        ("{ min = 0.5 }", None),
        ("{ min = -0.5, max = 2 }", None),
        ("{ min = 0.5, max = inf }", None),
        ("{ min = nan, max = 2 }", None),
        ("{ min = 0.5, max = 2, mean = 1 }", None),
        ("[0.5, 2.0]", None),
        ("{ min = true, max = 2 }", None),
    ],
)
def test_the_bound_beside_the_last_batch(said: str, read: tuple[float, float] | None) -> None:
    toml = (SHIPPED[0].read_text(encoding="utf-8")).replace(
        "[expect]\n", f"[expect]\nrows_against_last = {said}\n", 1
    )
    if read is None:
        assert wrong(toml, SHIPPED[0].stem) == {"expect.rows_against_last"}
    else:
        found = read_description(toml.encode(), id=SHIPPED[0].stem)
        assert found.expect.rows_against_last == read


def test_what_is_no_toml_is_said() -> None:
    assert wrong("name = ") == {"TOML"}
    assert wrong("") >= {"name", "fields", "key", "delivery"}


def test_one_subject_has_one_identifier_of_a_kind() -> None:
    two = TOML + 'uscc2 = { label = "又一", headings = ["X"], type = "uscc" }\n'
    assert wrong(two) == {"fields"}
    read_description(
        two.replace('"X"], type = "uscc"', '"X"], of = "other", type = "uscc"').encode(), id="x"
    )


def test_columns_of_our_own_are_filled_by_what_they_are_named_after() -> None:
    assert wrong(
        TOML.replace("kind = { label", "subject = { label").replace(
            'subject = "kind"', 'subject = "firm"'
        )
    ) == {"fields.subject."}
    assert wrong(TOML.replace('type = "name", ', "")) == {"fields.name."}
