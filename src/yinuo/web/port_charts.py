"""Clearance as sentences and charts: two directions, two scales, never one picture."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date

from django.utils.translation import gettext

from yinuo.goals.port.directions import SLUGS, Direction
from yinuo.goals.port.scope import Measure, ScopeKind
from yinuo.goals.queries.port import Clearance, DirectionView, MonthRow, SplitRow, StepRow
from yinuo.kernel.instants import civil_date
from yinuo.lake.durations.results import hours
from yinuo.web.charts.chart import About, Chart, Point, Series, Table
from yinuo.web.charts.distribution import Bin, Mark, distribution
from yinuo.web.charts.lines import lines
from yinuo.web.charts.shares import Part, shares

HOURS = "小时"
PLACES = 2

Name = Callable[[str], str]
"""A name of the log in the language of the page."""


@dataclass(frozen=True)
class Shown:
    """One direction as the page shows it."""

    view: DirectionView
    slug: str
    title: str
    sentence: str
    months: Chart
    spread: Chart | None
    steps: Chart | None
    step_rows: tuple[StepRow, ...]
    splits: tuple["Split", ...]
    median_age: str | None
    """Of open declarations, in days."""
    oldest: str | None


@dataclass(frozen=True)
class Split:
    """One month by mode, by port or by class of firms."""

    title: str
    rows: tuple[SplitRow, ...]


def measure_words(shown: Clearance, direction: Direction) -> str:
    """The name of an indicator in the language of the page."""
    return {
        (Measure.OVERALL, Direction.IMPORT): gettext("进口整体通关时间"),
        (Measure.OVERALL, Direction.EXPORT): gettext("出口整体通关时间"),
        (Measure.CUSTOMS, Direction.IMPORT): gettext("进口海关作业时间"),
        (Measure.CUSTOMS, Direction.EXPORT): gettext("出口海关作业时间"),
    }[shown.subject.measure, direction]


def about_months(shown: Clearance, view: DirectionView, *, place: str) -> str:
    """How things stand in the newest whole month, in a sentence."""
    name, now = measure_words(shown, view.direction), view.now
    if now is None or now.line.mean is None:
        return gettext("%(place)s%(name)s：还没有一个完整的月份。") % {"place": place, "name": name}
    said = gettext("%(place)s%(name)s %(year)d年%(month)d月平均 %(mean)s 小时") % {
        "place": place,
        "name": name,
        "year": now.day.year,
        "month": now.day.month,
        "mean": now.line.mean,
    }
    parts = [said, *_compared(now)]
    return gettext("，").join(parts) + gettext("。")


def _compared(now: MonthRow) -> list[str]:
    found = []
    change = now.year_on_year
    if change is not None:
        words = {"hours": f"{abs(change.hours):f}", "percent": f"{abs(change.percent):f}"}
        found.append(
            gettext("比上年同月少 %(hours)s 小时（%(percent)s%%）") % words
            if change.less
            else gettext("比上年同月多 %(hours)s 小时（%(percent)s%%）") % words
        )
    if now.target is not None and now.line.stats.mean is not None:
        mean, target = float(now.line.mean or 0), now.target.hours
        words = {"hours": f"{abs(mean - float(target)):.{PLACES}f}", "target": f"{target:f}"}
        found.append(
            gettext("比目标 %(target)s 小时少 %(hours)s 小时") % words
            if mean <= float(target)
            else gettext("比目标 %(target)s 小时多 %(hours)s 小时") % words
        )
    return found


def _about(
    shown: Clearance, view: DirectionView, kind: str, *, title: str, says: str, download: str
) -> About:
    return About(
        id=f"port-{kind}-{SLUGS[view.direction]}",
        title=title,
        says=says,
        source=gettext("申报日志，计算结果 %(code)s") % {"code": shown.made.code},
        as_of=civil_date(shown.made.last_at),
        download=download,
        simulated=shown.made.simulated,
    )


def month_chart(shown: Clearance, view: DirectionView, *, place: str, download: str) -> Chart:
    """Months of the newest year against the year before and the target."""
    name = measure_words(shown, view.direction)
    about = _about(
        shown,
        view,
        "months",
        title=gettext("%(name)s，逐月") % {"name": name},
        says=about_months(shown, view, place=place),
        download=download,
    )
    years = view.series.years[-2:]
    rows = [
        Series(
            gettext("%(year)d年") % {"year": year},
            [_point(view, year, month) for month in range(1, 13)],
        )
        for year in reversed(years)
    ]
    if years and any(row.target for row in view.months if row.day.year == years[-1]):
        rows.append(
            Series(
                gettext("目标"),
                [_target(view, years[-1], month) for month in range(1, 13)],
                planned=True,
            )
        )
    drawn = lines(about, rows, unit=HOURS)
    return replace(drawn, table=_month_table(view))


def _label(month: int) -> str:
    return gettext("%(month)d月") % {"month": month}


def _row_of(view: DirectionView, year: int, month: int) -> MonthRow | None:
    key = f"{year:04d}-{month:02d}"
    return next((row for row in view.months if row.line.key == key), None)


def _point(view: DirectionView, year: int, month: int) -> Point:
    row = _row_of(view, year, month)
    return Point(
        label=_label(month),
        value=row.line.mean if row else None,
        at=date(2000, month, 1),
        provisional=bool(row) and not row.complete if row else False,
    )


def _target(view: DirectionView, year: int, month: int) -> Point:
    row = _row_of(view, year, 12) or next(
        (row for row in reversed(view.months) if row.day.year == year), None
    )
    target = row.target.hours if row and row.target else None
    return Point(label=_label(month), value=target, at=date(2000, month, 1))


def _month_table(view: DirectionView) -> Table:
    head = [
        *(gettext("月份"), gettext("平均（小时）"), gettext("同比"), gettext("中位数")),
        *(
            gettext("第 90 百分位"),
            gettext("报关单"),
            gettext("去掉的极端值"),
            gettext("未去极端值的平均"),
        ),
    ]
    rows = []
    for row in reversed(view.months):
        line, none = row.line, gettext("暂无数据")
        marks = [] if row.complete else [gettext("未满月")]
        marks += [gettext("件数少")] if line.small else []
        tail = gettext("（%(words)s）") % {"words": gettext("，").join(marks)} if marks else ""
        rows.append(
            [
                f"{line.key}{tail}",
                line.mean or none,
                f"{row.year_on_year.percent:+}%" if row.year_on_year else none,
                line.median or none,
                line.p90 or none,
                f"{line.stats.count:,}",
                f"{line.stats.left_out:,}",
                line.full_mean or none,
            ]
        )
    return Table(head, rows)


def spread_chart(shown: Clearance, view: DirectionView, *, download: str) -> Chart | None:
    """How declarations are spread over durations, all months together."""
    if not view.bins:
        return None
    name, whole = measure_words(shown, view.direction), view.whole
    says = gettext("%(count)s 份报关单：一半在 %(median)s 小时内放行，九成在 %(p90)s 小时内。") % {
        "count": f"{whole.stats.count:,}",
        "median": whole.median,
        "p90": whole.p90,
    }
    if view.beyond:
        says += gettext("另有 %(count)s 份更久，图上没有画。") % {"count": f"{view.beyond:,}"}
    about = _about(
        shown,
        view,
        "spread",
        title=gettext("%(name)s的分布") % {"name": name},
        says=says,
        download=download,
    )
    marks = [
        Mark(gettext("中位数"), whole.median or "0"),
        Mark(gettext("第 90 百分位"), whole.p90 or "0"),
    ]
    if view.now and view.now.target:
        marks.append(Mark(gettext("目标"), view.now.target.hours))
    bars = [Bin(_in_hours(b.first), _in_hours(b.last), b.count) for b in view.bins]
    return distribution(about, bars, unit=HOURS, count_unit="份", marks=marks)


def _in_hours(minutes: int) -> str:
    return hours(minutes * 60_000_000, PLACES)


def step_chart(shown: Clearance, view: DirectionView, *, name: Name, download: str) -> Chart | None:
    """Where the time of an average declaration goes; steps side by side share it."""
    if not view.steps:
        return None
    title = gettext("%(name)s花在哪些环节") % {"name": measure_words(shown, view.direction)}
    longest = max(view.steps, key=lambda row: row.time.shared)
    says = gettext("最长的是%(step)s，占 %(share)s。同时进行的环节平分时间，各项相加就是全程。") % {
        "step": name(longest.name),
        "share": share_words(longest),
    }
    about = _about(shown, view, "steps", title=title, says=says, download=download)
    parts = [Part(name(row.name), row.hours) for row in view.steps if row.time.shared]
    if view.idle and float(view.idle):
        parts.append(Part(gettext("没有环节在进行"), view.idle))
    return shares(about, parts, unit=HOURS)


def share_words(row: StepRow) -> str:
    """The share of a step in the whole, in percent."""
    share = row.time.share
    return gettext("暂无数据") if share is None else f"{float(share * 100):.1f}%"


def show(shown: Clearance, view: DirectionView, *, place: str, name: Name, download: str) -> Shown:
    """One direction with everything that the page shows of it."""
    still = view.whole.still
    whole = shown.subject.scope.kind is ScopeKind.DISTRICT
    splits = [
        (gettext("按运输方式"), view.modes),
        (gettext("按口岸"), view.ports),
        (gettext("按企业类别"), view.firms),
    ]
    return Shown(
        view=view,
        slug=SLUGS[view.direction],
        title=measure_words(shown, view.direction),
        sentence=about_months(shown, view, place=place),
        months=month_chart(shown, view, place=place, download=download),
        spread=spread_chart(shown, view, download=download),
        steps=step_chart(shown, view, name=name, download=download),
        step_rows=tuple(row for row in view.steps if row.time.shared or row.actions),
        splits=tuple(Split(title, rows) for title, rows in splits if rows),
        median_age=_days(still.median_age) if whole else None,
        oldest=_days(still.oldest) if whole else None,
    )


DAY = 86_400_000_000


def _days(micros: int | None) -> str | None:
    return None if micros is None else f"{micros / DAY:.1f}"
