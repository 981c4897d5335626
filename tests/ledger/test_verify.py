"""Whatever is changed in the stored log is found and named."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.db import connection, transaction

from yinuo.kernel.instants import instant_text
from yinuo.ledger.commands.recording import By, record
from yinuo.ledger.commands.sealing import seal
from yinuo.ledger.memory import Memory
from yinuo.ledger.models import Checkpoint, Entry, LostEntry, Recovery, Text, Tile
from yinuo.ledger.tlog import checkpoint
from yinuo.ledger.tlog.leaf import commitment_hash, leaf_text
from yinuo.ledger.tlog.note import Signer, sign
from yinuo.ledger.verify import Report, verify

pytestmark = pytest.mark.django_db
AT = datetime(2024, 3, 1, 1, 0, tzinfo=UTC)
BY = By(actor="operator:init", capacity="operator")


def run(signer: Signer) -> Report:
    return verify(verifier=signer.verifier)


def sql(statement: str, *values: str | int | bytes) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        assert cursor.rowcount > 0, "the planted fault changed nothing"


def test_an_untouched_log_is_clean(sealed_log: Signer) -> None:
    report = run(sealed_log)
    assert (report.checked, report.size, report.unsealed, report.faults) == (301, 301, 0, [])


def test_unsealed_entries_are_counted(sealed_log: Signer, write_units: Callable[..., None]) -> None:
    write_units(2, start=400)
    report = run(sealed_log)
    assert (report.checked, report.unsealed, report.faults) == (301, 2, [])


class Killed(Exception):
    """The process ended here."""


class KilledBeforeSigning(Memory):
    """A memory whose process ends when it comes to the signature."""

    def remember(self, note: str) -> None:
        raise Killed(note)


def place_without_signing(signer: Signer, memory: Memory) -> None:
    """What a reader sees between the sealer's two transactions, and after a crash there."""
    with pytest.raises(Killed):
        seal(signer=signer, memory=KilledBeforeSigning(memory.path))


@pytest.mark.parametrize("many", [1, 20, 300])
def test_placed_entries_are_unsealed_until_they_are_signed(
    sealed_log: Signer, memory: Memory, write_units: Callable[..., None], many: int
) -> None:
    write_units(many, start=400)
    place_without_signing(sealed_log, memory)
    write_units(2, start=1_000)
    report = run(sealed_log)
    assert (report.size, report.checked, report.unsealed) == (301, 301, many + 2)
    assert report.faults == []
    seal(signer=sealed_log, memory=memory)
    report = run(sealed_log)
    assert (report.checked, report.unsealed, report.faults) == (303 + many, 0, [])


def test_a_change_of_a_placed_entry_is_named(
    sealed_log: Signer, memory: Memory, write_units: Callable[..., None]
) -> None:
    write_units(3, start=400)
    place_without_signing(sealed_log, memory)
    sql("UPDATE ledger_entry SET salt = %s WHERE leaf_index = 302", b"0" * 32)
    assert [fault.place[:8] for fault in run(sealed_log).faults] == ["存证记录 302"]
    sql("DELETE FROM ledger_entry WHERE leaf_index = 303")
    assert "存证记录 303" in [fault.place for fault in run(sealed_log).faults]


CHANGES: dict[str, tuple[str, str | int | bytes]] = {
    "body": ("body", b'{"state":{}}'),
    "salt": ("salt", b"0" * 32),
    "recorded_at": ("recorded_at", "2024-01-01 00:00:00+00:00"),
    "subject": ("subject", "unit:U999"),
    "thread": ("thread", "unit:U999"),
    "version": ("version", 7),
    "verb": ("verb", "unit.sold"),
    "actor": ("actor", "account:99"),
    "capacity": ("capacity", "supervisor:U1"),
    "at": ("at", "2024-01-01 00:00:00+00:00"),
}


@pytest.mark.parametrize("column", CHANGES)
def test_a_changed_column_is_named(sealed_log: Signer, column: str) -> None:
    name, value = CHANGES[column]
    sql(f"UPDATE ledger_entry SET {name} = %s WHERE leaf_index = 41", value)  # noqa: S608
    assert any("存证记录 41" in fault.place for fault in run(sealed_log).faults)


def test_every_entry_column_has_a_planted_change() -> None:
    columns = {field.name for field in Entry._meta.concrete_fields}
    assert columns - set(CHANGES) == {"id", "leaf_index"}


def test_a_deleted_entry_is_named(sealed_log: Signer) -> None:
    sql("DELETE FROM ledger_entry WHERE leaf_index = 7")
    faults = run(sealed_log).faults
    assert "存证记录 7" in [fault.place for fault in faults]


def test_a_deleted_tail_is_named(sealed_log: Signer) -> None:
    sql("DELETE FROM ledger_entry WHERE leaf_index >= 299")
    faults = run(sealed_log).faults
    missing = [fault.place for fault in faults if "缺失" in fault.what]
    assert missing == ["存证记录 299", "存证记录 300"]


def test_an_invented_number_is_named(sealed_log: Signer, write_units: Callable[..., None]) -> None:
    write_units(1, start=500)
    sql("UPDATE ledger_entry SET leaf_index = 301 WHERE subject = 'unit:U500'")
    assert any("序号超出存证树" in fault.what for fault in run(sealed_log).faults)


def test_swapped_numbers_are_named(sealed_log: Signer) -> None:
    for old, new in ((3, 9_003), (4, 3), (9_003, 4)):
        sql("UPDATE ledger_entry SET leaf_index = %s WHERE leaf_index = %s", new, old)
    places = [fault.place for fault in run(sealed_log).faults]
    assert any("存证记录 3" in place for place in places)


def test_a_changed_text_is_named(sealed_log: Signer) -> None:
    sql("UPDATE ledger_text SET text = %s", "测试人乙")
    assert any("文字" in fault.place for fault in run(sealed_log).faults)


def test_a_missing_text_is_named(sealed_log: Signer) -> None:
    Text.objects.all().delete()
    assert any("不存在" in fault.what for fault in run(sealed_log).faults)


@pytest.mark.parametrize("level", [0, 1])
def test_a_changed_tile_is_named(sealed_log: Signer, level: int) -> None:
    stored = Tile.objects.filter(level=level).order_by("index").first()
    assert stored is not None
    Tile.objects.filter(pk=stored.pk).update(hashes=b"\1" * len(bytes(stored.hashes)))
    assert run(sealed_log).faults


def test_a_missing_upper_tile_is_named(sealed_log: Signer) -> None:
    Tile.objects.filter(level=1).delete()
    assert any("瓦片 1/0" in fault.place for fault in run(sealed_log).faults)


def test_a_changed_checkpoint_is_named(sealed_log: Signer) -> None:
    sql("UPDATE ledger_checkpoint SET root = %s WHERE size = 299", b"\2" * 32)
    assert any(fault.place == "存证校验点 299" for fault in run(sealed_log).faults)


def test_a_changed_note_is_named(sealed_log: Signer) -> None:
    last = Checkpoint.objects.get(size=301)
    sql("UPDATE ledger_checkpoint SET note = %s WHERE size = 299", last.note)
    assert any(fault.place == "存证校验点 299" for fault in run(sealed_log).faults)


def test_an_entry_written_back_in_time_is_named(
    sealed_log: Signer, memory: Memory, write_units: Callable[..., None]
) -> None:
    """Before it is sealed, so that hash, tile and signature all fit."""
    write_units(2, start=600)
    sql(
        "UPDATE ledger_entry SET recorded_at = %s WHERE subject = 'unit:U601'",
        "2024-01-01 00:00:00",
    )
    seal(signer=sealed_log, memory=memory)
    assert [(fault.place, "倒填" in fault.what) for fault in run(sealed_log).faults] == [
        ("存证记录 302（unit:U601 第 1 版）", True)
    ]


def test_a_log_rewritten_with_its_own_key_passes_without_a_kept_checkpoint_and_not_with_it(
    sealed_log: Signer, tmp_path: Path
) -> None:
    kept = Checkpoint.objects.get(size=299).note
    rewrite(sealed_log, tmp_path)
    assert run(sealed_log).faults == []
    found = verify(verifier=sealed_log.verifier, since=[kept]).faults
    assert [fault.place for fault in found] == ["所给的存证校验点 299"]
    assert "历史被改写" in found[0].what


def rewrite(signer: Signer, tmp_path: Path) -> None:
    """What the holder of database and key can do: change an entry and sign everything anew."""
    sql("UPDATE ledger_entry SET salt = %s WHERE leaf_index = 41", b"1" * 32)
    for table in ("ledger_tile", "ledger_cosignature", "ledger_checkpoint"):
        with connection.cursor() as cursor:
            cursor.execute(f"DELETE FROM {table}")  # noqa: S608
    sql("UPDATE ledger_entry SET leaf_index = NULL")
    fresh = Memory(tmp_path / "another.checkpoint")
    fresh.begin()
    seal(signer=signer, memory=fresh)


def test_a_truncated_log_is_named_by_a_kept_checkpoint(sealed_log: Signer, tmp_path: Path) -> None:
    kept = Checkpoint.objects.get(size=301).note
    sql("DELETE FROM ledger_entry WHERE leaf_index > 250")
    rewrite(sealed_log, tmp_path)
    found = verify(verifier=sealed_log.verifier, since=[kept]).faults
    assert [fault.what for fault in found if "少了" in fault.what] == [
        "现在的账本只有 251 条：少了末尾的 50 条"
    ]


def test_a_checkpoint_of_another_log_is_no_measure(sealed_log: Signer) -> None:
    other = Signer("yinuo.other", Ed25519PrivateKey.generate())
    note = sign(checkpoint.format(checkpoint.Checkpoint("yinuo.other", 1, b"1" * 32)), other)
    found = verify(verifier=sealed_log.verifier, since=[note]).faults
    assert [fault.place for fault in found] == ["所给的存证校验点"]


def test_a_lost_entry_needs_a_recovery_that_names_it(sealed_log: Signer, memory: Memory) -> None:
    entry = Entry.objects.get(leaf_index=300)
    leaf = leaf_text(
        instant_text(entry.recorded_at), commitment_hash(bytes(entry.salt), bytes(entry.body)).hex()
    )
    LostEntry.objects.create(leaf_index=300, leaf=leaf)
    entry.delete()
    assert [fault.what for fault in run(sealed_log).faults] == ["只余哈希，而没有恢复记录说明"]
    row = Recovery(
        code="R1", kind="reimported", found_size=300, signed_size=301, lost=[[300, 300]],
        origin_before="yinuo.test", origin_after="yinuo.test", reason_text=""
    )  # fmt: skip
    with transaction.atomic():
        record(row, verb="recovery.made", by=BY, at=AT)
    seal(signer=sealed_log, memory=memory)
    report = run(sealed_log)
    assert (report.lost, report.size) == (1, 302)
    assert [f.what for f in report.faults if "只余哈希" in f.what] == []
