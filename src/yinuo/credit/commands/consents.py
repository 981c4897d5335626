"""Consent given and withdrawn: by the subject itself, or on paper before an officer."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from yinuo.commitments.errors import Invalid
from yinuo.credit.commands.subjects import acting_as, put_subject
from yinuo.credit.errors.asking import UnknownConsent
from yinuo.credit.models import CreditConsent, Subject
from yinuo.credit.purposes.purpose import Purpose
from yinuo.credit.subject_marks import subject_mark
from yinuo.ledger.commands.recording import By, command, record
from yinuo.ledger.history import texts
from yinuo.notices.commands.tell import Telling, tell
from yinuo.parties.queries import public_units
from yinuo.parties.viewer import NotAllowed, Viewer

LONGEST_DAYS = 366 * 3
AT_ONCE = 500
_SHA256 = 64


@command("credit_consent.give")
def give_consent(
    *, subject: str, unit: str, purpose: Purpose, until: date, at: datetime, today: date
) -> str:
    """Let a unit ask for a purpose until a day; said by the subject itself. Returns the code.

    One that is in force already is renewed: it ends, and the new one begins. Raises `Invalid`.
    """
    faults = _faults(unit, purpose, until, today)
    if faults:
        raise Invalid(unit, faults)
    return _put(subject, unit, purpose, "self", "", until, by=acting_as(subject), at=at)


@dataclass(frozen=True, kw_only=True)
class Paper:
    """What somebody signed."""

    kind: str
    number: str
    """In its one form; see `queries.asking.About`."""
    name: str
    until: date
    place: str = ""
    """Where it stands in a workbook, for words about it."""


@command("credit_consent.take_in")
def take_consents(
    *,
    papers: Sequence[Paper],
    unit: str,
    purpose: Purpose,
    paper_sha256: str,
    by: Viewer,
    at: datetime,
    today: date,
    simulated: bool = False,
) -> tuple[str, ...]:
    """Write down what was signed on paper, by an officer of the unit that may ask: all or none.

    `paper_sha256`: of the scan, which stays with the unit. Returns the codes of the consents.
    Raises `NotAllowed`, `Invalid`.
    """
    if unit not in by.officer_of:
        raise NotAllowed("只有被授权单位的经办人可以登记纸面同意", place=unit)
    faults = [] if len(paper_sha256) == _SHA256 else [("paper", "请交签了字的同意书")]
    marks = [subject_mark(paper.kind, paper.number) for paper in papers]
    faults += _other_names(papers, marks)
    for until in sorted({paper.until for paper in papers}):
        faults += _faults(unit, purpose, until, today)
    if faults:
        raise Invalid(unit, list(dict.fromkeys(faults)))
    acting = by.acting("officer", unit)
    return tuple(
        _put(
            put_subject(
                kind=paper.kind,
                number=paper.number,
                name=paper.name,
                at=at,
                by=acting,
                simulated=simulated,
            ),
            unit,
            purpose,
            "paper",
            paper_sha256,
            paper.until,
            by=acting,
            at=at,
        )
        for paper in papers
    )


def _other_names(papers: Sequence[Paper], marks: Sequence[str]) -> list[tuple[str, str]]:
    """A paper with another name than goes with its number: one of them was written wrongly.

    Nobody is renamed by a paper; signing in does that.
    """
    names: dict[str, str] = {}
    for start in range(0, len(marks), AT_ONCE):
        rows = Subject.objects.filter(number_mark__in=marks[start : start + AT_ONCE])
        names |= dict(rows.values_list("number_mark", "name_text"))
    said = texts(names.values())
    return [
        ("name", f"{paper.place}姓名与这个号码已登记的不一致，请核对同意书和证件")
        for paper, mark in zip(papers, marks, strict=True)
        if said.get(names.get(mark, ""), paper.name) != paper.name
    ]


@command("credit_consent.withdraw")
def withdraw_consent(*, consent: str, subject: str, at: datetime) -> None:
    """End it at once, and tell the unit; what was answered before stays in the read log.

    Raises `UnknownConsent`.
    """
    rows = CreditConsent.objects.select_for_update(of=("self",))
    row = rows.filter(pk=consent, subject_row=subject, withdrawn_at=None).first()
    if row is None:
        raise UnknownConsent(consent)
    row.withdrawn_at = at
    record(row, verb="credit_consent.withdrawn", by=acting_as(subject), at=at)
    telling = Telling(
        to_unit=row.unit_id,
        role="officer",
        topic="credit.consent",
        title=f"同意 {row.code} 已由本人撤回，不能再凭它询问",
        page="ask_list",
        about=row.subject,
    )
    tell(tellings=[telling], at=at)


def _faults(unit: str, purpose: Purpose, until: date, today: date) -> list[tuple[str, str]]:
    faults = []
    if unit not in {one.code for one in public_units()}:
        faults.append(("unit", "没有这个单位"))
    if not purpose.consent:
        faults.append(("purpose", f"“{purpose.label}”不需要同意"))
    if not 0 <= (until - today).days <= LONGEST_DAYS:
        faults.append(("until", "截止日在今天到三年以内"))
    return faults


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
