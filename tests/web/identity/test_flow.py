"""Signing in over real HTTP with the stand-in, and everything that must not be believed."""

import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from urllib.error import HTTPError
from urllib.parse import parse_qs, urlencode, urlsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa

from yinuo.project.standin.server import KEY_ID, Pretended, StandIn, served
from yinuo.web.identity.flow import NotIdentified, ProviderSilent, begin, finish
from yinuo.web.identity.provider import BadProvider, Provider, load_provider

BACK = "http://127.0.0.1:9/back"
TODAY = date(2024, 3, 4)
FIRM = Pretended("firm", "91210200000000000F", "山海咖啡有限公司", "试甲")
PERSON = Pretended("person", "11010519491231002X", "试乙")
WRONG = Pretended("firm", "912102000000000000", "号码不对的公司")


class _Stay(HTTPRedirectHandler):
    def redirect_request(self, *_args: object) -> None:
        return None


@pytest.fixture(scope="module")
def standin() -> Iterator[tuple[StandIn, Provider]]:
    application = StandIn("http://standin", "yinuo", "secret", (FIRM, PERSON, WRONG))
    server = served(application, 0)
    base = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    provider = Provider(
        name="替身",
        issuer="http://standin",
        client_id="yinuo",
        client_secret="secret",
        authorize_url=f"{base}/authorize",
        token_url=f"{base}/token",
        keys_url=f"{base}/keys",
    )
    yield application, provider
    server.shutdown()
    thread.join()
    server.server_close()


def _chosen(address: str, who: int) -> tuple[str, str]:
    """The code and state that come back after picking somebody on the stand-in's page."""
    parts = urlsplit(address)
    asked = {name: values[0] for name, values in parse_qs(parts.query).items()}
    page = f"{parts.scheme}://{parts.netloc}{parts.path}"
    data = urlencode({**asked, "who": str(who)}).encode()
    with pytest.raises(HTTPError) as stopped:
        build_opener(_Stay).open(Request(page, data=data), timeout=5)  # noqa: S310  # loopback
    assert stopped.value.code == 302
    back = parse_qs(urlsplit(stopped.value.headers["Location"]).query)
    stopped.value.close()
    return back["code"][0], back["state"][0]


@pytest.mark.parametrize(("who", "one"), [(0, FIRM), (1, PERSON)])
def test_whoever_is_picked_comes_back(
    standin: tuple[StandIn, Provider], who: int, one: Pretended
) -> None:
    _, provider = standin
    address, pending = begin(provider, back_to=BACK)
    code, state = _chosen(address, who)
    found = finish(provider, pending, state=state, code=code, back_to=BACK, today=TODAY)
    assert (found.kind, found.number, found.name) == (one.kind, one.number, one.name)
    assert found.agent == one.agent


def test_a_code_works_once(standin: tuple[StandIn, Provider]) -> None:
    _, provider = standin
    address, pending = begin(provider, back_to=BACK)
    code, state = _chosen(address, 0)
    finish(provider, pending, state=state, code=code, back_to=BACK, today=TODAY)
    with pytest.raises(NotIdentified, match="不认这次登录"):
        finish(provider, pending, state=state, code=code, back_to=BACK, today=TODAY)


def test_what_was_not_begun_here_is_refused(standin: tuple[StandIn, Provider]) -> None:
    _, provider = standin
    address, pending = begin(provider, back_to=BACK)
    code, state = _chosen(address, 0)
    other = begin(provider, back_to=BACK)[1]
    with pytest.raises(NotIdentified, match="不是从这里开始"):
        finish(provider, other, state=state, code=code, back_to=BACK, today=TODAY)
    stolen = replace(pending, verifier=other.verifier)
    with pytest.raises(NotIdentified, match="不认这次登录"):
        finish(provider, stolen, state=state, code=code, back_to=BACK, today=TODAY)


def test_a_number_that_is_none_is_refused(standin: tuple[StandIn, Provider]) -> None:
    _, provider = standin
    address, pending = begin(provider, back_to=BACK)
    code, state = _chosen(address, 2)
    with pytest.raises(NotIdentified, match="证件号码不对"):
        finish(provider, pending, state=state, code=code, back_to=BACK, today=TODAY)


@pytest.mark.parametrize(
    "changes",
    [
        {"aud": "somebody-else"},
        {"iss": "http://elsewhere"},
        {"exp": 1_700_000_000},
        {"nonce": "another"},
        {"subject_kind": "unit"},
        {"subject_name": ""},
    ],
)
def test_a_token_for_something_else_is_refused(
    standin: tuple[StandIn, Provider], monkeypatch: pytest.MonkeyPatch, changes: dict[str, object]
) -> None:
    _, provider = standin
    address, pending = begin(provider, back_to=BACK)
    code, state = _chosen(address, 0)
    signed = jwt.encode

    def altered(claims: dict[str, object], *args: object, **more: object) -> str:
        return signed({**claims, **changes}, *args, **more)  # type: ignore[arg-type]

    monkeypatch.setattr("yinuo.project.standin.server.jwt.encode", altered)
    with pytest.raises(NotIdentified):
        finish(provider, pending, state=state, code=code, back_to=BACK, today=TODAY)


@pytest.mark.parametrize("algorithm", ["none", "HS256", "RS256"])
def test_a_token_that_somebody_else_signed_is_refused(
    standin: tuple[StandIn, Provider], monkeypatch: pytest.MonkeyPatch, algorithm: str
) -> None:
    _, provider = standin
    address, pending = begin(provider, back_to=BACK)
    code, state = _chosen(address, 0)
    signed = jwt.encode
    foreign = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    keys = {"none": None, "HS256": "x" * 32, "RS256": foreign}

    def forged(claims: dict[str, object], *_args: object, **_more: object) -> str:
        key = keys[algorithm]
        return signed({**claims, "iat": int(time.time())}, key, algorithm, {"kid": KEY_ID})  # type: ignore[arg-type]

    monkeypatch.setattr("yinuo.project.standin.server.jwt.encode", forged)
    with pytest.raises(NotIdentified, match="签名"):
        finish(provider, pending, state=state, code=code, back_to=BACK, today=TODAY)


def test_a_provider_that_is_gone_is_said_so(standin: tuple[StandIn, Provider]) -> None:
    _, provider = standin
    gone = replace(provider, token_url="http://127.0.0.1:9/token")
    _, pending = begin(gone, back_to=BACK)
    with pytest.raises(ProviderSilent):
        finish(gone, pending, state=pending.state, code="x", back_to=BACK, today=TODAY)


FILE = """
name = "统一身份认证"
issuer = "https://id.example"
client_id = "yinuo"
client_secret = "s"
authorize_url = "https://id.example/authorize"
token_url = "https://id.example/token"
keys_url = "https://id.example/keys"
[claims]
number = "idCard"
"""


def test_the_file_of_an_installation(tmp_path: Path) -> None:
    path = tmp_path / "identity.toml"
    assert load_provider(path) is None
    path.write_text(FILE, encoding="utf-8")
    found = load_provider(path)
    assert found is not None
    assert (found.claims["number"], found.claims["kind"]) == ("idCard", "subject_kind")


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        ('issuer = "https://id.example"', "", "缺少 issuer"),
        ("https://id.example/token", "http://id.example/token", "不是 https"),
        ("[claims]", "odd = 1\n[claims]", "不认识 odd"),
        ("name =", "name ==", "读不出来"),
    ],
)
def test_a_file_that_cannot_be_trusted(tmp_path: Path, old: str, new: str, what: str) -> None:
    path = tmp_path / "identity.toml"
    path.write_text(FILE.replace(old, new), encoding="utf-8")
    with pytest.raises(BadProvider, match=what):
        load_provider(path)
