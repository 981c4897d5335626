"""Every request stands under the unit that owes its commitment now, whatever happened to it."""

from datetime import date

import pytest

from tests.commitments.conftest import START, City, at
from yinuo.commitments.commands import change
from yinuo.commitments.commands.project import project_all
from yinuo.commitments.commands.succession import carry_out
from yinuo.commitments.life import ChangeKind, Visibility
from yinuo.commitments.models import Change, Commitment
from yinuo.commitments.permission import seen_by_columns, visible
from yinuo.commitments.queries.moved import Wanted, every_move, moved, moved_at_all
from yinuo.kernel.canonical import Canonical
from yinuo.ledger.commands.sealing import seal
from yinuo.ledger.memory import Memory
from yinuo.ledger.replay import replay
from yinuo.ledger.tlog.note import Signer
from yinuo.parties.commands import (
    OPERATOR,
    NewUnit,
    approve_duty,
    ask_duty,
    ask_succession,
    open_account,
    register_units,
)
from yinuo.parties.queries import public_viewer
from yinuo.parties.viewer import ANYONE, Viewer

pytestmark = pytest.mark.django_db
AFTER = at("2024-08-02")


def change_to(city: City, code: str, kind: ChangeKind, **new: Canonical) -> str:
    """Ask for a change and have it approved; returns its code."""
    asked = change.ask(
        commitment=code, kind=kind, new=new, reason="事出有因", by=city.second, at=AFTER
    )
    change.approve(change=asked, reason="同意", by=city.supervisor, at=AFTER)
    return asked


def asked_to_move(city: City, code: str, due: str = "2025-03-31") -> str:
    return change.ask(
        commitment=code,
        kind=ChangeKind.MOVED,
        new={"due": due},
        reason="还在核对",
        by=city.supervisor,
        at=AFTER,
    )


def of(unit: str) -> list[str]:
    """The changes listed of one unit, in any order."""
    return sorted(row.code for row in every_move(viewer=ANYONE, wanted=Wanted(unit=unit)))


def astray() -> list[str]:
    """Requests that stand under another unit than the one that owes."""
    rows = Change.objects.select_related("commitment")
    return [row.code for row in rows if row.lead_id != row.commitment.lead_id]


def other_administrator(city: City) -> Viewer:
    """A second administrator, and the unit 丙部门 that will take over."""
    new = [NewUnit(code="S", name="丙部门", kind="department", parent="C")]
    register_units(units=new, by=OPERATOR, at=START)
    city.people["admin"] = public_viewer(city.admin.account_id or 0)
    number = open_account(
        username="admin2", name="测试二", password="一个足够长的密码 2024", by=OPERATOR, at=START
    )
    duty = ask_duty(username="admin2", role="administrator", unit="C", by=city.admin, at=START)
    made_up = Viewer(account_id=999, administrator_of=frozenset({"C"}))
    approve_duty(duty=duty, by=made_up, at=START)
    return public_viewer(number)


def test_a_transfer_takes_all_requests_along(city: City) -> None:
    for code in ("P", "Q"):
        city.promise(code)
        change.refuse(change=asked_to_move(city, code), reason="理由不足", by=city.second, at=AFTER)
    waiting = asked_to_move(city, "P")
    assert of("A") == ["P/C1", "P/C2", "Q/C1"]
    passed = change_to(city, "P", ChangeKind.TRANSFERRED, lead_id="B")
    assert of("A") == ["Q/C1"]
    assert of("B") == ["P/C1", waiting, passed]
    change.approve(change=waiting, reason="同意", by=city.second, at=AFTER)
    assert of("B") == ["P/C1", waiting, passed]
    assert not astray()
    assert not replay().faults


def test_a_correction_may_leave_no_unit(city: City) -> None:
    city.promise("P")
    asked_to_move(city, "P")
    change_to(city, "P", ChangeKind.CORRECTED, lead_id=None)
    assert of("A") == []
    assert not astray()
    change_to(city, "P", ChangeKind.CORRECTED, lead_id="B")
    assert of("B") == ["P/C1", "P/C2", "P/C3"]
    assert not replay().faults


def test_a_merger_moves_nothing(city: City) -> None:
    city.promise("P")
    city.promise("Q", lead="B")
    change_to(city, "P", ChangeKind.MERGED, merged_into_id="Q")
    assert of("A") == ["P/C1"]
    assert of("B") == []
    assert not astray()


def test_a_succession_takes_all_requests_along(city: City) -> None:
    second = other_administrator(city)
    for code, unit in (("P", "A"), ("Q", "B"), ("R", "A")):
        city.promise(code, lead=unit)
        asked_to_move(city, code)
    change_to(city, "R", ChangeKind.WITHDRAWN)
    number = ask_succession(
        units=("A", "B"),
        successor="S",
        effective_date=date(2024, 8, 1),
        basis_title="关于机构改革的通知",
        basis_number="大委办发〔2024〕15号",
        by=city.admin,
        at=at("2024-07-20"),
    )
    carry_out(number=number, by=second, at=at("2024-08-03"))
    assert of("S") == ["P/C1", "P/C2", "Q/C1", "Q/C2"]
    # What has ended keeps the name of the unit that ended it.
    assert of("A") == ["R/C1", "R/C2"]
    assert not astray()
    assert not replay().faults


def test_replay_names_a_request_under_the_wrong_unit(city: City) -> None:
    city.promise("P")
    code = asked_to_move(city, "P")
    Change.objects.filter(code=code).update(lead="B")
    (fault,) = replay().faults
    assert fault.place == f"change:{code}"
    assert "lead_id" in fault.what


def test_pages_of_a_unit_join_in_order(city: City) -> None:
    for number in range(5):
        city.promise(f"P-{number}", lead="AB"[number % 2])
        asked_to_move(city, f"P-{number}")
    city.promise("X", visibility=Visibility.CLOSED)
    asked_to_move(city, "X")
    for viewer, expected in (
        (ANYONE, ["P-4/C1", "P-2/C1", "P-0/C1"]),
        (city.officer, ["X/C1", "P-4/C1", "P-2/C1", "P-0/C1"]),
        (city.neighbour, ["P-4/C1", "P-2/C1", "P-0/C1"]),
    ):
        seen: list[str] = []
        cursor = ""
        while not seen or cursor:
            page = moved(viewer=viewer, wanted=Wanted(unit="A"), cursor=cursor, size=1)
            seen += [row.code for row in page.rows]
            cursor = page.next_cursor
        assert seen == expected


def test_the_delays_of_a_unit_are_those_of_its_promises(
    city: City, signer: Signer, memory: Memory
) -> None:
    """Stored, stored with newer entries, and counted row by row."""

    def told() -> list[tuple[int, int, int]]:
        viewers = (ANYONE, city.officer, city.supervisor, city.auditor)
        found = [moved_at_all(viewer=viewer, unit="A") for viewer in viewers]
        return [(one.moved, one.median_days, one.longest_days) for one in found]

    for code, visibility, days in (
        ("P", Visibility.PUBLIC, "2025-01-10"),
        ("Q", Visibility.CLOSED, "2025-01-20"),
        ("R", Visibility.PUBLIC, "2025-01-31"),
    ):
        city.promise(code, visibility=visibility)
        change_to(city, code, ChangeKind.MOVED, due=days)
    public, whole = (2, 10, 31), (3, 20, 31)
    assert told() == [public, whole, whole, whole]
    seal(signer=signer, memory=memory)
    project_all()
    assert told() == [public, whole, whole, whole]
    change_to(city, "R", ChangeKind.TRANSFERRED, lead_id="B")
    assert told() == [(1, 10, 10), (2, 10, 20), (2, 10, 20), (2, 10, 20)]
    seal(signer=signer, memory=memory)
    project_all()
    assert told() == [(1, 10, 10), (2, 10, 20), (2, 10, 20), (2, 10, 20)]


def test_columns_open_nothing_that_is_closed(city: City) -> None:
    city.promise("P")
    city.promise("Q", visibility=Visibility.CLOSED)
    city.promise("R", visibility=Visibility.REVIEW, lead="B")
    city.promise("H", visibility=Visibility.CLOSED, lead="B", cooperating=("A",))
    helped = 0
    for viewer in (ANYONE, *city.people.values()):
        seen = seen_by_columns(viewer)
        opened = {
            row.code
            for row in Commitment.objects.all()
            if seen(row.visibility, row.lead_id, row.creditor_unit_id)
        }
        everything = set(Commitment.objects.filter(visible(viewer)).values_list("code", flat=True))
        assert opened <= everything
        # The door that only the database knows: helping another unit.
        assert everything - opened <= {"H"}
        helped += "H" in everything - opened
    assert helped
