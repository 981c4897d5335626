"""One project whole: what it is, its stages, money, permits, promises, photos and history."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from yinuo.commitments.life import Visibility
from yinuo.commitments.queries.detail import DocumentView
from yinuo.commitments.queries.evidence import seen_evidence
from yinuo.commitments.queries.listing import Row
from yinuo.commitments.queries.named import named
from yinuo.commitments.wording import short_wording
from yinuo.goals.access.leads import visible_leads
from yinuo.goals.access.projects import confirms, enters, keeps
from yinuo.goals.errors.projects import UnknownProject
from yinuo.goals.models import Lead, Permit, Project, ProjectFigure, ProjectYear
from yinuo.goals.projects.stages import Stage
from yinuo.goals.queries.project_stages import StageView, stages_of
from yinuo.goals.queries.projects import Line, batch_titles, lines_of
from yinuo.goals.register.story import Step, told
from yinuo.goals.register.table import inside, visible
from yinuo.parties.queries import public_unit_names
from yinuo.parties.viewer import Viewer

MOST_FIGURES = 60
MOST_PHOTOS = 12
PICTURES = "image/"
TAKE_ON, CONFIRM, CONFIRM_STAGE, REPORT, REACHED, PUBLISH, PLAN, PERMIT, EDIT, EXEMPT = ACTIONS = (
    "take_on", "confirm", "confirm_stage", "report", "reached", "publish", "plan", "permit", "edit",
    "exempt",
)  # fmt: skip
"""What somebody may do on the page of a project; the first of what is open comes first."""


@dataclass(frozen=True)
class FigureView:
    """How far it had come on a day; amounts in 分."""

    code: str
    version: int
    project: str
    as_of: date
    invested_year: int | None
    invested_total: int | None
    progress: str
    payable: int | None
    paid: int | None
    workers: int | None
    note: str
    standing: str
    standing_label: str
    remark: str
    """Why it was sent back, or what was said when it was confirmed."""
    entered_at: datetime
    mine: bool
    """Whether the viewer entered it."""


@dataclass(frozen=True)
class PermitView:
    """A permit that it holds."""

    kind: str
    number: str
    day: date | None
    issuer: str


@dataclass(frozen=True)
class YearView:
    """What is planned to be invested in one year."""

    year: int
    planned: int
    promise: str
    """Code of the promise to invest it; empty without one, or where the viewer may not see it."""


@dataclass(frozen=True)
class PhotoView:
    """A picture handed in as evidence of one of its promises."""

    commitment: str
    number: int
    title: str
    """Of that promise."""


@dataclass(frozen=True)
class LeadLink:
    """The investment lead that became this project."""

    code: str
    title: str


@dataclass(frozen=True)
class ProjectPage:
    """Everything that the viewer may know of one project."""

    line: Line
    version: int
    national_code: str
    firm_name: str
    firm_code: str
    address: str
    longitude_e6: int | None
    latitude_e6: int | None
    fields: str
    scope: str
    heading: str
    batch_title: str
    """Empty for none, and where the viewer may not see it."""
    office_name: str
    document: DocumentView
    place: str
    registered_date: date
    withdrawn_date: date | None
    stages: tuple[StageView, ...]
    years: tuple[YearView, ...]
    figures: tuple[FigureView, ...]
    """Newest first; confirmed ones alone for who sees only what is public."""
    permits: tuple[PermitView, ...]
    promises: tuple[Row, ...]
    photos: tuple[PhotoView, ...]
    more_photos: int
    lead: LeadLink | None
    story: tuple[Step, ...]
    inside: bool
    accepted: bool
    """Whether the office took it onto the register."""
    actions: tuple[str, ...]

    @property
    def newest(self) -> FigureView | None:
        """The newest figure that was not sent back."""
        return next((f for f in self.figures if f.standing != "returned"), None)

    @property
    def to_confirm(self) -> tuple[FigureView, ...]:
        """The figures that wait to be confirmed by this viewer."""
        return tuple(f for f in self.figures if f.standing == "reported" and not f.mine)


def project_page(*, code: str, viewer: Viewer, today: date) -> ProjectPage:
    """One project. Raises `UnknownProject` for one that the viewer may not see."""
    rows = Project.objects.filter(visible(viewer), pk=code)
    row = rows.select_related("document").first()
    if row is None:
        raise UnknownProject(code)
    within = Project.objects.filter(inside(viewer), pk=code).exists()
    stages = stages_of(projects=[code], viewer=viewer, today=today)[code]
    years = list(ProjectYear.objects.filter(project=code).order_by("-year"))
    linked = [s.commitment for s in stages if s.commitment]
    linked += [year.commitment_id for year in years if year.commitment_id]
    promises = named(commitments=linked, viewer=viewer, today=today)
    titles = {promise.code: promise.title for promise in promises}
    photos = _photos(titles, viewer)
    figures = _figures([code], {code} if within else set(), viewer)
    return ProjectPage(
        line=lines_of(codes=[code], viewer=viewer, today=today)[0],
        version=row.version,
        national_code=row.national_code,
        firm_name=row.firm_name,
        firm_code=row.firm_code,
        address=row.address,
        longitude_e6=row.longitude_e6,
        latitude_e6=row.latitude_e6,
        fields=row.fields,
        scope=row.scope,
        heading=row.heading,
        batch_title=batch_titles(viewer=viewer).get(row.batch_id or "", ""),
        office_name=public_unit_names().get(row.office_id, row.office_id),
        document=DocumentView.of(row.document),
        place=row.place,
        registered_date=row.registered_date,
        withdrawn_date=row.withdrawn_date,
        stages=stages,
        years=tuple(
            YearView(y.year, y.planned, str(y.commitment_id) if y.commitment_id in titles else "")
            for y in years
        ),
        figures=figures[:MOST_FIGURES],
        permits=tuple(
            PermitView(p.kind, p.number, p.day, p.issuer)
            for p in Permit.objects.filter(project=code).order_by("day", "code")
        ),
        promises=promises,
        photos=photos[:MOST_PHOTOS],
        more_photos=max(len(photos) - MOST_PHOTOS, 0),
        lead=_lead(code, viewer),
        story=told(code, viewer, figures=[f.code for f in figures[:MOST_FIGURES]]),
        inside=within,
        accepted=row.confirmed_at is not None,
        actions=_actions(row, stages, figures, viewer),
    )


def _photos(titles: Mapping[str, str], viewer: Viewer) -> tuple[PhotoView, ...]:
    rows = seen_evidence(viewer=viewer).filter(
        commitment__in=list(titles), media_type__startswith=PICTURES
    )
    found = [
        PhotoView(row.commitment_id, int(row.code.rpartition("/E")[2]), titles[row.commitment_id])
        for row in rows
    ]
    return tuple(sorted(found, key=lambda each: (each.commitment, -each.number)))


def _lead(code: str, viewer: Viewer) -> LeadLink | None:
    row = Lead.objects.filter(visible_leads(viewer), landing__project=code).first()
    return LeadLink(row.code, row.title) if row else None


def _figures(
    codes: Sequence[str], own: set[str], viewer: Viewer, *, reported: bool = False
) -> tuple[FigureView, ...]:
    """The figures of these projects, newest first: of `own` all, of others confirmed ones."""
    rows = ProjectFigure.objects.filter(project__in=codes)
    if reported:
        rows = rows.filter(standing=ProjectFigure.Standing.REPORTED)
    found = [
        row
        for row in rows.order_by("-as_of_date", "-number")
        if row.project_id in own or row.standing == ProjectFigure.Standing.CONFIRMED
    ]
    words = short_wording(ref for row in found for ref in (row.note_text, row.remark_text))
    return tuple(_figure(row, words, viewer) for row in found)


def _figure(row: ProjectFigure, words: Mapping[str, str], viewer: Viewer) -> FigureView:
    return FigureView(
        code=row.code,
        version=row.version,
        project=row.project_id,
        as_of=row.as_of_date,
        invested_year=row.invested_year,
        invested_total=row.invested_total,
        progress=row.progress,
        payable=row.payable,
        paid=row.paid,
        workers=row.workers,
        note=words.get(row.note_text, ""),
        standing=row.standing,
        standing_label=ProjectFigure.Standing(row.standing).label,
        remark=words.get(row.remark_text, ""),
        entered_at=row.entered_at,
        mine=row.entered_by == viewer.actor,
    )


def _actions(
    row: Project,
    stages: Sequence[StageView],
    figures: Iterable[FigureView],
    viewer: Viewer,
) -> tuple[str, ...]:
    found = set()
    judges = confirms(row, viewer)
    waiting = [f for f in figures if f.standing == "reported" and not f.mine]
    declared = [
        s
        for s in stages
        if s.reached and not s.confirmed and not s.commitment and s.entered_by != viewer.actor
    ]
    free = [s for s in stages if not s.reached and not s.commitment]
    if row.withdrawn_date is None and enters(row, viewer):
        found |= {REPORT, REACHED} if free else {REPORT}
    if judges and row.confirmed_at is None:
        found.add(TAKE_ON)
    if judges and waiting:
        found.add(CONFIRM)
    if judges and declared:
        found.add(CONFIRM_STAGE)
    if judges and row.visibility != Visibility.PUBLIC:
        found.add(PUBLISH)
    over = any(s.stage == Stage.COMPLETED and s.reached for s in stages)
    if judges and row.withdrawn_date is None and not over:
        found.add(EXEMPT)
    office = row.office_id in viewer.supervisor_of or keeps(row.office_id, viewer)
    if office or row.unit_id in viewer.officer_of:
        found |= {PLAN, PERMIT, EDIT} if free else {PERMIT, EDIT}
    return tuple(name for name in ACTIONS if name in found)


# ── many at once ─────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class ToReport:
    """A project for which the viewer reports, with what is known so far."""

    line: Line
    last: FigureView | None


def projects_to_report(*, viewer: Viewer, today: date) -> tuple[ToReport, ...]:
    """The projects of the viewer's units that are under way, by unit and code.

    Under way is what was started and did not come into full production, or has a plan for the year.
    """
    rows = Project.objects.filter(unit__in=viewer.officer_of, withdrawn_date=None)
    codes = list(rows.order_by("unit", "code").values_list("code", flat=True))
    lines = lines_of(codes=codes, viewer=viewer, today=today)
    wanted = [x for x in lines if x.planned is not None or x.state in ("building", "completed")]
    figures = _figures([x.code for x in wanted], {x.code for x in wanted}, viewer)
    last: dict[str, FigureView] = {}
    for figure in figures:
        last.setdefault(figure.project, figure)
    return tuple(ToReport(line, last.get(line.code)) for line in wanted)


def projects_to_accept(*, viewer: Viewer, today: date) -> tuple[Line, ...]:
    """What units entered and the viewer may take onto the register, by code."""
    rows = Project.objects.filter(
        office__in=viewer.supervisor_of, confirmed_at=None, withdrawn_date=None
    ).order_by("code")
    mine = [row.code for row in rows if confirms(row, viewer)]
    return lines_of(codes=mine, viewer=viewer, today=today)


@dataclass(frozen=True)
class ToConfirm:
    """A reported figure that the viewer may confirm, beside the one before."""

    line: Line
    figure: FigureView
    before: FigureView | None
    """The newest confirmed one."""


def figures_to_confirm(*, viewer: Viewer, today: date) -> tuple[ToConfirm, ...]:
    """What the viewer's offices were told and nobody has confirmed, the oldest day first."""
    waiting = ProjectFigure.objects.filter(
        standing=ProjectFigure.Standing.REPORTED,
        project__office__in=viewer.supervisor_of,
    ).exclude(entered_by=viewer.actor)
    codes = list(waiting.values_list("project_id", flat=True).distinct())
    rows = {row.code: row for row in Project.objects.filter(pk__in=codes)}
    mine = [code for code in codes if confirms(rows[code], viewer)]
    lines = {line.code: line for line in lines_of(codes=mine, viewer=viewer, today=today)}
    figures = _figures(mine, set(mine), viewer)
    before: dict[str, FigureView] = {}
    for figure in figures:
        if figure.standing == "confirmed":
            before.setdefault(figure.project, figure)
    found = [
        ToConfirm(lines[f.project], f, before.get(f.project))
        for f in figures
        if f.standing == "reported" and not f.mine
    ]
    return tuple(sorted(found, key=lambda each: (each.figure.as_of, each.figure.code)))
