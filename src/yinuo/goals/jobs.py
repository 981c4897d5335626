"""What goals do by themselves: registers are counted again, lit, and looked through for silence."""

from yinuo.goals.commands.lead_reminders import remind
from yinuo.goals.commands.lighting import light_projects
from yinuo.goals.commands.recount import recount
from yinuo.kernel.instants import civil_date
from yinuo.notices.hours import Daily, Every
from yinuo.notices.registry import Due, JobKind, register

NIGHT = Daily(5 * 60 + 20)
"""Before anybody comes to work, and before what the day's lights are decided from is read."""


def _recount(due: Due) -> None:
    recount(at=due.at)


register(
    JobKind(
        name="goals.recount",
        label="由台账计数的指标重新计数",
        run=_recount,
        every=NIGHT,
    )
)


MORNING = Daily(7 * 60 + 30)
"""Before the digest of the day, which takes the reminders along."""


def _remind(due: Due) -> None:
    remind(at=due.at)


register(
    JobKind(
        name="goals.leads",
        label="提醒长期没有动静的招商线索",
        run=_remind,
        every=MORNING,
    )
)


def _light(due: Due) -> None:
    light_projects(today=civil_date(due.at))


register(
    JobKind(
        name="goals.lights",
        label="算出所有项目的总灯，供按灯筛选",
        run=_light,
        every=Every(10),
    )
)
