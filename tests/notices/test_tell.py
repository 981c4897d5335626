from dataclasses import replace
from datetime import date

import pytest

from tests.city import JULY, LUSHUN, OFFICE, open_accounts
from yinuo.ledger.commands.recording import command
from yinuo.notices.commands.tell import Telling, settle, tell
from yinuo.notices.models import Message, Unreached

pytestmark = pytest.mark.django_db

ISSUED = Telling(
    to_unit=LUSHUN,
    role="officer",
    topic="order.issued",
    title="督办单 DB-1：请在 7 月 20 日前回复",
    page="commitment",
    args=("DB-1",),
    about="commitment:DB-1",
    due=date(2024, 7, 20),
)


def test_whoever_holds_the_duty_is_told_and_nobody_else() -> None:
    city = open_accounts()
    assert tell(tellings=[ISSUED], at=JULY) == 1
    (message,) = Message.objects.all()
    assert message.account_id == city["lushun"].account_id
    assert (message.args, message.due, message.urgent) == (["DB-1"], date(2024, 7, 20), False)
    assert not message.settled


def test_a_title_is_one_line_of_bounded_length() -> None:
    open_accounts()
    tell(tellings=[replace(ISSUED, title="督办单\nBcc: x@y.cn " + "长" * 300)], at=JULY)
    title = Message.objects.get().title
    assert title.startswith("督办单 Bcc: x@y.cn 长")
    assert (len(title), title[-1]) == (200, "…")


def test_persons_are_told_by_name() -> None:
    city = open_accounts()
    told = replace(ISSUED, to_unit="", role="", to=(city["admin"].actor, city["admin2"].actor))
    assert tell(tellings=[told], at=JULY) == 2


def test_a_duty_and_the_person_who_holds_it_are_one_message() -> None:
    city = open_accounts()
    assert tell(tellings=[replace(ISSUED, to=(city["lushun"].actor,))], at=JULY) == 1


def test_a_duty_that_nobody_holds_is_kept_for_the_administrators() -> None:
    open_accounts()
    assert tell(tellings=[replace(ISSUED, to_unit=OFFICE)], at=JULY) == 0
    (unreached,) = Unreached.objects.all()
    assert (unreached.unit_id, unreached.role, unreached.about) == (
        OFFICE,
        "officer",
        "commitment:DB-1",
    )


def test_under_one_key_a_person_is_told_once() -> None:
    city = open_accounts()
    reminder = replace(ISSUED, key="order.remind:DB-1:2024-07-15")
    assert tell(tellings=[reminder, reminder], at=JULY) == 1
    both = replace(reminder, to=(city["admin"].actor,))
    assert tell(tellings=[both], at=JULY) == 1
    assert Message.objects.count() == 2


def test_a_command_that_fails_tells_nothing() -> None:
    open_accounts()

    @command("test.fail")
    def fail() -> None:
        tell(tellings=[ISSUED], at=JULY)
        raise ValueError

    with pytest.raises(ValueError):  # noqa: PT011  # our own, without words
        fail()
    assert Message.objects.count() == 0


def test_what_is_done_asks_no_more() -> None:
    open_accounts()
    tell(tellings=[ISSUED, replace(ISSUED, about="commitment:DB-2")], at=JULY)
    settle(about=["commitment:DB-1"], at=JULY)
    done, waiting = Message.objects.order_by("about")
    assert (done.read_at, done.settled) == (JULY, True)
    assert (waiting.read_at, waiting.settled) == (None, False)
