"""What credit does by itself."""

from django.conf import settings

from yinuo.credit.commands.read_roots import root_reads
from yinuo.credit.reads.log import ReadLog
from yinuo.notices.hours import Every
from yinuo.notices.registry import Due, JobKind, register


def _root(due: Due) -> None:
    root_reads(log=ReadLog(settings.YINUO_READS), at=due.at)


register(
    JobKind(name="credit.read_roots", label="查询留痕的校验值入账本", run=_root, every=Every(1))
)
