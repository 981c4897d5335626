"""Handing one event to its receiver over HTTP: bounded, verified, never led elsewhere."""

import http.client
import socket
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from yinuo.api.hooks.errors import NotTakenError
from yinuo.api.hooks.networks import Networks

TIMEOUT_SECONDS = 5.0
LONGEST_ANSWER = 4_096
REQUEST_TIMEOUT, TOO_MANY = 408, 429


class _Plain(http.client.HTTPConnection):
    """To an address that was looked up and permitted before."""

    def __init__(self, host: str, port: int, address: str) -> None:
        super().__init__(host, port, timeout=TIMEOUT_SECONDS)
        self.address = address

    def connect(self) -> None:
        """Connect to that address."""
        self.sock = socket.create_connection((self.address, self.port), TIMEOUT_SECONDS)


class _Safe(_Plain):
    """The same under TLS, for the name that was asked for."""

    def __init__(self, host: str, port: int, address: str, ca_file: str) -> None:
        super().__init__(host, port, address)
        self.context = ssl.create_default_context(cafile=ca_file or None)

    def connect(self) -> None:
        """Connect, and hold the certificate against the name."""
        super().connect()
        self.sock = self.context.wrap_socket(self.sock, server_hostname=self.host)


@dataclass(frozen=True)
class Poster:
    """Sends to whatever the networks permit."""

    networks: Networks

    def post(self, url: str, body: bytes, headers: Mapping[str, str]) -> None:
        """Send one event; any 2xx takes it. A redirect is a refusal. Raises `NotTakenError`."""
        parts = urlsplit(url)
        where = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        try:
            connection = self._connection(url)
            try:
                connection.request("POST", where, body, dict(headers))
                with connection.getresponse() as answer:
                    status = answer.status
                    answer.read(LONGEST_ANSWER)
            finally:
                connection.close()
        except TimeoutError as late:
            raise NotTakenError(f"{TIMEOUT_SECONDS:.0f} 秒内没有回应", whole=True) from late
        except ssl.SSLError as wrong:
            raise NotTakenError("对方证书不可信", whole=True) from wrong
        except (OSError, http.client.HTTPException, ValueError) as failed:
            raise NotTakenError(f"连不上：{type(failed).__name__}", whole=True) from failed
        if status // 100 != 2:  # noqa: PLR2004  # any success
            whole = status >= 500 or status in (REQUEST_TIMEOUT, TOO_MANY)  # noqa: PLR2004
            raise NotTakenError(f"对方回应 HTTP {status}", whole=whole)

    def _connection(self, url: str) -> http.client.HTTPConnection:
        parts = urlsplit(url)
        host, secure = str(parts.hostname), parts.scheme == "https"
        port = parts.port or (443 if secure else 80)
        address = self.networks.address(host, port)
        if secure:
            return _Safe(host, port, address, self.networks.ca_file)
        return _Plain(host, port, address)
