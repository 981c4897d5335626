"""`yinuo rounds`: rounds listed, shown and opened, and a unit's sheet as a workbook."""

import sys
from datetime import date, datetime
from pathlib import Path

import click
from django.conf import settings

from yinuo.commitments.queries.asking import CHOICE_STATES, Choice
from yinuo.project.cli.findings import print_json, viewer_named
from yinuo.supervision.commands.rounds import open_round
from yinuo.supervision.queries import rounds as queries
from yinuo.supervision.queries.asking import foresee
from yinuo.supervision.queries.workbooks import sheet_workbook
from yinuo.supervision.rounds.life import SORT_LABELS, RoundSort
from yinuo.web import clock

DAY = click.DateTime(["%Y-%m-%d"])


@click.group()
def rounds() -> None:
    """调度期次：列出、查看、开新一期，或导出一个单位的报送表。"""


@rounds.command("list")
@click.option("--by", "username", required=True, help="账号。")
@click.option("--json", "as_json", is_flag=True, help="输出 JSON。")
def list_command(*, username: str, as_json: bool) -> None:
    """列出这个账号能看到的期次，最近的在前。

    \b
    Example: yinuo rounds list --by ducha
    """
    found = queries.rounds(viewer=viewer_named(username), today=clock.today())
    if as_json:
        print_json(
            [
                {
                    "code": one.code,
                    "title": one.title,
                    "office": one.office,
                    "as_of_date": one.as_of_date.isoformat(),
                    "due": one.due.isoformat(),
                    "status": one.status,
                    "sheets": one.sheets,
                    "handed_in": one.handed_in,
                    "late": one.late,
                }
                for one in found
            ]
        )
        return
    for one in found:
        click.echo(
            f"{one.code}  {one.label}  {one.title}，{one.due} 之前报送，"
            f"已报 {one.handed_in:,}／{one.sheets:,}，迟报或逾期 {one.late:,}"
        )
    if not found:
        click.echo("还没有调度期次。")


@rounds.command("show")
@click.argument("code")
@click.option("--by", "username", required=True, help="账号。")
@click.option("--json", "as_json", is_flag=True, help="输出 JSON。")
def show_command(*, code: str, username: str, as_json: bool) -> None:
    """查看一期：哪个单位报了，哪个报了一部分，哪个逾期几天。

    \b
    Example: yinuo rounds show TD2024-07 --by ducha
    """
    page = queries.round_page(code=code, viewer=viewer_named(username), today=clock.today())
    if as_json:
        print_json(
            {
                "code": page.line.code,
                "title": page.line.title,
                "status": page.line.status,
                "fields": page.burden.fields,
                "fields_twice": page.burden.twice,
                "sheets": [
                    {
                        "code": sheet.code,
                        "unit": sheet.unit,
                        "status": sheet.status,
                        "label": sheet.label,
                        "lines": sheet.lines,
                        "answered": sheet.answered,
                        "late_days": sheet.late_days,
                    }
                    for sheet in page.sheets
                ],
            }
        )
        return
    click.echo(f"{page.line.code} {page.line.title}：{page.line.label}")
    click.echo(f"要填 {page.burden.fields:,} 处，其中重复 {page.burden.twice:,} 处")
    for sheet in page.sheets:
        late = f"，迟 {sheet.late_days:,} 天" if sheet.late_days else ""
        click.echo(
            f"  {sheet.code}  {sheet.unit_name}  {sheet.label}  "
            f"{sheet.answered:,}／{sheet.lines:,}{late}"
        )


@rounds.command("open")
@click.option("--office", required=True, help="督查单位的代码。")
@click.option(
    "--sort", type=click.Choice([sort.value for sort in RoundSort]), default=RoundSort.MONTHLY.value
)
@click.option("--as-of", type=DAY, required=True, help="报到哪一天的情况。")
@click.option("--due", type=DAY, required=True, help="报送时限，最后一天。")
@click.option("--title", default="", help="名称；不写就按类别和月份起名。")
@click.option("--note", default="", help="填报要求，显示在每张报送表上。")
@click.option("--basis", default="", help="只要这种来源的承诺，如 批示件。")
@click.option("--goal", default="", help="只要这个目标下的。")
@click.option("--kind", default="", help="只要这种类型的，如 project。")
@click.option("--unit", default="", help="只要这个责任单位的。")
@click.option("--state", type=click.Choice(list(CHOICE_STATES)), default="")
@click.option("--code", "codes", multiple=True, help="只要这些编号；可以写多个。")
@click.option("--overrule", default="", help="超出填报负担规则的理由。")
@click.option("--preview", is_flag=True, help="只看要了多少，不开。")
@click.option("--by", "username", required=True, help="督查人的账号。")
def open_command(
    *,
    office: str,
    sort: str,
    as_of: datetime,
    due: datetime,
    title: str,
    note: str,
    basis: str,
    goal: str,
    kind: str,
    unit: str,
    state: str,
    codes: tuple[str, ...],
    overrule: str,
    preview: bool,
    username: str,
) -> None:
    """开一期调度：给每个责任单位一张报送表。

    \b
    Example: yinuo rounds open --office DL-DCS --as-of 2024-07-31 --due 2024-08-05 --by ducha
    """
    wanted = Choice(
        office=office,
        heading=goal,
        kind=kind,
        unit=unit,
        basis=basis,
        state=state,
        codes=codes,
    )
    viewer, day = viewer_named(username), as_of.date()
    if preview:
        _preview(wanted, day, username)
        return
    done = open_round(
        wanted=wanted,
        sort=RoundSort(sort),
        as_of=day,
        due=due.date(),
        title=title,
        note=note,
        overruled=overrule,
        by=viewer,
        at=clock.now(),
    )
    click.echo(
        f"已开 {done.code}（{SORT_LABELS[RoundSort(sort)]}）："
        f"{done.sheets:,} 个单位，{done.lines:,} 项承诺"
    )


def _preview(wanted: Choice, as_of: date, username: str) -> None:
    asking = foresee(wanted=wanted, as_of=as_of, viewer=viewer_named(username), today=clock.today())
    click.echo(
        f"将向 {len(asking.new):,} 个单位要求报送 {len(asking.chosen):,} 项承诺，"
        f"共 {asking.total.fields:,} 处要填，其中重复 {asking.total.twice:,} 处"
    )
    for code, why in asking.refused.items():
        click.echo(f"  负担规则不允许：{code} {why}")


@rounds.command("sheet")
@click.argument("code")
@click.option("--by", "username", required=True, help="账号。")
@click.option(
    "--out", type=click.Path(path_type=Path), required=True, help="写到哪里；- 为标准输出。"
)
def sheet_command(*, code: str, username: str, out: Path) -> None:
    """把一张报送表写成 Excel，填好后在网页上传。

    \b
    Example: yinuo rounds sheet TD2024-07-01 --by lushun --out 报送表.xlsx
    """
    made = sheet_workbook(
        code=code,
        viewer=viewer_named(username),
        today=clock.today(),
        demo=bool(settings.YINUO_DEMO_DATE),
    )
    if str(out) == "-":
        sys.stdout.buffer.write(made.data)
        return
    out.write_bytes(made.data)
    click.echo(f"已写到 {out}，{len(made.data):,} 字节")
