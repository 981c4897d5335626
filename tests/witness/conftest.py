"""A witness in a folder, at rest and serving."""

import threading
from collections.abc import Iterator
from http.client import HTTPConnection
from pathlib import Path

import pytest

from tests.witness.published import AT, Log
from yinuo.witness.folder import Folder
from yinuo.witness.judge import Witness
from yinuo.witness.server import Server, open_server


@pytest.fixture
def log() -> Log:
    return Log.new(300)


@pytest.fixture
def witness(tmp_path: Path, log: Log) -> Witness:
    """A witness that follows the log and has seen nothing yet."""
    folder = Folder(tmp_path / "witness")
    folder.begin("audit.example/w1")
    folder.follow(log.signer.verifier.vkey)
    return Witness(folder, folder.cosigner())


@pytest.fixture
def server(witness: Witness) -> Iterator[Server]:
    """The same, listening on loopback."""
    with open_server(witness, host="127.0.0.1", port=0, clock=lambda: AT) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@pytest.fixture
def connection(server: Server) -> Iterator[HTTPConnection]:
    """A connection that stays open over several requests."""
    host, port = server.server_address[:2]
    opened = HTTPConnection(str(host), int(port), timeout=10)
    yield opened
    opened.close()
