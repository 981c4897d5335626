"""Figures come in by loads, a second person releases them, and what is bound to them moves."""

import io
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from django.db import IntegrityError

from yinuo.commitments.commands.moved_by_series import move_by_series
from yinuo.commitments.queries.moved_by_series import public_units_of_measure
from yinuo.goals.commands.indicators import bind, define
from yinuo.goals.errors.indicators import (
    FiguresMeanwhile,
    FiguresRefused,
    FileFaulty,
    LoadDecided,
    NothingStated,
    QuestionsOpen,
    UnknownIndicator,
    UnknownLoad,
)
from yinuo.goals.indicators.checks import NewFigure, aside_table
from yinuo.goals.indicators.comparing import implied_base
from yinuo.goals.indicators.measuring import converted
from yinuo.goals.indicators.moving import Held, Moved, moved
from yinuo.goals.indicators.periods import (
    Grain,
    Period,
    label_of,
    named,
    of_key,
    period_before,
    read_period,
    year_before,
)
from yinuo.goals.indicators.words import (
    MEASURE_LABELS,
    STANDING_LABELS,
    Measure,
    SeriesKind,
    Standing,
)
from yinuo.goals.indicators.writing import table_csv
from yinuo.goals.models import Binding, Figure, Indicator, Load
from yinuo.goals.models.indicator import LOAD_LABELS, REFUSED, RELEASED, WAITING
from yinuo.goals.queries.figure_checks import FileCheck
from yinuo.kernel.decimals import scaled
from yinuo.kernel.filestore import FileStore
from yinuo.kernel.instants import civil_date
from yinuo.ledger.commands.recording import (
    By,
    command,
    one_at_a_time,
    put_text,
    record,
    record_new,
)
from yinuo.parties.queries import public_unit_names
from yinuo.parties.viewer import NotAllowed, Viewer

LOCK = 0x59_4E_55_0A
"""Key of the PostgreSQL advisory lock that lets one load take its number at a time."""
LONGEST_NOTE = 4_000


@dataclass(frozen=True)
class TakenFigures:
    """What came of a file."""

    loads: tuple[str, ...]
    defined: int
    described: int
    bound: int
    added: int
    revised: int
    unchanged: int
    aside: int


# ── taking in ──────────────────────────────────────────────────────────────────────────────────


def take_in(
    *,
    check: FileCheck,
    data: bytes,
    answers: Mapping[int, str],
    store: FileStore,
    by: Viewer,
    at: datetime,
) -> TakenFigures:
    """Take a checked file in: definitions, bindings, and one load an answering unit.

    What was kept aside stays a CSV beside the load. A file that says nothing new writes nothing.
    Raises `FileFaulty`, `QuestionsOpen`, `FiguresRefused`, `FiguresMeanwhile`, and what `define`
    and `bind` do.
    """
    if check.errors:
        raise FileFaulty(check.errors)
    settled = check.figures.settled(answers)
    if settled.open:
        raise QuestionsOpen(check.file, [question.number for question in settled.open])
    nothing = not settled.figures and not check.new and not check.changed and not check.bindings
    if nothing and settled.aside and not settled.unchanged:
        raise FiguresRefused(check.file, len(settled.aside))
    digest = store.put(io.BytesIO(data))
    aside = store.put(io.BytesIO(table_csv(aside_table(settled.aside)))) if settled.aside else ""
    came = _Came(check.file, digest, aside, settled.unchanged, len(settled.aside))
    try:
        return _take_in(check, settled.figures, came, by=by, at=at)
    except IntegrityError as error:
        raise FiguresMeanwhile(check.file) from error


@dataclass(frozen=True)
class _Came:
    """How a load came in."""

    file: str
    sha256: str
    aside_sha256: str
    unchanged: int
    aside: int


@command("figures.take_in")
def _take_in(
    check: FileCheck,
    figures: Sequence[tuple[NewFigure, int]],
    came: _Came,
    *,
    by: Viewer,
    at: datetime,
) -> TakenFigures:
    made, described = define(indicators=(*check.new, *check.changed), by=by, at=at)
    for each in check.bindings:
        bind(
            commitment=each.commitment,
            indicator=each.indicator,
            subject=each.subject,
            period=each.period,
            by=by,
            at=at,
        )
    by_office: dict[str, list[tuple[NewFigure, int]]] = defaultdict(list)
    for figure, vintage in figures:
        by_office[check.offices[figure.indicator]].append((figure, vintage))
    loads = []
    for number, (office, some) in enumerate(sorted(by_office.items())):
        # What was not taken in is told with the first.
        told = came if number == 0 else _Came(came.file, came.sha256, "", 0, 0)
        acting = _acting(office, some, by)
        loads.append(_load(office, some, told, by=acting, maker=by.actor, at=at))
    revised = sum(vintage > 1 for _, vintage in figures)
    return TakenFigures(
        loads=tuple(loads),
        defined=made,
        described=described,
        bound=len(check.bindings),
        added=len(figures) - revised,
        revised=revised,
        unchanged=came.unchanged,
        aside=came.aside,
    )


def _acting(office: str, some: Iterable[tuple[NewFigure, int]], by: Viewer) -> By:
    """In which duty the figures are given. Raises `NotAllowed`."""
    if office in by.officer_of:
        return by.acting("officer", office)
    if office in by.administrator_of:
        return by.acting("administrator", office)
    units = {figure.subject for figure, _ in some if figure.is_unit}
    others = any(not figure.is_unit for figure, _ in some)
    if others or not units <= by.officer_of:
        raise NotAllowed("这些数据里有不归您填报的", place=office)
    return by.acting("officer", min(units))


def _load(
    office: str,
    some: Sequence[tuple[NewFigure, int]],
    came: _Came,
    *,
    by: By,
    maker: str,
    at: datetime,
    counted: bool = False,
) -> str:
    one_at_a_time(LOCK)
    last = Load.objects.order_by("-number").values_list("number", flat=True).first() or 0
    revised = sum(vintage > 1 for _, vintage in some)
    load = Load(
        code=f"SL{last + 1}",
        number=last + 1,
        office_id=office,
        sha256=came.sha256,
        aside_sha256=came.aside_sha256,
        name_text=put_text(came.file),
        counted=counted,
        added=len(some) - revised,
        revised=revised,
        unchanged=came.unchanged,
        aside=came.aside,
        status=RELEASED if counted else WAITING,
        made_by=maker,
        made_at=at,
        decided_by=maker if counted else "",
        decided_at=at if counted else None,
    )
    record(load, verb="load.counted" if counted else "load.made", by=by, at=at)
    rows = [_figure(load, n, *each) for n, each in enumerate(some, start=1)]
    record_new(rows, verb="figure.entered", by=by, at=at)
    return load.code


def _figure(load: Load, number: int, one: NewFigure, vintage: int) -> Figure:
    return Figure(
        code=f"{load.code}-{number}",
        load_id=load.code,
        indicator_id=one.indicator,
        subject_key=one.subject,
        subject_unit_id=one.subject if one.is_unit else None,
        period=one.period.key,
        first_date=one.period.first,
        last_date=one.period.last,
        series=str(one.series),
        measure=str(one.measure),
        against=one.against,
        vintage=vintage,
        standing=str(one.standing),
        value=one.value,
        value_scaled=scaled(one.value),
        numerator=one.numerator,
        denominator=one.denominator,
        document_id=one.document or None,
        place=one.place,
        source=one.source,
        published_date=one.published,
        implied=one.implied,
        how=one.how,
        simulated=one.simulated,
    )


# ── what only follows from a stated rate ───────────────────────────────────────────────────────


@command("figures.imply")
def imply(
    *,
    indicator: str,
    subject: str,
    period: str,
    measure: Measure,
    against: str = "",
    first: date | None = None,
    last: date | None = None,
    by: Viewer,
    at: datetime,
) -> str:
    """Infer the base of a stated comparison as a figure of its own, marked 推算; returns the load.

    `period` is the key of the stated comparison, `against` the wider subject or the base period
    where the comparison names one. The days of the year before are needed for a named stretch,
    and must be as many. It waits for a second person like any other. Raises `UnknownIndicator`,
    `NothingStated`, `NotInvertible`, `NotAllowed`.
    """
    row = Indicator.objects.filter(pk=indicator).first()
    if row is None:
        raise UnknownIndicator(indicator)
    value = _last(row, subject, period, Measure.VALUE)
    stated = _last(row, subject, period, measure, against)
    if value is None or stated is None:
        lacking = MEASURE_LABELS[measure] if value is not None else "数值"
        raise NothingStated(indicator, f"{label_of(period)}没有{lacking}")
    base, how = implied_base(measure, value=value.value, stated=stated.value)
    of, when = _place_of_base(row, value, stated, first, last)
    old = _last(row, of, when.key, Measure.VALUE)
    if old is not None and not old.implied:
        raise NothingStated(indicator, f"{when.label}已有统计数 {old.value}，不必推算")
    if old is not None and old.value == base:
        raise NothingStated(indicator, f"{when.label}已推算为 {base}")
    figure = NewFigure(
        indicator=indicator,
        subject=of,
        is_unit=of in public_unit_names(),
        period=when,
        value=base,
        document=stated.document_id or "",
        place=stated.place,
        source=stated.source,
        published=stated.published_date,
        implied=True,
        how=f"{how}，由{label_of(period)}所称的{MEASURE_LABELS[measure]}反推",
        simulated=value.simulated or stated.simulated,
    )
    newest = _newest(figure)
    some = [(figure, 1 if newest is None else newest.vintage + 1)]
    acting = _acting(row.office_id, some, by)
    return _load(row.office_id, some, _Came("", "", "", 0, 0), by=acting, maker=by.actor, at=at)


def _last(
    row: Indicator, subject: str, period: str, measure: Measure, against: str = ""
) -> Figure | None:
    found = Figure.objects.filter(
        indicator=row,
        subject_key=subject,
        period=period,
        measure=measure,
        series=SeriesKind.ACTUAL,
    ).exclude(load__status=REFUSED)
    if against:
        found = found.filter(against=against)
    return found.order_by("-vintage").first()


def _place_of_base(
    row: Indicator, value: Figure, stated: Figure, first: date | None, last: date | None
) -> tuple[str, Period]:
    """Whose base it is and of which period."""
    period = of_key(value.period, value.first_date, value.last_date)
    if stated.measure == Measure.SHARE:
        return stated.against, period
    if stated.measure == Measure.COMPRESSION:
        return value.subject_key, read_period(stated.against)
    if stated.measure == Measure.PERIOD_ON_PERIOD:
        before = period_before(period)
        if before is None:
            raise NothingStated(row.code, f"{period.label}没有上一期")
        return value.subject_key, before
    if period.grain != Grain.NAMED:
        return value.subject_key, read_period(year_before(period))
    if first is None or last is None:
        raise NothingStated(row.code, f"请写明 {period.year - 1} 年{period.name}的起止日期")
    before = named(period.year - 1, period.name, first, last)
    if before.days != period.days:
        what = f"{before.label}有 {before.days} 天，{period.label}有 {period.days} 天，不能比"
        raise NothingStated(row.code, what)
    return value.subject_key, before


# ── the second person ──────────────────────────────────────────────────────────────────────────


def _waiting(code: str, by: Viewer, version: int | None) -> Load:
    row = Load.objects.select_for_update(of=("self",)).filter(pk=code).first()
    seen = by.officer_of | by.supervisor_of | by.administrator_of | by.auditor_of
    if row is None or row.office_id not in seen:
        raise UnknownLoad(code)
    if row.status != WAITING:
        raise LoadDecided(code, LOAD_LABELS[row.status])
    if row.office_id not in by.supervisor_of:
        raise NotAllowed("只有答复单位的督查人可以发布数据", place=code)
    if row.made_by == by.actor:
        raise NotAllowed("导入人不能发布自己导入的数据", place=code)
    if version is not None and row.version != version:
        row.version = version  # the guarded write then refuses it as stale
    return row


@command("figures.release")
def release(*, load: str, by: Viewer, at: datetime, version: int | None = None) -> tuple[str, ...]:
    """Release a load; returns the codes of the reports that it made on promises bound to it.

    Raises `UnknownLoad`, `LoadDecided`, `NotAllowed`, `StaleVersion`.
    """
    row = _waiting(load, by, version)
    row.status, row.decided_by, row.decided_at = RELEASED, by.actor, at
    acting = by.acting("supervisor", row.office_id)
    record(row, verb="load.released", by=acting, at=at)
    return _move_bound(row, acting, at)


@command("figures.refuse")
def refuse(*, load: str, note: str, by: Viewer, at: datetime, version: int | None = None) -> None:
    """Refuse a load with the reason; its figures never come to hold, and stay on record.

    Raises `UnknownLoad`, `LoadDecided`, `NotAllowed`, `StaleVersion`.
    """
    row = _waiting(load, by, version)
    row.status, row.decided_by, row.decided_at = REFUSED, by.actor, at
    row.decision_text = put_text(note[:LONGEST_NOTE])
    record(row, verb="load.refused", by=by.acting("supervisor", row.office_id), at=at)


def _move_bound(load: Load, acting: By, at: datetime) -> tuple[str, ...]:
    """Report on every open promise that goes by a figure of this load."""
    series = set(
        Figure.objects.filter(load=load, measure=Measure.VALUE, series=SeriesKind.ACTUAL)
        .values_list("indicator_id", "subject_key")
        .distinct()
    )
    if not series:
        return ()
    bound = Binding.objects.filter(
        ended=False, indicator__in={code for code, _ in series}
    ).select_related("indicator")
    made = []
    for each in bound.order_by("commitment_id"):
        if (each.indicator_id, each.subject_key) in series:
            code = _move(each, load, acting, at)
            if code:
                made.append(code)
    return tuple(made)


def _move(bound: Binding, load: Load, acting: By, at: datetime) -> str:
    held: dict[str, Held] = {}
    rows = Figure.objects.filter(
        indicator=bound.indicator_id,
        subject_key=bound.subject_key,
        measure=Measure.VALUE,
        series=SeriesKind.ACTUAL,
        load__status=RELEASED,
        first_date__gte=bound.first_date,
        last_date__lte=bound.last_date,
    ).order_by("vintage")
    figures: dict[str, Figure] = {}
    for row in rows:
        period = of_key(row.period, row.first_date, row.last_date)
        held[row.period] = Held(period, row.value, row.vintage, row.load_id)
        figures[row.period] = row
    over = of_key(bound.period, bound.first_date, bound.last_date)
    found = moved(over, bound.indicator.kind, list(held.values()))
    if found is None or load.code not in found.loads:
        return ""
    figure = figures[found.held.period.key]
    unit = public_units_of_measure(commitments=[bound.commitment_id]).get(bound.commitment_id, "")
    value = found.value or ""
    if value and unit:
        value = converted(value, unit=bound.indicator.unit, to=unit)
    return move_by_series(
        commitment=bound.commitment_id,
        as_of_date=min(figure.last_date, civil_date(at)),
        value=value,
        note=_note(bound, figure, found, load),
        source=f"figure:{bound.indicator_id}/{figure.vintage}",
        by=acting,
        at=at,
    )


def _note(bound: Binding, figure: Figure, found: Moved, load: Load) -> str:
    subject = public_unit_names().get(bound.subject_key, bound.subject_key)
    standing = STANDING_LABELS[Standing(figure.standing)]
    marks = "，推算" if figure.implied else ""
    marks += "，演示数据" if figure.simulated else ""
    said = (
        f"指标“{bound.indicator.name}”（{bound.indicator_id}）{subject} "
        f"{found.held.period.label}：{figure.value} {bound.indicator.unit}，"
        f"第 {figure.vintage} 版（{standing}{marks}），数据批次 {load.code}"
    )
    if found.sum is not None:
        if found.value is None:
            said += f"；累计不合计：{found.sum.said}"
        else:
            said += f"；自 {bound.first_date} 起累计 {found.value} {bound.indicator.unit}"
    before = (
        Figure.objects.filter(
            indicator=bound.indicator_id,
            subject_key=bound.subject_key,
            period=figure.period,
            measure=Measure.VALUE,
            series=SeriesKind.ACTUAL,
            load__status=RELEASED,
            vintage__lt=figure.vintage,
        )
        .order_by("-vintage")
        .values_list("value", flat=True)
        .first()
    )
    return said + (f"；上一版 {before}" if before is not None else "")


# ── counted from a register ────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class CountedFigure:
    """What a register came to, for one indicator, subject and period."""

    indicator: str
    subject: str
    is_unit: bool
    period: Period
    value: str
    how: str


@command("figures.count")
def write_counted(*, counted: Sequence[CountedFigure], by: By, at: datetime) -> tuple[str, ...]:
    """Write what registers came to, where it is new or changed; returns the loads.

    They are released at once: every row they count had its second person. The caller has checked
    who asks. Raises what `move_by_series` does.
    """
    offices = dict(
        Indicator.objects.filter(pk__in={each.indicator for each in counted}).values_list(
            "code", "office_id"
        )
    )
    by_office: dict[str, list[tuple[NewFigure, int]]] = defaultdict(list)
    for each in counted:
        figure = NewFigure(
            indicator=each.indicator,
            subject=each.subject,
            is_unit=each.is_unit,
            period=each.period,
            value=each.value,
            source="台账计数",
            how=each.how,
        )
        last = _newest(figure)
        if last is not None and last.value == each.value:
            continue
        vintage = 1 if last is None else last.vintage + 1
        if last is not None:
            figure = replace(figure, standing=Standing.REVISED)
        by_office[offices[each.indicator]].append((figure, vintage))
    loads = []
    for office, some in sorted(by_office.items()):
        code = _load(
            office, some, _Came("", "", "", 0, 0), by=by, maker=by.actor, at=at, counted=True
        )
        loads.append(code)
        _move_bound(Load.objects.get(pk=code), by, at)
    return tuple(loads)


def _newest(figure: NewFigure) -> Figure | None:
    cell = figure.cell
    return (
        Figure.objects.filter(
            indicator=cell.indicator,
            subject_key=cell.subject,
            series=cell.series,
            measure=cell.measure,
            against=cell.against,
            period=cell.period,
        )
        .order_by("-vintage")
        .first()
    )
