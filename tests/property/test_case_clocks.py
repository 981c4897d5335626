"""The clocks of cases: columns that repeat the events."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.cases.desk import MONDAY, make_desk, put_accepted_case
from tests.city import City
from yinuo.cases.clocks import dates_of
from yinuo.cases.commands import clock, decide
from yinuo.cases.life import Decision
from yinuo.cases.models import Case, ExtensionRequest
from yinuo.cases.stored.cases import clocks_of
from yinuo.cases.stored.columns import check
from yinuo.content.calendars import working_calendar
from yinuo.kernel.errors import YinuoError
from yinuo.ledger.models import Entry
from yinuo.ledger.replay import replay

HOURS = st.integers(0, 60 * 24)
ACTORS = ("officer", "officer2", "supervisor", "supervisor2", "clerk")
Act = Callable[[City, str, str, datetime, datetime], object]


def _stop(ground: str) -> Act:
    def act(city: City, case: str, who: str, at: datetime, happened: datetime) -> object:
        return clock.stop(
            case=case,
            ground=ground,
            happened_at=happened,
            planned_until=(at + timedelta(days=9)).date(),
            notice="告知",
            reason="需要",
            by=city[who],
            at=at,
        )

    return act


def _event(case: str, kind: str) -> str:
    row = Case.objects.get(code=case)
    found = row.events.filter(kind=kind).order_by("-number").first()
    return found.code if found else f"{case}/T99"


def _resume(city: City, case: str, who: str, at: datetime, happened: datetime) -> object:
    which = _event(case, "stop")
    return clock.resume(case=case, stop=which, happened_at=happened, notice="", by=city[who], at=at)


def _remove(kind: str) -> Act:
    def act(city: City, case: str, who: str, at: datetime, _happened: datetime) -> object:
        which = _event(case, kind)
        return clock.remove(case=case, event=which, reason="记错", by=city[who], at=at)

    return act


def _ask(of: str) -> Act:
    def act(city: City, case: str, who: str, at: datetime, _happened: datetime) -> object:
        return clock.ask_extension(case=case, of=of, amount=3, reason="复杂", by=city[who], at=at)

    return act


def _grant(city: City, case: str, who: str, at: datetime, _happened: datetime) -> object:
    waiting = ExtensionRequest.objects.filter(granted=None).first()
    code = waiting.code if waiting else f"{case}/Y9"
    return clock.decide_extension(request=code, grant=True, by=city[who], at=at)


def _decide(city: City, case: str, who: str, at: datetime, happened: datetime) -> object:
    return decide.decide(
        case=case,
        decision=Decision.APPROVED,
        reason="符合",
        by=city[who],
        at=at,
        happened_at=happened,
    )


def _reopen(city: City, case: str, who: str, at: datetime, _happened: datetime) -> object:
    return decide.reopen(case=case, reason="有误", by=city[who], at=at)


ACTS: dict[str, Act] = {
    "review": _stop("专家评审"),
    "visit": _stop("现场核查"),
    "test": _stop("检验"),
    "resume": _resume,
    "remove_stop": _remove("stop"),
    "remove_end": _remove("resume"),
    "ask": _ask(""),
    "ask_promise": _ask("承诺"),
    "grant": _grant,
    "decide": _decide,
    "reopen": _reopen,
}
steps = st.lists(
    st.tuples(st.sampled_from(sorted(ACTS)), st.sampled_from(ACTORS), HOURS, HOURS), max_size=12
)


@pytest.fixture
def city(db: None) -> City:
    return make_desk()


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=steps)
def test_after_any_history_columns_are_what_the_events_come_to(
    city: City, steps: list[tuple[str, str, int, int]]
) -> None:
    with transaction.atomic():
        case = put_accepted_case(city).code
        now = MONDAY
        for act, who, later, back in steps:
            now += timedelta(hours=later % 72)
            before = Entry.objects.count()
            try:
                ACTS[act](city, case, who, now, now - timedelta(hours=back % 100))
            except YinuoError:
                assert Entry.objects.count() == before, "a refused act left a trace"
        assert list(check()) == []
        row = Case.objects.get(code=case)
        found = dates_of(clocks_of(row, row.events.all()), working_calendar())
        assert (row.legal_due, row.promised_due) == (found.legal, found.promised)
        assert replay().faults == []
        transaction.set_rollback(True)


def test_an_altered_date_is_found(city: City) -> None:
    case = put_accepted_case(city).code
    Case.objects.filter(code=case).update(promised_due=datetime(2024, 3, 20, tzinfo=UTC).date())
    assert [(one.case, "promised_due" in one.what) for one in check()] == [(case, True)]
