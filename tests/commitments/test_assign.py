import pytest

from tests.commitments.conftest import City, at
from yinuo.commitments.commands.assign import assign
from yinuo.commitments.errors import Invalid
from yinuo.commitments.models import Assignment
from yinuo.commitments.queries.office import assignable, office
from yinuo.ledger.models import Entry
from yinuo.ledger.replay import replay
from yinuo.parties.viewer import ANYONE, NotAllowed

pytestmark = pytest.mark.django_db
WHEN = at("2024-06-03")


def test_persons_are_named_for_several_tasks(city: City) -> None:
    city.promise("P")
    city.promise("Q", lead="B", cooperating=("A",))
    assign(
        commitments=["P", "Q"],
        unit="A",
        leader="林某 副局长",
        liaison="周某 0411-1234",
        by=city.officer,
        at=WHEN,
    )
    assign(commitments=["P"], unit="A", leader="", liaison="吴某", by=city.officer, at=WHEN)
    shown = office(code="P", viewer=city.supervisor, today=WHEN.date())
    assert shown
    assert [(p.unit, p.leader, p.liaison) for p in shown.persons] == [("A", "林某 副局长", "吴某")]
    rows = assignable(unit="A", viewer=city.officer, today=WHEN.date())
    assert [(r.row.code, r.liaison) for r in rows] == [("P", "吴某"), ("Q", "周某 0411-1234")]
    assert replay().faults == []


def test_no_name_stands_in_an_entry(city: City) -> None:
    city.promise("P")
    assign(commitments=["P"], unit="A", leader="林某", by=city.officer, at=WHEN)
    assert all("林某".encode() not in bytes(entry.body) for entry in Entry.objects.all())
    assert Assignment.objects.get().leader_text.startswith("text:")


def test_only_for_tasks_in_which_the_unit_has_a_part(city: City) -> None:
    city.promise("P", lead="B")
    with pytest.raises(NotAllowed, match="不是这项任务"):
        assign(commitments=["P"], unit="A", leader="林某", by=city.officer, at=WHEN)
    with pytest.raises(NotAllowed, match="本单位的填报人"):
        assign(commitments=["P"], unit="B", leader="林某", by=city.officer, at=WHEN)
    assert not Assignment.objects.exists()


def test_nobody_named_is_an_error(city: City) -> None:
    city.promise("P")
    with pytest.raises(Invalid, match="至少写一个"):
        assign(commitments=["P"], unit="A", leader=" ", by=city.officer, at=WHEN)
    with pytest.raises(Invalid, match="最多 100 字"):
        assign(commitments=["P"], unit="A", leader="长" * 101, by=city.officer, at=WHEN)


def test_who_stands_outside_sees_no_names(city: City) -> None:
    city.promise("P")
    assign(commitments=["P"], unit="A", leader="林某", by=city.officer, at=WHEN)
    assert office(code="P", viewer=ANYONE, today=WHEN.date()) is None
    assert office(code="P", viewer=city.neighbour, today=WHEN.date()) is None
    assert assignable(unit="A", viewer=city.neighbour, today=WHEN.date()) == ()
