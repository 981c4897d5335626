"""A city at work on services, with something to do on every page of theirs.

One desk for all parts: items and cases, gaps and declarations, a window system that sends events,
ratings, problems, a building project. Everything by real commands, in March 2024.
"""

import io
import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from pytest_django import Settings

from tests.cases import desk
from tests.cases.construction import site
from tests.cases.deferrals.trusting import DECLARED, GAP, credit, put_tables
from tests.cases.desk import DEPARTMENT, FIRE, MONDAY, OFFICE, PERSON
from tests.cases.feed.window import SOURCE, make_window, send, told
from tests.cases.problems import ground
from tests.city import City
from tests.kept import kept
from tests.stories.test_window_system import BEFORE_NOON
from yinuo.cases.commands import accept, correct, letters, problem_titles, ratings, utilities
from yinuo.cases.commands import clock as clocks
from yinuo.cases.commands.applicants import NewApplicant
from yinuo.cases.commands.checks import schedule_checks
from yinuo.cases.commands.declarations import accept_on_declaration
from yinuo.cases.commands.deferrals import Gap, accept_with_gaps
from yinuo.cases.commands.intake import Receipt
from yinuo.cases.commands.items import draft_items
from yinuo.cases.commands.materials import Choice
from yinuo.cases.commands.problems import own, raise_problem
from yinuo.cases.construction.links import LinkVisit
from yinuo.cases.in_force.problems import areas
from yinuo.cases.items.definition import Medium
from yinuo.cases.models import (
    BuildingProject,
    Case,
    CreditLetter,
    Deferral,
    FeedAside,
    ItemVersion,
    Problem,
    Rectification,
    UtilityNotice,
)
from yinuo.cases.problems.areas import FILE
from yinuo.commitments.letters.letter import Publicity
from yinuo.commitments.standing import Answer
from yinuo.content.calendars import working_calendar
from yinuo.web.files import store
from yinuo.web.views.utilities import link_key

NOW = MONDAY + timedelta(days=24)
"""Thursday, 28 March: what the pages take it to be."""
EVE = NOW - timedelta(days=1)
CASE_SECRET, DEVELOPER_SECRET, FED_SECRET = "山海密件", "北辰轴承制造", "甲山餐饮"
RATED_SECRET, PROBLEM_SECRET = "等候密件", ground.SECRET
"""Marks of what applicants are called and what they wrote: only for whom it concerns."""
# A number of its own each: a clerk who sees another name under a known number renames it.
FIRM = NewApplicant(
    kind="firm", name=f"{CASE_SECRET}有限公司", number="91210200000000002M", contact="0411-00000000"
)
LATE = NewApplicant(
    kind="firm", name=f"{CASE_SECRET}食品厂", number="91210200000000001J", contact="0411-00000001"
)
"""Whose document did not come: nobody lets such a firm bring another later."""
PUBLISHED = NewApplicant(
    kind="firm", name="示范面包有限公司", number="91210200000000003Q", contact="0411-00000002"
)
AREAS = "\n".join(
    (
        "code,name,english,office,owners,hint",
        f"port,口岸通关,Port,{OFFICE},{DEPARTMENT},",
        f"labour,用工,Labour,{OFFICE},{DEPARTMENT};{FIRE},",
    )
)
LICENCE = json.dumps({"fields": {"证照编号": "SH-1"}, "valid_until": "2030-12-31"})


def prepare(home: Path, given: Settings) -> None:
    """The city's own areas of problems, and a register that holds the firm's licence."""
    given.YINUO_CITY, given.YINUO_CONTENT = "大连市", home / "content"
    given.YINUO_CONTENT.joinpath(*FILE[:-1]).mkdir(parents=True)
    given.YINUO_CONTENT.joinpath(*FILE).write_text(AREAS, encoding="utf-8")
    register = settings.YINUO_FILES.with_name("held") / "电子证照库"
    register.mkdir(parents=True, exist_ok=True)
    (register / f"{FIRM.number}.json").write_text(LICENCE, encoding="utf-8")


@contextmanager
def trusted() -> Iterator[None]:
    """Credit thinks well of everybody while the block lasts."""
    with credit(Answer.YES):
        yield


FRESH = [
    told("11", "received", "2024-03-27 09:00:00", case="W-5"),
    told(
        "12",
        "accepted",
        "2024-03-27 09:10:00",
        case="W-5",
        applicant_name=f"{FED_SECRET}二店",
        applicant_number="91210200000000004U",
    ),
]
"""A case whose document can still come in time."""
Made = dict[str, Any]
"""Name → a row or a receipt, as `tests.web.service_routes` refers to them."""


@kept
def make_services() -> tuple[City, Made]:
    """The city and what was made in it."""
    window, token = make_window()
    send(token, BEFORE_NOON)
    send(token, FRESH, at=EVE)
    city = site.join_site(window)
    put_tables(city, store())
    ground.put_table(city, store())
    made = {
        **_put_items(city),
        **_put_cases(city),
        **_put_promises(city),
        **_put_problems(city),
        **_put_building(city),
        "fed": Case.objects.get(source=SOURCE, source_code="W-5"),
        "aside": FeedAside.objects.get(source=SOURCE),
    }
    rows = {name: one for name, one in made.items() if isinstance(one, Receipt)}
    made |= {name: Case.objects.get(code=one.code) for name, one in rows.items()}
    made |= {f"{name}_receipt": one for name, one in rows.items()}
    return city, made


def _put_items(city: City) -> Made:
    """A better version for a case that runs, an item with a file, a draft that waits."""
    digest = store().put(io.BytesIO(desk.PDF))
    shown = Medium(
        name="办理指引.pdf",
        kind="slides",
        sha256=digest,
        size=len(desk.PDF),
        media_type="application/pdf",
    )
    old = desk.put_case(city, applicant=FIRM)
    accept.accept(case=old.code, by=city["clerk"], at=MONDAY)
    desk.put_item(city, at=MONDAY, valid_from=date(2024, 3, 26), promised_limit="7wd")
    desk.put_item(city, at=MONDAY, valid_from=MONDAY.date(), code="SC-903", media=(shown,))
    (waiting,) = draft_items(
        definitions=[desk.item(code="SC-902", name="企业设立登记（演示）")],
        office=OFFICE,
        by=city["admin"],
        at=EVE,
    ).drafts
    return {"old": old, "slides": shown, "draft": ItemVersion.objects.get(code=waiting)}


def _put_cases(city: City) -> Made:
    """A case in each state that a step needs."""

    def come(**choices: Choice) -> Receipt:
        whole = {**desk.whole(), **choices}
        return desk.put_case(city, at=EVE, applicant=FIRM, choices=whole)

    def accepted() -> Receipt:
        return desk.put_accepted_case(city, at=EVE, applicant=FIRM)

    declare, none, held = Choice(kind="declare"), Choice(kind="none"), Choice(kind="held")
    made: Made = {
        "received": come(),
        "gap": come(M2=none),
        "declared": come(M3=declare),
        "partly": come(M2=none, M3=declare),
        "held": come(M4=held),
        "correcting": come(M1=none),
        "online": desk.apply(at=EVE, applicant=FIRM),
        **{name: accepted() for name in ("running", "stopped", "asked", "decided", "rated")},
    }
    officer, clerk = city["officer"], city["clerk"]
    correct.ask(case=made["correcting"].code, keys=["M1"], said="没有申请书", by=clerk, at=EVE)
    made["stop"] = clocks.stop(
        case=made["stopped"].code,
        ground="专家评审",
        happened_at=EVE,
        planned_until=date(2024, 4, 2),
        notice="大市监停〔2024〕3 号",
        reason="请两名专家",
        by=officer,
        at=EVE,
    )
    made["extension"] = clocks.ask_extension(
        case=made["asked"].code, amount=2, reason="核查员外出", by=officer, at=EVE
    )
    desk.decide(city, made["decided"].code, at=EVE, by=city["officer2"])
    ratings.rate(
        track=made["rated"].track,
        contact="apply",
        level=1,
        said=RATED_SECRET,
        calendar=working_calendar(),
        at=EVE,
    )
    made["rectification"] = Rectification.objects.get()
    return made


def _put_promises(city: City) -> Made:
    """A gap past its day, one that still waits, a declaration drawn for a check, two letters."""
    made: Made = {}
    for name, at, applicant in (
        ("late", MONDAY, LATE),
        ("waiting", EVE, PERSON),
        ("published", EVE, PUBLISHED),
    ):
        receipt = desk.put_case(city, at=at, choices=GAP, applicant=applicant)
        (code,) = accept_with_gaps(case=receipt.code, gaps=[Gap(key="M2")], by=city["clerk"], at=at)
        made |= {f"{name}_case": receipt, name: Deferral.objects.get(code=code)}
    letters.publish(
        letter=made["published"].code, publicity=Publicity.PUBLIC, by=city["supervisor"], at=EVE
    )
    made["letter"] = CreditLetter.objects.get(code=made["late"].code)
    drawn = desk.put_case(city, choices=DECLARED, applicant=FIRM)
    with trusted():
        made["declaration"] = accept_on_declaration(
            case=drawn.code, keys=["M3"], by=city["clerk"], at=MONDAY
        )
    desk.decide(city, drawn.code, at=EVE, by=city["officer2"])
    assert schedule_checks(at=EVE) == 1
    return made


def _put_problems(city: City) -> Made:
    """One that waits for its unit, one for the office, one that is owned and has a title."""
    known = areas(NOW.date())

    def come(area: str) -> Any:
        new = ground.told(area=area)
        return raise_problem(new=new, areas=known, calendar=working_calendar(), at=EVE)

    raised = {"problem": come("port"), "unowned": come("labour"), "owned": come("port")}
    owned = raised["owned"].code
    own(problem=owned, unit=DEPARTMENT, areas=known, by=city["officer"], at=EVE)
    problem_titles.write(problem=owned, title="查验排队", by=city["supervisor2"], at=EVE)
    made = {name: Problem.objects.get(code=one.code) for name, one in raised.items()}
    return {**made, "problem_track": raised["problem"].track}


def _put_building(city: City) -> Made:
    """Three stages granted, so that utilities are told and the fourth can begin."""
    receipt = site.put_project(city)
    for week, stage in enumerate(("1", "2", "3")):
        begun = site.run_stage(city, stage, at=MONDAY + timedelta(days=7 * week))
    gas = UtilityNotice.objects.get(utility="gas")
    token = link_key().token(gas.code, gas.nonce)
    utilities.open_link(link=LinkVisit(token=token, key=link_key()), at=EVE)
    return {
        "building": BuildingProject.objects.get(code=receipt.code),
        "building_track": receipt.track,
        "joint": begun,
        "gas": UtilityNotice.objects.get(utility="gas"),
        "token": token,
    }
