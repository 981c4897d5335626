"""What each person sees: lists, the case, the applicant's page, public counts."""

from datetime import date, datetime, timedelta

import pytest

from tests.cases.desk import (
    DEPARTMENT,
    FIRM,
    ITEM,
    MONDAY,
    PERSON,
    PERSON_ID,
    apply,
    decide,
    make_desk,
    put_accepted_case,
    put_case,
    put_item,
)
from tests.city import City
from yinuo.cases.commands import accept, clock, correct
from yinuo.cases.commands import decide as deciding
from yinuo.cases.errors.cases import BadCaseCursor, UnknownCase, UnknownTrack
from yinuo.cases.models import Case
from yinuo.cases.queries import desk
from yinuo.cases.queries.case import case
from yinuo.cases.queries.counts import public_item_days, public_service_counts
from yinuo.cases.queries.desk import Wanted
from yinuo.cases.queries.tracking import public_case, public_tracked_code
from yinuo.kernel.instants import SHANGHAI
from yinuo.parties.viewer import ANYONE

pytestmark = pytest.mark.django_db


@pytest.fixture
def city() -> City:
    return make_desk()


def at(month: int, day: int, hour: int = 10) -> datetime:
    return datetime(2024, month, day, hour, tzinfo=SHANGHAI)


def codes(
    city: City, who: str, show: str = "open", when: datetime = MONDAY, **more: str
) -> list[str]:
    page = desk.cases(viewer=city[who], at=when, wanted=Wanted(show=show, **more))
    return [row.code for row in page.rows]


def stop(city: City, code: str, when: datetime) -> str:
    return clock.stop(
        case=code,
        ground="专家评审",
        happened_at=when,
        planned_until=date(2024, 3, 20),
        notice="告知〔2024〕1号",
        reason="需要专家评审",
        by=city["officer"],
        at=when,
    )


def test_the_list_is_in_the_order_in_which_somebody_has_to_act(city: City) -> None:
    accepted = put_accepted_case(city).code
    waiting = put_case(city).code
    older = put_case(city, at=MONDAY - timedelta(days=3)).code
    assert codes(city, "officer") == [older, waiting, accepted]


def test_only_those_concerned_see_a_case(city: City) -> None:
    code = put_case(city).code
    for who in ("clerk", "officer", "supervisor", "admin", "auditor"):
        assert codes(city, who) == [code], who
        assert case(code=code, viewer=city[who], at=MONDAY).code == code
    for viewer in (city["fire"], ANYONE):
        page = desk.cases(viewer=viewer, at=MONDAY, wanted=Wanted(show="all"))
        assert page.rows == ()
        with pytest.raises(UnknownCase):
            case(code=code, viewer=viewer, at=MONDAY)


def test_what_comes_in_online_is_not_of_any_window(city: City) -> None:
    code = apply().code
    assert codes(city, "clerk") == []
    assert codes(city, "officer") == [code]


def test_pages_follow_one_another_without_loss_or_repetition(city: City) -> None:
    made = [put_case(city, at=MONDAY - timedelta(days=n % 3)).code for n in range(7)]
    for show in ("open", "all"):
        seen: list[str] = []
        after = ""
        while True:
            page = desk.cases(
                viewer=city["officer"],
                at=MONDAY,
                wanted=Wanted(show=show),
                after=after,
                limit=3,
            )
            seen += [row.code for row in page.rows]
            after = page.after
            if not after:
                break
        assert sorted(seen) == sorted(made)
        assert len(seen) == len(set(seen))


@pytest.mark.parametrize("show", ["open", "all"])
def test_a_damaged_cursor_is_refused(city: City, show: str) -> None:
    with pytest.raises(BadCaseCursor):
        desk.cases(viewer=city["officer"], at=MONDAY, wanted=Wanted(show=show), after="x_y")


def test_filters_and_their_counts_agree(city: City) -> None:
    put_item(city, code="SC-902")
    running = put_accepted_case(city).code
    stopped = put_accepted_case(city).code
    stop(city, stopped, MONDAY)
    done = put_accepted_case(city).code
    decide(city, done, at=MONDAY)
    deciding.deliver(case=done, by=city["clerk"], at=MONDAY)
    to_deliver = put_accepted_case(city).code
    decide(city, to_deliver, at=MONDAY)
    received = put_case(city, item="SC-902").code
    when = at(3, 15)
    expected = {
        "open": {running, stopped, to_deliver, received},
        "late": {running, received},
        "today": set(),
        "week": {to_deliver, stopped},
        "stopped": {stopped},
        "received": {received},
        "correcting": set(),
        "accepted": {running, stopped},
        "decided": {to_deliver},
        "done": {done},
        "all": {running, stopped, done, to_deliver, received},
    }
    for who in ("officer", "clerk", "supervisor"):
        found = {show: set(codes(city, who, show, when)) for show in expected}
        assert found == expected, who
        counts = desk.counts(viewer=city[who], at=when, wanted=Wanted())
        assert {k: v.number for k, v in counts.items()} == {k: len(v) for k, v in expected.items()}
    assert codes(city, "officer", "all", when, item="SC-902") == [received]
    assert codes(city, "supervisor", "all", when, unit="DL-XFJ") == []
    assert codes(city, "officer", "all", when, code=received) == [received]


def test_a_count_ends_at_a_thousand_and_says_so() -> None:
    assert str(desk.Bounded(number=1_000, more=True)) == "1,000+"
    assert str(desk.Bounded(number=999, more=False)) == "999"


def test_today_counts_what_waits_for_one_s_own_units(city: City) -> None:
    put_case(city)
    put_accepted_case(city)
    found = desk.today(viewer=city["officer"], at=at(3, 12))
    assert (found.to_accept.number, found.to_decide.number, found.late.number) == (1, 1, 1)
    clerk = desk.today(viewer=city["clerk"], at=at(3, 12))
    assert (clerk.to_accept.number, clerk.to_decide.number) == (1, 0)
    watching = desk.today(viewer=city["supervisor"], at=at(3, 12))
    assert (watching.to_accept.number, watching.extensions) == (0, 0)
    code = Case.objects.get(status="accepted").code
    clock.ask_extension(
        case=code, of="法定", amount=5, reason="复杂", by=city["officer"], at=at(3, 12)
    )
    assert desk.today(viewer=city["supervisor"], at=at(3, 12)).extensions == 1


def test_both_clocks_say_why(city: City) -> None:
    code = put_accepted_case(city).code
    which = stop(city, code, at(3, 6))
    paused = case(code=code, viewer=city["officer"], at=at(3, 8))
    assert paused.promised is not None
    assert paused.legal is not None
    assert (paused.promised.state, paused.promised.due) == ("paused", None)
    assert paused.promised.words == "计时暂停中，恢复后还有 7 个工作日"
    clock.resume(
        case=code,
        stop=which,
        happened_at=at(3, 13),
        notice="",
        by=city["officer"],
        at=at(3, 13),
    )
    found = case(code=code, viewer=city["officer"], at=at(3, 14))
    assert found.promised is not None
    assert (found.promised.plain_due, found.promised.due) == (date(2024, 3, 14), date(2024, 3, 21))
    assert found.promised.stopped == (("专家评审", 5),)
    assert any("专家评审" in line for line in found.promised.explanation)
    assert (found.stops[0].stops, found.stops[0].until) == ("法定和承诺", at(3, 13))
    told = [row.what for row in found.timeline]
    assert told == ["恢复计时", "暂停计时：专家评审（告知〔2024〕1号）", "受理", "窗口收件"]
    assert found.timeline[-1].duty.startswith("市政务服务中心")


def test_a_decided_case_stands_still(city: City) -> None:
    code = put_accepted_case(city).code
    decide(city, code, at=at(3, 15))
    for later in (at(3, 15), at(6, 1)):
        found = case(code=code, viewer=city["officer"], at=later)
        assert found.promised is not None
        assert found.legal is not None
        assert (found.promised.state, found.promised.words) == ("done", "超期办结")
        assert (found.legal.kept, found.promised.overdue) == (True, 0)


def test_steps_are_open_to_those_who_may_take_them(city: City) -> None:
    code = put_case(city).code

    def actions(who: str, when: datetime = MONDAY) -> set[str]:
        return set(case(code=code, viewer=city[who], at=when).actions)

    assert actions("clerk") == {"accept", "ask_correction", "refuse", "withdraw"}
    assert actions("supervisor") == set()
    accept.accept(case=code, by=city["officer"], at=MONDAY)
    assert "decide" not in actions("officer")
    assert {"decide", "stop", "ask_extension"} <= actions("officer2")
    assert "resume" not in actions("officer2")
    stop(city, code, MONDAY)
    assert "decide" not in actions("officer2")
    assert "resume" in actions("officer2")
    assert actions("supervisor") == {"remove_event"}
    assert actions("auditor") == set()


def test_a_person_s_number_is_masked_for_those_who_only_watch(city: City) -> None:
    code = put_case(city, applicant=PERSON).code
    clerk = case(code=code, viewer=city["clerk"], at=MONDAY)
    watcher = case(code=code, viewer=city["supervisor"], at=MONDAY)
    assert (clerk.applicant_number, clerk.contact) == (PERSON_ID, PERSON.contact)
    assert (watcher.applicant_number, watcher.contact) == ("110105********002X", "")


def test_the_applicant_follows_the_case_by_code(city: City) -> None:
    receipt = put_case(city)
    found = public_case(track=receipt.track.lower(), at=MONDAY)
    assert (found.code, found.applicant_name) == (receipt.code, FIRM.name)
    assert "2024年3月11日 前受理" in found.line
    assert public_tracked_code(track=receipt.track) == receipt.code
    text = repr(found)
    for name in ("窗甲", "clerk", "account:"):
        assert name not in text
    accept.accept(case=receipt.code, by=city["clerk"], at=MONDAY)
    correct_line = public_case(track=receipt.track, at=MONDAY).line
    assert "承诺 2024年3月14日 前办结，还有 8 个工作日" in correct_line


def test_the_applicant_sees_what_to_bring(city: City) -> None:
    receipt = put_case(city)
    correct.ask(case=receipt.code, keys=["M2"], said="图不清", by=city["clerk"], at=MONDAY)
    found = public_case(track=receipt.track, at=MONDAY)
    assert found.correction is not None
    assert (found.correction.names, found.correction.said) == (("场所平面图",), "图不清")


@pytest.mark.parametrize("track", ["", "   ", "2222-2222-2222-2222", "x" * 500])
def test_every_wrong_code_has_the_same_answer(city: City, track: str) -> None:
    put_case(city)
    with pytest.raises(UnknownTrack) as error:
        public_case(track=track, at=MONDAY)
    assert str(error.value) == str(UnknownTrack())


def test_nothing_is_counted_in_public_below_five(city: City) -> None:
    for number in range(5):
        assert public_item_days(item=ITEM, at=at(4, 1)) is None
        assert public_service_counts(year=2024) == ()
        code = put_accepted_case(city).code
        decide(city, code, at=at(3, 15 if number == 0 else 6))
    found = public_item_days(item=ITEM, at=at(4, 1))
    assert found is not None
    assert (found.cases, found.counted, found.elapsed, found.within_permille) == (5, 2, 2, 800)
    (counted,) = public_service_counts(year=2024)
    assert (counted.unit, counted.decided, counted.kept, counted.broken) == (DEPARTMENT, 5, 4, 1)
