"""A promise whose progress is read from a series: a newer figure reports on it by itself."""

from datetime import date, datetime

from yinuo.commitments.errors import UnknownCommitment
from yinuo.commitments.life import Status
from yinuo.commitments.models import Commitment, Report
from yinuo.ledger.commands.recording import By, command, put_text, record


@command("report.move_by_series")
def move_by_series(
    *, commitment: str, as_of_date: date, value: str, note: str, source: str, by: By, at: datetime
) -> str:
    """Report on an open commitment what a released figure says; return the report's code.

    Empty, and nothing is written, where it is no longer open. `value` is in the unit of the
    commitment, empty where the figure gives none. It delivers nothing and keeps nothing: that stays
    with the unit that owes and with its supervisor. `source` is `figure:<indicator>/<vintage>`;
    the caller has checked who releases figures. Raises `UnknownCommitment`.
    """
    row = Commitment.objects.select_for_update(of=("self",)).filter(code=commitment).first()
    if row is None:
        raise UnknownCommitment(commitment)
    if row.status != Status.OPEN:
        return ""
    number = Report.objects.filter(commitment=row).count() + 1
    made = Report(
        code=f"{row.code}/R{number}",
        commitment=row,
        as_of_date=as_of_date,
        value=value if row.operator != Commitment.Operator.DONE else "",
        note_text=put_text(note),
        source=source,
    )
    record(made, verb="report.moved_by_series", by=by, at=at)
    return made.code
