"""The credit lake of the demo, smaller: everything by the real commands."""

import csv
from pathlib import Path

import pytest
from pytest_django import Settings

from tests.city import CITY, PASSWORD, City, make_city
from yinuo.credit.life import BatchStatus
from yinuo.credit.queries import batches, entity, releases, sources
from yinuo.credit.simulation.simulate import simulate
from yinuo.credit.simulation.systems.catalogue import SYSTEMS
from yinuo.parties.queries import public_viewer_named
from yinuo.parties.viewer import Viewer
from yinuo.project import simulated_credit as demo
from yinuo.project.simulated_hiring import Hiring
from yinuo.project.simulated_plants import MISPLACED, misplace
from yinuo.web.credit import means

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
RECORDS = 6_000


@pytest.fixture
def city(db: None, tmp_path: Path, settings: Settings) -> City:
    del db
    settings.YINUO_LAKE = tmp_path / "lake"
    settings.YINUO_READS = tmp_path / "reads"
    settings.YINUO_CREDIT_CENTRE = demo.CENTRE
    return make_city()


def fill() -> Viewer:
    """The demo's lake; returns the officer of the centre."""
    passwords = {username: PASSWORD for username, *_ in demo.PEOPLE}
    hiring = Hiring(city=CITY, administrators=("admin", "admin2"), passwords=passwords)
    demo.fill(hiring=hiring, means=means(), records=RECORDS)
    viewer = public_viewer_named("xinyong1")
    assert viewer is not None
    return viewer


def test_every_source_delivers_and_what_passed_is_published(city: City) -> None:
    del city
    viewer, given = fill(), means()
    found = sources.sources(means=given, on=demo.AS_OF, viewer=viewer)
    came = [each for each in found if each.last]
    assert {each.id for each in came} == {system.id for system in SYSTEMS}
    assert all(each.simulated for each in came)
    assert sum(each.accepted + each.quarantined for each in found) >= RECORDS
    assert {each.owner for each in came} <= set(demo.UNITS)

    taken = batches.batches(means=given, viewer=viewer)
    assert all(each.read == each.accepted + each.quarantined + each.duplicate for each in taken)
    stopped = [each for each in taken if each.status is BatchStatus.WITHDRAWN]
    assert [each.source for each in stopped] == [demo.STOPPED]
    assert stopped[0].findings
    assert not any(each.held for each in taken)

    current = releases.current(means=given, viewer=viewer)
    assert current is not None
    assert current.simulated
    assert set(current.facts) == {system.id for system in SYSTEMS}
    assert current.records >= RECORDS * 9 // 10


def test_a_penalty_lies_in_the_wrong_firm(tmp_path: Path, city: City) -> None:
    """It bears the code of one firm that is on the register, and the name of another."""
    viewer, given = fill(), means()
    made = simulate(records=RECORDS, out=tmp_path / "again", seed=demo.SEED, on=demo.AS_OF)
    misplace(made.files[demo.PENALTY], made.files[demo.REGISTRATION])
    with made.files[demo.PENALTY].open(encoding="utf-8", errors="replace", newline="") as file:
        row = next(row for row in csv.DictReader(file) if row["CF_WSH"] == MISPLACED)
    bearer = entity.by_code(
        code=row["CF_XDR_SHXYM"],
        purpose="stewardship",
        means=given,
        viewer=viewer,
        at=demo.PUBLISHED,
    )
    facts = [fact for group in bearer.sources for fact in group.facts]
    misplaced = [fact for fact in facts if any(field.text == MISPLACED for field in fact.fields)]
    assert [(fact.name, fact.how) for fact in misplaced] == [(row["CF_XDR_MC"], "code")]
    assert bearer.name != row["CF_XDR_MC"]
    del city
