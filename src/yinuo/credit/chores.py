"""What credit does by itself, at the times that `jobs` says."""

from django.conf import settings

from yinuo.credit.commands.read_roots import root_reads
from yinuo.credit.reads.log import ReadLog
from yinuo.notices.registry import Due


def root(due: Due) -> None:
    """Root the read log on the ledger."""
    root_reads(log=ReadLog(settings.YINUO_READS), at=due.at)
