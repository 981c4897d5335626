"""What firms and people promised to the city is never counted or listed as the city's."""

from datetime import date

import pytest

from tests.commitments.conftest import City, at
from yinuo.commitments.commands.breakdown import break_down
from yinuo.commitments.commands.change import ask
from yinuo.commitments.commands.on_behalf import deliver_for, verify_for
from yinuo.commitments.errors import Invalid, PromisedByOthers
from yinuo.commitments.life import ChangeKind, Visibility
from yinuo.commitments.light_rows import is_lit, lights_of
from yinuo.commitments.models import Commitment
from yinuo.commitments.queries.alike import duplicates
from yinuo.commitments.queries.asking import Choice, choose
from yinuo.commitments.queries.board import Standing, standings
from yinuo.commitments.queries.counted import LEAST, public_by_others
from yinuo.commitments.queries.frozen import frozen
from yinuo.commitments.queries.lights import light_page
from yinuo.commitments.queries.listing import Filter, every, page
from yinuo.commitments.queries.moved import Wanted, moved, moved_at_all
from yinuo.commitments.queries.named import public_vowed
from yinuo.commitments.queries.recent import recent
from yinuo.commitments.queries.reported_kept import reported_kept
from yinuo.commitments.queries.sources import source_counts
from yinuo.commitments.queries.supervised import supervised, why_not_supervised
from yinuo.commitments.registry import PROMISORS, Promisor, all_kinds, kinds_of_others, promisor_of
from yinuo.commitments.shares import Share
from yinuo.commitments.tallying import cells
from yinuo.ledger.commands.recording import By
from yinuo.ledger.recorded import state_of
from yinuo.parties.viewer import ANYONE, Viewer

TODAY = date(2024, 8, 1)
BY = By("operator:test")


def by_firm(city: City, code: str, kind: str = "repair_promise", **terms: object) -> str:
    """A promise of a firm, to be judged by the delivery office."""
    made = {"kind": kind, "lead": None, "lead_said": "某厂", "due": date(2024, 6, 30)} | terms
    city.promise(code, **made)
    return code


def total(viewer: Viewer) -> Standing:
    return sum(standings(viewer=viewer, today=TODAY).values(), Standing())


def listed(viewer: Viewer, promisor: Promisor) -> list[str]:
    wanted = Filter(promisor=promisor)
    rows = [row.code for row in every(viewer=viewer, wanted=wanted, today=TODAY)]
    assert page(viewer=viewer, wanted=wanted, today=TODAY).total == len(rows)
    return rows


def test_every_kind_says_whose_word_it_is() -> None:
    assert {kind.promisor for kind in all_kinds()} == set(Promisor) == set(PROMISORS)
    assert set(kinds_of_others()) == {
        *("deferral", "declaration", "clawback", "deferred_payment", "repair_promise"),
    }
    assert promisor_of("problem") is promisor_of("connection") is Promisor.CITY


def test_a_plan_names_only_what_the_city_promises() -> None:
    assert {kind.promisor for kind in all_kinds() if kind.planned} == {Promisor.CITY}


@pytest.mark.django_db
def test_the_tally_holds_them_by_kind_alone(city: City) -> None:
    firms = city.promise("R", kind="repair_promise", lead=None, lead_said="某厂")
    of_firm = {cell.dimension for cell, _counts in cells(state_of(firms))}
    of_city = {cell.dimension for cell, _counts in cells(state_of(city.promise("P")))}
    assert (of_firm, of_city) == ({"kind"}, {"heading", "lead", "kind"})


@pytest.mark.django_db
@pytest.mark.parametrize("who", ["", "supervisor", "auditor", "officer"])
def test_board_and_lists_tell_them_apart(city: City, who: str) -> None:
    city.promise("P")
    by_firm(city, "R")
    viewer = city.people[who] if who else ANYONE
    assert (total(viewer).total, total(viewer).unowned, total(viewer).overdue) == (1, 0, 0)
    assert (total(viewer).fell_due, total(viewer).undated) == (0, 0)
    assert listed(viewer, Promisor.CITY) == ["P"]
    assert listed(viewer, Promisor.OTHERS) == ["R"]
    named = Filter(kind="repair_promise")
    assert [row.code for row in every(viewer=viewer, wanted=named, today=TODAY)] == ["R"]


@pytest.mark.django_db
def test_what_is_looked_for_is_found_on_its_own_side(city: City) -> None:
    city.promise("P", title="整治排污")
    by_firm(city, "R", title="不再排污")
    for promisor, code in ((Promisor.CITY, "P"), (Promisor.OTHERS, "R")):
        wanted = Filter(text="排污", promisor=promisor)
        found = page(viewer=ANYONE, wanted=wanted, today=TODAY)
        assert ([row.code for row in found.rows], found.total) == ([code], 1)
        both = Filter(text="排污", kind="repair_promise", promisor=promisor)
        assert [r.code for r in page(viewer=ANYONE, wanted=both, today=TODAY).rows] == ["R"]


@pytest.mark.django_db
def test_supervision_asks_and_draws_only_among_the_citys(city: City) -> None:
    city.promise("P", due=date(2024, 6, 30), title="建成泵站")
    for code in ("R-1", "R-2", "R-3"):
        by_firm(city, code, kind="deferral", title="容缺后补：营业执照", visibility="closed")
    deliver_for(
        commitment="R-1", delivered_date=date(2024, 6, 3), note="补齐", by=BY, at=at("2024-06-04")
    )
    verify_for(commitment="R-1", note="核对", by=BY, at=at("2024-06-04"))
    viewer, day = city.supervisor, date(2024, 6, 3)
    chosen = choose(viewer=viewer, wanted=Choice(office="DC"), as_of=day, today=TODAY)
    assert ([one.code for one in chosen.chosen], chosen.unowned) == (["P"], 0)
    kept = reported_kept(offices=["DC"], start=day, end=day, viewer=viewer)
    assert kept == ()
    assert [one.code for one in supervised(viewer=viewer, today=TODAY)] == ["P"]
    assert "企业或群众" in why_not_supervised(codes=["R-2"], viewer=viewer)["R-2"]
    snapshot = frozen(office="DC", viewer=viewer, today=TODAY, without=frozenset())
    assert [one.row.code for one in snapshot] == ["P"]
    assert [one.total for one in source_counts(viewer=viewer, today=TODAY)] == [1]
    assert duplicates(viewer=viewer).total == 1


@pytest.mark.django_db
def test_what_changed_and_what_moved_is_the_citys(city: City) -> None:
    by_firm(city, "R")
    ask(
        commitment="R",
        kind=ChangeKind.MOVED,
        new={"due": "2024-12-31"},
        reason="企业申请延长",
        by=city.supervisor,
        at=at("2024-06-10"),
    )
    assert recent(viewer=ANYONE) == ()
    for viewer in (ANYONE, city.second):
        assert moved(viewer=viewer, wanted=Wanted()).rows == ()
        assert moved_at_all(viewer=viewer).promises == 0


@pytest.mark.django_db
def test_no_unit_owes_what_a_firm_promised(city: City) -> None:
    by_firm(city, "R")
    with pytest.raises(PromisedByOthers, match="信用修复承诺"):
        break_down(
            commitment="R",
            shares=[Share(unit="A")],
            sign_by=date(2024, 6, 6),
            by=city.supervisor,
            at=at("2024-06-03"),
        )
    for kind, new, told in (
        (ChangeKind.TRANSFERRED, {"lead_id": "A"}, "没有责任单位"),
        (ChangeKind.RESCOPED, {"kind": "measure"}, "另一方的承诺"),
    ):
        with pytest.raises(Invalid, match=told):
            ask(
                commitment="R",
                kind=kind,
                new=new,
                reason="测试",
                by=city.supervisor,
                at=at("2024-06-03"),
            )


@pytest.mark.django_db
def test_closed_ones_are_told_from_five_of_a_kind_on(city: City) -> None:
    by_firm(city, "R")
    for number in range(LEAST - 1):
        by_firm(city, f"D-{number}", kind="deferral", visibility=Visibility.CLOSED)
    assert {kind: n.total for kind, n in public_by_others(today=TODAY).items()} == {
        "repair_promise": 1
    }
    by_firm(city, "D-last", kind="deferral", visibility=Visibility.CLOSED)
    deferrals = public_by_others(today=TODAY)["deferral"]
    assert (deferrals.total, deferrals.open, deferrals.overdue) == (LEAST, LEAST, LEAST)
    assert listed(ANYONE, Promisor.OTHERS) == ["R"]


@pytest.mark.django_db
def test_what_a_firm_promised_has_no_light_and_is_told_to_it(city: City) -> None:
    by_firm(city, "R", due=date(2024, 9, 30))
    by_firm(city, "D", kind="deferral", visibility=Visibility.CLOSED)
    city.promise("P", due=date(2024, 9, 30))
    lit = {row.code for row in Commitment.objects.all() if is_lit(row)}
    assert lit == {"P"}
    assert lights_of(Commitment.objects.filter(pk="R"), TODAY) == {}
    page_of = light_page(commitment="R", viewer=ANYONE, today=TODAY)
    assert page_of is not None
    assert page_of.mark is None
    vowed = public_vowed(commitments=["R", "D", "P"], today=TODAY)
    assert [row.code for row in vowed] == ["D", "R"]


@pytest.mark.django_db
def test_pages_of_several_kinds_join_in_one_order(city: City) -> None:
    kinds, dues = kinds_of_others(), ("2024-09-30", "2024-06-30", "2024-12-31", None)
    for number in range(11):
        due = dues[number % len(dues)]
        by_firm(
            city,
            f"R-{number:02}",
            kind=kinds[number % len(kinds)],
            due=date.fromisoformat(due) if due else None,
            visibility=Visibility.CLOSED if number % 3 else Visibility.PUBLIC,
        )
    for viewer in (ANYONE, city.supervisor):
        wanted = Filter(promisor=Promisor.OTHERS)
        found: list[str] = []
        cursor, more = "", True
        while more:
            one = page(viewer=viewer, wanted=wanted, today=TODAY, cursor=cursor, size=2)
            found += [row.code for row in one.rows]
            cursor, more = one.next_cursor, bool(one.next_cursor)
        assert found == listed(viewer, Promisor.OTHERS)
        assert len(found) == (11 if viewer.signed_in else 4)
