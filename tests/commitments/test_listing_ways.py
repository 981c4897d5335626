"""Few rows are sorted, many are read in the order of an index: nobody can tell which."""

from datetime import date

import pytest

from tests.commitments.conftest import City
from yinuo.commitments.queries import listing
from yinuo.commitments.queries.listing import Filter, page
from yinuo.parties.viewer import ANYONE, Viewer

pytestmark = pytest.mark.django_db
TODAY = date(2024, 8, 1)
DUES = ("2024-07-01", "2024-06-30", "2024-12-31", "2024-06-30", "2025-01-31")


def pages(viewer: Viewer, wanted: Filter) -> list[list[str]]:
    found: list[list[str]] = []
    cursor = ""
    while not found or cursor:
        one = page(viewer=viewer, wanted=wanted, today=TODAY, cursor=cursor, size=2)
        found.append([row.code for row in one.rows])
        cursor = one.next_cursor
    return found


@pytest.mark.parametrize("state", ["", "overdue", "open", "undated"])
def test_both_ways_give_the_same_pages(
    city: City, monkeypatch: pytest.MonkeyPatch, state: str
) -> None:
    for number, due in enumerate(DUES):
        city.promise(f"P-{number}", due=date.fromisoformat(due))
    for number in range(3):
        city.promise(f"U-{number}", due=None)
    city.promise("Q", lead="B")
    for viewer in (ANYONE, city.supervisor, city.officer):
        found = []
        for few in (0, 100):
            monkeypatch.setattr(listing, "FEW", few)
            found.append(pages(viewer, Filter(unit="A", state=state)))
        assert found[0] == found[1]
        assert sum(map(len, found[0])) == {"": 8, "overdue": 3, "open": 5, "undated": 3}[state]
