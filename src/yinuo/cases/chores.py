"""What cases and problems do every day by themselves, at the times that `jobs` says."""

from yinuo.cases.commands import checks, deeming, deferral_reminders, problem_clock, ratings
from yinuo.cases.commands.joining import count_silence
from yinuo.cases.commands.recount import recount
from yinuo.content.calendars import working_calendar
from yinuo.notices.registry import Due


def deem(due: Due) -> None:
    """Take cases for accepted of which nobody said anything in time."""
    deeming.deem(at=due.at)


def recount_dates(due: Due) -> None:
    """Count the dates of open cases anew by the calendar in force."""
    recount(at=due.at)


def warn(due: Due) -> None:
    """Tell who decides how much of a limit is used."""
    deeming.warn(at=due.at)


def draw(due: Due) -> None:
    """Draw the declarations that are to be checked."""
    checks.schedule_checks(at=due.at)


def remind_of_gaps(due: Due) -> None:
    """Remind of what is to be handed in later, and of checks."""
    deferral_reminders.remind(at=due.at)


def silence(due: Due) -> None:
    """Take silence of a branch in its time for no objection."""
    count_silence(at=due.at)


def problems(due: Due) -> None:
    """Tell of unowned problems, remind, take up and end."""
    calendar = working_calendar()
    problem_clock.tell_unowned(at=due.at)
    problem_clock.remind(calendar=calendar, at=due.at)
    problem_clock.go_up(calendar=calendar, at=due.at)
    problem_clock.lapse(at=due.at)


def remind_of_ratings(due: Due) -> None:
    """Remind of bad ratings that are to be put right."""
    ratings.remind(at=due.at)
