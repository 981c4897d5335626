"""What the commands of `yinuo credit` have in common: options, who asks, receipts."""

from collections.abc import Sequence
from pathlib import Path

import click
from django.conf import settings

from yinuo.credit.commands.landing import Landed
from yinuo.parties.queries import public_units
from yinuo.parties.viewer import Viewer
from yinuo.project.cli.findings import show_findings
from yinuo.project.home import NoHome
from yinuo.project.tables import check_tables

JSON = click.option("--json", "as_json", is_flag=True, help="输出 JSON。")
BY = click.option("--by", "username", required=True, help="谁，写用户名。")
WHY = click.option("--because", "reason", required=True, help="理由，写进账本。")
CASE = click.option("--case", default="", help="异议或核查编号。")
SIMULATED = click.option("--simulated", is_flag=True, help="这是模拟数据；演示安装里总是。")
LEAVE_OUT = click.option(
    "--leave-out", is_flag=True, help="没有通过检查的批次先不发布，其余照常发布。"
)
FILE = click.Path(path_type=Path, exists=True, dir_okay=False)


def ready() -> None:
    """Refuse to work without an installation. Raises `NoHome`."""
    if settings.INSTALLATION is None:
        raise NoHome(settings.HOME)
    check_tables()


def operator() -> Viewer:
    """Whoever has the command line of the server and reads the database anyway."""
    units = frozenset(unit.code for unit in public_units())
    return Viewer(account_id=0, username="operator", auditor_of=units)


def say_landed(done: Landed) -> None:
    """The receipt of one batch, and what the gates found."""
    head = f"{done.source} 批次 {done.batch}{'（模拟数据）' if done.simulated else ''}"
    if done.already:
        click.echo(f"{head}：这些文件已经装入过，没有任何变化。")
        return
    click.echo(
        f"{head}：读入 {done.read:,} = 接收 {done.accepted:,} + 问题数据 {done.quarantined:,}"
        f" + 重复 {done.duplicate:,}"
    )
    if done.quarantined:
        click.echo(f"  问题数据：yinuo credit quarantine {done.source}")
    show_findings("错误", done.findings)


def landed_data(done: Sequence[Landed]) -> list[dict[str, object]]:
    """Receipts as data."""
    return [
        {**vars(each), "status": str(each.status), "findings": [f.as_dict() for f in each.findings]}
        for each in done
    ]
