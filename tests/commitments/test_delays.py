"""Whose delay it is: the drawn example of the docs, and the edges."""

from datetime import date

from yinuo.commitments.delays import Delay, Share, Waiting, delay, delay_lines

START, DUE, END = date(2024, 3, 1), date(2024, 6, 30), date(2024, 8, 9)
NAMES = {"B": "乙部门", "C": "丙部门"}


def waiting(unit: str, since: str, until: str | None) -> Waiting:
    return Waiting(unit, date.fromisoformat(since), date.fromisoformat(until) if until else None)


def late(*waitings: Waiting, end: date = END, due: date = DUE) -> Delay:
    return delay(start=START, due_original=DUE, due=due, end=end, waitings=waitings)


def test_the_example_of_the_docs() -> None:
    found = late(waiting("B", "2024-06-10", "2024-06-30"), waiting("C", "2024-06-25", "2024-07-05"))
    assert (found.total, found.waited, found.overlap, found.own) == (40, 25, 5, 15)
    assert found.shares == (Share("B", 20, 17), Share("C", 10, 8))
    assert delay_lines(found, debtor="甲部门", names=NAMES) == (
        "比原定时限晚 40 天（自然日）。",
        "等待过：乙部门 20 天、丙部门 10 天；合并计 25 天。",
        "有 5 天同时等待两个以上单位，合并时只计一次。",
        "乙部门承担 17 天。",
        "丙部门承担 8 天。",
        "甲部门承担 15 天。",
    )


def test_longer_waits_than_delay_leave_nothing_to_the_debtor() -> None:
    found = late(waiting("B", "2024-04-01", "2024-07-01"), end=date(2024, 7, 3))
    assert (found.total, found.own, found.shares) == (3, 0, (Share("B", 91, 3),))


def test_only_days_between_start_and_end_count() -> None:
    found = late(waiting("B", "2024-01-01", "2024-03-03"), waiting("C", "2024-08-07", None))
    assert found.shares == (Share("B", 2, 2), Share("C", 2, 2))
    assert found.own == 36


def test_two_waits_for_one_unit_are_not_counted_twice() -> None:
    once = late(waiting("B", "2024-06-01", "2024-06-21"))
    twice = late(waiting("B", "2024-06-01", "2024-06-15"), waiting("B", "2024-06-10", "2024-06-21"))
    assert once == twice
    assert once.overlap == 0


def test_a_wait_that_ends_on_its_first_day_holds_nothing() -> None:
    assert late(waiting("B", "2024-06-01", "2024-06-01")).shares == ()


def test_approved_days_are_told_apart() -> None:
    found = late(due=date(2024, 7, 10))
    assert (found.total, found.extended, found.own) == (40, 10, 40)
    lines = delay_lines(found, debtor="甲部门", names=NAMES)
    assert "其中 10 天在批准顺延的时限之内。" in lines
    assert lines[-1] == "没有已认可或裁定成立的卡点，全部由甲部门承担。"


def test_in_time_there_is_nothing_to_share() -> None:
    found = late(waiting("B", "2024-06-01", "2024-06-11"), end=date(2024, 6, 30))
    assert (found.total, found.own, found.shares) == (0, 0, (Share("B", 10, 0),))
    assert delay_lines(found, debtor="甲部门", names=NAMES) == (
        "没有超过原定时限。",
        "等待其他单位共 10 天，没有造成逾期，不分摊。",
    )


def test_without_a_deadline_nothing_is_late() -> None:
    found = delay(start=START, due_original=None, due=None, end=END, waitings=())
    assert (found.total, found.own) == (0, 0)
