"""What happens every day by itself and takes more than one package."""

from yinuo.notices.hours import Daily
from yinuo.notices.registry import JobKind, Later, register

CHORES = "yinuo.web.chores"
NIGHT = Daily(2 * 60 + 20)
"""Before anybody publishes: the next release has it."""
LATE_NIGHT = Daily(4 * 60 + 10)

register(
    JobKind(
        name="credit.outcomes",
        label="承诺结果回流信用数据",
        run=Later(CHORES, "outcomes"),
        every=NIGHT,
        long=True,
    )
)
register(
    JobKind(
        name="credit.forget",
        label="依法删除一个人的信用记录",
        run=Later(CHORES, "forget"),
        long=True,
    )
)
register(
    JobKind(
        name="sign-ins.forget",
        label="删除保留期满的登录记录",
        run=Later(CHORES, "forget_old_sign_ins"),
        every=LATE_NIGHT,
    )
)
