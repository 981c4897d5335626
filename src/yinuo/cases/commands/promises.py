"""What deferrals and declarations have in common: letter and commitment, states, who may judge."""

from collections.abc import Mapping
from datetime import date, datetime

from yinuo.cases.commands.letters import NewLetter, put_letter
from yinuo.cases.deferrals.life import (
    DECLARATION,
    DECLARATION_LABELS,
    DEFERRAL,
    DEFERRAL_LABELS,
    DeclarationState,
    DeferralState,
    nothing_awaited,
)
from yinuo.cases.errors.deferrals import (
    CaseEnded,
    UnknownDeclaration,
    UnknownDeferral,
    WrongPromiseState,
)
from yinuo.cases.models import Applicant, Case, CreditLetter, Declaration, Deferral
from yinuo.commitments.commands.register import NewCommitment, put_commitments
from yinuo.commitments.life import Visibility
from yinuo.commitments.wording import wording
from yinuo.ledger.commands.recording import By, command
from yinuo.ledger.history import last_actor
from yinuo.parties.queries import public_unit_names
from yinuo.parties.viewer import NotAllowed

UNNAMED: Mapping[str, str] = {"person": "申请人（自然人）", "trader": "申请人（个体工商户）"}
"""How an applicant who is a person, or trades under a person's name, stands as debtor."""
LONGEST_DEBTOR, LONGEST_TITLE = 120, 300


def debtor(applicant: Applicant) -> str:
    """The applicant as a commitment names it: a firm by name, a person never."""
    if applicant.kind in UNNAMED:
        return UNNAMED[applicant.kind]
    return _cut(wording([applicant.name_text])[applicant.name_text], LONGEST_DEBTOR)


def _cut(text: str, longest: int) -> str:
    return text if len(text) <= longest else text[: longest - 1] + "…"


@command("case.promise")
def promise(
    case: Case,
    *,
    kind: str,
    title: str,
    place: str,
    due: date,
    due_said: str,
    letter: NewLetter,
    by: By,
    at: datetime,
) -> tuple[CreditLetter, str]:
    """Write what an applicant promises: the letter, and the commitment to the deciding unit.

    Returns the letter and the code of the commitment. Raises what `put_letter` does.
    """
    made = put_letter(case, letter, by=by, at=at)
    code = f"CN-{made.code}"
    name = public_unit_names().get(case.unit_id, case.unit_id)
    new = NewCommitment(
        code=code,
        kind=kind,
        title=_cut(f"{title}（办件 {case.code}）", LONGEST_TITLE),
        document=str(case.item_version_id),
        place=place,
        lead=None,
        lead_said=debtor(case.applicant),
        creditor=name,
        creditor_unit=case.unit_id,
        due=due,
        due_said=due_said,
    )
    put_commitments([new], visibility=Visibility.CLOSED, by=by, at=at)
    return made, code


def fetch_deferral(code: str) -> Deferral:
    """The deferral, locked; the case is asked for apart. Raises `UnknownDeferral`."""
    rows = Deferral.objects.select_for_update(of=("self",)).select_related("letter")
    row = rows.filter(code=code).first()
    if row is None:
        raise UnknownDeferral(code)
    return row


def fetch_declaration(code: str) -> Declaration:
    """The declaration, locked; the case is asked for apart. Raises `UnknownDeclaration`."""
    rows = Declaration.objects.select_for_update(of=("self",)).select_related("letter")
    row = rows.filter(code=code).first()
    if row is None:
        raise UnknownDeclaration(code)
    return row


def move(row: Deferral | Declaration, verb: str, wanted: str) -> None:
    """Move the state as the table of steps says. Raises `WrongPromiseState`."""
    life = DEFERRAL if isinstance(row, Deferral) else DECLARATION
    target = life.target(row.state, verb)
    if target is None:
        raise WrongPromiseState(row.code, state_label(row), wanted)
    row.state = target


def state_label(row: Deferral | Declaration) -> str:
    """The state in words."""
    if isinstance(row, Deferral):
        return DEFERRAL_LABELS[DeferralState(row.state)]
    return DECLARATION_LABELS[DeclarationState(row.state)]


def require_waiting(case: Case, wanted: str) -> None:
    """Raises `CaseEnded` where nothing is waited for any more."""
    if nothing_awaited(case.status, case.decision):
        raise CaseEnded(case.code, wanted)


def refuse_same_person(subject: str, verb: str, by: By, why: str) -> None:
    """Raises `NotAllowed` where the same person did the step before."""
    if last_actor(subject, verb) == by.actor:
        raise NotAllowed(why, place=subject)
