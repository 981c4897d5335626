"""What a report says: facts with their source and the day on which they stop being public. Pure.

No score and no grade stands in it: these are products of their own (公共信用信息报告标准).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256

from yinuo.credit.regimes.ends import Term
from yinuo.credit.regimes.publicity import Publicity
from yinuo.credit.regimes.repair import Repair
from yinuo.credit.regimes.states import States
from yinuo.credit.regimes.terms_of import ADVERSE
from yinuo.credit.report.sections import SECTIONS
from yinuo.kernel.canonical import Canonical, canonical_bytes
from yinuo.kernel.instants import civil_date

NUMBERS = ("文号", "编号")
"""How labels of fields end that number a decision or paper."""
FORM = "1"
"""Version of this form."""
SCOPES = {"all": "全部（给自己看）", "public": "只含现在公示的（给别人看）"}


@dataclass(frozen=True, kw_only=True)
class Line:
    """One field of a fact."""

    label: str
    text: str


@dataclass(frozen=True, kw_only=True)
class Fact:
    """One record."""

    record: str
    batch: str
    """Lake id of the batch that brought it as it is now."""
    source: str
    source_name: str
    owner: str
    owner_name: str
    kind: str
    kind_label: str
    lines: Sequence[Line]
    first_seen: date
    last_seen: date
    term: Term
    states: States
    objection: str = ""
    """Code of the last objection to it; empty for none."""
    repair: str = ""
    """Code of the last request for its repair."""
    returned: bool = False
    """An objection was right and the source has not delivered it anew."""

    @property
    def is_public(self) -> bool:
        """Whether everybody may see it now."""
        return self.states.publicity is Publicity.PUBLIC

    @property
    def adverse(self) -> bool:
        """Whether repair is a question at all."""
        return self.kind in ADVERSE

    @property
    def title(self) -> str:
        """What tells it from its like: its number, else the day on which it first came."""
        numbers = [line.text for line in self.lines if line.label.endswith(NUMBERS)]
        return numbers[0] if numbers else f"{self.first_seen} 首次归集"

    @property
    def publicity(self) -> str:
        """Until when it is public, in words."""
        state = self.states.publicity
        if state is Publicity.STOPPED:
            return "已修复，提前终止公示，停止共享和使用"
        if state is Publicity.WITHDRAWN:
            return "异议成立，退回来源单位更正，更正以前不显示、不使用"
        if state is Publicity.WAITING:
            return "公示期限须由人核定"
        if state is Publicity.PUBLIC:
            until = self.term.until
            return f"公示至 {until}" if until else "公开"
        if state is Publicity.ENDED:
            return f"公示已于 {self.term.until} 期满"
        return "不公示"

    @property
    def marks(self) -> tuple[str, ...]:
        """What was decided about it since it came, in words."""
        found = []
        if self.states.objection.is_marked:
            found.append(f"有异议，正在核查（{self.states.objection}）")
        if self.states.repair not in {Repair.NONE, Repair.DROPPED}:
            found.append(f"信用修复：{self.states.repair}")
        return tuple(found)


@dataclass(frozen=True, kw_only=True)
class SectionFacts:
    """One section with its facts."""

    title: str
    empty: str
    facts: Sequence[Fact]


@dataclass(frozen=True, kw_only=True)
class Document:
    """One report."""

    number: str
    scope: str
    made_at: datetime
    issuer: str
    subject_name: str
    subject_kind: str
    subject_number: str
    release: int
    released_on: date
    sections: Sequence[SectionFacts]
    advice: Sequence[str]
    more: int
    """Records that sources keep beyond those listed."""
    simulated: bool

    @property
    def made_on(self) -> date:
        """The civil date of issue."""
        return civil_date(self.made_at)

    @property
    def facts(self) -> int:
        """How many stand in it."""
        return sum(len(each.facts) for each in self.sections)


def sections_of(facts: Sequence[Fact]) -> tuple[SectionFacts, ...]:
    """The facts by section, those of one kind together, as they came within."""
    found = []
    for section in SECTIONS:
        own = [fact for kind in section.kinds for fact in facts if fact.kind == kind]
        found.append(SectionFacts(title=section.title, empty=section.empty, facts=own))
    return tuple(found)


def advice_of(facts: Sequence[Fact], on: date) -> tuple[str, ...]:
    """What may be done about facts: repaired from which day, or waited for."""
    found = []
    for fact in facts:
        if not fact.adverse or not fact.is_public:
            continue
        what = f"{fact.kind_label}（{fact.title}）"
        start = fact.term.repair_from
        if fact.term.repairable and (start is None or start <= on):
            found.append(f"{what}：纠正并履行义务以后，现在可以申请信用修复")
        elif fact.term.repairable:
            found.append(f"{what}：{start} 起可以申请信用修复")
        elif fact.term.until is not None:
            found.append(f"{what}：不得提前修复，公示至 {fact.term.until}")
    return tuple(found)


def canonical(document: Document) -> bytes:
    """What it says, in one form: its SHA-256 stands on the ledger and in its QR code."""
    sections: list[Canonical] = [
        {"title": each.title, "facts": [_plain(fact) for fact in each.facts]}
        for each in document.sections
    ]
    head: dict[str, Canonical] = {
        "form": FORM,
        "number": document.number,
        "scope": document.scope,
        "made_on": document.made_on.isoformat(),
        "issuer": document.issuer,
        "subject": [document.subject_name, document.subject_kind, document.subject_number],
        "release": document.release,
        "released_on": document.released_on.isoformat(),
        "sections": sections,
        "advice": list(document.advice),
        "more": document.more,
        "simulated": document.simulated,
    }
    return canonical_bytes(head)


def _plain(fact: Fact) -> Canonical:
    return {
        "record": fact.record,
        "source": fact.source,
        "owner": fact.owner_name,
        "lines": [[line.label, line.text] for line in fact.lines],
        "publicity": fact.publicity,
        "rule": fact.term.why,
        "marks": list(fact.marks),
    }


def digest(document: Document) -> str:
    """SHA-256 of `canonical`, 64 hex."""
    return sha256(canonical(document)).hexdigest()
