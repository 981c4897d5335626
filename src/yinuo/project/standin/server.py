"""An OpenID Connect provider of a few made-up subjects, over loopback HTTP.

It signs with a key of its own that lives as long as the process, and asks for no password: whoever
opens its page picks who to be. A real installation never starts it.
"""

import base64
import html
import json
import secrets
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

KEY_ID = "standin-1"
KEY_BITS = 2048
LIVES_SECONDS = 300
MOST_BODY = 1 << 16
LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})
Start = Callable[..., Any]


@dataclass(frozen=True)
class Pretended:
    """Somebody that one may pretend to be: all made up."""

    kind: str
    number: str
    name: str
    agent: str = ""


@dataclass
class StandIn:
    """The WSGI application."""

    issuer: str
    client_id: str
    client_secret: str
    subjects: Sequence[Pretended]
    _key: rsa.RSAPrivateKey = field(
        default_factory=lambda: rsa.generate_private_key(public_exponent=65537, key_size=KEY_BITS)
    )
    _codes: dict[str, dict[str, str]] = field(default_factory=dict)

    def __call__(self, given: Mapping[str, Any], start: Start) -> Iterable[bytes]:
        """Answer one request."""
        ways = {
            ("GET", "/authorize"): self._choose,
            ("POST", "/authorize"): self._chosen,
            ("POST", "/token"): self._token,
            ("GET", "/keys"): self._keys,
        }
        way = ways.get((given["REQUEST_METHOD"], given["PATH_INFO"]))
        asked = {name: values[0] for name, values in parse_qs(given["QUERY_STRING"]).items()}
        if given["REQUEST_METHOD"] == "POST":
            length = min(int(given.get("CONTENT_LENGTH") or 0), MOST_BODY)
            typed = parse_qs(given["wsgi.input"].read(length).decode())
            asked |= {name: values[0] for name, values in typed.items()}
        status, kind, body, more = way(asked) if way else ("404 Not Found", "text/plain", "404", [])
        data = body.encode()
        headers = [("Content-Type", f"{kind}; charset=utf-8"), ("Content-Length", str(len(data)))]
        start(status, [*headers, ("Cache-Control", "no-store"), *more])
        return [data]

    def _choose(self, asked: Mapping[str, str]) -> tuple[str, str, str, list[tuple[str, str]]]:
        hidden = "".join(
            f'<input type="hidden" name="{html.escape(name)}" value="{html.escape(value)}">'
            for name, value in asked.items()
        )
        buttons = "".join(
            f'<p><button name="who" value="{at}">{html.escape(one.name)}</button></p>'
            for at, one in enumerate(self.subjects)
        )
        page = (
            '<!doctype html><html lang="zh-Hans"><meta charset="utf-8">'
            '<meta name="viewport" content="width=device-width"><link rel="icon" href="data:,">'
            "<title>身份认证（演示替身）</title>"
            "<h1>身份认证（演示替身）</h1><p>没有密码，选一个虚构的身份。真实安装用本省的统一身份认证。</p>"
            f'<form method="post" action="/authorize">{hidden}{buttons}</form></html>'
        )
        return "200 OK", "text/html", page, []

    def _chosen(self, asked: Mapping[str, str]) -> tuple[str, str, str, list[tuple[str, str]]]:
        back = asked.get("redirect_uri", "")
        at = asked.get("who", "")
        right = asked.get("client_id") == self.client_id and at.isdecimal()
        if not right or urlsplit(back).hostname not in LOOPBACK or int(at) >= len(self.subjects):
            return "400 Bad Request", "text/plain", "400", []
        code = secrets.token_urlsafe(24)
        self._codes[code] = {**asked, "who": at}
        to = f"{back}?{urlencode({'code': code, 'state': asked.get('state', '')})}"
        return "302 Found", "text/plain", "", [("Location", to)]

    def _token(self, asked: Mapping[str, str]) -> tuple[str, str, str, list[tuple[str, str]]]:
        begun = self._codes.pop(asked.get("code", ""), None)
        digest = sha256(asked.get("code_verifier", "").encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        if (
            begun is None
            or asked.get("client_secret") != self.client_secret
            or asked.get("redirect_uri") != begun.get("redirect_uri")
            or challenge != begun.get("code_challenge")
        ):
            return "400 Bad Request", "application/json", '{"error":"invalid_grant"}', []
        one = self.subjects[int(begun["who"])]
        now = int(time.time())
        claims = {
            "iss": self.issuer,
            "aud": self.client_id,
            "sub": sha256(one.number.encode()).hexdigest(),
            "iat": now,
            "exp": now + LIVES_SECONDS,
            "nonce": begun.get("nonce", ""),
            "subject_kind": one.kind,
            "subject_number": one.number,
            "subject_name": one.name,
            "agent_name": one.agent,
        }
        token = jwt.encode(claims, self._key, algorithm="RS256", headers={"kid": KEY_ID})
        answer = {"token_type": "Bearer", "expires_in": LIVES_SECONDS, "id_token": token}
        return "200 OK", "application/json", json.dumps(answer), []

    def _keys(self, _asked: Mapping[str, str]) -> tuple[str, str, str, list[tuple[str, str]]]:
        key = jwt.algorithms.RSAAlgorithm.to_jwk(self._key.public_key(), as_dict=True)
        keys = {"keys": [{**key, "kid": KEY_ID, "use": "sig", "alg": "RS256"}]}
        return "200 OK", "application/json", json.dumps(keys), []


class _Quiet(WSGIRequestHandler):
    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # as in the library
        """Say nothing: addresses hold codes."""


def served(application: StandIn, port: int) -> WSGIServer:
    """A server on loopback; port 0 takes a free one."""
    return make_server("127.0.0.1", port, application, handler_class=_Quiet)
