"""The witness over HTTP: `POST /add-checkpoint` and a page. Source: C2SP tlog-witness."""

import sqlite3
import threading
from collections.abc import Callable
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from socket import AF_INET6, socket
from typing import cast

from yinuo.kernel.errors import YinuoError
from yinuo.ledger.tlog.checkpoint import MalformedCheckpoint
from yinuo.ledger.tlog.note import MalformedNote
from yinuo.witness.judge import ForkFound, SameSize, Witness, WrongOld
from yinuo.witness.page import page
from yinuo.witness.request import parse
from yinuo.witness.status import status_of

LARGEST = 256 << 10
"""Bytes of a request: 63 hashes and a note with many long signatures fit in."""
TIMEOUT_SECONDS = 10
CONNECTIONS = 64
TEXT = "text/plain; charset=utf-8"
SIZE = "text/x.tlog.size"

Clock = Callable[[], int]
"""The present, in seconds since 1970."""


class PortTaken(YinuoError):
    """The address cannot be listened on."""

    code = "WITNESS-E017"

    def __init__(self, host: str, port: int, why: str) -> None:
        super().__init__(
            f"无法监听：{why}",
            place=f"{host}:{port}",
            next_step="请换一个 --port，或先停止占用它的程序",
        )


class Server(ThreadingHTTPServer):
    """Answers each connection in a thread of its own, so many at a time and no more."""

    daemon_threads = True

    def __init__(self, address: tuple[str, int], witness: Witness, clock: Clock) -> None:
        self.witness = witness
        self.clock = clock
        self._slots = threading.BoundedSemaphore(CONNECTIONS)
        if ":" in address[0]:
            self.address_family = AF_INET6
        super().__init__(address, Handler)

    def process_request(
        self, request: socket | tuple[bytes, socket], client_address: object
    ) -> None:
        """Hand a connection to a thread, or close it if too many are open."""
        if self._slots.acquire(blocking=False):
            super().process_request(request, client_address)
        else:
            self.shutdown_request(request)

    def process_request_thread(
        self, request: socket | tuple[bytes, socket], client_address: object
    ) -> None:
        """Answer one connection and give its place back."""
        try:
            super().process_request_thread(request, client_address)
        finally:
            self._slots.release()


class Handler(BaseHTTPRequestHandler):
    """One connection."""

    protocol_version = "HTTP/1.1"  # keep-alive, as the protocol asks
    server_version = "yinuo-witness"
    sys_version = ""
    timeout = TIMEOUT_SECONDS

    @property
    def _witness(self) -> Witness:
        return cast("Server", self.server).witness

    def do_GET(self) -> None:
        """The status page."""
        if self.path != "/":
            self._say(HTTPStatus.NOT_FOUND, "没有这一页\n")
            return
        try:
            self._say(HTTPStatus.OK, page(status_of(self._witness.folder)), "text/html")
        except YinuoError as error:
            self._say(HTTPStatus(error.status), f"{error}\n")

    def do_POST(self) -> None:
        """Cosign a checkpoint, or say with a status why not."""
        body = self._body()
        if body is None:
            return
        if self.path != "/add-checkpoint":
            self._say(HTTPStatus.NOT_FOUND, "只有 POST /add-checkpoint\n")
            return
        try:
            seen = self._witness.add_checkpoint(parse(body), at=cast("Server", self.server).clock())
        except (WrongOld, SameSize) as conflict:
            self._warn(conflict)
            self._say(HTTPStatus.CONFLICT, f"{conflict.size}\n", SIZE)
        except (MalformedNote, MalformedCheckpoint) as error:
            self._say(HTTPStatus.BAD_REQUEST, f"{error}\n")
        except YinuoError as error:
            self._warn(error)
            self._say(HTTPStatus(error.status), f"{error}\n")
        except sqlite3.Error as error:
            self.log_error("%s", f"状态文件无法读写：{error}")
            self._say(HTTPStatus.INTERNAL_SERVER_ERROR, "状态文件无法读写\n")
        else:
            self._say(HTTPStatus.OK, seen.line)

    def _warn(self, error: YinuoError) -> None:
        if isinstance(error, ForkFound):
            self.log_error("%s", f"！！！{error}")

    def _body(self) -> bytes | None:
        """The request's body; None if it was refused unread."""
        length = self.headers.get("Content-Length", "")
        if not (length.isascii() and length.isdigit()) or "Transfer-Encoding" in self.headers:
            self._refuse(HTTPStatus.LENGTH_REQUIRED, "须写明 Content-Length\n")
        elif len(length) > len(str(LARGEST)) or int(length) > LARGEST:
            self._refuse(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, f"至多 {LARGEST} 字节\n")
        else:
            body = self.rfile.read(int(length))
            if len(body) == int(length):
                return body
            self._refuse(HTTPStatus.BAD_REQUEST, "请求不完整\n")
        return None

    def _refuse(self, status: HTTPStatus, text: str) -> None:
        # What was not read would be taken for the next request.
        self.close_connection = True
        self._say(status, text)

    def _say(self, status: HTTPStatus, text: str, kind: str = TEXT) -> None:
        content = text.encode()
        self.send_response(status)
        self.send_header(
            "Content-Type", "text/html; charset=utf-8" if kind == "text/html" else kind
        )
        self.send_header("Content-Length", str(len(content)))
        self.send_header("Cache-Control", "no-store")
        self.send_header("X-Content-Type-Options", "nosniff")
        if self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(content)


def open_server(witness: Witness, *, host: str, port: int, clock: Clock) -> Server:
    """A server that listens but does not answer yet. Raises `PortTaken`, `StateMissing`."""
    witness.folder.state()
    try:
        return Server((host, port), witness, clock)
    except OSError as error:
        raise PortTaken(host, port, str(error)) from error
