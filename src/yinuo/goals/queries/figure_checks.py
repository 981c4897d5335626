"""What a file of indicators and figures would do, before anything is written."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from yinuo.commitments.queries.moved_by_series import movable
from yinuo.commitments.queries.sources import documents_known
from yinuo.goals.errors.indicators import FileUnreadable, UnknownUpload
from yinuo.goals.in_force.figure_limits import limits
from yinuo.goals.indicators.checks import (
    Cell,
    CheckedFigures,
    Definition,
    Known,
    NewFigure,
    Old,
    check_figures,
)
from yinuo.goals.indicators.defining import NewBinding, NewIndicator, read_indicators
from yinuo.goals.indicators.findings import Rule
from yinuo.goals.indicators.layout import BINDINGS, FIGURES, INDICATORS
from yinuo.goals.indicators.measuring import UnitsDiffer, converted
from yinuo.goals.indicators.periods import of_key
from yinuo.goals.indicators.reading import Opened, open_file
from yinuo.goals.indicators.words import Standing
from yinuo.goals.models import Binding, Figure, FigureUpload, Indicator
from yinuo.goals.models.indicator import REFUSED
from yinuo.goals.stored.indicators import FIXED, FIXED_WORDS, differs
from yinuo.kernel.errors import Finding
from yinuo.kernel.findings import Spot, finding
from yinuo.kernel.spreadsheet.cells import Progress, silent
from yinuo.kernel.spreadsheet.faults import SpreadsheetRefused
from yinuo.parties.queries import public_unit_names
from yinuo.parties.viewer import Viewer


@dataclass(frozen=True)
class FileCheck:
    """A file, looked at whole."""

    file: str
    new: tuple[NewIndicator, ...]
    changed: tuple[NewIndicator, ...]
    """Known ones of which the file says something else that may change."""
    bindings: tuple[NewBinding, ...]
    """Those that are not there yet."""
    figures: CheckedFigures
    errors: tuple[Finding, ...]
    """Of the whole file, of definitions and bindings: nothing is taken in while there are any."""
    notices: tuple[Finding, ...]
    offices: Mapping[str, str] = field(default_factory=dict)
    """Indicator → the unit that answers for it."""


def check_file(
    *, data: bytes, name: str, viewer: Viewer, today: date, progress: Progress = silent
) -> FileCheck:
    """Everything about a file that can be said without writing.

    Raises `FileUnreadable`, `LimitsMissing`, `LimitsUnfit`.
    """
    try:
        opened = open_file(data, file=name, progress=progress)
    except SpreadsheetRefused as error:
        raise FileUnreadable(name, error.what, error.next_step) from error
    units = public_unit_names()
    rows = {row.code: row for row in Indicator.objects.all()}
    defined = read_indicators(
        opened, units=units, known={code: row.name for code, row in rows.items()}
    )
    faults = list(defined.faults)
    new, changed = _sorted_out(defined.indicators, rows, viewer, opened, faults)
    stated = {each.code: each for each in (*new, *changed)}
    offices = {
        **{code: row.office_id for code, row in rows.items()},
        **{each.code: each.office for each in new},
    }
    known = Known(
        indicators=_definitions(rows, stated),
        units=units,
        documents=documents_known(codes=_texts(opened, "document"), viewer=viewer),
        old=_old(_named(opened, rows)),
        limits=limits(today),
        today=today,
        may_fill=lambda code, unit: _may_fill(offices[code], unit, viewer),
    )
    figures = check_figures(opened, known, progress=progress)
    bindings = _new_bindings(defined.bindings, known, viewer, opened, faults)
    return FileCheck(
        file=name,
        new=new,
        changed=changed,
        bindings=bindings,
        figures=figures,
        errors=(*opened.errors, *faults),
        notices=(*figures.notices, *defined.notices),
        offices=offices,
    )


def _may_fill(office: str, unit: str, viewer: Viewer) -> bool:
    """The officer of the answering unit or of the unit itself, and who administers the former."""
    if office in viewer.officer_of | viewer.administrator_of:
        return True
    return bool(unit) and unit in viewer.officer_of


def _fault(opened: Opened, rule: Rule, sheet: str, what: str, next_step: str) -> Finding:
    return finding(opened.file, rule, what, next_step, Spot(sheet=sheet))


def _sorted_out(
    stated: Sequence[NewIndicator],
    rows: Mapping[str, Indicator],
    viewer: Viewer,
    opened: Opened,
    faults: list[Finding],
) -> tuple[tuple[NewIndicator, ...], tuple[NewIndicator, ...]]:
    """The new ones, and those that change; what may not be is among the faults."""
    new, changed = [], []
    with_figures = frozenset(
        Figure.objects.filter(indicator__in=[each.code for each in stated])
        .values_list("indicator_id", flat=True)
        .distinct()
    )
    for each in stated:
        row = rows.get(each.code)
        if row is not None and not differs(row, each):
            continue
        office = row.office_id if row is not None else each.office
        if not {office, each.office} <= viewer.administrator_of:
            what = f"指标 {each.code} 归 {each.office} 答复，您不是它的管理员"
            step = "请由它的管理员定义"
            faults.append(_fault(opened, Rule.NOT_YOURS, INDICATORS, what, step))
            continue
        if row is None:
            new.append(each)
            continue
        fixed = [FIXED_WORDS[name] for name in FIXED if getattr(row, name) != getattr(each, name)]
        if fixed and each.code in with_figures:
            what = f"指标 {each.code} 已有数据，不能改动{'、'.join(fixed)}"
            step = "请另立一个指标，两者互相写进“易混指标”"
            faults.append(_fault(opened, Rule.ALTERED, INDICATORS, what, step))
            continue
        changed.append(each)
    return tuple(new), tuple(changed)


def _definitions(
    rows: Mapping[str, Indicator], stated: Mapping[str, NewIndicator]
) -> dict[str, Definition]:
    areas: dict[str, set[str]] = {}
    pairs = Figure.objects.filter(subject_unit=None).values_list("indicator_id", "subject_key")
    for code, subject in pairs.distinct():
        areas.setdefault(code, set()).add(subject)
    found = {}
    every: list[Indicator | NewIndicator] = [*rows.values(), *stated.values()]
    for each in every:
        own = set(areas.get(each.code, ()))
        for subject, wider in each.wider.items():
            own |= {subject, *wider}
        found[each.code] = Definition(
            code=each.code,
            name=each.name,
            unit=each.unit,
            kind=each.kind,
            near_names=tuple(each.near_names),
            counted=each.counted,
            areas=frozenset(own),
        )
    return found


def _texts(opened: Opened, name: str) -> frozenset[str]:
    table = opened.tables.get(FIGURES)
    lines = table.lines if table else ()
    return frozenset(line.cells[name].raw.strip() for line in lines if name in line.cells)


def _named(opened: Opened, rows: Mapping[str, Indicator]) -> frozenset[str]:
    """The codes of the indicators that are there and that the file names."""
    texts = _texts(opened, "indicator")
    return frozenset(row.code for row in rows.values() if {row.code, row.name} & texts)


def _old(codes: frozenset[str]) -> dict[Cell, Old]:
    """The last vintage of every figure of these indicators; refused ones count as vintages too."""
    found: dict[Cell, Old] = {}
    columns = ("indicator_id", "subject_key", "series", "measure", "against", "period")
    rows = Figure.objects.filter(indicator__in=codes).order_by("vintage")
    for *cell, vintage, value, standing, status in rows.values_list(
        *columns, "vintage", "value", "standing", "load__status"
    ):
        key = Cell(*cell)
        if status == REFUSED:
            # Its number is taken; its value never came to hold.
            before = found.get(key, Old(0, "", Standing.PRELIMINARY))
            found[key] = Old(vintage, before.value, before.standing)
        else:
            found[key] = Old(vintage, value, standing)
    return found


def _new_bindings(
    stated: Sequence[NewBinding],
    known: Known,
    viewer: Viewer,
    opened: Opened,
    faults: list[Finding],
) -> tuple[NewBinding, ...]:
    there = {
        row.commitment_id: row
        for row in Binding.objects.filter(commitment__in=[each.commitment for each in stated])
    }
    new = []
    for each in stated:
        row = there.get(each.commitment)
        if row is not None and not row.ended:
            same = (row.indicator_id, row.subject_key, row.period)
            if same == (each.indicator, each.subject, each.period.key):
                continue
            what = f"承诺 {each.commitment} 已经随指标 {row.indicator_id} 变动"
            step = "请先解除，再连接另一个指标"
            faults.append(_fault(opened, Rule.BINDING, BINDINGS, what, step))
            continue
        why = binding_fault(
            commitment=each.commitment,
            indicator=known.indicators.get(each.indicator),
            viewer=viewer,
        )
        if why:
            step = "请核对承诺编号、计量单位和您的职责"
            faults.append(_fault(opened, Rule.BINDING, BINDINGS, why, step))
        else:
            new.append(each)
    return tuple(new)


def binding_fault(*, commitment: str, indicator: Definition | None, viewer: Viewer) -> str:
    """Why the viewer cannot tie a promise to an indicator; empty where that is fine."""
    found = movable(commitment=commitment, viewer=viewer)
    if found is None:
        return f"没有编号为 {commitment} 的承诺"
    if found.office not in viewer.supervisor_of | viewer.administrator_of:
        return f"承诺 {commitment} 由别的单位督查，您不能连接"
    if not found.open:
        return f"承诺 {commitment} 已经了结，不再随指标变动"
    if indicator is None:
        return "没有这个指标"
    if found.operator != "done":
        try:
            converted("1", unit=indicator.unit, to=found.unit)
        except UnitsDiffer as error:
            return f"承诺 {commitment} 的单位与指标不同：{error.what}"
    return ""


@dataclass(frozen=True)
class UploadView:
    """A file on its way in."""

    number: int
    name: str
    sha256: str
    answers: Mapping[int, str]


def uploads(*, viewer: Viewer) -> tuple[UploadView, ...]:
    """The files that the viewer has on their way in, the latest first."""
    rows = FigureUpload.objects.filter(owner=viewer.account_id).order_by("-created_at", "-pk")
    return tuple(_upload(row) for row in rows) if viewer.signed_in else ()


def upload(*, number: int, viewer: Viewer) -> UploadView:
    """One of them. Raises `UnknownUpload`."""
    row = FigureUpload.objects.filter(pk=number, owner=viewer.account_id).first()
    if row is None or not viewer.signed_in:
        raise UnknownUpload(number)
    return _upload(row)


def _upload(row: FigureUpload) -> UploadView:
    answers = {int(number): word for number, word in row.answers.items()}
    return UploadView(row.pk, row.name, row.sha256, answers)


def template_rows(
    *, viewer: Viewer, indicators: Sequence[str] = ()
) -> tuple[tuple[NewIndicator, ...], tuple[NewFigure, ...], tuple[NewBinding, ...]]:
    """What the viewer's offices have defined, entered and bound, as the workbook has it.

    The last vintage of each figure that was not refused; all indicators where none are named.
    """
    offices = viewer.officer_of | viewer.supervisor_of
    offices |= viewer.administrator_of | viewer.auditor_of
    rows = Indicator.objects.filter(office__in=offices).order_by("code")
    if indicators:
        rows = rows.filter(pk__in=indicators)
    found = list(rows)
    last: dict[Cell, NewFigure] = {}
    stored = Figure.objects.filter(indicator__in=found).exclude(load__status=REFUSED)
    for row in stored.order_by("indicator", "subject_key", "last_date", "first_date", "vintage"):
        figure = _as_new(row)
        last[figure.cell] = figure
    bound = Binding.objects.filter(indicator__in=found, ended=False).order_by("commitment_id")
    return (
        tuple(_as_defined(row) for row in found),
        tuple(last.values()),
        tuple(
            NewBinding(
                row.commitment_id,
                row.indicator_id,
                row.subject_key,
                of_key(row.period, row.first_date, row.last_date),
            )
            for row in bound
        ),
    )


def _as_defined(row: Indicator) -> NewIndicator:
    return NewIndicator(
        code=row.code,
        name=row.name,
        unit=row.unit,
        frequency=row.frequency,
        kind=row.kind,
        office=row.office_id,
        definition=row.definition,
        direction=row.direction,
        additive=row.additive,
        numerator=row.numerator_id or "",
        denominator=row.denominator_id or "",
        base_year=row.base_year,
        wider=row.wider,
        source=row.source,
        near_names=tuple(row.near_names),
        heading=row.heading,
        counted=row.counted,
        simulated=row.simulated,
    )


def _as_new(row: Figure) -> NewFigure:
    return NewFigure(
        indicator=row.indicator_id,
        subject=row.subject_key,
        is_unit=row.subject_unit_id is not None,
        period=of_key(row.period, row.first_date, row.last_date),
        value=row.value,
        series=row.series,
        measure=row.measure,
        against=row.against,
        standing=row.standing,
        numerator=row.numerator,
        denominator=row.denominator,
        document=row.document_id or "",
        place=row.place,
        source=row.source,
        published=row.published_date,
        implied=row.implied,
        how=row.how,
        simulated=row.simulated,
    )
