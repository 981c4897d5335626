"""`yinuo ledger witness`: cosignatures asked for, brought by hand, and listed."""

import json
import os
import sys
import time
from datetime import datetime
from typing import TextIO

import click
from django.conf import settings
from django.db import close_old_connections

from yinuo.kernel.instants import SHANGHAI, instant_text
from yinuo.ledger.commands.cosigning import Asked, ask_witnesses, store_cosigned
from yinuo.ledger.cosigners import NoTrust, load_policy
from yinuo.ledger.tlog.policy import Policy, shown
from yinuo.ledger.witnessed import public_witnessed
from yinuo.web.clock import present

EVERY_SECONDS = 10


def _policy() -> Policy:
    policy = load_policy(settings.YINUO_TRUST)
    if policy is None:
        raise NoTrust(settings.YINUO_TRUST)
    return policy


def _when(at: datetime) -> str:
    return f"{at.astimezone(SHANGHAI):%Y-%m-%d %H:%M:%S}（北京时间）"


def _follow(every: int) -> None:
    """Ask until the process that started this one ends. A failure is said when it changes."""
    parent = os.getppid()
    said: dict[str, str] = {}
    while os.getppid() == parent:
        for asked in ask_witnesses(policy=_policy(), at=present()):
            name, fault = asked.witness.name, str(asked.error or "")
            if fault and fault != said.get(name):
                click.echo(f"未获见证 {fault}", err=True)
            said[name] = fault
        close_old_connections()
        time.sleep(every)


@click.group()
def witness() -> None:
    """见证：向见证单位请求签名，收下交来的签名，列出谁见证到哪里。"""


@witness.command("ask")
@click.option("--follow", is_flag=True, help="一直运行，有新的存证校验点就请求。")
@click.option("--every", default=EVERY_SECONDS, show_default=True, type=click.IntRange(1, 3600))
@click.option("--json", "as_json", is_flag=True, help="输出 JSON。")
def ask(*, follow: bool, every: int, as_json: bool) -> None:
    """请信任文件中有网址的见证单位，为最新的存证校验点签名；有一家未获即退出代码非零。

    \b
    Example: yinuo ledger witness ask
    """
    if follow:
        _follow(every)
        return
    answers = ask_witnesses(policy=_policy(), at=present())
    if as_json:
        click.echo(json.dumps([_as_dict(asked) for asked in answers], ensure_ascii=False))
    else:
        for asked in answers:
            _show(asked)
        if not answers:
            click.echo("账本还没有存证校验点，或信任文件中没有带网址的见证单位")
    if any(asked.error for asked in answers):
        sys.exit(1)


@witness.command("add")
@click.argument("file", type=click.File(encoding="utf-8"))
@click.option("--json", "as_json", is_flag=True, help="输出 JSON。")
def add(*, file: TextIO, as_json: bool) -> None:
    """收下见证单位用 U 盘或邮件交来的见证文件（带签名行的存证校验点）；- 为标准输入。

    \b
    Example: yinuo ledger witness add 300.note
    """
    stored = store_cosigned(note=file.read(), policy=_policy(), at=present())
    if as_json:
        click.echo(json.dumps([_as_dict(asked) for asked in stored], ensure_ascii=False))
        return
    for asked in stored:
        _show(asked)


@witness.command("list")
@click.option("--json", "as_json", is_flag=True, help="输出 JSON。")
def list_(*, as_json: bool) -> None:
    """列出见证单位、最新的见证，以及是否达到信任文件的要求；未达到时退出代码非零。

    \b
    Example: yinuo ledger witness list
    """
    policy, found = _policy(), public_witnessed()
    at = {one.label: one.at for one in found.by}
    if as_json:
        result = {
            "size": found.size,
            "quorum": found.quorum,
            "quorum_met": found.quorum_met,
            "quorum_size": found.quorum_size,
            "missing": found.missing,
            "fault": found.fault,
            "witnesses": [
                {
                    "name": shown(one.name),
                    "vkey": one.verifier.vkey,
                    "url": shown(one.url),
                    "witnessed_at": instant_text(at[label]) if label in at else None,
                }
                for one in policy.witnesses
                for label in [one.verifier.label]
            ],
        }
        click.echo(json.dumps(result, ensure_ascii=False))
    else:
        for one in policy.witnesses:
            label = one.verifier.label
            state = f"见证 {found.size:,} 条，{_when(at[label])}" if label in at else "未见证"
            click.echo(f"{shown(one.name)}（{label}）{shown(one.url) or '无网址'}：{state}")
        click.echo(_verdict(found.fault, found.missing, found.size, met=found.quorum_met))
    if not found.quorum_met:
        sys.exit(1)


def _verdict(fault: str, missing: str, size: int, *, met: bool) -> str:
    if fault:
        return f"不可用：{fault}"
    if met:
        return f"已达到信任文件的要求：{size:,} 条"
    return f"未达到信任文件的要求：{missing or '尚无见证'}"


def _show(asked: Asked) -> None:
    if asked.error:
        click.echo(f"✕ {asked.error}", err=True)
    elif asked.witnessed_at:
        when = _when(asked.witnessed_at)
        click.echo(f"✓ {shown(asked.witness.name)} 见证了 {asked.size:,} 条，{when}")


def _as_dict(asked: Asked) -> dict[str, object]:
    return {
        "witness": shown(asked.witness.name),
        "label": asked.witness.verifier.label,
        "size": asked.size,
        "witnessed_at": instant_text(asked.witnessed_at) if asked.witnessed_at else None,
        "error": asked.error.as_dict() if asked.error else None,
    }
