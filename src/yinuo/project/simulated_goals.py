"""What happens to indicators and projects in the demo year, act by act, at the dates named here."""

import io
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime

from yinuo.commitments.commands.register import NewDocument
from yinuo.commitments.life import Visibility
from yinuo.goals.commands import figures, indicators, project_figures, project_import, projects
from yinuo.goals.indicators.writing import write_indicators
from yinuo.goals.projects.content import NewProject, Register
from yinuo.goals.projects.stages import Stage
from yinuo.goals.projects.workbook.check import check_bytes
from yinuo.goals.projects.workbook.write import write_register
from yinuo.goals.queries.figure_checks import check_file
from yinuo.goals.queries.project_register import known, public_industries
from yinuo.kernel.content import content_dir
from yinuo.kernel.filestore import FileStore
from yinuo.kernel.instants import civil_date
from yinuo.parties.queries import public_unit_names
from yinuo.parties.viewer import Viewer
from yinuo.project import simulated_register as made
from yinuo.project import simulated_series as series
from yinuo.project.event import instant
from yinuo.project.simulated_staff import Staff

MADE_AT = datetime(2024, 4, 1, tzinfo=UTC)
ACCEPTED = "yes"
OTHER_WAVES = ("2024-06-28", "2024-09-27", "2024-12-24")
LAST_FIGURES = "2025-01-10"
ENTERED = (1, 2)
"""Waves by which the starts of the same quarter have entered the statistics."""
CHECKED = ("2024-03-20", "2024-06-28", "2024-09-29", "2024-12-26")
"""When the office went to see the starts of each quarter."""
FOUND, SEEN = "施工许可和现场均已核对。", "核对投资统计台账和付款凭证，属实。"


@dataclass(frozen=True)
class Cast:
    """Who keeps the registers."""

    office: str
    keeper: Viewer
    """The administrator who imports."""
    first: Viewer
    """The supervisor who releases figures and opens to the public."""
    second: Viewer
    """The supervisor who confirms."""
    staff: Staff
    store: FileStore


Act = tuple[str, Callable[[], None]]
"""A day, and what happens on it."""


def acts(cast: Cast) -> list[Act]:
    """Everything, in the order of its days."""
    plan = made.register(office=cast.office, codes=dict(cast.staff.codes))
    found: list[Act] = [
        ("2024-03-13", lambda: _define(cast)),
        ("2024-03-15", lambda: _begin(cast, plan)),
        (CHECKED[0], _confirmed(cast, plan.starts[0], date.fromisoformat(CHECKED[0]))),
    ]
    found += _waves(cast, plan)
    found += _starts(cast, plan)
    found += _loads(cast)
    return sorted(found, key=lambda act: act[0])


# ── indicators ───────────────────────────────────────────────────────────────────────────────────


def _define(cast: Cast) -> None:
    """The shipped workbook, then the made-up past; released and opened by another person."""
    shipped = content_dir() / "goals" / "dalian-2024" / "indicators.xlsx"
    at = instant("2024-03-13")
    _load(cast, shipped.read_bytes(), shipped.name, at)
    codes = [row["indicator"] for row in _first_of(series.past())]
    named = sorted({*codes, *_shipped_codes(cast, shipped.read_bytes())})
    indicators.publish(indicators=named, visibility=Visibility.PUBLIC, by=cast.first, at=at)
    _load_rows(cast, series.past(), "2023年各月和2024年计划（演示）.xlsx", at)


def _first_of(rows: Sequence[Mapping[str, str]]) -> Iterator[Mapping[str, str]]:
    seen: set[str] = set()
    for row in rows:
        if row["indicator"] not in seen:
            seen.add(row["indicator"])
            yield row


def _shipped_codes(cast: Cast, data: bytes) -> list[str]:
    found = check_file(data=data, name="", viewer=cast.keeper, today=date(2024, 3, 13))
    return list(found.offices)


def _loads(cast: Cast) -> list[Act]:
    """A load after each quarter, the year's share at its end, and its revision."""
    days = ("2024-04-10", "2024-07-10", "2024-10-11", "2025-01-02")
    found: list[Act] = []
    for number, day in enumerate(days):
        name = f"2024年{number + 1}季度（演示）.xlsx"
        found.append((day, _loading(cast, series.quarter(number), name, day)))
    found.append(
        ("2025-01-03", _loading(cast, series.LAST, "2024年占比（演示）.xlsx", "2025-01-03"))
    )
    revised = _loading(cast, series.REVISED, "2024年占比修订（演示）.xlsx", "2025-01-15")
    return [*found, ("2025-01-15", revised)]


def _loading(
    cast: Cast, rows: Sequence[Mapping[str, str]], name: str, day: str
) -> Callable[[], None]:
    return lambda: _load_rows(cast, rows, name, instant(day))


def _load_rows(cast: Cast, rows: Sequence[Mapping[str, str]], name: str, at: datetime) -> None:
    _load(cast, write_indicators(None, figures=rows, made_at=MADE_AT, demo=True), name, at)


def _load(cast: Cast, data: bytes, name: str, at: datetime) -> None:
    """Take a workbook in as the keeper would, and release it as another person."""
    check = check_file(data=data, name=name, viewer=cast.keeper, today=civil_date(at))
    answers = {question.number: ACCEPTED for question in check.figures.questions}
    taken = figures.take_in(
        check=check, data=data, answers=answers, store=cast.store, by=cast.keeper, at=at
    )
    assert not taken.aside  # noqa: S101  # made here, so all of it is sound
    for load in taken.loads:
        figures.release(load=load, by=cast.first, at=at)


# ── projects ─────────────────────────────────────────────────────────────────────────────────────


def _begin(cast: Cast, plan: made.Made) -> None:
    """The projects that the report names, then the first wave; opened by another person."""
    shipped = content_dir() / "goals" / "dalian-2024" / "projects.xlsx"
    at = instant("2024-03-15")
    named = _take_in(cast, shipped.read_bytes(), shipped.name, at)
    batches = [made.BATCH]
    projects.publish_batches(batches=batches, visibility=Visibility.PUBLIC, by=cast.first, at=at)
    codes = [project.code for project in named]
    projects.publish_projects(projects=codes, visibility=Visibility.PUBLIC, by=cast.first, at=at)
    without_figures = [_without_figures(project) for project in plan.waves[0]]
    _register(cast, without_figures, "重点项目库（演示）.xlsx", at)
    _open(cast, without_figures, at)


def _without_figures(project: NewProject) -> NewProject:
    return made.with_figures(project, ())


def _open(cast: Cast, some: Sequence[NewProject], at: datetime) -> None:
    """Open to the public those that no unit owes anything of; the others stay in the office."""
    free = [each.code for each in some if not made.owes(each)]
    projects.publish_projects(projects=free, visibility=Visibility.PUBLIC, by=cast.first, at=at)


def _waves(cast: Cast, plan: made.Made) -> Iterator[Act]:
    """More projects come on the register, with the figures of the quarter before."""
    owed = [project for project in plan.waves[0] if project.figures]
    by_code = {project.code: project for project in plan.waves[0]}
    for number, day in enumerate((*OTHER_WAVES, LAST_FIGURES)):
        fresh = plan.waves[number + 1] if number < len(OTHER_WAVES) else ()
        begun = plan.starts[number] if number in ENTERED else ()
        entered = [made.enrolled(by_code[start.project], start.day) for start in begun]
        yield day, _wave(cast, [*owed, *entered], fresh, number, day)


def _wave(
    cast: Cast, known: Sequence[NewProject], fresh: Sequence[NewProject], number: int, day: str
) -> Callable[[], None]:
    def run() -> None:
        at = instant(day)
        told = [made.with_figures(each, each.figures[number : number + 1]) for each in known]
        _register(cast, [*told, *fresh], f"重点项目库第{number + 2}批（演示）.xlsx", at)
        _open(cast, fresh, at)
        codes = [f"{each.code}/F{number + 1}" for each in known if each.figures]
        project_figures.confirm_figures(figures=codes, by=cast.second, at=at, note=SEEN)

    return run


def _register(cast: Cast, some: Sequence[NewProject], name: str, at: datetime) -> None:
    document = NewDocument(code=made.DOCUMENT, title="演示重点项目库（虚构）", kind="方案")
    file = io.BytesIO()
    write_register(
        file,
        Register(office=cast.office, documents=(document,), projects=tuple(some)),
        units=public_unit_names(),
        industries=public_industries(),
        year=made.YEAR,
        made_at=MADE_AT,
        demo=True,
    )
    _take_in(cast, file.getvalue(), name, at)


def _take_in(cast: Cast, data: bytes, name: str, at: datetime) -> tuple[NewProject, ...]:
    checked = check_bytes(data, file=name, known=known(viewer=cast.keeper), today=civil_date(at))
    project_import.take_in(file=checked, by=cast.keeper, at=at)
    return checked.sound().register.projects


def _starts(cast: Cast, plan: made.Made) -> Iterator[Act]:
    """Each unit declares its starts as they come; the office confirms a quarter's together."""
    for quarter, some in enumerate(plan.starts[1:], start=1):
        for start in some:
            yield start.day.isoformat(), _declared(cast, start)
        yield CHECKED[quarter], _confirmed(cast, some, date.fromisoformat(CHECKED[quarter]))


def _declared(cast: Cast, start: made.Start) -> Callable[[], None]:
    return lambda: projects.declare_reached(
        project=start.project,
        stage=Stage.STARTED,
        reached=start.day,
        note="已取得施工许可，桩基进场。",
        by=cast.staff.officers[start.unit],
        at=instant(start.day.isoformat()),
    )


def _confirmed(cast: Cast, some: Sequence[made.Start], day: date) -> Callable[[], None]:
    return lambda: _confirm(cast, some, day)


def _confirm(cast: Cast, some: Sequence[made.Start], day: date) -> None:
    projects.confirm_stages(
        projects=[start.project for start in some],
        stage=Stage.STARTED,
        note=FOUND,
        by=cast.second,
        at=instant(day.isoformat()),
    )
