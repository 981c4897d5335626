"""A quarter in the small city: two districts with promises that fell due, kept and not kept."""

from datetime import UTC, date, datetime

from tests.city import LUSHUN, MARCH, OFFICE, PULANDIAN, City, promise
from yinuo.commitments.commands import change, deliver, judge
from yinuo.commitments.commands.register import Registration, register
from yinuo.commitments.life import ChangeKind
from yinuo.content.commands import approve_publication, ask_publication, keep
from yinuo.kernel.content import content_dir
from yinuo.kernel.filestore import FileStore
from yinuo.supervision.commands import races

NAME = "tables/race.xlsx"
QUARTER = "2024Q2"
CODE = f"R2024Q2-{OFFICE}-1"
MAY = datetime(2024, 5, 20, 2, 0, tzinfo=UTC)
JUNE = datetime(2024, 6, 20, 2, 0, tzinfo=UTC)
JULY_2 = datetime(2024, 7, 2, 2, 0, tzinfo=UTC)
TODAY = date(2024, 7, 15)


def publish_scheme(city: City, store: FileStore, at: datetime = MARCH) -> int:
    """The shipped scheme in force from March on, by two administrators."""
    data = (content_dir() / NAME).read_bytes()
    kept = keep(name=NAME, data=data, valid_from=date(2024, 3, 1), store=store)
    number = ask_publication(kept=kept, reason="赛马办法", store=store, by=city["admin"], at=at)
    approve_publication(number=number, store=store, by=city["admin2"], at=at)
    return number


def quarter(city: City) -> None:
    """Four promises a district fell due: 旅顺口 kept 4 of 5 (one of old), 普兰店 2 of 4."""
    made = [
        promise(f"{unit}-Q{n}", lead=lead, due=date(2024, 5, 31))
        for unit, lead in (("LS", LUSHUN), ("PL", PULANDIAN))
        for n in range(1, 5)
    ]
    register(registration=Registration(commitments=made), office=OFFICE, by=city["admin"], at=MARCH)
    kept = [*(f"LS-Q{n}" for n in range(1, 5)), "PL-Q1", "PL-Q2"]
    for code in kept:
        who = "lushun" if code.startswith("LS") else "pulandian"
        deliver.deliver(
            commitment=code, delivered_date=MAY.date(), note="已完成", by=city[who], at=MAY
        )
        judge.verify(commitment=code, note="现场看过", by=city["supervisor"], at=JUNE)
    asked = change.ask(
        commitment="PL-Q3",
        kind=ChangeKind.MOVED,
        new={"due": "2024-09-30"},
        reason="场地没有移交",
        by=city["pulandian"],
        at=MAY,
    )
    change.approve(change=asked, reason="情况属实", by=city["supervisor"], at=JUNE)


def drafted(city: City, store: FileStore, **kw: str) -> str:
    """The race of the quarter, worked out by the first supervisor."""
    found = races.work_out(
        office=OFFICE, code=QUARTER, store=store, today=TODAY, by=city["supervisor"], **kw
    )
    return races.draft(worked_out=found, store=store, by=city["supervisor"], at=JULY_2)


def published(city: City, store: FileStore) -> str:
    """The same, published by the second."""
    code = drafted(city, store)
    races.publish(race=code, store=store, by=city["supervisor2"], at=JULY_2)
    return code


def put_race(city: City, store: FileStore) -> None:
    """A draft by the second supervisor, and an exemption asked by 普兰店区."""
    publish_scheme(city, store)
    by = city["supervisor2"]
    found = races.work_out(office=OFFICE, code=QUARTER, store=store, today=TODAY, by=by)
    races.draft(worked_out=found, store=store, by=by, at=JULY_2)
    races.ask_exemption(
        office=OFFICE,
        unit=PULANDIAN,
        code=QUARTER,
        indicator="时限调整",
        reason="台风",
        by=city["pulandian"],
        at=JULY_2,
    )
