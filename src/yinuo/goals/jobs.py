"""What goals do every day by themselves: indicators counted from registers are counted again."""

from yinuo.goals.commands.lead_reminders import remind
from yinuo.goals.commands.recount import recount
from yinuo.notices.hours import Daily
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
