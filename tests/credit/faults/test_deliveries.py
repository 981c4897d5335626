"""What a source gets wrong: delivers twice, half, or a file that ends in the middle."""

import io
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.credit import desk
from tests.credit.desk import SOURCES, TUESDAY, WEDNESDAY, Desk, penalty, registered
from yinuo.credit.commands.landing import Landed, land
from yinuo.credit.errors.batches import GatesFailed
from yinuo.credit.life import BatchStatus
from yinuo.credit.models import CreditBatch, CreditRelease
from yinuo.kernel.errors import YinuoError
from yinuo.lake.records.description import Expectation
from yinuo.lake.releases.release import current

pytestmark = pytest.mark.django_db
EVERY = [penalty(f"P{n}", n % 4 + 1) for n in range(100)]
EXPECTING = SOURCES | {
    "penalty": replace(SOURCES["penalty"], expect=Expectation(rows_against_last=(0.6, 2.0)))
}


@pytest.fixture
def at_desk(tmp_path: Path) -> Iterator[Desk]:
    """The first day is published; whatever comes, each batch accounts for its rows."""
    found = desk.set_up(tmp_path, sources=EXPECTING)
    found.land("registration", registered(1, 2, 3, 4))
    found.land("penalty", EVERY)
    found.publish()
    yield found
    for each in CreditBatch.objects.all():
        assert each.read == each.accepted + each.quarantined + each.duplicate


def land_file(at_desk: Desk, path: Path) -> Landed:
    return land(
        source="penalty",
        files=[path],
        names=[path.name],
        simulated=True,
        means=at_desk.means,
        by=at_desk.city["centre"],
        at=TUESDAY,
    )


def the_release() -> CreditRelease:
    return CreditRelease.objects.get(current=True)


def test_the_same_file_again_changes_nothing(at_desk: Desk) -> None:
    before = the_release()
    again = at_desk.land("penalty", EVERY, at=TUESDAY)
    assert again.already
    done = at_desk.publish(at=TUESDAY)
    assert done.already
    assert the_release() == before
    assert the_release().digest == done.digest


def test_the_same_rows_in_another_file_are_repetitions(at_desk: Desk) -> None:
    facts = the_release().counts["facts"]
    again = at_desk.land("penalty", EVERY[::-1], at=TUESDAY)
    assert (again.accepted, again.duplicate, again.status) == (0, 100, BatchStatus.LANDED)
    at_desk.publish(at=TUESDAY)
    assert the_release().counts["facts"] == facts


def test_half_a_delivery_is_held_and_readers_keep_what_they_had(at_desk: Desk) -> None:
    before = the_release()
    half = [penalty(f"N{n}", 1) for n in range(50)]
    done = at_desk.land("penalty", half, at=TUESDAY)
    assert [each.code for each in done.findings] == ["GATE-AGAINST-LAST"]
    with pytest.raises(GatesFailed, match=done.batch):
        at_desk.publish(at=TUESDAY)
    assert the_release() == before
    found = current(at_desk.means.lake)
    assert found is not None
    assert found.id == before.lake_id


@pytest.mark.parametrize(("row", "findings"), [(50, {"GATE-AGAINST-LAST"}), (88, set())])
def test_a_table_that_ends_in_the_middle_of_a_row_is_held(
    at_desk: Desk, row: int, findings: set[str]
) -> None:
    before = the_release()
    path, whole = cut(at_desk, f"N{row},", "测试1".encode())
    done = land_file(at_desk, path)
    assert {each.code for each in done.findings} == {"GATE-TORN-END", *findings}
    with pytest.raises(GatesFailed):
        at_desk.publish(at=TUESDAY)
    assert the_release() == before
    path.write_bytes(whole)
    assert land_file(at_desk, path).accepted == 100
    assert at_desk.publish(at=WEDNESDAY, leave_out=True).records == 204


def test_a_cut_in_the_last_column_is_mended_by_the_whole_file(at_desk: Desk) -> None:
    """Nothing in the file tells it from one whose last row is empty there."""
    path, whole = cut(at_desk, "N76,", b",500,")
    assert land_file(at_desk, path).accepted == 77
    at_desk.publish(at=TUESDAY)
    path.write_bytes(whole)
    done = land_file(at_desk, path)
    assert (done.accepted, done.duplicate) == (24, 76)
    assert at_desk.publish(at=WEDNESDAY).records == 204


def cut(at_desk: Desk, row: str, after: bytes) -> tuple[Path, bytes]:
    """A delivery that broke off in a row after some bytes, and all of it."""
    path = desk.delivery(at_desk.folder, "cut.csv", [penalty(f"N{n}", 1) for n in range(100)])
    whole = path.read_bytes()
    path.write_bytes(whole[: whole.index(after, whole.index(row.encode())) + len(after)])
    return path, whole


@pytest.mark.parametrize("ending", [".parquet", ".xlsx"])
def test_a_container_that_ends_in_the_middle_is_refused_whole(at_desk: Desk, ending: str) -> None:
    path = at_desk.folder / f"cut{ending}"
    if ending == ".parquet":
        whole = io.BytesIO()
        pq.write_table(pa.Table.from_pylist([penalty(f"N{n}", 1) for n in range(100)]), whole)
        path.write_bytes(whole.getvalue()[:-100])
    else:
        path.write_bytes(b"PK\x03\x04" + bytes(500))
    batches = CreditBatch.objects.count()
    with pytest.raises(YinuoError, match=path.name):
        land_file(at_desk, path)
    assert CreditBatch.objects.count() == batches
    assert [*(at_desk.means.lake / "batches" / "penalty").glob(".*")] == []
    assert at_desk.publish(at=WEDNESDAY).already
