"""企业微信 and 政务微信: application messages to one person, and group robots.

Shapes: 企业微信开发者文档, “发送应用消息” and “群机器人配置说明”. 政务微信 is the same family of
interfaces at an address of the city's own.
"""

from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from yinuo.kernel.canonical import canonical_bytes
from yinuo.notices.adapters.http import JSON_HEADERS, Service
from yinuo.notices.adapters.letter import Letter, NotDeliveredError, scrubbed

TOKEN_GONE = frozenset({40014, 42001, 40001})
"""Answers after which a new access token is worth asking for."""
PASSING = frozenset({-1, 45009, 45033, 50001})
"""Busy, or asked too often: worth trying again."""
LONGEST_TEXT_BYTES = 2_048
DUPLICATE_SECONDS = 1_800


def _code(answer: dict[str, Any]) -> int:
    code = answer.get("errcode", 0)
    if not isinstance(code, int):
        raise NotDeliveredError("对方的回应没有 errcode")
    return code


def _failed(answer: dict[str, Any], *secrets: str) -> NotDeliveredError:
    said = scrubbed(str(answer.get("errmsg", "")), *secrets)
    code = _code(answer)
    return NotDeliveredError(f"errcode {code} {said}".strip(), for_good=code not in PASSING)


def clipped(text: str, most: int = LONGEST_TEXT_BYTES) -> str:
    r"""The text within a number of UTF-8 bytes, cut between lines where possible.

    >>> clipped("第一行\n第二行", 16)
    '第一行\n…'
    """
    data = text.encode()
    if len(data) <= most:
        return text
    short = data[: most - 4].decode(errors="ignore")
    whole, newline, _rest = short.rpartition("\n")
    return f"{whole}\n…" if newline else f"{short}…"


@dataclass
class Application:
    """Messages of an application to one person, by the account's number there."""

    service: Service
    corp_id: str
    agent_id: int
    secret: str = field(repr=False)
    markdown: bool = False
    """Whether to send markdown, which only the app itself shows."""
    _token: str = field(default="", repr=False)

    def send(self, letter: Letter) -> str:
        """Send to one person; returns the service's `msgid`. Raises `NotDeliveredError`."""
        answer = self._post(letter)
        if _code(answer) in TOKEN_GONE:
            self._token = ""
            answer = self._post(letter)
        if _code(answer):
            raise _failed(answer, self.secret, self._token, letter.to)
        if answer.get("invaliduser"):
            raise NotDeliveredError("对方没有这个账号，或者它不在应用的可见范围内", for_good=True)
        return str(answer.get("msgid", ""))

    def _access(self) -> str:
        if not self._token:
            query = urlencode({"corpid": self.corp_id, "corpsecret": self.secret})
            answer = self.service.ask("GET", f"/cgi-bin/gettoken?{query}")
            if _code(answer):
                raise _failed(answer, self.secret)
            self._token = str(answer.get("access_token", ""))
            if not self._token:
                raise NotDeliveredError("对方没有给出 access_token")
        return self._token

    def _post(self, letter: Letter) -> dict[str, Any]:
        kind = "markdown" if self.markdown else "text"
        body = canonical_bytes(
            {
                "touser": letter.to,
                "agentid": self.agent_id,
                "msgtype": kind,
                kind: {"content": _markdown(letter) if self.markdown else clipped(letter.text)},
                "enable_duplicate_check": 1,
                "duplicate_check_interval": DUPLICATE_SECONDS,
            }
        )
        query = urlencode({"access_token": self._access()})
        return self.service.ask("POST", f"/cgi-bin/message/send?{query}", body, JSON_HEADERS)


def _markdown(letter: Letter) -> str:
    link = f"\n[{letter.url_label}]({letter.url})" if letter.url else ""
    room = LONGEST_TEXT_BYTES - len(link.encode())
    return clipped("\n".join((f"**{letter.title}**", *letter.lines)), room) + link


@dataclass
class Robot:
    """A robot in a group: everybody there reads along, so it names the person and no title."""

    service: Service = field(repr=False)
    """Its address holds the robot's key."""
    secret: str = field(default="", repr=False)
    """The key again, so that it is struck out of what the service says."""

    def send(self, letter: Letter) -> str:
        """Mention the person in the group; the service gives no receipt."""
        body = canonical_bytes(
            {
                "msgtype": "text",
                "text": {"content": clipped(letter.discreet), "mentioned_list": [letter.to]},
            }
        )
        answer = self.service.ask("POST", "", body, JSON_HEADERS)
        if _code(answer):
            raise _failed(answer, self.secret, letter.to)
        return ""
