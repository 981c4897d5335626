"""One small city for all tests: a few units, seven people, a handful of promises.

Built through the real commands, so every row stands on the ledger. All names are made up.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime

from tests.kept import kept
from yinuo.commitments.commands.publish import publish, publish_observations
from yinuo.commitments.commands.register import (
    NewCommitment,
    NewDocument,
    NewObservation,
    Registration,
    register,
)
from yinuo.commitments.life import Visibility
from yinuo.goals.models import Goal, Plan
from yinuo.ledger.commands.recording import command, record
from yinuo.parties.commands import OPERATOR, NewUnit, found_duties, open_account, register_units
from yinuo.parties.queries import public_viewer_named
from yinuo.parties.viewer import Viewer

MARCH = datetime(2024, 3, 1, 1, 0, tzinfo=UTC)
JULY = datetime(2024, 7, 15, 2, 0, tzinfo=UTC)
"""The day of most tests: LS-001 is overdue, everything else is not."""
PASSWORD = "one-thousand-gold"
LUSHUN_SECRET, PULANDIAN_SECRET, REPORTED_SECRET = "旅顺密件", "普兰密件", "传闻密件"
SECRETS = (LUSHUN_SECRET, PULANDIAN_SECRET, REPORTED_SECRET)
"""Marks in closed rows; each must appear nowhere for those not entitled to that row."""
GOAL = "G-1"

CITY, OFFICE, LUSHUN, PULANDIAN = "210200", "DL-DCS", "210212", "210214"
PEOPLE = (
    # user name, name, role, unit
    ("lushun", "林甲", "officer", LUSHUN),
    ("pulandian", "周乙", "officer", PULANDIAN),
    ("supervisor", "吴丙", "supervisor", OFFICE),
    ("supervisor2", "郑丁", "supervisor", OFFICE),
    ("admin", "王戊", "administrator", CITY),
    ("admin2", "冯己", "administrator", CITY),
    ("auditor", "陈庚", "auditor", CITY),
)


@dataclass(frozen=True)
class City:
    """The people by user name, with their duties."""

    viewers: dict[str, Viewer]

    def __getitem__(self, username: str) -> Viewer:
        """The viewer with this user name."""
        return self.viewers[username]


def _units() -> list[NewUnit]:
    return [
        NewUnit(code=CITY, name="大连市", kind="city", gb_code=CITY),
        NewUnit(code=OFFICE, name="市政府督查室", kind="department", parent=CITY),
        NewUnit(code=LUSHUN, name="旅顺口区", kind="district", gb_code=LUSHUN, parent=CITY),
        NewUnit(code=PULANDIAN, name="普兰店区", kind="district", gb_code=PULANDIAN, parent=CITY),
    ]


def promise(code: str, **kw: object) -> NewCommitment:
    """A promise of 旅顺口区 to the public, supervised by the office; `kw` replaces any term."""
    plain = {
        "kind": "pledge",
        "title": f"承诺 {code}",
        "document": "DOC-1",
        "place": "第 3 段",
        "lead": LUSHUN,
        "creditor": "社会公众",
        "creditor_unit": OFFICE,
        "heading": GOAL,
    }
    return NewCommitment(code=code, **{**plain, **kw})  # type: ignore[arg-type]


PROMISES = (
    promise(
        "LS-001",
        title="解决历史遗留办证难",
        operator="eq",
        value="7",
        unit="项",
        texts_known=1,
        due=date(2024, 6, 30),
    ),
    promise("LS-002", title="旅游“顺心”服务", kind="measure", due=date(2024, 12, 31)),
    promise("LS-003", title="建设营商环境最优区", kind="goal"),
    promise(
        "PL-001",
        title="打造点对点服务品牌",
        kind="measure",
        lead=PULANDIAN,
        due=date(2024, 12, 31),
        due_origin="inferred",
    ),
    promise("NO-001", title="东港主题乐园开工建设", kind="project", lead=None),
)
HIDDEN = (
    promise("LS-009", title=f"内部事项{LUSHUN_SECRET}", note=LUSHUN_SECRET, due=date(2024, 9, 30)),
    promise(
        f"PL-{PULANDIAN_SECRET}",
        title=f"内部事项{PULANDIAN_SECRET}",
        lead=PULANDIAN,
        parent="PL-001",
    ),
)
REPORTED = (
    NewObservation(
        code="OB-1",
        kind="指标",
        title="一季度签约项目",
        document="DOC-1",
        value="12",
        unit="个",
    ),
)
HIDDEN_REPORTED = (
    NewObservation(
        code="OB-9", kind="事件", title=f"未公开事件{REPORTED_SECRET}", document="DOC-1"
    ),
)


@kept
def open_accounts() -> City:
    """Register units, open accounts, found the duties."""
    register_units(units=_units(), by=OPERATOR, at=MARCH)
    for username, name, _role, _unit in PEOPLE:
        open_account(username=username, name=name, password=PASSWORD, by=OPERATOR, at=MARCH)
    found_duties(duties=[(who, role, unit) for who, _name, role, unit in PEOPLE], at=MARCH)
    found = {who: public_viewer_named(who) for who, *_ in PEOPLE}
    return City({who: viewer for who, viewer in found.items() if viewer is not None})


@command("city.plan")
def _plan(by: Viewer) -> None:
    """One plan with one goal."""
    acting = by.acting("administrator", CITY)
    plan = Plan(code="PLAN-1", title="2024年行动方案", office_id=OFFICE, document_id="DOC-1")
    record(plan, verb="plan.registered", by=acting, at=MARCH)
    goal = Goal(code=GOAL, plan_id="PLAN-1", number=1, title="建设营商环境标杆城市")
    record(goal, verb="goal.registered", by=acting, at=MARCH)


@kept
def make_city() -> City:
    """The city with its public promises passed, and closed rows that carry `SECRETS`."""
    city = open_accounts()
    document = NewDocument(code="DOC-1", title="2024年行动方案", kind="方案", said_text="2024年2月")
    open_ones = Registration(documents=[document], commitments=PROMISES, observations=REPORTED)
    register(registration=open_ones, office=OFFICE, by=city["admin"], at=MARCH)
    _plan(city["admin"])
    closed = Registration(commitments=HIDDEN, observations=HIDDEN_REPORTED)
    register(
        registration=closed,
        office=OFFICE,
        by=city["admin"],
        at=MARCH,
        visibility=Visibility.CLOSED,
    )
    supervisor = city["supervisor"]
    publish(
        commitments=[p.code for p in PROMISES],
        visibility=Visibility.PUBLIC,
        by=supervisor,
        at=MARCH,
    )
    publish_observations(
        observations=[o.code for o in REPORTED],
        visibility=Visibility.PUBLIC,
        by=supervisor,
        at=MARCH,
    )
    return city
