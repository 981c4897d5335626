"""Whatever is changed in the stored log is found and named."""

from collections.abc import Callable

import pytest
from django.db import connection

from yinuo.ledger.models import Checkpoint, Entry, Text, Tile
from yinuo.ledger.tlog.note import Signer
from yinuo.ledger.verify import Report, verify

pytestmark = pytest.mark.django_db


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
    assert any("末尾的记录缺失" in fault.what for fault in run(sealed_log).faults)


def test_an_invented_number_is_named(sealed_log: Signer, write_units: Callable[..., None]) -> None:
    write_units(1, start=500)
    sql("UPDATE ledger_entry SET leaf_index = 301 WHERE subject = 'unit:U500'")
    assert any("超出最后的存证校验点" in fault.what for fault in run(sealed_log).faults)


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
