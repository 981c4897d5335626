"""Burden: what a round may ask of a unit, and how it is counted."""

from datetime import date

import pytest

from tests.city import JULY, LUSHUN, MARCH, PULANDIAN, City
from tests.supervision.asked import AS_OF, LUSHUN_LINES, a_round, filled, only
from yinuo.commitments.commands import deliver
from yinuo.content.commands import approve_publication, ask_publication, keep
from yinuo.kernel.content import content_dir
from yinuo.supervision.commands import rounds as commands
from yinuo.supervision.errors.rounds import OverBurden
from yinuo.supervision.queries.asking import foresee
from yinuo.supervision.queries.burden import burden
from yinuo.supervision.queries.rounds import round_page
from yinuo.supervision.rounds.burden import Burden, months_before
from yinuo.supervision.rounds.table import NAME, burden_table
from yinuo.web.files import store

pytestmark = pytest.mark.django_db

TODAY = JULY.date()
AUGUST = date(2024, 8, 15)


@pytest.fixture
def capped(city: City) -> City:
    """The city with the shipped table of burden in force."""
    data = (content_dir() / NAME).read_bytes()
    kept = keep(name=NAME, data=data, valid_from=MARCH.date(), store=store())
    number = ask_publication(kept=kept, reason="发布", store=store(), by=city["admin"], at=MARCH)
    approve_publication(number=number, store=store(), by=city["admin2"], at=MARCH)
    return city


def test_a_round_that_asks_for_what_is_held_needs_a_reason(capped: City) -> None:
    deliver.report(
        commitment="LS-002", as_of_date=TODAY, note="已开展", by=capped["lushun"], at=JULY
    )
    with pytest.raises(OverBurden) as told:
        a_round(capped)
    assert told.value.reasons == (
        "旅顺口区重复 1 项，本月共 5 项（已经持有或别期正在要的，不应再要一遍）",
    )
    done = a_round(capped, overruled="省里要求同一天的口径")
    page = round_page(code=done.code, viewer=capped["lushun"], today=TODAY)
    assert page.overruled == "省里要求同一天的口径"
    assert (page.burden, page.held, page.asked) == (Burden(5, 1, 4), 1, 0)
    assert page.burden_edition == 1


def test_two_rounds_of_one_month_ask_twice_unless_the_first_is_closed(capped: City) -> None:
    a_round(capped, wanted=only("LS-001"))
    with pytest.raises(OverBurden, match="重复 2 项，本月共 4 项"):
        a_round(capped, wanted=only("LS-001"))
    later = a_round(capped, wanted=only("LS-001"), as_of=AUGUST, due=date(2024, 8, 20))
    assert later.code == "TD2024-08"


def test_a_closed_round_asks_nothing_any_more(capped: City) -> None:
    a_round(capped, wanted=only("LS-001"), due=TODAY)
    late = JULY.replace(day=20)
    commands.close(round_code="TD2024-07", by=capped["supervisor"], at=late)
    assert a_round(capped, wanted=only("LS-001"), due=late.date(), at=late).lines == 1


def test_the_cap_counts_everything_asked_this_month(capped: City) -> None:
    a_round(capped, wanted=only("LS-001"))
    asking = foresee(wanted=only("LS-002"), as_of=AS_OF, viewer=capped["supervisor"], today=TODAY)
    assert asking.month == {LUSHUN: Burden(3, 0, 2)}
    assert asking.refused == {}
    table = burden_table(TODAY)
    assert table.why_not(Burden(2, 0, 1), Burden(600, 0, 300)) == ""
    assert table.why_not(Burden(2, 0, 1), Burden(601, 0, 300)) == (
        "本月共 601 项（一个单位一个月最多填 600 项）"
    )


def test_without_a_table_in_force_nothing_is_checked_and_that_is_said(city: City) -> None:
    a_round(city)
    done = a_round(city)
    page = round_page(code=done.code, viewer=city["supervisor"], today=TODAY)
    assert (page.burden_edition, page.burden.twice, page.asked) == (0, 7, 7)


def test_a_reason_without_need_is_not_kept(capped: City) -> None:
    a_round(capped, overruled="以防万一")
    page = round_page(code="TD2024-07", viewer=capped["supervisor"], today=TODAY)
    assert page.overruled == ""


def test_burden_is_counted_by_the_month_of_the_asking(city: City) -> None:
    a_round(city)
    filled(city, LUSHUN_LINES[0])  # reported or not is no matter
    page = burden(viewer=city["supervisor"], today=AUGUST, months=2)
    assert page.months == ((2024, 7), (2024, 8))
    assert [(unit.unit, unit.months) for unit in page.units] == [
        (LUSHUN, (Burden(5, 0, 4), Burden())),
        (PULANDIAN, (Burden(2, 0, 2), Burden())),
    ]
    assert page.total == Burden(7, 0, 6)
    own = burden(viewer=city["pulandian"], today=AUGUST)
    assert [unit.unit for unit in own.units] == [PULANDIAN]


def test_months_run_over_the_new_year() -> None:
    assert months_before(date(2024, 1, 31), 2) == ((2023, 12), (2024, 1))
