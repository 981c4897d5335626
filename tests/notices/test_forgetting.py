"""What is kept, for how long, and what goes with a person."""

from datetime import timedelta

import pytest
from django.apps import apps

from tests.city import JULY, City, make_city
from tests.notices.sending import ISSUED, MAIL, MORNING, PHONE, Services, reachable, seal_all
from tests.protectors import add_protectors
from yinuo.ledger.memory import Memory
from yinuo.ledger.tlog.note import Signer
from yinuo.notices.commands.reading import prefer
from yinuo.notices.commands.sweeping import KEPT_DAYS, approve_erasure, sweep
from yinuo.notices.commands.tell import tell
from yinuo.notices.models import Address, Delivery, Digest, Link, Message
from yinuo.parties.commands import ask_person_erasure

pytestmark = pytest.mark.django_db


@pytest.fixture
def services() -> Services:
    return Services()


@pytest.fixture
def city(services: Services, signer: Signer, memory: Memory) -> City:
    made = make_city()
    reachable(made, services)
    reachable(made, services, "pulandian")
    tell(tellings=[ISSUED], at=JULY)
    seal_all(signer, memory)
    services.turn(MORNING)
    return made


def test_messages_go_after_half_a_year_with_all_that_hangs_on_them(city: City) -> None:
    assert (Message.objects.count(), Digest.objects.count(), Link.objects.count()) == (1, 1, 1)
    sweep(at=JULY + timedelta(days=KEPT_DAYS - 1))
    assert (Message.objects.count(), Link.objects.count()) == (1, 0)
    sweep(at=JULY + timedelta(days=KEPT_DAYS + 2))
    left = [m.objects.count() for m in (Message, Digest, Delivery, Link)]
    assert left == [0, 0, 0, 0]
    assert Address.objects.count() == 4


def test_with_a_person_go_addresses_and_messages(city: City) -> None:
    people = add_protectors(city)
    prefer(digest_minute=600, muted=[], by=city["lushun"])
    code, _ = ask_person_erasure(username="lushun", ground="ended", by=people["protect1"], at=JULY)
    assert Message.objects.count() == 1
    approve_erasure(erasure=code, by=people["protect2"], at=JULY)
    account = city["lushun"].account_id
    for model in apps.get_app_config("notices").get_models():
        if any(field.name == "account" for field in model._meta.fields):
            assert not model._default_manager.filter(account=account).exists(), model
    assert Address.objects.filter(account=city["pulandian"].account_id).count() == 2
    stored = repr([list(m.objects.values()) for m in (Message, Delivery, Digest)])
    assert MAIL not in stored
    assert PHONE not in stored
