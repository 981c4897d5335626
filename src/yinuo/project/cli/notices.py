"""`yinuo notices`: the worker that sends messages and does what is due, and looking at it."""

import json
import os
import secrets
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import asdict
from datetime import date, datetime

import click
from django.conf import settings

from yinuo.api.commands.delivering import deliver
from yinuo.api.hooks.errors import BadHooks
from yinuo.content.calendars import working_calendar
from yinuo.kernel.errors import YinuoError
from yinuo.notices import rendering
from yinuo.notices.adapters.letter import NotDeliveredError
from yinuo.notices.commands.addresses import address_fault
from yinuo.notices.commands.collect import collect
from yinuo.notices.commands.schedule import run_due, schedule_recurring
from yinuo.notices.commands.sending import Post, send_due
from yinuo.notices.errors import BadAddress, BadNotices
from yinuo.notices.queries.sent import public_waiting
from yinuo.notices.rendering import Envelope
from yinuo.project.home import NoHome
from yinuo.project.hooks import means
from yinuo.project.lanes import Lane, run
from yinuo.project.tables import check_tables
from yinuo.web import clock
from yinuo.web.outlets import outlets, secret

PAUSE_SECONDS, PLAN_SECONDS = 1.0, 60.0
REFUSED_SECONDS = 10.0
"""How long the worker waits before it reads a wrong `notices.toml` again."""


class NotSent(YinuoError):
    """A trial letter that the service did not take."""

    code = "NOTICE-E011"

    def __init__(self, adapter: str, why: str) -> None:
        super().__init__(
            f"试发没有成功：{why}", place=adapter, next_step="请核对 notices.toml 和对方的服务"
        )


def _quick(at: datetime) -> dict[str, int]:
    """Do what is due and takes no time."""
    done = run_due(at=at)
    return {"jobs_done": done.done, "jobs_failed": done.failed}


def _long(at: datetime) -> dict[str, int]:
    """Do one thing that is due and takes minutes."""
    done = run_due(at=at, long=True)
    return {"jobs_done": done.done, "jobs_failed": done.failed}


def _messages(at: datetime) -> dict[str, int]:
    """Gather what is to leave, and send it."""
    post = Post(outlets=outlets(), secret=secret(), city=settings.YINUO_CITY)
    gathered = collect(outlets=post.outlets, secret=post.secret, calendar=working_calendar(), at=at)
    sent = send_due(post=post, at=at)
    return {"persons": gathered.persons, "sent": sent.sent, "not_sent": sent.failed}


def _events(at: datetime) -> dict[str, int]:
    """Carry what was sealed to the systems that asked for it."""
    events = deliver(means=means(), at=at)
    return {"events": events.sent, "events_not_sent": events.failed}


Work = Callable[[datetime], dict[str, int]]
WORK: Mapping[str, Work] = {
    "定时事务": _quick,
    "消息": _messages,
    "事件推送": _events,
    "长事务": _long,
}
"""In this order once: what a quick job tells leaves with the messages, and nothing waits for long
ones. With --follow side by side."""


def _turn(at: datetime) -> dict[str, int]:
    """All of it once."""
    found: Counter[str] = Counter()
    for work in WORK.values():
        found.update(work(at))
    return dict(found)


class _Turns:
    """One of them again and again. A wrong file is said once, and read again later."""

    def __init__(self, name: str, work: Work) -> None:
        self.name, self.work, self.said = name, work, ""

    def __call__(self) -> float:
        try:
            self.work(clock.now())
        except (BadHooks, BadNotices) as wrong:
            if wrong.what != self.said:
                said = f"{wrong.code}：{wrong.what} → {wrong.next_step}"
                click.echo(f"{self.name}没有发送 {said}", err=True)
            self.said = wrong.what
            return REFUSED_SECONDS
        self.said = ""
        return PAUSE_SECONDS


class _Days:
    """Plans what comes by itself once a day: a kind that came with an upgrade needs no restart."""

    def __init__(self) -> None:
        self.planned: date | None = None

    def __call__(self) -> float:
        if self.planned != clock.today():
            schedule_recurring(at=clock.now())
            self.planned = clock.today()
        return PLAN_SECONDS


def _follow() -> None:
    """Work until the process that started this one ends."""
    parent = os.getppid()
    lanes = [Lane(name, _Turns(name, work)) for name, work in WORK.items()]
    run([Lane("每日安排", _Days()), *lanes], goes_on=lambda: os.getppid() == parent)


@click.group()
def notices() -> None:
    """消息：把摘要、提醒和验证码发出去，办到期的定时事务。"""


@notices.command("work")
@click.option("--follow", is_flag=True, help="一直运行；缺省只办一轮。yinuo serve 会自动运行它。")
@click.option("--json", "as_json", is_flag=True, help="输出 JSON。")
def work(*, follow: bool, as_json: bool) -> None:
    """办到期的定时事务，生成并发送到点的消息，重试没有发出的。

    --follow 时各项同时进行，各用一个数据库连接：时间长的事务不耽误验证码和消息。

    \b
    Example: yinuo notices work
    Example: yinuo notices work --follow
    """
    if settings.INSTALLATION is None:
        raise NoHome(settings.HOME)
    check_tables()
    if follow:
        _follow()
        return
    schedule_recurring(at=clock.now())
    done = _turn(clock.now())
    if as_json:
        click.echo(json.dumps(done))
        return
    click.echo(
        f"定时事务 {done['jobs_done']} 件（失败 {done['jobs_failed']} 件），"
        f"为 {done['persons']} 人整理消息，"
        f"发出 {done['sent']} 条（未送达 {done['not_sent']} 条），"
        f"推送事件 {done['events']} 个（未送达 {done['events_not_sent']} 个）"
    )


@notices.command("list")
@click.option("--json", "as_json", is_flag=True, help="输出 JSON。")
def list_command(*, as_json: bool) -> None:
    """列出配置的发送通道，以及积压了多久。

    \b
    Example: yinuo notices list
    """
    if settings.INSTALLATION is None:
        raise NoHome(settings.HOME)
    check_tables()
    found, waiting = outlets(), public_waiting(at=clock.now())
    if as_json:
        rows = [
            {"name": o.name, "kind": o.kind, "channel": o.channel, "carries": sorted(o.carries)}
            for o in found.outlets
        ]
        said = {"site": found.site, "outlets": rows, "waiting": asdict(waiting)}
        click.echo(json.dumps(said, ensure_ascii=False, default=str))
        return
    for o in found.outlets:
        click.echo(f"{o.name}  {o.kind}  发送：{'、'.join(sorted(o.carries))}")
    if not found.outlets:
        click.echo(f"没有配置发送通道，消息只在站内。配置文件：{settings.YINUO_NOTICES}")
    click.echo(f"最早待发送：{waiting.oldest_unsent or '无'}；未送达 {waiting.failed} 条")
    click.echo(f"最早到期未办的定时事务：{waiting.oldest_due_job or '无'}")


@notices.command("test")
@click.argument("adapter")
@click.option(
    "--to", required=True, help="收信地址：手机号、邮箱或企业微信账号。只用这一次，不保存。"
)
@click.option("--json", "as_json", is_flag=True, help="输出 JSON。")
def test_command(*, adapter: str, to: str, as_json: bool) -> None:
    """经 ADAPTER 通道试发一条消息，打印对方的回执。

    \b
    Example: yinuo notices test 短信 --to 13800000000
    """
    outlet = outlets().named(adapter)
    if fault := address_fault(outlet.channel, to):
        raise BadAddress([("to", fault)])
    envelope = Envelope(
        to=to, city=settings.YINUO_CITY, key=secrets.token_hex(16), at=clock.present()
    )
    try:
        receipt = outlet.sender.send(rendering.trial(envelope=envelope, url=outlets().site))
    except NotDeliveredError as error:
        raise NotSent(adapter, error.why) from error
    if as_json:
        click.echo(json.dumps({"adapter": adapter, "receipt": receipt}, ensure_ascii=False))
    else:
        click.echo(f"对方已接收，回执 {receipt or '无'}。请在收信的设备上确认收到")
