"""Registering building projects: works, what is used again, the developer's 查询码."""

from dataclasses import dataclass
from datetime import date, datetime

from yinuo.cases.access.buildings import act_at_building
from yinuo.cases.commands.applicants import NewApplicant, applicant_faults, put_applicant
from yinuo.cases.commands.intake import Receipt
from yinuo.cases.construction.project import (
    Faults,
    NewBuilding,
    NewWorks,
    area,
    building_faults,
    total_fen,
    works_faults,
)
from yinuo.cases.errors.construction import BuildingTaken
from yinuo.cases.in_force.flows import flows
from yinuo.cases.models import BuildingProject, Reuse, Works
from yinuo.cases.stored.buildings import flow_of, locked_building
from yinuo.cases.tracks import new_track, track_mark
from yinuo.commitments.errors import Invalid
from yinuo.kernel.instants import civil_date
from yinuo.ledger.commands.recording import command, put_text, record
from yinuo.parties.queries import public_unit_names
from yinuo.parties.viewer import Viewer

LONGEST_NUMBER, LONGEST_SOURCE = 120, 200


@command("building.register")
def register(
    *,
    new: NewBuilding,
    office: str,
    window: str,
    developer: NewApplicant,
    by: Viewer,
    at: datetime,
    simulated: bool = False,
) -> Receipt:
    """Put a project on the register of the unit that leads; the developer's 查询码 is shown once.

    By the window that takes its stages in, or by the unit that leads. Raises `NotAllowed`,
    `BuildingTaken`, and `Invalid` with every fault: the fields of `NewBuilding`, and `kind`,
    `name`, `number`, `contact`.
    """
    acting = act_at_building(office, window, by, place=new.code)
    today = civil_date(at)
    faults = building_faults(new, today=today) + applicant_faults(developer, today=today)
    flow = next((one for one in flows() if one.code == new.flow), None)
    if flow is None:
        faults.append(("flow", f"没有代码为 {new.flow} 的审批流程"))
    taken = Works.objects.filter(pk__in=[one.code for one in new.works]).values_list(
        "pk", flat=True
    )
    existing = public_unit_names()
    faults += [
        (field, f"没有代码为 {unit} 的单位")
        for field, unit in (("office", office), ("window", window))
        if unit not in existing
    ]
    faults += [("works", f"工程代码 {code} 已经登记在别的项目") for code in taken]
    if BuildingProject.objects.filter(pk=new.code).exists():
        raise BuildingTaken(new.code)
    if faults or flow is None:
        raise Invalid(new.code or "工程建设项目", faults)
    party = put_applicant(developer, trusted=True, by=acting, at=at, simulated=simulated)
    track = new_track()
    row = building_row(new, office=office, flow_kind=flow.kind, flow_version=flow.version)
    row.developer, row.window_id, row.track_mark = party, window, track_mark(track)
    row.contact_text = put_text(developer.contact.strip())
    row.simulated = simulated or flow.simulated
    record(row, verb="building.registered", by=acting, at=at)
    for one in new.works:
        record(works_row(new.code, one), verb="works.registered", by=acting, at=at)
    return Receipt(code=new.code, track=track)


def building_row(
    new: NewBuilding, *, office: str, flow_kind: str, flow_version: str
) -> BuildingProject:
    """The row of a project that was checked; its content is put as a text."""
    return BuildingProject(
        code=new.code,
        title=" ".join(new.title.split()),
        office_id=office,
        flow=new.flow,
        flow_version=flow_version,
        kind=flow_kind,
        region=new.region,
        site=new.site,
        content_text=put_text(new.content.strip()),
        land_area=area(new.land_area),
        building_area=area(new.building_area),
        total_fen=total_fen(new.total) if new.total else None,
        region_assessed=new.region_assessed,
        planned_start=new.planned_start,
        planned_finish=new.planned_finish,
        declared_date=new.declared_date,
    )


def works_row(project: str, new: NewWorks) -> Works:
    """The row of a works that was checked."""
    return Works(
        code=new.code,
        project_id=project,
        title=new.title,
        scope=new.scope,
        previous=list(new.previous),
    )


@command("building.add_works")
def add_works(*, project: str, works: NewWorks, by: Viewer, at: datetime) -> None:
    """Add a works, split from or merged of those before it.

    Raises `UnknownBuilding`, `NotAllowed`, `Invalid`.
    """
    row = locked_building(project, by)
    acting = act_at_building(row.office_id, row.window_id, by, place=project)
    known = [NewWorks(code=one.code) for one in row.works.all()]
    faults = works_faults([*known, works])
    if Works.objects.filter(pk=works.code).exclude(project=project).exists():
        faults.append(("works", f"工程代码 {works.code} 已经登记在别的项目"))
    if faults:
        raise Invalid(project, faults)
    record(works_row(project, works), verb="works.registered", by=acting, at=at)


@dataclass(frozen=True, kw_only=True)
class NewReuse:
    """A result that stands in for a document."""

    kind: str
    """Code in `content/construction/reuses.csv`."""
    number: str
    source: str
    made_date: date
    valid_until: date | None = None


@command("building.reuse")
def reuse(*, project: str, new: NewReuse, by: Viewer, at: datetime) -> str:
    """Note a regional assessment or a shared measurement; the document is not asked for again.

    It is used when the stage with its item is started. Raises `UnknownBuilding`, `NotAllowed`,
    `Invalid`.
    """
    row = locked_building(project, by)
    acting = act_at_building(row.office_id, row.window_id, by, place=project)
    kind = next((one for one in flow_of(row).reuses if one.code == new.kind), None)
    faults = _reuse_faults(new, civil_date(at))
    if kind is None:
        faults.append(("kind", f"没有代码为 {new.kind} 的共用成果"))
    elif Reuse.objects.filter(project=row, kind=new.kind).exists():
        faults.append(("kind", f"{kind.name}已经登记"))
    if faults or kind is None:
        raise Invalid(project, faults)
    until = new.valid_until
    if until is None and kind.years is not None:
        until = _years_after(new.made_date, kind.years)
    made = Reuse(
        code=f"{project}/R{new.kind}",
        project=row,
        kind=new.kind,
        number=new.number.strip(),
        source=new.source.strip(),
        made_date=new.made_date,
        valid_until=until,
        item=kind.item,
        material=kind.material,
    )
    record(made, verb="reuse.registered", by=acting, at=at)
    return made.code


def _reuse_faults(new: NewReuse, today: date) -> Faults:
    faults: Faults = []
    if not 1 <= len(new.number.strip()) <= LONGEST_NUMBER:
        faults.append(("number", f"成果编号应为 1 至 {LONGEST_NUMBER} 字"))
    if not 1 <= len(new.source.strip()) <= LONGEST_SOURCE:
        faults.append(("source", f"成果来源应为 1 至 {LONGEST_SOURCE} 字"))
    if new.made_date > today:
        faults.append(("made_date", f"成果日期 {new.made_date} 还没有到"))
    if new.valid_until is not None and new.valid_until < today:
        faults.append(("valid_until", f"成果在 {new.valid_until} 已经过期，不能再用"))
    return faults


def _years_after(day: date, years: int) -> date:
    """The corresponding day, else the last day of the month (民法典 第二百零二条)."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)


@command("building.renew_track")
def renew_track(*, project: str, by: Viewer, at: datetime) -> str:
    """A new 查询码 for a developer who lost it; the old one finds nothing from now on.

    Raises `UnknownBuilding`, `NotAllowed`.
    """
    row = locked_building(project, by)
    acting = act_at_building(row.office_id, row.window_id, by, place=project)
    track = new_track()
    row.track_mark = track_mark(track)
    record(row, verb="building.track_renewed", by=acting, at=at)
    return track


@command("building.set_developer")
def set_developer(*, project: str, developer: NewApplicant, by: Viewer, at: datetime) -> None:
    """Name the developer of a project that came without one, or after it changed hands.

    Raises `UnknownBuilding`, `NotAllowed`, `Invalid`.
    """
    row = locked_building(project, by)
    acting = act_at_building(row.office_id, row.window_id, by, place=project)
    if faults := applicant_faults(developer, today=civil_date(at)):
        raise Invalid(project, faults)
    row.developer = put_applicant(
        developer, trusted=True, by=acting, at=at, simulated=row.simulated
    )
    row.contact_text = put_text(developer.contact.strip())
    record(row, verb="building.developer_named", by=acting, at=at)
