"""Who applied, as far as a window system tells."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from yinuo.cases.commands.applicants import NewApplicant, applicant_faults, put_applicants
from yinuo.cases.feed.telling import Person
from yinuo.cases.models import Applicant, FeedSource
from yinuo.kernel.instants import civil_date
from yinuo.kernel.uscc import NotACreditCode, credit_code
from yinuo.ledger.commands.recording import By, put_text, record

TRADER = "92"
"""How the 统一社会信用代码 of a 个体工商户 begins."""
UNNAMED = "（窗口系统未提供）"
WRONG_NUMBER = "申请人证件号码校验不符，没有登记"
WRONG_NAME = "申请人名称不能使用，没有登记"


@dataclass(frozen=True)
class Brought:
    """What came with the events of a case and does not stand in them."""

    person: Person
    about: str


@dataclass(frozen=True)
class Party:
    """Who applies, and what is wrong with what was said of it."""

    applicant: Applicant
    wrong: str


def parties_of(
    source: FeedSource, brought: Mapping[str, Brought | None], *, by: By, at: datetime
) -> dict[str, Party]:
    """Case of the source → its applicant; one row stands for all whom the source does not name."""
    said = {code: _said(one, at) for code, one in brought.items()}
    named = {code: new for code, (new, _) in said.items() if new is not None}
    rows = put_applicants(list(named.values()), by=by, at=at, simulated=source.simulated)
    found = dict(zip(named, rows, strict=True))
    if len(named) < len(said):
        unnamed = _unnamed(source, by=by, at=at)
        found = {**dict.fromkeys(said, unnamed), **found}
    return {code: Party(found[code], wrong) for code, (_, wrong) in said.items()}


def is_unnamed(source: FeedSource, applicant: str) -> bool:
    """Whether this stands for somebody whom the source did not name."""
    return applicant == _code_of(source)


def _said(brought: Brought | None, at: datetime) -> tuple[NewApplicant | None, str]:
    """What can be registered of it, and what is wrong with the rest."""
    if brought is None or not brought.person.name:
        return None, ""
    new, wrong, today = _named(brought.person), "", civil_date(at)
    if any(field == "number" for field, _ in applicant_faults(new, today=today)):
        new, wrong = NewApplicant(kind=new.kind, name=new.name), WRONG_NUMBER
    if applicant_faults(new, today=today):
        return None, WRONG_NAME
    return new, wrong


def _named(person: Person) -> NewApplicant:
    """The kind follows from the number; without one the more protected kind is taken."""
    kind = "person"
    try:
        code = credit_code(person.number)
        kind = "trader" if code.startswith(TRADER) else "firm"
    except NotACreditCode:
        pass
    return NewApplicant(kind=kind, name=person.name, number=person.number)


def _code_of(source: FeedSource) -> str:
    return f"AP-{source.code}"[:40]


def _unnamed(source: FeedSource, *, by: By, at: datetime) -> Applicant:
    code = _code_of(source)
    found = Applicant.objects.filter(code=code).first()
    if found is None:
        found = Applicant(
            code=code, kind="firm", name_text=put_text(UNNAMED), simulated=source.simulated
        )
        record(found, verb="applicant.registered", by=by, at=at)
    return found
