"""What credit does by itself."""

from yinuo.notices.hours import Every
from yinuo.notices.registry import JobKind, Later, register

register(
    JobKind(
        name="credit.read_roots",
        label="查询留痕的校验值入账本",
        run=Later("yinuo.credit.chores", "root"),
        every=Every(1),
    )
)
