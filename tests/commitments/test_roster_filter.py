"""Source and signature as filters, together with text, counts and states."""

from dataclasses import replace
from datetime import date

import pytest

from tests.commitments.conftest import City, at
from tests.commitments.test_task import put
from yinuo.commitments.commands import signing
from yinuo.commitments.queries.listing import Filter, every, page, state_counts
from yinuo.parties.viewer import ANYONE

pytestmark = pytest.mark.django_db
TODAY = date(2024, 6, 4)


def listed(city: City, wanted: Filter) -> list[str]:
    found = page(viewer=city.supervisor, wanted=wanted, today=TODAY)
    rows = [row.code for row in found.rows]
    whole = every(viewer=city.supervisor, wanted=wanted, today=TODAY)
    assert rows == [row.code for row in whole]
    assert found.total == len(rows)
    counts = state_counts(viewer=city.supervisor, wanted=replace(wanted, state=""), today=TODAY)
    assert counts["open"] + counts["overdue"] == len(rows)
    return rows


def test_source_signature_and_text_narrow_together(city: City) -> None:
    city.promise("P", title="排查堤防")
    put(city.supervisor, title="排查隐患")
    put(city.supervisor, title="整治河道", cooperating=())
    signing.sign(signings=["PS2024-002/A"], by=city.officer, at=at("2024-06-04"))
    assert listed(city, Filter(basis="批示件")) == ["PS2024-001", "PS2024-002"]
    assert listed(city, Filter(basis="批示件", text="排查")) == ["PS2024-001"]
    assert listed(city, Filter(text="排查", signing="waiting")) == ["PS2024-001"]
    assert listed(city, Filter(basis="批示件", signing="signed")) == ["PS2024-002"]
    assert listed(city, Filter(signing="none")) == ["P"]
    assert listed(city, Filter(basis="方案", signing="signed")) == []


def test_anyone_may_filter_by_source_of_what_is_public(city: City) -> None:
    city.promise("P")
    put(city.supervisor)
    found = page(viewer=ANYONE, wanted=Filter(basis="批示件"), today=TODAY)
    assert found.rows == ()
    assert [r.code for r in page(viewer=ANYONE, wanted=Filter(basis="方案"), today=TODAY).rows] == [
        "P"
    ]
