"""From files and figures to doubts, and from a doubt to its end, on the ledger."""

from datetime import date, timedelta

import pytest

from tests.city import JULY, MARCH, OFFICE, City, promise
from tests.handed_in import report
from tests.supervision.doubtful import Look, falling_doubt, looker, plant, publish_thresholds
from tests.supervision.scenes import CHANGES, jpeg, scene
from tests.visits import city, july
from yinuo.commitments.commands import deliver
from yinuo.commitments.commands.register import Registration, register
from yinuo.commitments.errors import Invalid
from yinuo.commitments.models import Evidence
from yinuo.kernel.filestore import FileStore
from yinuo.ledger.commands.recording import StaleVersion
from yinuo.ledger.commands.sealing import seal
from yinuo.ledger.memory import Memory
from yinuo.ledger.replay import replay
from yinuo.ledger.tlog.note import Signer
from yinuo.notices.models import Message
from yinuo.parties.viewer import ANYONE, NotAllowed
from yinuo.supervision.commands import looking as looking_commands
from yinuo.supervision.commands.doubts import answer, close, reopen
from yinuo.supervision.commands.looking import look, start_over
from yinuo.supervision.doubt_life import DoubtResult, DoubtStatus
from yinuo.supervision.errors.doubts import DoubtState, NoThresholds, UnknownDoubt
from yinuo.supervision.models import Doubt, DoubtCursor, LastDigit, Photo, PhotoHash
from yinuo.supervision.queries.doubts import doubt, doubt_counts, doubt_page, doubts_of, to_do
from yinuo.web.files import store as file_store

__all__ = ["city", "july"]
pytestmark = pytest.mark.django_db
JUNE = date(2024, 6, 30)


@pytest.fixture
def store() -> FileStore:
    return file_store()


@pytest.fixture
def looking(city: City, store: FileStore, signer: Signer, memory: Memory) -> Look:
    publish_thresholds(city, store)
    return looker(store, signer, memory)


def hand_in(city: City, store: FileStore, content: bytes, *, who: str, commitment: str) -> str:
    return report(city, store, ("现场.jpg", content), commitment=commitment, who=who)


def add(city: City, code: str, **terms: object) -> None:
    """Another closed task of 旅顺口区."""
    registration = Registration(commitments=[promise(code, **terms)])
    register(registration=registration, office=OFFICE, by=city["admin"], at=MARCH)


def say(city: City, code: str, value: str, day: date = JUNE, who: str = "lushun") -> str:
    return deliver.report(
        commitment=code, as_of_date=day, value=value, note="进展", by=city[who], at=JULY
    )


def test_a_photo_of_another_unit_is_asked_about_answered_and_closed(
    city: City, store: FileStore, looking: Look
) -> None:
    picture = scene(1)
    hand_in(city, store, jpeg(picture), who="lushun", commitment="LS-002")
    assert looking() == 0
    smaller = CHANGES["half the size"](picture)
    hand_in(city, store, jpeg(smaller, quality=50), who="pulandian", commitment="PL-001")
    assert looking() == 1
    found = Doubt.objects.get()
    assert (found.code, found.kind, found.commitment_id) == ("D1", "photo_reused", "PL-001")
    assert found.facts["other"] == "LS-002/E1"
    assert found.facts["photo"] == "PL-001/E1"
    assert not found.facts["exact"]
    answer(doubt="D1", note="两区共建，同一现场", by=city["pulandian"], at=JULY)
    close(doubt="D1", result=DoubtResult.EXPLAINED, note="核对属实", by=city["supervisor"], at=JULY)
    reopen(doubt="D1", note="又有新情况", by=city["supervisor2"], at=JULY)
    assert Doubt.objects.get().status == DoubtStatus.OPEN
    assert looking() == 0, "the same thing is asked about once"
    assert list(replay().faults) == []


# ── photos ───────────────────────────────────────────────────────────────────────────────────────


def test_the_very_same_file_elsewhere_is_asked_about_even_if_it_is_blank(
    city: City, store: FileStore, looking: Look
) -> None:
    blank = jpeg(scene(1).point(lambda _value: 250))
    hand_in(city, store, blank, who="lushun", commitment="LS-002")
    hand_in(city, store, blank, who="pulandian", commitment="PL-001")
    assert looking() == 1
    assert Doubt.objects.get().facts["exact"]
    assert Photo.objects.get().flat
    assert not PhotoHash.objects.exists()


def test_a_light_crop_is_found_in_either_direction(
    city: City, store: FileStore, looking: Look
) -> None:
    change = CHANGES["crop 8 % of a corner"]
    for seed, first, second in ((1, lambda i: i, change), (2, change, lambda i: i)):
        hand_in(city, store, jpeg(first(scene(seed))), who="lushun", commitment="LS-002")
        hand_in(city, store, jpeg(second(scene(seed))), who="pulandian", commitment="PL-001")
        assert looking() == 1
    assert {found.facts["crop"] for found in Doubt.objects.all()} == {True}


def test_one_report_may_show_a_thing_twice_and_months_may_look_alike(
    city: City, store: FileStore, looking: Look
) -> None:
    picture = scene(6)
    again = jpeg(CHANGES["watermark"](picture), quality=60)
    report(city, store, ("一.jpg", jpeg(picture)), ("二.jpg", again), commitment="LS-002")
    assert looking() == 0, "within one report"
    month = jpeg(CHANGES["crop 5 % left"](picture))
    hand_in(city, store, month, who="lushun", commitment="LS-002")
    assert looking() == 0, "from nearly the same spot"
    hand_in(city, store, jpeg(picture, quality=70), who="lushun", commitment="LS-002")
    assert looking() == 1, "the same picture with another report"


def test_a_task_and_its_part_may_show_the_same_picture(
    city: City, store: FileStore, looking: Look
) -> None:
    add(city, "LS-011", parent="LS-002")
    picture = scene(7)
    hand_in(city, store, jpeg(picture), who="lushun", commitment="LS-002")
    hand_in(city, store, jpeg(picture, quality=60), who="lushun", commitment="LS-011")
    assert looking() == 0


def test_a_picture_taken_before_the_last_report_or_after_its_day_is_asked_about(
    city: City, store: FileStore, looking: Look
) -> None:
    say(city, "LS-002", "", date(2024, 5, 31))
    old = jpeg(scene(1), taken="2023:11:02 10:00:00")
    new = jpeg(scene(2), taken="2024:07:01 10:00:00")
    hand_in(city, store, old, who="lushun", commitment="LS-002")
    hand_in(city, store, new, who="lushun", commitment="LS-002")
    assert looking() == 1
    found = Doubt.objects.get()
    assert (found.kind, found.facts["photo"]) == ("photo_time", "LS-002/E1")
    assert found.facts["early"]
    assert found.facts["from"] == "2024-05-31"


def test_the_first_report_may_show_what_is_older(
    city: City, store: FileStore, looking: Look
) -> None:
    old = jpeg(scene(1), taken="2023:11:02 10:00:00")
    hand_in(city, store, old, who="lushun", commitment="LS-002")
    assert looking() == 0


def test_a_place_far_from_the_others_is_asked_about_once_they_agree(
    city: City, store: FileStore, looking: Look
) -> None:
    for seed, place in ((1, (38, 121)), (2, (45, 126))):
        hand_in(city, store, jpeg(scene(seed), place=place), who="lushun", commitment="LS-002")
    assert looking() == 0, "two photos do not say which of them is wrong"
    for seed, place in ((3, (38, 121)), (4, (38, 121)), (5, (45, 126))):
        hand_in(city, store, jpeg(scene(seed), place=place), who="lushun", commitment="LS-003")
    assert looking() == 1
    found = Doubt.objects.get()
    assert (found.kind, found.facts["photo"]) == ("photo_place", "LS-003/E3")
    assert found.facts["kilometres"] > 800


def test_a_picture_that_cannot_be_looked_at_is_kept_aside_and_shown(
    city: City, store: FileStore, looking: Look
) -> None:
    hand_in(city, store, jpeg(scene(1)), who="lushun", commitment="LS-002")
    hand_in(city, store, jpeg(scene(2)), who="lushun", commitment="LS-003")
    first, second = (store.path(use.sha256) for use in city_evidence("LS-002/E1", "LS-003/E1"))
    first.unlink()
    second.write_bytes(b"\xff\xd8\xff broken")
    assert looking() == 0
    asides = doubt_page(viewer=city["supervisor"]).asides
    assert asides.fault_count == 2
    assert [(one.evidence, one.why) for one in asides.faults] == [
        ("LS-002/E1", "文件不在文件库中"),
        ("LS-003/E1", "图片解不开，无法提取指纹"),
    ]
    assert doubt_page(viewer=city["pulandian"]).asides.fault_count == 0


def city_evidence(*codes: str) -> list[Evidence]:
    """Files by their codes."""
    return [Evidence.objects.get(pk=code) for code in codes]


# ── figures ──────────────────────────────────────────────────────────────────────────────────────


def test_a_figure_that_falls_is_found_once_whoever_looks_how_often(
    city: City, looking: Look
) -> None:
    say(city, "LS-001", "5", date(2024, 5, 31))
    say(city, "LS-001", "4")
    assert looking() == 1
    start_over()
    assert looking() == 0
    assert not LastDigit.objects.exists(), "too short to tell by their last digit"
    assert Doubt.objects.get().key == "falling:LS-001/R2"


def test_a_pass_in_small_batches_finds_what_one_batch_finds(
    city: City, store: FileStore, looking: Look, signer: Signer, memory: Memory
) -> None:
    say(city, "LS-001", "5", date(2024, 5, 31))
    say(city, "LS-001", "4")
    picture = jpeg(scene(1))
    hand_in(city, store, picture, who="lushun", commitment="LS-002")
    hand_in(city, store, picture, who="pulandian", commitment="PL-001")
    assert looker(store, signer, memory, batch=3)() == 2
    keys = set(Doubt.objects.values_list("key", flat=True))
    assert keys == {"falling:LS-001/R2", "photo_reused:PL-001/E1"}


def test_parts_and_whole_of_one_day_are_added_up(city: City, looking: Look) -> None:
    add(city, "LS-021", operator="ge", value="700", unit="项")
    for code, share in (("LS-022", "300"), ("LS-023", "400")):
        add(city, code, operator="ge", value=share, unit="项", parent="LS-021")
    say(city, "LS-021", "500")
    say(city, "LS-022", "200")
    assert looking() == 0, "one part has not said anything"
    say(city, "LS-023", "250")
    assert looking() == 1
    found = Doubt.objects.get()
    assert (found.kind, found.commitment_id, found.facts["off"]) == ("parts", "LS-021", "-50")


def test_one_figure_pasted_into_three_tasks_is_asked_about(city: City, looking: Look) -> None:
    for number in range(3):
        add(city, f"LS-03{number}", operator="ge", value="9000", unit="项")
        say(city, f"LS-03{number}", "1387")
    assert looking() == 1
    found = Doubt.objects.get()
    assert (found.kind, found.facts["count"]) == ("pasted", 3)


def test_a_unit_whose_figures_all_end_alike_is_asked_about_once_a_year(
    city: City, looking: Look
) -> None:
    for number in range(9):
        add(city, f"LS-04{number}", operator="ge", value="90000", unit="项")
        for month in range(1, 7):
            value = 1000 * month + 110 * number + 10 * (month + number)
            say(city, f"LS-04{number}", str(value), date(2024, month, 28))
    looking()
    found = Doubt.objects.get(kind="digits")
    assert (found.facts["digit"], found.facts["total"]) == (0, 54)
    say(city, "LS-040", "9130")
    assert looking() == 0


# ── who looks, and what waits ────────────────────────────────────────────────────────────────────


def test_nothing_is_looked_at_and_nothing_skipped_before_thresholds_are_published(
    city: City, store: FileStore, signer: Signer, memory: Memory
) -> None:
    say(city, "LS-001", "5", date(2024, 5, 31))
    say(city, "LS-001", "4")
    seal(signer=signer, memory=memory)
    with pytest.raises(NoThresholds):
        look(store=store, at=JULY)
    publish_thresholds(city, store)
    assert looker(store, signer, memory)() == 1


def test_a_look_that_breaks_off_leaves_nothing_and_comes_again(
    city: City, looking: Look, monkeypatch: pytest.MonkeyPatch
) -> None:
    say(city, "LS-001", "5", date(2024, 5, 31))
    say(city, "LS-001", "4")

    def broken(**_given: object) -> int:
        message = "the machine stopped"
        raise OSError(message)

    with monkeypatch.context() as patch:
        patch.setattr(looking_commands, "tell", broken)
        with pytest.raises(OSError, match="stopped"):
            looking()
    assert not Doubt.objects.exists()
    assert not DoubtCursor.objects.filter(place__gt=0).exists()
    assert looking() == 1


def test_those_concerned_are_told_and_nobody_else(city: City, looking: Look) -> None:
    say(city, "LS-001", "5", date(2024, 5, 31))
    say(city, "LS-001", "4")
    looking()
    assert told("doubt.found") == {"lushun"}
    answer(doubt="D1", note="上期多报一项", by=city["lushun"], at=JULY)
    assert told("doubt.answered") == {"supervisor", "supervisor2"}
    close(doubt="D1", result=DoubtResult.CONFIRMED, note="属实", by=city["supervisor"], at=JULY)
    assert told("doubt.closed") == {"lushun"}


def told(topic: str) -> set[str]:
    return set(Message.objects.filter(topic=topic).values_list("account__username", flat=True))


# ── steps and sight ──────────────────────────────────────────────────────────────────────────────


def test_only_the_unit_answers_and_only_the_supervising_side_closes(city: City) -> None:
    plant(falling_doubt("LS-001"))
    with pytest.raises(UnknownDoubt):
        answer(doubt="D1", note="不是我的", by=city["pulandian"], at=JULY)
    with pytest.raises(NotAllowed):
        answer(doubt="D1", note="不是我的", by=city["supervisor"], at=JULY)
    for who in ("lushun", "admin", "auditor"):
        with pytest.raises(NotAllowed):
            close(doubt="D1", result=DoubtResult.SOUND, note="没问题", by=city[who], at=JULY)
    with pytest.raises(Invalid):
        answer(doubt="D1", note=" ", by=city["lushun"], at=JULY)
    answer(doubt="D1", note="笔误", by=city["lushun"], at=JULY)
    with pytest.raises(DoubtState):
        answer(doubt="D1", note="再说一次", by=city["lushun"], at=JULY)
    with pytest.raises(StaleVersion):
        close(
            doubt="D1",
            result=DoubtResult.SOUND,
            note="没问题",
            by=city["supervisor"],
            at=JULY,
            version=1,
        )
    with pytest.raises(DoubtState):
        reopen(doubt="D1", note="还没有关闭", by=city["supervisor"], at=JULY)


def test_the_other_units_closed_picture_shows_its_day_and_unit_only(
    city: City, store: FileStore, looking: Look
) -> None:
    picture = scene(1)
    hand_in(city, store, jpeg(picture), who="lushun", commitment="LS-009")
    hand_in(city, store, jpeg(picture, quality=50), who="pulandian", commitment="PL-001")
    assert looking() == 1
    unit = doubt(code="D1", viewer=city["pulandian"])
    assert unit.photo is not None
    assert unit.other is not None
    assert unit.photo.code == "PL-001/E1"
    assert (unit.other.code, unit.other.commitment, unit.other.title) == ("", "", "")
    assert unit.other.unit == "旅顺口区"
    office = doubt(code="D1", viewer=city["supervisor"])
    assert office.other is not None
    assert office.other.code == "LS-009/E1"
    for who in (city["lushun"], ANYONE):
        with pytest.raises(UnknownDoubt):
            doubt(code="D1", viewer=who)


def test_parts_that_are_closed_to_the_unit_stay_closed(city: City, looking: Look) -> None:
    add(city, "LS-021", operator="ge", value="700", unit="项")
    add(city, "LS-022", operator="ge", value="300", unit="项", parent="LS-021")
    add(city, "PL-023", operator="ge", value="400", unit="项", parent="LS-021", lead="210214")
    say(city, "LS-021", "500")
    say(city, "LS-022", "200")
    say(city, "PL-023", "250", who="pulandian")
    looking()
    seen = doubt(code="D1", viewer=city["lushun"]).stated
    assert [(one.commitment, one.value) for one in seen] == [("LS-022", "200"), ("", "")]
    watched = doubt(code="D1", viewer=city["supervisor"]).stated
    assert [one.commitment for one in watched] == ["LS-022", "PL-023"]


def test_lists_counts_and_inboxes_hold_what_concerns_the_viewer(city: City) -> None:
    plant(falling_doubt("LS-001"), falling_doubt("PL-001"), falling_doubt("LS-009"))
    answer(doubt="D1", note="笔误", by=city["lushun"], at=JULY)
    lushun, office = city["lushun"], city["supervisor"]
    assert [row.code for row in doubt_page(viewer=lushun).rows] == ["D3", "D1"]
    page = doubt_page(viewer=office, state="live", unit="210212")
    assert [row.code for row in page.rows] == ["D3", "D1"]
    assert {c.value: c.count for c in page.units} == {"210212": 2, "210214": 1}
    assert {c.value: c.count for c in page.states} == {
        "live": 2,
        "open": 1,
        "answered": 1,
        "closed": 0,
    }
    assert [line.args for line in to_do(viewer=lushun, today=JULY.date())] == [("D3",)]
    assert [line.what for line in to_do(viewer=office, today=JULY.date())] == ["核对疑点"]
    assert [row.code for row in doubts_of(commitment="LS-001", viewer=lushun)] == ["D1"]
    assert doubts_of(commitment="LS-001", viewer=ANYONE) == ()
    assert [(c.unit, c.open, c.answered) for c in doubt_counts(viewer=office)] == [
        ("210212", 1, 1),
        ("210214", 1, 0),
    ]
    assert doubt_page(viewer=ANYONE).rows == ()


def test_the_story_tells_every_step_with_its_reason(city: City) -> None:
    plant(falling_doubt("LS-001"))
    answer(doubt="D1", note="笔误", by=city["lushun"], at=JULY)
    close(
        doubt="D1",
        result=DoubtResult.CONFIRMED,
        note="以四项为准",
        by=city["supervisor"],
        at=JULY + timedelta(hours=1),
    )
    found = doubt(code="D1", viewer=city["supervisor"])
    assert [(line.label, line.why) for line in found.story] == [
        ("关闭疑点", "以四项为准"),
        ("责任单位答复", "笔误"),
        ("发现疑点", ""),
    ]
    assert [line.who for line in found.story][1:] == ["旅顺口区 填报人（林甲）", "系统自动比对"]
    assert (found.row.state, found.steps) == ("已关闭：疑点属实", ("reopen",))
    assert found.rules_edition == "1"
