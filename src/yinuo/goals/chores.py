"""What goals do by themselves, at the times that `jobs` says."""

from yinuo.goals.commands.lead_reminders import remind
from yinuo.goals.commands.lighting import light_projects
from yinuo.goals.commands.recount import recount
from yinuo.kernel.instants import civil_date
from yinuo.notices.registry import Due


def recount_registers(due: Due) -> None:
    """Count the indicators anew that are counted from registers."""
    recount(at=due.at)


def remind_of_leads(due: Due) -> None:
    """Remind of leads on which nothing has happened for long."""
    remind(at=due.at)


def light(due: Due) -> None:
    """Work out the whole light of every project."""
    light_projects(today=civil_date(due.at))
