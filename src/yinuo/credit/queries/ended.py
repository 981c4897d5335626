"""How bills that could be paid later ended, for the keeping of credit: nobody is named."""

from collections.abc import Iterator

from yinuo.commitments.ended import Ended, Whose
from yinuo.credit.models import DeferredPayment
from yinuo.ledger.history import texts
from yinuo.parties.viewer import Viewer


def ended(*, viewer: Viewer) -> Iterator[Ended]:
    """Bills that were paid, waived or found broken, of the units that the viewer audits."""
    rows = (
        DeferredPayment.objects.filter(unit__in=viewer.auditor_of)
        .exclude(commitment__outcome="")
        .select_related("payer", "commitment")
        .order_by("code")
    )
    numbers = texts(row.payer.number_text for row in rows)
    for row in rows:
        number = numbers.get(row.payer.number_text, "")
        if number:
            yield Ended(
                code=row.commitment.code,
                kind="deferred_payment",
                whose=Whose(row.payer.kind),
                number=number,
                outcome=row.commitment.outcome,
                made_on=row.made_on,
                due=row.due,
                due_original=row.commitment.due_original,
                ended_on=row.paid_on or row.commitment.delivered_date,
                moved=row.commitment.moved_count,
                simulated=row.simulated,
            )
