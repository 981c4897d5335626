"""Writing whole tables as they once were, past the ledger: for backups and recovery alone.

Everything else changes a recorded row by `recording.record`.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from typing import Any, TypeAlias

from django.apps import apps
from django.db import connection, models
from django.db.models import Max

from yinuo.ledger.commands.recording import command
from yinuo.ledger.commands.sealing import lock_sealer
from yinuo.ledger.models import LostEntry, Recovery
from yinuo.ledger.recorded import Recorded

TableRows: TypeAlias = tuple[type[models.Model], Sequence[str], Iterable[Sequence[Any]]]
"""A model, names of its columns (`attname`), and rows of as many values."""
CHUNK = 2_000


@command("database.replace")
def replace_all(*, tables: Sequence[TableRows]) -> None:
    """Take out every row of these tables and put in others, keys, times and all.

    `tables` come in the order in which rows depend on each other. Nobody else writes meanwhile.
    Raises `IntegrityError` or `DataError` if the rows do not fit, and changes nothing then.
    """
    found = [model for model, _names, _rows in tables]
    _lock(found)
    quote = connection.ops.quote_name
    with connection.cursor() as cursor:
        for model in reversed(found):
            cursor.execute(f"DELETE FROM {quote(model._meta.db_table)}")  # noqa: S608  # quoted
    for model, names, rows in tables:
        _insert(model, names, rows)
    set_sequences(found)
    connection.check_constraints()


def _lock(found: Sequence[type[models.Model]]) -> None:
    """Keep every other writer out to the end of the transaction; readers go on."""
    lock_sealer()
    if connection.vendor == "postgresql":
        names = ", ".join(connection.ops.quote_name(model._meta.db_table) for model in found)
        with connection.cursor() as cursor:
            cursor.execute(f"LOCK TABLE {names} IN EXCLUSIVE MODE")


def lock_rows() -> None:
    """Keep every other command out to the end of the transaction."""
    _lock([m for m in apps.get_models() if m._meta.app_config.name.startswith("yinuo.")])


def _insert(model: type[models.Model], names: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    fields = {field.attname: field for field in model._meta.concrete_fields}
    columns = [fields[name] for name in names]
    adapt = [(at, put) for at, field in enumerate(columns) if (put := _adapter(field))]
    quote = connection.ops.quote_name
    into = ", ".join(quote(str(field.column)) for field in columns)
    head = f"INSERT INTO {quote(model._meta.db_table)} ({into}) VALUES "  # noqa: S608  # quoted
    statement = f"{head}({', '.join(['%s'] * len(columns))})"
    with connection.cursor() as cursor:
        for some in _chunks(rows, CHUNK):
            cursor.executemany(statement, [_adapted(row, adapt) for row in some])


def _adapted(
    row: Sequence[Any], adapt: Sequence[tuple[int, Callable[[Any], Any]]]
) -> Sequence[Any]:
    stored = list(row)
    for at, put in adapt:
        if stored[at] is not None:
            stored[at] = put(stored[at])
    return stored


def _chunks(rows: Iterable[Sequence[Any]], many: int) -> Iterator[list[Sequence[Any]]]:
    left = iter(rows)
    while some := list(islice(left, many)):
        yield some


def _adapter(field: "models.Field[Any, Any]") -> Callable[[Any], Any] | None:
    """What the driver needs done to a value of this column; None where it takes it as it is."""
    if isinstance(field, models.DateTimeField):
        return connection.ops.adapt_datetimefield_value
    if isinstance(field, models.DateField):
        return connection.ops.adapt_datefield_value
    if isinstance(field, models.JSONField):
        return lambda value: field.get_db_prep_save(value, connection)
    return None


def set_sequences(found: Sequence[type[models.Model]]) -> None:
    """Let the next numbered row follow the highest there is.

    Where entries were lost, recorded rows leave as many numbers free: a lost entry may have
    numbered an account, and its number must never become another person's.
    """
    gone = _entries_gone()
    for model in found:
        if isinstance(model._meta.pk, models.AutoField):
            _set_sequence(model, gone if _is_recorded(model) else 0)


def _is_recorded(model: type[models.Model]) -> bool:
    """What the present model is: one as an earlier version had it knows columns alone."""
    present = apps.all_models[model._meta.app_label].get(str(model._meta.model_name), model)
    return issubclass(present, Recorded)


def _entries_gone() -> int:
    """Entries that were signed for and cannot be read here any more."""
    given_up = Recovery.objects.filter(kind=Recovery.Kind.NEW_ORIGIN)
    sizes = given_up.values_list("signed_size", "found_size")
    return LostEntry.objects.count() + sum(max(0, signed - found) for signed, found in sizes)


def _set_sequence(model: type[models.Model], free: int) -> None:
    quote = connection.ops.quote_name
    table, key = model._meta.db_table, model._meta.pk.column
    last = model._base_manager.aggregate(last=Max("pk"))["last"] or 0
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "SELECT setval(pg_get_serial_sequence(%s, %s), %s, %s)",
                # A sequence cannot stand at 0: `false` lets its next number be 1.
                [quote(table), str(key), max(1, last + free), last + free > 0],
            )
        else:
            cursor.execute("DELETE FROM sqlite_sequence WHERE name = %s", [table])
            cursor.execute(
                "INSERT INTO sqlite_sequence (name, seq) VALUES (%s, %s)", [table, last + free]
            )
