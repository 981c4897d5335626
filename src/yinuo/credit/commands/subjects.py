"""Writing down who signed in for themselves; the same one is found again by the number."""

import secrets
from datetime import datetime

from yinuo.commitments.wording import short_wording
from yinuo.credit.models import Subject
from yinuo.credit.subject_marks import subject_mark
from yinuo.ledger.commands.recording import By, command, put_text, record


def acting_as(subject: str) -> By:
    """A subject that acts for itself."""
    return By(actor=f"subject:{subject}", capacity="self")


@command("credit_subject.put")
def put_subject(
    *,
    kind: str,
    number: str,
    name: str,
    at: datetime,
    by: By | None = None,
    simulated: bool = False,
) -> str:
    """The subject that the identity platform vouched for, or an officer who saw the papers.

    Returns its code. Known ones are only written again when another name is given. `by`: the
    officer; None for the subject itself.
    """
    mark = subject_mark(kind, number)
    known = Subject.objects.select_for_update().filter(number_mark=mark).first()
    if known is not None:
        if short_wording([known.name_text]).get(known.name_text) != name:
            known.name_text = put_text(name)
            record(known, verb="credit_subject.renamed", by=by or acting_as(known.code), at=at)
        return known.code
    row = Subject(
        code=f"ZT-{secrets.token_hex(8).upper()}",
        kind=kind,
        name_text=put_text(name),
        number_text=put_text(number),
        credit_code="" if kind == "person" else number,
        number_mark=mark,
        first_at=at,
        simulated=simulated,
    )
    record(row, verb="credit_subject.signed_in", by=by or acting_as(row.code), at=at)
    return row.code
