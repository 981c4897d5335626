"""Nothing that is past its time, or names a forgotten person, is left in any file of the lake."""

import random
import zipfile
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from tests.credit import desk
from tests.credit.desk import CENTRE, MARKET, MONDAY, TUESDAY, WEDNESDAY, Desk
from tests.credit.exchange.test_exchange import penalty, send_up
from tests.credit.letters_bulk.made_up import Row, sound, write
from yinuo.content.calendars import working_calendar
from yinuo.credit.commands.bulk_letter import land_bulk, publish_bulk
from yinuo.credit.commands.expiring import BULK, Expired, expire, expired
from yinuo.credit.commands.forgetting import (
    approve_forgetting,
    ask_forgetting,
    carry_out_forgetting,
    refuse_forgetting,
)
from yinuo.credit.errors.asking import BadNumber
from yinuo.credit.errors.batches import WhyMissing
from yinuo.credit.errors.exchange import NothingToSend
from yinuo.credit.errors.forgetting import (
    ForgettingWaits,
    OtherPerson,
    UnknownForgetting,
    WrongForgettingState,
)
from yinuo.credit.exchange.packing import note_digest
from yinuo.credit.letters_bulk.batch import FOLDER, BulkBatch, open_bulk, verify
from yinuo.credit.models import BulkLetters, CreditDeletion, CreditForgetting, ExchangePackage
from yinuo.credit.queries.bulk_letter import public_bulk_letters
from yinuo.credit.queries.exchange import timeliness
from yinuo.credit.queries.forgetting import forgettings
from yinuo.credit.retention import deleting
from yinuo.kernel.content import content_dir
from yinuo.kernel.regions import Regions
from yinuo.kernel.resident_id import check_character
from yinuo.ledger.commands.erasing import UnknownGround
from yinuo.ledger.erased import GROUNDS
from yinuo.ledger.models import Entry
from yinuo.ledger.replay import replay
from yinuo.parties.viewer import NotAllowed, Viewer
from yinuo.web.credit import sources

pytestmark = pytest.mark.django_db
REGIONS = Regions.read(content_dir() / "regions" / "regions.csv")
OLD = "2024-02-01"
AFTER = date(2029, 2, 2)
LATER = datetime(2029, 3, 1, tzinfo=UTC)
PERSON = desk.PERSON


def numbered(number: int) -> str:
    body = f"21029019600101{number:03}"
    return body + check_character(body)


def everything(folder: Path) -> str:
    """What stands in any file below a folder, unpacked."""
    found = []
    for path in folder.rglob("*"):
        if path.suffix == ".parquet":
            found.append(str(pq.read_table(path).to_pylist()))
        elif path.suffix == ".zip":
            with zipfile.ZipFile(path) as archive:
                found += [archive.read(name).decode() for name in archive.namelist()]
        elif path.is_file():
            found.append(path.read_bytes().decode(errors="replace"))
    return "\n".join(found)


@pytest.fixture
def reporting(tmp_path: Path) -> Desk:
    """Penalties in the shipped form, of which one is old, were reported to the province."""
    found = sources()
    own = {
        "registration": desk.SOURCES["registration"],
        "penalty": replace(found["penalty"], owner=MARKET, encoding="utf-8"),
        "letters": replace(found["letters"], owner=CENTRE),
    }
    at = desk.set_up(tmp_path, sources=own)
    at.land("penalty", [penalty("旧文书", 1, decided=OLD), penalty("新文书", 2)])
    at.publish()
    send_up(at)
    return at


def bulk(at: Desk, rows: list[Row]) -> BulkLetters:
    path = write(at.folder / "letters.csv", rows)
    landed = land_bulk(
        path=path,
        regions=REGIONS,
        simulated=True,
        means=at.means,
        by=at.city["centre"],
        at=MONDAY,
    )
    publish_bulk(batch=landed.code, means=at.means, by=at.city["centre2"], at=TUESDAY)
    return landed


def letters(count: int = 40, *, made: str = "", start: int = 0) -> list[Row]:
    chance = random.Random(3)  # noqa: S311  # made-up rows
    rows = [sound(chance, number) for number in range(start, start + count)]
    for number, row in enumerate(rows if made else (), start=start + 1):
        row |= {"承诺作出日期": made, "承诺编码": f"210200{made.replace('-', '')}{number:06}"}
    return rows


def delete(at: Desk) -> Expired:
    return expire(on=AFTER, means=at.means, by=at.city["centre"], at=LATER)


class TestPackages:
    def test_a_package_goes_with_the_first_record_in_it(self, reporting: Desk) -> None:
        row = ExchangePackage.objects.get()
        folder = reporting.means.lake / "exchange" / "up" / row.lake_id
        assert "旧文书" in everything(folder)
        done = delete(reporting)
        assert (done.records, done.packages) == ({"penalty": 1}, 1)
        assert not (folder / "package.zip").exists()
        assert note_digest((folder / "manifest.note").read_text()) == row.manifest_sha256
        assert "旧文书" not in everything(reporting.means.lake)
        deletion = CreditDeletion.objects.get()
        assert deletion.rows[row.code] == {"sent": 1}
        assert replay().faults == []

    def test_what_is_left_of_it_still_counts_as_reported(self, reporting: Desk) -> None:
        delete(reporting)
        with pytest.raises(NothingToSend):
            send_up(reporting, when=LATER)
        (said,) = (
            each
            for each in timeliness(
                means=reporting.means,
                viewer=reporting.city["centre"],
                today=date(2029, 3, 1),
                calendar=working_calendar(),
            )
            if each.content == "penalty"
        )
        assert (said.decisions, said.in_time) == (1, 1)

    def test_records_that_went_before_packages_were_looked_at_take_theirs_along(
        self, reporting: Desk, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        with monkeypatch.context() as patch:
            patch.setattr(deleting, "sent_folders", lambda _lake: ())
            assert delete(reporting).packages == 0
        assert "旧文书" in everything(reporting.means.lake)
        assert delete(reporting).packages == 1
        assert "旧文书" not in everything(reporting.means.lake)
        assert delete(reporting).packages == 0

    def test_what_was_killed_half_way_is_finished(
        self, reporting: Desk, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        class Killed(Exception):
            pass

        def die(*_: object) -> None:
            raise Killed

        with monkeypatch.context() as patch:
            patch.setattr(deleting, "take_out_sent", die)
            with pytest.raises(Killed):
                delete(reporting)
        assert not CreditDeletion.objects.exists()
        assert delete(reporting).packages == 1
        assert "旧文书" not in everything(reporting.means.lake)
        assert replay().faults == []


class TestBulkLetters:
    def test_old_letters_go_and_the_rest_is_proven_anew(self, reporting: Desk) -> None:
        old = [{**each, "承诺事由": "旧的事由"} for each in letters(20, made=OLD)]
        old += [{**old[0], "承诺人名称": ""}]
        row = bulk(reporting, [*old, *letters(20, made="2024-02-20", start=50)])
        assert (row.read, row.aside) == (41, 1)
        assert expired(on=AFTER, means=reporting.means, by=reporting.city["centre"])[BULK] == 20
        assert delete(reporting).records[BULK] == 20
        after = BulkLetters.objects.get()
        left = open_bulk(reporting.means.lake / FOLDER / row.lake_id)
        verify(left)
        assert after.root == left.root != row.root
        assert (after.read, after.accepted, after.aside, after.state) == (21, 20, 1, "published")
        assert "旧的事由" in everything(left.folder)  # put aside a day after the time was over
        assert replay().faults == []

        expire(on=date(2029, 3, 4), means=reporting.means, by=reporting.city["centre"], at=LATER)
        assert "旧的事由" not in everything(reporting.means.lake)
        assert BulkLetters.objects.get().read == 0

    def test_they_are_found_no_more_even_where_the_same_file_comes_again(
        self, reporting: Desk
    ) -> None:
        one = next(
            each
            for each in letters(made=OLD)
            if each["承诺人类别"] == "法人及非法人组织" and each["公开类型"] == "可向社会公开"
        )
        row = bulk(reporting, [one, *letters(20, made="2024-02-20", start=50)])
        assert public_bulk_letters(text=one["承诺编码"], means=reporting.means)
        delete(reporting)
        assert not public_bulk_letters(text=one["承诺编码"], means=reporting.means)
        again = land_bulk(
            path=reporting.folder / "letters.csv",
            regions=REGIONS,
            simulated=True,
            means=reporting.means,
            by=reporting.city["centre"],
            at=LATER,
        )
        assert again.code == row.code
        assert not public_bulk_letters(text=one["承诺编码"], means=reporting.means)

    def test_letters_half_rewritten_are_finished(
        self, reporting: Desk, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        class Killed(Exception):
            pass

        def die(_old: BulkBatch) -> BulkBatch:
            raise Killed

        bulk(reporting, letters(40, made=OLD))
        with monkeypatch.context() as patch:
            patch.setattr("yinuo.credit.retention.letters._left", die)
            with pytest.raises(Killed):
                delete(reporting)
        assert delete(reporting).records[BULK] == 40
        row = BulkLetters.objects.get()
        verify(open_bulk(reporting.means.lake / FOLDER / row.lake_id))
        assert replay().faults == []


@pytest.fixture
def holding(tmp_path: Path) -> Desk:
    """A person stands in a batch, among rows put aside, and in bulk letters, sound and not."""
    at = desk.set_up(tmp_path, sources={**desk.SOURCES, "letters": desk.LETTERS})
    at.land("registration", desk.registered(1))
    torn = {**desk.letter("L3"), "日期": "不是日期"}
    at.land("letters", [desk.letter("L1"), desk.letter("L2", numbered(7)), torn])
    at.publish(leave_out=True)
    mine = {"承诺人类别": "自然人", "承诺人代码": PERSON, "承诺人名称": "试甲乙"}
    rows = letters()
    rows[0] |= mine
    rows[1] |= {**mine, "承诺事由": ""}
    bulk(at, rows)
    return at


def protector(at: Desk, who: str = "centre") -> Viewer:
    return replace(at.city[who], protector_of=frozenset({CENTRE}))


def asked(at: Desk, number: str = PERSON) -> str:
    return ask_forgetting(
        number=number, ground="unlawful", means=at.means, by=protector(at), at=WEDNESDAY
    )


def approved(at: Desk) -> str:
    code = asked(at)
    approve_forgetting(code=code, means=at.means, by=protector(at, "centre2"), at=WEDNESDAY)
    return code


def carry_out(at: Desk, code: str, number: str = PERSON, *, by: str = "centre") -> Expired:
    return carry_out_forgetting(
        code=code, number=number, means=at.means, by=at.city[by], at=WEDNESDAY
    )


class TestForgetting:
    def test_nothing_of_the_person_is_left_and_all_others_stay(self, holding: Desk) -> None:
        assert everything(holding.means.lake).count(PERSON) > 3
        before = BulkLetters.objects.get()
        done = carry_out(holding, approved(holding))
        assert done.records == {"letters": 1, BULK: 2}
        said = everything(holding.means.lake)
        assert PERSON not in said
        assert numbered(7) in said
        after = BulkLetters.objects.get()
        assert (after.accepted, after.aside) == (before.accepted - 1, before.aside - 1)
        verify(open_bulk(holding.means.lake / FOLDER / after.lake_id))
        assert replay().faults == []

    def test_the_ledger_says_who_did_what_on_what_ground_and_of_nobody(self, holding: Desk) -> None:
        code = approved(holding)
        carry_out(holding, code)
        bodies = [
            bytes(entry.body).decode()
            for entry in Entry.objects.filter(subject=f"credit_forgetting:{code}")
        ]
        assert len(bodies) == 3
        for body in bodies:
            assert PERSON not in body
        assert CreditForgetting.objects.get().person_mark == ""
        (said,) = forgettings(means=holding.means, viewer=protector(holding))
        assert (said.code, said.state) == (code, "carried_out")
        assert said.ground == GROUNDS["unlawful"]

    def test_it_takes_two_protectors_and_an_officer(self, holding: Desk) -> None:
        with pytest.raises(NotAllowed):
            ask_forgetting(
                number=PERSON,
                ground="unlawful",
                means=holding.means,
                by=holding.city["centre"],
                at=WEDNESDAY,
            )
        code = asked(holding)
        with pytest.raises(NotAllowed, match="自己"):
            approve_forgetting(code=code, means=holding.means, by=protector(holding), at=WEDNESDAY)
        with pytest.raises(WrongForgettingState, match="待批准"):
            carry_out(holding, code)
        approve_forgetting(
            code=code, means=holding.means, by=protector(holding, "auditor"), at=WEDNESDAY
        )
        with pytest.raises(NotAllowed):
            carry_out(holding, code, by="market")
        with pytest.raises(NotAllowed):
            forgettings(means=holding.means, viewer=holding.city["market"])
        assert PERSON in everything(holding.means.lake)

    def test_another_number_deletes_nothing(self, holding: Desk) -> None:
        code = approved(holding)
        with pytest.raises(OtherPerson):
            carry_out(holding, code, numbered(7))
        with pytest.raises(BadNumber):
            carry_out(holding, code, PERSON[:-1])
        assert numbered(7) in everything(holding.means.lake)
        assert PERSON in everything(holding.means.lake)

    def test_a_refusal_needs_a_reason_and_ends_it(self, holding: Desk) -> None:
        code = asked(holding)
        with pytest.raises(ForgettingWaits, match="在办"):
            asked(holding)
        by = protector(holding, "centre2")
        with pytest.raises(WhyMissing):
            refuse_forgetting(code=code, reason=" ", means=holding.means, by=by, at=WEDNESDAY)
        refuse_forgetting(
            code=code, reason="保存期限未满", means=holding.means, by=by, at=WEDNESDAY
        )
        with pytest.raises(WrongForgettingState, match="不予删除"):
            carry_out(holding, code)
        assert asked(holding) == "WJ2024-2"

    def test_a_ground_of_the_law_and_a_code_that_exists_are_asked_for(self, holding: Desk) -> None:
        with pytest.raises(UnknownGround):
            ask_forgetting(
                number=PERSON, ground="x", means=holding.means, by=protector(holding), at=MONDAY
            )
        with pytest.raises(UnknownForgetting):
            carry_out(holding, "WJ2024-9")

    def test_what_was_killed_half_way_is_finished_by_the_same_again(
        self, holding: Desk, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        class Killed(Exception):
            pass

        def die(*_: object, **__: object) -> None:
            raise Killed

        code = approved(holding)
        with monkeypatch.context() as patch:
            patch.setattr(deleting, "take_out_letters", die)
            with pytest.raises(Killed):
                carry_out(holding, code)
        carry_out(holding, code)
        assert PERSON not in everything(holding.means.lake)
        assert CreditForgetting.objects.get().state == "carried_out"
        assert replay().faults == []
