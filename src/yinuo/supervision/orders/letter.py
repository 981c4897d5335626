"""The words of a letter of supervision, and the paper that is made of it. Pure."""

from collections.abc import Sequence

from yinuo.supervision.orders.steps import LETTER_LABELS, Step

LONGEST_TITLE = 300
LONGEST_NAMED = 180


def order_title(step: Step, titles: Sequence[str]) -> str:
    """What a letter about these commitments is called.

    >>> order_title(Step.ORDER, ["解决办证难"]), order_title(Step.TALK, ["甲", "乙"])
    ('关于“解决办证难”的督办单', '关于“甲”等 2 项任务的约谈通知')
    """
    first = titles[0]
    if len(first) > LONGEST_NAMED:
        first = f"{first[:LONGEST_NAMED]}…"
    several = f"等 {len(titles)} 项任务" if len(titles) > 1 else ""
    return f"关于“{first}”{several}的{LETTER_LABELS[step]}"
