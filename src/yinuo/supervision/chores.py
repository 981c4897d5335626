"""What supervision does every day by itself, at the times that `jobs` says."""

from yinuo.notices.registry import Due
from yinuo.supervision.commands import order_steps, rounds


def remind_of_orders(due: Due) -> None:
    """Remind of orders that are due soon or were not answered in time."""
    order_steps.remind(at=due.at)


def remind_of_rounds(due: Due) -> None:
    """Remind of sheets of rounds that were not handed in yet."""
    rounds.remind(at=due.at)
