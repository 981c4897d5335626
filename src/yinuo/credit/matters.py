"""What views of objections and of requests for repair share."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Generic, TypeVar

from django.db.models import QuerySet

from yinuo.commitments.wording import short_wording
from yinuo.credit.means import Means
from yinuo.credit.models import CreditObjection, CreditRepair
from yinuo.credit.permission import readable_units
from yinuo.credit.story import Told
from yinuo.parties.queries import public_unit_names
from yinuo.parties.viewer import Viewer

MOST = 200
"""Of one subject."""
PAGE = 50
STATES = ("open", "done", "all")


@dataclass(frozen=True, kw_only=True)
class MatterView:
    """What a subject asked about one of its records."""

    code: str
    record: str
    source: str
    source_name: str
    subject: str
    """Code of the subject."""
    name: str
    """Of the subject."""
    unit: str
    unit_name: str
    answer: str
    due: date
    changed_at: datetime
    open: bool
    simulated: bool
    version: int
    acts: tuple[str, ...] = ()
    """What the viewer may do now."""
    story: tuple[Told, ...] = ()
    """What was done, where one was asked for by its code."""


View = TypeVar("View", bound=MatterView)
Row = TypeVar("Row", CreditObjection, CreditRepair)


@dataclass(frozen=True, kw_only=True)
class MatterPage(Generic[View]):
    """Some of them, due first."""

    rows: tuple[View, ...]
    total: int
    page: int
    pages: int


@dataclass(frozen=True)
class Some(Generic[Row]):
    """A page of rows, before they are made views."""

    rows: list[Row]
    total: int
    page: int
    pages: int


def some_of(  # noqa: PLR0917  # two calls
    rows: QuerySet[Row],
    opened: Collection[str],
    state: str,
    page: int,
    means: Means,
    viewer: Viewer,
) -> Some[Row]:
    """The rows of the viewer's units on a page, due first; `state` is one of `STATES`."""
    units = readable_units(means, viewer)
    rows = rows if units is None else rows.filter(unit__in=units)
    if state == "open":
        rows = rows.filter(state__in=opened)
    elif state == "done":
        rows = rows.exclude(state__in=opened)
    total = rows.count()
    pages = max(-(-total // PAGE), 1)
    page = min(max(page, 1), pages)
    first = (page - 1) * PAGE
    return Some(list(rows.order_by("due", "code")[first : first + PAGE]), total, page, pages)


@dataclass(frozen=True, kw_only=True)
class Behind:
    """Names and texts behind some rows."""

    said: Mapping[str, str]
    units: Mapping[str, str]
    means: Means | None
    """None for the subject itself, who has the name of the source on its report."""
    opened: Collection[str]

    @classmethod
    def of(
        cls,
        rows: Iterable[CreditObjection | CreditRepair],
        texts: Iterable[str],
        *,
        means: Means | None,
        opened: Collection[str],
    ) -> "Behind":
        """All of them in two queries; `texts`: references beyond answers and names."""
        references = [ref for row in rows for ref in (row.answer_text, row.subject_row.name_text)]
        said = short_wording([*references, *texts])
        return cls(said=said, units=public_unit_names(), means=means, opened=opened)

    def fields(self, row: CreditObjection | CreditRepair) -> dict[str, Any]:
        """The fields of `MatterView` that every row has."""
        sources = self.means.sources if self.means else {}
        return {
            "code": row.code,
            "record": row.record,
            "source": row.source,
            "source_name": sources[row.source].name if row.source in sources else row.source,
            "subject": row.subject_row_id,
            "name": self.said.get(row.subject_row.name_text, ""),
            "unit": row.unit_id,
            "unit_name": self.units.get(row.unit_id, row.unit_id),
            "answer": self.said.get(row.answer_text, ""),
            "due": row.due,
            "changed_at": row.changed_at,
            "open": row.state in self.opened,
            "simulated": row.simulated,
            "version": row.version,
        }
