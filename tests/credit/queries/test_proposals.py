"""What a model proposes waits for a person, who sees both sides and decides."""

import json
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.credit import desk, landed
from tests.credit.desk import TUESDAY, WEDNESDAY, Desk, numbers, penalty, registered
from yinuo.credit.commands.judging import decide_proposal
from yinuo.credit.errors.joins import UnknownProposal
from yinuo.credit.models import CreditRelease
from yinuo.credit.queries.proposals import proposal, proposals
from yinuo.credit.released import RESOLUTIONS
from yinuo.credit.resolving import tables
from yinuo.parties.viewer import NotAllowed

pytestmark = pytest.mark.django_db


@pytest.fixture
def at_desk(tmp_path: Path) -> Desk:
    """A penalty without a code, of which linkage thinks that it is firm 1's."""
    found = desk.set_up(tmp_path)
    found.land("registration", registered(1, 2))
    found.land("penalty", [penalty("P1", 1), {**penalty("P9", 1), "代码": ""}])
    found.publish()
    folder = found.means.lake / RESOLUTIONS / CreditRelease.objects.get().resolution
    row = {
        "record": record(found),
        "key": landed.key(1),
        "score_mille": 930,
        "evidence": tables.evidence(words="名称一致"),
    }
    tables.write(folder, tables.PROPOSALS, tables.rows(tables.PROPOSALS, [row]))
    return found


def record(at_desk: Desk) -> str:
    """The id of the penalty without a code."""
    folder = at_desk.means.lake / "batches" / "penalty"
    files = list(folder.rglob("records-*.parquet"))
    rows = pa.concat_tables([pq.read_table(path) for path in files]).to_pylist()
    return next(str(row["record"].hex) for row in rows if row["number"] == "P9")


def decide(at_desk: Desk, who: str = "centre", *, confirm: bool) -> int:
    return decide_proposal(
        record=record(at_desk),
        confirm=confirm,
        reason="看过处罚决定书",
        means=at_desk.means,
        by=at_desk.city[who],
        at=TUESDAY,
    )


def test_both_sides_are_shown_and_the_look_is_written_down(at_desk: Desk) -> None:
    given: dict[str, Any] = {"means": at_desk.means, "at": WEDNESDAY}
    page = proposals(viewer=at_desk.city["centre"], **given)
    (found,) = page.rows
    assert (page.total, page.pages) == (1, 1)
    assert (found.score_mille, found.evidence, found.source) == (930, ("名称一致",), "penalty")
    assert found.left.name == found.right.name == desk.name_of(1)
    assert {field.name: field.text for field in found.right.fields}["number"] == "R1"
    assert found == proposal(record=found.record, viewer=at_desk.city["centre"], **given)
    (file,) = at_desk.means.reads.files()
    reads = [json.loads(line) for line in file.read_text("utf-8").splitlines()]
    assert [read["entity"] for read in reads] == [found.entity] * 2


def test_what_is_confirmed_stands_under_the_firm(at_desk: Desk) -> None:
    assert numbers(at_desk.look(1), "penalty") == ["P1"]
    decide(at_desk, confirm=True)
    with pytest.raises(UnknownProposal):
        proposal(
            record=record(at_desk),
            means=at_desk.means,
            viewer=at_desk.city["centre"],
            at=WEDNESDAY,
        )
    at_desk.publish(at=TUESDAY)
    view = at_desk.look(1)
    assert numbers(view, "penalty") == ["P1", "P9"]
    facts = {fact.record: fact for each in view.sources for fact in each.facts}
    assert facts[record(at_desk)].how_label == "人工确认"


def test_what_is_rejected_is_not_proposed_again(at_desk: Desk) -> None:
    decide(at_desk, confirm=False)
    page = proposals(means=at_desk.means, viewer=at_desk.city["centre"], at=WEDNESDAY)
    assert (page.rows, page.total) == ((), 0)
    at_desk.publish(at=TUESDAY)
    assert numbers(at_desk.look(1), "penalty") == ["P1"]


def test_only_the_centre_decides(at_desk: Desk) -> None:
    for stranger in ("market", "auditor"):
        with pytest.raises(NotAllowed):
            decide(at_desk, stranger, confirm=True)
    with pytest.raises(NotAllowed):
        proposals(means=at_desk.means, viewer=at_desk.city["market"], at=WEDNESDAY)
