"""Indicators: the list, one of them, and its series with every vintage, as JSON or CSV."""

import csv
from datetime import date, datetime
from io import StringIO
from typing import Any, Literal

from django.http import HttpResponse
from ninja import Query, Router, Schema

from yinuo.api.paging import USUAL, Limit, Page, next_address, opened
from yinuo.api.problem import Problem
from yinuo.api.request import Request
from yinuo.goals.indicators.comparing import Compared as ComparedValue
from yinuo.goals.queries import indicators as queries
from yinuo.goals.queries import series as series_queries
from yinuo.goals.queries import vintages as vintage_queries

router = Router(tags=["indicators"])
CSV_TYPE = "text/csv"
CSV_FIELDS = (
    *("indicator", "subject", "period", "first", "last", "actual", "planned", "unit"),
    *("standing", "vintage", "vintages", "published", "year_on_year", "year_on_year_unit"),
    *("year_on_year_stated", "source", "implied", "how", "simulated", "missing"),
)
IN_CSV: dict[str, Any] = {"content": {CSV_TYPE: {"schema": {"type": "string"}}}}
FORMULA = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")


class Compared(Schema):
    """A comparison as computed from stored figures, beside what a source states."""

    value: str | None
    """Decimal, rounded; null where it cannot be computed."""
    unit: str
    """% or 个百分点 (percentage points)."""
    why: str
    """Why there is none, in Chinese."""
    base: str
    """What it is compared with, in Chinese."""
    stated: str
    """The same as its source states it; empty where it states none."""
    agrees: bool | None
    """Whether both agree at the places stated; null where only one is known."""
    implied: bool
    """Whether the base was only worked back from a stated rate (推算)."""


class IndicatorSummary(Schema):
    """An indicator as a line of a list, with its latest figure."""

    code: str
    name: str
    unit: str
    goal: str
    """Code of the goal under which it stands; empty under none."""
    frequency: str
    kind: str
    """当期值, 累计值, 期末值 or 比率. Values of different kinds are never compared or added."""
    office_name: str
    subject_name: str
    period: str
    """Label of the latest period with a figure; empty where there is none."""
    value: str | None
    """Decimal in `unit`; null: no figure."""
    standing: str
    """初步, 最终 or 修订."""
    implied: bool
    year_on_year: Compared | None
    simulated: bool
    """演示数据."""


class Named(Schema):
    """Another indicator; `code` is empty where it is none that you may see."""

    code: str
    name: str


class Target(Schema):
    """A promise that moves with the indicator."""

    commitment: str
    title: str
    subject_name: str
    period: str


class Subject(Schema):
    """Of whom there are figures: the code of a unit, or an area in words."""

    key: str
    name: str
    is_unit: bool
    figures: int


class Indicator(Schema):
    """An indicator whole, without its figures."""

    code: str
    name: str
    unit: str
    goal: str
    definition: str
    """口径."""
    direction: str
    """up, down or none: which way is better."""
    frequency: str
    """year, half, quarter, month, day or named."""
    kind: str
    """current, cumulative, end or ratio."""
    additive: bool
    """Whether figures of parts may be added up."""
    numerator: Named | None
    denominator: Named | None
    base_year: int | None
    source: str
    office: str
    office_name: str
    near_names: list[Named]
    """Never to be mixed with it."""
    counted: str
    """The register it is counted from; empty for none."""
    targets: list[Target]
    subjects: list[Subject]
    simulated: bool
    version: int


class Vintage(Schema):
    """One vintage of one figure. Nothing is overwritten: a revision is another one."""

    code: str
    vintage: int
    series: str
    """实际 or 计划."""
    measure: str
    """数值, or a comparison as its source states it: 同比, 环比, 占比, 压缩."""
    against: str
    value: str
    unit: str
    standing: str
    published: date | None
    source: str
    implied: bool
    how: str
    simulated: bool
    made_at: datetime
    released_at: datetime | None
    thread: str
    """Its thread on the ledger, under `/ledger/threads/`."""


class Share(Schema):
    """The share of one wider subject."""

    of: str
    compared: Compared


class Point(Schema):
    """One period. What is missing is null, never 0."""

    period: str
    """Key: 2024, 2024H1, 2024Q2, 2024-06, 2024-01~06, 2024:name."""
    label: str
    first: date
    last: date
    actual: str | None
    planned: str | None
    standing: str
    vintage: int
    published: date | None
    source: str
    implied: bool
    how: str
    simulated: bool
    missing: bool
    """Whether the frequency asks for a figure and there is none."""
    numerator: str
    denominator: str
    year_on_year: Compared | None
    period_on_period: Compared | None
    cumulative: str | None
    """Of the year up to here; null where a part is missing."""
    cumulative_reported: int
    cumulative_wanted: int
    shares: list[Share]
    compression: Compared | None
    vintages: list[Vintage]
    """All, stated comparisons too, the newest first; empty unless `vintages=true`."""


class Series(Schema):
    """The figures of one subject, in the order of their periods."""

    indicator: str
    subject: str
    subject_name: str
    unit: str
    expected: int
    """How many periods the frequency asks for, between the first and the last."""
    present: int
    simulated: bool
    as_of: date | None
    points: list[Point]


class Asked(Schema):
    """Which series, and how."""

    subject: str = ""
    """Key of a subject; empty: the main one."""
    as_of: date | None = None
    """What was known on that day; empty: what is known now."""
    vintages: bool = False
    """Whether each period brings all its vintages; never in CSV."""
    format: Literal["json", "csv"] = "json"


def _compared(found: ComparedValue | None) -> Compared | None:
    return None if found is None else _comparison(found)


def _comparison(found: ComparedValue) -> Compared:
    return Compared(
        value=found.value,
        unit=found.unit,
        why=found.why,
        base=found.base,
        stated=found.stated,
        agrees=found.agrees,
        implied=found.implied,
    )


def _summary(row: queries.IndicatorRow) -> IndicatorSummary:
    return IndicatorSummary(
        code=row.code,
        name=row.name,
        unit=row.unit,
        goal=row.heading,
        frequency=row.frequency,
        kind=row.kind,
        office_name=row.office_name,
        subject_name=row.subject_name,
        period=row.period,
        value=row.value,
        standing=row.standing,
        implied=row.implied,
        year_on_year=_compared(row.year_on_year),
        simulated=row.simulated,
    )


def _named(found: queries.NearName | None) -> Named | None:
    return Named(code=found.code, name=found.name) if found else None


def _vintage(found: vintage_queries.Vintage) -> Vintage:
    return Vintage(
        code=found.code,
        vintage=found.vintage,
        series=found.series,
        measure=found.measure,
        against=found.against,
        value=found.value,
        unit=found.unit,
        standing=found.standing,
        published=found.published,
        source=found.source,
        implied=found.implied,
        how=found.how,
        simulated=found.simulated,
        made_at=found.made_at,
        released_at=found.released_at,
        thread=found.thread,
    )


def _point(found: series_queries.Point, vintages: list[vintage_queries.Vintage]) -> Point:
    total = found.cumulative
    return Point(
        period=found.key,
        label=found.label,
        first=found.first,
        last=found.last,
        actual=found.actual,
        planned=found.planned,
        standing=found.standing,
        vintage=found.vintage,
        published=found.published,
        source=found.source,
        implied=found.implied,
        how=found.how,
        simulated=found.simulated,
        missing=found.missing,
        numerator=found.numerator,
        denominator=found.denominator,
        year_on_year=_compared(found.year_on_year),
        period_on_period=_compared(found.period_on_period),
        cumulative=total.value if total else None,
        cumulative_reported=total.reported if total else 0,
        cumulative_wanted=total.wanted if total else 0,
        shares=[_share(share) for share in found.shares],
        compression=_compared(found.compression),
        vintages=[_vintage(each) for each in vintages],
    )


def _share(found: series_queries.ShareOf) -> Share:
    return Share(of=found.of, compared=_comparison(found.compared))


@router.get(
    "",
    response={200: Page[IndicatorSummary], 400: Problem, 422: Problem},
    summary="List indicators",
)
def indicators(
    request: Request, goal: str = "", text: str = "", cursor: str = "", limit: Limit = USUAL
) -> Page[IndicatorSummary]:
    """Indicators you may see, by code, each with its latest figure."""
    found = queries.indicators(
        viewer=request.viewer, heading=goal, text=text, cursor=opened(cursor), size=limit
    )
    return Page(
        items=[_summary(row) for row in found.rows],
        next=next_address(request, found.next_cursor),
        total=found.total,
    )


@router.get("/{code}", response={200: Indicator, 404: Problem}, summary="One indicator")
def indicator(request: Request, code: str) -> Indicator:
    """How one indicator is defined, of whom there are figures, and what it moves."""
    found = queries.indicator(code=code, viewer=request.viewer)
    subjects = queries.subjects(indicator=code, viewer=request.viewer)
    return Indicator(
        code=found.code,
        name=found.name,
        unit=found.unit,
        goal=found.heading,
        definition=found.definition,
        direction=found.direction.value,
        frequency=found.frequency.value,
        kind=found.kind.value,
        additive=found.additive,
        numerator=_named(found.numerator),
        denominator=_named(found.denominator),
        base_year=found.base_year,
        source=found.source,
        office=found.office,
        office_name=found.office_name,
        near_names=[Named(code=near.code, name=near.name) for near in found.near_names],
        counted=found.counted,
        targets=[
            Target(
                commitment=target.commitment,
                title=target.title,
                subject_name=target.subject_name,
                period=target.period,
            )
            for target in found.targets
        ],
        subjects=[
            Subject(key=one.key, name=one.name, is_unit=one.is_unit, figures=one.figures)
            for one in subjects
        ],
        simulated=found.simulated,
        version=found.version,
    )


@router.get(
    "/{code}/series",
    response={200: Series, 404: Problem, 422: Problem},
    summary="The series of an indicator",
    openapi_extra={"responses": {200: IN_CSV}},
)
def series(request: Request, code: str, asked: Query[Asked]) -> Series | HttpResponse:
    """The figures of one subject with what follows from them, as JSON or as a CSV table."""
    found = series_queries.series(
        indicator=code,
        viewer=request.viewer,
        subject=asked.subject.replace("\0", ""),
        as_of=asked.as_of,
    )
    if asked.format == "csv":
        return _csv(found)
    every: dict[str, list[vintage_queries.Vintage]] = {}
    if asked.vintages and found.points:
        some = vintage_queries.vintages(
            indicator=code, subject=found.subject, viewer=request.viewer
        )
        for each in some:
            every.setdefault(each.period, []).append(each)
    return Series(
        indicator=found.indicator,
        subject=found.subject,
        subject_name=found.subject_name,
        unit=found.unit,
        expected=found.expected,
        present=found.present,
        simulated=found.simulated,
        as_of=found.as_of,
        points=[_point(point, every.get(point.key, [])) for point in found.points],
    )


def _csv(found: series_queries.Series) -> HttpResponse:
    buffer = StringIO()
    writer = csv.DictWriter(buffer, CSV_FIELDS)
    writer.writeheader()
    for point in found.points:
        change = point.year_on_year
        writer.writerow(
            {
                "indicator": _cell(found.indicator),
                "subject": _cell(found.subject),
                "period": _cell(point.key),
                "first": point.first,
                "last": point.last,
                "actual": point.actual,
                "planned": point.planned,
                "unit": _cell(found.unit),
                "standing": point.standing,
                "vintage": point.vintage or None,
                "vintages": point.vintages,
                "published": point.published,
                "year_on_year": change.value if change else None,
                "year_on_year_unit": change.unit if change else None,
                "year_on_year_stated": change.stated if change else None,
                "source": _cell(point.source),
                "implied": point.implied,
                "how": _cell(point.how),
                "simulated": point.simulated or found.simulated,
                "missing": point.missing,
            }
        )
    answer = HttpResponse(buffer.getvalue(), content_type=f"{CSV_TYPE}; charset=utf-8")
    name = f"{found.indicator}.csv"
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def _cell(text: str) -> str:
    """A text that no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(FORMULA) else text
