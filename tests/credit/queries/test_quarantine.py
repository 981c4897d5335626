"""Rows put aside are listed by reason, masked, page by page."""

from pathlib import Path
from typing import Any

import pytest

from tests.credit import desk
from tests.credit.desk import TUESDAY, Desk, penalty
from yinuo.credit.commands.rows import give_back, waive
from yinuo.credit.corrections import write
from yinuo.credit.errors.batches import UnknownCreditBatch, UnknownCreditSource
from yinuo.credit.errors.rows import RowDecided, UnknownRow
from yinuo.credit.life import RowState
from yinuo.credit.queries.quarantine import decisions, every, quarantine, row
from yinuo.credit.queries.sources import source, sources
from yinuo.parties.viewer import NotAllowed

pytestmark = pytest.mark.django_db
PERSON = "11010519491231002X"


@pytest.fixture
def at_desk(tmp_path: Path) -> Desk:
    found = desk.set_up(tmp_path)
    wrong = [penalty(f"W{n}", n, 日期="2024-02-30") for n in range(1, 8)]
    odd = penalty("X1", 20, fine="很多", 状态=f"见 {PERSON}")
    found.land("penalty", [penalty("P1", 1), *wrong, odd])
    return found


def test_rows_are_counted_by_reason_and_cut_into_pages(at_desk: Desk) -> None:
    found = quarantine(
        source="penalty", means=at_desk.means, viewer=at_desk.city["centre"], size=3, page=2
    )
    assert (found.total, found.pages, found.page) == (8, 3, 2)
    assert [each.raw["编号"] for each in found.rows] == ["W4", "W5", "W6"]
    assert sum(found.by_reason.values()) == 8
    assert found.by_state == {RowState.OPEN: 8}
    assert set(found.by_reason) == set(found.reason_words)
    last = quarantine(
        source="penalty", means=at_desk.means, viewer=at_desk.city["centre"], size=3, page=99
    )
    assert (last.page, len(last.rows)) == (3, 2)


def test_a_row_with_empty_cells_can_be_listed_and_handed_out(at_desk: Desk, tmp_path: Path) -> None:
    at_desk.land("penalty", [penalty("C1", 30), penalty("C1", 30, fine="")], at=TUESDAY)
    found = quarantine(
        source="penalty",
        means=at_desk.means,
        viewer=at_desk.city["centre"],
        reason="CONFLICT",
    )
    assert [each.raw["罚款"] for each in found.rows] == [""]
    rows = every(source="penalty", means=at_desk.means, viewer=at_desk.city["market"])
    assert write(rows, tmp_path / "wrong.csv") == 9


def test_one_reason_can_be_asked_for(at_desk: Desk) -> None:
    found = quarantine(
        source="penalty",
        means=at_desk.means,
        viewer=at_desk.city["centre"],
        reason="BAD_DATE",
    )
    assert found.total == 7
    first = found.rows[0]
    assert (first.field, first.heading, first.value) == ("日期", "日期", "2024-02-30")
    assert first.words
    assert first.next_step


def test_numbers_of_persons_are_masked_wherever_they_stand(at_desk: Desk) -> None:
    listed = quarantine(source="penalty", means=at_desk.means, viewer=at_desk.city["centre"])
    assert PERSON not in str(listed)
    assert "110105********002X" in str(listed)
    key = next(each.key for each in listed.rows if each.raw["编号"] == "X1")
    given: dict[str, Any] = {"batch": listed.rows[0].batch, "key": key, "means": at_desk.means}
    assert PERSON in row(**given, viewer=at_desk.city["market"]).raw["状态"]
    assert PERSON not in str(row(**given, viewer=at_desk.city["auditor"]))


def test_only_those_who_handle_it_get_it_as_a_file(at_desk: Desk) -> None:
    assert (
        len(list(every(source="penalty", means=at_desk.means, viewer=at_desk.city["market"]))) == 8
    )
    with pytest.raises(NotAllowed):
        list(every(source="penalty", means=at_desk.means, viewer=at_desk.city["auditor"]))
    with pytest.raises(UnknownCreditSource):
        list(every(source="penalty", means=at_desk.means, viewer=at_desk.city["tax"]))


def test_rows_are_returned_or_left_out_once(at_desk: Desk) -> None:
    found = quarantine(source="penalty", means=at_desk.means, viewer=at_desk.city["centre"])
    batch, keys = found.rows[0].batch, [each.key for each in found.rows]
    given: dict[str, Any] = {
        "batch": batch,
        "means": at_desk.means,
        "by": at_desk.city["market"],
        "at": TUESDAY,
    }
    assert give_back(rows=keys[:2], reason="缺日期", **given) == f"{batch}/Q1"
    assert waive(rows=keys[2:3], reason="重复录入", **given) == f"{batch}/Q2"
    with pytest.raises(RowDecided):
        waive(rows=keys[1:4], reason="重复录入", **given)
    with pytest.raises(UnknownRow):
        waive(rows=["0:999"], reason="重复录入", **given)
    with pytest.raises(NotAllowed):
        waive(**{**given, "by": at_desk.city["tax"]}, rows=keys[3:4], reason="重复录入")
    left = quarantine(source="penalty", means=at_desk.means, viewer=at_desk.city["centre"])
    assert left.total == 5
    assert left.by_state == {RowState.OPEN: 5, RowState.RETURNED: 2, RowState.WAIVED: 1}
    returned = quarantine(
        source="penalty",
        means=at_desk.means,
        viewer=at_desk.city["centre"],
        state=RowState.RETURNED,
    )
    assert [each.decision for each in returned.rows] == ["缺日期", "缺日期"]
    said = decisions(batch=batch, means=at_desk.means, viewer=at_desk.city["centre"])
    assert {(each.state, each.lines) for each in said} == {
        (RowState.RETURNED, 2),
        (RowState.WAIVED, 1),
    }
    with pytest.raises(UnknownCreditBatch):
        decisions(batch=batch, means=at_desk.means, viewer=at_desk.city["tax"])


def test_a_source_is_seen_with_its_freshness_and_gaps(at_desk: Desk) -> None:
    given: dict[str, Any] = {"means": at_desk.means, "on": desk.WEDNESDAY.date()}
    view = source(id="penalty", viewer=at_desk.city["market"], **given)
    assert (view.freshness_days, view.accepted, view.quarantined, view.open_rows) == (2, 1, 8, 8)
    assert {rate.field: rate.per_mille for rate in view.fill_rates}["fine"] == 1_000
    assert view.unhandled == {}
    assert view.last is not None
    assert view.may_handle
    assert [each.id for each in sources(viewer=at_desk.city["tax"], **given)] == []
    assert len(sources(viewer=at_desk.city["auditor"], **given)) == 3
    with pytest.raises(UnknownCreditSource):
        source(id="penalty", viewer=at_desk.city["tax"], **given)


def test_a_column_that_nobody_handles_is_told(tmp_path: Path) -> None:
    found = desk.set_up(tmp_path)
    found.land("penalty", [penalty("P1", 1, 新列="x"), penalty("P2", 2, 新列="")])
    view = source(
        id="penalty",
        means=found.means,
        on=TUESDAY.date(),
        viewer=found.city["centre"],
    )
    assert list(view.unhandled) == ["新列"]
    assert view.held == 1
