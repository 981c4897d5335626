"""What content does every day by itself: it says in time that a new calendar is needed."""

from yinuo.notices.hours import Daily
from yinuo.notices.registry import JobKind, Later, register

CHORES = "yinuo.content.chores"
MORNING = Daily(7 * 60 + 35)
"""Before the digest of the day, which takes the message along."""

register(
    JobKind(
        name="content.calendar",
        label="提醒工作日历快到头了",
        run=Later(CHORES, "warn_of_calendar"),
        every=MORNING,
    )
)
