"""What this package does every day by itself."""

from yinuo.notices.hours import Daily
from yinuo.notices.registry import JobKind, Later, register

register(
    JobKind(
        name="hooks.sweep",
        label="删除早已送达的推送记录",
        run=Later("yinuo.api.chores", "sweep"),
        every=Daily(3 * 60 + 40),
    )
)
