"""Whatever is changed in a recorded row is found and named."""

import pytest
from django.db import connection

from yinuo.ledger.models import Entry
from yinuo.ledger.replay import UnknownSubject, replay
from yinuo.ledger.tlog.note import Signer
from yinuo.parties.models import Unit

pytestmark = pytest.mark.django_db


def test_an_untouched_log_replays_clean(sealed_log: Signer) -> None:
    report = replay()
    assert (report.checked, report.faults) == (301, [])


@pytest.mark.parametrize("column", ["name", "kind", "gb_code", "version"])
def test_a_changed_column_is_named(sealed_log: Signer, column: str) -> None:
    value = 9 if column == "version" else "别的"[:6]
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE parties_unit SET {column} = %s WHERE code = 'U5'",  # noqa: S608
            [value],
        )
    faults = replay().faults
    assert [fault.place for fault in faults] == ["unit:U5"]
    assert ("版本" if column == "version" else column) in faults[0].what


def test_a_deleted_row_is_named(sealed_log: Signer) -> None:
    Unit.objects.filter(code="U5").delete()
    assert [f.place for f in replay().faults] == ["unit:U5"]


def test_an_added_row_is_named(sealed_log: Signer) -> None:
    Unit.objects.create(code="X", name="偷偷加的", kind="district")
    assert [f.place for f in replay().faults] == ["unit:X"]


def test_a_row_is_named_where_the_log_knows_nothing_of_its_kind() -> None:
    Unit.objects.create(code="X", name="偷偷加的", kind="district")
    report = replay()
    assert (report.checked, [f.place for f in report.faults]) == (0, ["unit:X"])


def test_rows_are_named_when_all_of_their_kind_are_gone(sealed_log: Signer) -> None:
    Unit.objects.all().delete()
    assert len(replay().faults) == 300


def test_a_gap_in_versions_is_named(sealed_log: Signer) -> None:
    Entry.objects.filter(subject="unit:U5").update(version=2)
    assert any("版本不连续" in f.what for f in replay().faults)


def test_an_unknown_kind_stops_replay(sealed_log: Signer) -> None:
    Entry.objects.filter(subject="unit:U5").update(subject="spaceship:1")
    with pytest.raises(UnknownSubject, match="spaceship"):
        replay()
