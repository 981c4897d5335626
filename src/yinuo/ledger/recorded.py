"""What it takes for a row to stand on the ledger: a subject, a version and a full state."""

from collections.abc import Mapping
from datetime import date, datetime
from functools import cache
from typing import ClassVar

from django.apps import apps
from django.db import models
from django.db.models import Q

from yinuo.kernel.canonical import Canonical
from yinuo.kernel.instants import instant_text

State = dict[str, Canonical]
AS_THEY_ARE = frozenset({str, int, bool, type(None)})
"""Values that need no other form in a state."""


class Recorded(models.Model):
    """A row of which every change is an entry. Written only by `ledger.commands.record`."""

    SUBJECT: ClassVar[str]
    """Permanent name of the kind of subject, the first half of `commitment:DL2024-015`."""
    SCHEMA: ClassVar[int] = 1
    """Version of the state's columns; old versions stay readable."""
    ADDED: ClassVar[Mapping[str, int]] = {}
    """Columns that came later → the schema that brought them; earlier states hold the default."""
    UNRECORDED: ClassVar[Mapping[str, str]] = {}
    """Columns left out of the state, each with the reason."""
    TEXT_COPIES: ClassVar[Mapping[str, str]] = {}
    """Unrecorded columns that repeat a text, each with the column that names it: replay compares
    the two. Of an erased text the column holds `erased_copy`."""
    ROW_COPIES: ClassVar[Mapping[str, str]] = {}
    """Unrecorded columns that repeat a column of another row, each with the way there, such as
    `commitment__lead_id`: replay compares the two."""
    FILES: ClassVar[Mapping[str, str]] = {}
    """Columns that name a file of the file store by its SHA-256, each with the column of the text
    whose erasure by law takes the file along; empty for none. See `ledger.files`."""
    ERASED_WHOLE: ClassVar[bool] = False
    """Whether texts of such a row go only together with all else that a person has in it."""

    version = models.PositiveIntegerField(default=0, editable=False)
    """The version of the last entry; 0 before the first."""

    class Meta:
        abstract = True

    @staticmethod
    def wrong_step(before: State | None, after: State, verb: str) -> str | None:
        """What is wrong with one recorded change, or None; replay asks it of the whole history.

        `before` is None at the first entry of a subject. By default every change is fine.
        """
        del before, after, verb
        return None

    @classmethod
    def public_rows(cls) -> Q:
        """The rows whose entries and texts anyone may read; none unless a model says so."""
        return Q(pk__in=[])

    @property
    def answering_units(self) -> frozenset[str]:
        """Codes of the units any of whose protectors may have its texts erased by law.

        None: only who protects the unit above all others may.
        """
        return frozenset()

    @property
    def erased_copy(self) -> str:
        """What stands in a column of `TEXT_COPIES` once the text behind it was erased."""
        return f"erased-{self.pk}"

    @property
    def subject(self) -> str:
        """The name under which the row stands on the ledger."""
        return f"{self.SUBJECT}:{self.pk}"

    @property
    def thread(self) -> str:
        """The subject on whose page a change of this row is told; by default its own."""
        return self.subject


@cache
def recorded_fields(model: type[Recorded]) -> tuple[str, ...]:
    """Column names (`attname`) that make up the state, in the order of the model."""
    return tuple(
        field.attname
        for field in model._meta.concrete_fields
        if field.name != "version" and field.attname not in model.UNRECORDED
    )


def _canonical(value: object) -> Canonical:
    if isinstance(value, datetime):
        return instant_text(value)
    if isinstance(value, date):
        return value.isoformat()
    return value  # type: ignore[return-value]  # canonical_bytes refuses anything else


def state_of(row: Recorded) -> State:
    """The full recorded state of a row, as it goes into the entry."""
    state = {name: getattr(row, name) for name in recorded_fields(type(row))}
    for name, value in state.items():
        if type(value) not in AS_THEY_ARE:
            state[name] = _canonical(value)
    return state


def stated(model: type[Recorded], schema: str, state: State) -> State:
    """A state as the present schema has it: columns added since `schema` hold their default.

    `schema` is as in the body, such as `commitment/1`.
    """
    number = int(schema.partition("/")[2])
    defaults = {
        field.attname: _canonical(field.get_default())
        for field in model._meta.concrete_fields
        if model.ADDED.get(field.attname, 0) > number
    }
    return {**defaults, **state}


def recorded_models() -> dict[str, type[Recorded]]:
    """Every model that stands on the ledger, by its subject name."""
    return {m.SUBJECT: m for m in apps.get_models() if issubclass(m, Recorded)}
