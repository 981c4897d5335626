"""Series as they are read: vintages, comparisons, missing periods, who sees what."""

from datetime import date

import pytest

from tests.city import CITY, JULY, LUSHUN, MARCH, PULANDIAN, City, make_city
from tests.goals.indicators.figures import (
    HOLIDAY,
    book,
    enter,
    enter_and_release,
    figure,
    indicator,
    open_indicators,
    publish_limits,
)
from yinuo.goals.commands.figures import imply, refuse, release
from yinuo.goals.errors.indicators import LoadDecided, NothingStated, UnknownIndicator
from yinuo.goals.indicators.words import Measure
from yinuo.goals.queries.indicators import (
    indicator as indicator_query,
)
from yinuo.goals.queries.indicators import (
    indicators,
    load,
    parts,
    series,
    subjects,
    to_do,
    to_release,
    vintages,
)
from yinuo.kernel.filestore import FileStore
from yinuo.ledger.replay import replay
from yinuo.parties.viewer import ANYONE, NotAllowed
from yinuo.web.files import store as file_store

pytestmark = pytest.mark.django_db


@pytest.fixture
def city() -> City:
    made = make_city()
    publish_limits(made, file_store())
    return made


@pytest.fixture
def store() -> FileStore:
    return file_store()


def test_a_revision_is_another_vintage_and_the_latest_holds(city: City, store: FileStore) -> None:
    open_indicators(city, indicator("JOBS"))
    enter_and_release(city, store, figure("JOBS", "2024-01", "100"))
    enter_and_release(city, store, figure("JOBS", "2024-01", "104", standing="修订"))
    (point,) = series(indicator="JOBS", viewer=ANYONE).points
    assert (point.actual, point.vintage, point.vintages, point.standing) == ("104", 2, 2, "修订")
    found = vintages(indicator="JOBS", subject=CITY, period="2024-01", viewer=ANYONE)
    assert [(v.vintage, v.value) for v in found] == [(2, "104"), (1, "100")]
    assert replay().faults == []


def test_nothing_is_public_before_a_second_person_released_it(city: City, store: FileStore) -> None:
    open_indicators(city, indicator("JOBS"))
    taken = enter(book(figure("JOBS", "2024-01", "100")), city["admin"], store)
    assert series(indicator="JOBS", viewer=ANYONE).points == ()
    (inside,) = series(indicator="JOBS", viewer=city["supervisor"]).points
    assert (inside.actual, inside.released) == ("100", False)
    (waiting,) = to_release(viewer=city["supervisor"])
    assert waiting.code == taken.loads[0]
    assert [line.what for line in to_do(viewer=city["supervisor"], today=JULY.date())] == ["发布"]
    with pytest.raises(NotAllowed):
        release(load=waiting.code, by=city["auditor"], at=JULY)
    release(load=waiting.code, by=city["supervisor"], at=JULY)
    assert series(indicator="JOBS", viewer=ANYONE).points[0].actual == "100"
    with pytest.raises(LoadDecided):
        release(load=waiting.code, by=city["supervisor2"], at=JULY)


def test_an_indicator_under_review_does_not_exist_for_the_public(city: City) -> None:
    from yinuo.goals.commands.indicators import define

    define(indicators=[indicator("JOBS")], by=city["admin"], at=MARCH)
    with pytest.raises(UnknownIndicator):
        indicator_query(code="JOBS", viewer=ANYONE)
    assert indicators(viewer=ANYONE).rows == ()
    assert indicator_query(code="JOBS", viewer=city["auditor"]).public is False
