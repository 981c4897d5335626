"""What was reported and handed in, for whoever looks through all of it.

Knows no viewers: only `commands` of higher packages may call it, for what a machine compares.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models.functions import Length

from yinuo.commitments.models import Commitment, Evidence, Report
from yinuo.kernel.media.formats import BY_MEDIA_TYPE

ASK = 500
"""Keys in one statement."""


@dataclass(frozen=True, slots=True)
class ReportedFigure:
    """One report with a figure."""

    code: str
    as_of_date: date
    value: str
    """Canonical decimal, in the unit of the commitment."""

    @property
    def number(self) -> int:
        """The order in which it was made, from 1."""
        return int(self.code.rpartition("/R")[2])


@dataclass(frozen=True, slots=True)
class Reporting:
    """A commitment with its terms and every report that was made."""

    code: str
    parent: str | None
    lead: str | None
    office: str
    operator: str
    value: str
    baseline: str
    unit: str
    due: date | None
    figures: tuple[ReportedFigure, ...]
    """In the order in which they were made; those without a figure are left out."""
    days: tuple[tuple[int, date], ...]
    """Number and as-of date of every report, figure or not."""


TERMS = (
    *("code", "parent_id", "lead_id", "creditor_unit_id", "operator", "value", "baseline"),
    *("unit", "due_original"),
)


def _parts(keys: Iterable[str]) -> Iterator[Sequence[str]]:
    some = sorted(set(keys))
    return (some[start : start + ASK] for start in range(0, len(some), ASK))


def reporting(commitments: Iterable[str]) -> dict[str, Reporting]:
    """These commitments by code; one that does not exist is left out."""
    wanted = set(commitments)
    figures: defaultdict[str, list[ReportedFigure]] = defaultdict(list)
    days: defaultdict[str, list[tuple[int, date]]] = defaultdict(list)
    found: dict[str, Reporting] = {}
    for some in _parts(wanted):
        rows = Report.objects.filter(commitment__in=some).order_by(Length("code"), "code")
        for owner, code, day, value in rows.values_list(
            "commitment_id", "code", "as_of_date", "value"
        ):
            one = ReportedFigure(code, day, value)
            days[owner].append((one.number, day))
            if value:
                figures[owner].append(one)
        for row in Commitment.objects.filter(pk__in=some).values_list(*TERMS):
            code, parent, lead, office, operator, value, baseline, unit, due = row
            found[code] = Reporting(
                code=code,
                parent=parent,
                lead=lead,
                office=office,
                operator=operator,
                value=value,
                baseline=baseline,
                unit=unit,
                due=due,
                figures=tuple(figures[code]),
                days=tuple(days[code]),
            )
    return found


def children(commitments: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """The codes that stand below each of these; one without any is left out."""
    found: defaultdict[str, list[str]] = defaultdict(list)
    for some in _parts(commitments):
        rows = Commitment.objects.filter(parent__in=some).order_by("code")
        for parent, code in rows.values_list("parent_id", "code"):
            found[str(parent)].append(code)
    return {parent: tuple(codes) for parent, codes in found.items()}


@dataclass(frozen=True, slots=True)
class SameFigure:
    """A report that states a figure on a day."""

    code: str
    commitment: str
    parent: str | None
    lead: str | None
    office: str
    as_of_date: date
    value: str


def stating(days: Iterable[date], values: Iterable[str]) -> tuple[SameFigure, ...]:
    """Every report of one of these days with one of these figures."""
    wanted = sorted(set(days))
    found = []
    for some in _parts(values):
        rows = Report.objects.filter(value__in=some, as_of_date__in=wanted).order_by("code")
        found += [
            SameFigure(*row)
            for row in rows.values_list(
                *("code", "commitment_id", "commitment__parent_id", "commitment__lead_id"),
                *("commitment__creditor_unit_id", "as_of_date", "value"),
            )
        ]
    return tuple(found)


@dataclass(frozen=True, slots=True)
class HandedIn:
    """A picture among the evidence."""

    code: str
    commitment: str
    parent: str | None
    belongs_to: str
    sha256: str
    delivered_date: date | None

    @property
    def report(self) -> str:
        """Code of the report it was handed in with; empty with a delivery."""
        kind, _, code = self.belongs_to.partition(":")
        return code if kind == Report.SUBJECT else ""


PICTURES = tuple(name for name, found in BY_MEDIA_TYPE.items() if found.picture)


def pictures(evidence: Iterable[str]) -> dict[str, HandedIn]:
    """Those of these files that are pictures, by code."""
    found: dict[str, HandedIn] = {}
    for some in _parts(evidence):
        rows = Evidence.objects.filter(pk__in=some, media_type__in=PICTURES)
        for row in rows.values_list(
            *("code", "commitment_id", "commitment__parent_id", "belongs_to", "sha256"),
            "commitment__delivered_date",
        ):
            found[row[0]] = HandedIn(*row)
    return found
