"""The same log over HTTP: the same answer, and what a bad line does to it."""

import gzip
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from tests.verifier.planted import GOLDEN, Copy
from yinuo.verifier import yinuo_verify
from yinuo.verifier.yinuo_verify import Asked, Report, Unchecked, check


@dataclass
class Line:
    """How the server behaves, path by path."""

    folder: Path
    status: dict[str, list[int]] = field(default_factory=dict)
    """Path → statuses to answer first."""
    packed: bool = False
    asked: list[str] = field(default_factory=list)
    url: str = ""


@pytest.fixture
def line(log: Copy, monkeypatch: pytest.MonkeyPatch) -> Iterator[Line]:
    """Serves the copy of the frozen log on loopback."""
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    state = Line(log.folder)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            path = self.path.removeprefix("/log/")
            state.asked.append(path)
            statuses = state.status.get(path, [])
            file = state.folder / path
            status = statuses.pop(0) if statuses else 200 if file.is_file() else 404
            self.send_response(status)
            content = file.read_bytes() if status == 200 else b""
            if state.packed:
                content = gzip.compress(content)
                self.send_header("Content-Encoding", "gzip")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    state.url = f"http://127.0.0.1:{server.server_port}/log/"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield state
    server.shutdown()
    server.server_close()
    thread.join()


def ask(line: Line, **more: Any) -> Report:
    return check(Asked(line.url, trust=str(GOLDEN / "trust.policy"), **more))


def test_over_http_the_answer_is_that_of_the_folder(line: Line) -> None:
    kept = (str(GOLDEN / "earlier" / "256"),)
    there = ask(line, since=kept, subject="commitment:FZ-001")
    here = check(
        Asked(str(GOLDEN), str(GOLDEN / "trust.policy"), since=kept, subject="commitment:FZ-001")
    )
    assert there.findings == here.findings == []
    assert there.story == here.story != []
    assert {**there.facts, "where": ""} == {**here.facts, "where": ""}


def test_packed_answers_are_read(line: Line) -> None:
    line.packed = True
    assert ask(line).findings == []


def test_a_passing_failure_is_asked_again(line: Line, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(yinuo_verify, "PAUSE", 0)
    line.status = {"tile/entries/000": [503, 500], "checkpoint": [502]}
    assert ask(line).findings == []


def test_a_lasting_failure_is_no_finding(line: Line, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(yinuo_verify, "PAUSE", 0)
    for status in ([500] * 3, [403]):
        line.status = {"openings/000": list(status)}
        with pytest.raises(Unchecked, match="unreadable"):
            ask(line)


def test_a_missing_file_is_a_finding(line: Line) -> None:
    line.status = {"openings/001": [410]}
    assert [(f["name"], f["place"]) for f in ask(line).findings if f["name"] == "FILE-MISSING"] == [
        ("FILE-MISSING", "openings/001")
    ]


def test_a_narrow_tile_that_is_no_longer_kept_is_cut_from_the_full_one(line: Line) -> None:
    """While it was read the log grew past 512 entries, and the narrow files were deleted."""
    wide = line.folder / "tile/0/001.p/39"
    (line.folder / "tile/0/001").write_bytes(wide.read_bytes() + bytes(32 * 217))
    wide.unlink()
    narrow = line.folder / "tile/entries/001.p/39"
    more = narrow.read_bytes() + b"\x00\x03abc" * 217
    (line.folder / "tile/entries/001").write_bytes(more)
    narrow.unlink()
    assert ask(line).findings == []


def test_a_quick_check_still_follows_a_handover(line: Line) -> None:
    report = ask(line, quick=True, since=(str(GOLDEN / "earlier" / "64"),))
    assert report.findings == []
    assert "快速核验：没有读存证记录" in report.remarks
    assert "openings/001" in line.asked
    assert "tile/0/000" in line.asked


def test_nobody_there_is_no_finding(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(yinuo_verify, "PAUSE", 0)
    with pytest.raises(Unchecked, match="unreadable"):
        check(Asked("http://127.0.0.1:1/log"))
