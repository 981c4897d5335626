"""What cases do every day by themselves: deemed acceptance, and warnings of running clocks."""

from yinuo.cases.commands.deeming import deem, warn
from yinuo.notices.hours import Daily
from yinuo.notices.registry import Due, JobKind, register

MIDNIGHT = Daily(10)
"""Ten past: the fifth working day is over."""
MORNING = Daily(7 * 60 + 40)
"""Before the digest of the day, which takes the warnings along."""


def _deem(due: Due) -> None:
    deem(at=due.at)


register(JobKind(name="cases.deem", label="逾期未告知的办件视为受理", run=_deem, every=MIDNIGHT))


def _warn(due: Due) -> None:
    warn(at=due.at)


register(JobKind(name="cases.warn", label="提醒办件时限用到几成", run=_warn, every=MORNING))
