"""`yinuo credit quarantine | fix | leave`: rows that were put aside."""

from pathlib import Path

import click

from yinuo.credit.commands import rows as commands
from yinuo.credit.corrections import write
from yinuo.credit.queries.quarantine import every, quarantine
from yinuo.project.cli.credit_options import (
    BY,
    FILE,
    JSON,
    WHY,
    landed_data,
    operator,
    ready,
    say_landed,
)
from yinuo.project.cli.findings import print_json, viewer_named
from yinuo.web.clock import now
from yinuo.web.credit import means


@click.command("quarantine")
@click.argument("source")
@click.option("--reason", default="", help="只看一种原因，写代号，如 BAD_DATE。")
@click.option(
    "--csv",
    "out",
    type=click.Path(path_type=Path, dir_okay=False),
    help="把待处理的行写成 CSV，改好后用 fix 装回；须写 --by。",
)
@click.option("--by", "username", default="", help="谁，写用户名；写 CSV 时必填。")
@JSON
def quarantine_command(
    *, source: str, reason: str, out: Path | None, username: str, as_json: bool
) -> None:
    """列出数据源 SOURCE 待处理的问题行和原因；证件号码遮盖。

    \b
    Example: yinuo credit quarantine penalty --csv penalty-wrong.csv --by xyzx
    """
    ready()
    given = means()
    if out is not None:
        if not username:
            raise click.UsageError("写 CSV 要用 --by 写明谁：文件里有未遮盖的号码")
        rows = every(source=source, means=given, viewer=viewer_named(username), reason=reason)
        click.echo(f"{out}：{write(rows, out):,} 行；改好后运行 yinuo credit fix {source} {out}")
        return
    page = quarantine(source=source, means=given, viewer=operator(), reason=reason)
    if as_json:
        print_json(
            {
                "source": source,
                "open": page.total,
                "by_reason": dict(page.by_reason),
                "rows": [{**vars(row), "raw": dict(row.raw)} for row in page.rows],
            }
        )
        return
    for name, count in page.by_reason.items():
        click.echo(f"{name}  {page.reason_words[name]}  {count:,} 行")
    for row in page.rows:
        click.echo(f"  {row.batch} {row.key}  {row.words}  {row.field}  {row.value[:40]}")
    click.echo(f"待处理共 {page.total:,} 行" + ("，这里是前面的" if page.pages > 1 else ""))


@click.command("fix")
@click.argument("source")
@click.argument("file", type=FILE)
@click.option("--because", "reason", default="按来源单位核对的结果更正", help="理由，写进账本。")
@BY
@JSON
def fix_command(*, source: str, file: Path, reason: str, username: str, as_json: bool) -> None:
    """把 quarantine 写出、改好的 FILE 装回数据源 SOURCE：只装改动过的行。

    \b
    Example: yinuo credit fix penalty penalty-wrong.csv --by xyzx
    """
    ready()
    done = commands.fix(
        source=source, file=file, reason=reason, means=means(), by=viewer_named(username), at=now()
    )
    if as_json:
        data = {"rows": done.rows, "unchanged": done.unchanged, "landed": landed_data(done.landed)}
        print_json(data)
        return
    for each in done.landed:
        say_landed(each)
    click.echo(f"更正 {done.rows:,} 行；没有改动、仍待处理 {done.unchanged:,} 行")


@click.command("leave")
@click.argument("batch")
@click.argument("rows", nargs=-1, required=True)
@click.option("--return", "give_back", is_flag=True, help="退回来源单位重报；否则不再处理。")
@WHY
@BY
def leave_command(
    *, batch: str, rows: tuple[str, ...], give_back: bool, reason: str, username: str
) -> None:
    """不更正批次 BATCH 的问题行 ROWS（写作 0:17）：退回，或不再处理。

    \b
    Example: yinuo credit leave XP2026-3 0:17 0:18 --return --because 缺处罚文号 --by xyzx
    """
    ready()
    act = commands.give_back if give_back else commands.waive
    code = act(
        batch=batch, rows=rows, reason=reason, means=means(), by=viewer_named(username), at=now()
    )
    click.echo(f"{code}：{len(rows):,} 行{'已退回来源单位' if give_back else '不再处理'}")
