"""Writing down who applies; the same firm or person is found again by the number."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from yinuo.cases.access.applicants import applicant_mark
from yinuo.cases.commands.rows import Faults, said_faults, word_faults
from yinuo.cases.models import Applicant
from yinuo.cases.models.applicant import KINDS
from yinuo.commitments.wording import short_wording
from yinuo.kernel.resident_id import NotAResidentId, resident_id
from yinuo.kernel.uscc import NotACreditCode, credit_code
from yinuo.ledger.commands.recording import By, command, put_text, put_texts, record, record_new

LONGEST_NAME, LONGEST_CONTACT = 200, 60
PERSON = "person"
BY_MARK = "SELECT * FROM cases_applicant WHERE number_mark = %s"


@dataclass(frozen=True, kw_only=True)
class NewApplicant:
    """Who applies, as typed."""

    kind: str
    """`firm`, `person` or `trader`."""
    name: str
    number: str = ""
    """统一社会信用代码 of a firm or trader, 公民身份号码 of a person; may be empty."""
    contact: str = ""
    """Telephone; kept with the case."""


def applicant_faults(new: NewApplicant, *, today: date) -> Faults:
    """What is wrong, by field (`kind`, `name`, `number`, `contact`)."""
    faults = said_faults("name", "申请人名称", new.name, longest=LONGEST_NAME)
    if new.kind not in KINDS:
        faults.append(("kind", f"申请人类别应为{'、'.join(KINDS.values())}之一"))
    try:
        _number(new, today)
    except (NotACreditCode, NotAResidentId) as error:
        faults.append(("number", f"{error.what}。{error.next_step}"))
    return faults + word_faults("contact", "联系电话", new.contact, longest=LONGEST_CONTACT)


def _number(new: NewApplicant, today: date) -> str:
    """The number in its one form; empty where none was given."""
    if not new.number.strip():
        return ""
    if new.kind == PERSON:
        return resident_id(new.number, on=today)
    return credit_code(new.number)


def _mark(new: NewApplicant, number: str) -> str:
    return applicant_mark(new.kind, number)


@command("applicant.put_many", part=True)
def put_applicants(
    news: Sequence[NewApplicant], *, by: By, at: datetime, simulated: bool = False
) -> list[Applicant]:
    """As `put_applicant` where nobody saw the papers, for many at once; one each, in order."""
    numbers = [_number(new, at.date()) for new in news]
    names = [" ".join(new.name.split()) for new in news]
    marks = [
        _mark(new, number) if number else "" for new, number in zip(news, numbers, strict=True)
    ]
    rows = list(Applicant.objects.filter(number_mark__in={mark for mark in marks if mark}))
    words = short_wording([row.name_text for row in rows])
    there = {(row.number_mark, words[row.name_text]): row for row in rows}
    taken = {row.number_mark for row in rows}
    name_texts, number_texts = put_texts(names), put_texts(numbers)
    made: list[Applicant] = []
    found: list[Applicant] = []
    for place, new in enumerate(news):
        mark, name = marks[place], names[place]
        known = there.get((mark, name)) if mark else None
        if known is None:
            known = Applicant(
                code=f"AP-{secrets.token_hex(8).upper()}",
                kind=new.kind,
                name_text=name_texts[place],
                number_text=number_texts[place],
                credit_code="" if new.kind == PERSON else numbers[place],
                number_mark="" if mark in taken else mark,
                simulated=simulated,
            )
            made.append(known)
            if mark:
                there[(mark, name)] = known
                taken.add(mark)
        found.append(known)
    record_new(made, verb="applicant.registered", by=by, at=at)
    return found


def _marked(mark: str) -> Applicant | None:
    """Who is known under the mark of a number."""
    return next(iter(Applicant.objects.raw(BY_MARK, [mark])), None)


@command("applicant.put", part=True)
def put_applicant(
    new: NewApplicant, *, trusted: bool, by: By, at: datetime, simulated: bool = False
) -> Applicant:
    """The applicant of that number, or a new one. The caller has checked `applicant_faults`.

    `trusted`: whether an officer saw the papers. Otherwise another name under a known number makes
    a row of its own without the number's mark, so that nobody applies in the name of others.
    """
    number, name = _number(new, at.date()), " ".join(new.name.split())
    mark = _mark(new, number)
    known = _marked(mark) if number else None
    if known is not None:
        if short_wording([known.name_text])[known.name_text] == name:
            return known
        if trusted:
            known.name_text = put_text(name)
            record(known, verb="applicant.renamed", by=by, at=at)
            return known
    row = Applicant(
        code=f"AP-{secrets.token_hex(8).upper()}",
        kind=new.kind,
        name_text=put_text(name),
        number_text=put_text(number),
        credit_code="" if new.kind == PERSON else number,
        number_mark=mark if number and known is None else "",
        simulated=simulated,
    )
    record(row, verb="applicant.registered", by=by, at=at)
    return row
