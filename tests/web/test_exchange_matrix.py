"""Role × route for the exchange of records and the profile of units."""

from collections.abc import Mapping
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from tests.credit.loop.test_unit_profile import ROWS, TODAY
from tests.visits import SignIn, words
from tests.web.credit_city import MARCH, NOW, Lake, make_lake, prepare
from yinuo.content.calendars import working_calendar
from yinuo.credit.commands.exchange import send, take_receipt
from yinuo.credit.exchange.packing import note_digest, note_of
from yinuo.credit.exchange.peers import load_peers
from yinuo.credit.exchange.receipt import Receipt, Refused
from yinuo.credit.queries.unit_profile import UnitProfile
from yinuo.credit.unit_counts import counted
from yinuo.ledger.tlog.note import Signer, sign
from yinuo.web import clock
from yinuo.web.credit import means
from yinuo.web.routes import exchange
from yinuo.web.views import unit_credit

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.slow,
    pytest.mark.urls("tests.web.exchange_urls"),
]
OURS = Signer("dalian.example/ledger", Ed25519PrivateKey.from_private_bytes(b"1" * 32))
PROVINCE = Signer("liaoning.example/credit", Ed25519PrivateKey.from_private_bytes(b"2" * 32))
PEERS = load_peers(
    f"名称,公钥,可发来,可报去,说明\n省平台,{PROVINCE.verifier.vkey},,行政处罚,\n".encode()
)
VIEWERS = ("", "market", "fire", "steward", "stranger", "supervisor", "admin2", "auditor")
SIGN_IN, REFUSED, GONE, NO_FORM, OK = 302, 403, 404, 405, 200
RULE = "处罚依据：没有写到条款"


def seen(others: int, **may: int) -> Mapping[str, int]:
    return {**dict.fromkeys(VIEWERS, others), "": SIGN_IN, **may}


SIDE = dict.fromkeys(("market", "steward", "auditor"), OK)
ROUTES: tuple[tuple[str, tuple[str, ...], Mapping[str, int]], ...] = (
    ("exchange", (), seen(OK, supervisor=REFUSED, admin2=REFUSED)),
    ("exchange_late_csv", (), seen(OK, supervisor=REFUSED, admin2=REFUSED)),
    ("exchange_package", ("{package}",), seen(GONE, **SIDE)),
    ("exchange_package", ("JH2024-99",), seen(GONE)),
    ("bulk_letters", (), dict.fromkeys(VIEWERS, OK)),
    ("unit_kept", ("DL-SJJ",), dict.fromkeys(VIEWERS, OK)),
    ("unit_kept", ("DL-NOBODY",), dict.fromkeys(VIEWERS, GONE)),
)


@pytest.fixture
def lake(settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Lake:
    prepare(tmp_path, settings)
    monkeypatch.setattr(clock, "now", lambda: NOW)
    return make_lake(tmp_path)


@pytest.fixture
def package(lake: Lake) -> str:
    """A package of penalties of which one row was refused."""
    steward = lake.city["steward"]
    sent = send(
        content="penalty",
        to="省平台",
        peers=PEERS,
        signer=OURS,
        calendar=working_calendar(),
        means=means(),
        by=steward,
        at=MARCH,
    )
    receipt = Receipt(
        number=sent.number,
        manifest=note_digest(note_of(sent.path)),
        sender=PROVINCE.name,
        at=MARCH,
        accepted=sent.rows - 1,
        held=False,
        refused=(Refused(file="penalty.csv", line=2, rule=RULE, next_step="补写条款"),),
    )
    note = sign(receipt.text(), PROVINCE)
    take_receipt(note=note, peers=PEERS, means=means(), by=steward, at=NOW)
    return sent.code


def test_every_route_is_in_the_matrix() -> None:
    assert {pattern.name for pattern in exchange.urlpatterns} == {name for name, _, _ in ROUTES}


@pytest.mark.parametrize("viewer", VIEWERS, ids=[v or "anyone" for v in VIEWERS])
def test_who_gets_what(client: Client, sign_in: SignIn, package: str, viewer: str) -> None:
    visitor = sign_in(viewer) if viewer else client
    for name, args, statuses in ROUTES:
        address = reverse(name, args=[each.format(package=package) for each in args])
        assert visitor.get(address).status_code == statuses[viewer], (name, args, viewer)
        if statuses[viewer] == OK:
            assert visitor.post(address).status_code == NO_FORM, (name, viewer)


def test_the_owner_reads_what_was_refused_and_what_to_do(sign_in: SignIn, package: str) -> None:
    client = sign_in("market")
    page = words(client.get(reverse("exchange")))
    assert RULE in page
    assert "补写条款" in page
    assert RULE in words(client.get(reverse("exchange_package", args=[package])))


def test_others_read_nothing_of_it(client: Client, sign_in: SignIn, package: str) -> None:
    client = sign_in("fire")
    page = words(client.get(reverse("exchange")))
    assert RULE not in page
    assert package not in page
    assert "行政处罚" not in page


def test_the_page_of_a_unit_says_its_share(
    client: Client, lake: Lake, monkeypatch: pytest.MonkeyPatch
) -> None:
    del lake
    line = counted("公开承诺", ROWS, TODAY)
    profile = UnitProfile(unit="DL-SJJ", name="市市场监管局", whole=line, kinds=(line,))
    monkeypatch.setattr(unit_credit, "public_unit_profile", lambda **_: profile)
    page = words(client.get(reverse("unit_kept", args=["DL-SJJ"])))
    assert "到期的7项承诺，按原定时限兑现2项，占28.5%" in page
    assert "逾期兑现1" in page


def test_the_file_of_late_ones_holds_no_formula(sign_in: SignIn, package: str) -> None:
    del package
    client = sign_in("steward")
    answer = client.get(reverse("exchange_late_csv"))
    assert answer["Content-Type"].startswith("text/csv")
    lines = answer.content.decode("utf-8-sig").splitlines()
    assert lines[0].startswith("类别,文书号")
    assert not [line for line in lines[1:] for cell in line.split(",") if cell[:1] in "=+@"]
