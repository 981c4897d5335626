"""`yinuo calendar`: due dates with their reasoning, and the calendar they rest on."""

import json
import re
from calendar import monthrange
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime, time
from itertools import groupby
from pathlib import Path

import click
from django.conf import settings

from yinuo.kernel.calendar import HORIZON_LAST, BadCalendar, Calendar
from yinuo.kernel.clock import Clock, Event, Extension, Resume, Start, Stop
from yinuo.kernel.content import content_file
from yinuo.kernel.errors import Finding, YinuoError
from yinuo.kernel.explanation import PROVISIONAL_MARK, date_words, dates_words, units_words
from yinuo.kernel.instants import SHANGHAI
from yinuo.kernel.limits import Limit, parse_limit
from yinuo.kernel.projection import ClockState, Projection, project
from yinuo.kernel.special_days import DayKind
from yinuo.web.clock import now

_STOP = re.compile(r"(?P<start>[^.@]+)\.\.(?P<end>[^.@]*)(?:@(?P<ground>.+))?")
_UNSAID = "未注明"
# What is asked here is a supposition, so nothing in it can lie in the future.
_SUPPOSED_AT = datetime.combine(HORIZON_LAST, time.max, SHANGHAI)
_STATES = {
    ClockState.NOT_STARTED: "尚未起算",
    ClockState.RUNNING: "正在计时",
    ClockState.PAUSED: "暂停计时",
    ClockState.EXPIRED: "已经期满",
}
_MONTHS = range(1, 13)
_SATURDAY = 5


class UnreadableTime(YinuoError):
    """A date or a time of the command line that we do not read."""

    code = "CAL-E030"

    def __init__(self, text: str, option: str) -> None:
        super().__init__(
            f"看不懂时间“{text}”",
            place=option,
            next_step="写成 2024-02-08、2024-02-08T16:30 或（截止钟点）17:00，均为北京时间",
        )


class UnreadableStop(YinuoError):
    """A stop of the command line that we do not read."""

    code = "CAL-E031"

    def __init__(self, text: str) -> None:
        super().__init__(
            f"看不懂暂停“{text}”",
            place="--stop",
            next_step="写成 2024-02-20..2024-02-26；未恢复的写 2024-02-20..，事由写在 @ 之后",
        )


class ExtensionUnit(YinuoError):
    """An extension in another unit than the limit."""

    code = "CAL-E032"

    def __init__(self, text: str, limit: str) -> None:
        super().__init__(
            f"延期“{text}”与时限“{limit}”的单位不同",
            place="--extend",
            next_step="用时限的单位写延期",
        )


class Refused(click.ClickException):
    """An error of ours as the command line shows it: exit code 2."""

    exit_code = 2

    def __init__(self, error: YinuoError) -> None:
        next_step = f"\n  下一步：{error.next_step}" if error.next_step else ""
        place = f"\n  位置：{error.place}" if error.place else ""
        super().__init__(f"错误 {error.code}：{error.what}{place}{next_step}")

    def show(self, file: object = None) -> None:  # noqa: ARG002 - click's signature
        """Print it without click's English prefix."""
        click.echo(self.message, err=True)


@click.group()
def calendar() -> None:
    """工作日历：推算期满日，检查和查看日历。"""


@calendar.command()
@click.option("--start", required=True, help="起算时间（北京时间），如 2024-02-08T16:30。")
@click.option("--limit", required=True, help="时限：20wd、90d、48h、6m、1y（或 20个工作日）。")
@click.option("--stop", "stops", multiple=True, help="暂停 起..止[@事由]，止不计入；可多次。")
@click.option("--extend", "extensions", multiple=True, help="延期，单位同时限；可多次。")
@click.option("--cutoff", help="办公截止钟点，如 17:00；此后发生的算下一个工作日。")
@click.option("--no-roll", is_flag=True, help="最后一日放假也不顺延。")
@click.option("--at", "seen_at", help="在什么时间看，默认现在。")
@click.option("--calendar", "path", type=click.Path(path_type=Path), help="日历文件。")
@click.option("--json", "as_json", is_flag=True, help="输出 JSON。")
def due(  # noqa: PLR0917 - click passes them by name
    start: str,
    limit: str,
    stops: tuple[str, ...],
    extensions: tuple[str, ...],
    cutoff: str | None,
    no_roll: bool,  # noqa: FBT001
    seen_at: str | None,
    path: Path | None,
    as_json: bool,  # noqa: FBT001
) -> None:
    """推算期满日，并逐句说明理由。

    \b
    Example: yinuo calendar due --start 2024-02-08T16:30 --limit 20wd --stop 2024-02-20..2024-02-26
    """
    try:
        rule = _limit(limit, cutoff, no_roll=no_roll)
        begun = _instant(start, "--start")
        events: list[Event] = [Start(key="起算", at=begun, recorded_at=_SUPPOSED_AT)]
        for number, text in enumerate(stops, start=1):
            events += _stop(f"暂停{number}", text)
        for number, text in enumerate(extensions, start=1):
            events.append(_extension(f"延期{number}", text, rule, at=begun))
        at = _instant(seen_at, "--at") if seen_at else now()
        seen = project(Clock(rule, tuple(events)), Calendar.load(path or _default()), at=at)
    except YinuoError as error:
        raise Refused(error) from error
    if as_json:
        click.echo(json.dumps(seen.as_dict(), ensure_ascii=False, indent=2))
    else:
        click.echo("\n".join(_due_lines(seen, at)))


@calendar.command()
@click.argument("file", required=False, type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="输出 JSON。")
def check(file: Path | None, as_json: bool) -> None:  # noqa: FBT001
    """检查日历文件，列出全部错误；省略文件名则检查正在使用的日历。

    \b
    Example: yinuo calendar check content/calendars/china.csv
    """
    path = file or _default()
    findings: tuple[Finding, ...] = ()
    summary = ""
    try:
        summary = _summary(path, Calendar.load(path))
    except BadCalendar as error:
        findings = error.findings
    except YinuoError as error:
        raise Refused(error) from error
    if as_json:
        found = [finding.as_dict() for finding in findings]
        click.echo(json.dumps({"file": path.name, "findings": found}, ensure_ascii=False, indent=2))
    for finding in () if as_json else findings:
        value = f"“{finding.value}”" if finding.value else ""
        click.echo(f"{finding.code}［{finding.place}］{value}{finding.rule} → {finding.next_step}")
    if not as_json:
        click.echo(summary or f"{path.name}：{len(findings)} 处错误")
    if findings:
        raise click.exceptions.Exit(1)


@calendar.command()
@click.argument("year", type=click.IntRange(1992, 2100))
@click.option("--calendar", "path", type=click.Path(path_type=Path), help="日历文件。")
@click.option("--json", "as_json", is_flag=True, help="输出 JSON。")
def show(year: int, path: Path | None, as_json: bool) -> None:  # noqa: FBT001
    """显示一年的工作日、放假和补班。

    \b
    Example: yinuo calendar show 2024
    """
    try:
        loaded = Calendar.load(path or _default())
    except YinuoError as error:
        raise Refused(error) from error
    if as_json:
        click.echo(json.dumps(_year_data(loaded, year), ensure_ascii=False, indent=2))
    else:
        click.echo("\n".join(_year_lines(loaded, year)))


def _default() -> Path:
    return content_file("calendars", "china.csv", own=settings.YINUO_CONTENT)


def _instant(text: str, option: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text.strip())
    except ValueError as cause:
        raise UnreadableTime(text, option) from cause
    return (moment if moment.tzinfo else moment.replace(tzinfo=SHANGHAI)).astimezone(UTC)


def _limit(text: str, cutoff: str | None, *, no_roll: bool) -> Limit:
    number, day_type = parse_limit(text)
    try:
        closing = time.fromisoformat(cutoff) if cutoff else None
    except ValueError as cause:
        raise UnreadableTime(str(cutoff), "--cutoff") from cause
    return Limit(number=number, day_type=day_type, cutoff=closing, roll=False if no_roll else None)


def _stop(key: str, text: str) -> Iterator[Event]:
    match = _STOP.fullmatch(text.strip())
    if match is None:
        raise UnreadableStop(text)
    begun = _instant(match["start"], "--stop")
    yield Stop(key=key, at=begun, ground=match["ground"] or _UNSAID, recorded_at=_SUPPOSED_AT)
    if match["end"].strip():
        ended = _instant(match["end"], "--stop")
        yield Resume(key=f"{key}的恢复", stop=key, at=ended, recorded_at=_SUPPOSED_AT)


def _extension(key: str, text: str, limit: Limit, *, at: datetime) -> Extension:
    number, day_type = parse_limit(text)
    if day_type is not limit.day_type:
        raise ExtensionUnit(text, limit.words)
    return Extension(
        key=key, at=at, number=number, approver="有权机关", reason=_UNSAID,
        recorded_at=_SUPPOSED_AT,
    )  # fmt: skip


def _due_lines(seen: Projection, at: datetime) -> Iterator[str]:
    mark = f" {PROVISIONAL_MARK}" if seen.provisional else ""
    if seen.due is None:
        yield f"期满日 待恢复后确定，最早 {date_words(seen.earliest.date)}{mark}"
    else:
        yield f"期满日 {date_words(seen.due.date)}{mark}"
    left = units_words(seen.remaining, seen.unit)
    used = units_words(seen.consumed, seen.unit)
    seen_at = f"{at.astimezone(SHANGHAI):%Y-%m-%d %H:%M}"
    yield f"{seen_at} {_STATES[seen.state]}：已用 {used}，还有 {left}"
    for number, line in enumerate(seen.explanation, start=1):
        yield f"{number}. {line}"
    yield f"日历版本 {seen.calendar_version}"


def _summary(path: Path, loaded: Calendar) -> str:
    kinds = Counter(day.kind for day in loaded.special)
    return (
        f"{path.name}：没有错误。{loaded.valid_from} 至 {loaded.valid_through}，"
        f"放假 {kinds[DayKind.OFF]} 天，补班 {kinds[DayKind.MAKE_UP]} 天，版本 {loaded.version}"
    )


def _year_lines(loaded: Calendar, year: int) -> Iterator[str]:
    """A row a month: the number of a working day, ·· for a plain weekend, 休 and 班."""
    total = sum(_working_days(loaded, year, month) for month in _MONTHS)
    yield f"{year} 年 {total} 个工作日"
    if not (loaded.covers(date(year, 1, 1)) and loaded.covers(date(year, 12, 31))):
        yield f"{PROVISIONAL_MARK}：日历只说明 {loaded.valid_from} 至 {loaded.valid_through}"
    for month in _MONTHS:
        days = [date(year, month, day) for day in range(1, monthrange(year, month)[1] + 1)]
        cells = " ".join(_cell(loaded, day) for day in days)
        yield f"{month:>2}月 {_working_days(loaded, year, month):>2} 天  {cells}"
    for (kind, name, notice), days_of in _holidays(loaded, year):
        yield f"{kind} {name} {dates_words(days_of)}（{notice or '发文字号待查'}）"


def _cell(loaded: Calendar, day: date) -> str:
    special = loaded.special_day(day)
    if special is not None:
        return str(special.kind)
    return f"{day.day:02}" if day.weekday() < _SATURDAY else "··"


def _working_days(loaded: Calendar, year: int, month: int) -> int:
    first, length = date(year, month, 1), monthrange(year, month)[1]
    days = loaded.working_days_between(first, date(year, month, length))
    return days + loaded.is_working(date(year, month, length))


def _holidays(loaded: Calendar, year: int) -> Iterator[tuple[tuple[DayKind, str, str], list[date]]]:
    rows = [day for day in loaded.special if day.date.year == year]
    rows.sort(key=lambda day: (day.kind, day.date))
    for key, days in groupby(rows, key=lambda day: (day.kind, day.name, day.notice)):
        yield key, [day.date for day in days]


def _year_data(loaded: Calendar, year: int) -> dict[str, object]:
    return {
        "year": year,
        "announced": loaded.covers(date(year, 1, 1)) and loaded.covers(date(year, 12, 31)),
        "calendar_version": loaded.version,
        "working_days": {month: _working_days(loaded, year, month) for month in _MONTHS},
        "special": [
            {
                "date": day.date.isoformat(),
                "kind": day.kind.value,
                "name": day.name,
                "notice": day.notice,
            }
            for day in loaded.special
            if day.date.year == year
        ],
    }
