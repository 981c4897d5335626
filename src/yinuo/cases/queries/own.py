"""What stands for one applicant who signed in: the cases owed to it, and what it promised."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from yinuo.cases.access.applicants import applicant_mark
from yinuo.cases.life import STATUS_LABELS, CaseStatus
from yinuo.cases.models import Case, Declaration, Deferral
from yinuo.kernel.instants import civil_date
from yinuo.parties.queries import public_unit_names

MOST = 200
"""Of each sort, the latest first."""
OVER = frozenset(
    {CaseStatus.DELIVERED, CaseStatus.REFUSED, CaseStatus.WITHDRAWN, CaseStatus.REVOKED}
)


@dataclass(frozen=True, kw_only=True)
class OwnCase:
    """A case that the city owes a decision."""

    code: str
    item: str
    unit_name: str
    status: str
    label: str
    received: date
    promised_due: date | None
    decided: date | None
    kept: bool | None
    """Whether it was decided within the promised limit; None until decided."""
    over: bool
    simulated: bool


@dataclass(frozen=True, kw_only=True)
class OwnPromise:
    """A deferral or declaration that the applicant made."""

    code: str
    kind: str
    """`deferral` or `declaration`."""
    case: str
    title: str
    due: date | None
    status: str
    """Of the commitment."""
    late: bool
    open: bool
    simulated: bool


@dataclass(frozen=True, kw_only=True)
class Own:
    """Both directions."""

    cases: tuple[OwnCase, ...]
    promises: tuple[OwnPromise, ...]


def public_own(*, kind: str, number: str, today: date) -> Own:
    """What stands under a number; the calling page knows that its owner asks."""
    mark = applicant_mark(kind, number)
    names = public_unit_names()
    cases = Case.objects.select_related("item_version").filter(applicant__number_mark=mark)
    promises = [
        *_promises(Deferral, "deferral", mark, today),
        *_promises(Declaration, "declaration", mark, today),
    ]
    return Own(
        cases=tuple(_case(row, names) for row in cases.order_by("-received_at", "code")[:MOST]),
        promises=tuple(sorted(promises, key=lambda one: (not one.open, one.due or date.max))),
    )


def _case(row: Case, names: Mapping[str, str]) -> OwnCase:
    return OwnCase(
        code=row.code,
        item=row.item_version.title,
        unit_name=names.get(row.unit_id, row.unit_id),
        status=row.status,
        label=STATUS_LABELS[CaseStatus(row.status)],
        received=civil_date(row.received_at),
        promised_due=row.promised_due,
        decided=civil_date(row.decided_at) if row.decided_at else None,
        kept=row.promised_kept,
        over=row.status in OVER,
        simulated=row.simulated,
    )


def _promises(
    model: type[Deferral] | type[Declaration], kind: str, mark: str, today: date
) -> list[OwnPromise]:
    rows = model._base_manager.select_related("case", "commitment").filter(
        case__applicant__number_mark=mark
    )
    return [_promise(row, kind, today) for row in rows.order_by("-pk")[:MOST]]


def _promise(row: Deferral | Declaration, kind: str, today: date) -> OwnPromise:
    made = row.commitment
    return OwnPromise(
        code=made.code,
        kind=kind,
        case=row.case_id,
        title=made.title,
        due=made.due,
        status=made.status,
        late=made.status == "open" and made.due is not None and made.due < today,
        open=made.status in {"open", "delivered"},
        simulated=row.case.simulated,
    )
