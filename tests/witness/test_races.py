"""Requests that meet, and a server that is killed: the witness never goes backwards."""

import random
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection, HTTPException
from pathlib import Path

import pytest

from tests.witness.program import Program, Serving
from tests.witness.published import AT, ORIGIN, Log
from yinuo.ledger.tlog.checkpoint import Checkpoint
from yinuo.ledger.tlog.cosignature import Cosigner, cosign
from yinuo.witness import judge
from yinuo.witness.folder import Folder
from yinuo.witness.judge import Refused, Witness, WrongOld
from yinuo.witness.request import parse
from yinuo.witness.server import Server


def size_of(witness: Witness) -> int:
    seen = witness.folder.state().last(ORIGIN)
    return seen.size if seen else 0


def test_an_interleaved_request_cannot_roll_the_witness_back(
    witness: Witness, log: Log, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The race of the standard: A (size N) is checked, then B (size N + K) comes in between."""
    small, large = log.grown(10), log.grown(50)
    witness.add_checkpoint(parse(log.request(0)), at=AT)
    checked, go_on = threading.Event(), threading.Event()

    def slow(text: str, cosigner: Cosigner, time: int) -> str:
        """Stop after the check and before the store, in the thread of request A alone."""
        if "\n310\n" in text:
            checked.set()
            assert go_on.wait(20)
        return cosign(text, cosigner, time)

    monkeypatch.setattr(judge, "cosign", slow)
    with ThreadPoolExecutor(2) as pool:
        a = pool.submit(witness.add_checkpoint, parse(small.request(300)), at=AT)
        assert checked.wait(20)
        b = pool.submit(witness.add_checkpoint, parse(large.request(300)), at=AT)
        with pytest.raises(TimeoutError):
            b.result(timeout=0.5)
        go_on.set()
        assert a.result(20).size == 310
        with pytest.raises(WrongOld) as caught:
            b.result(20)
    assert caught.value.size == 310
    assert size_of(witness) == 310


@pytest.mark.parametrize("turn", range(3))
def test_two_requests_at_once_from_one_size_leave_one_winner(
    server: Server, witness: Witness, log: Log, turn: int
) -> None:
    witness.add_checkpoint(parse(log.request(0)), at=AT)
    at_once = threading.Barrier(2)

    def ask(later: Log) -> tuple[int, str]:
        connection = HTTPConnection("127.0.0.1", int(server.server_address[1]), timeout=20)
        body = later.request(300)
        connection.connect()
        at_once.wait()
        connection.request("POST", "/add-checkpoint", body)
        response = connection.getresponse()
        text = response.read().decode()
        connection.close()
        return response.status, text

    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(ask, [log.grown(10 + turn), log.grown(50)]))
    assert sorted(status for status, _text in answers) == [200, 409]
    [lost] = [text for status, text in answers if status == 409]
    assert lost == f"{size_of(witness)}\n"


@pytest.mark.slow
def test_many_requests_at_once_make_one_chain(witness: Witness) -> None:
    """Whatever was cosigned started where the one before it ended, in every interleaving."""
    whole = Log.new(0).grown(400)
    accepted: list[tuple[int, int]] = []
    signed: dict[int, Checkpoint] = {}

    def ask(seed: int) -> None:
        draw = random.Random(seed)  # noqa: S311 (sizes to try)
        for _ in range(30):
            old = size_of(witness)
            new = min(400, old + draw.randrange(-3, 12))
            later = Log(whole.signer, whole.words[: max(new, 0)])
            if later.size < old:
                old = draw.randrange(0, later.size + 1)
            try:
                seen = witness.add_checkpoint(parse(later.request(old)), at=AT)
            except Refused:
                continue
            accepted.append((old, seen.size))
            signed[seen.size] = Checkpoint(ORIGIN, seen.size, seen.root)

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(ask, range(6)))
    steps = sorted({(old, new) for old, new in accepted if old != new})
    assert steps
    assert [old for old, _new in steps] == [0, *(new for _old, new in steps[:-1])]
    assert size_of(witness) == steps[-1][1]
    assert all(checkpoint.root == whole.root(size) for size, checkpoint in signed.items())
    assert witness.folder.forks.all() == []


@pytest.fixture
def program(witness: Witness) -> Program:
    return Program(witness.folder.path)


def last_size(program: Program) -> int:
    seen = Folder(program.folder).state().last(ORIGIN)
    return seen.size if seen else 0


@pytest.mark.slow
def test_kill_9_between_requests_forgets_nothing(program: Program, log: Log) -> None:
    old = 0
    for turn in range(4):
        later = log.grown(turn * 7)
        with program.serving() as server:
            assert server.post(later.request(old))[0] == 200
            server.process.kill()
        assert last_size(program) == later.size
        with program.serving() as server:
            assert server.post(log.request(0))[0] == 409
            assert server.post(log.rewritten(1).grown(99).request(later.size))[0] in {409, 422}
        old = later.size


@pytest.mark.slow
def test_kill_9_in_the_middle_of_requests_keeps_what_was_answered(
    program: Program, log: Log
) -> None:
    draw = random.Random(3)  # noqa: S311 (moments to kill at)
    old = 0
    for _turn in range(6):
        answered: list[int] = []
        with program.serving() as server:
            sender = threading.Thread(
                target=_send_until_killed, args=(server, log, old, answered.append)
            )
            sender.start()
            threading.Event().wait(draw.uniform(0.01, 0.25))
            server.process.kill()
            sender.join(30)
        now = last_size(program)
        assert now >= max(answered, default=old)
        assert now <= max(answered, default=old) + 1, "only the last request may be unanswered"
        old = now
    assert old > 0


def _send_until_killed(server: Serving, log: Log, old: int, tell: Callable[[int], None]) -> None:
    size = old
    while True:
        later = Log(log.signer, ("entry",) * (size + 1))
        try:
            status, text = server.post(later.request(size))
        except (OSError, HTTPException):
            return
        assert (status, text.startswith("— audit.example/w1")) == (200, True)
        size += 1
        tell(size)


def test_a_state_that_is_gone_is_not_made_anew(program: Program, log: Log, tmp_path: Path) -> None:
    with program.serving() as server:
        assert server.post(log.request(0))[0] == 200
        (program.folder / "state.sqlite").rename(tmp_path / "gone")
        status, said = server.post(log.grown(1).request(300))
        assert (status, "WITNESS-E005" in said) == (500, True)
    for command in (["serve"], ["watch", str(tmp_path), "--once"], ["status"]):
        done = program.run(*command)
        assert done.returncode == 1
        assert "WITNESS-E005" in done.stderr
        assert "停用这把密钥" in done.stderr
    done = program.run("init", "--name", "audit.example/w1")
    assert "WITNESS-E002" in done.stderr
    assert not (program.folder / "state.sqlite").exists()
