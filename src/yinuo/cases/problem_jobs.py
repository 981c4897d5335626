"""What happens to problems and bad ratings every day by itself."""

from yinuo.cases.case_rows import working_calendar
from yinuo.cases.commands import problem_clock, ratings
from yinuo.notices.hours import Daily
from yinuo.notices.registry import Due, JobKind, register

MORNING = Daily(7 * 60 + 30)
"""Before the digest of the day, which takes the reminders along."""


def _problems(due: Due) -> None:
    calendar = working_calendar()
    problem_clock.tell_unowned(at=due.at)
    problem_clock.remind(calendar=calendar, at=due.at)
    problem_clock.go_up(calendar=calendar, at=due.at)
    problem_clock.lapse(at=due.at)


def _ratings(due: Due) -> None:
    ratings.remind(at=due.at)


register(
    JobKind(
        name="cases.problems",
        label="问题：无人认领、到期、上联席会议、无回应终结",
        run=_problems,
        every=MORNING,
    )
)
register(JobKind(name="cases.ratings", label="提醒差评整改", run=_ratings, every=MORNING))
