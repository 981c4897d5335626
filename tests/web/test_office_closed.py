"""Signatures and persons in charge are nobody's but the office's and the units', on any page."""

from urllib.parse import quote

import pytest
from django.test import Client

from tests.city import JULY, MARCH, PASSWORD, City
from tests.visits import SignIn
from tests.web.test_closed import pages, text_of
from yinuo.commitments.commands import signing
from yinuo.commitments.commands.assign import assign
from yinuo.commitments.signatures import SIGNING_STATES
from yinuo.parties.commands import OPERATOR, open_account

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

RETURNED, LEADER, LIAISON = "退回密由", "领导密名", "联络密号"
MARKS = (RETURNED, LEADER, LIAISON)
WORDS = ("签收", "责任领导", "联络员", "已退回")
"""What pages for anyone do not even speak of."""
ENTITLED: dict[str, set[str]] = {
    "": set(),
    "nobody": set(),
    "lushun": set(MARKS),
    "pulandian": set(),
    "supervisor": set(MARKS),
    "admin": set(MARKS),
    "auditor": set(MARKS),
}


@pytest.fixture
def signed_city(city: City) -> City:
    """A public promise whose signature was returned, and for which persons are named."""
    open_account(username="nobody", name="褚壬", password=PASSWORD, by=OPERATOR, at=MARCH)
    lushun = city["lushun"]
    signing.ask_signing(
        commitments=["LS-001", "LS-002"], sign_by=JULY.date(), by=city["supervisor"], at=JULY
    )
    signing.give_back(signing="LS-001/210212", reason=RETURNED, by=lushun, at=JULY)
    assign(
        commitments=["LS-001"],
        unit="210212",
        leader=LEADER,
        liaison=LIAISON,
        by=lushun,
        at=JULY,
    )
    return city


def addresses() -> list[str]:
    found = [*pages(), "/work/roster.xlsx", "/log/threads/commitment:LS-001", "/en/"]
    found += [f"/log/threads/signing:{quote('LS-001/210212')}", "/en/commitments/LS-001/"]
    for state in SIGNING_STATES:
        found += [f"/commitments/?signing={state}", f"/commitments.xlsx?signing={state}"]
    return found


def seen(client: Client, wanted: tuple[str, ...]) -> set[str]:
    return {
        mark
        for address in addresses()
        for shown in [text_of(client.get(address))]
        for mark in wanted
        if mark in shown
    }


@pytest.mark.parametrize("username", ENTITLED)
def test_marks_of_signatures_and_persons(signed_city: City, sign_in: SignIn, username: str) -> None:
    assert seen(sign_in(username), MARKS) == ENTITLED[username]


def test_public_pages_do_not_speak_of_it(signed_city: City, sign_in: SignIn) -> None:
    client = sign_in("")
    for address in addresses():
        shown = text_of(client.get(address))
        if "/about/" not in address:
            assert [word for word in WORDS if word in shown] == [], address


@pytest.mark.parametrize("username", ["", "nobody", "pulandian"])
def test_a_filter_tells_nobody_who_has_signed(
    signed_city: City, sign_in: SignIn, username: str
) -> None:
    client = sign_in(username)
    found = {
        state: text_of(client.get("/commitments/", {"signing": state})).count("LS-00")
        for state in ("waiting", "returned")
    }
    whole = text_of(client.get("/commitments/")).count("LS-00")
    assert set(found.values()) <= {0, whole}
    assert len(set(found.values())) == 1
