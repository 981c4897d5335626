"""One matter given twice: merged in the open, with what hangs on it settled."""

from datetime import date

import pytest

from tests.commitments.conftest import DUE, City, at
from yinuo.commitments.commands import change, judge, signing, waiting
from yinuo.commitments.commands.register import NewDocument, Registration, register
from yinuo.commitments.errors import Invalid
from yinuo.commitments.life import ChangeKind, Visibility
from yinuo.commitments.models import Commitment, Signing, Wait
from yinuo.commitments.queries.alike import candidates, duplicates, taken_in
from yinuo.commitments.queries.detail import detail
from yinuo.ledger.replay import replay
from yinuo.parties.viewer import ANYONE, NotAllowed

pytestmark = pytest.mark.django_db
DAY = "2024-07-01"
SAME = "推进不动产登记历史遗留问题办证"


def ask(city: City, code: str = "P", into: str = "Q") -> str:
    return change.ask(
        commitment=code,
        kind=ChangeKind.MERGED,
        new={"merged_into_id": into},
        reason="批示件和方案说的是同一件事",
        by=city.supervisor,
        at=at(DAY),
    )


def approve(city: City, request: str) -> None:
    change.approve(change=request, reason="同意", by=city.second, at=at("2024-07-02"))


@pytest.fixture
def two(city: City) -> City:
    """The same matter in two documents."""
    document = NewDocument(code="D2", title="批示件", kind="批示件")
    register(
        registration=Registration(documents=[document]), office="DC", by=city.admin, at=at(DAY)
    )
    city.promise("P", title=f"加快{SAME}工作")
    city.promise("Q", title=SAME, document="D2")
    return city


def test_merged_in_the_open(two: City) -> None:
    approve(two, ask(two))
    merged = detail(code="P", viewer=ANYONE, today=DUE)
    assert (merged.row.status, merged.merged_into) == ("withdrawn", "Q")
    (told,) = taken_in(commitment="Q", viewer=ANYONE)
    assert (told.code, told.reason, told.decision) == ("P", "批示件和方案说的是同一件事", "同意")
    assert not replay().faults


def test_signatures_and_waits_are_settled(two: City) -> None:
    for what in ("用地批复", "环评批复"):
        waiting.claim(
            commitment="P",
            on_unit="B",
            since_date=date(2024, 6, 1),
            what=what,
            by=two.officer,
            at=at("2024-06-20"),
        )
    waiting.accept(wait="P/W2", by=two.neighbour, at=at("2024-06-21"))
    signing.ask_signing(
        commitments=["P"], sign_by=date(2024, 7, 9), by=two.supervisor, at=at("2024-06-30")
    )
    approve(two, ask(two))
    assert Signing.objects.get().status == "recalled"
    waits = {w.code: (w.status, w.ended_date) for w in Wait.objects.all()}
    ended = date(2024, 7, 2)
    assert waits == {"P/W1": ("closed", ended), "P/W2": ("accepted", ended)}
    assert not replay().faults


@pytest.mark.parametrize(
    ("into", "what"),
    [
        ("P", "不能并入自己"),
        ("Z", "没有编号为 Z 的承诺"),
        ("W", "状态为“免除”，不能并入它"),
        ("M", "M 已并入 Q，请写后者的编号"),
    ],
)
def test_what_cannot_be_merged_into(two: City, into: str, what: str) -> None:
    two.promise("W")
    judge.waive(commitment="W", note="依据废止", by=two.supervisor, at=at(DAY))
    two.promise("M")
    approve(two, ask(two, "M"))
    with pytest.raises(Invalid, match=what):
        ask(two, "P", into)


def test_what_one_may_not_see_does_not_exist(two: City) -> None:
    two.promise("X", lead="B", creditor_unit="B", visibility=Visibility.REVIEW)
    with pytest.raises(Invalid, match="没有编号为 X 的承诺"):
        ask(two, "P", "X")


def test_two_requests_do_not_close_a_circle(two: City) -> None:
    there, back = ask(two, "P", "Q"), ask(two, "Q", "P")
    approve(two, there)
    with pytest.raises(Invalid, match="P 已并入 Q"):
        approve(two, back)
    assert Commitment.objects.get(code="Q").status == "open"


def test_candidates_say_why(two: City) -> None:
    two.promise("R", title="建设跨海大桥")
    (found,) = candidates(commitment="P", viewer=two.supervisor)
    assert (found.twin.code, found.twin.document) == ("Q", "批示件")
    assert found.reasons == ("文字相似 100%", "牵头单位相同")


def test_a_public_one_is_offered_public_ones_only(two: City) -> None:
    two.promise("H", title=SAME, visibility=Visibility.CLOSED)
    assert [c.twin.code for c in candidates(commitment="P", viewer=two.supervisor)] == ["Q"]
    assert {c.twin.code for c in candidates(commitment="H", viewer=two.supervisor)} == {"P", "Q"}


def test_candidates_share_a_unit(two: City) -> None:
    two.promise("B", title=SAME, lead="B")
    two.promise("BA", title=SAME, lead="B", cooperating=("A",))
    found = candidates(commitment="P", viewer=two.supervisor)
    assert {c.twin.code for c in found} == {"Q", "BA"}


def test_the_list_of_what_may_be_double(two: City) -> None:
    found = duplicates(viewer=two.supervisor)
    assert (found.total, found.compared) == (2, 2)
    (pair,) = found.pairs
    assert (pair.first.code, pair.second.code) == ("P", "Q")
    assert duplicates(viewer=two.supervisor, unit="B").total == 0
    with pytest.raises(NotAllowed):
        duplicates(viewer=two.officer)


def test_too_many_are_compared_unit_by_unit(two: City, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("yinuo.commitments.queries.alike.MOST", 1)
    every = duplicates(viewer=two.supervisor)
    assert (every.total, every.compared, every.pairs) == (2, 0, ())
    one = duplicates(viewer=two.supervisor, unit="A")
    assert (one.total, one.compared) == (2, 1)
