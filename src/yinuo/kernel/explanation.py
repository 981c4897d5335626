"""The reasoning behind a due date, in Chinese sentences that a notice may quote."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from itertools import groupby

from yinuo.kernel.calendar import Calendar
from yinuo.kernel.clock import Clock, Extension, StopSpan
from yinuo.kernel.counting import MICROSECONDS_PER_HOUR, Due
from yinuo.kernel.instants import SHANGHAI
from yinuo.kernel.limits import UNIT_WORDS, DayType, Limit
from yinuo.kernel.reckoning import Reckoning, late_extensions, marginal_units
from yinuo.kernel.spans import OPEN
from yinuo.kernel.special_days import DayKind

_WEEKDAYS = "一二三四五六日"
_MINUTES = 60
PROVISIONAL_MARK = "预计（放假安排未公布）"


def date_words(day: date) -> str:
    """A date as text gives it.

    >>> date_words(date(2024, 2, 8))
    '2024年2月8日（星期四）'
    """
    return f"{day.year}年{day.month}月{day.day}日（星期{_WEEKDAYS[day.weekday()]}）"


def dates_words(days: Sequence[date]) -> str:
    """Ascending days of one year, runs drawn together.

    >>> dates_words([date(2024, 4, 30), date(2024, 5, 1), date(2024, 5, 2), date(2024, 5, 11)])
    '4月30日至5月2日、5月11日'
    """
    runs: list[tuple[date, date]] = []
    for day in days:
        if runs and day == runs[-1][1] + timedelta(days=1):
            runs[-1] = (runs[-1][0], day)
        else:
            runs.append((day, day))
    return "、".join(_run_words(first, last) for first, last in runs)


def _run_words(first: date, last: date) -> str:
    words = f"{first.month}月{first.day}日"
    if first == last:
        return words
    month = "" if first.month == last.month else f"{last.month}月"
    return f"{words}至{month}{last.day}日"


def units_words(units: int, unit: DayType) -> str:
    """A number of units as people say it; hours come in microseconds.

    >>> units_words(4, DayType.WORKING_DAY)
    '4 个工作日'
    >>> units_words(12_600_000_000, DayType.HOUR)
    '3 小时 30 分'
    """
    if unit is not DayType.HOUR:
        return f"{units} {UNIT_WORDS[unit]}"
    hours, rest = divmod(units, MICROSECONDS_PER_HOUR)
    minutes = rest * _MINUTES // MICROSECONDS_PER_HOUR
    return f"{hours} 小时 {minutes} 分" if minutes else f"{hours} 小时"


def explain(
    clock: Clock, calendar: Calendar, reckoning: Reckoning, *, at: datetime
) -> tuple[str, ...]:
    """The reasoning, one sentence a line: start, limit, days off, stops, extensions, end."""
    return (
        _start_line(clock, reckoning),
        _limit_line(clock.limit, reckoning),
        *_holiday_lines(clock.limit, calendar, reckoning),
        *_stop_lines(clock, reckoning, at),
        *_extension_lines(clock, reckoning),
        *(
            f"记录“{item.removes}”已撤销，不再计算（理由：{item.reason}）。"
            for item in clock.removals
        ),
        *_end_lines(clock, reckoning),
        *_provisional_lines(calendar, reckoning),
    )


def _start_line(clock: Clock, reckoning: Reckoning) -> str:
    start = clock.start
    begun = f"{_instant_words(start.at)}{start.event}"
    if clock.limit.day_type is DayType.HOUR:
        return f"自 {begun}起连续计算（民法典第二百零一条）。"
    counted_from = date.fromordinal(reckoning.first - 1)
    if counted_from != start.at.astimezone(SHANGHAI).date():
        begun += (
            f"，在办公时间（截至 {clock.limit.cutoff:%H:%M}）之外，视为 {date_words(counted_from)}"
        )
    return f"自 {begun}起算，当日不计入，自次日起计算（民法典第二百零一条）。"


def _limit_line(limit: Limit, reckoning: Reckoning) -> str:
    rules = {
        DayType.WORKING_DAY: "放假日不计，补班日计入",
        DayType.CALENDAR_DAY: "放假日也计入",
        DayType.HOUR: "放假日也计入",
    }
    rule = rules.get(
        limit.day_type, "到期月的对应日为最后一日，没有对应日的为月末日（民法典第二百零二条）"
    )
    basis = f"（依据：{limit.legal_basis}）" if limit.legal_basis else ""
    days = "" if limit.day_type in rules else f"，连同延期折合 {reckoning.budget} 日"
    return f"{limit.name}时限 {limit.words}{days}，{rule}{basis}。"


def _holiday_lines(limit: Limit, calendar: Calendar, reckoning: Reckoning) -> Iterator[str]:
    if limit.day_type is not DayType.WORKING_DAY:
        return
    first, last = date.fromordinal(reckoning.first), date.fromordinal(reckoning.earliest - 1)
    days = [day for day in calendar.special if first <= day.date <= last]
    off = [
        f"{name} {dates_words([day.date for day in group])}"
        for name, group in groupby((d for d in days if d.kind is DayKind.OFF), lambda d: d.name)
    ]
    worked = [date_words(day.date) for day in days if day.kind is DayKind.MAKE_UP]
    parts = []
    if off:
        parts.append(f"放假：{'；'.join(off)}")
    if worked:
        parts.append(f"补班：{'、'.join(worked)}")
    if parts:
        yield f"其间{'。'.join(parts)}。"


def _stop_lines(clock: Clock, reckoning: Reckoning, at: datetime) -> Iterator[str]:
    for span, units in zip(clock.stops, marginal_units(clock, reckoning, at), strict=True):
        yield f"{_stop_words(span)}，{_effect_words(span, units, clock, reckoning)}。"
    for span in clock.ignored_stops:
        yield f"{_stop_words(span)}，不属于可以暂停{clock.limit.name}计时的事由，照常计时。"


def _stop_words(span: StopSpan) -> str:
    notice = f"（{span.stop.notice}）" if span.stop.notice else ""
    ended = f"{_instant_words(span.until)}恢复" if span.until else "尚未恢复"
    return f"{_instant_words(span.stop.at)}因“{span.stop.ground}”{notice}暂停，{ended}"


def _effect_words(span: StopSpan, units: int, clock: Clock, reckoning: Reckoning) -> str:
    ways = reckoning.counting
    ground = clock.limit.ground(span.stop.ground)
    until_now = "至今" if span.resume is None else "其间"
    if ways.position(span.stop.at) >= reckoning.earliest:
        return "在期满之后，不影响期满日"
    cap = ""
    if ground is not None and ground.cap is not None:
        most = units_words(ways.units(ground.cap), ways.unit)
        cap = f"（此事由累计最多扣除 {most}）"
    if units == 0:
        return f"{until_now}没有可以再扣除的时间{cap}"
    return f"{until_now} {units_words(units, ways.unit)}不计入{cap}"


def _extension_lines(clock: Clock, reckoning: Reckoning) -> Iterator[str]:
    late = late_extensions(clock, reckoning)
    for extension in clock.extensions:
        mark = "，批准时已经期满" if extension.key in late else ""
        yield f"{_extension_words(extension, clock.limit)}{mark}。"


def _extension_words(extension: Extension, limit: Limit) -> str:
    notice = f"（{extension.notice}）" if extension.notice else ""
    return (
        f"{_instant_words(extension.at)}经{extension.approver}批准{notice}"
        f"延长 {extension.number} {UNIT_WORDS[limit.day_type]}，理由：{extension.reason}"
    )


def _end_lines(clock: Clock, reckoning: Reckoning) -> Iterator[str]:
    ways = reckoning.counting
    earliest = ways.due(reckoning.earliest)
    if not reckoning.known:
        latest = (
            ""
            if reckoning.latest == OPEN
            else f"，最晚 {_due_words(clock, ways.due(reckoning.latest))}"
        )
        yield f"暂停尚未结束，期满日待恢复后确定：最早 {_due_words(clock, earliest)}{latest}。"
        return
    if reckoning.earliest != reckoning.end:
        last = date.fromordinal(reckoning.end - 1)
        yield f"最后一日 {date_words(last)}不是工作日或在暂停之中，顺延（民法典第二百零三条）。"
    yield f"期满日：{_due_words(clock, earliest)}。"


def _due_words(clock: Clock, due: Due) -> str:
    if clock.limit.day_type is DayType.HOUR:
        return _instant_words(due.at).rstrip()
    closing = f"{clock.limit.cutoff:%H:%M}" if clock.limit.cutoff else "24:00"
    return f"{date_words(due.date)}{closing} 止"


def _provisional_lines(calendar: Calendar, reckoning: Reckoning) -> Iterator[str]:
    if reckoning.counting.provisional(reckoning.first, reckoning.end, reckoning.earliest):
        yield (
            f"{PROVISIONAL_MARK}：放假安排已知的是 {date_words(calendar.valid_from)}至"
            f"{date_words(calendar.valid_through)}，此外暂按周一至周五为工作日推算，公布后重算。"
        )


def _instant_words(instant: datetime) -> str:
    """The date and, unless it is midnight, the time, ready for a verb to follow."""
    local = instant.astimezone(SHANGHAI)
    clock_time = f"{local:%H:%M} " if local.time() != time.min else ""
    return date_words(local.date()) + clock_time
