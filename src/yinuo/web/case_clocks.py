"""How a page shows both clocks of a case. Pure."""

from dataclasses import dataclass

from yinuo.cases.shown.views import ClockView

SOON_SHARE = 0.8
"""From this share of the allowance on a clock is said to be near its end, as on the rungs."""


@dataclass(frozen=True)
class Lamp:
    """One clock with the tone in which it is told; the words say it too."""

    view: ClockView
    tone: str
    """`late`, `soon`, `fine` or `plain`."""
    mark: str
    moved: bool
    """Whether stops or extensions have moved the day."""


MARKS = {"late": "■", "soon": "▲", "fine": "●", "plain": ""}


def _tone(view: ClockView) -> str:
    if view.kept is not None:
        return "fine" if view.kept else "late"
    if view.state == "expired" or view.overdue:
        return "late"
    if view.state != "running":
        return "plain"
    return "soon" if view.consumed >= SOON_SHARE * view.allowance else "fine"


def lamps(*views: ClockView | None) -> list[Lamp]:
    """The clocks that there are, in the order given."""
    return [
        Lamp(
            view=view,
            tone=(tone := _tone(view)),
            mark=MARKS[tone],
            moved=view.plain_due is not None and view.plain_due != view.due,
        )
        for view in views
        if view is not None
    ]


def left_words(days: int | None) -> str:
    """The distance to a day in working days.

    >>> left_words(3), left_words(0), left_words(-2)
    ('还有 3 个工作日', '今天', '已逾期 2 个工作日')
    """
    if days is None:
        return ""
    if days < 0:
        return f"已逾期 {-days} 个工作日"
    return f"还有 {days} 个工作日" if days else "今天"
