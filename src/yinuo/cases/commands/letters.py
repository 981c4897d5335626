"""信用承诺书: taking one in, writing down whether it was kept, deciding who may read it."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import F

from yinuo.cases.errors.deferrals import NoRegion, UnknownLetter
from yinuo.cases.models import Case, CreditLetter, LetterSeries
from yinuo.cases.stored.letters import letter_of, region_of, regions, unit_credit_code
from yinuo.commitments.errors import Invalid
from yinuo.commitments.letters.checks import faults
from yinuo.commitments.letters.letter import Fulfilment, LetterType, Publicity, letter_code
from yinuo.ledger.commands.recording import By, command, put_text, record
from yinuo.parties.viewer import NotAllowed, Viewer

FINDING = frozenset(
    {"fulfilment", "unmet", "pursued", "found_date", "finder", "finder_code", "remark"}
)
"""The items that a finding writes."""


@dataclass(frozen=True, kw_only=True)
class NewLetter:
    """What an applicant promises."""

    type: LetterType
    matter: str
    content: str
    liability: str
    made_date: date
    valid_until: date | None = None


@dataclass(frozen=True, kw_only=True)
class Finding:
    """Whether a letter was kept, as somebody found."""

    fulfilment: Fulfilment
    unmet: str = ""
    pursued: str = ""
    remark: str = ""


def next_serial(region: str, day: date) -> int:
    """The next serial of a region on a day; its row is locked until the transaction ends.

    What is rolled back leaves no gap, and other regions do not wait.
    """
    series = LetterSeries.objects.filter(region=region, day=day)
    if series.update(last=F("last") + 1) == 0:
        LetterSeries.objects.bulk_create(
            [LetterSeries(region=region, day=day)], ignore_conflicts=True
        )
        series.update(last=F("last") + 1)
    return series.values_list("last", flat=True).get()


@command("letter.put")
def put_letter(case: Case, new: NewLetter, *, by: By, at: datetime) -> CreditLetter:
    """Write the letter of a case in the twenty items; permission was asked by the caller.

    It starts 特定范围内公开. Raises `NoRegion`, and `Invalid` where it breaks a rule of the form,
    such as for an applicant whose number was not given.
    """
    region = region_of(case.unit_id)
    if not region:
        raise NoRegion(case.unit_id)
    applicant = case.applicant
    row = CreditLetter(
        code=letter_code(region, new.made_date, next_serial(region, new.made_date)),
        applicant=applicant,
        promisor_text=applicant.name_text,
        promisor_kind=applicant.kind,
        promisor_code_text=applicant.number_text,
        type=new.type,
        matter_text=put_text(new.matter),
        content_text=put_text(new.content),
        liability_text=put_text(new.liability),
        made_date=new.made_date,
        valid_until=new.valid_until,
        accepting_unit_id=case.unit_id,
        accepting_code=unit_credit_code(case.unit_id),
        office_id=case.office_id,
        simulated=case.simulated,
    )
    _check(row)
    record(row, verb="credit_letter.made", by=by, at=at)
    return row


def _check(row: CreditLetter, items: frozenset[str] | None = None) -> None:
    """Raises `Invalid` where a rule of the form is broken; `items`: only these are looked at."""
    found = [each for each in faults(letter_of(row), regions()) if not each.only_for_exchange]
    wrong = [each for each in found if items is None or each.attribute in items]
    if wrong:
        raise Invalid(
            row.code, [("letter", f"信用承诺书{each.words}，{each.next_step}") for each in wrong]
        )


@command("letter.find")
def put_finding(row: CreditLetter, found: Finding, *, on: date, by: By, at: datetime) -> None:
    """Write items 11 to 16 of a letter: the unit that took it in found whether it was kept.

    Permission was asked by the caller. Raises `Invalid` where it breaks a rule of the form.
    """
    row.fulfilment = found.fulfilment
    row.unmet_text, row.pursued_text = put_text(found.unmet), put_text(found.pursued)
    row.found_date, row.finder_id = on, row.accepting_unit_id
    row.finder_code = row.accepting_code
    if found.remark:
        row.remark_text = put_text(found.remark)
    _check(row, FINDING)  # the rest was checked when it was made, and may be erased by now
    record(row, verb="credit_letter.found", by=by, at=at)


@command("letter.remark")
def put_remark(row: CreditLetter, remark: str, *, by: By, at: datetime) -> None:
    """Write item 20; permission was asked by the caller."""
    row.remark_text = put_text(remark)
    record(row, verb="credit_letter.remarked", by=by, at=at)


@command("letter.publish")
def publish(
    *, letter: str, publicity: Publicity, by: Viewer, at: datetime, version: int | None = None
) -> None:
    """Decide who may read a letter (公开前保密审查); item 19 of the form.

    By a supervisor of the office, who holds no duty with the unit that took it in. A letter of a
    natural person never becomes public. Raises `UnknownLetter`, `NotAllowed`, `Invalid`,
    `StaleVersion`.
    """
    rows = CreditLetter.objects.select_for_update(of=("self",))
    row = rows.filter(code=letter).first()
    if row is None or row.office_id not in by.supervisor_of:
        raise UnknownLetter(letter)
    if row.accepting_unit_id in by.held_for:
        raise NotAllowed("受理单位的人不能审查自己受理的承诺书", place=letter)
    if version is not None and row.version != version:
        row.version = version
    faults_found = []
    if row.publicity == publicity:
        faults_found.append(("publicity", "已经是这个公开类型"))
    if publicity is Publicity.PUBLIC and row.promisor_kind == "person":
        faults_found.append(("publicity", "自然人的承诺书不向社会公开"))
    if faults_found:
        raise Invalid(letter, faults_found)
    row.publicity = publicity
    record(row, verb="credit_letter.published", by=by.acting("supervisor", row.office_id), at=at)
