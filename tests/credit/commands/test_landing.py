"""What a source delivers is landed once, by whom it belongs to, and accounted for on the ledger."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.credit import desk, landed
from tests.credit.desk import CENTRE, MARKET, TUESDAY, Desk, penalty, registered
from yinuo.credit.commands.batches import withdraw
from yinuo.credit.commands.landing import land
from yinuo.credit.errors.batches import (
    BatchWithdrawn,
    LeanedOn,
    SimulatedMixed,
    UnknownCreditSource,
    UnknownOwner,
)
from yinuo.credit.life import BatchStatus
from yinuo.credit.models import CreditBatch
from yinuo.credit.queries.batches import batch
from yinuo.ledger.models import Entry
from yinuo.parties.viewer import NotAllowed

pytestmark = pytest.mark.django_db


@pytest.fixture
def at_desk(tmp_path: Path) -> Desk:
    return desk.set_up(tmp_path)


def bodies(subject: str) -> list[dict[str, Any]]:
    rows = Entry.objects.filter(subject=subject).order_by("version")
    return [json.loads(bytes(row.body)) for row in rows]


def test_a_batch_accounts_for_every_row(at_desk: Desk) -> None:
    rows = [
        penalty("P1", 1),
        penalty("P1", 1),
        penalty("P2", 2),
        penalty("P3", 3, 日期="2024-02-30"),
    ]
    done = at_desk.land("penalty", rows)
    assert (done.read, done.accepted, done.quarantined, done.duplicate) == (4, 2, 1, 1)
    view = batch(code=done.batch, means=at_desk.means, viewer=at_desk.city["centre"])
    assert view.read == view.accepted + view.quarantined + view.duplicate
    assert view.reasons == {"BAD_DATE": 1}
    assert view.files[0].name == "penalty-0.csv"


def test_the_entry_names_neither_files_nor_firms(at_desk: Desk) -> None:
    done = at_desk.land("penalty", [penalty("P1", 1), penalty("P2", 2, 日期="2024-02-30")])
    (body,) = bodies(f"credit_batch:{done.batch}")
    assert body["verb"] == "credit_batch.landed"
    assert body["capacity"] == f"officer:{CENTRE}"
    said = json.dumps(body, ensure_ascii=False)
    assert "penalty-0.csv" not in said
    assert "测试" not in said
    assert body["state"]["read"] == 2


def test_the_same_files_again_change_nothing(at_desk: Desk) -> None:
    first = at_desk.land("registration", registered(1, 2))
    again = at_desk.land("registration", registered(1, 2), at=TUESDAY)
    assert again.already
    assert again.batch == first.batch
    assert CreditBatch.objects.count() == 1
    assert len(bodies(f"credit_batch:{first.batch}")) == 1


def test_the_owner_lands_its_own_source_and_nobody_elses(at_desk: Desk) -> None:
    done = at_desk.land("registration", registered(1), by="market")
    assert bodies(f"credit_batch:{done.batch}")[0]["capacity"] == f"officer:{MARKET}"
    for stranger in ("tax", "auditor", "supervisor"):
        with pytest.raises(NotAllowed):
            at_desk.land("penalty", [penalty("P1", 1)], by=stranger)


def test_a_source_is_described_and_its_owner_registered(at_desk: Desk, tmp_path: Path) -> None:
    with pytest.raises(UnknownCreditSource, match="penalty"):
        at_desk.land("penalties", [penalty("P1", 1)])
    odd = {"penalty": landed.source("penalty", "penalty", owner="DL-NIL")}
    with pytest.raises(UnknownOwner, match="DL-NIL"):
        land(
            source="penalty",
            files=[desk.delivery(tmp_path, "x.csv", registered(1))],
            names=["x.csv"],
            simulated=True,
            means=desk.means(tmp_path, sources=odd),
            by=at_desk.city["centre"],
            at=TUESDAY,
        )


def test_made_up_records_do_not_stand_beside_real_ones(at_desk: Desk) -> None:
    at_desk.land("penalty", [penalty("P1", 1)])
    with pytest.raises(SimulatedMixed, match="模拟数据"):
        at_desk.land("penalty", [penalty("P2", 2)], simulated=False)


def test_a_withdrawn_batch_does_not_come_back_with_its_files(at_desk: Desk) -> None:
    done = at_desk.land("penalty", [penalty("P1", 1)])
    withdraw(
        batch=done.batch,
        reason="报错了",
        means=at_desk.means,
        by=at_desk.city["market"],
        at=TUESDAY,
    )
    with pytest.raises(BatchWithdrawn):
        at_desk.land("penalty", [penalty("P1", 1)], at=TUESDAY)
    assert CreditBatch.objects.get().status == BatchStatus.WITHDRAWN


def test_a_batch_stays_while_another_leans_on_it(at_desk: Desk) -> None:
    first = at_desk.land("penalty", [penalty("P1", 1)])
    second = at_desk.land("penalty", [penalty("P1", 1), penalty("P2", 2)], at=TUESDAY)
    assert second.duplicate == 1
    given: dict[str, Any] = {"means": at_desk.means, "by": at_desk.city["centre"], "at": TUESDAY}
    with pytest.raises(LeanedOn, match=second.batch):
        withdraw(batch=first.batch, reason="报错了", **given)
    withdraw(batch=second.batch, reason="报错了", **given)
    withdraw(batch=first.batch, reason="报错了", **given)
    assert set(CreditBatch.objects.values_list("status", flat=True)) == {BatchStatus.WITHDRAWN}
