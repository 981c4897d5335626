"""How firms gave back what was wrongly paid to them, for the keeping of credit."""

from collections.abc import Iterator

from yinuo.benefits.models import Clawback
from yinuo.commitments.ended import Ended, Whose
from yinuo.kernel.instants import civil_date
from yinuo.ledger.history import texts
from yinuo.parties.viewer import Viewer

TRADER = "92"
"""First characters of the credit code of a sole trader."""


def ended(*, viewer: Viewer) -> Iterator[Ended]:
    """Clawbacks that were repaid or found broken, of the units that the viewer audits."""
    rows = (
        Clawback.objects.filter(award__policy__unit__in=viewer.auditor_of)
        .filter(commitment__isnull=False)
        .exclude(commitment__outcome="")
        .select_related("award", "commitment")
        .order_by("code")
    )
    numbers = texts(row.award.number_text for row in rows)
    for row in rows:
        award, promise = row.award, row.commitment
        number = award.credit_code or numbers.get(award.number_text, "")
        if number and promise is not None:
            approved = award.approved_at
            yield Ended(
                code=promise.code,
                kind="clawback",
                whose=_whose(award.credit_code),
                number=number,
                outcome=promise.outcome,
                made_on=civil_date(approved) if approved else promise.due_original,
                due=promise.due,
                due_original=promise.due_original,
                ended_on=promise.delivered_date,
                moved=promise.moved_count,
                simulated=award.simulated,
            )


def _whose(credit_code: str) -> Whose:
    if not credit_code:
        return Whose.PERSON
    return Whose.TRADER if credit_code.startswith(TRADER) else Whose.FIRM
