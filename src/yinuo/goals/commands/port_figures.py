"""The monthly official means as figures of their indicators, to be released like any load."""

from datetime import date, datetime

from yinuo.goals.commands.figures import TakenFigures, take_in
from yinuo.goals.errors.port import NoIndicator, UnknownResult, WrongBatchState
from yinuo.goals.indicators.checks import KEEP
from yinuo.goals.indicators.words import Measure as FigureMeasure
from yinuo.goals.indicators.words import SeriesKind, Standing
from yinuo.goals.indicators.writing import write_indicators
from yinuo.goals.models import Figure, Indicator, PortResult
from yinuo.goals.port import views
from yinuo.goals.port.catalogue import Catalogue
from yinuo.goals.port.directions import Direction
from yinuo.goals.port.log import measure_name
from yinuo.goals.port.scope import Measure, Scope, ScopeKind, Subject
from yinuo.goals.port.stored import unpack
from yinuo.goals.port.views import Series
from yinuo.goals.queries.figure_checks import check_file
from yinuo.kernel.decimals import canonical_decimal
from yinuo.kernel.filestore import FileStore
from yinuo.kernel.instants import civil_date
from yinuo.parties.viewer import Viewer

HOURS = "小时"


def put_figures(
    *, result: str, catalogue: Catalogue, store: FileStore, by: Viewer, at: datetime
) -> TakenFigures:
    """Give the whole months of a result to the indicators of the same names; see `take_in`.

    Of the customs district alone, and of 整体通关时间 alone. A mean that changed is a revision: the
    vintage before stays. Marked 演示数据 where the log is. Raises `UnknownResult`,
    `WrongBatchState`, `NoIndicator`, and what `take_in` raises.
    """
    row = PortResult.objects.filter(code=result).first()
    if row is None:
        raise UnknownResult(result)
    if row.withdrawn:
        raise WrongBatchState(result, "含已撤回的批次", "写入指标")
    with store.open(row.sha256) as file:
        measured = unpack(file.read())
    until = civil_date(row.last_at)
    subject = Subject(Measure.OVERALL, Scope(ScopeKind.DISTRICT, catalogue.area))
    figures: list[dict[str, str]] = []
    wanted = [measure_name(subject.measure, each) for each in Direction]
    codes = dict(Indicator.objects.filter(name__in=wanted).values_list("name", "code"))
    if not codes:
        raise NoIndicator(wanted)
    for direction in Direction:
        official = measured.official(measure_name(subject.measure, direction))
        series = views.series(official, subject=subject, direction=direction)
        if series.name in codes:
            figures += _rows(series, codes[series.name], row, until=until)
    data = write_indicators(None, figures=figures, made_at=row.measured_at)
    name = f"{row.code}.xlsx"
    check = check_file(data=data, name=name, viewer=by, today=civil_date(at))
    # The means are worked out, not typed: what looks odd in them is so in the log.
    answers = {question.number: KEEP for question in check.figures.questions}
    return take_in(check=check, data=data, answers=answers, store=store, by=by, at=at)


def _rows(series: Series, indicator: str, row: PortResult, *, until: date) -> list[dict[str, str]]:
    last = views.complete((line.key for line in series.lines), until=until)
    known = dict(
        Figure.objects.filter(
            indicator=indicator,
            subject_key=series.subject.scope.name,
            series=SeriesKind.ACTUAL,
            measure=FigureMeasure.VALUE,
        )
        .order_by("vintage")
        .values_list("period", "value")
    )
    found = []
    for line in series.lines:
        if line.mean is None or line.key > last:
            continue
        value = canonical_decimal(line.mean)
        revised = known.get(line.key, value) != value
        found.append(
            {
                "indicator": indicator,
                "subject": series.subject.scope.name,
                "period": line.key,
                "value": value,
                "unit": HOURS,
                "series": str(SeriesKind.ACTUAL),
                "standing": str(Standing.REVISED if revised else Standing.FINAL),
                "source": f"申报日志计算结果 {row.code}",
                "how": f"{line.stats.kept:,} 份报关单，去掉极端值 {line.stats.left_out:,} 份",
                "simulated": "yes" if row.simulated else "",
            }
        )
    return found
