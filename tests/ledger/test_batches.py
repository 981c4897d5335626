"""Many new rows at once: prepared before the transaction, written in few statements or by COPY."""

from datetime import date

import pytest
from django.db import IntegrityError, connection, transaction

from tests.ledger.conftest import AT, BY
from yinuo.ledger.commands.recording import (
    WORTH_COPYING,
    OutsideCommand,
    StaleVersion,
    prepare_new,
    record,
    record_changed,
    record_new,
    record_prepared,
)
from yinuo.ledger.models import Entry
from yinuo.ledger.replay import replay
from yinuo.parties.models import Unit

pytestmark = pytest.mark.django_db
ODD = 'O\'Brien "甲"\t\\N\n\\. %s {0}'
"""What a statement or a copy could take for something else."""


def unit(number: int, **values: object) -> Unit:
    plain = {"name": f"第{number}单位", "kind": Unit.Kind.DISTRICT, "gb_code": "210212"}
    return Unit(code=f"U{number}", **{**plain, **values})


@pytest.mark.parametrize("many", [3, WORTH_COPYING + 1, 1_300])
def test_every_value_stands_as_it_was_given(many: int) -> None:
    rows = [unit(n) for n in range(many - 1)]
    rows.append(unit(many, name=ODD, valid_from=date(2024, 3, 1), parent_id="U0"))
    with transaction.atomic():
        record_new(rows, verb="unit.registered", by=BY, at=AT)
    odd = Unit.objects.get(code=f"U{many}")
    assert (odd.name, odd.valid_from, odd.parent_id) == (ODD, date(2024, 3, 1), "U0")
    assert (odd.version, odd.kind) == (1, "district")
    assert Entry.objects.count() == many
    assert replay().faults == []


def test_preparing_writes_nothing_and_writing_needs_a_transaction() -> None:
    prepared = prepare_new([unit(1)], verb="unit.registered", by=BY, at=AT)
    assert (Unit.objects.count(), Entry.objects.count()) == (0, 0)
    with transaction.atomic():
        record_prepared(prepared)
    assert (Unit.objects.count(), Entry.objects.count()) == (1, 1)
    assert prepare_new([], verb="unit.registered", by=BY, at=AT) is None


@pytest.mark.django_db(transaction=True)
def test_prepared_rows_outside_a_transaction_are_refused() -> None:
    prepared = prepare_new([unit(1)], verb="unit.registered", by=BY, at=AT)
    with pytest.raises(OutsideCommand):
        record_prepared(prepared)
    assert Unit.objects.count() == 0


@pytest.mark.parametrize("many", [2, WORTH_COPYING])
def test_a_code_in_use_is_the_databases_own_error(many: int) -> None:
    rows = [unit(n) for n in range(many)]
    with transaction.atomic():
        record_new(rows[:1], verb="unit.registered", by=BY, at=AT)
    with pytest.raises(IntegrityError), transaction.atomic():
        record_new([unit(n) for n in range(many)], verb="unit.registered", by=BY, at=AT)
    assert (Unit.objects.count(), Entry.objects.count()) == (1, 1)
    assert not connection.needs_rollback


@pytest.mark.parametrize("many", [3, WORTH_COPYING + 1])
def test_many_changed_rows_are_written_with_an_entry_each(many: int) -> None:
    with transaction.atomic():
        record_new([unit(n) for n in range(many)], verb="unit.registered", by=BY, at=AT)
    rows = list(Unit.objects.order_by("code"))
    for row in rows:
        row.name = f"{ODD}{row.code}"
    with transaction.atomic():
        record_changed(rows, verb="unit.renamed", by=BY, at=AT)
    assert {row.name for row in Unit.objects.all()} == {f"{ODD}{row.code}" for row in rows}
    assert set(Unit.objects.values_list("version", flat=True)) == {2}
    assert Entry.objects.filter(verb="unit.renamed").count() == many
    assert replay().faults == []


def test_of_many_changed_rows_the_stale_one_is_named_and_none_is_written() -> None:
    with transaction.atomic():
        record_new([unit(n) for n in range(3)], verb="unit.registered", by=BY, at=AT)
    mine, other = list(Unit.objects.order_by("code")), Unit.objects.get(code="U1")
    with transaction.atomic():
        record(other, verb="unit.renamed", by=BY, at=AT)
    with pytest.raises(StaleVersion) as caught, transaction.atomic():
        record_changed(mine, verb="unit.renamed", by=BY, at=AT)
    assert caught.value.place == "unit:U1"
    assert sorted(Unit.objects.values_list("code", "version")) == [("U0", 1), ("U1", 2), ("U2", 1)]
    assert Entry.objects.count() == 4


@pytest.mark.django_db(transaction=True)
def test_changed_rows_outside_a_transaction_are_refused() -> None:
    with pytest.raises(OutsideCommand):
        record_changed([unit(1)], verb="unit.renamed", by=BY, at=AT)
