"""`yinuo indicators`: figures checked, taken in, released, given back; counts counted again."""

import sys
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from pathlib import Path

import click
from django.conf import settings

from yinuo.commitments.life import Visibility
from yinuo.goals.commands import figures as commands
from yinuo.goals.commands import indicators as defining
from yinuo.goals.commands.recount import recount
from yinuo.goals.errors.indicators import FileUnreadable
from yinuo.goals.indicators.checks import ANSWERS, ASIDE, CHANGE, KEEP, Settled, aside_table
from yinuo.goals.indicators.layout import FIGURE_COLUMNS
from yinuo.goals.indicators.periods import read_period
from yinuo.goals.indicators.words import MEASURE_LABELS, Measure
from yinuo.goals.indicators.writing import (
    binding_row,
    figure_row,
    indicator_row,
    table_csv,
    write_csv,
    write_indicators,
)
from yinuo.goals.queries import indicators as queries
from yinuo.goals.queries import loads as load_queries
from yinuo.goals.queries import series as series_queries
from yinuo.goals.queries.figure_checks import FileCheck, check_file, template_rows
from yinuo.kernel.filestore import FileStore
from yinuo.parties.queries import public_unit_names, public_units
from yinuo.parties.viewer import Viewer
from yinuo.project.cli.findings import print_json, show_findings, viewer_named
from yinuo.project.cli.goals import STDIN
from yinuo.project.cli.progress import LateProgress
from yinuo.project.home import NoHome
from yinuo.project.tables import check_tables
from yinuo.web.clock import now, today

_JSON = click.option("--json", "as_json", is_flag=True, help="输出 JSON。")
_BY = click.option("--by", "username", required=True, help="谁，写用户名。")
_FILE = click.argument("file", type=click.Path(allow_dash=True))
_DAY = click.DateTime(["%Y-%m-%d"])
_ASIDE = click.option("--aside-to", type=click.Path(), help="把放在一边的行写进这个 CSV。")
EVERY = "all"


def _operator() -> Viewer:
    """Whoever has the command line of the server and reads the database anyway."""
    return Viewer(username="operator", auditor_of=frozenset(u.code for u in public_units()))


def _ready() -> None:
    if settings.INSTALLATION is None:
        raise NoHome(settings.HOME)
    check_tables()


def _read(file: str) -> tuple[bytes, str]:
    """The bytes and the name of a file, or of standard input. Raises `FileUnreadable`."""
    if file == "-":
        return sys.stdin.buffer.read(), STDIN
    try:
        return Path(file).read_bytes(), Path(file).name
    except OSError as error:
        what = f"文件读不出来：{error.strerror}"
        raise FileUnreadable(file, what, "请核对路径和读取权限") from error


def _check(data: bytes, name: str, viewer: Viewer) -> FileCheck:
    with LateProgress() as progress:
        return check_file(data=data, name=name, viewer=viewer, today=today(), progress=progress)


@click.group()
def indicators() -> None:
    """指标和数据：检查、导入、修订留版、导出、推算、计数。"""


@indicators.command("list")
@click.option("--text", default="", help="名称、编号或口径里的词。")
@_JSON
def list_command(*, text: str, as_json: bool) -> None:
    """列出指标和最新的数。

    \b
    Example: yinuo indicators list --text 口岸
    """
    _ready()
    rows: list[queries.IndicatorRow] = []
    cursor = ""
    while True:
        page = queries.indicators(viewer=_operator(), text=text, cursor=cursor, size=500)
        rows += page.rows
        cursor = page.next_cursor
        if not cursor:
            break
    if as_json:
        print_json([_stringed(asdict(row)) for row in rows])
        return
    for row in rows:
        value = "暂无数据" if row.value is None else f"{row.period} {row.value} {row.unit}"
        mark = "（推算）" if row.implied else ""
        click.echo(f"{row.code}  {row.name}  {row.subject_name} {value}{mark}")
    click.echo(f"共 {len(rows):,} 个指标")


@indicators.command("show")
@click.argument("code")
@click.option("--subject", default="", help="谁的，写单位代码或范围的名称；不写是主要的一个。")
@click.option("--as-of", type=_DAY, help="这一天已经公布的各版。")
@_JSON
def show_command(*, code: str, subject: str, as_of: datetime | None, as_json: bool) -> None:
    """一个指标的口径和各期的数：同比、累计、占比、压缩都由存着的数算出。

    \b
    Example: yinuo indicators show DL-PORT-VALUE
    """
    _ready()
    viewer = _operator()
    it = queries.indicator(code=code, viewer=viewer)
    day = as_of.date() if as_of else None
    found = series_queries.series(indicator=code, viewer=viewer, subject=subject, as_of=day)
    if as_json:
        print_json({"indicator": _plain(it), "series": _plain(found)})
        return
    click.echo(f"{it.code}  {it.name}（{it.unit}，{it.kind_label}，{it.frequency_label}）")
    click.echo(f"口径：{it.definition or '没有写'}")
    click.echo(f"{found.subject_name}：已有 {found.present} 期，应有 {found.expected} 期")
    for point in found.points:
        click.echo(_line(point, it.unit))


def _line(point: series_queries.Point, unit: str) -> str:
    if point.actual is None:
        planned = f"计划 {point.planned} {unit}" if point.planned else "暂无数据"
        parts = [planned]
    else:
        marks = f"第 {point.vintage} 版，{point.standing}{'，推算' if point.implied else ''}"
        parts = [f"{point.actual} {unit}（{marks}）"]
    named = [("同比", point.year_on_year), ("压缩", point.compression)]
    named += [(f"占{share.of}", share.compared) for share in point.shares]
    for word, compared in named:
        if compared is None:
            continue
        said = f"{compared.value}{compared.unit}" if compared.value is not None else compared.why
        parts.append(f"{word} {said}")
        if compared.stated:
            agrees = {True: "一致", False: "不一致", None: ""}[compared.agrees]
            parts[-1] += f"（原文 {compared.stated}%{'，' + agrees if agrees else ''}）"
    return f"  {point.label}  {'  '.join(parts)}"


def _plain(found: queries.IndicatorView | series_queries.Series) -> object:
    """A frozen record as data for JSON."""
    return _stringed(asdict(found))


def _stringed(value: object) -> object:
    if isinstance(value, dict):
        return {str(key): _stringed(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_stringed(each) for each in value]
    if value is None or isinstance(value, str | int | bool):
        return value
    return str(value)


@indicators.command("check")
@_FILE
@_BY
@_ASIDE
@_JSON
def check_command(*, file: str, username: str, aside_to: str | None, as_json: bool) -> None:
    """逐行检查 FILE（工作簿或 CSV，- 为标准输入），不写数据库。

    看不懂的行放在一边，可疑的问一句；有错误或放在一边的行时退出码为 1。

    \b
    Example: yinuo indicators check 数据.xlsx --by statistician
    """
    _ready()
    data, name = _read(file)
    found = _check(data, name, viewer_named(username))
    settled = found.figures.settled({})
    _aside_to(aside_to, settled)
    if as_json:
        print_json(_check_data(found, settled))
    else:
        _say_check(found, settled)
    if found.errors or settled.aside:
        sys.exit(1)


@indicators.command("import")
@_FILE
@_BY
@click.option("--accept", multiple=True, help="这些疑问照原样收，写编号；all 是其余全部。")
@click.option("--change", multiple=True, help="这些疑问按建议改了再收。")
@click.option("--aside", multiple=True, help="这些疑问不收，放在一边。")
@_ASIDE
@_JSON
def import_command(
    *,
    file: str,
    username: str,
    accept: Sequence[str],
    change: Sequence[str],
    aside: Sequence[str],
    aside_to: str | None,
    as_json: bool,
) -> None:
    """检查 FILE 并收下：新的成为第 1 版，修订的成为下一版，旧的都保留。

    收下的是一个批次，由另一名督查人发布以后公众才看得到。再次导入同一个文件不会有任何变化。

    \b
    Example: yinuo indicators import 数据.xlsx --by statistician --accept 1 --change 2
    """
    _ready()
    data, name = _read(file)
    viewer = viewer_named(username)
    found = _check(data, name, viewer)
    answers = _answers(found, {KEEP: accept, CHANGE: change, ASIDE: aside})
    settled = found.figures.settled(answers)
    _aside_to(aside_to, settled)
    if (found.errors or settled.open) and not as_json:
        _say_check(found, settled)
    taken = commands.take_in(
        check=found,
        data=data,
        answers=answers,
        store=FileStore(settings.YINUO_FILES),
        by=viewer,
        at=now(),
    )
    if as_json:
        print_json(asdict(taken))
        return
    click.echo(
        f"已收下：新增 {taken.added:,}，修订 {taken.revised:,}，相同 {taken.unchanged:,}，"
        f"放在一边 {taken.aside:,} 行；定义指标 {taken.defined:,}，更新说明 {taken.described:,}，"
        f"连接承诺 {taken.bound:,}"
    )
    for load in taken.loads:
        click.echo(f"下一步：由另一名督查人 yinuo indicators release {load} --by 用户名")


def _answers(found: FileCheck, said: dict[str, Sequence[str]]) -> dict[int, str]:
    """Number of a question → answer; `all` is for those that are not named."""
    answers: dict[int, str] = {}
    for answer, numbers in said.items():
        for text in ",".join(numbers).split(","):
            if text.strip() == EVERY:
                for question in found.figures.questions:
                    answers.setdefault(question.number, answer)
            elif text.strip().isdigit():
                answers[int(text)] = answer
            elif text.strip():
                raise click.BadParameter(f"“{text}”不是疑问的编号", param_hint=f"--{answer}")
    return answers


def _aside_to(path: str | None, settled: Settled) -> None:
    if path:
        Path(path).write_bytes(table_csv(aside_table(settled.aside)))


def _check_data(found: FileCheck, settled: Settled) -> dict[str, object]:
    return {
        "ok": not found.errors and not settled.aside and not settled.open,
        "ready": len(settled.figures),
        "unchanged": settled.unchanged,
        "questions": [
            {"number": q.number, "change": q.change, **q.finding.as_dict()}
            for q in found.figures.questions
        ],
        "aside": [
            {"row": row.number, "faults": [fault.as_dict() for fault in faults]}
            for row, faults in settled.aside
        ],
        "errors": [each.as_dict() for each in found.errors],
        "notices": [each.as_dict() for each in found.notices],
    }


def _say_check(found: FileCheck, settled: Settled) -> None:
    show_findings("提示", found.notices)
    show_findings("错误", found.errors)
    show_findings("错误", [fault for _, faults in settled.aside for fault in faults])
    for question in settled.open:
        head = click.style(f"疑问 {question.number}", fg="yellow", bold=True)
        click.echo(f"{head}  {question.finding.place}：{question.finding.rule}")
        click.echo(f"  {question.finding.next_step}")
    click.echo(
        f"可收 {len(settled.figures):,}，相同 {settled.unchanged:,}，待回答 {len(settled.open):,}，"
        f"放在一边 {len(settled.aside):,} 行，错误 {len(found.errors):,} 处"
    )
    if settled.open:
        words = "，".join(f"--{name} {word}" for name, word in _OPTIONS.items())
        click.echo(f"下一步：导入时逐个回答疑问：{words}")


_OPTIONS = {"accept": ANSWERS[KEEP], "change": ANSWERS[CHANGE], "aside": ANSWERS[ASIDE]}


@indicators.command("release")
@click.argument("load")
@_BY
@_JSON
def release_command(*, load: str, username: str, as_json: bool) -> None:
    """发布一个批次；连接着的承诺随之更新进展。导入人不能发布自己导入的。

    \b
    Example: yinuo indicators release SL3 --by supervisor1
    """
    _ready()
    moved = commands.release(load=load, by=viewer_named(username), at=now())
    if as_json:
        print_json({"load": load, "reports": list(moved)})
        return
    click.echo(f"{load} 已发布，{len(moved):,} 项承诺的进展随之更新")


@indicators.command("publish")
@click.argument("codes", nargs=-1, required=True)
@_BY
def publish_command(*, codes: Sequence[str], username: str) -> None:
    """把审查过的指标主动公开。定义人不能审查自己定义的。

    \b
    Example: yinuo indicators publish DL-PORT-VALUE --by supervisor1
    """
    _ready()
    defining.publish(
        indicators=codes, visibility=Visibility.PUBLIC, by=viewer_named(username), at=now()
    )
    click.echo(f"{len(codes):,} 个指标已主动公开")


@indicators.command("export")
@click.argument("codes", nargs=-1)
@click.option(
    "-o", "--output", required=True, type=click.Path(allow_dash=True), help="- 为标准输出。"
)
@click.option("--csv", "as_csv", is_flag=True, help="只导出数据，写成 CSV。")
def export_command(*, codes: Sequence[str], output: str, as_csv: bool) -> None:
    """把指标和最新一版数据写成工作簿；原样导入不会有任何变化。

    \b
    Example: yinuo indicators export -o 指标.xlsx
    Example: yinuo indicators export DL-PORT-VALUE --csv -o -
    """
    _ready()
    defined, figures, bindings = template_rows(viewer=_operator(), indicators=codes)
    units = {each.code: each.unit for each in defined}
    rows = [
        {**figure_row(f), "unit": units[f.indicator] if f.measure == Measure.VALUE else "%"}
        for f in figures
    ]
    if as_csv:
        data = write_csv(FIGURE_COLUMNS, rows)
    else:
        data = write_indicators(
            None,
            [indicator_row(each) for each in defined],
            rows,
            [binding_row(each) for each in bindings],
            made_at=now(),
            demo=bool(settings.YINUO_DEMO_DATE),
        )
    if output == "-":
        sys.stdout.buffer.write(data)
        return
    Path(output).write_bytes(data)
    click.echo(f"已导出 {len(defined):,} 个指标、{len(figures):,} 个数 → {output}")


@indicators.command("bind")
@click.argument("commitment")
@click.argument("indicator")
@click.option("--subject", required=True, help="谁的数，写单位代码或范围的名称。")
@click.option("--period", required=True, help="看哪一段时间的数，如 2024。")
@_BY
def bind_command(
    *, commitment: str, indicator: str, subject: str, period: str, username: str
) -> None:
    """让承诺 COMMITMENT 的进展随指标 INDICATOR 更新。

    \b
    Example: yinuo indicators bind DL2024-069 DL-SEI-SHARE --subject 210200 --period 2024
             --by supervisor1
    """
    _ready()
    names = {name: code for code, name in public_unit_names().items()}
    defining.bind(
        commitment=commitment,
        indicator=indicator,
        subject=names.get(subject, subject),
        period=read_period(period),
        by=viewer_named(username),
        at=now(),
    )
    click.echo(f"{commitment} 随 {indicator} 更新：以后发布的新数会自动记一次进展")


@indicators.command("imply")
@click.argument("indicator")
@click.option("--subject", required=True, help="谁的数，写单位代码或范围的名称。")
@click.option("--period", required=True, help="所称比率的那一期，如 2024 或 2024:春节假期前5日。")
@click.option(
    "--measure",
    type=click.Choice([str(m) for m in MEASURE_LABELS if m != Measure.VALUE]),
    required=True,
    help="yoy 同比，pop 环比，share 占比，compression 压缩。",
)
@click.option("--against", default="", help="占谁的比重，或与哪一期比。")
@click.option("--first", type=_DAY, help="上年同名的一段日子的起日。")
@click.option("--last", type=_DAY, help="止日，这一天也算。")
@_BY
def imply_command(
    *,
    indicator: str,
    subject: str,
    period: str,
    measure: str,
    against: str,
    first: datetime | None,
    last: datetime | None,
    username: str,
) -> None:
    """由所称的比率反推基数，记为推算；发布同样要另一人。

    \b
    Example: yinuo indicators imply DL-TOUR-VISITORS --subject 210200
             --period 2024:春节假期前5日 --measure yoy --first 2023-01-21 --last 2023-01-25
             --by statistician
    """
    _ready()
    load = commands.imply(
        indicator=indicator,
        subject=subject,
        period=period,
        measure=Measure(measure),
        against=against,
        first=first.date() if first else None,
        last=last.date() if last else None,
        by=viewer_named(username),
        at=now(),
    )
    (figure,) = load_queries.load(code=load, viewer=_operator()).figures
    click.echo(f"{figure.period} {figure.value} {figure.unit}（推算：{figure.how}）")
    click.echo(f"下一步：由另一名督查人 yinuo indicators release {load} --by 用户名")


@indicators.command("recount")
@click.option("--on", type=_DAY, help="截至哪一天；默认今天。")
@_JSON
def recount_command(*, on: datetime | None, as_json: bool) -> None:
    """由台账计数的指标重新计数；只写变了的，每晚也自动做一次。

    \b
    Example: yinuo indicators recount
    """
    _ready()
    loads = recount(at=now(), day=on.date() if on else None)
    if as_json:
        print_json({"loads": list(loads)})
        return
    click.echo(f"重新计数，写了 {len(loads):,} 个批次" if loads else "重新计数，没有变化")
