"""What is remembered is never older than the log."""

from collections.abc import Callable

import pytest
from django.db import transaction

from tests.ledger.conftest import AT
from yinuo.ledger.commands.sealing import seal
from yinuo.ledger.memory import Memory
from yinuo.ledger.models import Entry
from yinuo.ledger.remembered import MOST_WAITING, head, remembered
from yinuo.ledger.tlog.note import Signer
from yinuo.parties.models import Unit

pytestmark = pytest.mark.django_db
Write = Callable[..., None]
ASKED: list[str] = []


@remembered
def units_like(start: str) -> list[str]:
    ASKED.append(start)
    return sorted(Unit.objects.filter(code__startswith=start).values_list("code", flat=True))


@pytest.fixture(autouse=True)
def nothing_asked() -> None:
    ASKED.clear()


def test_it_is_asked_once_until_something_is_recorded(write_units: Write) -> None:
    assert units_like("U") == units_like("U") == []
    assert ASKED == ["U"]
    write_units(1)
    assert units_like("U") == ["U1"]
    assert ASKED == ["U", "U"]


def test_different_questions_are_kept_apart(write_units: Write) -> None:
    write_units(1)
    assert (units_like("U"), units_like(start="U"), units_like("V")) == (["U1"], ["U1"], [])


class TakenBack(Exception):
    """Ends a transaction that must not last."""


def write_and_take_back(write_units: Write) -> None:
    with transaction.atomic():
        write_units(1)
        assert units_like("U") == ["U1"]
        raise TakenBack


def test_what_is_taken_back_is_not_remembered(write_units: Write) -> None:
    before = head()
    with pytest.raises(TakenBack):
        write_and_take_back(write_units)
    assert head() == before
    assert units_like("U") == []


def test_sealing_moves_the_head(write_units: Write, signer: Signer, memory: Memory) -> None:
    write_units(1)
    before = head()
    seal(signer=signer, memory=memory)
    assert head() not in (None, before)


def test_while_many_wait_nothing_is_remembered(write_units: Write) -> None:
    write_units(MOST_WAITING + 1)
    assert Entry.objects.filter(leaf_index=None, at=AT).count() > MOST_WAITING
    assert head() is None
    assert units_like("U2") == units_like("U2") != []
    assert ASKED == ["U2", "U2"]
