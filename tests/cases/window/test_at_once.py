"""Two persons at the same moment: one wins, the other is told."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from tests.cases.desk import MONDAY, make_desk, put_accepted_case, put_case
from yinuo.cases.commands import decide as deciding
from yinuo.cases.errors.cases import WrongCaseState
from yinuo.cases.life import Decision
from yinuo.cases.models import Case
from yinuo.cases.stored.columns import check
from yinuo.kernel.errors import YinuoError
from yinuo.ledger.commands.recording import StaleVersion
from yinuo.ledger.replay import replay

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


def test_of_two_decisions_one_counts() -> None:
    city = make_desk()
    code = put_accepted_case(city).code
    version = Case.objects.get(code=code).version

    def decide(who: str, decision: Decision) -> None:
        deciding.decide(
            case=code,
            decision=decision,
            reason="理由",
            by=city[who],
            at=MONDAY,
            version=version,
        )

    outcomes = at_once(
        lambda: decide("officer", Decision.APPROVED), lambda: decide("officer2", Decision.DENIED)
    )
    assert outcomes.count(None) == 1
    assert {one for one in outcomes if one} <= {WrongCaseState, StaleVersion}
    row = Case.objects.get(code=code)
    assert row.status == "decided"
    assert (row.decision == Decision.APPROVED) == (outcomes[0] is None)
    assert replay().faults == []


def test_nobody_gets_the_same_number() -> None:
    city = make_desk()
    found = at_once(*[lambda: put_case(city).code for _ in range(4)])
    assert sorted(map(str, found)) == [f"DL-SJJ-2024-{number:06d}" for number in range(1, 5)]
    assert list(check()) == []
