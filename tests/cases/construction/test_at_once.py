"""Two branches decided at the same moment: the whole sees both."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection

from tests.cases.construction.site import (
    MONDAY,
    accept,
    decide,
    make_site,
    put_project,
    run_stages,
    start,
)
from yinuo.cases.models import Joint, ProjectStage, UtilityNotice
from yinuo.ledger.replay import replay

pytestmark = pytest.mark.django_db(transaction=True)


def _at_once(*acts: Callable[[], None]) -> None:
    together = threading.Barrier(len(acts))

    def run(act: Callable[[], None]) -> None:
        try:
            together.wait(timeout=10)
            act()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as pool:
        for done in [pool.submit(run, act) for act in acts]:
            done.result(timeout=60)


def test_the_last_two_branches_at_once_end_the_joint_and_tell_each_utility_once() -> None:
    city = make_site()
    put_project(city)
    after = run_stages(city, ["1", "2"], at=MONDAY)
    begun = start(city, "3", at=after)
    for branch in begun.branches:
        accept(city, branch.code, at=after)
    later = after + timedelta(days=2)
    first, second, *last = (branch.code for branch in begun.branches)
    for code in (first, second):
        decide(city, code, at=later)
    _at_once(*(lambda code=code: decide(city, code, at=later) for code in last))
    assert Joint.objects.get(pk=begun.code).outcome == "approved"
    assert ProjectStage.objects.get(stage="3").ended_at == later
    assert UtilityNotice.objects.count() == 6
    assert replay().faults == []
