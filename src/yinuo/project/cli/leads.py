"""`yinuo leads`: the register of leads listed, shown, taken in, given out, and counted."""

import json
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

import click
from django.conf import settings

from yinuo.goals.commands.lead_import import take_in
from yinuo.goals.errors.leads import LeadsRefused
from yinuo.goals.leads.book import NewContact, check_bytes, write
from yinuo.goals.leads.stages import ORIGIN_LABELS, STAGE_LABELS
from yinuo.goals.queries.lead_detail import lead as lead_query
from yinuo.goals.queries.lead_preview import Preview, known_to_books, preview
from yinuo.goals.queries.leads import GROUPS, LeadRow, Wanted, exported
from yinuo.goals.queries.leads import leads as leads_query
from yinuo.kernel.errors import Finding, YinuoError
from yinuo.project.cli.findings import print_json, show_findings, viewer_named
from yinuo.project.cli.progress import LateProgress
from yinuo.project.home import NoHome
from yinuo.project.tables import check_tables
from yinuo.web.clock import now, today

_JSON = click.option("--json", "as_json", is_flag=True, help="输出 JSON。")
_BY = click.option("--by", "username", required=True, help="谁，写用户名；只看得到这个人能看的。")
_OFFICE = click.option("--office", required=True, help="登记单位的代码。")
MOST = 10_000


class BookUnreadable(YinuoError):
    """A file that cannot be opened or written."""

    code = "LEAD-E020"

    def __init__(self, path: Path, why: str) -> None:
        super().__init__(f"打不开文件（{why}）", place=str(path), next_step="请核对路径和权限")


def _ready() -> None:
    if settings.INSTALLATION is None:
        raise NoHome(settings.HOME)
    check_tables()


def _plain(found: object) -> object:
    return json.loads(json.dumps(found, ensure_ascii=False, default=str))


@click.group()
def leads() -> None:
    """招商线索：登记、列出、漏斗，和没有动静的。"""


def _line(row: LeadRow) -> str:
    quiet = f"，{row.quiet.days} 天没有动静" if row.quiet else ""
    return f"{row.code}  {row.origin_label}  {row.state}  {row.unit_name}  {row.title}{quiet}"


@leads.command("list")
@click.option("--origin", type=click.Choice([str(o) for o in ORIGIN_LABELS]), help="来源。")
@click.option("--unit", default="", help="跟进单位的代码。")
@click.option("--delegation", default="", help="出访团组的编号。")
@click.option("--text", default="", help="名称、企业或编号里的字。")
@_BY
@_JSON
def list_command(
    *, origin: str | None, unit: str, delegation: str, text: str, username: str, as_json: bool
) -> None:
    """列出线索，新的在前。

    \b
    Example: yinuo leads list --by ducha
    """
    _ready()
    wanted = Wanted(origin=origin or "", unit=unit, delegation=delegation, text=text)
    found = leads_query(viewer=viewer_named(username), today=today(), wanted=wanted, size=MOST)
    if as_json:
        print_json(_plain([asdict(row) for row in found.rows]))
        return
    for row in found.rows:
        click.echo(_line(row))
    click.echo(f"共 {found.total:,} 条")


@leads.command("show")
@click.argument("lead")
@_BY
@_JSON
def show_command(*, lead: str, username: str, as_json: bool) -> None:
    """一条线索：走到哪一步，有谁承担，接触记录。

    \b
    Example: yinuo leads show XS2024-0001 --by ducha
    """
    _ready()
    shown = lead_query(code=lead, viewer=viewer_named(username), today=today())
    if as_json:
        print_json(_plain(asdict(shown)))
        return
    click.echo(f"{shown.code}  {shown.title}  {shown.state}")
    click.echo(
        f"跟进单位 {shown.unit_name}；登记单位 {shown.office_name}；{shown.visibility_label}"
    )
    for step in shown.way:
        when = str(step.day or step.said or ("日期不详" if step.reached else "还没有"))
        waits = "（待确认）" if step.waiting else ""
        click.echo(f"  {step.label}  {when}{waits}  {step.under}".rstrip())
    if shown.undertaken:
        made = shown.undertaken
        click.echo(f"承诺 {made.code}  {made.state}  {made.due or '未定时限'}  {made.title}")
    if shown.project:
        click.echo(f"项目 {shown.project.code}  {shown.project.name}")
    for contact in shown.contacts:
        click.echo(f"  {contact.day}  和 {contact.who}：{contact.said}")


@leads.command("quiet")
@_BY
@_JSON
def quiet_command(*, username: str, as_json: bool) -> None:
    """没有动静的线索，最久的在前；天数见“招商线索规则表”。

    \b
    Example: yinuo leads quiet --by ducha
    """
    _ready()
    found = leads_query(viewer=viewer_named(username), today=today(), size=1)
    if as_json:
        print_json(_plain([asdict(row) for row in found.quiet]))
        return
    if not found.quiet_known:
        click.echo("还没有发布“招商线索规则表”，不判断哪些没有动静。", err=True)
        sys.exit(1)
    for row in found.quiet:
        click.echo(_line(row))
    click.echo(f"共 {len(found.quiet):,} 条没有动静")


@leads.command("funnel")
@click.option("--split", type=click.Choice(list(GROUPS)), default=None, help="按什么分。")
@_BY
@_JSON
def funnel_command(*, split: str | None, username: str, as_json: bool) -> None:
    """拜访和签约的漏斗，分开算；注册、开工、到资只计已确认的。

    \b
    Example: yinuo leads funnel --split unit --by ducha
    """
    _ready()
    found = leads_query(viewer=viewer_named(username), today=today(), split=split or "", size=1)
    if as_json:
        print_json(
            _plain(
                {
                    "funnels": [asdict(view) for view in found.funnels],
                    "groups": {o: [asdict(g) for g in rows] for o, rows in found.groups.items()},
                }
            )
        )
        return
    for view in found.funnels:
        click.echo(view.label)
        for step in view.steps:
            share = f"，占上一步 {step.share}%" if step.share else ""
            days = f"，中位 {step.days} 天" if step.days else ""
            click.echo(f"  {STAGE_LABELS[step.stage]}  {step.count:,} 条{share}{days}")
        for group in found.groups.get(view.origin, ()):
            counts = " → ".join(f"{step.count:,}" for step in group.steps)
            click.echo(f"  {group.label}  {counts}")


@leads.command("export")
@click.argument("file", type=click.Path(path_type=Path, allow_dash=True))
@_OFFICE
@_BY
def export_command(*, file: Path, office: str, username: str) -> None:
    """把一个单位登记的线索写成工作簿；改好可以再导入。`-` 写到标准输出。

    \b
    Example: yinuo leads export 线索.xlsx --office DL-DCS --by ducha
    """
    _ready()
    found = exported(office=office, viewer=viewer_named(username), today=today())
    data = write(
        title="招商线索",
        delegations=found.delegations,
        leads=found.leads,
        contacts=[NewContact(*line) for line in found.contacts],
        states=found.states,
        demo=any(lead.simulated for lead in found.leads),
        made_at=now(),
    )
    _put(file, data)
    click.echo(f"已写出 {len(found.leads):,} 条线索、{len(found.contacts):,} 条接触记录", err=True)


@leads.command("template")
@click.argument("file", type=click.Path(path_type=Path, allow_dash=True))
def template_command(*, file: Path) -> None:
    """写出空白的线索工作簿，表头上有填法。

    \b
    Example: yinuo leads template 线索.xlsx
    """
    _put(file, write(title="招商线索", made_at=now()))


def _put(file: Path, data: bytes) -> None:
    if str(file) == "-":
        sys.stdout.buffer.write(data)
        return
    try:
        file.write_bytes(data)
    except OSError as error:
        raise BookUnreadable(file, error.strerror or "") from error


@leads.command("import")
@click.argument("file", type=click.Path(path_type=Path, allow_dash=True))
@_OFFICE
@click.option("--by", "username", required=True, help="登记单位的督查人或管理员，写用户名。")
@click.option("--yes", is_flag=True, help="不再询问，直接导入。")
@click.option("--dry-run", is_flag=True, help="只检查和预览。")
@click.option("--simulated", is_flag=True, help="新登记的行标为演示数据。")
@_JSON
def import_command(
    *,
    file: Path,
    office: str,
    username: str,
    yes: bool,
    dry_run: bool,
    simulated: bool,
    as_json: bool,
) -> None:
    """检查线索工作簿，预览，确认后整份导入；有一处错误就什么也不导入，退出码为 1。

    \b
    Example: yinuo leads import 线索.xlsx --office DL-DCS --by ducha
    """
    _ready()
    by = viewer_named(username)
    known = known_to_books(office=office, viewer=by, today=today(), simulated=simulated)
    with LateProgress() as progress:
        checked = check_bytes(_read(file), file=file.name, known=known, progress=progress)
    if checked.file is None:
        raise _refused(checked.errors, checked.notices, as_json=as_json)
    found = preview(file=checked.file, office=office, viewer=by)
    if found.refused:
        raise _refused(found.refused, checked.notices, as_json=as_json)
    if not as_json:
        show_findings("提示", checked.notices)
        _say(found)
    if found.changes_nothing or dry_run or not (yes or as_json or click.confirm("导入？")):
        if as_json:
            print_json({"preview": _plain(asdict(found)), "taken": None})
        return
    with LateProgress() as progress:
        taken = take_in(
            file=checked, office=office, by=by, at=now(), expected=found, progress=progress
        )
    if as_json:
        print_json({"preview": _plain(asdict(found)), "taken": asdict(taken)})
        return
    click.echo(
        f"已导入：登记 {taken.registered:,} 行，修改 {taken.corrected:,} 行，"
        f"接触 {taken.contacts:,} 条"
    )


def _read(file: Path) -> bytes:
    try:
        return sys.stdin.buffer.read() if str(file) == "-" else file.read_bytes()
    except OSError as error:
        raise BookUnreadable(file, error.strerror or "") from error


def _refused(found: Sequence[Finding], told: Sequence[Finding], *, as_json: bool) -> LeadsRefused:
    if as_json:
        print_json(
            {
                "preview": None,
                "taken": None,
                "errors": [each.as_dict() for each in found],
                "notices": [each.as_dict() for each in told],
            }
        )
    else:
        show_findings("提示", told)
        show_findings("错误", found)
    return LeadsRefused(found)


def _say(found: Preview) -> None:
    if found.changes_nothing:
        click.echo(f"和已登记的一致：{found.unchanged:,} 行没有变化")
        return
    click.echo(
        f"新线索 {found.new_leads:,} 条，新团组 {len(found.new_delegations):,} 个，"
        f"接触 {len(found.new_contacts):,} 条；改动 {len(found.changed_leads):,} 条，"
        f"{found.unchanged:,} 行没有变化"
    )
    for each in found.changed_leads:
        click.echo(f"  {each.code} {each.title}：{'、'.join(each.columns)}")
