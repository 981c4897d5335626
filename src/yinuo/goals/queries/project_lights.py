"""The lights of projects by dimension, by the published table, with the reason of each."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from django.utils.translation import get_language, gettext

from yinuo.commitments.curve import Point, planned_amount
from yinuo.commitments.lights.deciding import Colour
from yinuo.commitments.lights.facts import in_points
from yinuo.commitments.lights.table import available
from yinuo.commitments.lights.words import SHAPES, colour_label
from yinuo.commitments.queries.planned import planned_curves
from yinuo.goals.models import Project, ProjectExemption, ProjectFigure, ProjectYear
from yinuo.goals.projects.dimensions import Dimension
from yinuo.goals.projects.lights import WHOLE, Lamp, ProjectFacts, lamps, whole_colour
from yinuo.goals.projects.stages import Stage
from yinuo.goals.queries.project_stages import StageView, stages_of
from yinuo.goals.register.table import inside, visible
from yinuo.goals.stored.figures import newest_figures
from yinuo.ledger.remembered import remembered
from yinuo.parties.viewer import Viewer

PERCENT = 100
NO_CURVE: tuple[Point, ...] = ()


@dataclass(frozen=True)
class LampView:
    """The light of one dimension."""

    name: str
    """开工灯, 进度灯, 付款灯, 入库灯 or 总灯."""
    colour: Colour | None
    """None where it does not apply."""
    shape: str
    word: str
    reason: str


@dataclass(frozen=True)
class ProjectLights:
    """The lights of one project."""

    lamps: tuple[LampView, ...]
    whole: LampView
    """The worst of them."""
    table: str
    """The version of the table that decides."""


def public_lights_decided(*, today: date) -> bool:
    """Whether a table of lights is published; nothing has a light before."""
    table = available(today)
    return table is not None and table.published is not None


def project_lights(
    *, codes: Sequence[str], viewer: Viewer, today: date
) -> Mapping[str, ProjectLights]:
    """The lights of those of these projects that the viewer may see, by code.

    Of one that the viewer sees only because it is public, confirmed figures alone count. Nothing
    has a light before a table is published, and what was completed or withdrawn has none.
    """
    return _remembered_lights(tuple(codes), viewer, today, get_language())


@remembered
def _remembered_lights(
    codes: tuple[str, ...], viewer: Viewer, today: date, _language: str | None
) -> Mapping[str, ProjectLights]:
    table = available(today)
    if table is None or table.published is None:
        return {}
    deciding = table.deciding
    return {
        code: _lights(lamps(facts, deciding.tables), deciding.version)
        for code, facts in _shown_facts(codes, viewer, today).items()
    }


def whole_lights(*, codes: Sequence[str], viewer: Viewer, today: date) -> dict[str, Colour | None]:
    """The whole light of each of these projects, None for those without one; not remembered."""
    found: dict[str, Colour | None] = dict.fromkeys(codes)
    table = available(today)
    if table is not None and table.published is not None:
        for code, facts in _shown_facts(codes, viewer, today).items():
            found[code] = whole_colour(facts, table.deciding.tables)
    return found


def _shown_facts(codes: Sequence[str], viewer: Viewer, today: date) -> dict[str, ProjectFacts]:
    """What the lights of those projects depend on that the viewer sees and that have lights."""
    rows = Project.objects.filter(visible(viewer), pk__in=codes, withdrawn_date=None)
    shown = list(rows.order_by("code").values_list("code", flat=True))
    stages = stages_of(projects=shown, viewer=viewer, today=today)
    lit = [code for code in shown if not _is_over(stages[code])]
    own = set(Project.objects.filter(inside(viewer), pk__in=lit).values_list("pk", flat=True))
    return _facts(lit, own, stages, viewer, today)


def _is_over(stages: Sequence[StageView]) -> bool:
    return any(each.stage == Stage.COMPLETED and each.reached for each in stages)


def _lights(found: Sequence[Lamp], version: str) -> ProjectLights:
    views = tuple(_view(lamp) for lamp in found)
    whole = next(view for view in views if view.name == WHOLE)
    return ProjectLights(tuple(view for view in views if view is not whole), whole, version)


def _view(lamp: Lamp) -> LampView:
    colour = lamp.colour
    shape = SHAPES[colour] if colour else ""
    word = colour_label(colour) if colour else gettext("不适用")
    return LampView(lamp.name, colour, shape, word, lamp.reason)


def _facts(
    codes: Sequence[str],
    own: set[str],
    stages: Mapping[str, Sequence[StageView]],
    viewer: Viewer,
    today: date,
) -> dict[str, ProjectFacts]:
    figures = newest_figures(codes=codes, own=own, today=today)
    behind = _behind(codes, figures, viewer, today)
    exempt = _exempt(codes, today)
    found = {}
    for code in codes:
        by_stage = {each.stage: each for each in stages[code]}
        start, enrolled = by_stage[Stage.STARTED], by_stage[Stage.ENROLLED]
        figure = figures.get(code)
        ahead = [each.due for each in stages[code] if _is_ahead(each) and each.due]
        found[code] = ProjectFacts(
            planned_start=start.due,
            started=start.reached,
            enrolled=enrolled.reached,
            has_plan=code in behind,
            behind=behind.get(code),
            payable=figure.payable if figure else None,
            paid=figure.paid if figure else None,
            due=min(ahead, default=None),
            exempt=exempt.get(code, frozenset()),
        )
    return found


def _is_ahead(stage: StageView) -> bool:
    return stage.due is not None and not stage.reached and not stage.ended


def _behind(
    codes: Sequence[str], figures: Mapping[str, ProjectFigure], viewer: Viewer, today: date
) -> dict[str, Decimal | None]:
    """Project with a planned curve for this year → points behind it; None where not reported."""
    rows = ProjectYear.objects.filter(project__in=codes, year=today.year, planned__gt=0)
    plans = list(
        rows.exclude(commitment=None).values_list("project_id", "planned", "commitment_id")
    )
    curves = planned_curves(commitments=[each for _, _, each in plans if each], viewer=viewer)
    found: dict[str, Decimal | None] = {}
    for project, planned, commitment in plans:
        points = curves.get(commitment or "", NO_CURVE)
        if not points or today < points[0].day:
            continue
        figure = figures.get(project)
        found[project] = None
        if figure is None or figure.invested_year is None or figure.as_of_date.year != today.year:
            continue
        share = planned_amount(points, figure.as_of_date)
        if share is not None:
            done = Fraction(figure.invested_year, planned)
            found[project] = in_points(share / PERCENT - done)
    return found


def _exempt(codes: Sequence[str], today: date) -> dict[str, frozenset[Dimension]]:
    found: dict[str, frozenset[Dimension]] = {}
    rows = ProjectExemption.objects.filter(
        project__in=codes, from_date__lte=today, until_date__gte=today
    )
    for project, dimension in rows.values_list("project_id", "dimension"):
        found[project] = found.get(project, frozenset()) | {Dimension(dimension)}
    return found
