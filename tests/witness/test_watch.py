"""A witness without an open port: over a folder and over HTTP, through the command line."""

import json
import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from tests.witness.program import Program
from tests.witness.published import AT, ORIGIN, Log
from yinuo.ledger.source import SourceUnreadable, open_source
from yinuo.ledger.tlog.cosignature import read_cosignatures
from yinuo.ledger.tlog.note import Signer, open_note
from yinuo.witness.judge import Rewritten, SameSize, UnknownLog, Untrusted, Witness
from yinuo.witness.watch import BadText, Shrunk, TilesDisagree, watch, write_cosigned

pytestmark = pytest.mark.slow


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_arguments: object) -> None:
        """Say nothing."""


@pytest.fixture
def published(tmp_path: Path, log: Log) -> Path:
    return log.publish(tmp_path / "log")


@pytest.fixture
def site(published: Path) -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(published))) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield f"http://127.0.0.1:{server.server_address[1]}/"
        server.shutdown()
        thread.join()


@pytest.fixture
def program(witness: Witness) -> Program:
    return Program(witness.folder.path)


def look(witness: Witness, where: Path) -> int:
    return watch(witness, open_source(str(where)), at=AT).grown


@pytest.mark.parametrize("before", [0, 1, 128, 255, 256, 257, 300])
@pytest.mark.parametrize("more", [0, 1, 212, 70_000])
def test_a_log_that_grew_is_cosigned(
    witness: Witness, tmp_path: Path, before: int, more: int
) -> None:
    log = Log.new(before)
    assert look(witness, log.publish(tmp_path / "log")) == before
    later = log.grown(more)
    watched = watch(witness, open_source(str(later.publish(tmp_path / "log"))), at=AT)
    assert watched.grown == more
    assert open_note(watched.note, [log.signer.verifier])
    [cosigned] = read_cosignatures(watched.note, [witness.cosigner.verifier])
    assert (cosigned.time, cosigned.line) == (AT, watched.seen.line)
    path = write_cosigned(watched, witness.folder.cosigned)
    assert path.read_text(encoding="utf-8") == watched.note


@pytest.mark.parametrize("before", [1, 128, 256, 300])
@pytest.mark.parametrize("more", [1, 700])
def test_a_rewritten_log_is_convicted_by_its_own_tiles(
    witness: Witness, tmp_path: Path, before: int, more: int
) -> None:
    log = Log.new(before)
    look(witness, log.publish(tmp_path / "log"))
    other = log.rewritten(before // 2).grown(more)
    with pytest.raises(Rewritten, match=r"WITNESS-E016"):
        look(witness, other.publish(tmp_path / "log"))
    [fork] = witness.folder.forks.all()
    assert fork.proven
    assert bytes.fromhex(fork.other_root) == other.root(before) != log.root()
    assert (fork.earlier_note, fork.later_note) == (log.note(), other.note())
    seen = witness.folder.state().last(ORIGIN)
    assert seen
    assert seen.root == log.root()


def test_another_root_for_the_same_size_is_a_fork(
    witness: Witness, published: Path, log: Log
) -> None:
    look(witness, published)
    with pytest.raises(SameSize, match=r"WITNESS-E015"):
        look(witness, log.rewritten(0).publish(published))
    assert [fork.kind for fork in witness.folder.forks.all()] == ["same_size"]


def test_a_log_put_back_to_yesterday_is_told_and_cleared_once_it_has_caught_up(
    witness: Witness, published: Path, log: Log
) -> None:
    later = log.grown(100)
    look(witness, later.publish(published))
    with pytest.raises(Shrunk, match=r"只有 300 条，而已见证到 400 条"):
        look(witness, log.publish(published))
    [fork] = witness.folder.forks.all()
    assert (fork.kind, fork.stands, fork.later_note) == ("shrunk", True, log.note())
    look(witness, later.grown(1).publish(published))
    [fork] = witness.folder.forks.all()
    assert not fork.stands
    with pytest.raises(Shrunk):
        look(witness, log.publish(published))
    assert sum(fork.stands for fork in witness.folder.forks.all()) == 1


def test_tiles_that_do_not_lead_to_the_signed_root_are_no_verdict(
    witness: Witness, published: Path, log: Log
) -> None:
    look(witness, published)
    log.grown(100).publish(published)
    tile = published / "tile/0/001.p/144"
    tile.write_bytes(bytes(32) + tile.read_bytes()[32:])
    with pytest.raises(TilesDisagree):
        look(witness, published)
    assert witness.folder.forks.all() == []


def test_a_missing_tile_and_a_missing_checkpoint_are_named(
    witness: Witness, published: Path, log: Log
) -> None:
    look(witness, published)
    log.grown(1).publish(published)
    (published / "tile/0/001.p/45").unlink()
    with pytest.raises(SourceUnreadable, match=r"tile/0/001\.p/45"):
        look(witness, published)
    (published / "checkpoint").unlink()
    with pytest.raises(SourceUnreadable, match="checkpoint"):
        look(witness, published)


def test_strangers_are_not_cosigned(witness: Witness, tmp_path: Path, log: Log) -> None:
    with pytest.raises(UnknownLog):
        look(witness, Log.new(3, "other.example").publish(tmp_path / "other"))
    key = Log.new(1, "next.example").signer.private_key
    with pytest.raises(Untrusted, match="add-log"):
        look(witness, Log(Signer(ORIGIN, key), log.words).publish(tmp_path / "log"))
    (tmp_path / "log/checkpoint").write_bytes(b"\xff")
    with pytest.raises(BadText):
        look(witness, tmp_path / "log")


def test_the_program_over_http_hands_over_a_file_and_a_line(
    program: Program, site: str, published: Path, log: Log
) -> None:
    done = program.run("watch", site, "--once")
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("— audit.example/w1 ")
    assert "已见证 city.example/ledger 300 条（新增 300 条）" in done.stderr
    log.grown(5).publish(published)
    result = program.json("watch", site, "--once")
    assert (result["size"], result["grown"]) == (305, 5)
    assert Path(result["file"]).read_text(encoding="utf-8") == result["note"]
    assert result["note"].endswith(result["line"])


def test_the_program_is_loud_about_a_fork_and_never_forgets_it(
    program: Program, site: str, published: Path, log: Log
) -> None:
    program.json("watch", site, "--once")
    log.rewritten(7).grown(5).publish(published)
    for options in (["--once"], ["--every", "1"]):
        done = program.run("watch", site, *options)
        assert done.returncode == 1
        assert "账本分叉" in done.stderr
    log.grown(6).publish(published)
    program.json("watch", site, "--once")
    status = program.json("status", code=1)
    [fork] = status["logs"][0]["forks"]
    assert (fork["proven"], fork["kind"], fork["earlier_size"]) == (True, "rewritten", 300)
    shown = program.run("status")
    assert shown.returncode == 1
    assert "分叉：较新的账本改写了已见证的记录" in shown.stdout


@pytest.mark.slow
def test_the_program_goes_on_watching(program: Program, published: Path, log: Log) -> None:
    process = program.start("watch", str(published), "--every", "1", "--json")
    assert process.stdout
    assert json.loads(process.stdout.readline())["size"] == 300
    (published / "checkpoint").unlink()
    assert process.stderr
    assert "没有这个文件" in process.stderr.readline()
    log.grown(9).publish(published)
    assert json.loads(process.stdout.readline())["grown"] == 9
    process.kill()
    process.communicate(timeout=10)


def test_an_unreachable_log_is_said(program: Program, tmp_path: Path) -> None:
    done = program.run("watch", "http://127.0.0.1:9/log/", "--once")
    assert done.returncode == 1
    assert "LEDGER-E012" in done.stderr
    done = program.run("watch", str(tmp_path / "nowhere"), "--once")
    assert "没有这个目录" in done.stderr
