"""The demo's year of services without its many plain cases: everything that goes another way."""

from collections import Counter

import pytest

from tests.kept import kept
from yinuo.cases.construction.drafting import definitions
from yinuo.cases.in_force.flows import flow_named
from yinuo.cases.models import (
    BuildingProject,
    Case,
    Consent,
    CreditLetter,
    Declaration,
    Deferral,
    FeedAside,
    FeedCase,
    FeedEvent,
    Joint,
    UtilityNotice,
)
from yinuo.commitments.letters.letter import Publicity
from yinuo.content.calendars import working_calendar
from yinuo.ledger.replay import replay
from yinuo.parties.commands import OPERATOR, NewUnit, found_duties, open_account, register_units
from yinuo.parties.queries import public_viewer_named
from yinuo.project.installation import publish_shipped, random_password
from yinuo.project.simulated_buildings import FLOW, built
from yinuo.project.simulated_consents import held
from yinuo.project.simulated_declarations import declared
from yinuo.project.simulated_deferrals import deferred
from yinuo.project.simulated_desk import MARKET, PEOPLE, open_desk
from yinuo.project.simulated_feed import CASES, fed
from yinuo.project.simulated_services import OPENED, market_items, publish_items
from yinuo.project.simulated_windows import Windows, happen
from yinuo.web.files import store

pytestmark = pytest.mark.django_db
CITY, ADMINISTRATORS = "210200", ("admin1", "admin2")


@kept
def lived() -> Windows:
    """A city with its windows, after the year."""
    city = NewUnit(code=CITY, name="大连市", kind="city", gb_code=CITY)
    market = NewUnit(code=MARKET, name="市市场监管部门", kind="department", parent=CITY)
    register_units(units=[city, market], by=OPERATOR, at=OPENED)
    for name in ADMINISTRATORS:
        open_account(username=name, name=name, password=random_password(), by=OPERATOR, at=OPENED)
    found_duties(duties=[(name, "administrator", CITY) for name in ADMINISTRATORS], at=OPENED)
    first, second = (public_viewer_named(name) for name in ADMINISTRATORS)
    assert first is not None
    assert second is not None
    publish_shipped(store=store(), by=(first, second), at=OPENED)
    passwords = {username: random_password() for username, *_ in PEOPLE}
    desk = open_desk(city=CITY, administrators=ADMINISTRATORS, passwords=passwords, at=OPENED)
    items = market_items()
    publish_items(desk, (*items, *definitions(flow_named(FLOW))))
    windows = Windows(desk, items, working_calendar(), store())
    ways = (deferred, declared, held, built, fed)
    happen(moment for way in ways for moment in way(windows))
    return windows


@pytest.fixture(autouse=True)
def _year(db: None) -> None:
    lived()


def test_promises_of_applicants_end_in_every_way() -> None:
    outcomes = Counter(Deferral.objects.values_list("state", "commitment__outcome"))
    assert outcomes[("kept", "kept_on_time")] >= 15
    assert outcomes[("kept", "kept_late")] == 4
    assert outcomes[("broken", "broken")] == 1
    assert sum(outcomes.values()) >= 25
    assert Counter(Declaration.objects.values_list("state", flat=True)) == {
        "kept": 12,
        "broken": 1,
        "to_check": 2,
    }
    assert Declaration.objects.filter(commitment__outcome="kept_late").count() == 1
    assert Case.objects.filter(status="revoked").count() == 2
    assert CreditLetter.objects.filter(publicity=Publicity.PUBLIC).count() == 2
    assert Consent.objects.count() == 2


def test_one_factory_is_finished_and_one_waits() -> None:
    done, waiting = BuildingProject.objects.order_by("code")
    assert Joint.objects.filter(project=done, outcome="approved").count() == 4
    assert UtilityNotice.objects.filter(project=done, confirmed_at__isnull=False).count() == 6
    assert Joint.objects.get(project=waiting, outcome="").stage == "3"
    [silent] = UtilityNotice.objects.filter(project=waiting, answered_at=None)
    assert silent.utility == "television"
    [late] = Case.objects.filter(joint__project=waiting, decided_at=None)
    assert late.promised_due is not None
    assert late.promised_due.isoformat() == "2025-01-09"


def test_the_window_system_told_something_late_corrected_and_put_aside() -> None:
    assert FeedEvent.objects.count() > 3 * CASES
    assert FeedEvent.objects.exclude(corrects="").count() == 1
    assert FeedAside.objects.count() == 1
    assert not FeedCase.objects.filter(open=True).exists()
    assert Case.objects.filter(channel="feed", accepted_how="with_gap").count() == 1


def test_all_of_it_is_marked_and_stands_the_replay() -> None:
    assert not Case.objects.filter(simulated=False).exists()
    assert not CreditLetter.objects.filter(simulated=False).exists()
    assert not BuildingProject.objects.filter(simulated=False).exists()
    assert replay().faults == []
