"""What sources their owners have to deliver next, and who is told of it."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tests.credit import desk
from tests.credit.desk import MONDAY, TUESDAY, WEDNESDAY, Desk, penalty, registered
from yinuo.credit.commands.batches import withdraw
from yinuo.credit.queries.catalogue import catalogue
from yinuo.credit.queries.deliveries import due_deliveries
from yinuo.credit.queries.sources import source, sources
from yinuo.lake.records.description import CatalogueEntry, Cycle, Openness
from yinuo.parties.viewer import NotAllowed

pytestmark = pytest.mark.django_db


def entry(cycle: Cycle) -> CatalogueEntry:
    return CatalogueEntry(
        cycle=cycle, sharing=Openness.UNCONDITIONAL, opening=Openness.UNCONDITIONAL
    )


@pytest.fixture
def at_desk(tmp_path: Path) -> Desk:
    """Registrations by the month and penalties by the day came on a Monday; lists never did."""
    found = desk.set_up(tmp_path)
    cycles = {"registration": Cycle.MONTHLY, "penalty": Cycle.DAILY, "listing": Cycle.DAILY}
    known = {
        name: replace(each, catalogue=entry(cycles[name]) if name in cycles else None)
        for name, each in found.means.sources.items()
    }
    found = replace(found, means=replace(found.means, sources=known))
    found.land("registration", registered(1, 2), at=MONDAY)
    found.land("penalty", [penalty("P1", 1), penalty("P2", 2)], at=MONDAY)
    return found


def asked(at_desk: Desk, who: str, on: date) -> Sequence[tuple[str, date]]:
    found = due_deliveries(means=at_desk.means, on=on, viewer=at_desk.city[who])
    return [(each.source.id, each.due) for each in found]


def test_the_owner_is_asked_and_the_centre_hears_of_what_is_late(at_desk: Desk) -> None:
    first = TUESDAY.date()
    assert asked(at_desk, "market", first) == []
    assert asked(at_desk, "market", WEDNESDAY.date()) == [("penalty", first)]
    assert asked(at_desk, "centre", WEDNESDAY.date()) == [("penalty", first)]
    assert asked(at_desk, "tax", WEDNESDAY.date()) == []


def test_what_comes_by_the_month_is_asked_for_a_week_before(at_desk: Desk) -> None:
    by, week = date(2024, 4, 4), date(2024, 3, 28)
    assert ("registration", by) not in asked(at_desk, "market", date(2024, 3, 27))
    assert ("registration", by) in asked(at_desk, "market", week)
    assert ("registration", by) not in asked(at_desk, "centre", by)
    assert ("registration", by) in asked(at_desk, "centre", date(2024, 4, 5))


def test_a_delivery_that_was_withdrawn_is_none(at_desk: Desk) -> None:
    landed = at_desk.land("penalty", [penalty("P3", 3)], at=TUESDAY)
    assert asked(at_desk, "market", WEDNESDAY.date()) == []
    withdraw(
        batch=landed.batch,
        reason="报错了",
        means=at_desk.means,
        by=at_desk.city["market"],
        at=TUESDAY,
    )
    assert asked(at_desk, "market", WEDNESDAY.date()) == [("penalty", TUESDAY.date())]


def test_the_list_has_late_ones_first_and_says_by_how_much(at_desk: Desk) -> None:
    on, viewer = date(2024, 3, 8), at_desk.city["market"]
    found = sources(means=at_desk.means, on=on, viewer=viewer)
    assert found[0].id == "penalty"
    assert (found[0].due, found[0].late_days) == (TUESDAY.date(), 3)
    monthly = source(id="registration", means=at_desk.means, on=on, viewer=viewer)
    assert (monthly.due, monthly.late_days) == (date(2024, 4, 4), 0)
    never = source(id="listing", means=at_desk.means, on=on, viewer=viewer)
    assert (never.due, never.late_days, never.freshness_days) == (None, 0, None)


def test_the_catalogue_is_for_those_who_see_sources(at_desk: Desk) -> None:
    given: dict[str, Any] = {"means": at_desk.means, "on": WEDNESDAY.date(), "at": WEDNESDAY}
    assert catalogue(**given, viewer=at_desk.city["market"]).startswith(b"PK")
    with pytest.raises(NotAllowed):
        catalogue(**given, viewer=at_desk.city["tax"])
