"""What supervision does every day by itself: reminding, each person once for each deadline."""

from yinuo.notices.hours import Daily
from yinuo.notices.registry import JobKind, Later, register

CHORES = "yinuo.supervision.chores"
MORNING = Daily(7 * 60 + 40)
"""Before the digest of the day, which takes the reminders along."""

register(
    JobKind(
        name="supervision.orders",
        label="提醒快到期和逾期未回复的督办单",
        run=Later(CHORES, "remind_of_orders"),
        every=MORNING,
    )
)
register(
    JobKind(
        name="supervision.rounds",
        label="提醒还没有交的调度报送表",
        run=Later(CHORES, "remind_of_rounds"),
        every=MORNING,
    )
)
