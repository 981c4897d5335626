"""A record that stands under the wrong firm is split off, and stays so whatever is loaded next."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.credit import desk, landed
from tests.credit.desk import (
    CENTRE,
    LETTERS,
    PERSON,
    TUESDAY,
    WEDNESDAY,
    Desk,
    letter,
    numbers,
    penalty,
    registered,
)
from yinuo.credit.commands.judging import join, split
from yinuo.credit.errors.batches import WhyMissing
from yinuo.credit.errors.joins import BadNode, JudgedAlready, NotThere
from yinuo.credit.models import JoinJudgement
from yinuo.credit.queries.entity import EntityView, by_code
from yinuo.credit.queries.judgements import judgements
from yinuo.ledger.models import Entry
from yinuo.ledger.replay import replay
from yinuo.parties.viewer import NotAllowed

pytestmark = pytest.mark.django_db
WRONG, RIGHT = 11, 12
WRONGLY = penalty("P9", WRONG, name=desk.name_of(RIGHT))
"""A penalty of one firm that bears another's valid code."""


@pytest.fixture
def at_desk(tmp_path: Path) -> Desk:
    found = desk.set_up(tmp_path)
    found.land("registration", registered(WRONG, RIGHT))
    found.land("penalty", [WRONGLY, penalty("P1", RIGHT)])
    found.publish()
    return found


def record_of(view: EntityView, number: str) -> str:
    facts = [fact for each in view.sources for fact in each.facts]
    return next(
        fact.record
        for fact in facts
        if any((field.name, field.text) == ("number", number) for field in fact.fields)
    )


def split_off(at_desk: Desk) -> int:
    view = at_desk.look(WRONG)
    return split(
        record=record_of(view, "P9"),
        entity=view.entity,
        reason="处罚的是同名的另一家",
        case="YY-2024-0001",
        means=at_desk.means,
        by=at_desk.city["centre"],
        at=TUESDAY,
    )


def test_it_stays_split_after_the_next_load_and_the_next(at_desk: Desk) -> None:
    assert numbers(at_desk.look(WRONG), "penalty") == ["P9"]
    split_off(at_desk)
    at_desk.publish(at=TUESDAY)
    assert numbers(at_desk.look(WRONG), "penalty") == []
    for day, fine in ((TUESDAY, "600"), (WEDNESDAY, "700")):
        again = {**WRONGLY, "罚款": fine}
        at_desk.land("penalty", [again, penalty(f"P{fine}", RIGHT)], at=day)
        at_desk.publish(at=day)
        assert numbers(at_desk.look(WRONG), "penalty") == []
    assert len(at_desk.look(WRONG).judgements) == 1


def test_who_split_it_and_why_stands_on_the_ledger(at_desk: Desk) -> None:
    number = split_off(at_desk)
    (entry,) = Entry.objects.filter(subject=f"join_judgement:{number}")
    body = json.loads(bytes(entry.body))
    assert (body["verb"], body["capacity"]) == ("join_judgement.split", f"officer:{CENTRE}")
    assert "同名" not in json.dumps(body, ensure_ascii=False)
    (view,) = judgements(means=at_desk.means, viewer=at_desk.city["auditor"])
    assert (view.case, view.reason, view.same) == ("YY-2024-0001", "处罚的是同名的另一家", False)


def test_a_record_is_joined_to_the_right_firm(at_desk: Desk) -> None:
    record = record_of(at_desk.look(WRONG), "P9")
    split_off(at_desk)
    join(
        record=record,
        code=landed.code(RIGHT),
        reason="已核对处罚决定书",
        means=at_desk.means,
        by=at_desk.city["centre"],
        at=TUESDAY,
    )
    at_desk.publish(at=TUESDAY)
    view = at_desk.look(RIGHT)
    assert numbers(view, "penalty") == ["P1", "P9"]
    facts = {fact.record: fact for each in view.sources for fact in each.facts}
    assert facts[record].how == "judged"
    assert facts[record].evidence


def test_what_is_said_already_is_not_said_again(at_desk: Desk) -> None:
    split_off(at_desk)
    with pytest.raises(JudgedAlready):
        split_off(at_desk)
    assert JoinJudgement.objects.count() == 1


def test_only_the_centre_judges_and_says_why(at_desk: Desk) -> None:
    view = at_desk.look(WRONG)
    given: dict[str, Any] = {
        "record": record_of(view, "P9"),
        "entity": view.entity,
        "means": at_desk.means,
        "at": TUESDAY,
    }
    for stranger in ("market", "auditor"):
        with pytest.raises(NotAllowed):
            split(**given, reason="x", by=at_desk.city[stranger])
    with pytest.raises(WhyMissing):
        split(**given, reason="  ", by=at_desk.city["centre"])
    with pytest.raises(NotThere):
        split(**{**given, "record": "0" * 32}, reason="x", by=at_desk.city["centre"])
    with pytest.raises(BadNode):
        split(**{**given, "record": "P9"}, reason="x", by=at_desk.city["centre"])
    other = at_desk.look(RIGHT).entity
    with pytest.raises(NotThere):
        split(**{**given, "entity": other}, reason="x", by=at_desk.city["centre"])
    assert not JoinJudgement.objects.exists()


def test_the_number_of_a_person_stands_in_a_text_that_can_be_erased(tmp_path: Path) -> None:
    found = desk.set_up(tmp_path, sources=desk.SOURCES | {"letters": LETTERS})
    found.land("letters", [letter("C1"), letter("C2")])
    found.publish()
    given: dict[str, Any] = {"means": found.means, "at": TUESDAY}
    view = by_code(code=PERSON, purpose="stewardship", viewer=found.city["centre"], **given)
    record = record_of(view, "C1")
    number = split(
        record=record,
        entity=view.entity,
        reason="号码是别人误填的",
        by=found.city["centre"],
        **given,
    )
    row = JoinJudgement.objects.get(number=number)
    assert row.right.startswith("text:")
    (entry,) = Entry.objects.filter(subject=f"join_judgement:{number}")
    assert PERSON not in bytes(entry.body).decode()
    (told,) = judgements(means=found.means, viewer=found.city["centre"])
    assert told.right == "自然人"
    with pytest.raises(JudgedAlready):
        split(
            record=record, entity=view.entity, reason="再说一次", by=found.city["centre"], **given
        )
    found.publish(at=TUESDAY)
    again = by_code(code=PERSON, purpose="stewardship", viewer=found.city["centre"], **given)
    assert numbers(again, "letters") == ["C2"]


def test_everything_that_was_done_replays(at_desk: Desk) -> None:
    split_off(at_desk)
    at_desk.publish(at=TUESDAY)
    assert replay().faults == []
