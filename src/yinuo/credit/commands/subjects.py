"""Writing down who signed in for themselves; the same one is found again by the number."""

import secrets
from datetime import datetime

from yinuo.credit.models import Subject
from yinuo.credit.subject_marks import subject_mark
from yinuo.ledger.commands.recording import By, command, put_text, record
from yinuo.ledger.history import texts


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

    Returns its code. Known ones are only written again when another name is given, or when their
    texts were erased by law and they come anew. `by`: the officer; None for the subject itself.
    """
    mark = subject_mark(kind, number)
    known = Subject.objects.select_for_update().filter(number_mark=mark).first()
    if known is not None:
        said = texts([known.name_text, known.number_text])
        if said.get(known.name_text) != name or known.number_text not in said:
            known.name_text = put_text(name)
            if known.number_text not in said:
                known.number_text = put_text(number)
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
