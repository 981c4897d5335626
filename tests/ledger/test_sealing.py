"""The sealer signs one history, whatever becomes of the database."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from django.db import connection

from yinuo.ledger.commands import sealing
from yinuo.ledger.commands.sealing import (
    LogBehindMemory,
    LogContradictsMemory,
    MemoryBehindLog,
    seal,
)
from yinuo.ledger.memory import (
    Memory,
    MemoryDamaged,
    MemoryMissing,
    MemoryOfAnother,
    SealingRefused,
)
from yinuo.ledger.models import Checkpoint, Entry, Tile
from yinuo.ledger.queries import public_sealing_seconds, public_status
from yinuo.ledger.tlog.note import Signer
from yinuo.ledger.verify import verify

pytestmark = pytest.mark.django_db
Write = Callable[..., None]


@dataclass(frozen=True)
class Crash(Exception):
    """The process ended here."""


class CrashesAfterRemembering(Memory):
    """A memory whose process ends the moment its file is on the disk."""

    def remember(self, note: str) -> None:
        super().remember(note)
        raise Crash


def go_back_to(size: int) -> None:
    """The database as a backup taken at that size would bring it back."""
    Checkpoint.objects.filter(size__gt=size).delete()
    Entry.objects.filter(leaf_index__gte=size).delete()
    leaves = b"".join(
        bytes(t.hashes) for t in Tile.objects.filter(level=0).order_by("index")
    )[: size * 32]  # fmt: skip
    Tile.objects.all().delete()
    sealing.store_tiles(0, [leaves[at : at + 32] for at in range(0, len(leaves), 32)])


def refused(signer: Signer, memory: Memory) -> SealingRefused:
    with pytest.raises(SealingRefused) as caught:
        seal(signer=signer, memory=memory)
    assert public_status().refused == caught.value.what
    return caught.value


def test_a_restored_backup_is_not_signed_over(
    signer: Signer, memory: Memory, write_units: Write
) -> None:
    write_units(3)
    seal(signer=signer, memory=memory)
    write_units(2, start=4)
    after = seal(signer=signer, memory=memory).note
    go_back_to(3)
    assert isinstance(refused(signer, memory), LogBehindMemory)
    write_units(5, start=10)
    assert isinstance(refused(signer, memory), LogBehindMemory)
    assert Checkpoint.objects.count() == 1
    assert not Entry.objects.filter(leaf_index__gte=3).exists()
    assert memory.path.read_text(encoding="utf-8") == after


def test_another_history_of_the_same_length_is_not_signed(
    signer: Signer, memory: Memory, write_units: Write, tmp_path: Path
) -> None:
    write_units(3)
    seal(signer=signer, memory=memory)
    other = Memory(tmp_path / "other")
    other.begin()
    go_back_to(2)
    write_units(4, start=20)
    Checkpoint.objects.all().delete()
    seal(signer=signer, memory=other)
    Checkpoint.objects.all().delete()
    assert isinstance(refused(signer, memory), LogContradictsMemory)


def test_a_memory_put_back_is_found(signer: Signer, memory: Memory, write_units: Write) -> None:
    write_units(3)
    seal(signer=signer, memory=memory)
    old = memory.path.read_text(encoding="utf-8")
    write_units(1, start=9)
    seal(signer=signer, memory=memory)
    memory.path.write_text(old, encoding="utf-8")
    assert isinstance(refused(signer, memory), MemoryBehindLog)
    memory.path.write_text("", encoding="utf-8")
    assert isinstance(refused(signer, memory), MemoryBehindLog)


def test_a_lost_memory_is_found(signer: Signer, memory: Memory, write_units: Write) -> None:
    write_units(1)
    memory.path.unlink()
    assert isinstance(refused(signer, memory), MemoryMissing)


def test_the_memory_of_another_log_is_found(
    signer: Signer, memory: Memory, write_units: Write
) -> None:
    write_units(1)
    other = Signer("yinuo.elsewhere", signer.private_key)
    seal(signer=other, memory=memory)
    assert isinstance(refused(signer, memory), MemoryOfAnother)


def test_a_damaged_memory_is_found(signer: Signer, memory: Memory, write_units: Write) -> None:
    write_units(1)
    memory.path.write_text("yinuo.test\n1\n", encoding="utf-8")
    assert isinstance(refused(signer, memory), MemoryDamaged)


def test_a_refusal_is_over_when_its_reason_is(
    signer: Signer, memory: Memory, write_units: Write
) -> None:
    write_units(1)
    aside = memory.path.rename(memory.path.with_suffix(".aside"))
    refused(signer, memory)
    aside.rename(memory.path)
    assert seal(signer=signer, memory=memory).size == 1
    assert public_status().refused == ""


def test_a_crash_between_numbering_and_signing_costs_nothing(
    signer: Signer, memory: Memory, write_units: Write
) -> None:
    write_units(3)
    sealing._place(signer, memory)
    assert not Checkpoint.objects.exists()
    write_units(1, start=9)
    assert seal(signer=signer, memory=memory).size == 4
    assert verify(verifier=signer.verifier).faults == []


def test_a_crash_between_remembering_and_storing_gives_the_same_note_again(
    signer: Signer, memory: Memory, write_units: Write
) -> None:
    write_units(3)
    with pytest.raises(Crash):
        seal(signer=signer, memory=CrashesAfterRemembering(memory.path))
    remembered = memory.path.read_text(encoding="utf-8")
    assert seal(signer=signer, memory=memory).note == remembered


def test_how_long_sealing_took_is_known(signer: Signer, memory: Memory, write_units: Write) -> None:
    assert public_sealing_seconds() is None
    write_units(2)
    seal(signer=signer, memory=memory)
    write_units(1, start=5)
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE ledger_entry SET recorded_at = '2024-01-01 00:00:00' WHERE leaf_index = 0"
        )
    seal(signer=signer, memory=memory)
    lag = public_sealing_seconds()
    assert lag is not None
    assert -1 < lag < 60, "only what the last checkpoint sealed counts"
