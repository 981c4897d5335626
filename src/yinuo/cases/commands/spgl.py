"""Taking in SPGL tables: projects, works, developers, items with their events.

Every row is accepted, known already, or kept aside with its reason; the three add up. Nothing
that stands here is overwritten: a row that says something else than what is known is kept aside.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from yinuo.cases.access.buildings import act_for_office
from yinuo.cases.commands.applicants import NewApplicant, applicant_faults, put_applicant
from yinuo.cases.commands.building import building_row, works_row
from yinuo.cases.commands.handled import put_handled
from yinuo.cases.construction.project import total_fen
from yinuo.cases.construction.spgl.events import handled
from yinuo.cases.construction.spgl.layout import (
    EVENT,
    FLOW,
    HANDLED,
    PARTY,
    PROJECT,
    SPECIAL,
    STAGE,
    STAGE_ITEM,
)
from yinuo.cases.construction.spgl.projects import Stated, projects
from yinuo.cases.construction.spgl.reading import CODE, Aside, Row, Tables
from yinuo.cases.in_force.flows import flows
from yinuo.cases.models import BuildingProject, Case, SpglAside, SpglBatch, Works
from yinuo.kernel.canonical import canonical_bytes
from yinuo.kernel.errors import Finding, YinuoError
from yinuo.kernel.instants import civil_date
from yinuo.kernel.spreadsheet.cells import Progress, silent
from yinuo.kernel.watched import watched
from yinuo.ledger.commands.recording import By, command, one_at_a_time, put_text, record
from yinuo.parties.viewer import Viewer

LOCK = 0x7961_5350
"""Key of the PostgreSQL advisory lock that lets one batch be taken in at a time."""
LONGEST_RULE, LONGEST_PLACE = 500, 120


@dataclass(frozen=True, kw_only=True)
class Batch:
    """What became of the rows: `read == accepted + aside + duplicate`."""

    code: str
    read: int
    accepted: int
    aside: int
    duplicate: int
    findings: tuple[Finding, ...]
    late_stops: tuple[str, ...]
    """Stops that the source wrote down more than a day after they began, in words."""


@dataclass
class _Work:
    """A batch while it is taken in."""

    office: str
    by: By
    at: datetime
    developer_type: str
    progress: Progress
    accepted: int = 0
    duplicate: int = 0
    aside: list[Aside] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    late_stops: list[str] = field(default_factory=list)

    def put_aside(self, row: Row, rule: str, next_step: str = "改正后再次导入") -> None:
        """Keep a row aside, with the reason."""
        found = Finding(code=CODE, file=row.place, rule=rule, next_step=next_step)
        self.findings.append(found)
        self.aside.append(Aside(row.table.code, row.place, row.raw, found))


@command("spgl.take_in")
def take_in(
    *,
    tables: Tables,
    office: str,
    file: str,
    sha256: str,
    developer_type: str,
    by: Viewer,
    at: datetime,
    progress: Progress = silent,
) -> Batch:
    """Take in tables that were read, for the unit that leads.

    `developer_type` is the 单位类型 DWLX of a 建设单位: the code list is the city's.
    Raises `NotAllowed`.
    """
    acting = act_for_office(office, by, place=file)
    one_at_a_time(LOCK)
    work = _Work(office, acting, at, developer_type, progress)
    work.aside += tables.aside
    work.findings += tables.findings
    _flows(work, tables)
    _projects(work, tables.of(PROJECT))
    _developers(work, tables.of(PARTY))
    _handled(work, tables)
    return _batch(work, tables.read, file, sha256)


def _flows(work: _Work, tables: Tables) -> None:
    """Flows stand in `content/construction/`; rows about known ones say nothing new."""
    known = {flow.code for flow in flows()}
    for row in (*tables.of(FLOW), *tables.of(STAGE), *tables.of(STAGE_ITEM)):
        if row.text("SPLCBM") in known:
            work.duplicate += 1
        else:
            rule = f"流程 {row.text('SPLCBM')} 没有登记，导入不改流程"
            work.put_aside(row, rule, "先在 content/construction/ 中登记这个流程")


def _projects(work: _Work, rows: Iterable[Row]) -> None:
    every = flows()
    kinds = [flow.kind for flow in every]
    single = {flow.kind: flow.code for flow in every if kinds.count(flow.kind) == 1}
    found = projects(rows, flow_of_kind=single, today=civil_date(work.at))
    for row, fault in found.aside:
        work.put_aside(row, fault.rule, fault.next_step)
    codes = {flow.code for flow in every}
    for stated in watched(found.good, "登记项目", work.progress):
        if stated.new.flow not in codes:
            for row in stated.rows:
                work.put_aside(row, f"没有代码为 {stated.new.flow or '（空）'} 的审批流程")
            continue
        _project(work, stated)


def _project(work: _Work, stated: Stated) -> None:
    row = BuildingProject.objects.filter(pk=stated.new.code).first()
    if row is None:
        row = building_row(
            stated.new,
            office=work.office,
            flow_kind=stated.kind,
            flow_version=stated.flow_version,
        )
        row.spgl, row.finished_date = dict(stated.kept), None
        record(row, verb="building.imported", by=work.by, at=work.at)
    elif wrong := _said_otherwise(row, stated):
        for one in stated.rows:
            work.put_aside(one, f"项目已经登记，内容不同：{'、'.join(wrong)}；不覆盖")
        return
    for one, new in zip(stated.rows, stated.new.works, strict=True):
        known = Works.objects.filter(pk=new.code).first()
        if known is None:
            record(works_row(row.code, new), verb="works.registered", by=work.by, at=work.at)
            work.accepted += 1
        elif known.project_id != row.code:
            work.put_aside(one, f"工程代码 {new.code} 已经登记在别的项目")
        else:
            work.duplicate += 1


def _said_otherwise(row: BuildingProject, stated: Stated) -> list[str]:
    """What a registered project says otherwise; its content is a text and not compared."""
    new = stated.new
    said = {
        "项目名称": (row.title, " ".join(new.title.split())),
        "审批流程": (row.flow, new.flow),
        "建设地点": (row.site, new.site),
        "总投资": (row.total_fen, total_fen(new.total) if new.total else None),
        "申报时间": (row.declared_date, new.declared_date),
    }
    return [label for label, (here, there) in said.items() if here != there]


def _developers(work: _Work, rows: Sequence[Row]) -> None:
    for row in watched(rows, "登记建设单位", work.progress):
        works = Works.objects.filter(pk=row.text("GCDM")).select_related("project").first()
        if row.text("DWLX") != work.developer_type:
            work.put_aside(
                row, f"单位类型 {row.text('DWLX')} 不是建设单位，没有采用", "不影响其他行"
            )
        elif works is None:
            work.put_aside(row, f"工程 {row.text('GCDM')} 没有登记")
        else:
            _developer(work, row, works.project)


def _developer(work: _Work, row: Row, project: BuildingProject) -> None:
    new = NewApplicant(kind="firm", name=row.text("DWMC"), number=row.text("DWTYSHXYDM"))
    faults = applicant_faults(new, today=civil_date(work.at))
    if faults:
        work.put_aside(row, "；".join(what for _, what in faults))
        return
    if project.developer_id is not None:
        work.duplicate += 1
        return
    project.developer = put_applicant(new, trusted=True, by=work.by, at=work.at)
    record(project, verb="building.developer_named", by=work.by, at=work.at)
    work.accepted += 1


def _handled(work: _Work, tables: Tables) -> None:
    """Items with their events: each whole, or aside with all its rows."""
    events: dict[str, list[Row]] = {}
    for row in (*tables.of(EVENT), *tables.of(SPECIAL)):
        events.setdefault(row.text("SPSXSLBM"), []).append(row)
    found, faults = handled(tables)
    work.findings += faults
    wrong = {fault.file: fault.rule for fault in faults}
    by_key = {one.key: one for one in found}
    for row in watched(tables.of(HANDLED), "登记办件", work.progress):
        key = row.text("SPSXSLBM")
        those = events.get(key, [])
        bad = next((wrong[one.place] for one in (row, *those) if one.place in wrong), "")
        one = by_key.get(key)
        if one is None or bad:
            _all_aside(work, row, those, bad or "没有任何办理详细信息")
            continue
        if Case.objects.filter(source=_source(work), source_code=key).exists():
            work.duplicate += 1 + len(those)
            continue
        try:
            put_handled(one, source=_source(work), by=work.by, at=work.at)
        except YinuoError as error:
            _all_aside(work, row, those, f"{error.what}（{error.place}）")
            continue
        work.accepted += 1 + len(those)
        work.late_stops += [
            f"{key} {stop.ground} {civil_date(stop.since)} 开始，{civil_date(stop.noted_at)} 才记"
            for stop in one.late_stops
            if stop.noted_at is not None
        ]


def _source(work: _Work) -> str:
    return f"spgl:{work.office}"


def _all_aside(work: _Work, row: Row, events: Iterable[Row], rule: str) -> None:
    work.put_aside(row, rule)
    for one in events:
        work.put_aside(one, f"所属的办件已搁置：{rule}")


def _batch(work: _Work, read: int, file: str, sha256: str) -> Batch:
    start = f"SPGL-{civil_date(work.at).year}-"
    number = SpglBatch.objects.filter(code__startswith=start).count() + 1
    row = SpglBatch(
        code=f"{start}{number:04}",
        office_id=work.office,
        file=file[-200:],
        sha256=sha256,
        read=read,
        accepted=work.accepted,
        aside=len(work.aside),
        duplicate=work.duplicate,
    )
    record(row, verb="spgl.taken_in", by=work.by, at=work.at)
    for place, one in enumerate(work.aside, start=1):
        aside = SpglAside(
            code=f"{row.code}/{place}",
            batch=row,
            table=one.table,
            place=one.place[-LONGEST_PLACE:],
            rule=one.finding.rule[:LONGEST_RULE],
            values_text=put_text(canonical_bytes(dict(one.raw)).decode()),
        )
        record(aside, verb="spgl.kept_aside", by=work.by, at=work.at)
    return Batch(
        code=row.code,
        read=read,
        accepted=row.accepted,
        aside=row.aside,
        duplicate=row.duplicate,
        findings=tuple(work.findings),
        late_stops=tuple(work.late_stops),
    )
