import pytest

from tests.kernel.clocks import china, local, make_extension, make_limit, make_start, make_stop
from yinuo.kernel.clock import Event
from yinuo.kernel.clock_errors import GroundNotAllowed, PromiseBeyondLaw
from yinuo.kernel.limits import Ground, Limit
from yinuo.kernel.paired_clock import PairedClock, PairedProjection, project_pair

LEGAL = make_limit("20wd", name="法定", grounds=(Ground(name="专家评审"),))
PROMISED = make_limit("8wd", name="承诺", grounds=(Ground(name="专家评审"), Ground(name="公示")))


def dues(
    *events: Event, legal: Limit = LEGAL, promised: Limit = PROMISED, start: str = "2024-03-01"
) -> PairedProjection:
    pair = PairedClock(legal, promised, (make_start(start), *events))
    return project_pair(pair, china(), at=local("2024-03-05"))


def test_both_limits_are_projected_from_the_same_events() -> None:
    both = dues()
    assert both.legal.earliest.date.isoformat() == "2024-03-29"
    assert both.promised.earliest.date.isoformat() == "2024-03-13"
    assert both.first_due == both.promised.due


def test_a_ground_of_the_promise_alone_does_not_stop_the_legal_clock() -> None:
    both = dues(*make_stop("s", "2024-03-04", "2024-03-08", "公示"))
    assert both.promised.earliest.date.isoformat() == "2024-03-19"
    assert both.legal.earliest.date.isoformat() == "2024-03-29"
    assert "不属于可以暂停法定计时的事由，照常计时" in "".join(both.legal.explanation)


def test_a_ground_of_neither_is_refused() -> None:
    with pytest.raises(GroundNotAllowed):
        dues(*make_stop("s", "2024-03-04", ground="缴费"))


def test_an_extension_may_name_one_limit() -> None:
    both = dues(make_extension(10, "2024-03-04", of="法定"))
    assert both.legal.allowance == 30
    assert both.promised.allowance == 8


@pytest.mark.parametrize(
    ("legal", "promised"), [("20wd", "21wd"), ("1y", "13m"), ("60d", "61d"), ("24h", "25h")]
)
def test_a_promise_longer_than_the_law_is_refused(legal: str, promised: str) -> None:
    with pytest.raises(PromiseBeyondLaw):
        PairedClock(make_limit(legal), make_limit(promised), (make_start("2024-03-01"),))


@pytest.mark.parametrize(("legal", "promised"), [("20wd", "20wd"), ("1y", "12m"), ("2y", "1m")])
def test_a_promise_as_long_as_the_law_is_fine(legal: str, promised: str) -> None:
    both = dues(legal=make_limit(legal), promised=make_limit(promised))
    assert both.promised.earliest.at <= both.legal.earliest.at


def test_different_units_are_compared_by_date() -> None:
    assert dues(legal=make_limit("20wd"), promised=make_limit("20d")).promised.due
    with pytest.raises(PromiseBeyondLaw, match="2024-04-01"):
        dues(legal=make_limit("20wd"), promised=make_limit("30d"))


def test_an_open_stop_of_the_promise_leaves_the_legal_date() -> None:
    both = dues(*make_stop("s", "2024-03-04", ground="公示"))
    assert both.promised.due is None
    assert both.first_due == both.legal.due
