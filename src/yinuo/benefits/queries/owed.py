"""What a firm or person is to get: owed to it, paid, asked of it, taken back from it."""

from dataclasses import dataclass
from datetime import date

from yinuo.benefits.errors import UnknownAward
from yinuo.benefits.life import AWARD_LABELS, AwardState
from yinuo.benefits.models import Award
from yinuo.commitments.wording import short_wording


@dataclass(frozen=True, kw_only=True)
class OwedAward:
    """One award as the firm itself reads it."""

    code: str
    policy: str
    policy_name: str
    unit: str
    amount: int | None
    state: str
    label: str
    lacking: str
    """The one field that is asked for."""
    wants_account: bool
    due: date | None
    paid_on: date | None
    reason: str
    """Why not, or what the bank said."""
    version: int
    simulated: bool


@dataclass(frozen=True, kw_only=True)
class OwedClawback:
    """What the firm has to give back."""

    code: str
    award: str
    policy_name: str
    amount: int
    repaid: int
    due: date | None
    reason: str
    done: bool


@dataclass(frozen=True, kw_only=True)
class Owed:
    """Both directions."""

    awards: tuple[OwedAward, ...]
    clawbacks: tuple[OwedClawback, ...]


def public_owed(*, entity: str) -> Owed:
    """What stands for an entity; the calling page knows that the entity itself asks."""
    rows = list(
        Award.objects.select_related("policy_version", "policy", "commitment")
        .filter(entity=entity)
        .order_by("-code")
    )
    references = [row.reason_text for row in rows if row.reason_text]
    taken = [one for row in rows for one in row.clawbacks.exclude(state="asked").order_by("code")]
    said = short_wording([*references, *(one.reason_text for one in taken)])
    return Owed(
        awards=tuple(_award(row, said) for row in rows),
        clawbacks=tuple(
            OwedClawback(
                code=one.code,
                award=one.award_id,
                policy_name=one.award.policy_version.name,
                amount=one.amount,
                repaid=one.repaid,
                due=one.due,
                reason=said.get(one.reason_text, ""),
                done=one.state != "ordered",
            )
            for one in taken
        ),
    )


def public_own_award(*, entity: str, code: str) -> OwedAward:
    """One award of the entity that asks. Raises `UnknownAward`."""
    found = next((one for one in public_owed(entity=entity).awards if one.code == code), None)
    if found is None:
        raise UnknownAward(code)
    return found


def _is_told_why(row: Award) -> bool:
    """Of a refusal, and of money that bounced; what somebody objected is for the office."""
    bounced = row.state == AwardState.APPROVED and not row.account_good
    return bool(row.reason_text) and (row.state == AwardState.REFUSED or bounced)


def _award(row: Award, said: dict[str, str]) -> OwedAward:
    waits = row.state in {AwardState.PROPOSED, AwardState.LISTED, AwardState.APPROVED}
    return OwedAward(
        code=row.code,
        policy=row.policy_id,
        policy_name=row.policy_version.name,
        unit=row.policy.unit_id,
        amount=row.amount,
        state=row.state,
        label=AWARD_LABELS[AwardState(row.state)],
        lacking=row.lacking if row.state == AwardState.ASKED else "",
        wants_account=waits and not row.account_good,
        due=row.commitment.due if row.commitment else None,
        paid_on=row.paid_on,
        reason=said.get(row.reason_text, "") if _is_told_why(row) else "",
        version=row.version,
        simulated=row.simulated,
    )
