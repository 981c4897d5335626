"""`yinuo building`: SPGL tables checked, taken in and given out; stage time from them."""

import hashlib
import sys
from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path

import click
from django.conf import settings

from yinuo.cases.commands.spgl import Batch, take_in
from yinuo.cases.construction.flow import Flow
from yinuo.cases.construction.spgl.events import Handled, handled
from yinuo.cases.construction.spgl.layout import TABLES
from yinuo.cases.construction.spgl.reading import Tables, read_folder, read_workbook
from yinuo.cases.construction.spgl.writing import as_csv, as_workbook
from yinuo.cases.construction.stage_time import Counted, count
from yinuo.cases.queries.construction import public_flows
from yinuo.cases.queries.spgl import spgl_tables
from yinuo.content.calendars import working_calendar
from yinuo.kernel.errors import YinuoError
from yinuo.kernel.spreadsheet.cells import load
from yinuo.project.cli.findings import print_json, show_findings, viewer_named
from yinuo.project.cli.progress import LateProgress
from yinuo.project.home import NoHome
from yinuo.project.tables import check_tables
from yinuo.web.clock import now, today

_JSON = click.option("--json", "as_json", is_flag=True, help="输出 JSON。")
_AS = click.option("--as", "username", required=True, help="谁，写用户名。")
_TYPE = click.option(
    "--developer-type", default="1", show_default=True, help="建设单位的单位类型 DWLX 代码。"
)


class TablesUnreadable(YinuoError):
    """A folder or file of tables that cannot be read or written."""

    code = "CASE-E615"

    def __init__(self, path: Path, why: str) -> None:
        super().__init__(f"读写不了（{why}）", place=str(path), next_step="请核对路径和权限")


def _ready() -> None:
    if settings.INSTALLATION is None:
        raise NoHome(settings.HOME)
    check_tables()


def _read(path: Path) -> tuple[Tables, str]:
    """Tables of a workbook or a folder of CSV files, and the hash of what was read."""
    if not path.is_dir():
        data = load(path)
        with LateProgress() as progress:
            tables = read_workbook(data, file=path.name, progress=progress)
        return tables, hashlib.sha256(data).hexdigest()
    whole = hashlib.sha256()
    texts = {}
    try:
        for file in sorted(path.glob("*.csv")):
            data = file.read_bytes()
            whole.update(file.name.encode() + b"\0" + data)
            texts[file.name] = data.decode("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise TablesUnreadable(path, str(error)) from error
    return read_folder(texts), whole.hexdigest()


@click.group()
def building() -> None:
    """工程建设项目：SPGL 数据表检查、导入、导出，阶段用时。"""


@building.command("check")
@click.argument("path", type=click.Path(path_type=Path), required=False)
@_JSON
def check_command(*, path: Path | None, as_json: bool) -> None:
    """检查流程表；给出工作簿或 CSV 文件夹时，检查其中的 SPGL 表并算阶段用时。

    不写入任何内容。发现问题时以非零状态退出。

    \b
    Example: yinuo building check spgl/
    """
    every = public_flows()
    if path is None:
        click.echo(f"审批流程 {len(every)} 个，没有错误")
        return
    tables, _ = _read(path)
    found, faults = handled(tables)
    findings = [*tables.findings, *faults]
    stages = _stages(found, every)
    if as_json:
        print_json(
            {
                "read": tables.read,
                "aside": len(tables.aside),
                "findings": [one.as_dict() for one in findings],
                "stages": {" ".join(key): _plain(counted) for key, counted in stages.items()},
            }
        )
    else:
        _say_check(tables, stages)
        show_findings("错误", findings)
    if findings:
        sys.exit(1)


def _say_check(tables: Tables, stages: Mapping[tuple[str, str], Counted]) -> None:
    for table in TABLES:
        click.echo(f"{table.code}  {table.label}  {len(tables.of(table)):,} 行可用")
    click.echo(f"读到 {tables.read:,} 行，搁置 {len(tables.aside):,} 行")
    for (project, stage), counted in stages.items():
        whole = counted.whole
        paused = "".join(f"，{ground}停 {days}" for ground, days in whole.paused)
        click.echo(
            f"{project}  {stage}  跨度 {whole.span}，审批用时 {whole.counted} 个工作日{paused}"
        )


def _plain(counted: Counted) -> dict[str, object]:
    whole = counted.whole
    return {
        "span": whole.span,
        "counted": whole.counted,
        "paused": dict(whole.paused),
        "open": counted.open,
        "lines": list(counted.lines),
    }


def _stages(found: list[Handled], every: tuple[Flow, ...]) -> dict[tuple[str, str], Counted]:
    """(works, stage) → what it took, for items of a known flow."""
    of_stage: dict[tuple[str, str], list[Handled]] = defaultdict(list)
    for one in found:
        stage = next((s for flow in every if (s := flow.stage_of(one.item))), None)
        of_stage[one.works, stage.name if stage else "不在流程中"].append(one)
    calendar = working_calendar()
    return {
        key: count([one.ran(one.item) for one in those], calendar, on=today())
        for key, those in sorted(of_stage.items())
    }


@building.command("import")
@click.argument("path", type=click.Path(path_type=Path))
@click.option("--office", required=True, help="牵头单位的代码。")
@_TYPE
@_AS
@_JSON
def import_command(
    *, path: Path, office: str, developer_type: str, username: str, as_json: bool
) -> None:
    """导入 SPGL 数据表（工作簿或 CSV 文件夹）：先父表后子表，有问题的行搁置并说明。

    已登记的内容不会被覆盖；再导一次，同样的行算重复。有搁置时以非零状态退出。

    \b
    Example: yinuo building import spgl/ --office DL-YSJ --as qiantou
    """
    _ready()
    tables, sha256 = _read(path)
    with LateProgress() as progress:
        batch = take_in(
            tables=tables,
            office=office,
            file=path.name,
            sha256=sha256,
            developer_type=developer_type,
            by=viewer_named(username),
            at=now(),
            progress=progress,
        )
    _say_batch(batch, as_json=as_json)
    if batch.aside:
        sys.exit(1)


def _say_batch(batch: Batch, *, as_json: bool) -> None:
    if as_json:
        findings = [one.as_dict() for one in batch.findings]
        print_json({**vars(batch), "findings": findings, "late_stops": list(batch.late_stops)})
        return
    click.echo(
        f"批次 {batch.code}：读到 {batch.read:,} 行 = 采用 {batch.accepted:,} "
        f"+ 搁置 {batch.aside:,} + 重复 {batch.duplicate:,}"
    )
    for late in batch.late_stops:
        click.echo(f"事后补记的暂停  {late}")
    show_findings("错误", batch.findings)


@building.command("export")
@click.argument("projects", nargs=-1)
@click.option("-o", "--output", type=click.Path(path_type=Path), required=True)
@click.option("--region", default="210200", show_default=True, help="行政区划代码 XZQHDM。")
@click.option("--v3", is_flag=True, help="按 3.0 的表名和列；默认 2.0。")
@_TYPE
@_AS
def export_command(
    *,
    projects: tuple[str, ...],
    output: Path,
    region: str,
    v3: bool,
    developer_type: str,
    username: str,
) -> None:
    """导出 SPGL 数据表：写成 .xlsx 工作簿，或写进一个文件夹，一表一个 CSV。

    \b
    Example: yinuo building export -o spgl.xlsx --as qiantou
    """
    _ready()
    rows = spgl_tables(
        viewer=viewer_named(username),
        region=region,
        developer_type=developer_type,
        projects=projects,
    )
    try:
        if output.suffix == ".xlsx":
            output.write_bytes(as_workbook(rows, v3=v3, made_at=now()))
        else:
            output.mkdir(parents=True, exist_ok=True)
            for name, data in as_csv(rows, v3=v3).items():
                (output / name).write_bytes(data)
    except OSError as error:
        raise TablesUnreadable(output, error.strerror or str(error)) from error
    click.echo(f"已写入 {output}：{sum(map(len, rows.values())):,} 行")
