"""Behind a proxy: who asks is told apart, and addresses that the site writes are of HTTPS."""

import pytest
from django.test import Client
from pytest_django import Settings

from tests.city import PASSWORD, City
from tests.visits import words
from yinuo.kernel.proxies import networks

pytestmark = pytest.mark.django_db
WRONG = {"username": "lushun", "password": "not-it-at-all"}


def from_address(address: str) -> Client:
    """A browser at this address, as a proxy on the same machine sends it on."""
    return Client(REMOTE_ADDR="127.0.0.1", headers={"x-forwarded-for": f"1.2.3.4, {address}"})


def test_who_guesses_is_locked_out_and_nobody_else(city: City, settings: Settings) -> None:
    settings.YINUO_PROXIES = networks("127.0.0.1")
    guesser, officer = from_address("203.0.113.9"), from_address("203.0.113.7")
    found = [guesser.post("/signin/", WRONG).status_code for _ in range(5)]
    assert found == [200, 200, 200, 200, 429]
    answer = officer.post("/signin/", {"username": "lushun", "password": PASSWORD})
    assert answer.headers["Location"] == "/work/"


def test_without_trust_nobody_escapes_by_another_name(city: City) -> None:
    found = [from_address(f"203.0.113.{n}").post("/signin/", WRONG).status_code for n in range(5)]
    assert found == [200, 200, 200, 200, 429]


@pytest.mark.parametrize(("https", "scheme"), [(True, "https"), (False, "http")])
def test_addresses_that_are_written_have_the_scheme_of_the_site(
    city: City, settings: Settings, *, https: bool, scheme: str
) -> None:
    settings.YINUO_HTTPS = https
    shown = words(Client(headers={"host": "testserver"}).get("/about/"))
    assert f"本页网址{scheme}://testserver/about/" in shown


def test_a_form_is_taken_by_the_scheme_of_the_site(city: City, settings: Settings) -> None:
    """Its origin, as the browser says it, is that of the site without any list of origins."""
    settings.YINUO_HTTPS = True
    client = Client(
        enforce_csrf_checks=True, headers={"host": "testserver", "origin": "https://testserver"}
    )
    token = client.get("/signin/").cookies["csrftoken"].value
    sent = {"username": "lushun", "password": PASSWORD, "csrfmiddlewaretoken": token}
    assert client.post("/signin/", sent).status_code == 302
    from_elsewhere = client.post("/signin/", sent, headers={"origin": "https://elsewhere.example"})
    assert from_elsewhere.status_code == 403
