"""Snapshots: what is frozen, what moved, who is ranked, and that nothing changes afterwards."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from tests.city import JULY, LUSHUN_SECRET, OFFICE, PULANDIAN_SECRET, City
from tests.published import publish_lights
from tests.supervision.meetings import content_of, item, release, take
from yinuo.commitments.commands import change
from yinuo.commitments.life import ChangeKind
from yinuo.ledger.commands.recording import By, command
from yinuo.ledger.recorded import State
from yinuo.ledger.replay import replay
from yinuo.notices.queries.inbox import inbox
from yinuo.parties.viewer import NotAllowed
from yinuo.supervision.commands import snapshots as commands
from yinuo.supervision.commands.numbers import next_paper_number
from yinuo.supervision.errors.papers import SeriesInvalid
from yinuo.supervision.errors.snapshots import (
    AlreadyReleased,
    SnapshotExists,
    SnapshotInvalid,
    TilesRefused,
    UnknownSnapshot,
)
from yinuo.supervision.models import PaperSeries, Snapshot
from yinuo.supervision.queries.snapshots import draft, snapshot, snapshots
from yinuo.supervision.snapshots import compose
from yinuo.supervision.snapshots.content import Annex, Content, Item, for_reader, read, written
from yinuo.supervision.snapshots.tiles import tiles
from yinuo.web.files import store

AUGUST = datetime(2024, 8, 15, 2, 0, tzinfo=JULY.tzinfo)
TODAY = JULY.date()
BY = By(actor="account:1", capacity=f"supervisor:{OFFICE}")


@pytest.fixture
def lit(city: City) -> City:
    """The city with the shipped lights in force."""
    publish_lights(city, store())
    return city


def held(city: City, code: str = "SN2024-07", who: str = "supervisor") -> Content:
    return snapshot(code=code, store=store(), viewer=city[who]).content


# ── what is frozen ───────────────────────────────────────────────────────────────────────────────


@pytest.mark.django_db
def test_everything_the_office_supervises_is_counted_once(lit: City) -> None:
    take(lit)
    content = held(lit)
    assert content.total.total == len(content.items) == 7
    for parts in (content.units, content.goals):
        for count in ("total", "overdue", "red", "moved"):
            assert sum(getattr(p, count) for p in parts) == getattr(content.total, count)
    (late,) = [item for item in content.items if item.state == "overdue"]
    assert (late.code, late.light, late.light_word) == ("LS-001", "red", "逾期")
    assert [(r.code, r.reason) for r in content.worst_items] == [
        ("LS-001", "完成时限2024年6月30日，逾期 15 天")
    ]


@pytest.mark.django_db
def test_what_happens_later_does_not_reach_it(lit: City) -> None:
    take(lit)
    before = held(lit)
    change.ask(
        commitment="LS-001",
        kind=ChangeKind.MOVED,
        new={"due": "2024-12-31"},
        reason="档案还在核对",
        by=lit["lushun"],
        at=JULY,
    )
    change.approve(change="LS-001/C1", reason="同意", by=lit["supervisor"], at=JULY)
    assert held(lit) == before
    take(lit, at=AUGUST)
    after = held(lit, "SN2024-08")
    assert after.previous == "SN2024-07"
    assert [(s.code, s.what, s.before, s.after) for s in after.steps] == [
        ("LS-001", "完成时限", "2024-06-30", "2024-12-31"),
        ("LS-001", "状态", "逾期", "进行中"),
    ]


@pytest.mark.django_db
def test_lights_and_overdue_are_those_of_the_day_asked_for(lit: City) -> None:
    take(lit, as_of=date(2024, 6, 30))
    content = held(lit, "SN2024-06")
    assert (content.total.overdue, content.total.red) == (0, 0)
    assert content.total.yellow == 1
    assert content.lights_edition == "第 1 版（P1）"


@pytest.mark.django_db
def test_without_lights_in_force_nothing_is_lit(city: City) -> None:
    take(city)
    content = held(city)
    assert content.total.lit == 0
    assert content.lights_edition == ""


@pytest.mark.django_db
def test_a_second_one_of_the_month_has_a_number_of_its_own(lit: City) -> None:
    assert [take(lit), take(lit), take(lit)] == ["SN2024-07", "SN2024-07-2", "SN2024-07-3"]
    assert [one.code for one in snapshots(viewer=lit["supervisor"])][:1] == ["SN2024-07-3"]


def drawn_for(city: City) -> Content:
    """A draft that is not kept yet."""
    return draft(
        office=OFFICE,
        as_of=TODAY,
        city="大连市",
        simulated=True,
        store=store(),
        viewer=city["supervisor"],
        at=JULY,
    )


@pytest.mark.django_db
def test_two_who_draft_at_once_do_not_both_keep_it(lit: City) -> None:
    mine = drawn_for(lit)
    take(lit)
    with pytest.raises(SnapshotExists, match="SN2024-07 刚刚已由他人生成"):
        commands.take(draft=mine, meeting="会", store=store(), by=lit["supervisor"], at=JULY)
    assert Snapshot.objects.count() == 1


@pytest.mark.django_db
def test_only_a_supervisor_of_the_office_takes_and_releases(lit: City) -> None:
    mine = drawn_for(lit)
    for who in ("lushun", "admin", "auditor"):
        with pytest.raises(NotAllowed):
            commands.take(draft=mine, meeting="会", store=store(), by=lit[who], at=JULY)
    take(lit)
    with pytest.raises(NotAllowed):
        commands.release(snapshot="SN2024-07", series="", to_units=[], by=lit["admin"], at=JULY)


@pytest.mark.django_db
def test_faults_are_told_together(lit: City) -> None:
    with pytest.raises(SnapshotInvalid) as found:
        commands.check(meeting=" ", as_of=TODAY + timedelta(days=1), today=TODAY)
    assert [field for field, _ in found.value.faults] == ["meeting", "as_of"]
    with pytest.raises(SnapshotInvalid, match="不能早于 2024-04-14"):
        commands.check(meeting="会", as_of=date(2024, 4, 13), today=TODAY)


# ── who sees what ────────────────────────────────────────────────────────────────────────────────


@pytest.mark.django_db
def test_a_released_one_hides_closed_items_of_others_only(lit: City) -> None:
    take(lit)
    with pytest.raises(UnknownSnapshot):
        held(lit, who="lushun")
    release(lit, "SN2024-07")
    whole, seen = held(lit), held(lit, who="lushun")
    assert any(PULANDIAN_SECRET in item.title for item in whole.items)
    assert not any(PULANDIAN_SECRET in item.title for item in seen.items)
    assert any(LUSHUN_SECRET in item.title for item in seen.items)
    assert seen.total == whole.total


@pytest.mark.django_db
def test_release_tells_the_officers_once(lit: City) -> None:
    take(lit)
    release(lit, "SN2024-07")
    with pytest.raises(AlreadyReleased):
        release(lit, "SN2024-07")
    assert Snapshot.objects.get().version == 2
    titles = [one.title for one in inbox(viewer=lit["lushun"]).unread]
    assert titles == ["调度会数据 SN2024-07（截至 2024-07-15）已发放"]


def test_flags_for_the_office_stay_there() -> None:
    plain = Annex(key="a", title="调度", columns=("单位",), rows=[("甲",)])
    inside = Annex(key="b", title="疑点", columns=("单位",), rows=[("甲",)], inside=True)
    content = content_of([], annexes=(plain, inside))
    reader = for_reader(content, units=frozenset({"U1"}), whole=False)
    assert [annex.key for annex in reader.annexes] == ["a"]


@pytest.mark.django_db
def test_the_ledger_replays_and_an_altered_row_is_found(lit: City) -> None:
    take(lit)
    release(lit, "SN2024-07", series="大政督")
    assert replay().faults == []
    with connection.cursor() as cursor:
        cursor.execute("UPDATE supervision_snapshot SET sha256 = %s", ["0" * 64])
    assert [fault.place for fault in replay().faults] == ["snapshot:SN2024-07"]


def test_a_kept_one_never_changes_but_by_its_release() -> None:
    state: State = {
        "released_at": None,
        "sha256": "a",
        "series": "",
        "number": None,
        "released_by": "",
    }
    released: State = state | {"released_at": "2024", "released_by": "account:1"}
    assert Snapshot.wrong_step(None, state, "snapshot.taken") is None
    assert Snapshot.wrong_step(state, released, "snapshot.released") is None
    assert Snapshot.wrong_step(state, released | {"sha256": "b"}, "snapshot.released")
    assert Snapshot.wrong_step(released, released | {"series": "督"}, "snapshot.released")
    assert Snapshot.wrong_step(None, released, "snapshot.taken")


# ── arithmetic ───────────────────────────────────────────────────────────────────────────────────


LATE = {"state": "overdue", "state_label": "逾期", "light": "red", "light_word": "逾期"}
KEPT = {"state": "kept", "state_label": "已兑现", "outcome": "kept_on_time"}


def test_the_best_and_the_worst_units_are_others() -> None:
    good = [
        item(f"A{n}", **KEPT, due="2024-06-30", due_original="2024-06-30", delivered="2024-06-20")
        for n in range(4)
    ]
    bad = [
        item(f"B{n}", **LATE, unit="U2", unit_name="乙区", due=f"2024-06-{n + 1:02}")
        for n in range(4)
    ]
    found = content_of([*good, *bad])
    assert [u.code for u in found.best_units] == ["U1"]
    assert [u.code for u in found.worst_units] == ["U2"]
    assert found.worst_units[0].reason == "有灯 4 项，红灯 4 项（100%），黄灯 0 项，逾期 4 项"
    assert [r.code for r in found.worst_items] == ["B0", "B1", "B2", "B3"]
    assert found.best_items[0].reason == "2024年6月20日完成，比原定时限提前 10 天"


def test_few_figures_rank_nobody() -> None:
    found = content_of([item("A1", **LATE, due="2024-06-30"), item("A2", **LATE, due="2024-06-30")])
    assert (found.best_units, found.worst_units) == ([], [])


def test_what_came_and_what_went_is_told() -> None:
    before = content_of([item("A1"), item("A2", light="green", light_word="正常")])
    now = [item("A2", light="yellow", light_word="进度滞后"), item("A3", due="")]
    told = [(s.code, s.what, s.before, s.after) for s in compose.steps(before, now)]
    assert told == [
        ("A1", "不再列入", "进行中", ""),
        ("A2", "灯", "正常", "进度滞后"),
        ("A3", "新列入", "", "未定时限"),
    ]


STATES = st.sampled_from(compose.STATES)
COLOURS = st.sampled_from(["", *compose.COLOURS])
DAYS = st.sampled_from(["", "2024-05-31", "2024-07-15", "2024-12-31"])


@st.composite
def items(draw: st.DrawFn) -> list[Item]:
    rows = draw(
        st.lists(st.tuples(STATES, COLOURS, DAYS, st.sampled_from(["U1", "U2", ""])), max_size=25)
    )
    return [
        item(f"C{n:02}", state=state, light=light, due=day, due_original=day, unit=unit)
        for n, (state, light, day, unit) in enumerate(rows)
        if not (state == "overdue" and not day)
    ]


@given(items())
def test_what_was_written_is_read_back_and_adds_up(some: list[Item]) -> None:
    content = content_of(some)
    again = read(written(content))
    assert written(again) == written(content)
    assert sum(unit.total for unit in again.units) == again.total.total == len(some)
    total = again.total
    assert total.kept + total.overdue + total.waiting + total.open + total.broken + total.ended == (
        total.total
    )
    assert {u.code for u in again.best_units}.isdisjoint(u.code for u in again.worst_units)
    assert content_of(list(reversed(some))).worst_units == content.worst_units
    numbers = [number for number, _, _ in again.numbered()]
    assert len(numbers) == len(set(numbers))


def test_another_format_is_not_read() -> None:
    with pytest.raises(ValueError, match="not a yinuo"):
        read(b'{"format":"yinuo.snapshot/2"}')


# ── the map ──────────────────────────────────────────────────────────────────────────────────────


def test_every_fault_of_a_map_is_named(tmp_path: Path) -> None:
    path = tmp_path / "tiles.csv"
    path.write_text("unit,column,row\nA,1,1\nB,1,1\nC,13,1\nD,x,1\n", encoding="utf-8")
    with pytest.raises(TilesRefused) as found:
        tiles(path)
    assert [fault[:5] for fault in found.value.faults] == ["第 3 行", "第 4 行", "第 5 行"]
    path.write_text("单位,列,行\nA,1,1\n", encoding="utf-8")
    with pytest.raises(TilesRefused, match="表头是 单位,列,行"):
        tiles(path)
    assert tiles(tmp_path / "none.csv") == {}


# ── numbers of papers ────────────────────────────────────────────────────────────────────────────


@pytest.mark.django_db
def test_numbers_count_up_by_series_and_year(city: City) -> None:
    given = [
        next_paper_number(series=series, year=year, by=BY, at=JULY)
        for series, year in (("大政督", 2024), ("大政督", 2024), ("大督", 2024), ("大政督", 2025))
    ]
    assert given == [1, 2, 1, 1]
    assert replay().faults == []


@pytest.mark.django_db
def test_a_number_of_a_paper_that_was_not_issued_is_free_again(city: City) -> None:
    @command("test.fails")
    def fails() -> None:
        next_paper_number(series="大政督", year=2024, by=BY, at=JULY)
        raise RuntimeError("not issued")

    with pytest.raises(RuntimeError):
        fails()
    assert next_paper_number(series="大政督", year=2024, by=BY, at=JULY) == 1


@pytest.mark.django_db
@pytest.mark.parametrize("series", ["", "DZD", "大政督1", "大 督", "大" * 21])
def test_a_series_is_made_of_han_letters(city: City, series: str) -> None:
    with pytest.raises(SeriesInvalid):
        next_paper_number(series=series, year=2024, by=BY, at=JULY)


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_at_the_same_moment_nobody_gets_the_same_number() -> None:
    together = threading.Barrier(4)

    def one(_: int) -> int:
        try:
            together.wait(timeout=30)
            return next_paper_number(series="大政督", year=2024, by=BY, at=JULY)
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(one, range(4))) == [1, 2, 3, 4]
    assert PaperSeries.objects.get().last == 4
