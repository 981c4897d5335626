"""The demo's benefits, over a smaller lake: paid, bounced, paid again, taken back, one list up."""

from datetime import date
from pathlib import Path

import pytest
from pytest_django import Settings

from tests.benefits.fund import publish_table
from tests.city import CITY, PASSWORD, make_city
from yinuo.benefits.models import Award, Clawback, PayoutBatch
from yinuo.benefits.queries.listed import public_listed
from yinuo.content.calendars import working_calendar
from yinuo.kernel.content import content_dir
from yinuo.ledger.replay import replay
from yinuo.project import simulated_benefits as demo
from yinuo.project import simulated_credit as lake
from yinuo.project.simulated_hiring import Hiring
from yinuo.project.standin.offering import FILE, load, offer
from yinuo.web.credit import means
from yinuo.web.files import store
from yinuo.web.identity.provider import load_provider

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
RECORDS = 6_000
MARKET = (
    ("shichang1", "市甲", "officer", "210200-SCJG"),
    ("shichang2", "市乙", "officer", "210200-SCJG"),
)


def test_the_money_of_the_demo_adds_up(db: None, tmp_path: Path, settings: Settings) -> None:
    del db
    settings.YINUO_LAKE = tmp_path / "lake"
    settings.YINUO_READS = tmp_path / "reads"
    settings.YINUO_CREDIT_CENTRE = lake.CENTRE
    settings.YINUO_DEMO_DATE = "2025-01-20"
    city = make_city()
    for name in (demo.PAID, demo.LISTED, demo.FOUNDED):
        data = (content_dir() / "tables" / f"benefit-{name}.xlsx").read_bytes()
        publish_table(city, f"tables/benefit-{name}.xlsx", data)
    people = (*lake.PEOPLE, *demo.PEOPLE, *MARKET)
    passwords = {username: PASSWORD for username, *_ in people}
    hiring = Hiring(city=CITY, administrators=("admin", "admin2"), passwords=passwords)
    known = lake.fill(hiring=hiring, means=means(), records=RECORDS)
    first, second = hiring.hire(MARKET, units={"210200-SCJG": "市场监管"}, at=demo.OPENED)
    demo.fill(hiring=hiring, market=(first, second), store=store(), calendar=working_calendar())
    paid = Award.objects.filter(policy=demo.PAID)
    total = sum(award.amount or 0 for award in paid)
    assert set(paid.values_list("state", flat=True)) == {"paid"}
    paid_first, again = PayoutBatch.objects.order_by("code")
    assert (paid_first.state, again.state) == ("reconciled", "reconciled")
    assert paid_first.total == total == paid_first.paid + again.paid
    assert paid_first.bounced == again.total > 0
    back = Clawback.objects.get()
    assert (back.amount, back.repaid) == (demo.TOO_MUCH, demo.REPAID)
    assert public_listed(policy=demo.LISTED, on=date(2025, 1, 20)).total > 0
    founded = Award.objects.filter(policy=demo.FOUNDED)
    assert founded.filter(state="listed").count() == 20, "as far as the budget reaches"
    codes = {one.number for one in known.start_ups}
    assert set(founded.exclude(state="refused").values_list("credit_code", flat=True)) <= codes
    assert all(award.simulated for award in Award.objects.all())
    assert replay().faults == []

    some = demo.pretended()
    assert [one.kind for one in some] == ["firm", "firm", "firm"]
    identity = tmp_path / "identity.toml"
    for port in (8001, 8002):
        offer(identity=identity, home=tmp_path, port=port, subjects=some)
        provider, (standin, listens) = load_provider(identity), load(tmp_path / FILE)
        assert provider is not None
        assert listens == port
        assert (standin.issuer, standin.client_secret) == (provider.issuer, provider.client_secret)
        assert provider.authorize_url == f"http://127.0.0.1:{port}/authorize"
        assert tuple(standin.subjects) == some
