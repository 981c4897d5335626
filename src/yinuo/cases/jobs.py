"""What cases and problems do every day by themselves: deemed acceptance, new dates, warnings."""

from yinuo.cases.commands import problem_clock, ratings
from yinuo.cases.commands.checks import schedule_checks
from yinuo.cases.commands.deeming import deem, warn
from yinuo.cases.commands.deferral_reminders import remind
from yinuo.cases.commands.joining import count_silence
from yinuo.cases.commands.recount import recount
from yinuo.content.calendars import working_calendar
from yinuo.notices.hours import Daily
from yinuo.notices.registry import Due, JobKind, register

MIDNIGHT = Daily(10)
"""Ten past: the fifth working day is over."""
NIGHT = Daily(5 * 60 + 10)
"""Before the warnings, which go by the dates."""
MORNING = Daily(7 * 60 + 40)
"""Before the digest of the day, which takes the warnings along."""


def _deem(due: Due) -> None:
    deem(at=due.at)


register(JobKind(name="cases.deem", label="逾期未告知的办件视为受理", run=_deem, every=MIDNIGHT))


def _recount(due: Due) -> None:
    recount(at=due.at)


register(
    JobKind(name="cases.recount", label="按现行工作日安排重算在办件期限", run=_recount, every=NIGHT)
)


def _warn(due: Due) -> None:
    warn(at=due.at)


register(JobKind(name="cases.warn", label="提醒办件时限用到几成", run=_warn, every=MORNING))


def _draw(due: Due) -> None:
    schedule_checks(at=due.at)


register(JobKind(name="cases.lots", label="抽取要核查的告知承诺", run=_draw, every=MIDNIGHT))


def _remind(due: Due) -> None:
    remind(at=due.at)


register(JobKind(name="cases.gaps", label="提醒容缺补交和核查", run=_remind, every=MORNING))


def _silence(due: Due) -> None:
    count_silence(at=due.at)


register(
    JobKind(name="cases.silence", label="限期内无异议的联办分支", run=_silence, every=MIDNIGHT)
)


def _problems(due: Due) -> None:
    calendar = working_calendar()
    problem_clock.tell_unowned(at=due.at)
    problem_clock.remind(calendar=calendar, at=due.at)
    problem_clock.go_up(calendar=calendar, at=due.at)
    problem_clock.lapse(at=due.at)


register(
    JobKind(
        name="cases.problems",
        label="问题：无人认领、到期、上联席会议、无回应终结",
        run=_problems,
        every=MORNING,
    )
)


def _ratings(due: Due) -> None:
    ratings.remind(at=due.at)


register(JobKind(name="cases.ratings", label="提醒差评整改", run=_ratings, every=MORNING))
