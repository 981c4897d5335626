"""A small receiver of events on loopback, which can be told to fail."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from yinuo.api.hooks.signing import signature

TAKEN, FAILING, REFUSED, MOVED = 204, 503, 422, 302


class Receiver:
    """What came, in its order; `answer` says with which status the next request is met."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.taken: list[dict[str, Any]] = []
        self.asked: list[dict[str, Any]] = []
        self.headers: list[dict[str, str]] = []
        self.bodies: list[bytes] = []
        self.answer: Callable[[dict[str, Any]], int] = lambda _event: TAKEN

    def signed_with(self, secret: str) -> bool:
        """Whether every request bears the signature of this secret."""
        return all(
            headers["webhook-signature"]
            == signature(
                secret,
                event=headers["webhook-id"],
                at=datetime.fromtimestamp(int(headers["webhook-timestamp"]), UTC),
                body=body,
            )
            for headers, body in zip(self.headers, self.bodies, strict=True)
        )


@contextmanager
def receiving() -> Iterator[Receiver]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            event = json.loads(body)
            it.asked.append(event)
            it.headers.append({name.lower(): value for name, value in self.headers.items()})
            it.bodies.append(body)
            status = it.answer(event)
            if status == TAKEN:
                it.taken.append(event)
            self.send_response(status)
            if status == MOVED:
                self.send_header("Location", it.url)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    it = Receiver(f"http://127.0.0.1:{server.server_address[1]}/hook")
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield it
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
