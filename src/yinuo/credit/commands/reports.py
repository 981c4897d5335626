"""Issuing a report: its hashes go onto the ledger, the document to whoever asked."""

from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256
from pathlib import Path

from yinuo.credit.commands.subjects import acting_as
from yinuo.credit.means import Means
from yinuo.credit.models import CreditReport
from yinuo.credit.profile.terms import Regime
from yinuo.credit.queries.own_report import public_own_document
from yinuo.credit.queries.subjects import SubjectView
from yinuo.credit.report.document import FORM, digest
from yinuo.credit.report.document import Document as ReportDocument
from yinuo.credit.report.pdf import pdf
from yinuo.ledger.commands.recording import command, record


@dataclass(frozen=True, kw_only=True)
class Issued:
    """A report and where it is proved."""

    code: str
    file: bytes
    """PDF/A-2b."""


def issue_report(
    *,
    subject: SubjectView,
    scope: str,
    check_page: str,
    fonts: Path,
    means: Means,
    regime: Regime,
    on: date,
    at: datetime,
) -> Issued:
    """Make the report of a signed-in subject and write down that it was issued.

    `scope`: a name of `report.document.SCOPES`. `check_page`: address of the page where reports
    are checked; number and digest are added to it for the QR code. Raises `NoRelease`,
    `FacesMissing`, and what the read log raises.
    """
    document = public_own_document(
        subject=subject, scope=scope, means=means, regime=regime, on=on, at=at
    )
    content = digest(document)
    address = f"{check_page}?report={document.number}&digest={content}"
    made = pdf(document, digest=content, check_address=address, fonts=fonts)
    _record(document, content, sha256(made).hexdigest(), subject, at)
    return Issued(code=document.number, file=made)


@command("credit_report.issue")
def _record(
    document: ReportDocument, content: str, file: str, subject: SubjectView, at: datetime
) -> None:
    row = CreditReport(
        code=document.number,
        subject_row_id=subject.code,
        form=FORM,
        scope=document.scope,
        release=document.release,
        content_sha256=content,
        file_sha256=file,
        facts=document.facts,
        made_at=at,
        simulated=document.simulated,
    )
    record(row, verb="credit_report.issued", by=acting_as(subject.code), at=at)
