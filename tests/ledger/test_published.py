"""What anyone may have of the log, and nothing else."""

import json
import re
from collections.abc import Callable
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from pytest_django import DjangoAssertNumQueries

from tests.city import JULY, LUSHUN_SECRET, PULANDIAN_SECRET, SECRETS, City, make_city
from tests.ledger import outside
from tests.ledger.conftest import AT, BY
from yinuo.commitments.commands.change import ask
from yinuo.commitments.commands.publish import publish
from yinuo.commitments.life import ChangeKind, Visibility
from yinuo.ledger import published
from yinuo.ledger.commands import sealing
from yinuo.ledger.commands.keys import announce_key, found_key, retire_key
from yinuo.ledger.commands.sealing import seal
from yinuo.ledger.memory import Memory
from yinuo.ledger.models import Checkpoint, Cosignature, Entry, LostEntry, Text
from yinuo.ledger.published import LeafMissing
from yinuo.ledger.tlog.note import Signer, Verifier, open_note
from yinuo.ledger.tlog.path import (
    is_entries_path,
    parse_entries_path,
    parse_openings_path,
    parse_tile_path,
)

pytestmark = pytest.mark.django_db
SIZE = 301
Write = Callable[..., None]


def get(path: str) -> bytes | None:
    """The log as published, by path."""
    if path.startswith("openings/"):
        return published.public_openings(index=parse_openings_path(path))
    if is_entries_path(path):
        place = parse_entries_path(path)
        return published.public_entries(index=place.index, width=place.width)
    place = parse_tile_path(path)
    return published.public_tile(level=place.level, index=place.index, width=place.width)


def opened() -> dict[int, dict[str, object]]:
    return outside.opened(get, published.public_size())


def test_before_the_first_checkpoint_there_is_nothing() -> None:
    assert published.public_checkpoint() is None
    assert published.public_witnessed_checkpoint() is None
    assert published.public_handovers() is None
    assert [get(p) for p in ("tile/0/000.p/1", "tile/entries/000.p/1", "openings/000")] == [
        None
    ] * 3


def test_the_bundles_rebuild_the_signed_root(sealed_log: Signer) -> None:
    note = outside.note(published.public_checkpoint() or "")
    assert (note.origin, note.size) == ("yinuo.test", SIZE)
    assert outside.whole_root(get, SIZE) == note.root


def test_tiles_are_those_of_the_specification(sealed_log: Signer) -> None:
    hashes = [sha256(b"\0" + leaf).digest() for leaf in outside.leaves(get, SIZE)]
    assert get("tile/0/000") == b"".join(hashes[:256])
    assert get("tile/0/001.p/45") == b"".join(hashes[256:])
    assert get("tile/1/000.p/1") == outside.root(hashes[:256])


@pytest.mark.parametrize(
    "path",
    [
        "tile/0/001.p/46",
        "tile/0/001",
        "tile/0/002.p/1",
        "tile/1/000.p/2",
        "tile/2/000.p/1",
        "tile/63/000.p/1",
        "tile/entries/001.p/46",
        "tile/entries/002.p/1",
        "tile/entries/x123/456",
        "openings/002",
    ],
)
def test_what_the_tree_has_not_is_not_there(sealed_log: Signer, path: str) -> None:
    assert get(path) is None


def test_nothing_beyond_the_last_signature_leaves(
    sealed_log: Signer, memory: Memory, write_units: Write
) -> None:
    write_units(5, start=1000)
    assert sealing._place(sealed_log, memory) == 5
    assert get("tile/0/001.p/46") is None
    assert get("tile/entries/001.p/46") is None
    assert max(opened()) == SIZE - 2  # the account, last, is nobody's business
    seal(signer=sealed_log, memory=memory)
    assert get("tile/0/001.p/50") is not None
    assert max(opened()) == SIZE + 4


def test_closed_stories_stay_closed(signer: Signer, memory: Memory) -> None:
    make_city()
    seal(signer=signer, memory=memory)
    files = (get("openings/000") or b"").decode()
    assert "东港主题乐园开工建设" in files
    for secret in (*SECRETS, "林甲", "lushun"):
        assert secret not in files
    subjects = {str(body["subject"]).partition(":")[0] for body in opened().values()}
    assert subjects == {"unit", "document", "commitment", "observation", "plan", "goal"}


def of_thread(thread: str) -> list[object]:
    return [body["verb"] for body in opened().values() if body["thread"] == thread]


def test_publishing_opens_the_whole_story_and_withholding_closes_it(
    signer: Signer, memory: Memory
) -> None:
    city = make_city()
    seal(signer=signer, memory=memory)
    thread, code = "commitment:LS-009", ["LS-009"]
    assert of_thread(thread) == []
    publish(commitments=code, visibility=Visibility.PUBLIC, by=city["supervisor"], at=JULY)
    seal(signer=signer, memory=memory)
    assert of_thread(thread) == ["commitment.registered", "commitment.published"]
    assert LUSHUN_SECRET in (get("openings/000") or b"").decode()
    assert PULANDIAN_SECRET not in (get("openings/000") or b"").decode()
    before = get("tile/entries/000.p/20")
    publish(commitments=code, visibility=Visibility.ON_REQUEST, by=city["supervisor"], at=JULY)
    seal(signer=signer, memory=memory)
    assert of_thread(thread) == []
    assert LUSHUN_SECRET not in (get("openings/000") or b"").decode()
    assert get("tile/entries/000.p/20") == before


def ask_to_move(city: City, code: str, reason: str) -> None:
    due = {"due": "2024-12-30"}
    asker = city["lushun"]
    ask(commitment=code, kind=ChangeKind.MOVED, new=due, reason=reason, by=asker, at=JULY)


def test_texts_come_with_the_bodies_that_name_them(signer: Signer, memory: Memory) -> None:
    city = make_city()
    ask_to_move(city, "LS-003", "先定下来")
    ask_to_move(city, "LS-009", LUSHUN_SECRET)
    seal(signer=signer, memory=memory)
    told = json.loads(get("openings/000") or b"")["texts"]
    assert [text["text"] for text in told] == ["先定下来"]
    asked = next(body for body in opened().values() if body["verb"] == "change.asked")
    assert asked["state"]["reason_text"] == f"text:{told[0]['hash']}"  # type: ignore[index]
    Text.objects.filter(hash=told[0]["hash"]).delete()
    assert json.loads(get("openings/000") or b"")["texts"] == []


def test_the_file_is_laid_out_as_documented(signer: Signer, memory: Memory) -> None:
    make_city()
    seal(signer=signer, memory=memory)
    raw = get("openings/000") or b""
    file = json.loads(raw)
    assert list(file) == ["format", "entries", "texts"]
    assert file["format"] == "yinuo.openings/1"
    indices = [entry["index"] for entry in file["entries"]]
    assert indices == sorted(indices)
    assert {tuple(entry) for entry in file["entries"]} == {("index", "salt", "body")}
    assert json.dumps(file, ensure_ascii=False, separators=(",", ":")).encode() == raw


def test_a_bundle_takes_few_queries(
    sealed_log: Signer, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_max_num_queries(2):
        get("tile/entries/000")
    with django_assert_max_num_queries(5):
        get("openings/001")


def test_a_lost_entry_leaves_its_leaf(sealed_log: Signer) -> None:
    before = get("tile/entries/000")
    lost = Entry.objects.get(leaf_index=7)
    LostEntry.objects.create(leaf_index=7, leaf=outside.leaves(get, SIZE)[7])
    lost.delete()
    assert get("tile/entries/000") == before
    assert 7 not in opened()


def test_an_entry_that_is_gone_is_named(sealed_log: Signer) -> None:
    Entry.objects.filter(leaf_index=258).delete()
    with pytest.raises(LeafMissing) as refused:
        get("tile/entries/001.p/45")
    assert (refused.value.code, refused.value.index) == ("LEDGER-E020", 258)
    assert get("tile/entries/000") is not None


def test_a_changed_row_does_not_fit_its_tile(sealed_log: Signer) -> None:
    hashes = get("tile/0/000") or b""
    assert published.fits(get("tile/entries/000") or b"", hashes)
    row = Entry.objects.get(leaf_index=100)
    Entry.objects.filter(pk=row.pk).update(body=bytes(row.body) + b" ")
    bundle = get("tile/entries/000") or b""
    assert published.misfits(bundle, hashes) == [100]
    assert not published.fits(bundle, hashes)
    assert not published.fits(bundle[:-1], hashes)
    assert published.misfits(b"", hashes[:64]) == [0, 1]


def cosign(size: int, witness: str) -> str:
    line = f"— {witness} {'A' * 100}\n"
    Cosignature.objects.create(
        checkpoint_id=size,
        witness=f"{witness}+01020304",
        line=line,
        witnessed_at=datetime(2024, 3, 1, tzinfo=UTC),
    )
    return line


def test_cosignatures_stand_under_the_note(sealed_log: Signer) -> None:
    sizes = list(Checkpoint.objects.order_by("size").values_list("size", flat=True))
    assert sizes == [299, 301]
    own = Checkpoint.objects.get(size=301).note
    old = Checkpoint.objects.get(size=299).note
    assert published.public_witnessed_checkpoint() is None
    lines = cosign(299, "b.example"), cosign(299, "a.example")
    assert published.public_checkpoint() == own
    assert published.public_witnessed_checkpoint() == old + lines[1] + lines[0]
    newest = cosign(301, "a.example")
    assert published.public_checkpoint() == own + newest
    assert published.public_witnessed_checkpoint() == own + newest


def follow(new: Verifier, old: Verifier) -> None:
    announce_key(new=new, old=old, reason="更换密钥", by=BY, at=AT)


def test_trust_passes_from_key_to_key(signer: Signer, memory: Memory, write_units: Write) -> None:
    first = signer
    second, third = (
        Signer("yinuo.test", Ed25519PrivateKey.from_private_bytes(bytes([n]) * 32)) for n in (1, 2)
    )
    found_key(verifier=first.verifier, by=BY, at=AT)
    write_units(3)
    seal(signer=first, memory=memory)
    for old, new in ((first, second), (second, third)):
        follow(new.verifier, old.verifier)
        assert new.verifier.vkey not in (published.public_handovers() or b"").decode()
        seal(signer=old, memory=memory)
        retire_key(old=old.verifier, by=BY, at=AT)
        seal(signer=new, memory=memory)
    file = json.loads(published.public_handovers() or b"")
    assert file["format"] == "yinuo.handovers/1"
    trusted = first.verifier.vkey
    bodies = opened()
    for step in file["handovers"]:
        assert step["old"] == trusted
        open_note(step["note"], [Verifier.from_vkey(trusted)])
        then = outside.note(step["note"])
        assert step["index"] < then.size
        assert (
            outside.root(
                [
                    sha256(b"\0" + leaf).digest()
                    for leaf in outside.leaves(get, published.public_size())
                ][: then.size]
            )
            == then.root
        )
        state = bodies[step["index"]]["state"]
        assert state["vkey"] == step["new"]  # type: ignore[index]
        trusted = step["new"]
    assert trusted == third.verifier.vkey


def test_an_announcement_the_old_key_never_covered_is_no_handover(
    signer: Signer, memory: Memory
) -> None:
    found_key(verifier=signer.verifier, by=BY, at=AT)
    seal(signer=signer, memory=memory)
    other = Signer("yinuo.other", Ed25519PrivateKey.from_private_bytes(bytes(32)))
    follow(other.verifier, signer.verifier)
    memory.path.write_text("")
    seal(signer=other, memory=memory)
    assert json.loads(published.public_handovers() or b"")["handovers"] == []


def test_what_waits_is_known_for_public_stories_alone(signer: Signer, memory: Memory) -> None:
    city = make_city()
    assert "commitment:LS-001" in published.public_waiting()
    assert "commitment:LS-009" not in published.public_waiting()
    seal(signer=signer, memory=memory)
    assert published.public_waiting() == frozenset()
    publish(commitments=["LS-009"], visibility=Visibility.REVIEW, by=city["supervisor"], at=JULY)
    assert published.public_waiting() == frozenset()
    publish(commitments=["LS-009"], visibility=Visibility.PUBLIC, by=city["supervisor"], at=JULY)
    assert published.public_waiting() == {"commitment:LS-009"}


PAGE = Path(__file__).resolve().parents[2] / "docs" / "reference" / "published-log.md"
DOCUMENTED_KEY = "city.example/log+b1f79734+ATtqJ7zOtqQtYqOo0CpvDXNlMhV3HeJDpjrASKGLWdop"


def test_the_examples_of_the_reference_fit_each_other() -> None:
    blocks = re.findall(r"^```\w+\n(.*?)^```", PAGE.read_text(), re.MULTILINE | re.DOTALL)
    checkpoint, tile, bundle, file = blocks[:4]
    open_note(checkpoint, [Verifier.from_vkey(DOCUMENTED_KEY)])
    note, lines = outside.note(checkpoint), bundle.splitlines()
    assert {len(line) for line in lines} == {0x90}
    files = {
        "tile/entries/000.p/2": b"".join(b"\0\x90" + line.encode() for line in lines),
        "openings/000": file.encode(),
    }
    assert outside.whole_root(files.get, 2) == note.root
    assert b"".join(sha256(b"\0" + leaf.encode()).digest() for leaf in lines).hex() == tile.strip()
    (body,) = outside.opened(files.get, 2).values()
    assert body["state"]["reason_text"] == f"text:{json.loads(file)['texts'][0]['hash']}"
