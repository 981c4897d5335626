"""The consents of a signed-in subject, and to whom it could give one."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from yinuo.credit.means import Means
from yinuo.credit.models import CreditConsent
from yinuo.credit.models.consent import HOWS
from yinuo.credit.queries.subjects import SubjectView
from yinuo.parties.queries import public_unit_names


@dataclass(frozen=True, kw_only=True)
class ConsentView:
    """One consent."""

    code: str
    unit_name: str
    purpose: str
    how: str
    given_at: datetime
    valid_until: date
    withdrawn_at: datetime | None
    in_force: bool


@dataclass(frozen=True, kw_only=True)
class Consentable:
    """A unit and a purpose for which it needs consent."""

    unit: str
    purpose: str
    label: str


def public_own_consents(*, subject: SubjectView, means: Means, on: date) -> tuple[ConsentView, ...]:
    """All of them, newest first."""
    units = public_unit_names()
    rows = CreditConsent.objects.filter(subject_row=subject.code).order_by("-given_at", "code")
    return tuple(
        ConsentView(
            code=row.code,
            unit_name=units.get(row.unit_id, row.unit_id),
            purpose=means.purposes[row.purpose].label
            if row.purpose in means.purposes
            else row.purpose,
            how=HOWS[row.how],
            given_at=row.given_at,
            valid_until=row.valid_until,
            withdrawn_at=row.withdrawn_at,
            in_force=row.withdrawn_at is None and row.valid_until >= on,
        )
        for row in rows
    )


def public_consentable(
    *, subject: SubjectView, means: Means, askers: Mapping[str, frozenset[str]]
) -> tuple[Consentable, ...]:
    """The units that may ask about such a subject for a purpose that needs consent.

    `askers`: unit → as what it may ask (`content/scenarios/askers.csv`).
    """
    units = public_unit_names()
    return tuple(
        Consentable(unit=unit, purpose=one.id, label=f"{units[unit]}：{one.label}")
        for unit, capacities in sorted(askers.items())
        if unit in units
        for one in means.purposes.values()
        if one.consent
        and subject.kind in one.subjects
        and capacities & {each.value for each in one.users}
    )
