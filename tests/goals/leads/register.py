"""A small register of leads in the small city: one trip, visits, agreements, an event."""

from datetime import UTC, date, datetime

from tests.city import LUSHUN, MARCH, OFFICE, PULANDIAN, City
from yinuo.content.commands import approve_publication, ask_publication, keep
from yinuo.goals.commands.lead_landing import NewFact, confirm_fact, report_fact
from yinuo.goals.commands.leads import note_contact, register_delegation, register_lead
from yinuo.goals.in_force.quiet_leads import NAME
from yinuo.goals.leads.register import NewDelegation, NewLead
from yinuo.goals.leads.stages import FactKind
from yinuo.kernel.content import content_dir
from yinuo.kernel.filestore import FileStore

SECRET = "海外密约"
"""Stands in everything of the lead of 旅顺口区; must appear nowhere for those without a duty."""
TRIP, PLANT, ASKED, EVENT, FIRMS = (
    "TZ2024-01",
    "XS2024-0001",
    "XS2024-0002",
    "XS2024-0003",
    "XS2024-0004",
)
CREDIT_CODE = "91350100M000100Y43"
APRIL = datetime(2024, 4, 10, 2, 0, tzinfo=UTC)
MAY = datetime(2024, 5, 20, 2, 0, tzinfo=UTC)


def trip(**kw: object) -> NewDelegation:
    plain = {
        "office": OFFICE,
        "title": f"赴日经贸团组{SECRET}",
        "countries": "日本",
        "cities": "东京、大阪",
        "first_date": date(2024, 2, 20),
        "last_date": date(2024, 2, 29),
        "stated": {"firms": 15, "agreements": 40, "cities": 8, "events": 6},
        "source": "《大连日报》2024年3月1日，第15段",
    }
    return NewDelegation(**{**plain, **kw})  # type: ignore[arg-type]


def agreement(**kw: object) -> NewLead:
    """A signed agreement that 旅顺口区 follows."""
    plain = {
        "office": OFFICE,
        "unit": LUSHUN,
        "origin": "agreement",
        "title": f"冷链装备制造基地{SECRET}",
        "firm": f"北辰装备{SECRET}",
        "foreign": True,
        "country": "日本",
        "industry": "C34",
        "signed_date": date(2024, 2, 26),
        "agreement": "agreement",
        "intended_value": "2",
        "intended_unit": "亿元",
    }
    return NewLead(**{**plain, **kw})  # type: ignore[arg-type]


def put_table(city: City, files: FileStore) -> None:
    """The shipped table of quiet leads, in force from March on."""
    data = (content_dir() / NAME).read_bytes()
    kept = keep(name=NAME, data=data, valid_from=MARCH.date(), store=files)
    number = ask_publication(kept=kept, reason="发布", store=files, by=city["admin"], at=MARCH)
    approve_publication(number=number, store=files, by=city["admin2"], at=MARCH)


def put_leads(city: City) -> None:
    """A trip, and four lines of the register."""
    office, officer = city["supervisor"], city["lushun"]
    register_delegation(new=trip(code=TRIP), by=office, at=MARCH)
    register_lead(new=agreement(delegation=TRIP), by=office, at=MARCH)
    register_lead(
        new=agreement(
            origin="visit",
            unit=PULANDIAN,
            title="拜访远洋电子",
            firm="远洋电子",
            industry="C39",
            visited_date=date(2024, 2, 22),
            signed_date=None,
            agreement="",
            intended_value="300",
            intended_unit="万美元",
            delegation=TRIP,
            top500="2023年《财富》世界500强",
        ),
        by=office,
        at=MARCH,
    )
    register_lead(
        new=NewLead(
            office=OFFICE, origin="event", title="投资机遇说明会", delegation=TRIP, unit=None
        ),
        by=office,
        at=MARCH,
    )
    register_lead(
        new=agreement(
            unit=None,
            title="甲化工与乙公司供货协议",
            firm="乙公司",
            partner="甲化工",
            between_firms=True,
            signed_date=None,
            signed_said="2024年2月",
            intended_value="",
            intended_unit="",
        ),
        by=office,
        at=MARCH,
    )
    note_contact(
        lead=PLANT,
        day=date(2024, 3, 1),
        who=f"某先生{SECRET}",
        said=f"用地需求已收到{SECRET}",
        next_step=f"现场选址{SECRET}",
        next_date=date(2024, 3, 20),
        by=officer,
        at=MARCH,
    )


def registration(**kw: object) -> NewFact:
    plain = {
        "kind": FactKind.REGISTERED,
        "day": date(2024, 4, 8),
        "firm": f"北辰装备（大连）有限公司{SECRET}",
        "credit_code": CREDIT_CODE,
        "evidence": f"营业执照{SECRET}",
    }
    return NewFact(**{**plain, **kw})  # type: ignore[arg-type]


def payment(**kw: object) -> NewFact:
    plain = {
        "kind": FactKind.PAID,
        "day": date(2024, 5, 15),
        "value": "5000",
        "unit": "万元",
        "evidence": "银行进账单",
    }
    return NewFact(**{**plain, **kw})  # type: ignore[arg-type]


def put_registration(city: City) -> str:
    """The firm registered, reported by the unit and confirmed by the office."""
    fact = report_fact(lead=PLANT, new=registration(), by=city["lushun"], at=APRIL)
    confirm_fact(fact=fact, by=city["supervisor"], at=APRIL)
    return fact
