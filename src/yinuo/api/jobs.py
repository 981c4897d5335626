"""What this package does every day by itself."""

from yinuo.api.commands.delivering import sweep
from yinuo.notices.hours import Daily
from yinuo.notices.registry import Due, JobKind, register


def _sweep(due: Due) -> None:
    sweep(at=due.at)


register(
    JobKind(
        name="hooks.sweep", label="删除早已送达的推送记录", run=_sweep, every=Daily(3 * 60 + 40)
    )
)
