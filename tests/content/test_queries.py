"""What everybody may know of the rules, and what waits inside."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.city import JULY, City
from tests.content.workbooks import subsidy
from yinuo.content.commands import approve_publication, ask_publication, keep
from yinuo.content.errors import UnknownPublication
from yinuo.content.queries import (
    contents,
    data,
    may_publish,
    public_in_force,
    publication,
    publications,
    to_decide,
    waiting_count,
)
from yinuo.kernel.filestore import FileStore
from yinuo.ledger.publicity import public_threads
from yinuo.parties.viewer import ANYONE, NotAllowed

pytestmark = pytest.mark.django_db
NAME = "tables/subsidy.xlsx"
TODAY = JULY.date()
AUGUST = date(2024, 8, 1)


def ask(people: City, store: FileStore, limit: int, start: date) -> int:
    kept = keep(name=NAME, data=subsidy(limit), valid_from=start, store=store)
    return ask_publication(
        kept=kept, reason="依据通知", effect="一行\n两行", store=store, by=people["admin"], at=JULY
    )


@pytest.fixture
def one_and_a_coming_one(people: City, store: FileStore) -> City:
    for limit, start in ((10, TODAY), (7, AUGUST)):
        number = ask(people, store, limit, start)
        approve_publication(number=number, store=store, by=people["admin2"], at=JULY)
    ask(people, store, 8, AUGUST)
    return people


def test_the_public_sees_what_is_approved_and_no_names(one_and_a_coming_one: City) -> None:
    (it,) = contents(on=TODAY, viewer=ANYONE)
    assert it.present is not None
    assert (it.name, it.present.edition, [v.edition for v in it.coming]) == (NAME, 1, [2])
    assert [v.edition for v in it.history] == [2, 1]
    assert (it.present.asked_by, it.present.asked_as) == ("", "大连市 管理员")
    assert it.present.effect == ("一行", "两行")
    assert (it.present.asker, it.present.leaf_index) == (one_and_a_coming_one["admin"].actor, None)


def test_who_is_signed_in_sees_names(one_and_a_coming_one: City) -> None:
    (it,) = contents(on=TODAY, viewer=one_and_a_coming_one["lushun"])
    assert it.present is not None
    assert (it.present.asked_by, it.present.decided_by) == ("王戊", "冯己")


def test_on_the_day_of_the_next_it_is_in_force(one_and_a_coming_one: City) -> None:
    (it,) = contents(on=AUGUST, viewer=ANYONE)
    assert it.present is not None
    assert (it.present.edition, it.coming) == (2, ())


@pytest.mark.parametrize(("who", "sees"), [("lushun", False), ("auditor", True), ("admin2", True)])
def test_what_waits_is_for_those_of_the_city(
    one_and_a_coming_one: City, store: FileStore, who: str, *, sees: bool
) -> None:
    viewer = one_and_a_coming_one[who]
    if sees:
        assert publications(on=TODAY, viewer=viewer)[0].waiting
        assert publication(number=3, on=TODAY, viewer=viewer).waiting
        assert data(number=3, store=store, viewer=viewer) == subsidy(8)
        return
    for question in (publications, lambda **kw: to_decide(number=1, **kw)):
        with pytest.raises(NotAllowed):
            question(on=TODAY, viewer=viewer)
    with pytest.raises(UnknownPublication):
        publication(number=3, on=TODAY, viewer=viewer)
    with pytest.raises(UnknownPublication):
        data(number=3, store=store, viewer=ANYONE)


def test_only_what_is_approved_is_told_on_the_public_ledger(one_and_a_coming_one: City) -> None:
    asked = public_threads(["content:1", "content:2", "content:3"])
    assert asked == {"content:1", "content:2"}


def test_who_may_decide(one_and_a_coming_one: City) -> None:
    people = one_and_a_coming_one
    assert [may_publish(viewer=people[w]) for w in ("admin", "auditor", "lushun")] == [
        True,
        False,
        False,
    ]
    assert [waiting_count(viewer=people[w]) for w in ("admin", "admin2", "auditor")] == [0, 1, 0]
    own = publication(number=3, on=TODAY, viewer=people["admin"])
    other = publication(number=3, on=TODAY, viewer=people["admin2"])
    assert (own.may_decide, own.may_withdraw) == (False, True)
    assert (other.may_decide, other.may_withdraw) == (True, False)


def test_what_is_in_force_costs_one_look_at_the_log_once_it_was_asked(
    one_and_a_coming_one: City,
) -> None:
    first = public_in_force(NAME, on=AUGUST)
    with CaptureQueriesContext(connection) as asked:
        assert public_in_force(NAME, on=AUGUST) is first is not None
    assert len(asked) == 1
