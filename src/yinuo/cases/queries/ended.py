"""How the promises of applicants ended, for whoever keeps credit: no case, no title, no name."""

from collections.abc import Iterator

from yinuo.cases.access.cases import visible
from yinuo.cases.models import Applicant, Case, Declaration, Deferral
from yinuo.commitments.ended import Ended, Whose
from yinuo.kernel.instants import civil_date
from yinuo.ledger.history import texts
from yinuo.parties.viewer import Viewer

PIECE = 1_000


def ended(*, viewer: Viewer) -> Iterator[Ended]:
    """Deferrals and declarations that were judged, of the cases that the viewer may see.

    Of an applicant whose number was erased by law, or never asked, nothing is given.
    """
    seen = Case.objects.filter(visible(viewer)).values("pk")
    for kind, model in (("deferral", Deferral), ("declaration", Declaration)):
        rows = (
            model._base_manager.filter(case__in=seen)
            .exclude(commitment__outcome="")
            .select_related("case__applicant", "commitment", "letter")
            .order_by("code")
        )
        piece: list[Deferral | Declaration] = []
        for row in rows.iterator(chunk_size=PIECE):
            piece.append(row)
            if len(piece) == PIECE:
                yield from _piece(piece, kind)
                piece = []
        yield from _piece(piece, kind)


def _piece(rows: list[Deferral | Declaration], kind: str) -> Iterator[Ended]:
    numbers = texts(row.case.applicant.number_text for row in rows)
    for row in rows:
        number = _number(row.case.applicant, numbers)
        if number:
            yield _ended(row, kind, number)


def _number(applicant: Applicant, numbers: dict[str, str]) -> str:
    return str(applicant.credit_code or numbers.get(applicant.number_text, ""))


def _ended(row: Deferral | Declaration, kind: str, number: str) -> Ended:
    made = row.commitment
    signed = row.made_at if isinstance(row, Deferral) else row.signed_at
    return Ended(
        code=made.code,
        kind=kind,
        whose=Whose(row.case.applicant.kind),
        number=number,
        outcome=made.outcome,
        made_on=civil_date(signed),
        due=made.due,
        due_original=made.due_original,
        ended_on=made.delivered_date or row.ended_date,
        mended_on=row.mended_date,
        moved=made.moved_count,
        simulated=row.case.simulated,
    )
