from datetime import date

import pytest

from tests.commitments.conftest import City, at
from yinuo.commitments.commands.breakdown import break_down
from yinuo.commitments.errors import Invalid, UnknownCommitment, WrongState
from yinuo.commitments.life import Visibility
from yinuo.commitments.models import Commitment, Cooperation, Signing
from yinuo.commitments.queries.office import office
from yinuo.commitments.shares import LONGEST, LONGEST_CODE, BadShares, Share, share_codes, share_sum
from yinuo.ledger.replay import replay
from yinuo.parties.viewer import NotAllowed

SIGN_BY = date(2024, 6, 6)
WHEN = at("2024-06-03")


def spread(city: City, *shares: Share, code: str = "P", by: object = None) -> tuple[str, ...]:
    return break_down(
        commitment=code,
        shares=shares,
        sign_by=SIGN_BY,
        by=by or city.supervisor,  # type: ignore[arg-type]
        at=WHEN,
    )


@pytest.mark.django_db
def test_each_share_is_a_commitment_of_its_own(city: City) -> None:
    city.promise("P", heading="G", operator="ge", value="100", unit="个", place="第 3 条")
    codes = spread(
        city,
        Share(unit="A", value="60", title="甲部门的部分", due=date(2024, 11, 30)),
        Share(unit="B", value="40", cooperating=("A",), area="全市"),
    )
    assert codes == ("P-01", "P-02")
    first, second = Commitment.objects.order_by("code").exclude(code="P")
    assert (first.parent_id, first.document_id, first.heading, first.kind) == (
        "P",
        "D",
        "G",
        "measure",
    )
    assert (first.title, first.due, first.due_original) == (
        "甲部门的部分",
        date(2024, 11, 30),
        date(2024, 11, 30),
    )
    assert (first.operator, first.value, first.unit) == ("ge", "60", "个")
    assert (second.title, second.due, second.area) == ("承诺 P", date(2024, 12, 31), "全市")
    assert Cooperation.objects.get().code == "P-02/A"
    asked = set(Signing.objects.values_list("code", "part", "sign_by"))
    assert asked == {
        ("P-01/A", "lead", SIGN_BY),
        ("P-02/B", "lead", SIGN_BY),
        ("P-02/A", "cooperating", SIGN_BY),
    }
    assert replay().faults == []


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("whole", "share"),
    [
        (Visibility.PUBLIC, Visibility.REVIEW),
        (Visibility.REVIEW, Visibility.REVIEW),
        (Visibility.CLOSED, Visibility.CLOSED),
        (Visibility.ON_REQUEST, Visibility.CLOSED),
    ],
)
def test_no_share_is_public_unread(city: City, whole: Visibility, share: Visibility) -> None:
    city.promise("P", visibility=whole)
    (code,) = spread(city, Share(unit="A"))
    assert Commitment.objects.get(code=code).visibility == share


@pytest.mark.django_db
def test_every_fault_is_told_with_its_line(city: City) -> None:
    city.promise("P")
    spread(city, Share(unit="A"))
    with pytest.raises(BadShares) as caught:
        spread(
            city,
            Share(unit="B", due=date(2025, 1, 1)),
            Share(unit="X"),
            Share(unit="A"),
            Share(unit="B", cooperating=("B",)),
            Share(unit="DC", value="5", title="长" * 301),
        )
    assert [(f.line, f.field) for f in caught.value.faults] == [
        (1, "due"),
        (2, "unit"),
        (3, "unit"),
        (4, "unit"),
        (4, "cooperating"),
        (5, "value"),
        (5, "title"),
    ]
    assert "甲部门已经分到 P-01" in caught.value.what
    assert "第 4 行 乙部门在第 1 行已经有一份" in caught.value.what
    assert Commitment.objects.count() == 2


@pytest.mark.django_db
def test_more_shares_are_added_later(city: City) -> None:
    city.promise("P")
    assert spread(city, Share(unit="A")) == ("P-01",)
    assert spread(city, Share(unit="B"), by=city.admin) == ("P-02",)


@pytest.mark.django_db
def test_a_figure_of_its_own_where_the_whole_has_none(city: City) -> None:
    city.promise("P")
    spread(city, Share(unit="A", value="5", measure="个"))
    child = Commitment.objects.get(code="P-01")
    assert (child.operator, child.operator_origin, child.value) == ("ge", "inferred", "5")


@pytest.mark.django_db
def test_only_the_office_breaks_down_what_is_open(city: City) -> None:
    city.promise("P")
    for who, wrong in ((city.officer, NotAllowed), (city.auditor, NotAllowed)):
        with pytest.raises(wrong):
            spread(city, Share(unit="A"), by=who)
    city.promise("Q", visibility=Visibility.CLOSED)
    with pytest.raises(UnknownCommitment):
        spread(city, Share(unit="B"), code="Q", by=city.neighbour)
    Commitment.objects.filter(code="P").update(status="waived", outcome="waived")
    with pytest.raises(WrongState):
        spread(city, Share(unit="A"))


@pytest.mark.django_db
def test_nothing_to_share_is_said(city: City) -> None:
    city.promise("P")
    with pytest.raises(Invalid, match="至少写一个单位"):
        spread(city)


@pytest.mark.django_db
def test_the_sum_is_shown_against_the_whole(city: City) -> None:
    city.promise("P", operator="ge", value="100", unit="个")
    spread(city, Share(unit="A", value="60"), Share(unit="B", value="3", measure="项"))
    shown = office(code="P", viewer=city.supervisor, today=date(2024, 6, 4))
    assert shown
    assert shown.sum
    assert (shown.sum.value, shown.sum.counted, shown.sum.others, shown.short) == (
        "60",
        1,
        1,
        "40",
    )


@pytest.mark.django_db
def test_the_lengths_are_those_of_the_columns(city: City) -> None:
    def longest(name: str) -> object:
        return Commitment._meta.get_field(name).max_length  # type: ignore[union-attr]

    assert longest("code") == LONGEST_CODE
    assert {"title": longest("title"), "area": longest("area"), "measure": longest("unit")} == (
        LONGEST
    )


def test_codes_go_on_after_the_highest() -> None:
    assert share_codes("P", 2, ["P-01", "P-07", "P-1a", "P-03-09", "PQ-99"]) == ["P-08", "P-09"]
    assert share_codes("P", 1, [f"P-{n:02}" for n in range(1, 100)]) == ["P-100"]


def test_shares_may_come_to_more_than_the_whole() -> None:
    found = share_sum("100", "个", [("60", "个"), ("70.5", "个"), ("", "")])
    assert found
    assert (found.value, found.rest, found.others) == ("130.5", "-30.5", 1)
    assert share_sum("", "", [("5", "个")]) is None
