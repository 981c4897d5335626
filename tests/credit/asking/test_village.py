import json
from datetime import timedelta

import pytest

from tests.credit.asking.counter import NOBODY, NOW, TODAY, VILLAGE, Counter, Household
from yinuo.credit.errors.asking import MayNotAsk
from yinuo.credit.models import Subject
from yinuo.credit.queries.asking import Asker
from yinuo.credit.queries.village import VillageList, consenting, village_list
from yinuo.kernel.resident_id import masked
from yinuo.ledger.models import Text
from yinuo.web.asking import asking


def made(counter: Counter, who: str = "village") -> VillageList:
    return village_list(asking=asking(), viewer=Asker.officer(counter.city[who]), at=NOW)


def sign(counter: Counter, *people: Household) -> None:
    for one in people:
        counter.consent(one.number, name=one.name, who="village", scenario="village")


def test_the_list_is_that_of_the_truth(counter: Counter) -> None:
    """Both sorts of no are among those who consented, and some who did not consent qualify."""
    bad = [one for one in counter.village if not one.qualifies]
    good = [one for one in counter.village if one.qualifies]
    assert any(one.listed for one in bad)
    assert any(one.broken for one in bad)
    sign(counter, *bad, *good[:20])
    found = made(counter)
    wanted = {(one.name, masked(one.number)) for one in good[:20]}
    assert {(one.name, one.number) for one in found.qualify} == wanted
    assert (found.asked, found.refused, found.undetermined) == (len(bad) + 20, len(bad), 0)
    assert found.unit == VILLAGE
    assert found.until == TODAY + timedelta(days=90)


def test_each_household_is_a_look_of_its_own(counter: Counter) -> None:
    sign(counter, *counter.village[:5])
    made(counter)
    looks = [json.loads(line) for line in counter.looks()]
    assert len({look["entity"] for look in looks}) == len(looks) == 5
    assert {look["purpose"] for look in looks} == {"village"}
    assert all(look["consent"].startswith("TY-") for look in looks)


def test_who_did_not_consent_is_not_looked_at(counter: Counter) -> None:
    found = made(counter)
    assert (found.asked, found.qualify) == (0, ())
    assert counter.looks() == []


def test_a_household_erased_by_law_is_not_determined(counter: Counter) -> None:
    sign(counter, *counter.village[:3])
    gone = Subject.objects.order_by("code").first()
    assert gone is not None
    Text.objects.filter(hash=gone.number_text.removeprefix("text:")).delete()
    found = made(counter)
    assert (found.asked, found.undetermined) == (3, 1)


@pytest.mark.parametrize("who", ["hospital", "steward", "auditor"])
def test_others_get_no_list(counter: Counter, who: str) -> None:
    sign(counter, *counter.village[:2])
    with pytest.raises(MayNotAsk):
        made(counter, who)
    with pytest.raises(MayNotAsk):
        consenting(asking=asking(), viewer=Asker.officer(counter.city[who]), on=TODAY)


def test_the_bank_needs_a_consent_of_its_own(counter: Counter) -> None:
    sign(counter, *counter.village[:2])
    assert made(counter, "bank").asked == 0
    assert consenting(asking=asking(), viewer=Asker.officer(counter.city["village"]), on=TODAY) == 2
    counter.consent(NOBODY, who="bank", scenario="village")
    assert made(counter, "bank").asked == 1
