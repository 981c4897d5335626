"""The ways from every page, drawn once for each duty and place."""

import re

import pytest

from tests.city import City
from tests.visits import SignIn, body

NAV = re.compile(r'<nav class="nav".*?</nav>', re.DOTALL)
WAY = re.compile(r'<a href="([^"]+)"( aria-current="(?:page|true)")?>([^<]+)</a>')


def ways(page: str) -> list[tuple[str, str]]:
    """Address and name of each way; the one taken is marked by a star."""
    (nav,) = NAV.findall(page)
    return [(href, f"{name}*" if here else name) for href, here, name in WAY.findall(nav)]


PUBLIC = ["总览", "承诺", "变更", "办事", "据报道", "存证账本"]
MORE = {
    "": [],
    "supervisor": ["我的工作"],
    "admin": ["我的工作", "台账", "职责"],
}


@pytest.mark.django_db
@pytest.mark.parametrize("username", MORE)
def test_a_duty_opens_more_ways(username: str, city: City, sign_in: SignIn) -> None:
    client = sign_in(username)
    for _ in range(2):  # drawn, and drawn already
        names = [name for _, name in ways(body(client.get("/changes/")).decode())]
        assert names == [f"{n}*" if n == "变更" else n for n in PUBLIC + MORE[username]]


@pytest.mark.django_db
def test_each_language_has_ways_of_its_own(city: City, sign_in: SignIn) -> None:
    client = sign_in("")
    for _ in range(2):
        assert ways(body(client.get("/")).decode())[0] == ("/", "总览*")
        assert ways(body(client.get("/en/")).decode())[0] == ("/en/", "Overview*")


@pytest.mark.django_db
def test_pages_below_a_way_mark_it(city: City, sign_in: SignIn) -> None:
    for path, name in (
        ("/services/kept/", "办事*"),
        ("/en/benefits/", "Services*"),
        ("/orders/", "我的工作*"),
    ):
        page = body(sign_in("supervisor").get(path)).decode()
        assert [one for _, one in ways(page) if one.endswith("*")] == [name]
        assert 'aria-current="true"' in NAV.findall(page)[0]
    assert not [n for _, n in ways(body(sign_in("").get("/about/")).decode()) if n.endswith("*")]
