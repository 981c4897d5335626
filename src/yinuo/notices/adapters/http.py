"""JSON over HTTP to a service that the city named: bounded, verified, never led elsewhere."""

import http.client
import json
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import SplitResult, urlsplit

from yinuo.notices.adapters.letter import NotDeliveredError

TIMEOUT_SECONDS = 10.0
LONGEST_ANSWER = 65_536
LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})
REQUEST_TIMEOUT, TOO_MANY = 408, 429


def address_fault(url: str, *, plain: bool = False) -> str:
    """What is wrong with the address of a service; empty if nothing is.

    Plain HTTP is for services on this machine, or where the city says that its line is closed.
    """
    try:
        parts = urlsplit(url)
        host, _port = parts.hostname, parts.port
    except ValueError:
        return "不是网址"
    if parts.scheme not in ("https", "http") or not host:
        return "不是以 https:// 开头的网址"
    if parts.username or parts.password:
        return "不要把用户名和密码写进网址"
    if parts.scheme == "http" and not plain and host not in LOOPBACK:
        return "是不加密的 http；请用 https，专线内网可另写 plain = true"
    return ""


@dataclass(frozen=True)
class Service:
    """Where requests go."""

    base: str
    """Scheme, host and what every path begins with."""
    ca_file: str = ""
    """PEM file of an authority of the city's own; empty for those the system trusts."""

    def _connection(self, parts: SplitResult) -> http.client.HTTPConnection:
        host = str(parts.hostname)
        if parts.scheme == "http":
            return http.client.HTTPConnection(host, parts.port, timeout=TIMEOUT_SECONDS)
        context = ssl.create_default_context(cafile=self.ca_file or None)
        return http.client.HTTPSConnection(
            host, parts.port, timeout=TIMEOUT_SECONDS, context=context
        )

    def ask(
        self,
        method: str,
        path: str,
        body: bytes | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> dict[str, Any]:
        """Send one request and give the JSON object answered.

        A redirect is a failure, because what is sent must not follow to where nobody named.
        Raises `NotDeliveredError`.
        """
        parts = urlsplit(self.base)
        where = f"{parts.path.rstrip('/')}{path}" or "/"
        if parts.query:
            where += ("&" if "?" in where else "?") + parts.query
        try:
            connection = self._connection(parts)
            try:
                connection.request(
                    method, where, body, {"Accept": "application/json", **(headers or {})}
                )
                with connection.getresponse() as answer:
                    status, said = answer.status, answer.read(LONGEST_ANSWER + 1)
            finally:
                connection.close()
        except TimeoutError as late:
            raise NotDeliveredError(f"{TIMEOUT_SECONDS:.0f} 秒内没有回应") from late
        except ssl.SSLCertVerificationError as wrong:
            raise NotDeliveredError(f"对方证书不可信：{wrong.verify_message}") from wrong
        except (OSError, http.client.HTTPException, ValueError) as failed:
            raise NotDeliveredError(f"连不上：{_reason(failed)}") from failed
        return _object(status, said)


def _reason(failed: Exception) -> str:
    """Without what the exception may quote of the request."""
    said = getattr(failed, "strerror", None)
    return str(said) if said else type(failed).__name__


def _object(status: int, said: bytes) -> dict[str, Any]:
    if status // 100 != 2:  # noqa: PLR2004  # any success
        passing = status >= 500 or status in (REQUEST_TIMEOUT, TOO_MANY)  # noqa: PLR2004
        raise NotDeliveredError(f"对方回应 HTTP {status}", for_good=not passing)
    if len(said) > LONGEST_ANSWER:
        raise NotDeliveredError("对方的回应太长")
    try:
        found = json.loads(said)
    except ValueError as wrong:
        raise NotDeliveredError("对方的回应不是 JSON") from wrong
    if not isinstance(found, dict):
        raise NotDeliveredError("对方的回应不是 JSON 对象")
    return found


JSON_HEADERS = {"Content-Type": "application/json; charset=utf-8"}
