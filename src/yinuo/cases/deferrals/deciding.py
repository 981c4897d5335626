"""What the three tables of trust say: may it wait, may it be declared, which way does it go. Pure.

Only a clear yes is a yes. What the table leaves open, or cannot say because facts are missing, is
undetermined: then the ordinary procedure applies, and the answer says so.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from yinuo.commitments.standing import Answer
from yinuo.rules.decision import Decision, State
from yinuo.rules.single import Tables
from yinuo.rules.table import Rulebook

RISK, TOUCHES, TRACK, DEFERRAL, DECLARATION = (
    "事项风险",
    "事项涉及",
    "办理方式",
    "容缺受理",
    "告知承诺",
)
"""The tables, by name."""
NO_TABLE = "还没有生效的“{}”规则表"
ORDINARY = "按普通程序办"
ORDINARY_TRACK = "普通"
WORST_RISK = "高"
"""What an item counts as where no table says."""
KINDS = {"firm": "法人及非法人组织", "person": "自然人", "trader": "个体工商户"}
STANDING_WORDS = {Answer.YES: "良好", Answer.NO: "失信", Answer.UNDETERMINED: "未知"}


class Material(StrEnum):
    """What sort of document is asked about."""

    MAIN = "主要"
    MAY_WAIT = "可容缺"
    NOT_NEEDED = "非必要"


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """How an applicant has kept earlier promises of this kind in this city, in numbers."""

    waiting: int = 0
    """Deferrals within their time."""
    overdue: int = 0
    """Deferrals past their day that nobody has judged yet."""
    broken: int = 0
    """Found broken and not mended since: deferrals and declarations."""
    untrue: int = 0
    """Of these, declarations."""
    on_time: int = 0
    """Kept by their day."""


@dataclass(frozen=True, slots=True)
class Said:
    """One answer: yes, no or undetermined, with how much and why."""

    answer: Answer
    amount: int
    """Working days, or percent."""
    why: str
    rule: str = ""

    @property
    def words(self) -> str:
        """The reason as it is told, with what follows from an open answer."""
        if self.answer is Answer.UNDETERMINED:
            return f"{self.why}，{ORDINARY}"
        return self.why


@dataclass(frozen=True, slots=True)
class Classed:
    """How the city classes an item."""

    risk: str
    touches: str


_ANSWERS = {"是": Answer.YES, "否": Answer.NO, "未定": Answer.UNDETERMINED}


class Trust:
    """The tables in force on a day; one that is not in force leaves its question open."""

    def __init__(self, on: date, *books: Rulebook) -> None:
        self.on = on
        self._by_name = {
            table.name: Tables(Rulebook(tables=(table,)), on)
            for book in books
            for table in book.tables
            if table.is_valid_on(on)
        }

    def _decide(self, name: str, given: Mapping[str, object]) -> Decision | None:
        tables = self._by_name.get(name)
        return tables.decide(given).decisions.get(name) if tables else None

    def _word(self, name: str, given: Mapping[str, object]) -> str:
        decision = self._decide(name, given)
        if decision is None or not decision.answers or decision.state is State.CONFLICT:
            return ""
        return str(decision.answers[0][0])

    def classed(self, item: str, kind: str) -> Classed:
        """Risk of an item and what it touches; without a table the risk counts as high."""
        risk = self._word(RISK, {"事项编码": item, "事项类型": kind})
        touches = self._word(TOUCHES, {"办理事项": item})
        return Classed(risk or WORST_RISK, touches)

    def deferral(self, material: Material, standing: Answer, risk: str, record: Record) -> Said:
        """Whether this document may come later; the amount is the longest time in working days."""
        given = {
            "材料类别": material.value,
            "申请人信用": STANDING_WORDS[standing],
            "事项风险": risk,
            "在途容缺件数": record.waiting,
            "逾期未补件数": record.overdue,
            "未兑现件数": record.broken,
        }
        return _said(self._decide(DEFERRAL, given), DEFERRAL)

    def declaration(
        self, *, is_open: bool, classed: Classed, kind: str, standing: Answer, record: Record
    ) -> Said:
        """Whether 告知承诺 is open to this applicant, of a `kind` as in `KINDS`.

        The amount is the least share that is checked, in percent.
        """
        given = {
            "事项开放": is_open,
            "事项涉及": classed.touches,
            "事项风险": classed.risk,
            "申请人类别": KINDS[kind],
            "申请人信用": STANDING_WORDS[standing],
            "未改正件数": record.untrue,
        }
        known = {name: value for name, value in given.items() if value != ""}
        return _said(self._decide(DECLARATION, known), DECLARATION)

    def track(self, *, standing: Answer, risk: str, record: Record) -> str:
        """Which way a case takes: 普通 unless the table says otherwise."""
        given = {
            "申请人信用": STANDING_WORDS[standing],
            "未兑现件数": record.broken,
            "逾期未补件数": record.overdue,
            "按期兑现件数": record.on_time,
            "本件风险": risk,
        }
        return self._word(TRACK, given) or ORDINARY_TRACK


def _said(decision: Decision | None, name: str) -> Said:
    if decision is None:
        return Said(Answer.UNDETERMINED, 0, NO_TABLE.format(name))
    if decision.state is not State.HIT:
        lacking = "、".join(decision.lacking) or "规则表没有写到这种情形"
        return Said(Answer.UNDETERMINED, 0, f"规则表得不出结果：{lacking}")
    rule = decision.counted[0]
    answer, amount = decision.answers[0]
    return Said(_ANSWERS[str(answer)], int(Decimal(str(amount))), rule.note, rule.name)
