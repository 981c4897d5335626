"""Public counts of cases: never one of them, and nothing below five."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median_high

from django.db.models import Count, Max, Min, Q

from yinuo.cases.models import Case
from yinuo.cases.stored.sifting import sifted
from yinuo.kernel.instants import SHANGHAI
from yinuo.ledger.remembered import remembered
from yinuo.parties.queries import public_unit_names

LEAST = 5
"""Below this many cases nothing is shown: it would tell of single applicants."""
A_YEAR = timedelta(days=365)
MOST = 2_000
"""The last so many cases: a median of more would say nothing else."""
WHOLE = 1_000


@dataclass(frozen=True, kw_only=True)
class ItemDays:
    """How long an item took in the last twelve months."""

    cases: int
    counted: int
    """Median of the counted working days, stops left out."""
    elapsed: int
    """Median of the calendar days from receipt to decision."""
    within_permille: int
    """Share decided within the promised limit, in thousandths, rounded down."""


def public_item_days(*, item: str, at: datetime) -> ItemDays | None:
    """Decided cases of an item in the year before `at`, at most the last 2,000.

    None below `LEAST`.
    """
    rows = Case.objects.filter(
        item_version__item=item,
        decided_at__gt=at - A_YEAR,
        decided_at__lte=at,
        used_days__isnull=False,
    ).order_by("-decided_at", "code")
    found = list(rows.values_list("used_days", "span_days", "promised_kept")[:MOST])
    if len(found) < LEAST:
        return None
    kept = sum(bool(kept) for *_, kept in found)
    return ItemDays(
        cases=len(found),
        counted=median_high([used or 0 for used, _, _ in found]),
        elapsed=median_high([span or 0 for _, span, _ in found]),
        within_permille=kept * WHOLE // len(found),
    )


@dataclass(frozen=True, kw_only=True)
class UnitCount:
    """What a unit's cases of a year came to, by the promised limit."""

    unit: str
    unit_name: str
    decided: int
    kept: int
    broken: int

    @property
    def kept_permille(self) -> int:
        """Share kept, in thousandths, rounded down."""
        return self.kept * WHOLE // self.decided


@remembered
def public_service_years() -> tuple[int, ...]:
    """The years in which cases were decided, the latest first."""
    ends = Case.objects.aggregate(first=Min("decided_at"), last=Max("decided_at"))
    if ends["first"] is None:
        return ()
    first, last = (ends[name].astimezone(SHANGHAI).year for name in ("first", "last"))
    return tuple(range(last, first - 1, -1))


@remembered
def public_service_counts(*, year: int) -> tuple[UnitCount, ...]:
    """Decided cases by unit, kept or broken by the promised limit; units below `LEAST` left out."""
    start = datetime(year, 1, 1, tzinfo=SHANGHAI)
    within = Q(decided_at__gte=start, decided_at__lt=start.replace(year=year + 1))
    rows = (
        sifted(Case.objects.filter(decided_at__isnull=False), within)
        .values("unit")
        .annotate(
            decided=Count("unit", filter=Q(promised_kept__isnull=False)),
            kept=Count("unit", filter=Q(promised_kept=True)),
        )
        .filter(decided__gte=LEAST)
        .order_by("unit")
    )
    names = public_unit_names()
    return tuple(
        UnitCount(
            unit=row["unit"],
            unit_name=names.get(row["unit"], row["unit"]),
            decided=row["decided"],
            kept=row["kept"],
            broken=row["decided"] - row["kept"],
        )
        for row in rows
    )
