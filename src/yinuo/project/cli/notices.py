"""`yinuo notices`: the worker that sends messages and does what is due, and looking at it."""

import json
import os
import secrets
import time
from dataclasses import asdict
from datetime import datetime

import click
from django.conf import settings
from django.db import close_old_connections

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
from yinuo.project.installation import check_tables
from yinuo.web import clock
from yinuo.web.outlets import outlets, secret

PAUSE_SECONDS = 1.0
REFUSED_SECONDS = 10.0
"""How long the worker waits before it reads a wrong `notices.toml` again."""


class NotSent(YinuoError):
    """A trial letter that the service did not take."""

    code = "NOTICE-E011"

    def __init__(self, adapter: str, why: str) -> None:
        super().__init__(
            f"试发没有成功：{why}", place=adapter, next_step="请核对 notices.toml 和对方的服务"
        )


def _turn(at: datetime) -> dict[str, int]:
    """Do what is due, gather what is to leave, and send it: in this order, so nothing waits."""
    jobs = run_due(at=at)
    post = Post(outlets=outlets(), secret=secret(), city=settings.YINUO_CITY)
    gathered = collect(outlets=post.outlets, secret=post.secret, calendar=working_calendar(), at=at)
    sent = send_due(post=post, at=at)
    events = deliver(means=means(), at=at)
    return {
        "jobs_done": jobs.done,
        "jobs_failed": jobs.failed,
        "persons": gathered.persons,
        "sent": sent.sent,
        "not_sent": sent.failed,
        "events": events.sent,
        "events_not_sent": events.failed,
    }


def _follow() -> None:
    """Work until the process that started this one ends. A wrong file is said once."""
    parent, said, planned = os.getppid(), "", clock.today()
    schedule_recurring(at=clock.now())
    while os.getppid() == parent:
        pause = PAUSE_SECONDS
        try:
            _turn(clock.now())
            said = ""
        except (BadHooks, BadNotices) as wrong:
            if wrong.what != said:
                click.echo(f"消息没有发送 {wrong.code}：{wrong.what} → {wrong.next_step}", err=True)
            said, pause = wrong.what, REFUSED_SECONDS
        if planned != clock.today():
            # A kind that came with an upgrade is planned without a restart of the worker.
            schedule_recurring(at=clock.now())
            planned = clock.today()
        close_old_connections()
        time.sleep(pause)


@click.group()
def notices() -> None:
    """消息：把摘要、提醒和验证码发出去，办到期的定时事务。"""


@notices.command("work")
@click.option("--follow", is_flag=True, help="一直运行；缺省只办一轮。yinuo serve 会自动运行它。")
@click.option("--json", "as_json", is_flag=True, help="输出 JSON。")
def work(*, follow: bool, as_json: bool) -> None:
    """办到期的定时事务，生成并发送到点的消息，重试没有发出的。

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
