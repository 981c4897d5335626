"""What a window system sends is taken in once, in any order, and nothing is bent."""

from datetime import UTC, date, datetime, timedelta

import pytest

from tests.cases.desk import FIRM, FIRM_CODE, MONDAY
from tests.cases.feed.window import EVENING, SOURCE, fed, make_window, send, told
from yinuo.cases.errors.feed import SourcePaused, WrongToken
from yinuo.cases.commands.feed import sources
from yinuo.cases.life import CaseStatus, Channel, EventKind
from yinuo.cases.models import Case, CaseEvent, FeedAside, FeedBatch, FeedCase, FeedEvent
from yinuo.ledger.replay import replay

DAY = [
    told("e1", "received", "2024-03-04 09:30:00", applicant_name=FIRM.name,
         applicant_number=FIRM_CODE, about="开一家咖啡馆"),
    told("e2", "accepted", "2024-03-04 10:00:00"),
    told("e3", "stopped", "2024-03-04 15:00:00", ground="专家评审", notice="评审〔2024〕3号"),
]


@pytest.mark.django_db
def test_a_day_of_events_becomes_a_case_with_clocks() -> None:
    city, token = make_window()
    taken = send(token, DAY)
    assert (taken.read, taken.accepted, taken.quarantined, taken.duplicate) == (3, 3, 0, 0)
    row = fed()
    assert row.channel == Channel.FEED
    assert row.status == CaseStatus.ACCEPTED
    assert row.received_at == MONDAY
    assert row.stopped
    assert (row.legal_due, row.promised_due) == (None, None)
    assert row.simulated
    assert row.applicant.credit_code == FIRM_CODE
    kinds = list(row.events.order_by("number").values_list("kind", flat=True))
    assert kinds == [EventKind.START, EventKind.START, EventKind.STOP]

    # Two working days later the review is over: 8 working days from the 4th end on the 14th; the
    # review takes the 5th and the 6th off, so the promise ends on the 18th.
    send(token, [told("e4", "resumed", "2024-03-06 16:00:00")], at=EVENING + timedelta(days=2))
    row = fed()
    assert not row.stopped
    assert row.promised_due == date(2024, 3, 18)


@pytest.mark.django_db
def test_the_same_again_changes_nothing() -> None:
    _, token = make_window()
    send(token, DAY)
    before = fed().version
    again = send(token, DAY)
    assert (again.accepted, again.duplicate) == (0, 3)
    assert fed().version == before
    assert FeedEvent.objects.count() == 3
    assert FeedBatch.objects.count() == 2
