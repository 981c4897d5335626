"""What goals do by themselves: registers are counted again, lit, and looked through for silence."""

from yinuo.notices.hours import Daily, Every
from yinuo.notices.registry import JobKind, Later, register

CHORES = "yinuo.goals.chores"
NIGHT = Daily(5 * 60 + 20)
"""Before anybody comes to work, and before what the day's lights are decided from is read."""
MORNING = Daily(7 * 60 + 30)
"""Before the digest of the day, which takes the reminders along."""

register(
    JobKind(
        name="goals.recount",
        label="由台账计数的指标重新计数",
        run=Later(CHORES, "recount_registers"),
        every=NIGHT,
    )
)
register(
    JobKind(
        name="goals.leads",
        label="提醒长期没有动静的招商线索",
        run=Later(CHORES, "remind_of_leads"),
        every=MORNING,
    )
)
register(
    JobKind(
        name="goals.lights",
        label="算出所有项目的总灯，供按灯筛选",
        run=Later(CHORES, "light"),
        every=Every(10),
    )
)
