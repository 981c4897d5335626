"""What the database counts for the supervisor is what a plain count over the cases comes to."""

import json
from collections import Counter
from datetime import date, datetime, timedelta

import pytest
from click.testing import CliRunner

from tests.cases.desk import MONDAY, decide, put_accepted_case, put_case
from tests.city import City
from yinuo.cases.commands import clock as clock_commands
from yinuo.cases.life import OPEN, EventKind
from yinuo.cases.models import Case, CaseEvent
from yinuo.cases.queries.counts import public_service_counts
from yinuo.cases.queries.supervision import supervised
from yinuo.cases.stored import columns
from yinuo.cases.stored.cases import clocks_of
from yinuo.cases.stored.stops import scope_of, stops_found
from yinuo.cases.supervising.period import Period
from yinuo.content.calendars import working_calendar
from yinuo.kernel.clock import Clock, Stop
from yinuo.kernel.instants import civil_date
from yinuo.project.cli import cases as cli

pytestmark = pytest.mark.django_db
YEAR = Period.of_year(2024)
TODAY = date(2024, 4, 30)


def day(number: int) -> datetime:
    """March at 9:30 in Dalian."""
    return MONDAY + timedelta(days=number - 4)


def stop(desk: City, case: str, first: int, last: int | None = None) -> str:
    """Stop the clock on a day of March, and go on on another; the code of the stop."""
    clock_commands.stop(
        case=case,
        ground="专家评审",
        happened_at=day(first),
        planned_until=day(first + 10).date(),
        notice="告知〔2024〕1号",
        reason="需要专家评审",
        by=desk["officer"],
        at=day(first),
    )
    events = Case.objects.get(code=case).events.filter(kind=EventKind.STOP)
    code = events.order_by("-number").values_list("code", flat=True)[0]
    if last is not None:
        clock_commands.resume(
            case=case,
            stop=code,
            happened_at=day(last),
            notice="",
            reason="评审完毕",
            by=desk["officer"],
            at=day(last),
        )
    return code


def some_cases(desk: City) -> None:
    """Waiting, decided in time and late, stopped once, twice and still."""
    put_case(desk)
    once, twice, still, quick, slow = (put_accepted_case(desk).code for _ in range(5))
    stop(desk, once, 13, 20)
    stop(desk, twice, 6, 8)
    stop(desk, twice, 15, 19)
    stop(desk, still, 14)
    for case, on in ((once, 21), (twice, 25), (quick, 4), (slow, 18)):
        decide(desk, case, at=day(on) + timedelta(hours=2))


def left_of(clock: Clock, stop: Stop) -> int:
    """Working days left at a stop, counted day by day."""
    calendar, found = working_calendar(), clock.number
    stopped = [(civil_date(s.at), civil_date(r.at) if r else date.max) for s, r in clock.stops]
    on = civil_date(clock.start.at) + timedelta(days=1)
    while on < civil_date(stop.at):
        running = not any(first <= on < last for first, last in stopped)
        found -= calendar.is_working(on) and running
        on += timedelta(days=1)
    return found


def test_counts_are_those_of_a_plain_count(desk: City) -> None:
    some_cases(desk)
    rows = list(Case.objects.all())
    decided = [row for row in rows if row.decided_at is not None]
    found = supervised(viewer=desk["supervisor"], period=YEAR, today=TODAY).all
    assert found.decided == len(decided) == 4
    assert found.promise_kept == sum(bool(row.promised_kept) for row in decided)
    assert found.law_kept == sum(bool(row.legal_kept) for row in decided)
    assert found.used == Counter(row.used_days for row in decided)
    spans = [
        (civil_date(row.decided_at) - civil_date(row.received_at)).days
        for row in decided
        if row.decided_at
    ]
    assert found.span == Counter(spans)
    assert found.open == sum(row.status in OPEN for row in rows) == 2
    assert found.stopped == sum(row.stopped for row in rows) == 1
    # Four decided cases are below the least that the public is shown.
    assert public_service_counts(year=2024) == ()
    assert list(columns.check()) == []


def test_what_was_left_at_each_stop(desk: City) -> None:
    some_cases(desk)
    expected = Counter[tuple[str, int]]()
    for row in Case.objects.all():
        clock = clocks_of(row, row.events.order_by("number")).promised
        for span in clock.stops if clock else ():
            assert clock is not None
            expected[row.code, left_of(clock, span.stop)] += 1
    found = stops_found(scope_of(desk["supervisor"]), YEAR)
    assert Counter((one.case, one.left) for one in found) == expected
    assert expected.total() == 4


def test_a_wrong_span_is_found(desk: City) -> None:
    case = put_accepted_case(desk).code
    decide(desk, case, at=day(6))
    Case.objects.filter(code=case).update(span_days=9)
    (fault,) = columns.check()
    assert (fault.case, "span_days" in fault.what) == (case, True)


def test_cases_alike_are_told_apart_where_one_is_wrong(desk: City) -> None:
    """What one of them came to is not asked for again; each is still held against it."""
    alike = [put_accepted_case(desk).code for _ in range(3)]
    for case in alike:
        decide(desk, case, at=day(6))
    Case.objects.filter(code=alike[1]).update(used_days=7)
    (fault,) = columns.check()
    assert (fault.case, "used_days 为 7，按事件应为 2" in fault.what) == (alike[1], True)


def test_an_event_noted_before_it_happened_is_found_among_others_alike(desk: City) -> None:
    alike = [put_accepted_case(desk).code for _ in range(2)]
    CaseEvent.objects.filter(case=alike[1]).update(noted_at=day(1))
    (fault,) = columns.check()
    assert fault.case == alike[1]


@pytest.mark.parametrize("many", [1, 10_000])
def test_the_command_tells_what_differs_and_how_many_it_saw(
    desk: City, monkeypatch: pytest.MonkeyPatch, many: int
) -> None:
    """With a bar beside it for very many and without one."""
    monkeypatch.setattr(cli, "MANY", many)
    _right, wrong = (put_accepted_case(desk).code for _ in range(2))
    assert CliRunner().invoke(cli.cases, ["check"]).stdout == "核对了 2 个办件，0 个不符。\n"
    Case.objects.filter(code=wrong).update(stopped=True)
    told = CliRunner().invoke(cli.cases, ["check"])
    assert told.exit_code == 1
    assert told.stdout == (
        f"{wrong}：stopped 为 True，按事件应为 False\n核对了 2 个办件，1 个不符。\n"
    )
    found = json.loads(CliRunner().invoke(cli.cases, ["check", "--json"]).stdout)
    assert (found["cases"], [one["case"] for one in found["faults"]]) == (2, [wrong])
