"""A contested figure in the small city, and the table of terms in force."""

from tests.city import JULY, MARCH, City
from yinuo.content.calendars import working_calendar
from yinuo.content.commands import approve_publication, ask_publication, keep
from yinuo.kernel.content import content_dir
from yinuo.supervision.commands import contests as commands
from yinuo.supervision.contesting import NAME
from yinuo.web.files import store

PROMISED = "commitment:LS-001"


def publish_terms(city: City) -> int:
    """The shipped table of terms, in force from March on."""
    data = (content_dir() / NAME).read_bytes()
    kept = keep(name=NAME, data=data, valid_from=MARCH.date(), store=store())
    number = ask_publication(kept=kept, reason="发布", store=store(), by=city["admin"], at=MARCH)
    approve_publication(number=number, store=store(), by=city["admin2"], at=MARCH)
    return number


def contest(city: City, *, who: str = "lushun", **kw: object) -> str:
    """旅顺口区 says that it promised six and not seven; returns the code."""
    plain = {
        "about": PROMISED,
        "field": "value",
        "own_figure": "6 项",
        "reason": "有一项已并入市级",
        "source": "台账第 3 行",
        "store": store(),
        "calendar": working_calendar(),
        "by": city[who],
        "at": JULY,
    }
    return commands.file(**{**plain, **kw})  # type: ignore[arg-type]


def contest_a_figure(city: City) -> None:
    """The table in force and one contest that waits."""
    publish_terms(city)
    contest(city)
