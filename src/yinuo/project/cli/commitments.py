"""`yinuo commitments`: keep counts and search in step with the ledger."""

import json
import os
import time
from datetime import datetime

import click
from django.conf import settings
from django.db import close_old_connections
from rich.console import Console
from rich.progress import Progress

from yinuo.commitments.commands.light import is_due, relight_all
from yinuo.commitments.commands.project import (
    project,
    refresh_statistics,
    start_over,
)
from yinuo.commitments.lights.deciding import Colour
from yinuo.commitments.lights.table import NAME, in_force
from yinuo.commitments.lights.words import COLOUR_LABELS
from yinuo.project.home import NoHome
from yinuo.project.tables import check_tables
from yinuo.web import clock

PAUSE_SECONDS = 0.5
MUCH = 50_000
"""Entries after which the database looks anew at how its values are spread."""


def _follow() -> None:
    """Take in what is sealed until the process that started this one ends."""
    parent, since = os.getppid(), 0
    while os.getppid() == parent:
        done = project()
        since += done.entries
        if since >= MUCH and not done.more:
            refresh_statistics()
            since = 0
        if not done.more:
            # After midnight in China, when a table came into force, and after a restore.
            if is_due(clock.today()):
                relight_all(on=clock.today())
            close_old_connections()
            time.sleep(PAUSE_SECONDS)


@click.group()
def commitments() -> None:
    """承诺：让统计、检索和红黄绿灯跟上账本。"""


@commitments.command("project")
@click.option("--follow", is_flag=True, help="一直运行，随时汇总新封存的记录。")
@click.option("--rebuild", is_flag=True, help="丢弃现有的统计，从账本重新做一遍。")
@click.option("--json", "as_json", is_flag=True, help="输出 JSON。")
def project_command(*, follow: bool, rebuild: bool, as_json: bool) -> None:
    """把已封存的记录汇总进统计和检索索引。页面在没有汇总时也是准的，只是慢。

    \b
    Example: yinuo commitments project
    Example: yinuo commitments project --rebuild
    """
    if settings.INSTALLATION is None:
        raise NoHome(settings.HOME)
    check_tables()
    if rebuild:
        start_over()
    if follow:
        _follow()
        return
    taken, more = 0, True
    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("汇总", total=None)
        while more:
            done = project()
            taken, more = taken + done.entries, done.more
            bar.update(task, completed=taken)
    if taken >= MUCH:
        refresh_statistics()
    if as_json:
        click.echo(json.dumps({"entries": taken, "place": done.place}))
    else:
        click.echo(f"汇总 {taken:,} 条存证记录，到第 {done.place:,} 条")


@commitments.command("lights")
@click.option(
    "--on",
    type=click.DateTime(["%Y-%m-%d"]),
    help="按这一天评定，缺省为今天。网站开着时，隔日会重新按当天评定。",
)
@click.option("--json", "as_json", is_flag=True, help="输出 JSON。")
def lights_command(*, on: datetime | None, as_json: bool) -> None:
    """重新评定所有进行中承诺的红黄绿灯。网站开着时每天零点后自动评定一次。

    \b
    Example: yinuo commitments lights
    Example: yinuo commitments lights --on 2025-01-20
    """
    if settings.INSTALLATION is None:
        raise NoHome(settings.HOME)
    check_tables()
    day = on.date() if on else clock.today()
    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("评定", total=None)
        relit = relight_all(
            on=day, progress=lambda done, total: bar.update(task, completed=done, total=total)
        )
    in_force(day).deciding.check(NAME)
    if as_json:
        click.echo(json.dumps({"on": day.isoformat(), **vars(relit)}))
        return
    parts = [f"{COLOUR_LABELS[Colour(colour)]} {n:,}" for colour, n in relit.lights.items()]
    said = "、".join(parts) or "都没有灯"
    click.echo(f"按 {day} 评定 {relit.looked_at:,} 项进行中的承诺：{said}")
