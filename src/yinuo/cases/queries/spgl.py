"""What stands here as SPGL tables: flows, projects, developers, items with their events."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from yinuo.cases.access.buildings import visible_buildings
from yinuo.cases.construction.codes import Handling
from yinuo.cases.construction.flow import Flow, limit_of
from yinuo.cases.construction.spgl import layout
from yinuo.cases.construction.spgl.projects import JOINED, money_text
from yinuo.cases.construction.spgl.values import moment_text
from yinuo.cases.in_force.flows import flows
from yinuo.cases.life import CaseStatus, Decision, EventKind
from yinuo.cases.models import BuildingProject, Case, CaseEvent, Correction, Works
from yinuo.commitments.wording import short_wording
from yinuo.content.calendars import working_calendar
from yinuo.kernel.instants import civil_date
from yinuo.parties.queries import public_unit_names
from yinuo.parties.viewer import Viewer

Table = list[dict[str, str]]
WORKING_DAYS = "1"
"""特别程序时限类型: 工作日."""
DECIDED = {
    Decision.APPROVED: Handling.APPROVED,
    Decision.APPROVED_WITH_GAP: Handling.APPROVED_WITH_GAP,
    Decision.DENIED: Handling.DENIED,
}
ENDED = {
    CaseStatus.REFUSED: Handling.REFUSED,
    CaseStatus.WITHDRAWN: Handling.WITHDRAWN,
    CaseStatus.REVOKED: Handling.REVOKED,
}


def spgl_tables(
    *, viewer: Viewer, region: str, developer_type: str, projects: Sequence[str] = ()
) -> Mapping[str, Table]:
    """The tables of the projects that the viewer may see, or of some of them.

    Names of persons are not in them. `region`: XZQHDM of every row.
    """
    rows = BuildingProject.objects.filter(visible_buildings(viewer)).select_related("developer")
    if projects:
        rows = rows.filter(pk__in=projects)
    found = list(rows.order_by("code"))
    codes = [row.code for row in found]
    works: dict[str, list[Works]] = defaultdict(list)
    for one in Works.objects.filter(project__in=codes).order_by("code"):
        works[one.project_id].append(one)
    cases = list(
        Case.objects.filter(joint__project__in=codes)
        .select_related("item_version", "joint")
        .order_by("code")
    )
    handled = _handled(cases, works)
    stops = _of_cases(cases)
    tables: dict[str, Table] = {
        layout.FLOW.code: [_flow(flow) for flow in flows()],
        layout.STAGE.code: [row for flow in flows() for row in _stages(flow)],
        layout.STAGE_ITEM.code: [row for flow in flows() for row in _items(flow)],
        layout.PROJECT.code: list(_projects(found, works)),
        layout.PARTY.code: list(_parties(found, works, developer_type)),
        layout.HANDLED.code: handled,
        layout.EVENT.code: list(_events(cases, works, stops)),
        layout.SPECIAL.code: list(_specials(cases, works, stops)),
    }
    for code, table in tables.items():
        for number, line in enumerate(table, start=1):
            line.setdefault("DFSJZJ", f"{code[-8:]}-{number}")
            line |= {"XZQHDM": region, "SJYXBS": "1", "SJSCZT": "0"}
    return tables


def _flow(flow: Flow) -> dict[str, str]:
    return {
        "SPLCBM": flow.code,
        "SPLCBBH": flow.version,
        "SPLCMC": flow.name,
        "SPLCLX": flow.kind,
    }


def _stages(flow: Flow) -> Iterable[dict[str, str]]:
    for stage in flow.stages:
        yield {
            "SPLCBM": flow.code,
            "SPLCBBH": flow.version,
            "SPJDBM": stage.code,
            "SPJDMC": stage.name,
            "SPJDXH": str(stage.order),
            "DYBZSPJDXH": stage.standard,
            "SPJDSX": str(limit_of(stage.limit).number),
        }


def _items(flow: Flow) -> Iterable[dict[str, str]]:
    names = public_unit_names()
    for stage in flow.stages:
        for item in stage.items:
            yield {
                "SPLCBM": flow.code,
                "SPLCBBH": flow.version,
                "SPJDBM": stage.code,
                "SPSXBM": item.code,
                "SPSXMC": item.name,
                "DYBZSPSXBM": item.standard,
                "SPSXBLSX": str(limit_of(item.promised).number),
                "SPBMBM": item.unit,
                "SPBMMC": names.get(item.unit, ""),
                "QZSPSXBM": JOINED.join(item.previous),
                "SFLCBSX": "1" if item.code == stage.milestone else "0",
            }


def _projects(
    rows: Sequence[BuildingProject], works: Mapping[str, list[Works]]
) -> Iterable[dict[str, str]]:
    contents = short_wording([row.content_text for row in rows])
    for row in rows:
        days = {
            "NKGSJ": row.planned_start,
            "NJCSJ": row.planned_finish,
            "XMWQBJSJ": row.finished_date,
            "SBSJ": row.declared_date,
        }
        plain = {
            **row.spgl,
            "XMDM": row.code,
            "XMMC": row.title,
            "SPLCLX": row.kind,
            "XMSFWQBJ": "1" if row.finished_date else "0",
            "ZTZE": money_text(row.total_fen),
            "JSDDXZQH": row.region,
            "JSDD": row.site,
            "JSGMJNR": contents.get(row.content_text, ""),
            "YDMJ": row.land_area,
            "JZMJ": row.building_area,
            "SPLCBM": row.flow,
            "SPLCBBH": row.flow_version,
            **{name: day.isoformat() for name, day in days.items() if day},
        }
        if row.region_assessed is not None:
            plain["SFWCQYPG"] = "1" if row.region_assessed else "0"
        for one in works[row.code]:
            before = JOINED.join(one.previous)
            yield {**plain, "GCDM": one.code, "GCFW": one.scope, "QJDGCDM": before}


def _parties(
    rows: Sequence[BuildingProject], works: Mapping[str, list[Works]], developer_type: str
) -> Iterable[dict[str, str]]:
    """The developers that are firms; a person is not exported."""
    firms = [row for row in rows if row.developer and row.developer.credit_code]
    names = short_wording([row.developer.name_text for row in firms if row.developer])
    for row in firms:
        for one in works[row.code] if row.developer else ():
            assert row.developer is not None  # noqa: S101  # filtered above
            yield {
                "XMDM": row.code,
                "GCDM": one.code,
                "DWLX": developer_type,
                "DWMC": names[row.developer.name_text],
                "DWTYSHXYDM": row.developer.credit_code,
            }


def _key(row: Case) -> str:
    """审批事项实例编码: the number of the source where the case came from one."""
    return row.source_code or row.code


def _works_of(row: Case, works: Mapping[str, list[Works]]) -> str:
    """The works of a case; cases here are about the whole project, so its first."""
    project = str(row.joint.project_id) if row.joint else ""
    return works[project][0].code


def _handled(cases: Sequence[Case], works: Mapping[str, list[Works]]) -> Table:
    names = public_unit_names()
    return [
        {
            "GCDM": _works_of(row, works),
            "SPSXBM": row.item_version.item_id,
            "SPSXBBH": str(row.item_version.number),
            "SPLCBM": row.joint.project.flow if row.joint and row.joint.project else "",
            "SPSXSLBM": _key(row),
            "SPBMBM": row.unit_id,
            "SPBMMC": names.get(row.unit_id, ""),
            "BLSPSLBM": str(row.joint_id).removeprefix("LB-"),
            "SXBLSX": str(limit_of(row.item_version.promised_limit).number),
        }
        for row in cases
    ]


def _of_cases(cases: Sequence[Case]) -> Mapping[str, list[CaseEvent]]:
    """Events of the clocks, by case."""
    found: dict[str, list[CaseEvent]] = defaultdict(list)
    codes = [row.code for row in cases]
    for event in CaseEvent.objects.filter(case__in=codes).order_by("number"):
        found[event.case_id].append(event)
    return found


def _specials(
    cases: Sequence[Case],
    works: Mapping[str, list[Works]],
    stops: Mapping[str, list[CaseEvent]],
) -> Iterable[dict[str, str]]:
    """特别程序 by name; its code (TBCX) is left out, because the list of codes is the city's."""
    calendar = working_calendar()
    for row in cases:
        for one in _standing(stops.get(row.code, ())):
            if one.kind != EventKind.STOP or one.happened_at is None:
                continue
            line = {
                "GCDM": _works_of(row, works),
                "SPSXSLBM": _key(row),
                "DFSJZJ": one.code,
                "TBCXMC": one.ground,
                "TBCXKSSJ": moment_text(one.happened_at),
            }
            if one.planned_until is not None:
                since = civil_date(one.happened_at)
                days = calendar.working_days_between(since, one.planned_until)
                line |= {"TBCXSXLX": WORKING_DAYS, "TBCXSX": str(days)}
            yield line


def _events(
    cases: Sequence[Case],
    works: Mapping[str, list[Works]],
    stops: Mapping[str, list[CaseEvent]],
) -> Iterable[dict[str, str]]:
    codes = [row.code for row in cases]
    asked: dict[str, list[Correction]] = defaultdict(list)
    for one in Correction.objects.filter(case__in=codes).order_by("number"):
        asked[one.case_id].append(one)
    for row in cases:
        lines = [*_steps(row), *_stops(stops.get(row.code, ())), *_corrections(asked[row.code])]
        for what, at, key, said, noted in sorted(lines, key=lambda line: (line[1], int(line[0]))):
            yield {
                "GCDM": _works_of(row, works),
                "SPSXSLBM": _key(row),
                "BLZT": str(what),
                "BLSJ": moment_text(at),
                "BLYJ": said,
                **({"DFSJZJ": key} if key else {}),
                **({"GXSJ": moment_text(noted)} if noted else {}),
            }


Told = tuple[Handling, datetime, str, str, datetime | None]


def _steps(row: Case) -> Iterable[Told]:
    yield Handling.RECEIVED, row.received_at, "", "", None
    if row.accepted_at:
        yield Handling.ACCEPTED, row.accepted_at, "", "", None
    if row.decided_at and row.decision:
        yield DECIDED[Decision(row.decision)], row.decided_at, "", "", None
    if row.ended_at and row.status in ENDED:
        yield ENDED[CaseStatus(row.status)], row.ended_at, "", "", None


def _stops(events: Sequence[CaseEvent]) -> Iterable[Told]:
    """A stop and its end carry the same key."""
    for one in _standing(events):
        if one.happened_at is None:
            continue
        if one.kind == EventKind.STOP:
            yield Handling.SPECIAL, one.happened_at, one.code, one.ground, one.noted_at
        elif one.kind == EventKind.RESUME:
            yield Handling.SPECIAL_ENDED, one.happened_at, one.refers, "", one.noted_at


def _standing(events: Sequence[CaseEvent]) -> list[CaseEvent]:
    """Without those that were removed."""
    gone = {one.refers for one in events if one.kind == EventKind.REMOVAL}
    return [one for one in events if one.code not in gone and one.refers not in gone]


def _corrections(asked: Sequence[Correction]) -> Iterable[Told]:
    for one in asked:
        yield Handling.CORRECTION, one.asked_at, one.code, "", None
        if one.answered_at:
            yield Handling.CORRECTED, one.answered_at, one.code, "", None
