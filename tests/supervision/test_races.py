"""Holding a race through its commands and reading it back."""

from datetime import UTC, date, datetime

import pytest

from tests.city import LUSHUN, MARCH, OFFICE, PULANDIAN, City, make_city
from tests.supervision.race_city import (
    CODE,
    JULY_2,
    QUARTER,
    TODAY,
    drafted,
    publish_scheme,
    published,
    quarter,
)
from yinuo.kernel.filestore import FileMissing, FileStore
from yinuo.ledger.commands.recording import StaleVersion
from yinuo.ledger.queries import public_status
from yinuo.ledger.replay import replay
from yinuo.notices.models import Message
from yinuo.parties.viewer import ANYONE, NotAllowed, Viewer
from yinuo.supervision.commands import races
from yinuo.supervision.errors.race import (
    ExemptionDecided,
    ExemptionInvalid,
    NoScheme,
    NotADraft,
    NotPublished,
    NoWhy,
    PeriodRunning,
    SchemeLate,
    UnknownInRace,
    UnknownRace,
)
from yinuo.supervision.models import Race, RaceRow
from yinuo.supervision.queries import races as queries
from yinuo.supervision.race.file import recompute
from yinuo.supervision.race.scheme import KEPT, MOVES
from yinuo.web.files import store as site_store

pytestmark = pytest.mark.django_db
AUGUST = datetime(2024, 8, 1, 2, 0, tzinfo=UTC)


@pytest.fixture
def store() -> FileStore:
    return site_store()


@pytest.fixture
def city(store: FileStore) -> City:
    found = make_city()
    publish_scheme(found, store)
    quarter(found)
    return found


def standing(code: str, viewer: Viewer, store: FileStore) -> dict[str, tuple[object, ...]]:
    found = queries.race_detail(code=code, store=store, viewer=viewer)
    return {
        line.unit: (line.group, line.tier, line.score, line.why)
        for group in found.groups
        for line in group.lines
    }


def test_a_race_is_worked_out_and_published(city: City, store: FileStore) -> None:
    code = drafted(city, store)
    before = public_status().unsealed
    assert races.publish(race=code, store=store, by=city["supervisor2"], at=JULY_2) == 2
    assert public_status().unsealed - before == 4  # the race and its three units
    assert standing(code, city["pulandian"], store) == {
        LUSHUN: ("区市县组", 1, 7000, ""),
        PULANDIAN: ("区市县组", 2, 1500, ""),
        OFFICE: ("部门组", None, None, "举办单位自己不参加"),
    }
    assert replay().faults == []


def test_the_original_promise_counts_whatever_was_moved(city: City, store: FileStore) -> None:
    """PL-Q3 was moved to September: it still fell due in May, and the move counts too."""
    published(city, store)
    found = queries.race_unit(code=CODE, unit=PULANDIAN, store=store, viewer=city["pulandian"])
    kept, moves = found.inputs[KEPT], found.inputs[MOVES]
    assert (kept.numerator, kept.denominator) == ("2", "4")
    assert (moves.numerator, moves.denominator) == ("1", "5")
    listed = queries.behind(code=CODE, unit=PULANDIAN, indicator=KEPT, viewer=city["pulandian"])
    assert {row.code: row.counts for row in listed.rows} == {
        "PL-Q1": "按期",
        "PL-Q2": "按期",
        "PL-Q3": "未按期",
        "PL-Q4": "未按期",
    }
    moved = queries.behind(code=CODE, unit=PULANDIAN, indicator=MOVES, viewer=city["pulandian"])
    assert [(row.code, row.counts) for row in moved.rows] == [("PL-Q3", "2024-05-31 → 2024-09-30")]
    with pytest.raises(UnknownInRace):
        queries.behind(code=CODE, unit=PULANDIAN, indicator="没有", viewer=city["pulandian"])


def test_the_download_comes_out_the_same(city: City, store: FileStore) -> None:
    published(city, store)
    _, data = queries.download(code=CODE, store=store, viewer=city["lushun"])
    found = recompute(data)
    assert found.same
    assert found.sha256 == Race.objects.get(pk=CODE).sha256


def test_who_computes_does_not_publish(city: City, store: FileStore) -> None:
    code = drafted(city, store)
    with pytest.raises(NotAllowed, match="计算的人不能发布"):
        races.publish(race=code, store=store, by=city["supervisor"], at=JULY_2)
    with pytest.raises(UnknownRace):
        races.publish(race=code, store=store, by=city["lushun"], at=JULY_2)
    with pytest.raises(NotAllowed):
        races.publish(race=code, store=store, by=city["admin"], at=JULY_2)
    assert Race.objects.get(pk=code).status == "draft"


def test_nobody_publishes_where_their_own_unit_is_compared(city: City, store: FileStore) -> None:
    code = drafted(city, store)
    both = city["supervisor2"]
    torn = Viewer(
        account_id=both.account_id,
        supervisor_of=both.supervisor_of,
        officer_of=frozenset({LUSHUN}),
        held_for=both.held_for | {LUSHUN},
    )
    with pytest.raises(NotAllowed, match="旅顺口区任职"):
        races.publish(race=code, store=store, by=torn, at=JULY_2)


def test_a_version_nobody_looked_at_is_not_published(city: City, store: FileStore) -> None:
    code = drafted(city, store)
    drafted(city, store)
    with pytest.raises(StaleVersion):
        races.publish(race=code, store=store, by=city["supervisor2"], at=JULY_2, version=1)


def test_a_published_race_is_frozen(city: City, store: FileStore) -> None:
    code = published(city, store)
    with pytest.raises(NotADraft):
        races.publish(race=code, store=store, by=city["supervisor2"], at=JULY_2)
    with pytest.raises(NotADraft):
        races.drop(race=code, by=city["supervisor"], at=JULY_2)
    with pytest.raises(NoWhy, match=r"已经发布.*更正要写明理由"):
        drafted(city, store)


def test_a_mistake_is_corrected_by_another_edition(city: City, store: FileStore) -> None:
    old = published(city, store)
    sha256 = Race.objects.get(pk=old).sha256
    new = drafted(city, store, reason="漏了一项已核实的承诺")
    races.publish(race=new, store=store, by=city["supervisor2"], at=AUGUST)
    assert new == f"R2024Q2-{OFFICE}-2"
    first, second = (
        queries.race_detail(code=code, store=store, viewer=city["lushun"]).view
        for code in (old, new)
    )
    assert (first.replaced_by, first.sha256) == (new, sha256)
    assert (second.corrects, second.reason) == (old, "漏了一项已核实的承诺")
    found = queries.latest_published(viewer=city["lushun"], on=TODAY)
    assert {summary.code for summary in found} == {new}
    assert replay().faults == []


def test_a_dropped_draft_gives_way_to_the_next(city: City, store: FileStore) -> None:
    code = drafted(city, store)
    races.drop(race=code, by=city["supervisor"], at=JULY_2)
    assert queries.races(viewer=city["supervisor"]) == ()
    assert drafted(city, store) == code
    assert queries.races(viewer=city["supervisor"])[0].status == "draft"
    assert replay().faults == []


def test_a_draft_is_seen_by_its_office_only(city: City, store: FileStore) -> None:
    code = drafted(city, store)
    for who in ("supervisor", "supervisor2", "admin", "auditor"):
        assert queries.race_detail(code=code, store=store, viewer=city[who]).view.code == code
    for viewer in (city["lushun"], ANYONE):
        with pytest.raises(UnknownRace):
            queries.race_detail(code=code, store=store, viewer=viewer)
        with pytest.raises(UnknownRace):
            queries.download(code=code, store=store, viewer=viewer)


def test_everybody_reads_it_once_another_person_passed_it(city: City, store: FileStore) -> None:
    code = drafted(city, store)
    with pytest.raises(NotPublished):
        races.open_to_all(race=code, by=city["supervisor2"], at=JULY_2)
    races.publish(race=code, store=store, by=city["supervisor2"], at=JULY_2)
    assert queries.races(viewer=ANYONE) == ()
    with pytest.raises(NotAllowed, match="发布的人不能"):
        races.open_to_all(race=code, by=city["supervisor2"], at=JULY_2)
    races.open_to_all(race=code, by=city["supervisor"], at=JULY_2)
    (seen,) = queries.races(viewer=ANYONE)
    assert (seen.code, seen.prepared_by, seen.published_by) == (code, "", "")
    assert RaceRow.objects.filter(RaceRow.public_rows()).count() == 3
    with pytest.raises(NotPublished):
        races.open_to_all(race=code, by=city["supervisor"], at=JULY_2)
    assert replay().faults == []


def test_officers_of_compared_units_are_told(city: City, store: FileStore) -> None:
    published(city, store)
    told = {
        (message.account_id, message.page, tuple(message.args))
        for message in Message.objects.filter(topic="race.published")
    }
    lushun, pulandian = city["lushun"].account_id, city["pulandian"].account_id
    assert {
        (lushun, "race_unit", (CODE, LUSHUN)),
        (pulandian, "race_unit", (CODE, PULANDIAN)),
    } == told


def test_what_cannot_be_computed_says_why(city: City, store: FileStore) -> None:
    def work_out(code: str, who: str = "supervisor", today: date = TODAY) -> None:
        races.work_out(office=OFFICE, code=code, store=store, today=today, by=city[who])

    with pytest.raises(PeriodRunning, match="要到 2024-09-30 才结束"):
        work_out("2024Q3")
    with pytest.raises(NoScheme):
        work_out("2023")
    with pytest.raises(SchemeLate, match="2024年一季度 从 2024-01-01 开始"):
        work_out("2024Q1")
    for who in ("lushun", "admin", "auditor"):
        with pytest.raises(NotAllowed):
            work_out(QUARTER, who)


def test_a_late_scheme_is_overruled_with_a_reason_that_shows(city: City, store: FileStore) -> None:
    found = races.work_out(
        office=OFFICE,
        code="2024Q1",
        late_reason="首次开展，试行",
        store=store,
        today=TODAY,
        by=city["supervisor"],
    )
    code = races.draft(worked_out=found, store=store, by=city["supervisor"], at=JULY_2)
    view = queries.race_detail(code=code, store=store, viewer=city["supervisor"]).view
    assert (view.late, view.late_reason) == (True, "首次开展，试行")
    assert found.file.head.scheme_late


def test_a_scheme_changed_meanwhile_changes_no_past_result(city: City, store: FileStore) -> None:
    code = published(city, store)
    view = queries.race_detail(code=code, store=store, viewer=city["lushun"]).view
    assert (view.scheme_number, view.scheme_edition) == (1, 1)
    file = queries.standing_file(code=code, store=store, viewer=city["lushun"])
    assert file.head.scheme_sha256 == Race.objects.get(pk=code).scheme_sha256


def test_rows_stay_readable_when_the_file_is_gone(city: City, store: FileStore) -> None:
    code = published(city, store)
    store.remove(Race.objects.get(pk=code).sha256)
    assert standing(code, city["lushun"], store)[LUSHUN][1] == 1
    with pytest.raises(FileMissing):
        queries.download(code=code, store=store, viewer=city["lushun"])


# ── exemptions ───────────────────────────────────────────────────────────────────────────────────


def ask(city: City, who: str = "pulandian", indicator: str = MOVES, reason: str = "台风") -> str:
    return races.ask_exemption(
        office=OFFICE,
        unit=PULANDIAN,
        code=QUARTER,
        indicator=indicator,
        reason=reason,
        by=city[who],
        at=JULY_2,
    )


def test_an_exemption_counts_from_the_next_computation(city: City, store: FileStore) -> None:
    code = ask(city)
    (waiting,) = queries.to_do(viewer=city["supervisor"], today=TODAY)
    assert (waiting.page, waiting.args) == ("race_exemption", (code,))
    races.decide_exemption(
        exemption=code, granted=True, reason="", by=city["supervisor2"], at=JULY_2
    )
    race = drafted(city, store)
    found = queries.race_unit(code=race, unit=PULANDIAN, store=store, viewer=city["supervisor"])
    assert found.inputs[MOVES].exempt == code
    assert [(told.code, told.indicator, told.reason) for told in found.exemptions] == [
        (code, MOVES, "台风")
    ]
    assert found.result.why == "可比的指标不足权重的 40%"  # only 按期兑现率 is left
    assert replay().faults == []


def test_a_whole_exemption_takes_the_unit_out(city: City, store: FileStore) -> None:
    code = ask(city, who="supervisor", indicator="", reason="已全部完成")
    races.decide_exemption(
        exemption=code, granted=True, reason="", by=city["supervisor2"], at=JULY_2
    )
    race = drafted(city, store)
    why = standing(race, city["supervisor"], store)[PULANDIAN][3]
    assert why == f"全部免考（{code}）"


def test_exemptions_need_two_persons_and_a_reason(city: City) -> None:
    code = ask(city, who="supervisor")
    with pytest.raises(NotAllowed, match="申请人不能批准"):
        races.decide_exemption(
            exemption=code, granted=True, reason="", by=city["supervisor"], at=JULY_2
        )
    with pytest.raises(NotAllowed):
        ask(city, who="lushun")
    with pytest.raises(ExemptionInvalid, match="已经申请过"):
        ask(city)
    with pytest.raises(ExemptionInvalid, match="请写明理由") as refused:
        ask(city, indicator="别的", reason=" ")
    assert {field for field, _ in refused.value.faults} == {"indicator", "reason"}
    with pytest.raises(ExemptionInvalid, match="不批准时"):
        races.decide_exemption(
            exemption=code, granted=False, reason="", by=city["supervisor2"], at=JULY_2
        )
    races.decide_exemption(
        exemption=code, granted=False, reason="不属不可抗力", by=city["supervisor2"], at=JULY_2
    )
    with pytest.raises(ExemptionDecided):
        races.decide_exemption(
            exemption=code, granted=True, reason="", by=city["supervisor2"], at=JULY_2
        )
    assert ask(city) != code


def test_exemptions_are_seen_by_those_concerned(city: City) -> None:
    ask(city)
    seen = {who: len(queries.exemptions(viewer=city[who])) for who in ("pulandian", "lushun")}
    assert seen == {"pulandian": 1, "lushun": 0}
    assert len(queries.exemptions(viewer=city["auditor"])) == 1


# ── for others ───────────────────────────────────────────────────────────────────────────────────


def test_a_draft_waits_for_the_other_supervisor(city: City, store: FileStore) -> None:
    code = drafted(city, store)
    assert queries.to_do(viewer=city["supervisor"], today=TODAY) == ()
    (line,) = queries.to_do(viewer=city["supervisor2"], today=TODAY)
    assert (line.what, line.page, line.args) == ("核对并发布", "race", (code,))
    assert queries.to_do(viewer=city["lushun"], today=TODAY) == ()


def test_a_snapshot_takes_the_latest_of_each_series(city: City, store: FileStore) -> None:
    assert queries.latest_published(viewer=city["supervisor"], on=TODAY) == ()
    published(city, store)
    districts, departments = queries.latest_published(viewer=city["supervisor"], on=TODAY)
    assert (districts.group, districts.period, districts.as_of) == ("区市县组", QUARTER, TODAY)
    assert [(row.unit, row.tier, row.score) for row in districts.rows] == [
        (LUSHUN, 1, 7000),
        (PULANDIAN, 2, 1500),
    ]
    assert departments.group == "部门组"
    assert queries.latest_published(viewer=city["supervisor"], on=MARCH.date()) == ()
    assert queries.latest_published(viewer=ANYONE, on=TODAY) == ()
