"""Letters in bulk on the ledger: landed by one, published by another, looked up by anybody."""

import random
from pathlib import Path

import pytest

from tests.credit import desk
from tests.credit.desk import MONDAY, TUESDAY, WEDNESDAY, Desk
from tests.credit.letters_bulk.made_up import Row, sound, with_faults, write
from yinuo.credit.commands.bulk_letter import land_bulk, publish_bulk, withdraw_bulk
from yinuo.credit.errors.exchange import BulkDamaged, UnknownBulk, WrongBulkState
from yinuo.credit.letters_bulk.batch import FOLDER, open_bulk
from yinuo.credit.models import BulkLetters
from yinuo.credit.queries.bulk_letter import (
    bulk_batches,
    public_bulk_letter,
    public_bulk_letters,
)
from yinuo.kernel.content import content_dir
from yinuo.kernel.regions import Regions
from yinuo.ledger.history import acts
from yinuo.ledger.replay import replay
from yinuo.parties.viewer import NotAllowed

pytestmark = pytest.mark.django_db
REGIONS = Regions.read(content_dir() / "regions" / "regions.csv")


@pytest.fixture
def at_desk(tmp_path: Path) -> Desk:
    return desk.set_up(tmp_path)


def rows() -> list[Row]:
    chance = random.Random(1)  # noqa: S311  # made-up rows
    return [
        *(sound(chance, number) for number in range(60)),
        *(with_faults(chance, number) for number in range(60, 90)),
    ]


def landed(at: Desk, *, by: str = "centre") -> BulkLetters:
    path = write(at.folder / "letters.csv", rows())
    return land_bulk(
        path=path, regions=REGIONS, simulated=True, means=at.means, by=at.city[by], at=MONDAY
    )


def publish(at: Desk, batch: str, *, by: str = "centre2") -> BulkLetters:
    return publish_bulk(batch=batch, means=at.means, by=at.city[by], at=TUESDAY)


def a_public_one() -> Row:
    return next(
        row
        for row in rows()
        if row["承诺人类别"] == "法人及非法人组织" and row["公开类型"] == "可向社会公开"
    )


def test_one_entry_names_them_all(at_desk: Desk) -> None:
    row = landed(at_desk)
    assert (row.code, row.read, row.state) == ("CP2024-1", 90, "landed")
    assert row.read == row.accepted + row.aside
    assert row.root == open_bulk(at_desk.means.lake / FOLDER / row.lake_id).root
    assert len(acts([row.subject])) == 1
    again = landed(at_desk)
    assert (again.code, again.version, BulkLetters.objects.count()) == (row.code, 1, 1)


def test_before_publishing_nobody_reads_a_letter(at_desk: Desk) -> None:
    row = landed(at_desk)
    code = a_public_one()["承诺编码"]
    with pytest.raises(UnknownBulk):
        public_bulk_letter(code=code, means=at_desk.means)
    publish(at_desk, row.code)
    found = public_bulk_letter(code=code, means=at_desk.means)
    assert found.by_name["承诺人代码"] == a_public_one()["承诺人代码"]
    assert (found.root, found.simulated, len(found.items)) == (row.root, True, 20)
    (same,) = public_bulk_letters(text=a_public_one()["承诺人代码"].lower(), means=at_desk.means)
    assert same.code == code
    withdraw_bulk(
        batch=row.code,
        reason="来源单位要求重报",
        means=at_desk.means,
        by=at_desk.city["centre"],
        at=WEDNESDAY,
    )
    assert public_bulk_letters(text=code, means=at_desk.means) == ()


def test_persons_and_closed_ones_are_not_found(at_desk: Desk) -> None:
    publish(at_desk, landed(at_desk).code)
    for row in rows()[:60]:
        hidden = row["承诺人类别"] == "自然人" or row["公开类型"] != "可向社会公开"
        found = public_bulk_letters(text=row["承诺编码"], means=at_desk.means)
        assert bool(found) is not hidden, row["承诺编码"]


def test_two_persons_of_the_centre(at_desk: Desk) -> None:
    with pytest.raises(NotAllowed):
        landed(at_desk, by="market")
    row = landed(at_desk)
    with pytest.raises(NotAllowed, match="装入的人"):
        publish(at_desk, row.code, by="centre")
    with pytest.raises(NotAllowed):
        publish(at_desk, row.code, by="market")
    publish(at_desk, row.code)
    with pytest.raises(WrongBulkState):
        publish(at_desk, row.code)
    with pytest.raises(UnknownBulk):
        publish(at_desk, "CP2024-9")


def test_the_ledger_plays_it_again(at_desk: Desk) -> None:
    publish(at_desk, landed(at_desk).code)
    assert replay().faults == []


def test_a_file_that_changed_is_not_published(at_desk: Desk) -> None:
    row = landed(at_desk)
    made = open_bulk(at_desk.means.lake / FOLDER / row.lake_id)
    path = made.public_files[0]
    path.write_bytes(path.read_bytes() + b"x")
    with pytest.raises(BulkDamaged):
        publish(at_desk, row.code)
    assert BulkLetters.objects.get().state == "landed"


def test_who_sees_the_batches(at_desk: Desk) -> None:
    row = landed(at_desk)
    (seen,) = bulk_batches(means=at_desk.means, viewer=at_desk.city["centre"])
    assert (seen.code, sum(count for *_, count in seen.rules)) == (row.code, row.aside)
    with pytest.raises(NotAllowed):
        bulk_batches(means=at_desk.means, viewer=at_desk.city["market"])
