"""What the demo asks of its credit lake, over a smaller one: questions, bills, a list, packages."""

from pathlib import Path

import pytest
from pytest_django import Settings

from tests.benefits.fund import publish_table
from tests.city import CITY, PASSWORD, City, make_city
from tests.credit.exchange.test_exchange import OURS
from yinuo.commitments.queries.listing import Filter, every
from yinuo.commitments.registry import Promisor
from yinuo.content.calendars import working_calendar
from yinuo.credit.commands import publishing
from yinuo.credit.models import BulkLetters, CreditConsent, DeferredPayment, ExchangePackage
from yinuo.credit.queries import exchange as exchange_queries
from yinuo.credit.queries.bulk_letter import public_bulk_letters
from yinuo.credit.queries.objections import objections
from yinuo.credit.queries.payments import public_own_payments
from yinuo.credit.queries.repairs import repairs
from yinuo.credit.reads.verifying import verify
from yinuo.kernel.content import content_dir
from yinuo.kernel.instants import civil_date
from yinuo.ledger.replay import replay
from yinuo.parties.viewer import ANYONE
from yinuo.project import simulated_asking, simulated_exchange, simulated_objections
from yinuo.project import simulated_credit as lake
from yinuo.project.simulated_credit import Known
from yinuo.project.simulated_hiring import Hiring, viewer_named
from yinuo.web.asking import asking
from yinuo.web.credit import means, regime
from yinuo.web.exchange import peers, regions
from yinuo.web.reports import periods

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
RECORDS = 6_000
SCENARIOS = ("medicine", "village", "finance", "tourism", "tax")


@pytest.fixture
def city(db: None, tmp_path: Path, settings: Settings) -> City:
    del db
    settings.YINUO_LAKE = tmp_path / "lake"
    settings.YINUO_READS = tmp_path / "reads"
    settings.YINUO_CONTENT = tmp_path / "content"
    settings.YINUO_CREDIT_CENTRE = lake.CENTRE
    settings.YINUO_DEMO_DATE = "2025-01-20"
    city = make_city()
    for name in SCENARIOS:
        data = (content_dir() / "tables" / f"scenario-{name}.xlsx").read_bytes()
        publish_table(city, f"tables/scenario-{name}.xlsx", data)
    return city


@pytest.fixture
def hiring(city: City) -> Hiring:
    del city
    people = (*lake.PEOPLE, *simulated_asking.PEOPLE)
    passwords = {username: PASSWORD for username, *_ in people}
    return Hiring(city=CITY, administrators=("admin", "admin2"), passwords=passwords)


@pytest.fixture
def known(hiring: Hiring) -> Known:
    return lake.fill(hiring=hiring, means=means(), records=RECORDS)


def test_institutions_ask_and_bills_are_paid_later(hiring: Hiring, known: Known) -> None:
    simulated_asking.fill(hiring=hiring, asking=asking(), known=known)
    outcomes = {
        (row.unit_id, row.state, row.commitment.outcome)
        for row in DeferredPayment.objects.select_related("commitment")
    }
    hospital, scenic = simulated_asking.HOSPITAL, simulated_asking.SCENIC
    assert outcomes == {
        (hospital, "paid", "kept_late"),
        (hospital, "open", ""),
        (scenic, "paid", "kept_on_time"),
    }
    assert all(row.simulated for row in DeferredPayment.objects.all())
    consents = CreditConsent.objects.filter(unit=simulated_asking.VILLAGE)
    assert consents.count() == simulated_asking.HOUSEHOLDS
    looks = verify(means().reads.folder)
    asked = simulated_asking.HOUSEHOLDS + simulated_asking.FIRMS
    assert looks.root.count > asked
    person = CreditConsent.objects.get(unit=scenic).subject_row_id
    assert len(public_own_payments(subject=person, today=simulated_asking.OUTSTANDING)) == 2
    assert replay().faults == []


def test_two_firms_put_their_records_right(known: Known) -> None:
    assert simulated_objections.pretended(means()) == (), "as in a demo of an older version"
    simulated_objections.fill(
        known=known, regime=regime(), periods=periods(), calendar=working_calendar()
    )
    first = viewer_named("xinyong1")
    (raised,) = objections(means=means(), viewer=first).rows
    assert (raised.name, raised.acts) == (known.wronged.name, ("forward", "uphold", "dismiss"))
    (asked,) = repairs(means=means(), viewer=first).rows
    assert "grant" not in asked.acts, "who accepted it does not grant it"
    (to_decide,) = repairs(means=means(), viewer=known.centre.second).rows
    assert "grant" in to_decide.acts
    today, promised = civil_date(simulated_objections.ACCEPTED), f"{asked.code}-CN"
    by_city, by_others = (
        [r.code for r in every(viewer=ANYONE, wanted=Filter(promisor=who), today=today)]
        for who in Promisor
    )
    assert promised not in by_city
    assert by_others == [promised]
    both = simulated_objections.pretended(means())
    assert [one.number for one in both] == [known.wronged.number, known.fined.number]
    assert replay().faults == []


def test_records_go_up_and_come_down(known: Known, settings: Settings) -> None:
    simulated_exchange.fill(
        known=known,
        content=settings.YINUO_CONTENT,
        signer=OURS,
        calendar=working_calendar(),
        regions=regions(),
    )
    packages = {
        (row.direction, row.content): (row.state, row.refused)
        for row in ExchangePackage.objects.all()
    }
    assert packages == {
        ("up", "penalty"): ("answered", 1),
        ("up", "licence"): ("made", None),
        ("down", "penalty"): ("answered", 1),
    }
    assert [each.title for each in peers().values()] == [simulated_exchange.TITLE]
    (returned,) = exchange_queries.refused(means=means(), viewer=known.centre.first)
    assert returned.next_step == simulated_exchange.RETURNED.next_step
    letters = BulkLetters.objects.get()
    faulty = simulated_exchange.LETTERS // simulated_exchange.FAULTY
    assert (letters.state, letters.read, letters.aside) == (
        "published",
        simulated_exchange.LETTERS,
        faulty,
    )
    assert public_bulk_letters(text=known.start_ups[0].number, means=means())
    # What came down is published with the next release.
    publishing.publish(means=means(), by=known.centre.first, at=simulated_exchange.PUBLISHED)
    assert replay().faults == []
