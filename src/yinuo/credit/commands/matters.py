"""What objections and requests for repair share: a number, a lock, steps, and who is told."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Generic, TypeVar

from django.db.models import QuerySet

from yinuo.credit.commands.subjects import acting_as
from yinuo.credit.means import Means
from yinuo.credit.models import CreditObjection, CreditRepair
from yinuo.credit.permission import reads_source
from yinuo.credit.regimes.machine import Machine
from yinuo.kernel.errors import YinuoError
from yinuo.ledger.commands.recording import By, one_at_a_time, record
from yinuo.notices.commands.tell import Telling, settle, tell
from yinuo.parties.viewer import Viewer

Row = TypeVar("Row", CreditObjection, CreditRepair)
S = TypeVar("S", bound=StrEnum)
E = TypeVar("E", bound=StrEnum)


@dataclass(frozen=True, kw_only=True)
class Matters(Generic[Row, S, E]):
    """One sort of thing that a subject asks about one of its records."""

    model: type[Row]
    machine: Machine[S, E]
    letters: str
    """With which its numbers begin."""
    lock: int
    """Key of the PostgreSQL advisory lock under which they are numbered."""
    page: str
    """Name of the address where it is handled."""
    topic: str
    unknown: Callable[[str], YinuoError]

    def next_code(self, year: int) -> str:
        """The next number of a year; nobody else is given one until the transaction ends."""
        one_at_a_time(self.lock)
        start = f"{self.letters}-{year}-"
        taken = self.model.objects.filter(code__startswith=start).order_by("-code")
        last = taken.values_list("code", flat=True).first()
        return f"{start}{int(last.removeprefix(start)) + 1 if last else 1:06}"

    def locked(self, code: str, means: Means, by: Viewer, version: int | None) -> Row:
        """The row, locked, at the version that was read. Raises what `unknown` makes."""
        row = self._rows().filter(pk=code).first()
        if row is None or not reads_source(row.unit_id, means, by):
            raise self.unknown(code)
        if version is not None:
            row.version = version
        return row

    def drop(self, code: str, subject: str, event: E, at: datetime) -> None:
        """Its subject takes it back. Raises what `unknown` makes, `StepNotAllowed`."""
        row = self._rows().filter(pk=code, subject_row=subject).first()
        if row is None:
            raise self.unknown(code)
        self.step(row, event, by=acting_as(subject), at=at)

    def after(self, state: str, event: E) -> str:
        """The state after an event. Raises `StepNotAllowed`."""
        first = type(self.machine.start)
        return str(self.machine.after(first(state), event))

    def step(self, row: Row, event: E, *, by: By, at: datetime) -> None:
        """Take a step and record it; what was asked of officers before it is done.

        Raises `StepNotAllowed`.
        """
        row.state, row.changed_at = self.after(row.state, event), at
        record(row, verb=f"{row.SUBJECT}.{event.name.lower()}", by=by, at=at)
        settle(about=[row.subject], at=at)

    def tell(self, row: Row, *units: str, title: str, at: datetime) -> None:
        """Tell the officers of some units."""
        tellings = [
            Telling(
                to_unit=unit,
                role="officer",
                topic=self.topic,
                title=title,
                page=self.page,
                args=(row.code,),
                about=row.subject,
                due=row.due,
            )
            for unit in units
        ]
        tell(tellings=tellings, at=at)

    def _rows(self) -> QuerySet[Row]:
        rows = self.model.objects.select_for_update(of=("self",))
        return rows.select_related("subject_row")
