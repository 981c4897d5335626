"""Consent given and withdrawn: by the subject itself, or on paper before an officer."""

import secrets
from datetime import date, datetime

from yinuo.commitments.errors import Invalid
from yinuo.credit.commands.subjects import acting_as
from yinuo.credit.errors.asking import UnknownConsent
from yinuo.credit.models import CreditConsent
from yinuo.credit.purposes.purpose import Purpose
from yinuo.ledger.commands.recording import By, command, record
from yinuo.parties.queries import public_units
from yinuo.parties.viewer import NotAllowed, Viewer

LONGEST_DAYS = 366 * 3
_SHA256 = 64


@command("credit_consent.give")
def give_consent(
    *, subject: str, unit: str, purpose: Purpose, until: date, at: datetime, today: date
) -> str:
    """Let a unit ask for a purpose until a day; said by the subject itself. Returns the code.

    One that is in force already is renewed: it ends, and the new one begins. Raises `Invalid`.
    """
    _check(unit, purpose, until, today)
    return _put(subject, unit, purpose, "self", "", until, by=acting_as(subject), at=at)


@command("credit_consent.take_in")
def take_consent(
    *,
    subject: str,
    unit: str,
    purpose: Purpose,
    until: date,
    paper_sha256: str,
    by: Viewer,
    at: datetime,
    today: date,
) -> str:
    """Write down what was signed on paper, by an officer of the unit that may ask.

    Raises `NotAllowed`, `Invalid`.
    """
    if unit not in by.officer_of:
        raise NotAllowed("只有被授权单位的经办人可以登记纸面同意", place=unit)
    if len(paper_sha256) != _SHA256:
        raise Invalid(unit, [("paper", "请交签了字的同意书")])
    _check(unit, purpose, until, today)
    acting = by.acting("officer", unit)
    return _put(subject, unit, purpose, "paper", paper_sha256, until, by=acting, at=at)


@command("credit_consent.withdraw")
def withdraw_consent(*, consent: str, subject: str, at: datetime) -> None:
    """End it at once; what was answered before stays in the read log. Raises `UnknownConsent`."""
    rows = CreditConsent.objects.select_for_update(of=("self",))
    row = rows.filter(pk=consent, subject_row=subject, withdrawn_at=None).first()
    if row is None:
        raise UnknownConsent(consent)
    row.withdrawn_at = at
    record(row, verb="credit_consent.withdrawn", by=acting_as(subject), at=at)


def _check(unit: str, purpose: Purpose, until: date, today: date) -> None:
    faults = []
    if unit not in {one.code for one in public_units()}:
        faults.append(("unit", "没有这个单位"))
    if not purpose.consent:
        faults.append(("purpose", f"“{purpose.label}”不需要同意"))
    if not 0 <= (until - today).days <= LONGEST_DAYS:
        faults.append(("until", "截止日在今天到三年以内"))
    if faults:
        raise Invalid(unit, faults)


def _put(  # noqa: PLR0917  # two calls, above
    subject: str,
    unit: str,
    purpose: Purpose,
    how: str,
    paper: str,
    until: date,
    *,
    by: By,
    at: datetime,
) -> str:
    rows = CreditConsent.objects.select_for_update(of=("self",))
    for before in rows.filter(
        subject_row=subject, unit=unit, purpose=purpose.id, withdrawn_at=None
    ):
        before.withdrawn_at = at
        record(before, verb="credit_consent.renewed", by=by, at=at)
    row = CreditConsent(
        code=f"TY-{secrets.token_hex(8).upper()}",
        subject_row_id=subject,
        unit_id=unit,
        purpose=purpose.id,
        how=how,
        paper_sha256=paper,
        given_at=at,
        valid_until=until,
    )
    record(row, verb="credit_consent.given", by=by, at=at)
    return row.code
