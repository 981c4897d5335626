"""What this package does every day by itself."""

from yinuo.notices.hours import Daily
from yinuo.notices.registry import JobKind, Later, register

register(
    JobKind(
        name="notices.sweep",
        label="删除过了保存期限的消息",
        run=Later("yinuo.notices.chores", "sweep"),
        every=Daily(3 * 60 + 20),
    )
)
