"""Rows put aside are corrected and landed anew, and published as if they had come so."""

import csv
from pathlib import Path

import pytest

from tests.credit import desk
from tests.credit.desk import TUESDAY, Desk, numbers, penalty, registered
from yinuo.credit.commands.batches import withdraw
from yinuo.credit.commands.rows import correct, fix
from yinuo.credit.corrections import write
from yinuo.credit.errors.rows import BadCorrections, NothingCorrected, RowDecided
from yinuo.credit.life import BatchStatus, RowState
from yinuo.credit.models import CreditBatch, QuarantineDecision
from yinuo.credit.queries.batches import batch
from yinuo.credit.queries.quarantine import QuarantinePage, every, quarantine
from yinuo.ledger.replay import replay
from yinuo.parties.viewer import NotAllowed

pytestmark = pytest.mark.django_db
WRONG_DAY = "2024-02-30"


@pytest.fixture
def at_desk(tmp_path: Path) -> Desk:
    found = desk.set_up(tmp_path)
    found.land("registration", registered(1, 2, 3))
    rows = [penalty("P1", 1), penalty("P2", 2, 日期=WRONG_DAY), penalty("P3", 3, 日期=WRONG_DAY)]
    found.land("penalty", [*rows, *(penalty(f"Q{n}", 1) for n in range(60))])
    return found


def aside(at_desk: Desk, **asked: RowState) -> QuarantinePage:
    return quarantine(
        source="penalty",
        means=at_desk.means,
        viewer=at_desk.city["centre"],
        **asked,  # type: ignore[arg-type]
    )


def mend(at_desk: Desk, rows: dict[str, dict[str, str]], who: str = "market") -> str:
    done = correct(
        batch=aside(at_desk).rows[0].batch,
        rows=rows,
        reason="照处罚决定书更正",
        means=at_desk.means,
        by=at_desk.city[who],
        at=TUESDAY,
    )
    assert done.read == done.accepted + done.quarantined + done.duplicate
    return done.batch


def test_a_corrected_row_is_published_with_its_provenance(at_desk: Desk) -> None:
    first, second = aside(at_desk).rows
    code = mend(at_desk, {first.key: {"日期": "2024-02-28"}})
    view = batch(code=code, means=at_desk.means, viewer=at_desk.city["centre"])
    assert (view.corrects, view.accepted, view.status) == (first.batch, 1, BatchStatus.LANDED)
    left = aside(at_desk)
    assert [each.key for each in left.rows] == [second.key]
    (mended,) = aside(at_desk, state=RowState.CORRECTED).rows
    assert (mended.correction, mended.decision) == (code, "照处罚决定书更正")
    at_desk.publish(at=TUESDAY)
    assert numbers(at_desk.look(2), "penalty") == ["P2"]
    (facts,) = (each for each in at_desk.look(2).sources if each.source == "penalty")
    assert facts.facts[0].batch == code


def test_a_row_that_is_still_wrong_stays_in_question(at_desk: Desk) -> None:
    first, second = aside(at_desk).rows
    code = mend(at_desk, {first.key: {"日期": "2024-02-28"}, second.key: {"日期": "2024-02-31"}})
    (still,) = aside(at_desk).rows
    assert (still.batch, still.raw["编号"]) == (code, "P3")
    assert CreditBatch.objects.get(code=code).status == BatchStatus.LANDED


def test_nothing_is_recorded_if_all_are_still_wrong(at_desk: Desk) -> None:
    first, _ = aside(at_desk).rows
    with pytest.raises(NothingCorrected):
        mend(at_desk, {first.key: {"日期": "2024-02-31"}})
    assert not QuarantineDecision.objects.exists()
    assert CreditBatch.objects.count() == 2


def test_a_row_is_corrected_once_and_by_whom_it_belongs_to(at_desk: Desk) -> None:
    first, _ = aside(at_desk).rows
    fixed = {first.key: {"日期": "2024-02-28"}}
    for stranger in ("tax", "auditor"):
        with pytest.raises(NotAllowed):
            mend(at_desk, fixed, stranger)
    mend(at_desk, fixed)
    with pytest.raises(RowDecided):
        mend(at_desk, fixed)


def test_corrections_go_with_the_batch_they_correct(at_desk: Desk) -> None:
    first, _ = aside(at_desk).rows
    code = mend(at_desk, {first.key: {"日期": "2024-02-28"}})
    withdraw(
        batch=first.batch,
        reason="报错了文件",
        means=at_desk.means,
        by=at_desk.city["market"],
        at=TUESDAY,
    )
    assert CreditBatch.objects.get(code=code).status == BatchStatus.WITHDRAWN
    assert replay().faults == []


def test_a_file_of_corrections_lands_only_what_was_changed(at_desk: Desk, tmp_path: Path) -> None:
    path = tmp_path / "wrong.csv"
    rows = every(source="penalty", means=at_desk.means, viewer=at_desk.city["market"])
    assert write(rows, path) == 2
    with path.open(encoding="utf-8-sig", newline="") as file:
        lines = list(csv.DictReader(file))
    lines[0]["日期"] = "2024-02-28"
    desk.delivery(tmp_path, path.name, lines)
    done = fix(
        source="penalty",
        file=path,
        reason="照来源单位核对更正",
        means=at_desk.means,
        by=at_desk.city["market"],
        at=TUESDAY,
    )
    assert (done.rows, done.unchanged) == (1, 1)
    assert sum(each.accepted for each in done.landed) == 1


def test_a_file_of_corrections_is_refused_with_every_fault(at_desk: Desk, tmp_path: Path) -> None:
    path = tmp_path / "wrong.csv"
    batch_code = aside(at_desk).rows[0].batch
    path.write_text(f"批次,位置,编号\n{batch_code},0:99,P9\nXP1-1,0:1,P9\n", encoding="utf-8")
    with pytest.raises(BadCorrections) as caught:
        fix(
            source="penalty",
            file=path,
            reason="照来源单位核对更正",
            means=at_desk.means,
            by=at_desk.city["market"],
            at=TUESDAY,
        )
    assert [each.cell for each in caught.value.findings] == ["第 2 行", "第 3 行"]
    path.write_text("编号\nP9\n", encoding="utf-8")
    with pytest.raises(BadCorrections, match="批次"):
        fix(
            source="penalty",
            file=path,
            reason="x",
            means=at_desk.means,
            by=at_desk.city["market"],
            at=TUESDAY,
        )
