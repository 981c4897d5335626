"""Orders of the small city, issued through the real commands under the shipped tables."""

from datetime import date, datetime, timedelta

from tests.city import JULY, MARCH, City
from tests.published import publish_lights
from yinuo.content.commands import approve_publication, ask_publication, keep
from yinuo.kernel.calendar import Calendar
from yinuo.kernel.content import content_dir
from yinuo.kernel.filestore import FileStore
from yinuo.supervision.commands import order_steps
from yinuo.supervision.commands.orders import NewOrder, issue
from yinuo.supervision.orders.steps import Step

NAME = "tables/supervision.xlsx"
CALENDAR = Calendar.load(content_dir() / "calendars" / "china.csv")
REPLY_BY = date(2024, 7, 22)
"""Five working days after the day of most tests, a Monday."""


def days_later(days: int) -> datetime:
    """The hour of most tests, so many days later."""
    return JULY + timedelta(days=days)


def publish_tables(city: City, store: FileStore) -> None:
    """The shipped lights and steps of supervision in force from March on."""
    publish_lights(city, store)
    publish_steps(city, store)


def publish_steps(city: City, store: FileStore) -> None:
    """The shipped steps of supervision alone."""
    data = (content_dir() / NAME).read_bytes()
    kept = keep(name=NAME, data=data, valid_from=MARCH.date(), store=store)
    number = ask_publication(kept=kept, reason="发布", store=store, by=city["admin"], at=MARCH)
    approve_publication(number=number, store=store, by=city["admin2"], at=MARCH)


def new_order(*commitments: str, step: Step = Step.ORDER, **kw: object) -> NewOrder:
    """A step as a supervisor takes it; `kw` replaces any part."""
    plain: dict[str, object] = {"asked": "请说明原因，写明完成日期"}
    if step is Step.TALK:
        plain |= {"meeting_date": date(2024, 7, 18), "meeting": "分管副市长，市政府第二会议室"}
    if step is Step.MEMO:
        plain |= {"addressee": "市政府主要负责同志"}
    return NewOrder(step=step, commitments=commitments or ("LS-001",), **{**plain, **kw})  # type: ignore[arg-type]


def issued(city: City, *commitments: str, at: datetime = JULY, **kw: object) -> str:
    """The code of one order, 督办单 about LS-001 unless said otherwise."""
    (code,) = issue(
        order=new_order(*commitments, **kw),  # type: ignore[arg-type]
        calendar=CALENDAR,
        by=city["supervisor"],
        at=at,
    )
    return code


def replied(city: City, store: FileStore, *, at: datetime = JULY) -> str:
    """An order that was signed for and replied to."""
    code = issued(city, at=at)
    order_steps.sign(order=code, by=city["lushun"], at=at)
    order_steps.reply(
        order=code, note="已办完四项", files=(), store=store, by=city["lushun"], at=at
    )
    return code


def put_orders(city: City, store: FileStore) -> None:
    """One order in each state that something is done in; LS-001 stays without."""
    publish_steps(city, store)
    unit, office, why = city["lushun"], city["supervisor"], "按领导要求提前督办"
    prompt = issued(city, "LS-003", step=Step.PROMPT, reason=why)
    issued(city, "LS-003", step=Step.ORDER, reason=why)
    talk = issued(city, "LS-003", step=Step.TALK, reason=why)
    memo = issued(city, "LS-003", step=Step.MEMO, reason=why)
    closed = issued(city, "LS-009", step=Step.PROMPT, reason=why)
    for code in (prompt, talk, memo, closed):
        order_steps.sign(order=code, by=unit, at=JULY)
    for code in (prompt, talk, memo):
        order_steps.reply(order=code, note="已办", files=(), store=store, by=unit, at=JULY)
    for code in (talk, memo):
        order_steps.accept(order=code, note="请核对", by=office, at=JULY)
    order_steps.close(order=memo, note="已核对", by=office, at=JULY)
