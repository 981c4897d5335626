"""Two persons at the same gap, four cases at the same moment."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from tests.cases.deferrals.trusting import GAP, IN_TIME, bring, put_gap, put_tables
from tests.cases.desk import MONDAY, PERSON, make_desk, put_case
from yinuo.cases.commands.deferrals import Gap, accept_with_gaps, confirm, turn_down
from yinuo.cases.errors.deferrals import WrongPromiseState
from yinuo.cases.models import CreditLetter, Deferral
from yinuo.kernel.errors import YinuoError
from yinuo.ledger.replay import replay
from yinuo.web.files import store

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]


def at_once(*acts: Callable[[], object]) -> list[object]:
    together = threading.Barrier(len(acts))

    def run(act: Callable[[], object]) -> object:
        try:
            together.wait(timeout=30)
            return act()
        except YinuoError as error:
            return type(error)
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


def test_of_confirming_and_turning_down_one_counts() -> None:
    city = make_desk()
    put_tables(city, store())
    receipt, code = put_gap(city)
    bring(code, receipt)
    outcomes = at_once(
        lambda: confirm(deferral=code, by=city["officer"], at=IN_TIME),
        lambda: turn_down(deferral=code, note="不清楚", by=city["officer2"], at=IN_TIME),
    )
    assert outcomes.count(WrongPromiseState) == 1
    kept = outcomes[0] == "kept_on_time"
    assert Deferral.objects.get(code=code).state == ("kept" if kept else "open")
    assert replay().faults == []


def test_no_two_letters_get_the_same_code_and_none_is_left_out() -> None:
    city = make_desk()
    put_tables(city, store())
    cases = [put_case(city, choices=GAP).code for _ in range(2)]
    cases += [put_case(city, choices=GAP, applicant=PERSON).code for _ in range(2)]

    def accept(case: str) -> object:
        gaps = [Gap(key="M2")]
        return accept_with_gaps(case=case, gaps=gaps, by=city["clerk"], at=MONDAY)

    at_once(*[lambda case=case: accept(case) for case in cases])
    serials = [code[14:] for code in CreditLetter.objects.values_list("code", flat=True)]
    assert sorted(serials) == [f"{n:06d}" for n in range(1, 5)]
