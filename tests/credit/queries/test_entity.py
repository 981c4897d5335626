"""An entity is shown as far as a purpose covers it, and only once the look is written down."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.credit import desk, landed
from tests.credit.desk import (
    LETTERS,
    MARKET,
    PERSON,
    SOURCES,
    WEDNESDAY,
    Desk,
    letter,
    numbers,
    penalty,
    registered,
)
from yinuo.credit.errors.joins import NoRelease, UnknownEntity
from yinuo.credit.purposes.purpose import PurposeRefused, UnknownPurpose
from yinuo.credit.queries.entity import by_code, by_entity, purposes
from yinuo.credit.reads.log import ReadLog, ReadNotLogged
from yinuo.credit.reads.verifying import verify
from yinuo.lake.records.description import Disclosure
from yinuo.parties.viewer import ANYONE

pytestmark = pytest.mark.django_db
CLOSED = replace(SOURCES["listing"], disclosure=Disclosure.SUBJECT)


@pytest.fixture
def at_desk(tmp_path: Path) -> Desk:
    sources = SOURCES | {"letters": LETTERS, "listing": CLOSED}
    found = desk.set_up(tmp_path, sources=sources)
    found.land("registration", registered(1, 2))
    found.land("penalty", [penalty("P1", 1)])
    found.land("listing", [{"编号": "L1", "名称": "", "代码": landed.code(1), "状态": "列入"}])
    found.land("letters", [letter("C1")])
    found.publish()
    return found


def reads(at_desk: Desk) -> list[dict[str, object]]:
    files = at_desk.means.reads.files()
    return [json.loads(line) for file in files for line in file.read_text("utf-8").splitlines()]


def test_every_fact_says_where_it_comes_from(at_desk: Desk) -> None:
    view = at_desk.look(1)
    assert (view.name, view.code, view.kind) == (desk.name_of(1), landed.code(1), "firm")
    (fact,) = (fact for each in view.sources if each.source == "penalty" for fact in each.facts)
    assert fact.batch.startswith("XP2024-")
    assert fact.first_seen == fact.last_seen == desk.MONDAY.date()
    assert (fact.how, fact.how_label) == ("code", "代码一致")
    assert fact.evidence
    assert {field.name: field.text for field in fact.fields}["fine"] == "500 元"
    assert view.simulated
    assert (
        by_entity(
            entity=view.entity,
            purpose="stewardship",
            means=at_desk.means,
            viewer=at_desk.city["centre"],
            at=WEDNESDAY,
        )
        == view
    )


def test_a_code_is_found_however_it_is_written(at_desk: Desk) -> None:
    given: dict[str, Any] = {
        "purpose": "stewardship",
        "means": at_desk.means,
        "viewer": at_desk.city["centre"],
    }
    plain = by_code(code=landed.code(1), at=WEDNESDAY, **given)
    wide = "".join(chr(ord(c) + 0xFEE0) for c in landed.code(1))
    for written in (wide, landed.code(1).lower(), f" {landed.code(1)} "):
        assert by_code(code=written, at=WEDNESDAY, **given) == plain


def test_a_purpose_hides_what_it_does_not_cover(at_desk: Desk) -> None:
    for_all = by_code(
        code=landed.code(1),
        purpose="public",
        means=at_desk.means,
        viewer=at_desk.city["tax"],
        at=WEDNESDAY,
    )
    assert [each.source for each in for_all.sources] == ["penalty", "registration"]
    assert for_all.hidden_sources == 1
    assert for_all.judgements == ()


def test_a_person_is_masked_and_not_for_everybody(at_desk: Desk) -> None:
    given: dict[str, Any] = {"code": PERSON, "means": at_desk.means, "at": WEDNESDAY}
    view = by_code(**given, purpose="stewardship", viewer=at_desk.city["centre"])
    assert (view.kind, view.name, view.code) == ("person", "试**", "110105********002X")
    assert PERSON not in str(view)
    with pytest.raises(PurposeRefused, match="不含这类主体"):
        by_code(**given, purpose="public", viewer=at_desk.city["centre"])
    with pytest.raises(PurposeRefused, match="只供"):
        by_code(**given, purpose="stewardship", viewer=ANYONE)


def test_the_keeper_of_one_source_is_no_keeper_of_another(at_desk: Desk) -> None:
    view = at_desk.look(1, by="market")
    assert MARKET in at_desk.city["market"].officer_of
    assert numbers(view, "penalty") == ["P1"]
    with pytest.raises(PurposeRefused):
        by_code(
            code=PERSON,
            purpose="stewardship",
            means=at_desk.means,
            viewer=at_desk.city["market"],
            at=WEDNESDAY,
        )


def test_a_refusal_does_not_tell_whether_there_are_records(at_desk: Desk) -> None:
    for code in (landed.code(1), landed.code(99), PERSON):
        with pytest.raises(PurposeRefused, match="只供"):
            by_code(
                code=code,
                purpose="objection",
                means=at_desk.means,
                viewer=at_desk.city["auditor"],
                at=WEDNESDAY,
            )
    assert reads(at_desk) == []


def test_each_look_is_written_down_and_names_no_code(at_desk: Desk) -> None:
    view = at_desk.look(1)
    (read,) = reads(at_desk)
    assert read["entity"] == view.entity
    assert (read["purpose"], read["capacity"]) == ("stewardship", "officer:DL-XYZX")
    assert "penalty.fine" in read["fields"]  # type: ignore[operator]
    assert landed.code(1) not in json.dumps(read)
    assert not verify(at_desk.means.reads.folder).findings


def test_nothing_is_shown_if_the_look_cannot_be_written_down(at_desk: Desk, tmp_path: Path) -> None:
    blocked = tmp_path / "blocked"
    blocked.write_text("a file where the folder of reads should be")
    deaf = replace(at_desk, means=replace(at_desk.means, reads=ReadLog(blocked)))
    with pytest.raises(ReadNotLogged):
        deaf.look(1)


def test_the_unknown_is_said_without_repeating_the_code(at_desk: Desk) -> None:
    with pytest.raises(UnknownEntity) as caught:
        at_desk.look(99)
    assert landed.code(99) not in str(caught.value)
    with pytest.raises(UnknownPurpose):
        at_desk.look(1, purpose="curiosity")


def test_before_the_first_release_nothing_is_known(tmp_path: Path) -> None:
    with pytest.raises(NoRelease):
        desk.set_up(tmp_path).look(1)


def test_the_purposes_on_offer_are_those_one_may_use(at_desk: Desk) -> None:
    def offered(who: str) -> set[str]:
        return {name for name, _ in purposes(means=at_desk.means, viewer=at_desk.city[who])}

    assert "stewardship" in offered("centre") & offered("market")
    assert "stewardship" not in offered("auditor")
    assert "audit" in offered("auditor")
    assert "public" in offered("tax")
