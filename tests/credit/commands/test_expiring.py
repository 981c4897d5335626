"""What is past its time is gone from batches and releases, and the ledger says how much went."""

import json
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from tests.credit import desk
from tests.credit.desk import WEDNESDAY, Desk, numbers, penalty, registered
from yinuo.credit.commands import expiring
from yinuo.credit.commands.expiring import expire, expired
from yinuo.credit.commands.publishing import point
from yinuo.credit.errors.joins import UnknownRelease
from yinuo.credit.models import CreditBatch, CreditDeletion, CreditRelease
from yinuo.credit.queries.releases import releases
from yinuo.lake.batch import sha256_of
from yinuo.ledger.models import Entry
from yinuo.ledger.replay import replay
from yinuo.parties.viewer import NotAllowed

pytestmark = pytest.mark.django_db
AFTER = date(2029, 2, 20)
"""Five years after the old penalty was decided."""
LATER = datetime(2029, 3, 1, tzinfo=UTC)


@pytest.fixture
def at_desk(tmp_path: Path) -> Desk:
    found = desk.set_up(tmp_path)
    found.land("registration", registered(1, 2))
    found.land("penalty", [penalty("OLD", 1), penalty("NEW", 2, 日期="2024-03-01")])
    found.publish()
    return found


def parquet_texts(folder: Path) -> set[str]:
    """Every text in every Parquet file below a folder."""
    found: set[str] = set()
    for path in folder.rglob("*.parquet"):
        for row in pq.read_table(path).to_pylist():
            found |= {value for value in row.values() if isinstance(value, str)}
    return found


def test_asking_deletes_nothing(at_desk: Desk) -> None:
    given: dict[str, Any] = {"means": at_desk.means, "by": at_desk.city["centre"]}
    assert expired(on=date(2029, 2, 19), **given) == {}
    assert expired(on=AFTER, **given) == {"penalty": 1}
    assert numbers(at_desk.look(1), "penalty") == ["OLD"]
    for who in ("market", "auditor"):
        with pytest.raises(NotAllowed):
            expired(on=AFTER, means=at_desk.means, by=at_desk.city[who])


def test_it_is_really_gone_and_the_ledger_says_how_much(at_desk: Desk) -> None:
    old = CreditRelease.objects.get()
    assert "OLD" in parquet_texts(at_desk.means.lake)
    done = expire(on=AFTER, means=at_desk.means, by=at_desk.city["centre"], at=LATER)
    assert done.records == {"penalty": 1}
    assert done.removed == (old.lake_id,)
    assert "OLD" not in parquet_texts(at_desk.means.lake)
    assert numbers(at_desk.look(1), "penalty") == []
    assert numbers(at_desk.look(2), "penalty") == ["NEW"]
    with pytest.raises(UnknownRelease):
        point(
            number=old.number,
            reason="看旧版",
            means=at_desk.means,
            by=at_desk.city["centre"],
            at=LATER,
        )
    _, gone = releases(means=at_desk.means, viewer=at_desk.city["centre"])
    assert (gone.number, gone.kept, gone.may_point) == (old.number, False, False)

    (entry,) = Entry.objects.filter(subject="credit_deletion:1")
    said = bytes(entry.body).decode()
    assert json.loads(said)["state"]["records"] == {"penalty": 1}
    assert "OLD" not in said
    batch = CreditBatch.objects.get(source="penalty")
    folder = at_desk.means.lake / "batches" / "penalty" / batch.lake_id
    assert batch.manifest_sha256 == sha256_of(folder / "manifest.json")
    assert replay().faults == []


def test_what_was_killed_half_way_is_finished(
    at_desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Killed(Exception):
        pass

    def die(**_: object) -> None:
        raise Killed

    given: dict[str, Any] = {"means": at_desk.means, "by": at_desk.city["centre"], "at": LATER}
    with monkeypatch.context() as patch:
        patch.setattr(expiring, "record_deletions", die)
        with pytest.raises(Killed):
            expire(on=AFTER, **given)
    assert not CreditDeletion.objects.exists()
    assert expire(on=AFTER, **given).records == {"penalty": 1}
    assert CreditDeletion.objects.count() == 1
    assert expire(on=AFTER, **given).records == {}
    assert CreditDeletion.objects.count() == 1


def test_a_batch_that_was_never_published_is_cleaned_too(tmp_path: Path) -> None:
    found = desk.set_up(tmp_path)
    found.land("penalty", [penalty("OLD", 1)], at=WEDNESDAY)
    done = expire(on=AFTER, means=found.means, by=found.city["centre"], at=LATER)
    assert (done.records, done.published) == ({"penalty": 1}, None)
    assert "OLD" not in parquet_texts(found.means.lake)
