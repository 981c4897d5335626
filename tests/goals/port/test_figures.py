"""The monthly means as figures of their indicators: marked, revised and released like any."""

import pytest

from tests.city import JULY, MARCH, OFFICE, City
from tests.clearance import load_log, log_file, means, put_port
from tests.goals.indicators.figures import publish_limits
from yinuo.goals.commands.figures import TakenFigures, release
from yinuo.goals.commands.indicators import define
from yinuo.goals.commands.port_figures import put_figures
from yinuo.goals.errors.port import NoIndicator
from yinuo.goals.indicators.defining import NewIndicator
from yinuo.goals.models import Figure, Load

AREA = "大连关区"


def indicator(code: str, name: str) -> NewIndicator:
    return NewIndicator(
        code=code,
        name=name,
        unit="小时",
        frequency="month",
        kind="current",
        office=OFFICE,
        direction="down",
        wider={AREA: []},
        near_names=("海关作业时间",),
    )


def put(city: City, result: str) -> TakenFigures:
    given = means()
    return put_figures(
        result=result, catalogue=given.catalogue, store=given.store, by=city["admin"], at=JULY
    )


@pytest.fixture
def defined(city: City) -> City:
    publish_limits(city, means().store)
    both = [indicator("TG-IN", "进口整体通关时间"), indicator("TG-OUT", "出口整体通关时间")]
    define(indicators=both, by=city["admin"], at=MARCH)
    return city


def test_whole_months_become_figures_that_wait_for_release(defined: City) -> None:
    done = put_port(defined)
    taken = put(defined, done.result)
    assert (taken.added, taken.revised, taken.aside) == (28, 0, 0)
    figures = Figure.objects.filter(indicator="TG-IN").order_by("period")
    assert [figure.period for figure in figures][:2] == ["2023-05", "2023-06"]
    assert all(figure.simulated for figure in figures)
    assert {figure.subject_key for figure in figures} == {AREA}
    load = Load.objects.get()
    assert load.status == "waiting"
    release(load=load.code, by=defined["supervisor"], at=JULY)


def test_the_same_result_again_adds_nothing(defined: City) -> None:
    done = put_port(defined)
    put(defined, done.result)
    again = put(defined, done.result)
    assert (again.added, again.revised, again.unchanged) == (0, 0, 28)


def test_a_mean_that_changed_is_a_second_vintage(defined: City) -> None:
    done = put_port(defined)
    put(defined, done.result)
    other = load_log(defined, log_file(2, dirty=False, ending=".parquet"))
    taken = put(defined, other.result)
    assert taken.added == 0
    assert taken.revised + taken.unchanged == 28
    assert taken.revised > 0
    newest = Figure.objects.filter(vintage=2).first()
    assert newest is not None
    assert newest.standing == "revised"


def test_without_indicators_of_these_names_it_says_so(city: City) -> None:
    done = put_port(city)
    with pytest.raises(NoIndicator, match="yinuo indicators import"):
        put(city, done.result)
