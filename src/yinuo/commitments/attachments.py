"""What files can be attached to, and until when."""

from yinuo.commitments.life import Status
from yinuo.commitments.models import Commitment, Report


def may_add(row: Commitment, to: str) -> bool:
    """Whether a report (`report:X/R2`) or the delivery (`commitment:X`) can take more files now.

    A report while work on its commitment goes on, the delivery until it is verified.
    """
    if to == row.subject:
        return row.status == Status.DELIVERED
    subject, _, code = to.partition(":")
    still = row.status in {Status.OPEN, Status.DELIVERED}
    return still and subject == Report.SUBJECT and row.reports.filter(code=code).exists()
