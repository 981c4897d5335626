import json
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from tests.ledger.conftest import AT, BY
from yinuo.ledger.commands.recording import OutsideCommand, StaleVersion, command, record
from yinuo.ledger.commands.sealing import seal
from yinuo.ledger.leaves import entry_leaf
from yinuo.ledger.memory import Memory
from yinuo.ledger.models import Checkpoint, Entry, Text, Tile
from yinuo.ledger.queries import public_status
from yinuo.ledger.recorded import state_of
from yinuo.ledger.tlog import checkpoint, tile
from yinuo.ledger.tlog.note import Signer, open_note
from yinuo.ledger.tlog.tree import root_from_hashes
from yinuo.parties.commands import NewUnit, register_units
from yinuo.parties.models import Unit

pytestmark = pytest.mark.django_db


def rename(code: str, name: str) -> None:
    with transaction.atomic():
        unit = Unit.objects.get(code=code)
        unit.name = name
        record(unit, verb="unit.renamed", by=BY, at=AT)


def test_row_and_entry_are_written_together(write_units: Callable[..., None]) -> None:
    write_units(1)
    unit, entry = Unit.objects.get(), Entry.objects.get()
    body = json.loads(bytes(entry.body))
    assert (unit.version, entry.version, entry.subject) == (1, 1, "unit:U1")
    assert body["state"] == state_of(unit)
    assert body["at"] == "2024-03-01T01:00:00.000000Z"
    assert entry.leaf_index is None


def test_the_database_sets_the_recording_time(write_units: Callable[..., None]) -> None:
    before = datetime.now(UTC) - timedelta(seconds=2)  # the real clock is meant
    write_units(1)
    assert before <= Entry.objects.get().recorded_at <= before + timedelta(minutes=1)


def test_versions_count_up(write_units: Callable[..., None]) -> None:
    write_units(1)
    rename("U1", "甲")
    rename("U1", "乙")
    assert list(Entry.objects.order_by("id").values_list("version", flat=True)) == [1, 2, 3]
    assert Unit.objects.get().version == 3


def test_a_stale_version_is_refused_and_leaves_no_entry(
    write_units: Callable[..., None],
) -> None:
    write_units(1)
    stale = Unit.objects.get()
    rename("U1", "甲")
    stale.name = "乙"
    with pytest.raises(StaleVersion) as caught, transaction.atomic():
        record(stale, verb="unit.renamed", by=BY, at=AT)
    assert caught.value.status == 409
    assert Unit.objects.get().name == "甲"
    assert Entry.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_a_record_needs_a_transaction() -> None:
    with pytest.raises(OutsideCommand):
        record(Unit(code="U1", name="甲", kind="district"), verb="unit.x", by=BY, at=AT)
    assert not Unit.objects.exists()


def test_inner_commands_join_and_fail_with_the_outer_one() -> None:
    @command("test.outer")
    def outer() -> None:
        register_units(units=[NewUnit(code="U1", name="甲", kind="city")], by=BY, at=AT)
        register_units(units=[NewUnit(code="U1", name="甲", kind="city")], by=BY, at=AT)

    with pytest.raises(IntegrityError):
        outer()
    assert not Unit.objects.exists()
    assert not Entry.objects.exists()


def test_sealing_numbers_entries_and_signs_the_root(
    write_units: Callable[..., None], signer: Signer, memory: Memory
) -> None:
    write_units(300)
    sealed = seal(signer=signer, memory=memory)
    entries = list(Entry.objects.order_by("leaf_index"))
    signed = checkpoint.parse(open_note(sealed.note, [signer.verifier]))
    assert [e.leaf_index for e in entries] == list(range(300))
    assert signed.size == 300
    assert signed.root == root_from_hashes([entry_leaf(e) for e in entries])
    assert Tile.objects.count() == 3


def test_sealing_twice_adds_nothing(
    write_units: Callable[..., None], signer: Signer, memory: Memory
) -> None:
    write_units(3)
    first = seal(signer=signer, memory=memory)
    again = seal(signer=signer, memory=memory)
    assert (again.entries, again.size, again.note) == (0, 3, first.note)
    assert Checkpoint.objects.count() == 1


def test_an_empty_log_has_no_checkpoint(signer: Signer, memory: Memory) -> None:
    assert seal(signer=signer, memory=memory).note == ""
    assert public_status().size == 0


def test_an_entry_seen_late_is_sealed_after_later_ones(
    write_units: Callable[..., None], signer: Signer, memory: Memory
) -> None:
    write_units(3)
    hidden = Entry.objects.order_by("id").first()
    assert hidden is not None
    kept = Entry.objects.filter(pk=hidden.pk).values().get()
    hidden.delete()
    seal(signer=signer, memory=memory)
    Entry.objects.create(**kept)
    assert seal(signer=signer, memory=memory).size == 3
    assert Entry.objects.get(pk=kept["id"]).leaf_index == 2


def test_growing_in_steps_gives_the_same_tree(
    write_units: Callable[..., None], signer: Signer, memory: Memory
) -> None:
    for start in (1, 200, 257, 600):
        write_units({1: 199, 200: 57, 257: 343, 600: 1}[start], start=start)
        seal(signer=signer, memory=memory)
    leaves = [entry_leaf(e) for e in Entry.objects.order_by("leaf_index")]
    last = Checkpoint.objects.get(size=600)
    assert bytes(last.root) == root_from_hashes(leaves)
    stored = b"".join(bytes(t.hashes) for t in Tile.objects.filter(level=0).order_by("index"))
    assert stored == b"".join(leaves)
    assert all(len(t.hashes) <= tile.FULL_BYTES for t in Tile.objects.all())


def test_texts_stand_apart_from_bodies(sealed_log: Signer) -> None:
    entry = Entry.objects.get(subject__startswith="account:")
    texts = list(Text.objects.all())
    assert {text.text for text in texts} == {"测试人甲", "officer"}
    for text in texts:
        assert text.text.encode() not in bytes(entry.body)
        assert f"text:{text.hash}".encode() in bytes(entry.body)


def test_a_part_that_fails_takes_the_whole_with_it() -> None:
    @command("test.part", part=True)
    def part() -> None:
        record(Unit(code="U2", name="乙", kind="city"), verb="unit.registered", by=BY, at=AT)
        raise ValueError

    @command("test.whole")
    def whole() -> None:
        record(Unit(code="U1", name="甲", kind="city"), verb="unit.registered", by=BY, at=AT)
        with suppress(ValueError):
            part()

    whole()
    assert not Unit.objects.exists()
    assert not Entry.objects.exists()
