"""A problem desk in the small city of all tests: two areas, its table in force, one problem."""

from datetime import UTC, datetime, timedelta

from tests.city import LUSHUN, MARCH, OFFICE, PULANDIAN, City
from yinuo.cases.commands.problems import NewProblem, Raised, raise_problem
from yinuo.cases.in_force.problems import NAME
from yinuo.cases.problems.areas import Areas, read
from yinuo.content.commands import approve_publication, ask_publication, keep
from yinuo.kernel.calendar import Calendar
from yinuo.kernel.content import content_dir
from yinuo.kernel.filestore import FileStore

CALENDAR = Calendar.load(content_dir() / "calendars" / "china.csv")
FRIDAY = datetime(2024, 7, 5, 2, 0, tzinfo=UTC)
"""A day after which two days off follow."""
SECRET = "某船务秘密"
"""Mark in what the firm wrote; the public must never read it."""


def areas() -> Areas:
    """The port has one owner, labour two."""
    lines = (
        "code,name,english,office,owners,hint",
        f"port,口岸通关,Port,{OFFICE},{LUSHUN},",
        f"labour,用工,Labour,{OFFICE},{LUSHUN};{PULANDIAN},",
    )
    return read("\n".join(lines), file="areas.csv")


def put_table(city: City, store: FileStore) -> None:
    """The shipped table, in force from March on."""
    data = (content_dir() / NAME).read_bytes()
    kept = keep(name=NAME, data=data, valid_from=MARCH.date(), store=store)
    number = ask_publication(kept=kept, reason="发布", store=store, by=city["admin"], at=MARCH)
    approve_publication(number=number, store=store, by=city["admin2"], at=MARCH)


def told(**changes: str) -> NewProblem:
    """A problem at the port, as a firm tells it; `changes` replaces any field."""
    plain = {
        "area": "port",
        "title": "冷藏箱查验排队两天",
        "said": f"{SECRET}：插电位不够，货要坏了",
        "kind": "firm",
        "name": f"{SECRET}有限公司",
        "contact": "0411-00000000",
        "about": "port:dongwan",
    }
    return NewProblem(**{**plain, **changes})


def put_problem(at: datetime = FRIDAY, **changes: str) -> Raised:
    """Raise it."""
    return raise_problem(new=told(**changes), areas=areas(), calendar=CALENDAR, at=at)


def days(number: int) -> timedelta:
    """So many calendar days."""
    return timedelta(days=number)
