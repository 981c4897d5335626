"""Draws: the order of events, who may do what, and what nobody learns."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from pytest_django import Settings

from tests.city import CITY, JULY, LUSHUN, OFFICE, City
from tests.drawn import (
    BALLS,
    CLOSED_ONES,
    DONE,
    LATER,
    declare_kept,
    draw_one,
    fix_frame,
    publish_strata,
)
from tests.handed_in import kept
from tests.supervision.doubtful import falling_doubt, plant
from yinuo.commitments.errors import Invalid
from yinuo.commitments.life import Visibility
from yinuo.kernel.filestore import FileStore
from yinuo.ledger.commands.sealing import seal
from yinuo.ledger.memory import Memory
from yinuo.ledger.replay import replay
from yinuo.ledger.tlog.note import Signer
from yinuo.notices.models import Message
from yinuo.parties.viewer import NotAllowed
from yinuo.supervision.commands import draws as commands
from yinuo.supervision.draws.frame import CLOSED, draw_from, read_frame
from yinuo.supervision.draws.life import Result
from yinuo.supervision.errors.draws import (
    FrameAltered,
    FrameNotSealed,
    NoStrata,
    NotAllFound,
    NothingToDraw,
    RandomnessTooEarly,
    UnknownDraw,
    WrongDrawState,
)
from yinuo.supervision.models import Draw, DrawFile, DrawnItem
from yinuo.supervision.queries.draws import latest_estimates, preview, to_do
from yinuo.web.files import store as file_store

AFTER = LATER + timedelta(hours=2)
Enter = Callable[..., str]


@pytest.fixture
def store() -> FileStore:
    return file_store()


@pytest.fixture
def ready(city: City, store: FileStore) -> City:
    """The city with promises declared kept and the table of layers in force."""
    publish_strata(city, store)
    declare_kept(city)
    return city


@pytest.fixture
def enter(ready: City, store: FileStore) -> Enter:
    def run(code: str, **kw: object) -> str:
        plain = {
            "value": BALLS,
            "known_at": LATER,
            "where": "福彩官网",
            "store": store,
            "by": ready["auditor"],
            "at": AFTER,
        }
        return commands.enter_randomness(draw=code, **{**plain, **kw})  # type: ignore[arg-type]

    return run


@pytest.fixture
def demo(store: FileStore, settings: Settings) -> FileStore:
    """The store of a home whose days are played."""
    settings.YINUO_DEMO_DATE = "2024-07-15"
    return store


def find_all(city: City, store: FileStore, code: str, **results: str) -> None:
    """Every one found true, but those named `i3="false"`."""
    for item in DrawnItem.objects.filter(draw=code):
        number = item.code.rpartition("/")[2]
        commands.find(
            item=item.code,
            result=results.get(f"i{number}", "true"),
            checked_date=JULY.date(),
            note="现场查看",
            store=store,
            by=city["auditor"],
            at=AFTER,
        )


def test_the_frame_holds_what_was_declared_in_the_period(ready: City, store: FileStore) -> None:
    code = fix_frame(ready, store)
    row = Draw.objects.get(code=code)
    with store.open(row.frame_sha256) as file:
        frame = read_frame(file.read())
    assert code == "CC2024-1"
    assert (row.population, row.planned) == (14, 8)
    assert {r.label for r in frame.rows if not r.label.startswith(CLOSED)} == set(
        DONE
    ) - CLOSED_ONES
    assert [(s.name, s.size, s.take) for s in frame.strata] == [
        ("中风险", 4, 4),
        ("低风险", 10, 4),
    ]


def test_closed_ones_are_named_nowhere_in_the_frame(ready: City, store: FileStore) -> None:
    row = Draw.objects.get(code=fix_frame(ready, store))
    with store.open(row.frame_sha256) as file:
        assert not any(code in file.read().decode() for code in CLOSED_ONES)


def test_whoever_draws_again_gets_the_same(
    ready: City, store: FileStore, signer: Signer, memory: Memory
) -> None:
    code = draw_one(ready, store, signer, memory)
    row = Draw.objects.get(code=code)
    with store.open(row.frame_sha256) as file:
        again = draw_from(file.read(), BALLS)
    items = DrawnItem.objects.filter(draw=code)
    assert {(i.stratum, i.place, i.label, i.ticket) for i in items} == {
        (d.stratum, d.place, d.label, d.ticket) for d in again
    }
    assert items.count() == row.planned
    assert all(i.commitment_id == i.label or i.label.startswith(CLOSED) for i in items)


def test_randomness_waits_for_the_seal(ready: City, store: FileStore, enter: Enter) -> None:
    with pytest.raises(FrameNotSealed):
        enter(fix_frame(ready, store))


def test_a_value_known_before_the_frame_is_refused(
    ready: City, store: FileStore, enter: Enter, signer: Signer, memory: Memory
) -> None:
    code = fix_frame(ready, store)
    seal(signer=signer, memory=memory)
    with pytest.raises(RandomnessTooEarly, match="顺序反了"):
        enter(code, known_at=JULY + timedelta(days=4))
    assert Draw.objects.get(code=code).randomness == ""


def test_a_value_known_before_it_was_announced_to_be_is_refused(
    ready: City, demo: FileStore, enter: Enter, signer: Signer, memory: Memory
) -> None:
    store = demo
    code = fix_frame(ready, store)
    seal(signer=signer, memory=memory)
    with pytest.raises(RandomnessTooEarly, match="不是公告的那一期"):
        enter(code, known_at=JULY + timedelta(days=2))
    enter(code, known_at=JULY + timedelta(days=3))
    assert Draw.objects.get(code=code).randomness == BALLS


def test_a_frame_for_randomness_that_is_known_is_refused(ready: City, store: FileStore) -> None:
    with pytest.raises(Invalid, match="还没有开出"):
        commands.frame(
            unit=CITY,
            title="抽查",
            from_date=JULY.date(),
            until_date=JULY.date(),
            source="lottery",
            source_name="双色球",
            source_number="2024080",
            known_from=JULY,
            store=store,
            by=ready["auditor"],
            at=JULY,
        )


def test_a_mistyped_value_can_be_entered_again_until_the_draw(
    ready: City, store: FileStore, enter: Enter, signer: Signer, memory: Memory
) -> None:
    code = fix_frame(ready, store)
    seal(signer=signer, memory=memory)
    enter(code, value="1 2 3 4 5 6 + 7")
    assert enter(code) == BALLS
    commands.draw(draw=code, store=store, by=ready["auditor"], at=AFTER)
    with pytest.raises(WrongDrawState):
        enter(code)


def test_dice_need_their_minutes(
    ready: City, store: FileStore, enter: Enter, signer: Signer, memory: Memory
) -> None:
    code = fix_frame(ready, store, source="dice")
    seal(signer=signer, memory=memory)
    with pytest.raises(Invalid, match="笔录"):
        enter(code, value="3152466124")
    enter(code, value="3152466124", files=kept(store, ("笔录.txt", "三人在场".encode())))
    assert DrawFile.objects.get(draw=code).code == f"{code}/F1"


def test_a_tampered_frame_is_named(
    ready: City, store: FileStore, enter: Enter, signer: Signer, memory: Memory
) -> None:
    code = fix_frame(ready, store)
    seal(signer=signer, memory=memory)
    enter(code)
    path = store.path(Draw.objects.get(code=code).frame_sha256)
    original = path.read_bytes()
    path.chmod(0o600)
    path.write_bytes(original.replace(DONE[0].encode(), b"DN-99"))
    with pytest.raises(FrameAltered, match="被改动过"):
        commands.draw(draw=code, store=store, by=ready["auditor"], at=AFTER)
    path.write_bytes(original)
    assert commands.draw(draw=code, store=store, by=ready["auditor"], at=AFTER)


def test_only_those_who_audit_draw(ready: City, store: FileStore) -> None:
    for who, unit in (("lushun", CITY), ("admin", CITY), ("supervisor", CITY), ("lushun", LUSHUN)):
        with pytest.raises(NotAllowed):
            fix_frame(ready, store, who=who, unit=unit)
    assert fix_frame(ready, store, who="supervisor", unit=OFFICE)


def test_another_does_not_learn_that_there_is_a_draw(ready: City, store: FileStore) -> None:
    code = fix_frame(ready, store)
    with pytest.raises(UnknownDraw):
        commands.draw(draw=code, store=store, by=ready["lushun"], at=AFTER)


def test_without_a_table_or_without_rows_nothing_is_framed(city: City, store: FileStore) -> None:
    with pytest.raises(NoStrata):
        fix_frame(city, store)
    publish_strata(city, store)
    with pytest.raises(NothingToDraw):
        fix_frame(city, store)


def test_it_is_concluded_when_every_one_was_looked_at(
    ready: City, store: FileStore, signer: Signer, memory: Memory
) -> None:
    code = draw_one(ready, store, signer, memory)
    with pytest.raises(NotAllFound, match="还有 8 项"):
        commands.conclude(draw=code, note="好", store=store, by=ready["auditor"], at=AFTER)
    find_all(ready, store, code, i1="false", i2="partly", i8="unchecked")
    commands.conclude(draw=code, note="一项不实", store=store, by=ready["auditor"], at=AFTER)
    result = Draw.objects.get(code=code).result
    assert result["found"] == {"true": 5, "false": 1, "partly": 1, "unchecked": 1}
    assert result["strict"]["about"] == "1/14"
    assert result["strict"]["about_worst"] == "1/4"
    assert result["strict"]["least"] == 1
    assert result["wide"]["least"] == 2
    with pytest.raises(WrongDrawState):
        find_all(ready, store, code)


def test_a_finding_can_be_given_again_and_nothing_is_replaced(
    ready: City, store: FileStore, signer: Signer, memory: Memory
) -> None:
    code = draw_one(ready, store, signer, memory)
    find_all(ready, store, code, i1="unchecked")
    find_all(ready, store, code, i1="true")
    item = DrawnItem.objects.get(code=f"{code}/1")
    assert (item.result, item.version) == (Result.TRUE, 3)
    assert DrawnItem.objects.filter(draw=code).count() == 8


def test_nobody_checks_a_unit_of_their_own(
    ready: City, store: FileStore, signer: Signer, memory: Memory
) -> None:
    code = draw_one(ready, store, signer, memory)
    item = DrawnItem.objects.filter(draw=code, unit=LUSHUN).first()
    assert item
    auditor = ready["auditor"]
    both = type(auditor)(
        account_id=auditor.account_id,
        auditor_of=auditor.auditor_of,
        held_for=auditor.held_for | {LUSHUN},
    )
    with pytest.raises(NotAllowed, match="在责任单位任职"):
        commands.find(
            item=item.code,
            result="true",
            checked_date=JULY.date(),
            note="好",
            store=store,
            by=both,
            at=AFTER,
        )


def test_a_cancelled_draw_stays_and_its_number_too(ready: City, store: FileStore) -> None:
    first = fix_frame(ready, store)
    commands.cancel(draw=first, note="当期停售", by=ready["auditor"], at=JULY)
    assert fix_frame(ready, store) == "CC2024-2"
    assert Draw.objects.get(code=first).status == "cancelled"


def test_who_concluded_does_not_publish(
    ready: City, store: FileStore, signer: Signer, memory: Memory
) -> None:
    code = draw_one(ready, store, signer, memory, who="supervisor")
    for item in DrawnItem.objects.filter(draw=code):
        commands.find(
            item=item.code,
            result="true",
            checked_date=JULY.date(),
            note="好",
            store=store,
            by=ready["supervisor"],
            at=AFTER,
        )
    with pytest.raises(WrongDrawState):
        commands.publish(draw=code, visibility=Visibility.PUBLIC, by=ready["supervisor2"], at=AFTER)
    commands.conclude(draw=code, note="属实", store=store, by=ready["supervisor"], at=AFTER)
    with pytest.raises(NotAllowed, match="另一名"):
        commands.publish(draw=code, visibility=Visibility.PUBLIC, by=ready["supervisor"], at=AFTER)
    commands.publish(draw=code, visibility=Visibility.PUBLIC, by=ready["supervisor2"], at=AFTER)
    public = DrawnItem.objects.filter(DrawnItem.public_rows())
    assert {i.commitment_id for i in public} & CLOSED_ONES == set()


def test_replay_is_clean_and_sees_a_changed_value(
    ready: City, store: FileStore, signer: Signer, memory: Memory
) -> None:
    code = draw_one(ready, store, signer, memory)
    find_all(ready, store, code)
    commands.conclude(draw=code, note="属实", store=store, by=ready["auditor"], at=AFTER)
    assert replay().faults == []
    Draw.objects.filter(code=code).update(randomness="01 02 03 04 05 06 + 07")
    assert any(code in str(fault) for fault in replay().faults)


def waits(city: City, who: str, today: date) -> list[tuple[str, date | None]]:
    return [(todo.what, todo.due) for todo in to_do(viewer=city[who], today=today)]


def test_what_waits_and_what_was_found_in_the_end(
    ready: City, store: FileStore, enter: Enter, signer: Signer, memory: Memory
) -> None:
    thursday = (JULY + timedelta(days=3)).date()
    code = fix_frame(ready, store)
    seal(signer=signer, memory=memory)
    assert waits(ready, "auditor", JULY.date()) == []
    assert waits(ready, "auditor", thursday) == [("录入随机数", thursday)]
    assert waits(ready, "supervisor", thursday) == []
    enter(code)
    assert waits(ready, "auditor", thursday) == [("抽取", thursday)]
    commands.draw(draw=code, store=store, by=ready["auditor"], at=AFTER)
    month = LATER.date() + timedelta(days=30)
    assert waits(ready, "auditor", thursday) == [("现场核查", month)]
    visit = AFTER.date() + timedelta(days=2)
    item = f"{code}/1"
    commands.set_visit(item=item, visit_date=visit, by=ready["auditor"], at=AFTER)
    assert waits(ready, "auditor", thursday) == [("现场核查", visit)]
    find_all(ready, store, code, i2="false")
    assert waits(ready, "auditor", thursday) == [("得出结论", month)]
    told = Message.objects.values_list("topic", "about")
    assert ("draw.visit", f"drawn:{item}") in told
    assert ("draw.found", f"drawn:{code}/2") in told
    assert latest_estimates(viewer=ready["auditor"], on=thursday) == ()
    commands.conclude(draw=code, note="一项不实", store=store, by=ready["auditor"], at=AFTER)
    assert waits(ready, "auditor", thursday) == []
    (latest,) = latest_estimates(viewer=ready["auditor"], on=thursday)
    assert (latest.code, latest.size, latest.drawn, latest.false) == (code, 14, 8, 1)
    assert latest.said.startswith("约 7.1%，在 7.1% 至")
    assert latest_estimates(viewer=ready["lushun"], on=thursday) == ()
    assert latest_estimates(viewer=ready["auditor"], on=date(2024, 6, 29)) == ()


def test_what_is_in_doubt_is_of_high_risk(ready: City) -> None:
    plant(falling_doubt(DONE[5]))
    first = preview(
        unit=CITY,
        start=date(2024, 6, 1),
        end=date(2024, 6, 30),
        viewer=ready["auditor"],
        today=JULY.date(),
    )
    assert [(s.stratum.name, s.stratum.size) for s in first.strata] == [
        ("高风险", 1),
        ("中风险", 4),
        ("低风险", 9),
    ]
    assert first.strata[0].rules == (("有没答复清楚的疑点", 1),)
