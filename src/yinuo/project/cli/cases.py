"""`yinuo cases`: a log held against the limits that were promised, and our own dates checked."""

import csv
import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, time
from fractions import Fraction
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from yinuo.cases.audit.gathering import Aside, gather
from yinuo.cases.audit.judging import WORDS, Judge, Judged, Verdict
from yinuo.cases.audit.layout import Layout, Words
from yinuo.cases.audit.reading import instant, lines
from yinuo.cases.audit.tally import BEYOND, Audit, Tally
from yinuo.cases.errors.audit import OneLimit
from yinuo.cases.stored import columns
from yinuo.content.calendars import working_calendar
from yinuo.kernel.errors import YinuoError
from yinuo.kernel.instants import SHANGHAI
from yinuo.kernel.limits import UNIT_WORDS, DayType, Limit, parse_limit
from yinuo.kernel.spreadsheet.plain_text import plain_text
from yinuo.project.cli.calendar import Refused, UnreadableTime
from yinuo.web.clock import now

HALF, NINE_TENTHS = Fraction(1, 2), Fraction(9, 10)
UNITS = {"工作日": DayType.WORKING_DAY, "自然日": DayType.CALENDAR_DAY, "小时": DayType.HOUR}
REPORT = (
    *("办件", "部门", "行", "结论", "受理", "办结", "期限", "超期", "用时", "暂停", "单位"),
    *("临期暂停", "重新打开", "放假安排未公布", "原因"),
)
SHORTEST = 2_000_000
"""Bytes of a file from which progress is shown."""
MANY = 10_000
"""Cases from which progress is shown."""


@click.group()
def cases() -> None:
    """办件：按时限核对已有系统导出的办件记录，核对本系统办件的期限栏。"""


@cases.command()
@click.argument("log", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--case", default="办件编号", show_default=True, help="办件编号在哪一列。")
@click.option("--event", default="事件", show_default=True, help="事件（环节）在哪一列。")
@click.option("--time", "when", default="时间", show_default=True, help="时间在哪一列。")
@click.option("--department", default="", help="部门在哪一列；不给就不分部门。")
@click.option("--start", "starts", multiple=True, default=("受理",), help="起算的事件，可多次。")
@click.option("--end", "ends", multiple=True, default=("办结",), help="办结的事件，可多次。")
@click.option("--stop", "stops", multiple=True, help="暂停计时的事件，可多次。")
@click.option("--resume", "resumes", multiple=True, help="恢复计时的事件，可多次。")
@click.option("--ground", default="", help="暂停事由在哪一列；不给就用事件名。")
@click.option("--allow", "allowed", multiple=True, help="只有这些事由可以暂停；不给就都可以。")
@click.option("--limit", "limit", default="", help="统一的时限：20wd、90d、48h。")
@click.option("--limit-column", default="", help="每件的时限在哪一列。")
@click.option("--limit-unit", type=click.Choice(list(UNITS)), help="时限列只写数字时的单位。")
@click.option("--due-column", default="", help="每件的到期日在哪一列。")
@click.option("--cutoff", default="", help="办公截止钟点，如 17:00。")
@click.option("--at", "seen_at", default="", help="审计日，默认现在；在办件按这一天算。")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="逐件结果另存为 CSV。")
@click.option("--json", "as_json", is_flag=True, help="输出 JSON。")
def audit(log: Path, *, out: Path | None, as_json: bool, **given: Any) -> None:  # noqa: ANN401  # of many types, as click passes them
    """按时限核对一份办件日志：按时、超期、超多少，按部门列出。

    日志是 CSV（UTF-8 或 GB18030），一行一个事件，行的先后不限。算不了的办件放在一边，写明哪一行、
    为什么，不计入比例。有超期的以非零状态退出。

    \b
    Example: yinuo cases audit log.csv --department 部门 --limit 20wd --stop 暂停 --resume 恢复
    """
    try:
        at = _instant(given["seen_at"]) if given["seen_at"] else now()
        found = _audit(log, _layout(given), at, out)
    except YinuoError as error:
        raise Refused(error) from error
    if as_json:
        click.echo(json.dumps(_data(found), ensure_ascii=False, indent=2))
    else:
        _say(found, at, out)
    late = found.all.verdicts[Verdict.LATE] + found.all.verdicts[Verdict.OPEN_LATE]
    if late or found.all.aside:
        sys.exit(1)


@cases.command()
@click.option("--json", "as_json", is_flag=True, help="输出 JSON。")
def check(*, as_json: bool) -> None:
    """核对每个办件的期限栏是否等于计时事件推算的结果。

    有不符的以非零状态退出，并写明哪一栏、应为多少。

    \b
    Example: yinuo cases check
    """
    seen = columns.how_many()
    try:
        with _counting(seen) as progress:
            faults = list(columns.check(progress=progress))
    except YinuoError as error:
        raise Refused(error) from error
    if as_json:
        found = [{"case": one.case, "what": one.what} for one in faults]
        click.echo(json.dumps({"cases": seen, "faults": found}, ensure_ascii=False, indent=2))
    else:
        for one in faults:
            click.echo(f"{one.case}：{one.what}")
        click.echo(f"核对了 {seen:,} 个办件，{len(faults):,} 个不符。")
    if faults:
        sys.exit(1)


def _layout(given: dict[str, Any]) -> Layout:
    if sum(map(bool, (given["limit"], given["limit_column"], given["due_column"]))) != 1:
        raise OneLimit
    cutoff = _clock_time(given["cutoff"]) if given["cutoff"] else None
    limit = None
    if given["limit"]:
        number, day_type = parse_limit(given["limit"])
        limit = Limit(number=number, day_type=day_type, cutoff=cutoff)
    unit = given["limit_unit"]
    return Layout(
        case=given["case"],
        event=given["event"],
        time=given["when"],
        department=given["department"],
        ground=given["ground"],
        words=Words(
            start=frozenset(given["starts"]),
            end=frozenset(given["ends"]),
            stop=frozenset(given["stops"]),
            resume=frozenset(given["resumes"]),
        ),
        limit=limit,
        limit_column=given["limit_column"],
        limit_unit=UNITS[unit] if unit else None,
        due_column=given["due_column"],
        cutoff=cutoff,
        allowed=frozenset(given["allowed"]) or None,
    )


def _instant(text: str) -> datetime:
    found = instant(text)
    if found is None:
        raise UnreadableTime(text, "--at")
    return found


def _clock_time(text: str) -> time:
    try:
        return time.fromisoformat(text)
    except ValueError as error:
        raise UnreadableTime(text, "--cutoff") from error


def _audit(log: Path, layout: Layout, at: datetime, out: Path | None) -> Audit:
    judge, found = Judge(working_calendar(), at), Audit()
    with _reading(log) as progress, _writing(out) as write:
        for case in gather(lines(log, layout, progress=progress), layout, at=at):
            judged = case if isinstance(case, Aside) else judge(case)
            if judged is None:
                assert not isinstance(case, Aside)  # noqa: S101  # those are passed on above
                judged = Aside(case.number, case.department, case.line, BEYOND, "")
            if isinstance(judged, Aside):
                found.put_aside(judged)
            else:
                found.take(judged)
            write(judged)
    return found


@contextmanager
def _reading(log: Path) -> Iterator[Callable[[int], None]]:
    """Shows how far a long file was read."""
    size = log.stat().st_size
    if size < SHORTEST:
        yield lambda _read: None
        return
    with Progress(console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("核对", total=size)
        yield lambda read: progress.update(task, completed=read)


@contextmanager
def _counting(total: int) -> Iterator[Callable[[int], None]]:
    """Shows how many of very many cases were seen."""
    if total < MANY:
        yield lambda _some: None
        return
    with Progress(console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("核对", total=total)
        yield lambda some: progress.advance(task, some)


@contextmanager
def _writing(out: Path | None) -> Iterator[Callable[[Judged | Aside], object]]:
    """Writes a row a case, so that Excel opens it with its Chinese."""
    if out is None:
        yield lambda _judged: None
        return
    with out.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(REPORT)
        yield lambda one: writer.writerow(_aside_row(one) if isinstance(one, Aside) else _row(one))


def _row(judged: Judged) -> list[str]:
    case = judged.case
    flags = (judged.stopped_near_end, case.reopened, judged.provisional)
    refused = f"{case.refused_stops} 次暂停的事由不能停表" if case.refused_stops else ""
    return [
        *(
            plain_text(case.number),
            plain_text(case.department),
            str(case.line),
            WORDS[judged.verdict],
        ),
        _moment(case.start),
        _moment(case.done) if case.done else "",
        judged.due.isoformat() if judged.due else "",
        *(str(judged.late), "" if judged.used is None else str(judged.used), str(judged.stopped)),
        UNIT_WORDS[judged.unit].removeprefix("个"),
        *("是" if flag else "" for flag in flags),
        refused,
    ]


def _aside_row(aside: Aside) -> list[str]:
    said = f"{aside.reason}：{aside.detail}" if aside.detail else aside.reason
    blank = [""] * (len(REPORT) - 5)
    return [
        plain_text(aside.number),
        plain_text(aside.department),
        str(aside.line),
        "没有核对",
        *blank,
        plain_text(said),
    ]


def _moment(value: datetime) -> str:
    return value.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M:%S")


def _say(found: Audit, at: datetime, out: Path | None) -> None:
    total = found.all
    late = total.verdicts[Verdict.LATE]
    rate = _percent(total.rate)
    day = at.astimezone(SHANGHAI).date()
    running, running_late = total.judged - total.ended, total.verdicts[Verdict.OPEN_LATE]
    click.echo(
        f"截至 {day}，核对 {total.judged:,} 件：办结 {total.ended:,} 件，"
        f"按时 {total.verdicts[Verdict.ON_TIME]:,} 件（{rate}），超期 {late:,} 件；"
        f"在办 {running:,} 件，其中已超期 {running_late:,} 件"
    )
    Console(width=None if sys.stdout.isatty() else 140).print(_table(found))
    if total.judged and total.unit is None:
        click.echo("各件时限的单位不同，不一起算中位数；按单位分开核对可以看到")
    for label, number in _signs(total):
        if number:
            click.echo(f"{label} {number:,} 件")
    if total.aside:
        click.echo(f"没有核对 {total.aside.total():,} 件：")
        for reason, number in total.aside.most_common():
            click.echo(f"  {reason} {number:,} 件")
    if out:
        click.echo(f"逐件结果在 {out}")


def _signs(tally: Tally) -> list[tuple[str, int]]:
    return [
        ("有暂停的", tally.stopped),
        ("期满前两个单位之内才暂停的", tally.stopped_near_end),
        ("暂停事由不能停表、时间照算的", tally.refused_stops),
        ("办结后又重新打开的", tally.reopened),
        ("用到放假安排未公布的日子的", tally.provisional),
    ]


def _table(found: Audit) -> Table:
    table = Table(box=None, pad_edge=False)
    table.add_column("部门", overflow="fold")
    for name in (
        "办结",
        "按时率",
        "超期",
        "超期中位",
        "超期九成",
        "在办超期",
        "用时中位",
        "未核对",
    ):
        table.add_column(name, justify="right")
    for tally in (*found.worst_first, found.all):
        table.add_row(
            tally.name,
            f"{tally.ended:,}",
            _percent(tally.rate),
            f"{tally.verdicts[Verdict.LATE]:,}",
            _number(tally.lateness(HALF)),
            _number(tally.lateness(NINE_TENTHS)),
            f"{tally.verdicts[Verdict.OPEN_LATE]:,}",
            _number(tally.usage(HALF)),
            f"{tally.aside.total():,}",
        )
    return table


def _number(value: int | None) -> str:
    return "—" if value is None else f"{value:,}"


def _percent(rate: Fraction | None) -> str:
    return "—" if rate is None else f"{float(rate):.1%}"


def _data(found: Audit) -> dict[str, object]:
    return {
        "all": _tally_data(found.all),
        "departments": [_tally_data(tally) for tally in found.worst_first],
    }


def _tally_data(tally: Tally) -> dict[str, object]:
    return {
        "name": tally.name,
        "unit": tally.unit.value if tally.unit else None,
        **{verdict.value: tally.verdicts[verdict] for verdict in Verdict},
        "on_time_of_ended": [tally.verdicts[Verdict.ON_TIME], tally.ended],
        "late_median": tally.lateness(HALF),
        "late_p90": tally.lateness(NINE_TENTHS),
        "used_median": tally.usage(HALF),
        "stopped": tally.stopped,
        "stopped_near_end": tally.stopped_near_end,
        "refused_stops": tally.refused_stops,
        "reopened": tally.reopened,
        "provisional": tally.provisional,
        "aside": dict(tally.aside),
    }
