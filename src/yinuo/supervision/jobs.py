"""What supervision does every day by itself: reminding, each person once for each deadline."""

from yinuo.notices.hours import Daily
from yinuo.notices.registry import Due, JobKind, register
from yinuo.supervision.commands import order_steps, rounds

MORNING = Daily(7 * 60 + 40)
"""Before the digest of the day, which takes the reminders along."""


def _orders(due: Due) -> None:
    order_steps.remind(at=due.at)


def _rounds(due: Due) -> None:
    rounds.remind(at=due.at)


register(
    JobKind(
        name="supervision.orders",
        label="提醒快到期和逾期未回复的督办单",
        run=_orders,
        every=MORNING,
    )
)
register(
    JobKind(
        name="supervision.rounds",
        label="提醒还没有交的调度报送表",
        run=_rounds,
        every=MORNING,
    )
)
