"""The register of projects as lists and maps show it: filtered, counted, a page at a time."""

import re
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from django.db.models import Q

from yinuo.commitments.life import Visibility
from yinuo.commitments.lights.deciding import Colour
from yinuo.commitments.words import visibility_label
from yinuo.goals.errors.project_pages import BadProjectCursor
from yinuo.goals.facets import Mask, Places, Sum, Words, facet_counts, holding
from yinuo.goals.models import Batch, Project, ProjectFigure, ProjectYear
from yinuo.goals.projects.stages import Stage, State, state_of
from yinuo.goals.queries.project_lit import lit
from yinuo.goals.queries.project_stages import StageView, stages_of
from yinuo.goals.register.table import (
    WITHDRAWN,
    Table,
    inside,
    owing,
    project_table,
    searchable,
)
from yinuo.goals.register.words import industry_labels, state_label, state_names
from yinuo.goals.stored.figures import newest_figures
from yinuo.parties.queries import public_unit_names
from yinuo.parties.viewer import Viewer

PAGE = 50
CHUNK = 500
"""Rows of a download that are looked at together."""
MOST_POINTS = 300
"""Points that a map draws: more would only cover one another."""
BY_CODE, BY_SIZE = "", "size"
ORDERS = (BY_CODE, BY_SIZE)
FACETS = ("unit", "region", "section", "division", "batch")


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """What to list. Empty means all that did not leave the register."""

    unit: str = ""
    """Code of the responsible unit."""
    region: str = ""
    """Code of the district or zone."""
    state: str = ""
    """One of `State`, or `withdrawn`."""
    industry: str = ""
    """A section (C) or a division (38) of GB/T 4754."""
    batch: str = ""
    light: Colour | None = None
    """Its whole light (总灯)."""
    text: str = ""
    """Parts of the name, the firm or a code, with blanks between."""
    sort: str = BY_CODE
    """One of `ORDERS`."""


@dataclass(frozen=True)
class Choice:
    """One value of a filter with the number it would list, the other filters kept."""

    value: str
    label: str
    count: int


@dataclass(frozen=True)
class Line:
    """A project as a line of a list."""

    code: str
    name: str
    unit: str
    unit_name: str
    """Empty where no unit is named."""
    region: str
    region_name: str
    industry: str
    industry_label: str
    firm: str
    batch: str
    """Empty for none, and where the viewer may not see it."""
    state: str
    state_label: str
    confirmed: bool
    """Whether the stages that the state follows from were all confirmed."""
    total: int | None
    """In 分, as all amounts here."""
    planned: int | None
    """This year."""
    invested: int | None
    """This year, by the newest figure that the viewer may see."""
    invested_at: date | None
    progress: str
    """Physical progress in percent; empty where it was not reported."""
    next: StageView | None
    """The first stage that has a date and is not reached."""
    visibility: str
    visibility_label: str
    simulated: bool


@dataclass(frozen=True)
class Sums:
    """What the listed projects come to."""

    total: Sum
    planned: Sum
    """Of those that have a plan for this year."""
    invested: Sum
    """Of those that have a plan for this year, too: whoever has one is to report."""


@dataclass(frozen=True)
class Listed:
    """What the filters leave, counted."""

    total: int
    states: tuple[Choice, ...]
    choices: Mapping[str, tuple[Choice, ...]]
    """By filter: unit, region, industry, batch."""
    building: int
    """Under construction, of those listed."""
    building_kept: int
    """Of them those whose stages were confirmed."""
    sums: Sums


@dataclass(frozen=True)
class Page:
    """A page of the list."""

    lines: tuple[Line, ...]
    next_cursor: str
    listed: Listed


@dataclass(frozen=True)
class RegionSums:
    """The listed projects of one district or zone."""

    code: str
    """Empty for projects without one."""
    name: str
    count: int
    total: Sum
    planned: Sum


@dataclass(frozen=True)
class MapPoint:
    """A project whose place is known."""

    code: str
    name: str
    longitude: str
    """In degrees, a decimal."""
    latitude: str
    total: int | None
    state_label: str


@dataclass(frozen=True)
class MapPage:
    """The listed projects by where they are."""

    regions: tuple[RegionSums, ...]
    points: tuple[MapPoint, ...]
    """At most `MOST_POINTS`, those with the largest investment."""
    placed: int
    """So many have coordinates."""
    listed: Listed


@dataclass(frozen=True, eq=False)
class _Selection:
    """The rows of the table that a viewer wants and may see."""

    table: Table
    states: Words
    rows: Mask
    counted: dict[str, dict[str, int]]


def _select(viewer: Viewer, wanted: Wanted, today: date) -> _Selection:
    table = project_table(today)
    states, seen = table.states(viewer), table.seen(viewer)
    if wanted.text:
        seen = seen & holding(table.texts, searchable(wanted.text).split())
    if wanted.light:
        seen = lit(table=table, colour=wanted.light, among=seen, viewer=viewer, today=today)
    columns = {**{name: table.words[name] for name in FACETS}, "state": states}
    chosen: dict[str, Mask] = {}
    for name in ("unit", "region", "batch"):
        if value := getattr(wanted, name):
            chosen[name] = columns[name].among({value})
    if wanted.industry:
        # A section holds its divisions, so that one filter decides both.
        by = "section" if wanted.industry.isalpha() else "division"
        columns = {n: c for n, c in columns.items() if n not in ("section", "division")}
        chosen["industry"] = table.words[by].among({wanted.industry})
    present = ~states.among({WITHDRAWN})
    if wanted.state:
        chosen["state"] = states.among({wanted.state})
        rows, counted = facet_counts(columns, chosen, seen)
    else:
        rows, counted = facet_counts({"state": states}, chosen, seen)
        rows, others = facet_counts(
            {n: c for n, c in columns.items() if n != "state"}, chosen, seen & present
        )
        counted |= others
    if "industry" in chosen:
        rest = {n: passed for n, passed in chosen.items() if n != "industry"}
        among = seen if wanted.state else seen & present
        both = {name: table.words[name] for name in ("section", "division")}
        counted |= facet_counts(both, rest, among)[1]
    return _Selection(table, states, rows, counted)


def _listed(viewer: Viewer, found: _Selection) -> Listed:
    table, rows = found.table, found.rows
    building = rows & found.states.among({State.BUILDING})
    kept = table.words["kept_state"].among({State.BUILDING})
    planned = table.numbers["planned"]
    with_plan = rows & planned.known
    counts = found.counted["state"]
    states = tuple(
        Choice(name, state_label(name), counts[name]) for name in state_names() if counts.get(name)
    )
    return Listed(
        total=int(rows.sum()),
        states=states,
        choices=_choices(found.counted, viewer),
        building=int(building.sum()),
        building_kept=int((building & kept).sum()),
        sums=Sums(
            total=table.numbers["total"].sum(rows),
            planned=planned.sum(with_plan),
            invested=table.invested(viewer).sum(with_plan),
        ),
    )


def batch_titles(*, viewer: Viewer) -> dict[str, str]:
    """Code → title of every batch that the viewer may see."""
    seen = Batch.public_rows()
    if viewer.signed_in:
        seen |= Q(office__in=owing(viewer))
    return dict(Batch.objects.filter(seen).values_list("code", "title"))


def _choices(
    counted: Mapping[str, Mapping[str, int]], viewer: Viewer
) -> dict[str, tuple[Choice, ...]]:
    units = public_unit_names()
    industries = industry_labels()
    found = {}
    for name, labels in (
        ("unit", units),
        ("region", units),
        ("batch", batch_titles(viewer=viewer)),
    ):
        some = ((v, labels[v], n) for v, n in counted[name].items() if v in labels)
        found[name] = tuple(Choice(*each) for each in sorted(some, key=lambda each: each[0]))
    divisions = counted["division"]
    sections = []
    for section, number in sorted(counted["section"].items()):
        if section:
            sections.append(Choice(section, industries.get(section, section), number))
    inner = [Choice(d, industries.get(d, d), n) for d, n in sorted(divisions.items()) if d]
    found["industry"] = (*sections, *inner)
    return found


def _in_order(found: _Selection, wanted: Wanted, cursor: str) -> Places:
    """The numbers of the wanted rows behind the cursor, in the order that is asked for."""
    table = found.table
    start = _row_at(table, cursor) if cursor else None
    if wanted.sort == BY_SIZE:
        places = np.sort(table.place[found.rows])
        if start is not None:
            places = places[places > table.place[start]]
        return table.by_size[places]
    rows = np.flatnonzero(found.rows)
    return rows if start is None else rows[rows > start]


def _row_at(table: Table, code: str) -> int:
    """The number of the row with this code. Raises `BadProjectCursor`."""
    place = bisect_left(table.codes, code)
    if place == len(table.codes) or table.codes[place] != code:
        raise BadProjectCursor(code)
    return place


def project_list(
    *, viewer: Viewer, wanted: Wanted, today: date, cursor: str = "", size: int = PAGE
) -> Page:
    """The projects that the viewer may see, by code or the largest first, `size` a page.

    Raises `BadProjectCursor`.
    """
    found = _select(viewer, wanted, today)
    rows = _in_order(found, wanted, cursor)[: size + 1]
    codes = [found.table.codes[int(n)] for n in rows]
    more = len(codes) > size
    return Page(
        lines=_lines(codes[:size], viewer, today),
        next_cursor=codes[size - 1] if more else "",
        listed=_listed(viewer, found),
    )


def every_project(*, viewer: Viewer, wanted: Wanted, today: date) -> Iterator[Line]:
    """The whole of the list, for a download."""
    found = _select(viewer, wanted, today)
    codes = [found.table.codes[int(n)] for n in _in_order(found, wanted, "")]
    for start in range(0, len(codes), CHUNK):
        yield from _lines(codes[start : start + CHUNK], viewer, today)


def register_offices(*, viewer: Viewer) -> tuple[str, ...]:
    """The offices whose whole register the viewer may take along as a workbook, by code."""
    kept = viewer.administrator_of | viewer.auditor_of | viewer.supervisor_of
    rows = Project.objects.filter(office__in=kept).order_by("office_id")
    return tuple(rows.values_list("office_id", flat=True).distinct())


def selected_codes(*, viewer: Viewer, wanted: Wanted, today: date) -> tuple[str, ...]:
    """The codes of the projects that the filters leave."""
    found = _select(viewer, wanted, today)
    return tuple(found.table.codes[int(n)] for n in np.flatnonzero(found.rows))


def project_map(*, viewer: Viewer, wanted: Wanted, today: date) -> MapPage:
    """The same projects by district and zone, and those with coordinates as points."""
    found = _select(viewer, wanted, today)
    table, rows = found.table, found.rows
    regions = table.words["region"]
    planned = table.numbers["planned"]
    totals = table.numbers["total"].sums_by(regions, rows)
    plans = planned.sums_by(regions, rows & planned.known)
    names = public_unit_names()
    none = Sum(0, 0, 0)
    sums = [
        RegionSums(code, names.get(code, code), n, totals[code], plans.get(code, none))
        for code, n in sorted(regions.counts(rows).items())
    ]
    placed = rows & table.numbers["longitude"].known
    largest = np.sort(table.place[placed])[:MOST_POINTS]
    points = _points(table, table.by_size[largest], found.states)
    return MapPage(
        regions=tuple(sorted(sums, key=lambda each: (not each.code, each.code))),
        points=points,
        placed=int(placed.sum()),
        listed=_listed(viewer, found),
    )


def _points(table: Table, rows: Places, states: Words) -> tuple[MapPoint, ...]:
    codes = [table.codes[int(n)] for n in rows]
    names = dict(Project.objects.filter(pk__in=codes).values_list("code", "name"))
    totals, longitude, latitude = (
        table.numbers[name] for name in ("total", "longitude", "latitude")
    )
    return tuple(
        MapPoint(
            code=code,
            name=names[code],
            longitude=_degrees(int(longitude.values[n])),
            latitude=_degrees(int(latitude.values[n])),
            total=int(totals.values[n]) if totals.known[n] else None,
            state_label=state_label(states.names[states.at[n]]),
        )
        for code, n in zip(codes, rows, strict=True)
    )


def _degrees(millionths: int) -> str:
    """Millionths of a degree as a decimal.

    >>> _degrees(121_614_700)
    '121.6147'
    """
    whole, part = divmod(abs(millionths), 1_000_000)
    sign = "-" if millionths < 0 else ""
    return re.sub(r"\.?0+$", "", f"{sign}{whole}.{part:06}")


# ── lines ────────────────────────────────────────────────────────────────────────────────────────


def lines_of(*, codes: Sequence[str], viewer: Viewer, today: date) -> tuple[Line, ...]:
    """Lines of these projects, in this order. The caller has checked who may see them."""
    return _lines(codes, viewer, today)


def _lines(codes: Sequence[str], viewer: Viewer, today: date) -> tuple[Line, ...]:
    """The lines of these projects; those that have gone since are left out."""
    rows = {row.code: row for row in Project.objects.filter(pk__in=codes)}
    own = set(Project.objects.filter(inside(viewer), pk__in=codes).values_list("pk", flat=True))
    stages = stages_of(projects=codes, viewer=viewer, today=today)
    years = ProjectYear.objects.filter(project__in=codes, year=today.year)
    planned = dict(years.values_list("project_id", "planned"))
    figures = newest_figures(codes=codes, own=own, today=today)
    batches = batch_titles(viewer=viewer)
    known = _Known(today, planned, figures, public_unit_names(), industry_labels(), batches)
    return tuple(_line(rows[code], stages[code], known) for code in codes if code in rows)


def _state(row: Project, stages: Sequence[StageView]) -> tuple[str, bool]:
    """Where a project stands by these stages, and whether all of them were confirmed."""
    if row.withdrawn_date is not None:
        return WITHDRAWN, True
    state = state_of([Stage(each.stage) for each in stages if each.reached])
    kept = state_of([Stage(each.stage) for each in stages if each.reached and each.confirmed])
    return state.value, state == kept


@dataclass(frozen=True)
class _Known:
    """What lines are made of beside the row and its stages, by code."""

    today: date
    planned: Mapping[str, int]
    figures: Mapping[str, ProjectFigure]
    units: Mapping[str, str]
    industries: Mapping[str, str]
    batches: Mapping[str, str]


def _line(row: Project, stages: Sequence[StageView], known: _Known) -> Line:
    units, industries, figure = known.units, known.industries, known.figures.get(row.code)
    state, confirmed = _state(row, stages)
    this_year = figure is not None and figure.as_of_date.year == known.today.year
    ahead = [stage for stage in stages if stage.due and not stage.reached]
    return Line(
        code=row.code,
        name=row.name,
        unit=row.unit_id or "",
        unit_name=units.get(row.unit_id or "", ""),
        region=row.region_id or "",
        region_name=units.get(row.region_id or "", ""),
        industry=row.industry,
        industry_label=industries.get(row.division) or industries.get(row.section, ""),
        firm=row.firm_name,
        batch=row.batch_id if row.batch_id and row.batch_id in known.batches else "",
        state=state,
        state_label=state_label(state),
        confirmed=confirmed,
        total=row.total_investment,
        planned=known.planned.get(row.code),
        invested=figure.invested_year if figure and this_year else None,
        invested_at=figure.as_of_date if figure and this_year else None,
        progress=figure.progress if figure else "",
        next=ahead[0] if ahead else None,
        visibility=row.visibility,
        visibility_label=(
            "" if row.visibility == Visibility.PUBLIC else visibility_label(row.visibility)
        ),
        simulated=row.simulated,
    )
