"""Whether a report was issued here, and whether anything changed since; nothing of its content."""

from dataclasses import dataclass
from datetime import datetime
from hmac import compare_digest

from yinuo.credit.models import CreditObjection, CreditRepair, CreditReport
from yinuo.credit.released import current_row


@dataclass(frozen=True, kw_only=True)
class CheckedReport:
    """A report that was issued here."""

    code: str
    made_at: datetime
    release: int
    exact: bool
    """Whether the file itself was checked, byte for byte, and not only its number."""
    newer_release: bool
    """Whether the data have been released anew."""
    decided: bool
    """Whether an objection was raised or answered, or a repair decided, since."""
    simulated: bool

    @property
    def changed(self) -> bool:
        """Whether a report of today might say something else."""
        return self.newer_release or self.decided


def public_check(*, code: str, digest: str) -> CheckedReport | None:
    """The report with this number, if `digest` (64 hex) is of its content or of its file.

    A wrong number and a wrong digest get the same answer, so that nobody finds out numbers.
    """
    row = CreditReport.objects.filter(pk=code.strip().upper()).first()
    plain = digest.strip().lower()
    if row is None or not plain.isascii():
        return None
    exact = compare_digest(plain, row.file_sha256)
    if not exact and not compare_digest(plain, row.content_sha256):
        return None
    newest = current_row()
    later = {"subject_row": row.subject_row_id, "changed_at__gt": row.made_at}
    return CheckedReport(
        code=row.code,
        made_at=row.made_at,
        release=row.release,
        exact=exact,
        newer_release=newest is not None and newest.number != row.release,
        decided=CreditObjection.objects.filter(**later).exists()
        or CreditRepair.objects.filter(**later).exists(),
        simulated=row.simulated,
    )
