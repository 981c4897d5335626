"""`yinuo doctor`: what an operator should know before somebody else does."""

import json
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import click
from django.conf import settings
from django.db import DatabaseError, connection

from yinuo.content.calendars import working_calendar
from yinuo.ledger.memory import Memory
from yinuo.ledger.queries import public_newest_recorded
from yinuo.project.backup.structure import structure
from yinuo.project.doctor import clocks, dates, disk, front, keys, state
from yinuo.project.doctor.finding import MARKS, Seen, State, bad
from yinuo.project.home import NoHome
from yinuo.web.clock import today


@click.command()
@click.option("--backups", type=click.Path(path_type=Path), help="放备份的文件夹，查最新的有多旧。")
@click.option("--site", help="对外的网址，如 https://yinuo.example，查它的证书。")
@click.option("--ca", type=click.Path(path_type=Path, exists=True), help="本单位的根证书文件。")
@click.option("--json", "as_json", is_flag=True, help="输出 JSON。")
def doctor(*, backups: Path | None, site: str | None, ca: Path | None, as_json: bool) -> None:
    """体检：磁盘、时钟、密钥权限、代理、数据库、账本、工作日历、备份、证书。什么都不改。

    有要处理的（▲ 或 ✕）以非零状态退出，可以放进每小时的定时任务。

    \b
    Example: yinuo doctor --backups /mnt/backup --site https://yinuo.example
    """
    if settings.INSTALLATION is None:
        raise NoHome(settings.HOME)
    seen = list(_look(settings.INSTALLATION.origin))
    if backups is not None:
        seen.append(dates.backups(backups, now=datetime.now(UTC)))
    if site:
        seen.append(dates.certificate(site, now=datetime.now(UTC), ca_file=ca))
    if as_json:
        click.echo(json.dumps({"seen": [vars(one) for one in seen]}, ensure_ascii=False))
    else:
        _say(seen)
    if any(one.state is not State.WELL for one in seen):
        sys.exit(1)


def _look(origin: str) -> Iterator[Seen]:
    yield from disk.disks(_folders())
    yield from keys.secrets(_secrets())
    if connection.vendor == "sqlite":
        database = Path(settings.DATABASES["default"]["NAME"])
        yield disk.apart(settings.YINUO_SEALER_MEMORY, database)
    yield from front.proxy(https=settings.YINUO_HTTPS, proxies=settings.YINUO_PROXIES)
    yield dates.calendar(working_calendar().valid_through, today=today())
    yield from clocks.synchronised()
    try:
        yield from _look_inside(origin)
    except DatabaseError as error:
        step = "请看数据库是否在运行、磁盘是否已满、DATABASE_URL 是否正确"
        yield bad("database", "数据库", f"数据库不答应：{str(error).strip()}", step)


def _look_inside(origin: str) -> Iterator[Seen]:
    at = state.database_now()
    found = structure()
    yield state.tables(found)
    if found.missing or found.unknown:
        return  # what is asked below needs the tables of this version
    yield from clocks.clocks(here=datetime.now(UTC), database=at, newest=public_newest_recorded())
    yield from state.log(origin=origin, memory=Memory(settings.YINUO_SEALER_MEMORY), now=at)


def _folders() -> list[tuple[str, Path]]:
    return [
        ("家目录", settings.HOME),
        ("封存记忆", settings.YINUO_SEALER_MEMORY.parent),
        ("文件库", settings.YINUO_FILES),
        ("信用数据", settings.YINUO_LAKE),
        ("查询留痕", settings.YINUO_READS),
    ]


def _secrets() -> list[tuple[str, Path]]:
    return [
        ("签名密钥", settings.YINUO_LEDGER_KEY),
        ("识别密钥", settings.YINUO_MARKS_KEY),
        ("会话密钥", settings.HOME / "secret.key"),
        ("身份认证的配置", settings.YINUO_IDENTITY),
        ("消息服务的配置", settings.YINUO_NOTICES),
    ]


def _say(seen: list[Seen]) -> None:
    for one in seen:
        click.echo(f"{MARKS[one.state]} {one.said}")
        if one.next_step:
            click.echo(f"    {one.place}\n    → {one.next_step}")
    wrong = sum(one.state is not State.WELL for one in seen)
    click.echo(f"体检 {len(seen)} 项，" + (f"{wrong} 项要处理" if wrong else "都好"))
