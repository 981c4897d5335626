"""Stops, resumes, extensions and removals: what is refused, and what the dates come to."""

from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from pytest_django import Settings

from tests.cases.desk import decide, make_desk, put_accepted_case, put_case
from tests.city import City
from yinuo.cases.commands import clock
from yinuo.cases.commands.recount import recount
from yinuo.cases.errors.cases import ExtensionDecided, ExtensionWaiting, WrongCaseState
from yinuo.cases.models import Case, CaseEvent
from yinuo.commitments.errors import Invalid
from yinuo.kernel.content import content_dir
from yinuo.kernel.instants import SHANGHAI
from yinuo.ledger.history import last_actor
from yinuo.ledger.replay import replay
from yinuo.parties.viewer import NotAllowed

pytestmark = pytest.mark.django_db


@pytest.fixture
def city() -> City:
    return make_desk()


@pytest.fixture
def case(city: City) -> str:
    return put_accepted_case(city).code


def at(month: int, day: int, hour: int = 10) -> datetime:
    return datetime(2024, month, day, hour, tzinfo=SHANGHAI)


def stop(city: City, case: str, since: datetime, **changes: Any) -> str:
    plain: dict[str, Any] = {
        "ground": "专家评审",
        "happened_at": since,
        "planned_until": date(2024, 3, 20),
        "notice": "告知〔2024〕1号",
        "reason": "需要专家评审",
        "by": city["officer"],
        "at": since,
    }
    return clock.stop(case=case, **{**plain, **changes})


def resume(city: City, case: str, which: str, when: datetime, **changes: Any) -> str:
    plain: dict[str, Any] = {"notice": "", "by": city["officer"], "at": when}
    return clock.resume(case=case, stop=which, happened_at=when, **{**plain, **changes})


def dues(case: str) -> tuple[date | None, date | None]:
    row = Case.objects.get(code=case)
    return row.promised_due, row.legal_due


def field(error: pytest.ExceptionInfo[Invalid]) -> list[str]:
    return [name for name, _ in error.value.faults]


def test_a_stop_and_its_end_move_both_days(city: City, case: str) -> None:
    which = stop(city, case, at(3, 6))
    row = Case.objects.get(code=case)
    assert (row.stopped, row.promised_due, row.sort_due) == (True, None, date(2024, 3, 20))
    resume(city, case, which, at(3, 13))
    assert dues(case) == (date(2024, 3, 21), date(2024, 4, 9))
    assert replay().faults == []


@pytest.mark.parametrize(
    ("since", "changes", "where"),
    [
        (at(3, 1), {"at": at(3, 5)}, "happened_at"),  # before the start
        (at(3, 8), {"at": at(3, 5)}, "happened_at"),  # in the future
        (at(3, 5), {"ground": "领导出差"}, "ground"),
        (at(3, 5), {"planned_until": date(2024, 3, 4)}, "planned_until"),
        (at(3, 5), {"notice": ""}, "notice"),
        (at(3, 5), {"reason": ""}, "reason"),
    ],
)
def test_what_a_stop_may_not_be(
    city: City, case: str, since: datetime, changes: dict[str, Any], where: str
) -> None:
    with pytest.raises(Invalid) as error:
        stop(city, case, since, **changes)
    assert field(error) == [where]
    assert dues(case) == (date(2024, 3, 14), date(2024, 4, 1))
    assert CaseEvent.objects.filter(case=case).count() == 2


def test_a_stop_on_the_same_ground_cannot_be_open_twice(city: City, case: str) -> None:
    stop(city, case, at(3, 6))
    with pytest.raises(Invalid) as error:
        stop(city, case, at(3, 7))
    assert field(error) == ["ground"]


def test_overlapping_stops_on_two_grounds_count_once(city: City, case: str) -> None:
    first = stop(city, case, at(3, 6))
    second = stop(city, case, at(3, 8), ground="现场核查")
    resume(city, case, first, at(3, 13))
    assert Case.objects.get(code=case).stopped
    resume(city, case, second, at(3, 13))
    assert dues(case) == (date(2024, 3, 21), date(2024, 4, 9))


def test_a_stop_dated_back_before_the_last_restart_is_refused(city: City, case: str) -> None:
    resume(city, case, stop(city, case, at(3, 6)), at(3, 8))
    with pytest.raises(Invalid) as error:
        stop(city, case, at(3, 7), at=at(3, 11))
    assert field(error) == ["happened_at"]


def test_an_end_before_the_stop_or_of_no_stop_or_a_second_end_is_refused(
    city: City, case: str
) -> None:
    which = stop(city, case, at(3, 6))
    with pytest.raises(Invalid) as early:
        resume(city, case, which, at(3, 5), at=at(3, 7))
    with pytest.raises(Invalid) as other:
        resume(city, case, f"{case}/T99", at(3, 7))
    resume(city, case, which, at(3, 7))
    with pytest.raises(Invalid) as twice:
        resume(city, case, which, at(3, 8))
    assert [field(one) for one in (early, other, twice)] == [["happened_at"], ["stop"], ["stop"]]


def test_an_open_stop_keeps_the_decision_waiting(city: City, case: str) -> None:
    which = stop(city, case, at(3, 6))
    with pytest.raises(Invalid, match="暂停"):
        decide(city, case, at=at(3, 7))
    resume(city, case, which, at(3, 7))
    decide(city, case, at=at(3, 8))
    assert Case.objects.get(code=case).promised_kept


def test_only_the_deciding_unit_stops_and_only_what_runs(city: City, case: str) -> None:
    with pytest.raises(NotAllowed):
        stop(city, case, at(3, 6), by=city["clerk"])
    waiting = put_case(city).code
    with pytest.raises(WrongCaseState):
        stop(city, waiting, at(3, 6))


def ask(city: City, case: str, amount: int, **changes: Any) -> str:
    plain: dict[str, Any] = {"reason": "案情复杂", "by": city["officer"], "at": at(3, 12)}
    return clock.ask_extension(case=case, amount=amount, **{**plain, **changes})


def grant(city: City, request: str, who: str = "supervisor") -> None:
    clock.decide_extension(request=request, grant=True, by=city[who], at=at(3, 13))


def test_more_time_takes_two_persons(city: City, case: str) -> None:
    request = ask(city, case, 10, of="法定")
    assert dues(case) == (date(2024, 3, 14), date(2024, 4, 1))
    with pytest.raises(NotAllowed):
        grant(city, request, "officer2")
    with pytest.raises(ExtensionWaiting):
        ask(city, case, 1, of="法定")
    grant(city, request)
    assert dues(case) == (date(2024, 3, 14), date(2024, 4, 16))
    with pytest.raises(ExtensionDecided):
        grant(city, request)
    assert replay().faults == []


def test_more_than_the_law_gives_is_refused(city: City, case: str) -> None:
    with pytest.raises(Invalid, match="最多延长 10"):
        ask(city, case, 11, of="法定")
    grant(city, ask(city, case, 6, of="法定"))
    with pytest.raises(Invalid, match="已延长 6"):
        ask(city, case, 5, of="法定", at=at(3, 13))


def test_a_promise_is_not_extended_beyond_the_law(city: City, case: str) -> None:
    with pytest.raises(Invalid, match="晚于法定"):
        ask(city, case, 13, of="承诺")
    grant(city, ask(city, case, 12, of="承诺"))
    assert dues(case) == (date(2024, 4, 1), date(2024, 4, 1))


def test_a_refused_request_moves_nothing(city: City, case: str) -> None:
    request = ask(city, case, 5)
    with pytest.raises(Invalid):
        clock.decide_extension(request=request, grant=False, by=city["supervisor"], at=at(3, 13))
    clock.decide_extension(
        request=request, grant=False, answer="理由不足", by=city["supervisor"], at=at(3, 13)
    )
    assert dues(case) == (date(2024, 3, 14), date(2024, 4, 1))
    assert ask(city, case, 5).endswith("/Y2")


def test_a_wrong_stop_is_removed_by_the_office_and_stays_on_record(city: City, case: str) -> None:
    which = stop(city, case, at(3, 6))
    with pytest.raises(NotAllowed):
        clock.remove(case=case, event=which, reason="错", by=city["officer2"], at=at(3, 7))
    clock.remove(case=case, event=which, reason="记错办件", by=city["supervisor"], at=at(3, 7))
    assert dues(case) == (date(2024, 3, 14), date(2024, 4, 1))
    assert not Case.objects.get(code=case).stopped
    assert CaseEvent.objects.filter(case=case, kind="stop").exists()
    with pytest.raises(Invalid) as error:
        clock.remove(
            case=case, event=f"{case}/T1", reason="收件", by=city["supervisor"], at=at(3, 7)
        )
    assert field(error) == ["event"]


def test_a_new_arrangement_of_days_off_moves_open_cases_and_is_told(
    city: City, case: str, settings: Settings, tmp_path: Path
) -> None:
    """Friday 8 March becomes a day off: both dates are a working day later."""
    shipped = (content_dir() / "calendars" / "china.csv").read_text(encoding="utf-8")
    first = next(line for line in shipped.splitlines() if line.startswith("2024-01-01"))
    changed = shipped.replace(first, first + "\n" + first.replace("2024-01-01", "2024-03-08"))
    lines = changed.splitlines(keepends=True)
    own = tmp_path / "calendars" / "china.csv"
    own.parent.mkdir()
    own.write_text("".join(lines), encoding="utf-8")
    settings.YINUO_CONTENT = tmp_path
    assert recount(at=at(3, 5)) == 1
    assert dues(case) == (date(2024, 3, 15), date(2024, 4, 2))
    assert recount(at=at(3, 5)) == 0
    assert last_actor(f"case:{case}", "case.calendar_changed") == "operator:calendar"
    assert replay().faults == []
