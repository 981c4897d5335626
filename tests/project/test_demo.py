"""The demo: the whole plan, a simulated year, and a record that holds."""

import tempfile
from collections import Counter
from datetime import date
from functools import reduce
from operator import add
from pathlib import Path

import pytest
from django.conf import settings

from tests.kept import kept
from yinuo.commitments.queries.board import standings
from yinuo.commitments.queries.changes import changes_of
from yinuo.commitments.queries.detail import detail
from yinuo.commitments.queries.listing import Filter, every
from yinuo.ledger.key import create_key, load_signer
from yinuo.ledger.memory import Memory
from yinuo.ledger.replay import replay
from yinuo.ledger.tlog.note import Signer
from yinuo.ledger.verify import verify
from yinuo.parties.viewer import ANYONE
from yinuo.project import demo
from yinuo.web.files import store

pytestmark = pytest.mark.django_db
TODAY = date.fromisoformat(demo.DEMO_DATE)


@kept
def loaded() -> tuple[dict[str, str], Signer]:
    """The passwords of its people, and the key of its log."""
    folder = Path(tempfile.mkdtemp(dir=settings.HOME))
    create_key(folder / "ledger.key")
    signer = load_signer(folder / "ledger.key", origin="yinuo.test")
    return demo.load(key=signer.verifier, store=store(), supervised=False), signer


@pytest.fixture
def city(db: None) -> tuple[dict[str, str], Signer]:
    return loaded()


@pytest.fixture
def passwords(city: tuple[dict[str, str], Signer]) -> dict[str, str]:
    return city[0]


@pytest.fixture
def signer(city: tuple[dict[str, str], Signer]) -> Signer:
    return city[1]


def test_the_board_tells_the_simulated_year(passwords: dict[str, str]) -> None:
    all_of_it = reduce(add, standings(viewer=ANYONE, today=TODAY).values())
    assert (all_of_it.total, all_of_it.reported) == (74, 51)
    assert (all_of_it.undated, all_of_it.unowned, all_of_it.moved) == (34, 7, 2)
    outcomes = Counter(
        row.outcome for row in every(viewer=ANYONE, wanted=Filter(), today=TODAY) if row.outcome
    )
    assert outcomes["kept_late"] == 1
    assert outcomes["kept_in_part"] == 1
    assert outcomes["broken"] == 1
    assert outcomes["kept_on_time"] == all_of_it.on_time


def test_one_move_was_refused_and_one_was_asked_too_late(passwords: dict[str, str]) -> None:
    (refused,) = changes_of(commitment="DL2024-124", viewer=ANYONE)
    (late,) = changes_of(commitment="DL2024-081", viewer=ANYONE)
    assert (refused.state, refused.after_the_fact) == ("未批准", False)
    assert (late.state, late.after_the_fact) == ("已批准", True)
    moved = detail(code="DL2024-023", viewer=ANYONE, today=TODAY)
    assert (moved.row.moved_count, moved.delay_days) == (1, 181)


def test_the_record_of_the_demo_holds(
    passwords: dict[str, str], signer: Signer, memory: Memory
) -> None:
    size = demo.seal_all(signer, memory)
    report = verify(verifier=signer.verifier)
    assert (report.checked, report.faults) == (size, [])
    assert replay().faults == []


def test_every_account_has_its_own_password(passwords: dict[str, str]) -> None:
    assert set(passwords) == set(demo.USERNAMES)
    assert len(set(passwords.values())) == len(passwords)
