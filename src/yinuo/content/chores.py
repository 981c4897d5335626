"""What content does every day by itself."""

from datetime import datetime

from yinuo.content.calendars import working_calendar
from yinuo.kernel.explanation import date_words
from yinuo.kernel.horizon import days_left, rung
from yinuo.kernel.instants import civil_date
from yinuo.notices.commands.tell import Telling, tell
from yinuo.notices.registry import Due
from yinuo.parties.queries import public_units

BODY = (
    "国务院办公厅每年十月、十一月公布下一年的放假安排。请管服务器的人把它加进日历文件，"
    "办法见文档 extend-the-calendar；加好以后，在办件的期限当夜重算。"
)


def warn_of_the_end(*, at: datetime) -> int:
    """Tell the administrators of the whole city; how many were told, each once a rung."""
    through = working_calendar().valid_through
    left = days_left(through, today=civil_date(at))
    step = rung(left)
    if step is None:
        return 0
    ends = f"还有 {left} 天到头" if left > 0 else "已经到头"
    whole = [unit.code for unit in public_units() if unit.parent is None and unit.valid_to is None]
    return tell(
        tellings=[
            Telling(
                to_unit=unit,
                role="administrator",
                topic="content.calendar",
                title=f"工作日历{ends}：只到 {date_words(through)}，之后的期限都是预计",
                body=BODY,
                page="contents",
                key=f"content.calendar:{through}:{step}",
            )
            for unit in whole
        ],
        at=at,
    )


def warn_of_calendar(due: Due) -> None:
    """Say in time that the calendar ends."""
    warn_of_the_end(at=due.at)
