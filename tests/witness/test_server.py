"""The protocol over real HTTP: every status, and what stays on the disk."""

import json
import socket
import threading
from http.client import HTTPConnection, HTTPResponse

import pytest

from tests.witness.published import AT, ORIGIN, Log
from yinuo.ledger.tlog.cosignature import add_cosignatures, read_cosignatures
from yinuo.ledger.tlog.note import Signer, sign
from yinuo.witness import server as serving
from yinuo.witness.judge import Witness
from yinuo.witness.server import LARGEST, Handler, PortTaken, Server, open_server


def post(connection: HTTPConnection, body: bytes, path: str = "/add-checkpoint") -> HTTPResponse:
    connection.request("POST", path, body)
    return connection.getresponse()


def dial(server: Server) -> socket.socket:
    host, port = server.server_address[:2]
    return socket.create_connection((str(host), int(port)), timeout=10)


def answer(connection: HTTPConnection, body: bytes) -> tuple[int, str]:
    response = post(connection, body)
    return response.status, response.read().decode()


def cosigned_sizes(witness: Witness) -> int | None:
    seen = witness.folder.state().last(ORIGIN)
    return seen.size if seen else None


def test_200_a_first_checkpoint_and_one_that_continues_it(
    connection: HTTPConnection, witness: Witness, log: Log
) -> None:
    later = log.grown(700)
    for step, old in ((log, 0), (later, 300), (later, 1000)):
        status, line = answer(connection, step.request(old))
        assert status == 200
        note = add_cosignatures(step.note(), [line])
        cosigned = read_cosignatures(note, [witness.cosigner.verifier])
        assert [(c.time, c.line) for c in cosigned] == [(AT, line)]
        seen = witness.folder.state().last(ORIGIN)
        assert seen
        assert (seen.size, seen.root, seen.note) == (step.size, step.root(), step.note())
    assert witness.folder.forks.all() == []


def test_200_an_empty_log(connection: HTTPConnection, witness: Witness, log: Log) -> None:
    empty = Log(log.signer)
    assert answer(connection, empty.request(0))[0] == 200
    assert answer(connection, log.request(0))[0] == 200
    assert cosigned_sizes(witness) == 300


def test_200_with_other_signatures_beside_the_trusted_one(
    connection: HTTPConnection, log: Log
) -> None:
    line = "— strange.example AAAAAAAA\n"
    assert answer(connection, log.request(0) + line.encode())[0] == 200


@pytest.mark.parametrize("body", [b"", b"hello", b"old 0\n\nhello", b"old 0\n\nhello\n\n", b"\xff"])
def test_400_what_is_no_request(connection: HTTPConnection, body: bytes) -> None:
    assert answer(connection, body)[0] == 400


def test_400_a_signed_text_that_is_no_checkpoint(connection: HTTPConnection, log: Log) -> None:
    note = sign(f"{ORIGIN}\nmany\nroot\n", log.signer)
    assert answer(connection, f"old 0\n\n{note}".encode())[0] == 400


def test_400_a_proof_from_above_the_checkpoint(connection: HTTPConnection, log: Log) -> None:
    assert answer(connection, log.grown(1).request(0))[0] == 200
    status, said = answer(connection, log.request(301, []))
    assert (status, "WITNESS-E011" in said) == (400, True)


def test_403_an_unknown_key_and_a_forged_signature(connection: HTTPConnection, log: Log) -> None:
    stranger = Log.new(300, "other.example")
    same_name = Log(Signer(ORIGIN, stranger.signer.private_key)).grown(300)
    assert answer(connection, same_name.request(0))[0] == 403
    forged = log.request(0).replace(b"\n300\n", b"\n299\n")
    assert answer(connection, forged)[0] == 403


def test_404_an_unknown_log(connection: HTTPConnection, witness: Witness) -> None:
    assert answer(connection, Log.new(5, "other.example").request(0))[0] == 404
    assert witness.folder.state().last("other.example") is None


def test_409_another_size_is_answered_with_the_one_last_cosigned(
    connection: HTTPConnection, witness: Witness, log: Log
) -> None:
    later = log.grown(10)
    for old, body in ((5, log.request(5)), (300, later.request(300))):
        assert post_conflict(connection, body) == "0\n", old
    assert answer(connection, later.request(0))[0] == 200
    for body in (later.request(0), later.request(300), log.request(0), log.request(300)):
        assert post_conflict(connection, body) == "310\n"
    assert cosigned_sizes(witness) == 310
    assert witness.folder.forks.all() == []


def post_conflict(connection: HTTPConnection, body: bytes) -> str:
    response = post(connection, body)
    assert response.status == 409
    assert response.headers["Content-Type"] == "text/x.tlog.size"
    return response.read().decode()


@pytest.mark.parametrize("old", [300, 0, 7])
def test_409_the_same_size_with_another_root_is_refused_and_kept(
    connection: HTTPConnection, witness: Witness, log: Log, old: int
) -> None:
    assert answer(connection, log.request(0))[0] == 200
    other = log.rewritten(41)
    assert post_conflict(connection, other.request(old)) == "300\n"
    [fork] = witness.folder.forks.all()
    assert fork.proven
    assert fork.kind == "same_size"
    assert (fork.earlier_note, fork.later_note) == (log.note(), other.note())
    seen = witness.folder.state().last(ORIGIN)
    assert seen
    assert seen.root == log.root()


def test_422_a_rewritten_log_is_refused_and_its_own_proof_convicts_it(
    connection: HTTPConnection, witness: Witness, log: Log
) -> None:
    assert answer(connection, log.request(0))[0] == 200
    other = log.rewritten(41).grown(200)
    status, said = answer(connection, other.request(300))
    assert (status, "WITNESS-E016" in said) == (422, True)
    [fork] = witness.folder.forks.all()
    assert fork.proven
    assert fork.kind == "rewritten"
    assert bytes.fromhex(fork.other_root) == other.root(300) != log.root()
    assert (fork.earlier_note, fork.later_note) == (log.note(), other.note())
    assert cosigned_sizes(witness) == 300


@pytest.mark.parametrize("count", [0, 1, 5, 63])
def test_422_a_wrong_proof_is_a_doubt_and_no_verdict(
    connection: HTTPConnection, witness: Witness, log: Log, count: int
) -> None:
    assert answer(connection, log.request(0))[0] == 200
    later = log.grown(200)
    assert answer(connection, later.request(300, [bytes(32)] * count))[0] == 422
    [doubt] = witness.folder.forks.all()
    assert (doubt.kind, doubt.proven, doubt.stands) == ("unproven", False, True)
    assert doubt.later_note == later.note()
    # The log had continued after all; the doubt is answered, and stays on the record.
    assert answer(connection, later.request(300))[0] == 200
    [doubt] = witness.folder.forks.all()
    assert doubt.cleared_at == AT


def test_422_a_proof_with_one_wrong_hash_convicts_nobody(
    connection: HTTPConnection, witness: Witness, log: Log
) -> None:
    """Anyone can spoil a proof; a log that did nothing wrong must not be accused by it."""
    assert answer(connection, log.request(0))[0] == 200
    later = log.grown(200)
    proof = later.proof(300)
    for number in range(len(proof)):
        spoilt = [*proof[:number], bytes(32), *proof[number + 1 :]]
        status, said = answer(connection, later.request(300, spoilt))
        assert (status, "WITNESS-E013" in said) == (422, True)
    assert [doubt.kind for doubt in witness.folder.forks.all()] == ["unproven"]


def test_422_a_rewritten_log_whose_proof_does_not_show_it_is_a_doubt(
    connection: HTTPConnection, witness: Witness
) -> None:
    """From 256 leaves the proof leaves out the earlier root, so it cannot convict by itself."""
    log = Log.new(256)
    assert answer(connection, log.request(0))[0] == 200
    assert answer(connection, log.rewritten(7).grown(50).request(256))[0] == 422
    [doubt] = witness.folder.forks.all()
    assert (doubt.kind, doubt.stands) == ("unproven", True)


def test_422_a_proof_where_none_belongs(connection: HTTPConnection, log: Log) -> None:
    assert answer(connection, log.request(0, [bytes(32)]))[0] == 422
    assert answer(connection, log.request(0))[0] == 200
    assert answer(connection, log.request(300, [bytes(32)]))[0] == 422


def test_a_key_added_while_serving_counts_at_once(
    connection: HTTPConnection, witness: Witness, log: Log
) -> None:
    """Rotation: the new key of the same log goes on where the old one stopped."""
    assert answer(connection, log.request(0))[0] == 200
    new = Signer(ORIGIN, Log.new(1, "next.example").signer.private_key)
    turned = Log(new, log.words).grown(20)
    assert answer(connection, turned.request(300))[0] == 403
    witness.folder.follow(new.verifier.vkey)
    assert answer(connection, turned.request(300))[0] == 200
    other = Log(new, log.rewritten(3).words).grown(50)
    assert answer(connection, other.request(320))[0] == 422


def test_other_paths_and_bodies_that_are_too_large(connection: HTTPConnection, log: Log) -> None:
    assert post(connection, log.request(0), "/add-entries").read()
    connection.request("GET", "/add-checkpoint")
    response = connection.getresponse()
    assert (response.status, bool(response.read())) == (404, True)
    connection.request("POST", "/add-checkpoint", headers={"Content-Length": str(LARGEST + 1)})
    response = connection.getresponse()
    assert (response.status, bool(response.read())) == (413, True)
    assert answer(connection, log.request(0))[0] == 200


@pytest.mark.parametrize("length", ["", "-1", "９", "1e3", "9" * 400])
def test_a_body_without_an_honest_length_is_not_read(server: Server, length: str) -> None:
    head = f"POST /add-checkpoint HTTP/1.1\r\nHost: x\r\nContent-Length: {length}\r\n\r\n"
    with dial(server) as raw:
        raw.sendall(head.encode())
        said = raw.makefile("rb").read()
    assert said.split(b" ")[1] in {b"411", b"413"}


def test_a_client_that_stalls_is_let_go(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Handler, "timeout", 0.2)
    with dial(server) as raw:
        raw.sendall(b"POST /add-checkpoint HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\nold")
        assert raw.makefile("rb").read() == b""


def test_no_more_connections_than_there_are_places(
    witness: Witness, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(serving, "CONNECTIONS", 1)
    with open_server(witness, host="127.0.0.1", port=0, clock=lambda: AT) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        host, port = str(server.server_address[0]), int(server.server_address[1])
        first, second = (
            HTTPConnection(host, port, timeout=10),
            HTTPConnection(host, port, timeout=10),
        )
        first.request("GET", "/")
        assert first.getresponse().read()
        second.connect()
        assert second.sock.recv(1) == b""
        second.close()
        first.close()
        server.shutdown()
        thread.join()


def test_the_page_shows_what_was_seen_and_every_fork(
    connection: HTTPConnection, witness: Witness, log: Log
) -> None:
    assert answer(connection, log.request(0))[0] == 200
    answer(connection, log.rewritten(0).request(0))
    connection.request("GET", "/")
    response = connection.getresponse()
    text = response.read().decode()
    assert response.headers["Content-Type"] == "text/html; charset=utf-8"
    assert witness.cosigner.verifier.vkey in text
    assert "300 条" in text
    assert "分叉：同一记录数有两个签名的根哈希" in text
    assert log.note() in text


def test_a_taken_port_is_said(server: Server, witness: Witness) -> None:
    with pytest.raises(PortTaken, match=r"WITNESS-E017"):
        open_server(witness, host="127.0.0.1", port=int(server.server_address[1]), clock=lambda: AT)


def test_kept_evidence_is_plain_json(
    connection: HTTPConnection, witness: Witness, log: Log
) -> None:
    assert answer(connection, log.request(0))[0] == 200
    answer(connection, log.rewritten(0).request(0))
    [path] = witness.folder.forks.path.glob("*.json")
    data = json.loads(path.read_text(encoding="utf-8"))
    assert data["format"] == "yinuo.fork/1"
    assert data["later_note"] == log.rewritten(0).note()


def test_damaged_evidence_is_said_and_not_taken_for_none(
    connection: HTTPConnection, witness: Witness, log: Log
) -> None:
    assert answer(connection, log.request(0))[0] == 200
    (witness.folder.forks.path / "x.json").write_text("{")
    connection.request("GET", "/")
    response = connection.getresponse()
    assert response.status == 500
    assert "WITNESS-E021" in response.read().decode()
