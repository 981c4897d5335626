"""From a file to a rule in force: two persons, a day, and nothing rewritten."""

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from io import BytesIO

import pytest
from django.db import IntegrityError, connection, transaction

from tests.city import JULY, MARCH, City, open_accounts
from tests.content.workbooks import subsidy
from yinuo.content.commands import (
    Kept,
    approve_publication,
    ask_publication,
    keep,
    refuse_publication,
    withdraw_publication,
)
from yinuo.content.errors import (
    BackDated,
    ComparedWithAnother,
    ContentRefused,
    NothingNew,
    NoWhy,
    PublicationDecided,
    UnknownPublication,
    UnknownSort,
)
from yinuo.content.models import ContentVersion
from yinuo.content.queries import public_data, public_in_force
from yinuo.kernel.errors import YinuoError
from yinuo.kernel.filestore import FileMissing, FileStore
from yinuo.ledger.commands.recording import StaleVersion
from yinuo.ledger.files import files
from yinuo.ledger.replay import replay
from yinuo.parties.viewer import ANYONE, NotAllowed, Viewer

pytestmark = pytest.mark.django_db
NAME = "tables/subsidy.xlsx"
TODAY = JULY.date()
AUGUST, OCTOBER = date(2024, 8, 1), date(2024, 10, 1)


def kept(store: FileStore, limit: int, start: date = AUGUST) -> Kept:
    return keep(name=NAME, data=subsidy(limit), valid_from=start, store=store)


def ask(
    people: City, store: FileStore, limit: int, start: date = AUGUST, who: str = "admin"
) -> int:
    return ask_publication(
        kept=kept(store, limit, start), reason="依据", store=store, by=people[who], at=JULY
    )


def approve(people: City, store: FileStore, number: int, who: str = "admin2") -> int:
    return approve_publication(number=number, store=store, by=people[who], at=JULY)


def published(people: City, store: FileStore, limit: int, start: date = AUGUST) -> int:
    number = ask(people, store, limit, start)
    approve(people, store, number)
    return number


def editions() -> list[int]:
    rows = ContentVersion.objects.filter(name=NAME, edition__isnull=False).order_by("edition")
    return [row.edition for row in rows if row.edition is not None]


def limit_on(store: FileStore, day: date) -> bytes | None:
    version = public_in_force(NAME, on=day)
    return None if version is None else public_data(version, store=store)


def test_asked_approved_in_force_from_its_day(people: City, store: FileStore) -> None:
    number = ask(people, store, 10)
    assert public_in_force(NAME, on=AUGUST) is None
    assert approve(people, store, number) == 1
    assert public_in_force(NAME, on=AUGUST - timedelta(days=1)) is None
    version = public_in_force(NAME, on=AUGUST)
    assert version is not None
    assert (version.number, version.name, version.edition) == (number, NAME, 1)
    assert public_data(version, store=store) == subsidy(10)


def test_a_later_version_takes_over_and_the_earlier_stays(people: City, store: FileStore) -> None:
    published(people, store, 10)
    published(people, store, 7, OCTOBER)
    assert limit_on(store, OCTOBER - timedelta(days=1)) == subsidy(10)
    assert limit_on(store, OCTOBER) == subsidy(7)
    assert editions() == [1, 2]
    assert replay().faults == []


def test_the_ledger_holds_it_all(people: City, store: FileStore) -> None:
    published(people, store, 10)
    refused, taken_back = ask(people, store, 7), ask(people, store, 8)
    refuse_publication(number=refused, reason="不合文件", by=people["admin2"], at=JULY)
    withdraw_publication(number=taken_back, reason="笔误", by=people["admin"], at=JULY)
    checked = replay()
    assert checked.faults == []
    named = {row for rows in files().named.values() for row in rows}
    assert named == {"content:1", "content:2", "content:3"}


@pytest.mark.parametrize(
    ("who", "allowed"),
    [("lushun", False), ("supervisor", False), ("auditor", False), ("admin2", True)],
)
def test_only_another_administrator_of_the_city_decides(
    people: City, store: FileStore, who: str, *, allowed: bool
) -> None:
    number = ask(people, store, 10)
    if allowed:
        assert approve(people, store, number, who) == 1
        return
    with pytest.raises(NotAllowed):
        approve(people, store, number, who)
    with pytest.raises(NotAllowed):
        refuse_publication(number=number, reason="不", by=people[who], at=JULY)


def test_the_same_person_does_not_decide(people: City, store: FileStore) -> None:
    number = ask(people, store, 10)
    with pytest.raises(NotAllowed, match="申请人不能批准自己的申请"):
        approve(people, store, number, "admin")
    with pytest.raises(NotAllowed, match="申请人不能批准自己的申请"):
        refuse_publication(number=number, reason="不", by=people["admin"], at=JULY)
    with pytest.raises(NotAllowed, match="只有申请人可以撤回"):
        withdraw_publication(number=number, reason="不", by=people["admin2"], at=JULY)


@pytest.mark.parametrize("who", ["lushun", "supervisor", "auditor"])
def test_who_has_no_duty_for_the_city_asks_for_nothing(
    people: City, store: FileStore, who: str
) -> None:
    with pytest.raises(NotAllowed, match="全市的管理员"):
        ask(people, store, 10, who=who)
    assert not ContentVersion.objects.exists()


def test_an_administrator_of_one_district_is_none_of_the_city(
    people: City, store: FileStore
) -> None:
    district = Viewer(account_id=99, administrator_of=frozenset({"210212"}))
    with pytest.raises(NotAllowed):
        ask_publication(kept=kept(store, 10), reason="依据", store=store, by=district, at=JULY)
    with pytest.raises(NotAllowed):
        ask_publication(kept=kept(store, 10), reason="依据", store=store, by=ANYONE, at=JULY)


@pytest.mark.parametrize(
    "name",
    ["lights.xlsx", "tables/", "tables/a.csv", "tables/../a.xlsx", "tables/a b.xlsx", "x/a.xlsx"],
)
def test_names_that_cannot_be_published(store: FileStore, name: str) -> None:
    with pytest.raises(UnknownSort):
        keep(name=name, data=subsidy(10), valid_from=AUGUST, store=store)


def test_a_faulty_file_is_not_even_kept(store: FileStore) -> None:
    with pytest.raises(ContentRefused, match="实得 奖") as caught:
        kept(store, 3)
    assert caught.value.faults == ("测试表第 2 行：结果应得 不奖，实得 奖",)
    assert not store.root.exists()


def test_reasons_are_asked_for(people: City, store: FileStore) -> None:
    with pytest.raises(NoWhy):
        ask_publication(kept=kept(store, 10), reason=" ", store=store, by=people["admin"], at=JULY)
    number = ask(people, store, 10)
    with pytest.raises(NoWhy):
        refuse_publication(number=number, reason="", by=people["admin2"], at=JULY)
    with pytest.raises(NoWhy):
        withdraw_publication(number=number, reason="", by=people["admin"], at=JULY)


def test_a_first_version_may_look_back_and_a_second_may_not(people: City, store: FileStore) -> None:
    published(people, store, 10, MARCH.date())
    with pytest.raises(BackDated, match="第 1 版得出的"):
        ask(people, store, 7, TODAY - timedelta(days=1))
    published(people, store, 7, TODAY)
    before_all = MARCH.date() - timedelta(days=30)
    published(people, store, 9, before_all)
    assert limit_on(store, before_all) == subsidy(9)
    assert limit_on(store, MARCH.date()) == subsidy(10)
    assert limit_on(store, TODAY) == subsidy(7)


def test_who_approves_too_late_is_told(people: City, store: FileStore) -> None:
    published(people, store, 10, MARCH.date())
    number = ask(people, store, 7, TODAY)
    late = JULY + timedelta(days=2)
    with pytest.raises(BackDated):
        approve_publication(number=number, store=store, by=people["admin2"], at=late)
    assert limit_on(store, TODAY + timedelta(days=2)) == subsidy(10)


def test_of_two_that_were_compared_with_the_same_only_one_is_approved(
    people: City, store: FileStore
) -> None:
    published(people, store, 10, MARCH.date())
    one, other = ask(people, store, 7), ask(people, store, 8, OCTOBER)
    approve(people, store, one)
    with pytest.raises(ComparedWithAnother, match=r"第 1 版比较的.*现在由第 2 版生效"):
        approve(people, store, other)
    assert limit_on(store, OCTOBER) == subsidy(7)


def test_decided_once(people: City, store: FileStore) -> None:
    number = published(people, store, 10)
    with pytest.raises(PublicationDecided, match="已批准"):
        approve(people, store, number)
    with pytest.raises(PublicationDecided):
        withdraw_publication(number=number, reason="晚了", by=people["admin"], at=JULY)
    with pytest.raises(UnknownPublication):
        approve(people, store, 99)


def test_a_stale_version_is_refused(people: City, store: FileStore) -> None:
    number = ask(people, store, 10)
    with pytest.raises(StaleVersion):
        approve_publication(number=number, store=store, by=people["admin2"], at=JULY, version=7)


def test_the_same_file_again_is_nothing_new(people: City, store: FileStore) -> None:
    number = ask(people, store, 10)
    with pytest.raises(NothingNew, match=f"等待批准的 P{number}"):
        ask(people, store, 10)
    approve(people, store, number)
    with pytest.raises(NothingNew, match="第 1 版"):
        ask(people, store, 10, OCTOBER)


def test_back_to_an_earlier_file_is_a_new_edition(people: City, store: FileStore) -> None:
    published(people, store, 10)
    published(people, store, 7, OCTOBER)
    number = published(people, store, 10, date(2024, 12, 1))
    assert editions() == [1, 2, 3]
    assert ContentVersion.objects.get(edition=3).number == number


def test_a_file_that_is_gone_is_not_approved(people: City, store: FileStore) -> None:
    number = ask(people, store, 10)
    sha256 = ContentVersion.objects.get().sha256
    store.remove(sha256)
    with pytest.raises(FileMissing, match="备份") as caught:
        approve(people, store, number)
    assert caught.value.place == sha256


def test_an_altered_file_is_not_used(people: City, store: FileStore) -> None:
    published(people, store, 10)
    version = public_in_force(NAME, on=AUGUST)
    assert version is not None
    path = store.path(version.sha256)
    path.chmod(0o600)
    path.write_bytes(subsidy(7))
    with pytest.raises(FileMissing, match="已被改动"):
        public_data(version, store=store)


def test_a_file_between_disk_and_row_is_a_stray(people: City, store: FileStore) -> None:
    found = kept(store, 10)
    (gone,) = store.sweep(files().named.keys(), older_than=1e12)
    assert gone.name == found.sha256
    with pytest.raises(FileMissing):
        ask_publication(kept=found, reason="依据", store=store, by=people["admin"], at=JULY)


def test_a_named_file_is_never_swept(people: City, store: FileStore) -> None:
    ask(people, store, 10)
    store.put(BytesIO(b"nobody names this"))
    assert len(store.sweep(files().named.keys(), older_than=1e12)) == 1
    assert list(store.digests()) == [ContentVersion.objects.get().sha256]


def test_the_database_holds_two_persons_apart(people: City, store: FileStore) -> None:
    number = published(people, store, 10)
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "UPDATE content_contentversion SET decided_by = asked_by WHERE number = %s", [number]
        )


def test_an_altered_row_is_found_by_replay(people: City, store: FileStore) -> None:
    published(people, store, 10)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE content_contentversion SET sha256 = %s", ["0" * 64])
    assert [fault.place for fault in replay().faults] == ["content:1"]


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_at_the_same_moment_requests_take_turns_and_one_approval_wins(store: FileStore) -> None:
    people = open_accounts()
    published(people, store, 10, MARCH.date())

    def at_once(each: Callable[[int], object], limits: Sequence[int]) -> list[object]:
        together = threading.Barrier(len(limits))

        def run(limit: int) -> object:
            try:
                together.wait(timeout=30)
                return each(limit)
            except YinuoError as error:
                return type(error)
            finally:
                connection.close()

        with ThreadPoolExecutor(len(limits)) as pool:
            return list(pool.map(run, limits))

    numbers = at_once(lambda limit: ask(people, store, limit), (7, 8, 9))
    assert set(numbers) == {2, 3, 4}
    outcomes = at_once(lambda number: approve(people, store, number), (2, 3, 4))
    assert sorted(map(str, outcomes)) == sorted(["2", *[str(ComparedWithAnother)] * 2])
    assert editions() == [1, 2]
    assert replay().faults == []
