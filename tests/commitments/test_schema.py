"""States written before a column came stay readable."""

import json

import pytest

from tests.commitments.conftest import City, at
from yinuo.commitments.commands.deliver import deliver
from yinuo.commitments.life import Visibility
from yinuo.commitments.queries.timeline import timeline
from yinuo.ledger.models import Entry
from yinuo.ledger.replay import replay


def forget_area(subject: str) -> None:
    """Rewrite the first entry as the first version of the software wrote it."""
    entry = Entry.objects.get(subject=subject, version=1)
    body = json.loads(bytes(entry.body))
    assert body["schema"] == "commitment/2"
    body["schema"] = "commitment/1"
    del body["state"]["area"]
    Entry.objects.filter(pk=entry.pk).update(body=json.dumps(body).encode())


def test_a_state_without_the_column_replays_clean_and_tells_no_change(city: City) -> None:
    city.promise("A-1")
    deliver(
        commitment="A-1",
        delivered_date=at("2024-05-01").date(),
        note="做完了",
        by=city.officer,
        at=at("2024-05-02"),
    )
    forget_area("commitment:A-1")
    assert replay().faults == []
    told = [d.label for line in timeline(code="A-1", viewer=city.officer) for d in line.differences]
    assert "责任地区" not in told


@pytest.mark.parametrize("area", ["各区市县政府", "先导区管委会"])
def test_a_column_that_the_row_has_and_the_old_state_lacks_is_named(city: City, area: str) -> None:
    row = city.promise("A-2", visibility=Visibility.REVIEW)
    forget_area("commitment:A-2")
    assert replay().faults == []
    type(row).objects.filter(pk=row.pk).update(area=area)
    assert any("area" in fault.what for fault in replay().faults)
