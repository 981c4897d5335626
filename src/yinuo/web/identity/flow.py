"""Sending somebody to the provider, and finding out who came back."""

import base64
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.parse import urlencode
from urllib.request import Request, urlopen

import jwt

from yinuo.kernel.errors import YinuoError
from yinuo.kernel.resident_id import NotAResidentId, resident_id
from yinuo.kernel.uscc import NotACreditCode, credit_code
from yinuo.web.identity.provider import Provider

ALGORITHMS = ("RS256", "ES256")
TIMEOUT_SECONDS = 10
LEEWAY_SECONDS = 60
LONGEST_ANSWER = 1 << 20
LONGEST_NAME = 120
SERVER_FAULT = 500
PERSON = "person"


class NotIdentified(YinuoError):
    """What came back does not say who somebody is; nothing is believed."""

    code = "IDENT-E002"
    status = 403

    def __init__(self, why: str) -> None:
        super().__init__(f"没有登录成功：{why}", next_step="请重新登录；多次不成，请与管理员联系")


class ProviderSilent(YinuoError):
    """The provider does not answer."""

    code = "IDENT-E003"
    status = 502

    def __init__(self, name: str, why: str) -> None:
        super().__init__(f"{name}没有回应：{why}", next_step="请过一会儿再试")


@dataclass(frozen=True, kw_only=True)
class Pending:
    """A sign-in that has begun; kept in the session of that browser until it comes back."""

    state: str
    nonce: str
    verifier: str


@dataclass(frozen=True, kw_only=True)
class Identified:
    """Who came back."""

    kind: str
    """`firm`, `trader` or `person`."""
    number: str
    """统一社会信用代码, or 公民身份号码, checked."""
    name: str
    agent: str
    """The natural person who acts for a firm; empty for a person."""


def begin(provider: Provider, *, back_to: str) -> tuple[str, Pending]:
    """The address to send a browser to, and what has to be kept for its return."""
    pending = Pending(
        state=secrets.token_urlsafe(24),
        nonce=secrets.token_urlsafe(24),
        verifier=secrets.token_urlsafe(48),
    )
    challenge = base64.urlsafe_b64encode(sha256(pending.verifier.encode()).digest())
    asked = {
        "response_type": "code",
        "client_id": provider.client_id,
        "redirect_uri": back_to,
        "scope": provider.scope,
        "state": pending.state,
        "nonce": pending.nonce,
        "code_challenge": challenge.rstrip(b"=").decode(),
        "code_challenge_method": "S256",
    }
    return f"{provider.authorize_url}?{urlencode(asked)}", pending


def finish(
    provider: Provider, pending: Pending, *, state: str, code: str, back_to: str, today: date
) -> Identified:
    """Who came back with a code. Raises `NotIdentified`, `ProviderSilent`."""
    if not code or not secrets.compare_digest(state.encode(), pending.state.encode()):
        raise NotIdentified("不是从这里开始的登录")
    answer = _exchange(provider, pending, code, back_to)
    token = answer.get("id_token")
    if not isinstance(token, str):
        raise NotIdentified("身份平台没有给出身份")
    said = _believed(provider, token)
    if not secrets.compare_digest(str(said.get("nonce", "")).encode(), pending.nonce.encode()):
        raise NotIdentified("身份不是为这次登录出具的")
    return _who(provider, said, today)


def _exchange(provider: Provider, pending: Pending, code: str, back_to: str) -> Mapping[str, Any]:
    body = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": back_to,
        "client_id": provider.client_id,
        "client_secret": provider.client_secret,
        "code_verifier": pending.verifier,
    }
    asked = Request(  # noqa: S310  # the address was checked when the file was read
        provider.token_url, data=urlencode(body).encode(), headers={"Accept": "application/json"}
    )
    try:
        with urlopen(asked, timeout=TIMEOUT_SECONDS) as got:  # noqa: S310  # as above
            answer = json.loads(got.read(LONGEST_ANSWER))
    except HTTPError as error:
        error.close()
        if error.code < SERVER_FAULT:
            raise NotIdentified("身份平台不认这次登录") from error
        raise ProviderSilent(provider.name, f"HTTP {error.code}") from error
    except (URLError, OSError, ValueError) as error:
        raise ProviderSilent(provider.name, type(error).__name__) from error
    if not isinstance(answer, dict):
        raise NotIdentified("身份平台的回答读不懂")
    return answer


def _believed(provider: Provider, token: str) -> Mapping[str, Any]:
    """The claims of a token that the provider signed for us, and that is still good."""
    keys = jwt.PyJWKClient(provider.keys_url, timeout=TIMEOUT_SECONDS, cache_keys=False)
    try:
        key = keys.get_signing_key_from_jwt(token).key
        said: Mapping[str, Any] = jwt.decode(
            token,
            key,
            algorithms=list(ALGORITHMS),
            audience=provider.client_id,
            issuer=provider.issuer,
            leeway=LEEWAY_SECONDS,
            options={"require": ["exp", "iat", "iss", "aud", "sub"]},
        )
    except jwt.PyJWKClientConnectionError as error:
        raise ProviderSilent(provider.name, type(error).__name__) from error
    except (jwt.PyJWTError, ValueError) as error:
        raise NotIdentified("身份的签名、时间或对象不对") from error
    return said


def _who(provider: Provider, said: Mapping[str, Any], today: date) -> Identified:
    given = {name: str(said.get(claim, "")).strip() for name, claim in provider.claims.items()}
    kind = provider.kinds.get(given["kind"], "")
    if kind not in {"firm", "trader", PERSON}:
        raise NotIdentified("身份平台没有说明是企业还是个人")
    if not given["name"] or len(given["name"]) > LONGEST_NAME:
        raise NotIdentified("身份平台没有给出名称")
    try:
        if kind == PERSON:
            number = resident_id(given["number"], on=today)
        else:
            number = credit_code(given["number"])
    except (NotAResidentId, NotACreditCode) as error:
        raise NotIdentified("身份平台给出的证件号码不对") from error
    agent = "" if kind == PERSON else given["agent"][:LONGEST_NAME]
    return Identified(kind=kind, number=number, name=given["name"], agent=agent)
