"""Investment leads of the demo year: the trip that the report tells of, and made-up ones."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from yinuo.commitments.commands.signing import sign
from yinuo.goals.commands import lead_landing, leads, projects
from yinuo.goals.commands.lead_import import take_in
from yinuo.goals.commands.lead_projects import Asked, to_project
from yinuo.goals.leads.book import check_bytes
from yinuo.goals.leads.register import NewLead
from yinuo.goals.leads.stages import FactKind, Origin
from yinuo.goals.projects.stages import Stage
from yinuo.goals.queries.lead_detail import lead
from yinuo.goals.queries.lead_preview import known_to_books
from yinuo.kernel.content import content_dir
from yinuo.kernel.instants import civil_date
from yinuo.kernel.uscc import check_character
from yinuo.project.event import instant
from yinuo.project.simulated_goals import Act, Cast

TRIP = "CF-DL-034"
VISITED = 15
SIGN_BY = date(2024, 4, 10)
START_BY = date(2024, 6, 30)
FOLLOWED = ("2024-04-16", "2024-06-18", "2024-09-10", "2024-12-03")
"""Days on which whoever is still in touch notes it."""


@dataclass(frozen=True)
class Agreement:
    """A made-up agreement and how far it came, by day."""

    title: str
    firm: str
    unit: str
    industry: str
    signed: str
    undertaken: bool = True
    registered: str = ""
    became: str = ""
    """The day on which it became a project."""
    started: str = ""
    paid: str = ""
    quiet: bool = False
    """Whether nobody was in touch after the signing."""


AGREEMENTS = (
    Agreement(
        *("演示：精密轴承制造基地", "演示境外企业甲", "金普新区", "C34", "2024-02-23"),
        registered="2024-04-08",
        became="2024-05-10",
        started="2024-06-18",
        paid="2024-07-16",
    ),
    Agreement(
        *("演示：氢能燃料电池材料", "演示境外企业乙", "长兴岛经济区", "C26", "2024-02-26"),
        registered="2024-05-21",
        became="2024-08-12",
        started="2024-11-05",
        paid="2024-12-10",
    ),
    Agreement(
        *("演示：跨境数据标注中心", "演示境外企业丙", "大连高新区", "I65", "2024-02-27"),
        registered="2024-06-06",
        became="2024-06-20",
    ),
    Agreement(
        *("演示：冷链分拨中心", "演示境外企业丁", "甘井子区", "G59", "2024-02-22"),
        registered="2024-09-03",
    ),
    Agreement(*("演示：高端预制食品", "演示境外企业戊", "庄河市", "C14", "2024-02-28"), quiet=True),
    Agreement(
        *("演示：船用低碳动力合作", "演示境外企业己", "旅顺口区", "C37", "2024-02-24"), quiet=True
    ),
    Agreement(
        *("演示：海岛旅游运营", "演示境外企业庚", "长海县", "N78", "2024-02-25"), undertaken=False
    ),
    Agreement(
        *("演示：工业软件联合实验室", "演示境外企业辛", "沙河口区", "I65", "2024-02-27"),
        undertaken=False,
        quiet=True,
    ),
    Agreement(
        *("演示：康养护理培训", "演示境外企业壬", "西岗区", "P83", "2024-02-29"),
        undertaken=False,
        quiet=True,
    ),
    Agreement(
        *("演示：再生材料加工", "演示境外企业癸", "瓦房店市", "C42", "2024-02-29"),
        undertaken=False,
    ),
)
"""Ten of those that the report counts and does not name."""


def acts(cast: Cast) -> list[Act]:
    """Everything, in the order of its days."""
    found: list[Act] = [("2024-03-12", lambda: _begin(cast))]
    for number, each in enumerate(AGREEMENTS, start=1):
        found += _story(cast, each, f"XS2024-{number:04}")
    return sorted(found, key=lambda act: act[0])


def _begin(cast: Cast) -> None:
    """The trip as the report tells it, with its agreements and events; and made-up visits."""
    at = instant("2024-03-12")
    path = content_dir() / "goals" / "dalian-2024" / "leads.xlsx"
    known = known_to_books(office=cast.office, viewer=cast.keeper, today=civil_date(at))
    checked = check_bytes(path.read_bytes(), file=path.name, known=known)
    take_in(file=checked, office=cast.office, by=cast.keeper, at=at)
    for number in range(1, VISITED + 1):
        day = date(2024, 2, 20 + number * 9 // VISITED)
        leads.register_lead(new=_visit(number, day, cast), by=cast.keeper, at=at)


def _visit(number: int, day: date, cast: Cast) -> NewLead:
    return NewLead(
        code=f"BF2024-{number:04}",
        office=cast.office,
        origin=Origin.VISIT,
        title=f"演示：拜访第 {number} 家企业",
        firm=f"演示领军企业 {number}",
        delegation=TRIP,
        source="演示数据",
        visited_date=day,
        simulated=True,
    )


def _story(cast: Cast, each: Agreement, code: str) -> list[Act]:
    """What became of one agreement, day by day."""
    found: list[Act] = [("2024-03-12", lambda: _sign(cast, each, code))]
    if each.undertaken:
        found.append(("2024-03-25", lambda: _undertake(cast, each, code)))
    if each.registered:
        found.append((each.registered, lambda: _fact(cast, each, code, FactKind.REGISTERED)))
    if each.became:
        found.append((each.became, lambda: _become(cast, each, code)))
    if each.started:
        found.append((each.started, lambda: _start(cast, each, code)))
    if each.paid:
        found.append((each.paid, lambda: _fact(cast, each, code, FactKind.PAID)))
    touched = () if each.quiet else FOLLOWED
    return [*found, *((day, _contact(code, day, cast, each.unit)) for day in touched)]


def _sign(cast: Cast, each: Agreement, code: str) -> None:
    leads.register_lead(
        new=NewLead(
            code=code,
            office=cast.office,
            unit=cast.staff.codes[each.unit],
            origin=Origin.AGREEMENT,
            title=each.title,
            delegation=TRIP,
            source="演示数据",
            firm=each.firm,
            industry=each.industry,
            foreign=True,
            signed_date=date.fromisoformat(each.signed),
            agreement="agreement",
            intended_value="3.2",
            intended_unit="亿元",
            simulated=True,
        ),
        by=cast.keeper,
        at=instant("2024-03-12"),
    )


def _undertake(cast: Cast, each: Agreement, code: str) -> None:
    """The unit undertakes to land it, and signs for that."""
    promise = lead_landing.undertake(
        lead=code,
        title=f"{each.title.removeprefix('演示：')}落地开工（演示）",
        due=START_BY if each.started else date(2024, 12, 31),
        sign_by=SIGN_BY,
        by=cast.keeper,
        at=instant("2024-03-25"),
    )
    unit = cast.staff.codes[each.unit]
    officer = cast.staff.officers[each.unit]
    sign(signings=[f"{promise}/{unit}"], by=officer, at=instant("2024-03-28"))


def _fact(cast: Cast, each: Agreement, code: str, kind: FactKind) -> None:
    """A registration or a payment, reported by the unit and confirmed by the office."""
    day = each.registered if kind is FactKind.REGISTERED else each.paid
    body = f"91210200MA{AGREEMENTS.index(each) + 1:07}"
    firm = f"大连{each.title.removeprefix('演示：')}有限公司（演示）"
    new = lead_landing.NewFact(
        kind=kind,
        day=date.fromisoformat(day),
        firm=firm if kind is FactKind.REGISTERED else "",
        credit_code=body + check_character(body) if kind is FactKind.REGISTERED else "",
        value="1.1" if kind is FactKind.PAID else "",
        unit="亿元" if kind is FactKind.PAID else "",
        evidence="营业执照（演示）" if kind is FactKind.REGISTERED else "验资报告（演示）",
    )
    officer = cast.staff.officers[each.unit]
    fact = lead_landing.report_fact(lead=code, new=new, by=officer, at=instant(day))
    lead_landing.confirm_fact(fact=fact, by=cast.second, at=instant(day))


def _become(cast: Cast, each: Agreement, code: str) -> None:
    asked = Asked(landing_is_start=bool(each.started))
    to_project(lead=code, asked=asked, by=cast.keeper, at=instant(each.became))


def _start(cast: Cast, each: Agreement, code: str) -> None:
    """Building begins: declared by the unit, confirmed by the office, counted by the target."""
    at = instant(each.started)
    became = lead(code=code, viewer=cast.keeper, today=civil_date(at)).project
    assert became is not None  # noqa: S101  # it became one before
    project = became.code
    projects.declare_reached(
        project=project,
        stage=Stage.STARTED,
        reached=date.fromisoformat(each.started),
        note="已取得施工许可，桩基进场。",
        by=cast.staff.officers[each.unit],
        at=at,
    )
    projects.confirm_reached(
        project=project, stage=Stage.STARTED, note="施工许可和现场均已核对。", by=cast.second, at=at
    )


def _contact(code: str, day: str, cast: Cast, unit: str) -> Callable[[], None]:
    def run() -> None:
        leads.note_contact(
            lead=code,
            day=date.fromisoformat(day),
            who="企业投资部门",
            said="沟通用地、审批和用工安排。",
            next_step="按月对接",
            by=cast.staff.officers[unit],
            at=instant(day),
        )

    return run
