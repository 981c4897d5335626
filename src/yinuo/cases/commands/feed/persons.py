"""Who applied, as far as a window system tells."""

from dataclasses import dataclass
from datetime import datetime

from yinuo.cases.commands.applicants import NewApplicant, applicant_faults, put_applicant
from yinuo.cases.feed.telling import Person
from yinuo.cases.models import Applicant, FeedSource
from yinuo.kernel.instants import civil_date
from yinuo.kernel.uscc import NotACreditCode, credit_code
from yinuo.ledger.commands.recording import By, put_text, record

TRADER = "92"
"""How the 统一社会信用代码 of a 个体工商户 begins."""
UNNAMED = "（窗口系统未提供）"


@dataclass(frozen=True)
class Brought:
    """What came with the events of a case and does not stand in them."""

    person: Person
    about: str


def applicant_of(
    source: FeedSource, brought: Brought | None, *, by: By, at: datetime
) -> tuple[Applicant, str]:
    """Who applies, and what is wrong with what was said of it."""
    if brought is None or not brought.person.name:
        return _unnamed(source, by=by, at=at), ""
    new, wrong = _named(brought.person), ""
    today = civil_date(at)
    if any(name == "number" for name, _ in applicant_faults(new, today=today)):
        new, wrong = NewApplicant(kind=new.kind, name=new.name), "申请人证件号码校验不符，没有登记"
    if applicant_faults(new, today=today):
        return _unnamed(source, by=by, at=at), "申请人名称不能使用，没有登记"
    party = put_applicant(new, trusted=False, by=by, at=at, simulated=source.simulated)
    return party, wrong


def _named(person: Person) -> NewApplicant:
    """The kind follows from the number; without one the more protected kind is taken."""
    kind = "person"
    try:
        code = credit_code(person.number)
        kind = "trader" if code.startswith(TRADER) else "firm"
    except NotACreditCode:
        pass
    return NewApplicant(kind=kind, name=person.name, number=person.number)


def _unnamed(source: FeedSource, *, by: By, at: datetime) -> Applicant:
    """One row for all whom a source does not name."""
    code = _code_of(source)
    found = Applicant.objects.filter(code=code).first()
    if found is None:
        found = Applicant(
            code=code,
            kind="firm",
            name_text=put_text(UNNAMED),
            simulated=source.simulated,
        )
        record(found, verb="applicant.registered", by=by, at=at)
    return found


def is_unnamed(source: FeedSource, applicant: str) -> bool:
    """Whether this stands for somebody whom the source did not name."""
    return applicant == _code_of(source)


def _code_of(source: FeedSource) -> str:
    return f"AP-{source.code}"[:40]
