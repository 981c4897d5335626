"""What anyone may have of one story, and that nothing of a closed one comes along."""

from dataclasses import asdict
from hashlib import sha256

import pytest
from django.db import connection

from tests.city import JULY, LUSHUN_SECRET, SECRETS, make_city
from tests.web.routes import make_history
from yinuo.kernel.instants import instant_text
from yinuo.ledger.commands.sealing import seal
from yinuo.ledger.memory import Memory
from yinuo.ledger.models import Checkpoint, Entry, Erasure, Text
from yinuo.ledger.stored import read_tile
from yinuo.ledger.thread import PublicThread, public_thread
from yinuo.ledger.tlog.leaf import commitment_hash, leaf_bytes
from yinuo.ledger.tlog.tree import leaf_hash

pytestmark = pytest.mark.django_db

THREAD = "commitment:LS-003"


@pytest.fixture
def history(signer: object, memory: Memory) -> None:
    """A small city with one thing of everything, sealed."""
    make_history(make_city())
    seal(signer=signer, memory=memory)  # type: ignore[arg-type]


def told(thread: str = THREAD) -> PublicThread:
    found = public_thread(thread)
    assert found is not None
    return found


def test_every_entry_hashes_to_its_leaf(history: None) -> None:
    found = told()
    stored = Entry.objects.filter(thread=THREAD).order_by("leaf_index")
    assert [entry.index for entry in found.entries] == [entry.leaf_index for entry in stored]
    assert found.origin == "yinuo.test"
    for entry in found.entries:
        assert entry.index is not None
        hidden = commitment_hash(bytes.fromhex(entry.salt), entry.body.encode())
        leaf = leaf_hash(leaf_bytes(recorded_at=entry.recorded_at, hash=hidden))
        tile, place = divmod(entry.index, 256)
        assert read_tile(0, tile, 256)[place * 32 :][:32] == leaf


def test_reports_and_changes_are_told_with_their_texts(history: None) -> None:
    found = told()
    assert [entry.body.count('"subject":"change:LS-003/C1"') for entry in found.entries] == [
        *[0] * (len(found.entries) - 1),
        1,
    ]
    assert [text.text for text in found.texts] == ["先定下来"]
    for text in found.texts:
        assert sha256(bytes.fromhex(text.salt) + text.text.encode()).hexdigest() == text.hash


@pytest.mark.parametrize(
    "thread", ["commitment:LS-009", "account:1", "commitment:none", "nonsense", "", "text:0"]
)
def test_what_is_not_public_is_not_told(history: None, thread: str) -> None:
    assert public_thread(thread) is None


def test_nothing_closed_comes_along(history: None) -> None:
    public = [told(f"commitment:{code}") for code in ("LS-001", "LS-002", "LS-003", "PL-001")]
    assert not any(secret in str(asdict(found)) for found in public for secret in SECRETS)
    assert Text.objects.filter(text=LUSHUN_SECRET).exists()


def test_a_story_withheld_again_is_no_longer_told(history: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE commitments_commitment SET visibility = 'closed' WHERE code = 'LS-003'"
        )
    assert public_thread(THREAD) is None


def test_before_the_sealer_has_come_by_places_are_unknown(db: None) -> None:
    make_history(make_city())
    found = told()
    assert found.origin == ""
    assert {entry.index for entry in found.entries} == {None}


def test_an_entry_placed_but_not_signed_for_still_waits(
    history: None, signer: object, memory: Memory
) -> None:
    """Between the two steps of sealing the entry has a number, but no signature covers it."""
    last = max(e.index for e in told().entries if e.index is not None)
    Checkpoint.objects.update(size=last)
    assert [e.index for e in told().entries][-1] is None


def test_an_erased_text_is_named_as_erased(history: None) -> None:
    text = Text.objects.get(text="先定下来")
    reference = f"text:{text.hash}"
    text.delete()
    assert told().erased == ()
    request = Erasure(
        code="E1", text=reference, ground="purpose", asked_by="account:1", asked_at=JULY
    )
    request.save()
    assert told().erased == ()
    Erasure.objects.update(status="approved", decided_by="account:2", decided_at=JULY)
    assert told().erased == (reference,)
    assert told().texts == ()


def test_times_are_written_as_in_the_leaf(history: None) -> None:
    stored = Entry.objects.filter(thread=THREAD).order_by("id")
    assert [e.recorded_at for e in told().entries] == [instant_text(s.recorded_at) for s in stored]
