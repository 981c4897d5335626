"""From the published table to the step that is due on a commitment. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import pyarrow as pa

from yinuo.commitments.lights.deciding import DEADLINE as BY_DATE
from yinuo.commitments.lights.deciding import PROGRESS, Colour
from yinuo.commitments.lights.facts import PLACES
from yinuo.rules.decision import Decision, State
from yinuo.rules.single import Tables
from yinuo.rules.table import Rulebook
from yinuo.supervision.orders.steps import BY_LABEL, STEP_LABELS, Standing, Step

STEPS, TERMS, SERIES = "督导步骤", "办理要求", "发文代字"
"""The three tables of the workbook, by name."""
NONE = "无"
OTHER = "另外的灯"
LIGHT_WORDS = {
    Colour.RED: "红",
    Colour.YELLOW: "黄",
    Colour.GREEN: "绿",
    Colour.UNDETERMINED: "未定",
}


SCHEMA = pa.schema(
    [
        ("灯", pa.string()),
        ("灯由", pa.string()),
        ("距到期天数", pa.int64()),
        ("落后百分点", pa.decimal128(18, PLACES)),
        ("距上次报送天数", pa.int64()),
        ("上一步", pa.string()),
        ("上一步情形", pa.string()),
        ("距上一步天数", pa.int64()),
    ]
)
"""What the table of steps is asked, as columns."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """What the table asks of one open commitment on a day."""

    colour: Colour | None
    cause: str
    """Name of the table of lights that decided it."""
    days_left: int | None
    """Negative once overdue; None where no deadline was set."""
    behind: Decimal | None
    """In percentage points."""
    days_since_report: int | None
    standing: Standing | None
    days_since_step: int | None

    @property
    def given(self) -> Mapping[str, object]:
        """The facts by the names of the table; what is not known is left out."""
        light = LIGHT_WORDS[self.colour] if self.colour else NONE
        cause = self.cause if self.cause in {PROGRESS, BY_DATE} else OTHER
        found = {
            "灯": light,
            "灯由": cause if self.colour else NONE,
            "距到期天数": self.days_left,
            "落后百分点": self.behind,
            "距上次报送天数": self.days_since_report,
            "上一步": STEP_LABELS[self.standing.step] if self.standing else NONE,
            "上一步情形": self.standing.situation if self.standing else NONE,
            "距上一步天数": self.days_since_step,
        }
        return {name: value for name, value in found.items() if value is not None}


@dataclass(frozen=True, slots=True)
class Due:
    """What the table says of one commitment."""

    step: Step | None
    """None where nothing is to be done."""
    rule: str
    """Name of the rule; empty where none was needed."""
    note: str
    """What the rule says of itself."""


NOTHING = Due(None, "", "")


@dataclass(frozen=True, slots=True)
class Terms:
    """How a step is to be handled, by the table."""

    sign_days: int
    """Working days within which the unit signs."""
    reply_days: int
    """Working days within which it replies, from the day of issue."""
    again_days: int
    """Working days for a reply that was returned."""
    extendable: bool
    """Whether the unit may ask for more time."""


class Deciding:
    """The tables of supervision in force on a day."""

    def __init__(self, book: Rulebook, on: date) -> None:
        self.on = on
        self._tables = Tables(book, on)
        self._by_name = {table.name: table for table in self._tables.tables}
        steps = tuple(table for table in book.tables if table.name == STEPS)
        self._steps = Tables(Rulebook(tables=steps), on)

    @property
    def lacking(self) -> tuple[str, ...]:
        """The tables that should be there and are not."""
        return tuple(name for name in (STEPS, TERMS, SERIES) if name not in self._by_name)

    def one(self, situation: Situation) -> Due:
        """The step that is due in a situation. What is not known raises no step."""
        decision = self._steps.decide(situation.given).decisions.get(STEPS)
        if decision is None:
            return NOTHING
        step = BY_LABEL.get(str(_first(decision)))
        if step is None or not decision.counted:
            return NOTHING
        rule = decision.counted[0]
        return Due(step, rule.name, rule.note)

    def many(self, situations: Iterable[Situation]) -> dict[Situation, Due]:
        """The same of many, each different one decided once."""
        return {situation: self.one(situation) for situation in dict.fromkeys(situations)}

    def terms(self, step: Step) -> Terms | None:
        """How a step is handled; None where the table does not say."""
        decision = self._tables.decide({"采取步骤": STEP_LABELS[step]}).decisions.get(TERMS)
        if decision is None or not decision.answers:
            return None
        row = dict(zip((o.name for o in decision.table.outputs), decision.answers[0], strict=True))
        sign, reply, again = (_days(row.get(n)) for n in ("签收天数", "回复天数", "退回后天数"))
        if sign is None or reply is None or again is None:
            return None
        return Terms(
            sign_days=sign,
            reply_days=reply,
            again_days=again,
            extendable=row.get("可延期") is True,
        )

    def series(self, step: Step, office: str) -> str:
        """机关代字 of the letters of an office, named as people name it; empty where not said."""
        given = {"采取步骤": STEP_LABELS[step], "督查单位": office}
        decision = self._tables.decide(given).decisions.get(SERIES)
        return str(_first(decision) or "") if decision else ""


def _first(decision: Decision) -> object:
    if decision.state in (State.UNDETERMINED, State.CONFLICT) or not decision.answers:
        return None
    return decision.answers[0][0]


def _days(value: object) -> int | None:
    """Whole working days, at least one; None for what is none."""
    whole = isinstance(value, Decimal) and value == value.to_integral_value()
    return int(value) if whole and value >= 1 else None  # type: ignore[call-overload, operator]
