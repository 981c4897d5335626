"""Every change of single projects: registered, revised, promised, reached, opened, exempted."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from yinuo.commitments.commands import deliver as delivering
from yinuo.commitments.commands import judge, publish
from yinuo.commitments.commands.deliver import note_faults
from yinuo.commitments.commands.register import NewDocument, put_commitments, put_documents
from yinuo.commitments.errors import Invalid
from yinuo.commitments.life import Visibility
from yinuo.commitments.numbering import Numbering
from yinuo.commitments.registry import kind_named
from yinuo.goals.access.projects import (
    act_as_confirming,
    act_as_entering,
    act_as_keeping,
    act_as_registering,
    fetch_project,
    fetch_projects,
)
from yinuo.goals.commands.project_rows import KEYS, Entering, Rows, add_project, add_stage, noted
from yinuo.goals.commands.recount import recount
from yinuo.goals.errors.projects import (
    AlreadyJudged,
    AlreadyPromised,
    AlreadyReached,
    NotReached,
    UnknownProject,
)
from yinuo.goals.models import (
    Batch,
    Permit,
    Project,
    ProjectExemption,
    ProjectStage,
    ProjectYear,
)
from yinuo.goals.projects.content import FACTS, NewPermit, NewProject, NewStage, Scalar
from yinuo.goals.projects.dimensions import Dimension
from yinuo.goals.projects.stages import RANK, STAGE_LABELS, Stage
from yinuo.goals.queries.project_counts import NAMES
from yinuo.goals.register.reaching import names_of_stage
from yinuo.goals.stored.projects import industries, linkable
from yinuo.kernel.errors import YinuoError
from yinuo.kernel.instants import civil_date
from yinuo.kernel.uscc import credit_code
from yinuo.ledger.commands.recording import (
    By,
    command,
    one_at_a_time,
    put_text,
    record,
    record_new,
)
from yinuo.ledger.history import last_actor, last_actors
from yinuo.parties.queries import public_unit_names
from yinuo.parties.viewer import NotAllowed, Viewer

LOCK = 0x7961_4450
"""Key of the PostgreSQL advisory lock that lets one register be numbered at a time."""
NUMBERING = Numbering("XM{year}-{n:04}")
ASK = 500
"""Projects read at once."""
LONGEST: Mapping[str, int] = {
    "name": 200,
    "national_code": 30,
    "firm_name": 200,
    "address": 200,
    "fields": 200,
    "scope": 4_000,
    "heading": 60,
    "place": 80,
    "code": 30,
}
LABELS: Mapping[str, str] = {
    "name": "名称",
    "national_code": "项目代码",
    "firm_name": "建设单位",
    "address": "地址",
    "fields": "重点领域",
    "scope": "建设内容",
    "heading": "目标",
    "place": "位置",
    "code": "编号",
}


def next_codes(year: int, count: int) -> list[str]:
    """The next codes of the register's series; in the transaction that uses them."""
    one_at_a_time(LOCK)
    return free_codes(year, count)


def free_codes(year: int, count: int) -> list[str]:
    """The codes that would come next now."""
    start = NUMBERING.prefix(year)
    taken = Project.objects.filter(code__startswith=start).values_list("code", flat=True)
    numbers = [NUMBERING.number_of(code, year) or 0 for code in taken]
    first = max(numbers, default=0) + 1
    return [NUMBERING.code(year, number) for number in range(first, first + count)]


def fact_faults(facts: Mapping[str, Scalar]) -> list[tuple[str, str]]:
    """What is wrong with facts from a form; a file is checked cell by cell elsewhere."""
    faults = []
    for name, longest in LONGEST.items():
        value = str(facts.get(name) or "")
        if len(value) > longest:
            faults.append((name, f"{LABELS[name]}最多 {longest} 字，现有 {len(value)} 字"))
    if "name" in facts and not str(facts["name"] or "").strip():
        faults.append(("name", "请填写名称"))
    if (facts.get("longitude_e6") is None) != (facts.get("latitude_e6") is None):
        faults.append(("longitude", "经度和纬度要同时填写"))
    total = facts.get("total_investment")
    if isinstance(total, int) and total < 0:
        faults.append(("total_investment", "总投资不能是负数"))
    return faults + _reference_faults(facts) + _code_faults(facts)


def _reference_faults(facts: Mapping[str, Scalar]) -> list[tuple[str, str]]:
    """Units and batches that are not registered."""
    units = public_unit_names()
    faults = [
        (name, f"没有登记{label} {facts[name]}")
        for name, label in (("unit", "责任单位"), ("region", "所在地区"))
        if facts.get(name) and facts[name] not in units
    ]
    if facts.get("batch") and not Batch.objects.filter(pk=facts["batch"]).exists():
        faults.append(("batch", f"没有编号为 {facts['batch']} 的批次"))
    return faults


def _code_faults(facts: Mapping[str, Scalar]) -> list[tuple[str, str]]:
    """Codes of firm and industry that are none."""
    readers = (("firm_code", credit_code), ("industry", industries().read))
    faults = []
    for name, read in readers:
        try:
            if facts.get(name):
                read(str(facts[name]))
        except YinuoError as error:
            faults.append((name, error.what))
    return faults


def _normal(facts: Mapping[str, Scalar]) -> dict[str, Scalar]:
    """Facts that passed, each in its one form."""
    found = dict(facts)
    if found.get("industry"):
        found["industry"] = industries().read(str(found["industry"])).code
    if found.get("firm_code"):
        found["firm_code"] = credit_code(str(found["firm_code"]))
    if "name" in found:
        found["name"] = str(found["name"]).strip()
    return found


def _stage_faults(new: NewProject, today: date) -> list[tuple[str, str]]:
    faults = []
    for stage in new.stages:
        label = STAGE_LABELS[stage.stage]
        if stage.promised and not stage.commitment and new.unit is None:
            faults.append(("unit", f"没有责任单位，“{label}”不能成为承诺"))
        if stage.reached is not None and stage.reached > today:
            faults.append((f"reached_{stage.stage}", f"{label}的日期 {stage.reached} 还没有到"))
        if stage.promised and stage.reached is not None:
            what = f"“{label}”要么已经到达，要么是承诺"
            faults.append((f"reached_{stage.stage}", what))
        if stage.commitment:
            why = linkable(stage.commitment, office=new.office, unit=new.unit)
            if why:
                faults.append((f"planned_{stage.stage}", why))
    return faults


@command("project.register")
def register_project(
    *, new: NewProject, by: Viewer, at: datetime, documents: Sequence[NewDocument] = ()
) -> str:
    """Put a project on the register and return its code; it waits for review (待审查).

    Its promised stages and its yearly investment become promises of its unit. Entered by the
    office it is on the register at once, entered by the unit once the office confirmed it.
    Raises `NotAllowed`, `Invalid`.
    """
    acting = act_as_registering(new.office, new.unit, by)
    today = civil_date(at)
    facts = {name: getattr(new, name) for name in FACTS}
    faults = fact_faults({**facts, "code": new.code}) + _stage_faults(new, today)
    if new.code and Project.objects.filter(pk=new.code).exists():
        faults.append(("code", f"编号 {new.code} 已登记"))
    same = Project.objects.filter(office=new.office, national_code=new.national_code)
    if new.national_code and same.exists():
        faults.append(("national_code", f"项目代码 {new.national_code} 已登记"))
    if faults:
        raise Invalid(new.code or "XM", faults)
    normal = NewProject(**{**vars(new), **_normal(facts)})
    code = new.code or next_codes(today.year, 1)[0]
    for_office = not acting.capacity.startswith("officer:")
    rows = Rows()
    add_project(rows, normal, code, Entering(by.actor, at, today, for_office))
    put_documents(documents, by=acting, at=at)
    write(rows, by=acting, at=at)
    return code


def write(rows: Rows, *, by: By, at: datetime) -> None:
    """Write the rows of new projects; the calling command has asked who may."""
    for new in rows.commitments:
        kind_named(new.kind)
    if rows.commitments:
        put_commitments(rows.commitments, visibility=Visibility.REVIEW, by=by, at=at)
    record_new(rows.projects, verb="project.registered", by=by, at=at)
    record_new(rows.stages, verb="project_stage.registered", by=by, at=at)
    record_new(rows.years, verb="project_year.registered", by=by, at=at)
    record_new(rows.permits, verb="project_permit.registered", by=by, at=at)
    record_new(noted(rows.figures), verb="project_figure.reported", by=by, at=at)


@command("project.accept")
def accept(*, project: str, by: Viewer, at: datetime, version: int | None = None) -> None:
    """Take a project that its unit entered onto the register.

    Raises `UnknownProject`, `NotAllowed`, `AlreadyJudged`, `StaleVersion`.
    """
    row = fetch_project(project, by, version)
    acting = act_as_confirming(row, by)
    if row.confirmed_at is not None:
        raise AlreadyJudged(row.code, "已登记")
    if last_actor(row.subject, "project.registered") == by.actor:
        raise NotAllowed("登记人不能核实自己登记的项目", place=row.code)
    row.confirmed_by, row.confirmed_at = by.actor, at
    record(row, verb="project.accepted", by=acting, at=at)
    recount(names=NAMES, at=at, by=by)


@command("project.revise")
def revise(
    *,
    project: str,
    facts: Mapping[str, Scalar],
    by: Viewer,
    at: datetime,
    version: int | None = None,
) -> None:
    """State facts of a project otherwise; the former ones stay on the ledger.

    `facts` maps names of `content.FACTS` to values. Promises are not touched: they change by
    request. Raises `UnknownProject`, `NotAllowed`, `Invalid`, `StaleVersion`.
    """
    row = fetch_project(project, by, version)
    acting = act_as_keeping(row, by)
    faults = fact_faults(facts)
    if not set(facts) <= set(FACTS):
        raise UnknownProject("、".join(sorted(set(facts) - set(FACTS))))
    code = str(facts.get("national_code") or "")
    same = Project.objects.filter(office=row.office_id, national_code=code).exclude(pk=row.pk)
    if code and same.exists():
        faults.append(("national_code", f"项目代码 {code} 已登记"))
    if faults:
        raise Invalid(row.code, faults)
    set_facts(row, _normal(facts))
    record(row, verb="project.revised", by=acting, at=at)


def set_facts(row: Project, facts: Mapping[str, Scalar]) -> None:
    """Put facts into a row that is then recorded."""
    for name, value in facts.items():
        setattr(row, KEYS.get(name, name), value)
    row.section, row.division = row.industry[:1], row.industry[1:3]


@command("project.withdraw")
def withdraw(*, project: str, by: Viewer, at: datetime, version: int | None = None) -> None:
    """Take a project off the register (撤销); its promises go on until they are ended themselves.

    Raises `UnknownProject`, `NotAllowed`, `AlreadyJudged`, `StaleVersion`.
    """
    row = fetch_project(project, by, version)
    acting = act_as_confirming(row, by)
    if row.withdrawn_date is not None:
        raise AlreadyJudged(row.code, "已撤销")
    row.withdrawn_date = civil_date(at)
    record(row, verb="project.withdrawn", by=acting, at=at)
    recount(names=NAMES, at=at, by=by)


# ── stages ───────────────────────────────────────────────────────────────────────────────────────


def _stage(project: Project, stage: Stage) -> ProjectStage:
    """The row of a stage, locked; a new one where there is none."""
    code = f"{project.code}/{stage.value}"
    found = ProjectStage.objects.select_for_update(of=("self",)).filter(pk=code).first()
    return found or ProjectStage(
        code=code, project_id=project.code, stage=stage.value, rank=RANK[stage]
    )


@command("project.plan_stage")
def plan_stage(
    *,
    project: str,
    stage: Stage,
    planned: date | None,
    promised: bool,
    by: Viewer,
    at: datetime,
) -> str:
    """State when a stage is planned; with `promised` it becomes a promise, whose code is returned.

    Raises `UnknownProject`, `NotAllowed`, `AlreadyPromised`, `AlreadyReached`, `Invalid`.
    """
    row = fetch_project(project, by)
    acting = act_as_keeping(row, by)
    held = _stage(row, stage)
    label = STAGE_LABELS[stage]
    if held.commitment_id is not None:
        raise AlreadyPromised(row.code, label, held.commitment_id)
    if held.reached_date is not None and promised:
        raise AlreadyReached(row.code, label)
    if promised and row.unit_id is None:
        raise Invalid(row.code, [("promised", f"没有责任单位，“{label}”不能成为承诺")])
    verb = "project_stage.planned" if held.version else "project_stage.registered"
    held.planned_date = planned
    if promised:
        held.commitment_id = _promise(row, stage, planned, acting, at)
    record(held, verb=verb, by=acting, at=at)
    return held.commitment_id or ""


def _promise(row: Project, stage: Stage, planned: date | None, by: By, at: datetime) -> str:
    rows = Rows()
    new = NewProject(
        name=row.name,
        office=row.office_id,
        document=row.document_id,
        place=row.place,
        heading=row.heading,
        unit=row.unit_id,
    )
    entering = Entering(by.actor, at, civil_date(at), for_office=True)
    add_stage(rows, new, row.code, NewStage(stage=stage, planned=planned, promised=True), entering)
    put_commitments(rows.commitments, visibility=Visibility.REVIEW, by=by, at=at)
    return rows.commitments[0].code


@command("project.declare_reached")
def declare_reached(
    *,
    project: str,
    stage: Stage,
    reached: date,
    note: str,
    by: Viewer,
    at: datetime,
) -> None:
    """Declare that a project reached a stage on a day; the office then confirms it.

    A promised stage is declared delivered (申请销号) on its commitment. Raises `UnknownProject`,
    `NotAllowed`, `AlreadyReached`, `Invalid`, and what delivering raises.
    """
    row = fetch_project(project, by)
    held = _stage(row, stage)
    if held.commitment_id is not None:
        delivering.deliver(
            commitment=held.commitment_id, delivered_date=reached, note=note, by=by, at=at
        )
        return
    acting = act_as_entering(row, by)
    if held.reached_date is not None:
        raise AlreadyReached(row.code, STAGE_LABELS[stage])
    faults = note_faults("note", "完成情况", note)
    if reached > civil_date(at):
        faults.append(("reached", f"{reached} 还没有到"))
    if faults:
        raise Invalid(row.code, faults)
    held.reached_date, held.entered_by = reached, by.actor
    held.remark_text = put_text(note)
    record(held, verb="project_stage.reached", by=acting, at=at)


@command("project.confirm_reached")
def confirm_reached(*, project: str, stage: Stage, note: str, by: Viewer, at: datetime) -> None:
    """Confirm, as somebody else than who declared it, that a stage was reached.

    A promised stage is verified on its commitment. What is counted from the register is counted
    anew. Raises `UnknownProject`, `NotAllowed`, `NotReached`, `AlreadyJudged`, `Invalid`, and what
    verifying raises.
    """
    _confirm(project, stage, note, by, at)
    recount(names=names_of_stage(stage), at=at, by=by)


@command("project.confirm_stages")
def confirm_stages(
    *, projects: Sequence[str], stage: Stage, note: str, by: Viewer, at: datetime
) -> None:
    """Confirm the same stage of many projects, all or nothing, and count once; see above."""
    for project in projects:
        _confirm(project, stage, note, by, at)
    recount(names=names_of_stage(stage), at=at, by=by)


def _confirm(project: str, stage: Stage, note: str, by: Viewer, at: datetime) -> None:
    row = fetch_project(project, by)
    held = _stage(row, stage)
    if held.commitment_id is not None:
        judge.verify(commitment=held.commitment_id, note=note, by=by, at=at)
        return
    acting = _judging(row, held, note, by)
    held.confirmed_by, held.confirmed_at = by.actor, at
    held.remark_text = put_text(note)
    record(held, verb="project_stage.confirmed", by=acting, at=at)


@command("project.return_reached")
def return_reached(*, project: str, stage: Stage, reason: str, by: Viewer, at: datetime) -> None:
    """Send a declared stage back: it counts as not reached again.

    Raises `UnknownProject`, `NotAllowed`, `NotReached`, `AlreadyJudged`, `Invalid`, and what
    rejecting a delivery raises.
    """
    row = fetch_project(project, by)
    held = _stage(row, stage)
    if held.commitment_id is not None:
        judge.reject(commitment=held.commitment_id, note=reason, by=by, at=at)
        return
    acting = _judging(row, held, reason, by)
    held.reached_date, held.entered_by = None, ""
    held.remark_text = put_text(reason)
    record(held, verb="project_stage.returned", by=acting, at=at)


def _judging(row: Project, held: ProjectStage, note: str, by: Viewer) -> By:
    acting = act_as_confirming(row, by)
    label = STAGE_LABELS[Stage(held.stage)]
    if held.reached_date is None:
        raise NotReached(row.code, label)
    if held.confirmed_at is not None:
        raise AlreadyJudged(held.code, "已核实")
    if held.entered_by == by.actor:
        raise NotAllowed("申报的人不能核实自己的申报", place=held.code)
    faults = note_faults("note", "核实情况", note)
    if faults:
        raise Invalid(row.code, faults)
    return acting


# ── permits, exemptions ──────────────────────────────────────────────────────────────────────────


@command("project.add_permit")
def add_permit(*, project: str, permit: NewPermit, by: Viewer, at: datetime) -> str:
    """Put a permit on a project and return its code. Raises `NotAllowed`, `Invalid`."""
    row = fetch_project(project, by)
    acting = act_as_keeping(row, by)
    faults = []
    if not permit.kind.strip():
        faults.append(("kind", "请填写许可名称"))
    if permit.day is not None and permit.day > civil_date(at):
        faults.append(("day", f"发证日期 {permit.day} 还没有到"))
    rows = Permit.objects.filter(project=row)
    if rows.filter(kind=permit.kind, number=permit.number).exists():
        faults.append(("number", "这件许可已登记"))
    if faults:
        raise Invalid(row.code, faults)
    made = Permit(
        code=f"{row.code}/P{rows.count() + 1}",
        project=row,
        kind=permit.kind,
        number=permit.number,
        day=permit.day,
        issuer=permit.issuer,
    )
    record(made, verb="project_permit.registered", by=acting, at=at)
    return made.code


@command("project.exempt")
def exempt(
    *,
    project: str,
    dimension: Dimension,
    reason: str,
    from_date: date,
    until_date: date,
    by: Viewer,
    at: datetime,
) -> str:
    """Find a good reason (正当理由) for being late in one dimension until a day; returns its code.

    Raises `UnknownProject`, `NotAllowed`, `Invalid`.
    """
    row = fetch_project(project, by)
    acting = act_as_confirming(row, by)
    faults = note_faults("reason", "理由", reason)
    if until_date < from_date:
        faults.append(("until_date", "止于的日期早于起始日期"))
    if faults:
        raise Invalid(row.code, faults)
    made = ProjectExemption(
        code=f"{row.code}/X{ProjectExemption.objects.filter(project=row).count() + 1}",
        project=row,
        dimension=dimension.value,
        reason_text=put_text(reason),
        from_date=from_date,
        until_date=until_date,
        granted_by=by.actor,
    )
    record(made, verb="project_exemption.granted", by=acting, at=at)
    return made.code


# ── who may see it ───────────────────────────────────────────────────────────────────────────────


@command("project.publish")
def publish_projects(
    *, projects: Sequence[str], visibility: Visibility, by: Viewer, at: datetime
) -> None:
    """Set who may see projects and the promises of their own making; all or nothing.

    The reviewer is not the person who registered them. A promise that stood before the project
    and is only linked keeps its own visibility. Raises `UnknownProject`, `NotAllowed`, `Invalid`.
    """
    for start in range(0, len(projects), ASK):
        some = fetch_projects(projects[start : start + ASK], by)
        registered = last_actors([row.subject for row in some], "project.registered")
        for row in some:
            acting = act_as_confirming(row, by)
            if registered.get(row.subject) == by.actor:
                raise NotAllowed("登记人不能审查自己登记的项目", place=row.code)
            if row.visibility == visibility:
                raise Invalid(row.code, [("visibility", "已经是这个公开类型")])
            row.visibility = visibility
            record(row, verb="project.published", by=acting, at=at)
    publish.publish(
        commitments=_own_promises(projects, visibility), visibility=visibility, by=by, at=at
    )


def _own_promises(projects: Sequence[str], visibility: Visibility) -> list[str]:
    """Codes of the promises made by the register whose visibility differs."""
    found = []
    for start in range(0, len(projects), ASK):
        some = projects[start : start + ASK]
        for model in (ProjectStage, ProjectYear):
            rows = model.objects.filter(project__in=some, commitment__isnull=False).exclude(
                commitment__visibility=visibility
            )
            found += [
                commitment
                for project, commitment in rows.values_list("project", "commitment")
                if commitment.startswith(f"{project}-")
            ]
    return found


@command("project.publish_batches")
def publish_batches(
    *, batches: Sequence[str], visibility: Visibility, by: Viewer, at: datetime
) -> None:
    """Set who may see batches; all or nothing. The reviewer is not who registered them.

    Raises `UnknownProject`, `NotAllowed`, `Invalid`.
    """
    for code in batches:
        row = Batch.objects.select_for_update(of=("self",)).filter(pk=code).first()
        if row is None:
            raise UnknownProject(code)
        if row.office_id not in by.supervisor_of:
            raise NotAllowed("只有登记单位的督查人可以审查公开", place=code)
        if last_actor(row.subject, "project_batch.registered") == by.actor:
            raise NotAllowed("登记人不能审查自己登记的内容", place=code)
        if row.visibility == visibility:
            raise Invalid(code, [("visibility", "已经是这个公开类型")])
        row.visibility = visibility
        acting = by.acting("supervisor", row.office_id)
        record(row, verb="project_batch.published", by=acting, at=at)
