"""Cosignatures: asked of real witnesses, brought by hand, and every way in which that fails."""

import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.test import Client

from tests.installation import installed
from tests.witness.program import Program
from tests.witness.published import Log
from yinuo.ledger.commands.cosigning import (
    Asked,
    NoCosignature,
    NotOurCheckpoint,
    ask_witnesses,
    store_cosigned,
)
from yinuo.ledger.commands.keys import found_key
from yinuo.ledger.commands.recording import By
from yinuo.ledger.commands.sealing import seal
from yinuo.ledger.cosigners import (
    AnswerUnusable,
    CosigningFailed,
    WitnessRefused,
    WitnessSawMore,
    WitnessSawOther,
    WitnessUnreachable,
    load_policy,
)
from yinuo.ledger.key import load_signer
from yinuo.ledger.memory import Memory
from yinuo.ledger.models import Checkpoint, Cosignature
from yinuo.ledger.tlog.cosignature import (
    BadCosignature,
    Cosigner,
    add_cosignatures,
    cosign,
    read_cosignatures,
)
from yinuo.ledger.tlog.note import MalformedNote, Signer
from yinuo.ledger.tlog.policy import Policy, parse
from yinuo.ledger.witnessed import public_alarms, public_witnessed
from yinuo.project import supervise
from yinuo.witness.folder import Folder

pytestmark = pytest.mark.slow

SIZE = 301
"""Entries in `sealed_log`."""


def present() -> datetime:
    return datetime.now(UTC)


def program(folder: Path, follows: Signer | None, name: str = "audit.example/w1") -> Program:
    made = Folder(folder)
    made.begin(name)
    if follows:
        made.follow(follows.verifier.vkey)
    return Program(folder)


def policy_of(*witnesses: tuple[Program, str], log: Signer, quorum: str = "") -> Policy:
    """A policy of witnesses `w0`, `w1` … at these URLs."""
    lines = [f"log {log.verifier.vkey}\n"]
    for number, (one, url) in enumerate(witnesses):
        vkey = Folder(one.folder).cosigner().verifier.vkey
        lines.append(f"witness w{number} {vkey} {url}\n")
    return parse(
        "".join([*lines, quorum or f"group all all {_names(witnesses)}\nquorum all\n"]).encode()
    )


def _names(witnesses: tuple[object, ...]) -> str:
    return " ".join(f"w{number}" for number in range(len(witnesses)))


def failure(policy: Policy) -> CosigningFailed:
    [asked] = ask_witnesses(policy=policy, at=present())
    assert asked.witnessed_at is None
    assert asked.error
    assert not Cosignature.objects.exists()
    return asked.error


@contextmanager
def saying(status: int, text: str, **headers: str) -> Iterator[str]:
    """The URL of a server that gives one answer to everything."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name.replace("_", "-"), value)
            self.end_headers()
            self.wfile.write(text.encode())

        def log_message(self, *_arguments: object) -> None:
            """Say nothing."""

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()
        thread.join()


def test_two_witnesses_cosign_and_go_on_when_the_log_has_grown(
    sealed_log: Signer, memory: Memory, write_units: Callable[..., None], tmp_path: Path
) -> None:
    programs = [program(tmp_path / name, sealed_log, f"{name}.example") for name in ("a", "b")]
    with ExitStack() as stack:
        urls = [stack.enter_context(one.serving()).url for one in programs]
        policy = policy_of(*zip(programs, urls, strict=True), log=sealed_log)
        asked = ask_witnesses(policy=policy, at=present())
        assert [(a.size, a.error) for a in asked] == [(SIZE, None)] * 2
        again = ask_witnesses(policy=policy, at=present())
        assert [a.witnessed_at for a in again] == [a.witnessed_at for a in asked]
        write_units(700, start=400)
        seal(signer=sealed_log, memory=memory)
        assert [a.size for a in ask_witnesses(policy=policy, at=present())] == [SIZE + 700] * 2
    newest = Checkpoint.objects.latest("size")
    lines = [one.line for one in newest.cosignatures.all()]
    cosigned = read_cosignatures(
        add_cosignatures(newest.note, lines), [w.verifier for w in policy.witnesses]
    )
    assert {c.witness for c in cosigned} == {w.verifier.label for w in policy.witnesses}
    for one in newest.cosignatures.all():
        [found] = [c for c in cosigned if c.witness == one.witness]
        assert one.witnessed_at == datetime.fromtimestamp(found.time, UTC)
    assert Cosignature.objects.count() == 4


def test_a_witness_that_stands_elsewhere_than_thought_is_asked_from_there(
    sealed_log: Signer, memory: Memory, write_units: Callable[..., None], tmp_path: Path
) -> None:
    witness = program(tmp_path / "w", sealed_log)
    with witness.serving() as server:
        policy = policy_of((witness, server.url), log=sealed_log)
        ask_witnesses(policy=policy, at=present())
        Cosignature.objects.all().delete()
        write_units(5, start=400)
        seal(signer=sealed_log, memory=memory)
        [asked] = ask_witnesses(policy=policy, at=present())
    assert (asked.size, asked.error) == (SIZE + 5, None)


def test_one_that_fails_is_told_and_the_others_are_asked(
    sealed_log: Signer, tmp_path: Path
) -> None:
    gone, there = program(tmp_path / "a", sealed_log, "a"), program(tmp_path / "b", sealed_log, "b")
    with there.serving() as server:
        policy = policy_of((gone, "http://127.0.0.1:9/"), (there, server.url), log=sealed_log)
        first, second = ask_witnesses(policy=policy, at=present())
    assert isinstance(first.error, WitnessUnreachable)
    assert "127.0.0.1:9" in str(first.error)
    assert first.error.place == "见证单位 w0"
    assert second.error is None
    assert Cosignature.objects.count() == 1


def test_a_witness_that_does_not_follow_us_is_told(sealed_log: Signer, tmp_path: Path) -> None:
    witness = program(tmp_path / "w", None)
    with witness.serving() as server:
        refused = failure(policy_of((witness, server.url), log=sealed_log))
    assert isinstance(refused, WitnessRefused)
    assert refused.http_status == 404
    assert "WITNESS-E009" in refused.what


def test_a_forged_witness_is_found(sealed_log: Signer, tmp_path: Path) -> None:
    """At the address answers somebody with another key under the same name."""
    real, forged = program(tmp_path / "a", sealed_log), program(tmp_path / "b", sealed_log)
    with forged.serving() as server:
        found = failure(policy_of((real, server.url), log=sealed_log))
    assert isinstance(found, AnswerUnusable)
    assert Folder(real.folder).cosigner().verifier.label in found.what


def test_a_witness_that_has_seen_more_is_an_alarm(sealed_log: Signer, tmp_path: Path) -> None:
    witness = program(tmp_path / "w", sealed_log)
    with witness.serving() as server:
        assert server.post(Log(sealed_log).grown(SIZE + 99).request(0))[0] == 200
        alarm = failure(policy_of((witness, server.url), log=sealed_log))
    assert isinstance(alarm, WitnessSawMore)
    assert (alarm.seen, alarm.place) == (SIZE + 99, "见证单位 w0")
    assert "已见证到 400 条，本账本只有 301 条" in alarm.what
    assert public_alarms() == (alarm.what,)


def test_an_alarm_is_over_when_the_witness_signs_again(
    sealed_log: Signer, tmp_path: Path, client: Client
) -> None:
    ahead, sound = (program(tmp_path / name, sealed_log) for name in "ab")
    with ahead.serving() as server:
        assert server.post(Log(sealed_log).grown(SIZE + 99).request(0))[0] == 200
        policy = policy_of((ahead, server.url), log=sealed_log)
        failure(policy)
    answer = client.get("/health")
    assert answer.status_code == 503
    assert "已见证到 400 条" in answer.json()["witness_alarms"][0]
    failure(policy)
    assert public_alarms(), "a witness that does not answer takes nothing back"
    with sound.serving() as server:
        assert [
            a.error
            for a in ask_witnesses(
                policy=policy_of((sound, server.url), log=sealed_log), at=present()
            )
        ] == [None]
    assert public_alarms() == ()


@pytest.mark.parametrize("size", [1, 100, 256, SIZE - 1, SIZE])
def test_a_witness_that_has_seen_another_history_is_an_alarm(
    sealed_log: Signer, tmp_path: Path, size: int
) -> None:
    witness = program(tmp_path / "w", sealed_log)
    with witness.serving() as server:
        assert server.post(Log(sealed_log).grown(size).request(0))[0] == 200
        alarm = failure(policy_of((witness, server.url), log=sealed_log))
    assert isinstance(alarm, WitnessSawOther)
    assert alarm.seen == size
    assert Folder(witness.folder).forks.all(), "the witness keeps its side of it"


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        ((200, "", "text/plain"), AnswerUnusable),
        ((200, "hello\n", "text/plain"), AnswerUnusable),
        ((200, "— a AAAAAAAA\n", "text/plain"), AnswerUnusable),
        ((409, "301\n", "text/plain"), WitnessRefused),
        ((409, "many\n", "text/x.tlog.size"), AnswerUnusable),
        ((409, "9" * 5000, "text/x.tlog.size"), AnswerUnusable),
        ((409, "0\n", "text/x.tlog.size"), WitnessRefused),
        ((422, "no", "text/plain"), WitnessRefused),
        ((500, "no", "text/plain"), WitnessRefused),
        ((204, "", "text/plain"), WitnessRefused),
    ],
)
def test_a_strange_answer_is_told_and_stores_nothing(
    sealed_log: Signer, tmp_path: Path, answer: tuple[int, str, str], expected: type
) -> None:
    status, text, kind = answer
    with saying(status, text, Content_Type=kind) as url:
        found = failure(policy_of((program(tmp_path / "w", None), url), log=sealed_log))
    assert type(found) is expected


def test_a_witness_is_not_followed_to_another_address(sealed_log: Signer, tmp_path: Path) -> None:
    witness = program(tmp_path / "w", sealed_log)
    with (
        witness.serving() as server,
        saying(307, "", Location=f"{server.url}add-checkpoint") as url,
    ):
        found = failure(policy_of((witness, url), log=sealed_log))
    assert isinstance(found, WitnessRefused)
    assert found.http_status == 307


@pytest.mark.parametrize(
    "url", ["ftp://x.example/", "file:///etc/hosts", "x.example", "http://[", "http://a:b/"]
)
def test_an_address_that_is_none_is_told(sealed_log: Signer, tmp_path: Path, url: str) -> None:
    witness = program(tmp_path / "w", None)
    assert isinstance(failure(policy_of((witness, url), log=sealed_log)), WitnessUnreachable)


def test_nothing_sealed_is_nothing_to_ask(db: None, signer: Signer, tmp_path: Path) -> None:
    policy = policy_of((program(tmp_path / "w", signer), "http://127.0.0.1:9/"), log=signer)
    assert ask_witnesses(policy=policy, at=present()) == []


# ── by hand ──────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def hand() -> Cosigner:
    return Cosigner("paper.example", Ed25519PrivateKey.generate())


@pytest.fixture
def policy(sealed_log: Signer, hand: Cosigner) -> Policy:
    text = f"log {sealed_log.verifier.vkey}\nwitness 报社 {hand.verifier.vkey}\nquorum 报社\n"
    return parse(text.encode())


def brought(note: str, *cosigners: Cosigner, at: datetime | None = None) -> str:
    text = note.partition("\n\n")[0] + "\n"
    seconds = int((at or present()).timestamp())
    return add_cosignatures(note, [cosign(text, cosigner, seconds) for cosigner in cosigners])


def add(note: str, policy: Policy) -> list[Asked]:
    return store_cosigned(note=note, policy=policy, at=present())


def test_a_cosigned_note_brought_by_hand_is_kept_once_with_its_later_time(
    policy: Policy, hand: Cosigner
) -> None:
    older, newest = Checkpoint.objects.order_by("size")
    for row in (older, newest):
        early, late = present() - timedelta(hours=2), present()
        for at in (early, late, early):
            [stored] = add(brought(row.note, hand, at=at), policy)
            assert (stored.witness.name, stored.size) == ("报社", row.size)
        [kept] = row.cosignatures.all()
        assert kept.witnessed_at == late.replace(microsecond=0)
    assert Cosignature.objects.count() == 2


def test_a_note_of_something_else_is_refused(policy: Policy, hand: Cosigner) -> None:
    other = Log.new(SIZE, "other.example")
    with pytest.raises(NotOurCheckpoint, match=r"other\.example"):
        add(brought(other.note(), hand), policy)
    stranger = Log.new(SIZE, "stranger").signer.private_key
    with pytest.raises(NotOurCheckpoint):
        add(brought(Log(Signer("yinuo.test", stranger)).grown(SIZE).note(), hand), policy)
    with pytest.raises(MalformedNote):
        add("hello", policy)


def test_a_note_without_a_witness_that_counts_is_refused(policy: Policy) -> None:
    note = Checkpoint.objects.latest("size").note
    for text in (note, brought(note, Cosigner("x.example", Ed25519PrivateKey.generate()))):
        with pytest.raises(NoCosignature, match=r"yinuo\.test"):
            add(text, policy)


def test_a_forged_line_is_named_and_not_kept(policy: Policy, hand: Cosigner) -> None:
    older, newest = Checkpoint.objects.order_by("size")
    moved = brought(older.note, hand).splitlines(keepends=True)[-1]
    with pytest.raises(BadCosignature, match=r"paper\.example"):
        add(newest.note + moved, policy)
    with pytest.raises(AnswerUnusable, match="在未来"):
        add(brought(newest.note, hand, at=present() + timedelta(days=1)), policy)
    assert not Cosignature.objects.exists()


def test_a_note_our_key_signed_and_we_do_not_have_is_an_alarm(
    policy: Policy, hand: Cosigner, sealed_log: Signer
) -> None:
    with pytest.raises(WitnessSawMore, match=r"已见证到 5,000 条"):
        add(brought(Log(sealed_log).grown(5000).note(), hand), policy)
    for size in (SIZE, 100):
        with pytest.raises(WitnessSawOther, match=r"历史已分叉"):
            add(brought(Log(sealed_log).grown(size).note(), hand), policy)


def test_a_key_that_only_the_log_itself_names_gives_the_alarm_too(
    sealed_log: Signer, hand: Cosigner
) -> None:
    """After a rotation the trust file may still name the old key alone."""
    found_key(verifier=sealed_log.verifier, by=By("operator:init"), at=present())
    bare = parse(f"witness 报社 {hand.verifier.vkey}\nquorum 报社\n".encode())
    with pytest.raises(WitnessSawOther):
        add(brought(Log(sealed_log).grown(100).note(), hand), bare)


# ── what pages show ──────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def trust(settings: object, tmp_path: Path) -> Path:
    settings.YINUO_TRUST = tmp_path / "trust.policy"  # type: ignore[attr-defined]
    return tmp_path / "trust.policy"


def test_without_a_trust_file_nobody_is_counted(db: None, trust: Path) -> None:
    found = public_witnessed()
    assert (found.witnesses, found.size, found.quorum_met, found.fault) == (0, 0, False, "")


def test_a_trust_file_with_a_fault_is_shown_and_not_taken_for_none(db: None, trust: Path) -> None:
    trust.write_text("quorum nobody\n")
    assert "第 1 行：“nobody”未在前面定义" in public_witnessed().fault


def test_who_witnessed_what_and_whether_it_is_enough(sealed_log: Signer, trust: Path) -> None:
    one, two = (Cosigner(name, Ed25519PrivateKey.generate()) for name in ("one", "two"))
    trust.write_text(
        f"log {sealed_log.verifier.vkey}\nwitness A {one.verifier.vkey}\n"
        f"witness B {two.verifier.vkey}\ngroup G 2 A B\nquorum G\n"
    )
    policy = load_policy(trust)
    assert policy
    assert public_witnessed().missing
    older, newest = Checkpoint.objects.order_by("size")
    add(brought(older.note, one, two), policy)
    found = public_witnessed()
    assert (found.size, found.quorum_met, found.quorum_size) == (older.size, True, older.size)
    add(brought(newest.note, two), policy)
    found = public_witnessed()
    assert (found.witnesses, found.quorum, found.size) == (2, "G", newest.size)
    assert [(by.name, by.label) for by in found.by] == [("B", two.verifier.label)]
    assert (found.quorum_met, found.quorum_size) == (False, older.size)
    assert "尚缺 A 中的 1 方" in found.missing


def test_a_quorum_of_none_without_a_cosignature_is_still_unwitnessed(
    sealed_log: Signer, trust: Path
) -> None:
    trust.write_text("quorum none\n")
    assert (public_witnessed().quorum_met, public_witnessed().size) == (False, 0)


def test_a_stored_line_that_was_tampered_with_is_shown(
    policy: Policy, hand: Cosigner, sealed_log: Signer, trust: Path
) -> None:
    trust.write_text(f"witness 报社 {hand.verifier.vkey}\nquorum 报社\n")
    older, newest = Checkpoint.objects.order_by("size")
    add(brought(newest.note, hand), policy)
    assert public_witnessed().quorum_met
    line = brought(older.note, hand).splitlines(keepends=True)[-1]
    Cosignature.objects.update(line=line)
    found = public_witnessed()
    assert "TLOG-E020" in found.fault
    assert not found.quorum_met


# ── the command line and the supervisor ──────────────────────────────────────────────────────────


def test_the_supervisor_asks_only_if_there_is_somebody_to_ask(
    signer: Signer, trust: Path, tmp_path: Path
) -> None:
    def names() -> list[str]:
        return [child.name for child in supervise._children(supervise.Address("127.0.0.1", 1), 1)]

    vkey = Folder(program(tmp_path / "w", signer).folder).cosigner().verifier.vkey
    without = names()
    assert "见证请求进程" not in without
    trust.write_text(f"witness A {vkey}\nquorum A\n")
    assert names() == without
    trust.write_text(f"witness A {vkey} https://w.example/\nquorum A\n")
    assert names() == [*without, "见证请求进程"]


@pytest.mark.slow
@pytest.mark.stored
def test_the_command_line_from_asking_to_a_note_brought_on_a_stick(tmp_path: Path) -> None:
    with installed(tmp_path) as city, ExitStack() as stack:
        assert "LEDGER-E057" in city.run("ledger", "witness", "ask").stderr
        city.json("ledger", "seal")
        note = city.json("ledger", "checkpoint")["note"]
        key = city.home / "ledger.key"
        origin = note.partition("\n")[0]
        signer = load_signer(key, origin=origin)
        asked, watching = program(tmp_path / "a", signer, "a"), program(tmp_path / "b", signer, "b")
        server = stack.enter_context(asked.serving())
        vkeys = [Folder(one.folder).cosigner().verifier.vkey for one in (asked, watching)]
        (city.home / "trust.policy").write_text(
            f"log {signer.verifier.vkey}\nwitness A {vkeys[0]} {server.url}\n"
            f"witness B {vkeys[1]}\ngroup G all A B\nquorum G\n",
            encoding="utf-8",
        )
        assert city.run("ledger", "witness", "list").returncode == 1
        [answer] = city.json("ledger", "witness", "ask")
        assert (answer["witness"], answer["error"]) == ("A", None)
        listed = city.run("ledger", "witness", "list", "--json")
        assert listed.returncode == 1
        assert "尚缺 B 中的 1 方" in listed.stdout
        published = tmp_path / "stick"
        published.mkdir()
        (published / "checkpoint").write_text(note, encoding="utf-8")
        brought_file = watching.json("watch", str(published), "--once")["file"]
        assert city.json("ledger", "witness", "add", brought_file)[0]["witness"] == "B"
        found = city.json("ledger", "witness", "list")
        assert (found["quorum_met"], found["size"]) == (True, answer["size"])
        server.process.kill()
        server.process.wait(10)
        assert city.run("ledger", "witness", "ask").returncode == 0, "nothing new to ask for"


@pytest.mark.slow
@pytest.mark.stored
def test_asking_that_follows_keeps_up_with_the_sealer(tmp_path: Path) -> None:
    with installed(tmp_path) as city, ExitStack() as stack:
        city.json("ledger", "seal")
        origin = city.json("ledger", "checkpoint")["note"].partition("\n")[0]
        signer = load_signer(city.home / "ledger.key", origin=origin)
        witness = program(tmp_path / "w", signer)
        server = stack.enter_context(witness.serving())
        vkey = Folder(witness.folder).cosigner().verifier.vkey
        trust = city.home / "trust.policy"
        trust.write_text(f"witness A {vkey} {server.url}\nquorum A\n", encoding="utf-8")
        ask = ("-m", "yinuo.project", "ledger", "witness", "ask", "--follow", "--every", "1")
        with city.running(*ask):
            sizes = set[int]()
            for number in range(2):
                city.json("account", "add", f"officer{number}", "--name", "测试人甲")
                size = city.json("ledger", "seal")["size"]
                sizes.add(size)
                for _ in range(100):
                    seen = Folder(witness.folder).state().last(origin)
                    if seen and seen.size == size:
                        break
                    threading.Event().wait(0.1)
                assert seen
                assert seen.size == size
            assert len(sizes) == 2
