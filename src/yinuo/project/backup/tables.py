"""The tables of a backup, and their rows as lines of JSON that fit every database."""

import base64
import binascii
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any

from django.apps import apps
from django.apps.registry import Apps
from django.db import models
from django.db.backends.base.operations import BaseDatabaseOperations

from yinuo.kernel.errors import YinuoError
from yinuo.kernel.instants import NaiveInstant, instant_text, utc
from yinuo.project.backup.manifest import our_apps

CHUNK = 2_000
_ENCODE = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
MEANT_BY: dict[str, type] = {
    "BinaryField": bytes,
    "BooleanField": bool,
    "CharField": str,
    "DateField": date,
    "DateTimeField": datetime,
    "JSONField": dict,
    "TextField": str,
    **dict.fromkeys(BaseDatabaseOperations.integer_field_ranges, int),
}
"""Kinds of column that a backup can carry."""


class UnsupportedColumn(YinuoError):
    """A model has a column of a kind that backups do not carry yet."""

    code = "BACKUP-E008"
    status = 500

    def __init__(self, place: str, kind: str) -> None:
        super().__init__(
            f"备份还不支持 {kind} 类型的列",
            place=place,
            next_step="这是程序的缺陷，请报告给开发者",
        )


class WrongValue(ValueError):
    """A value in a line that its column cannot hold."""

    def __init__(self, column: str, what: str) -> None:
        super().__init__(what)
        self.column = column


@dataclass(frozen=True)
class Column:
    """One column and how its values are written and read."""

    name: str
    kind: str
    """Django's internal type; of a foreign key that of the column it names."""
    null: bool
    longest: int | None

    @classmethod
    def of(cls, field: "models.Field[Any, Any]") -> "Column":
        """The column of a model's field. Raises `UnsupportedColumn`."""
        real: models.Field[Any, Any] = field
        while isinstance(real, models.ForeignKey):
            real = real.target_field
        kind = real.get_internal_type()
        if kind not in MEANT_BY:
            raise UnsupportedColumn(str(field), kind)
        longest = real.max_length if MEANT_BY[kind] is str else None
        return cls(field.attname, kind, field.null, longest)

    @cached_property
    def write(self) -> Callable[[Any], Any] | None:
        """Makes a stored value fit for JSON; None where it already is."""
        return _WRITE.get(MEANT_BY[self.kind])

    def read(self, value: Any) -> Any:  # noqa: ANN401  # what a column holds
        """The stored value of what a line says. Raises `WrongValue`."""
        if value is None:
            if not self.null:
                raise WrongValue(self.name, "不能为空")
            return None
        try:
            return _READ[MEANT_BY[self.kind]](self, value)
        except (TypeError, ValueError, binascii.Error, NaiveInstant):
            raise WrongValue(self.name, f"{str(value)[:40]!r} 不是 {self.kind} 的值") from None


def _integer(column: Column, value: object) -> int:
    low, high = BaseDatabaseOperations.integer_field_ranges[column.kind]
    if type(value) is not int or not low <= value <= high:
        raise ValueError(value)
    return value


def _text(column: Column, value: object) -> str:
    # PostgreSQL holds to both, SQLite to neither: a backup has to fit either.
    too_long = isinstance(value, str) and len(value) > (column.longest or len(value))
    if not isinstance(value, str) or "\0" in value or too_long:
        raise ValueError(value)
    return value


def _boolean(_column: Column, value: object) -> bool:
    if not isinstance(value, bool):
        raise TypeError(value)
    return value


_WRITE: dict[type, Callable[[Any], Any]] = {
    bytes: lambda value: base64.b64encode(value).decode(),
    date: date.isoformat,
    datetime: instant_text,
}
_READ: dict[type, Callable[[Column, Any], Any]] = {
    bool: _boolean,
    bytes: lambda _column, value: base64.b64decode(value, validate=True),
    date: lambda _column, value: date.fromisoformat(value),
    datetime: lambda _column, value: utc(datetime.fromisoformat(value)),
    dict: lambda _column, value: value,
    int: _integer,
    str: _text,
}


@dataclass(frozen=True)
class Table:
    """One of our tables."""

    model: type[models.Model]

    @property
    def name(self) -> str:
        """As in `ledger.entry`."""
        return self.model._meta.label_lower

    @property
    def member(self) -> str:
        """Its file in a backup."""
        return f"tables/{self.name}.jsonl"

    @cached_property
    def columns(self) -> tuple[Column, ...]:
        """Every stored column, in the order of the model."""
        return tuple(Column.of(field) for field in self.model._meta.concrete_fields)

    def count(self) -> int:
        """Number of rows now."""
        return self.model._base_manager.count()

    def lines(self) -> Iterator[bytes]:
        """The rows as they are now, by primary key: a JSON array and a newline each."""
        names = [column.name for column in self.columns]
        writes = [(at, c.write) for at, c in enumerate(self.columns) if c.write is not None]
        rows = self.model._base_manager.order_by("pk").values_list(*names)
        for stored in rows.iterator(chunk_size=CHUNK):
            row = list(stored)
            for at, write in writes:
                if row[at] is not None:
                    row[at] = write(row[at])
            yield _ENCODE(row).encode() + b"\n"

    def read(self, line: bytes) -> list[Any]:
        """The values of one line. Raises `WrongValue`, with an empty column for the whole line."""
        try:
            values = json.loads(line)
        except ValueError:
            raise WrongValue("", "不是合法的 JSON") from None
        if not isinstance(values, list) or len(values) != len(self.columns):
            raise WrongValue("", f"应为 {len(self.columns)} 个值的列表")
        return [column.read(value) for column, value in zip(self.columns, values, strict=True)]


def our_tables(of: Apps = apps) -> Sequence[Table]:
    """The tables of our own models, those that others refer to first.

    What is made from the ledger and can be made again is left out. `of` may be the models as an
    earlier version had them.
    """
    return _tables(of, lambda model: not _is_derived(model))


def derived_tables(of: Apps = apps) -> Sequence[Table]:
    """The tables that are made from the ledger: a restore empties them, and they fill again."""
    return _tables(of, _is_derived)


def _is_derived(model: type[models.Model]) -> bool:
    """What the present model says: migrations remember columns, not this."""
    present = apps.all_models[model._meta.app_label].get(str(model._meta.model_name), model)
    return bool(getattr(present, "DERIVED", False))


def _tables(of: Apps, wanted: Callable[[type[models.Model]], bool]) -> Sequence[Table]:
    ours = [
        model
        for model in of.get_models(include_auto_created=True)
        if model._meta.app_label in our_apps()
        and model._meta.managed
        and not model._meta.proxy
        and wanted(model)
    ]
    ordered: list[type[models.Model]] = []

    def place(model: type[models.Model]) -> None:
        if model in ordered or model not in ours:
            return
        for field in model._meta.concrete_fields:
            if field.related_model not in {None, model}:
                place(field.related_model)
        ordered.append(model)

    for model in ours:
        place(model)
    return [Table(model) for model in ordered]
