"""What this package does every day by itself."""

from yinuo.notices.commands.sweeping import sweep
from yinuo.notices.hours import Daily
from yinuo.notices.registry import Due, JobKind, register


def _sweep(due: Due) -> None:
    sweep(at=due.at)


register(
    JobKind(
        name="notices.sweep",
        label="删除过了保存期限的消息",
        run=_sweep,
        every=Daily(3 * 60 + 20),
    )
)
