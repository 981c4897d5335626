"""The read log on the ledger: its root every ten minutes, or every ten thousand looks."""

from datetime import datetime, timedelta

from yinuo.credit.models import ReadRoot
from yinuo.credit.reads.log import ReadLog, Root
from yinuo.credit.reads.verifying import Checked, verify
from yinuo.kernel.errors import YinuoError
from yinuo.ledger.commands.recording import By, command, one_at_a_time, record

CLOCK = By("operator:reads")
LOCK = 0x5EAD
"""Key of the lock under which one process roots at a time."""
LONGEST = timedelta(minutes=10)
MOST = 10_000
"""Looks without a root."""


class ReadLogShortened(YinuoError):
    """The log has fewer lines than the ledger says it had, or others."""

    code = "CREDIT-E110"
    status = 500

    def __init__(self, log: ReadLog, found: Root, known: ReadRoot) -> None:
        super().__init__(
            f"查询留痕与存证账本不符：账本上有 {known.count} 条，文件里有 {found.count} 条",
            place=str(log.folder),
            next_step="从备份取回留痕文件后再试；此前不要删除任何文件，也不要继续提供查询",
        )


@command("credit.root_reads")
def root_reads(*, log: ReadLog, at: datetime) -> ReadRoot | None:
    """Put the root of the log on the ledger if it is time to; None where it is not.

    Raises `ReadLogShortened`, `ReadNotLogged`.
    """
    one_at_a_time(LOCK)
    last = ReadRoot.objects.order_by("-count").first()
    found = log.root()
    known = last.count if last is not None else 0
    if last is not None and (
        found.count < known or (found.count == known and found.digest != last.digest)
    ):
        raise ReadLogShortened(log, found, last)
    waiting = found.count - known
    is_old = last is None or at - last.rooted_at >= LONGEST
    if not waiting or not (is_old or waiting >= MOST):
        return None
    row = ReadRoot(count=found.count, digest=found.digest, rooted_at=at)
    record(row, verb="root", by=CLOCK, at=at)
    return row


def check_reads(*, log: ReadLog) -> Checked:
    """Hash the whole log again and hold it against every root on the ledger."""
    roots = ReadRoot.objects.order_by("count").values_list("count", "digest")
    return verify(log.folder, [Root(count, digest) for count, digest in roots])
