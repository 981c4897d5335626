"""Indicators that are counted from a register: counted again, written where they changed."""

from collections.abc import Collection
from datetime import date, datetime

from yinuo.goals.commands.figures import CountedFigure, write_counted
from yinuo.goals.indicators.measuring import converted
from yinuo.goals.indicators.periods import Period, expected, of_key
from yinuo.goals.indicators.periods import at as period_at
from yinuo.goals.models import Binding, Figure, Indicator
from yinuo.goals.queries.registers import REGISTERS
from yinuo.kernel.instants import civil_date
from yinuo.ledger.commands.recording import By, command
from yinuo.parties.queries import public_unit_kinds, public_units
from yinuo.parties.viewer import Viewer

COUNTER = By(actor="system:recount")
"""Who counts where nobody in particular asked for it."""


@command("indicators.recount")
def recount(
    *,
    at: datetime,
    by: Viewer | None = None,
    names: Collection[str] | None = None,
    day: date | None = None,
) -> tuple[str, ...]:
    """Count every indicator of these registers again, all by default; returns the loads it wrote.

    As of `day`, by default that of `at`. Of this year each period that has begun is counted, and
    with all registers those of earlier years that have a figure, for the whole city and for each
    unit that has one or is bound. Only confirmed rows count, and a count with parts missing stays
    missing. A value that did not change writes nothing.
    """
    day = day or civil_date(at)
    wanted = REGISTERS.keys() if names is None else REGISTERS.keys() & set(names)
    counted: list[CountedFigure] = []
    for row in Indicator.objects.filter(counted__in=wanted).order_by("code"):
        for subject in _subjects(row):
            for period in _periods(row, subject, day, whole_history=names is None):
                figure = _count(row, subject, period, day)
                if figure is not None:
                    counted.append(figure)
    if not counted:
        return ()
    acting = COUNTER if by is None else By(actor=by.actor, capacity="")
    return write_counted(counted=counted, by=acting, at=at)


def _whole(office: str) -> str:
    """The city to which an office belongs, or what stands above all else."""
    units = {unit.code: unit for unit in public_units()}
    city = public_unit_kinds()["city"]
    unit = units[office]
    while unit.kind != city and unit.parent is not None:
        unit = units[unit.parent]
    return unit.code


def _subjects(row: Indicator) -> list[str]:
    """The whole, and the units that have figures or are bound."""
    whole = _whole(row.office_id)
    known = {unit.code for unit in public_units()}
    found = set(
        Figure.objects.filter(indicator=row, subject_unit__isnull=False)
        .values_list("subject_key", flat=True)
        .distinct()
    )
    found |= set(
        Binding.objects.filter(indicator=row, ended=False).values_list("subject_key", flat=True)
    )
    return [whole, *sorted((found & known) - {whole})]


def _periods(row: Indicator, subject: str, day: date, *, whole_history: bool) -> list[Period]:
    now = period_at(row.frequency, row.kind, day)
    begun = list(expected(row.frequency, row.kind, first=date(day.year, 1, 1), last=day))
    earlier = Figure.objects.filter(
        indicator=row, subject_key=subject, last_date__lte=day
    ).values_list("period", "first_date", "last_date")
    kept = {now.key: now, **{period.key: period for period in begun}}
    if not whole_history:
        earlier = earlier.filter(first_date__gte=date(day.year, 1, 1))
    for key, first, last in earlier.distinct():
        kept.setdefault(key, of_key(key, first, last))
    return sorted(kept.values(), key=lambda period: period.order)


def _count(row: Indicator, subject: str, period: Period, day: date) -> CountedFigure | None:
    """What the register comes to, or None where a part of it is missing."""
    register = REGISTERS[row.counted]
    last = min(period.last, day)
    unit = None if subject == _whole(row.office_id) else subject
    value = register.confirmed(first=period.first, last=last, unit=unit)
    if not value:
        return None
    return CountedFigure(
        indicator=row.code,
        subject=subject,
        is_unit=True,
        period=period,
        value=converted(value, unit=register.unit, to=row.unit),
        how=f"截至 {last}，{register.label}，只数已确认的",
    )
