"""One event as a window system tells it: its fields, its step, and what was wrong with the row."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum


class Step(StrEnum):
    """What happened, in the order in which it usually does: events of one instant follow it."""

    RECEIVED = "received"
    CORRECTION_ASKED = "correction_asked"
    CORRECTED = "corrected"
    ACCEPTED = "accepted"
    REFUSED = "refused"
    BEGUN = "begun"
    STOPPED = "stopped"
    RESUMED = "resumed"
    EXTENDED = "extended"
    APPROVED = "approved"
    APPROVED_GAP = "approved_gap"
    DENIED = "denied"
    DELIVERED = "delivered"
    WITHDRAWN = "withdrawn"
    REVOKED = "revoked"


STEP_LABELS = {
    Step.RECEIVED: "收件",
    Step.CORRECTION_ASKED: "补正开始",
    Step.CORRECTED: "补正结束",
    Step.ACCEPTED: "受理",
    Step.REFUSED: "不予受理",
    Step.BEGUN: "部门开始办理",
    Step.STOPPED: "暂停计时",
    Step.RESUMED: "恢复计时",
    Step.EXTENDED: "延期",
    Step.APPROVED: "办结（通过）",
    Step.APPROVED_GAP: "办结（容缺通过）",
    Step.DENIED: "办结（不通过）",
    Step.DELIVERED: "送达",
    Step.WITHDRAWN: "撤件",
    Step.REVOKED: "撤销",
}
ORDER = {step: place for place, step in enumerate(Step)}


class Reason(StrEnum):
    """Why a row was put aside; the words are those of pages and reports."""

    MISSING = "缺少必填字段"
    TIME = "时间不能识别"
    FUTURE = "时间在将来"
    HORIZON = "时间超出工作日历"
    STATE = "办理状态不认识"
    ITEM = "事项没有对应"
    CONFLICT = "事件编号相同而内容不同"
    NUMBER = "数字不能识别"
    LENGTH = "内容太长"
    ROW = "不是一行对象"


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with one field of a row."""

    reason: Reason
    field: str
    """Their name of the column."""
    value: str = ""

    @property
    def what(self) -> str:
        """In words."""
        said = f"“{self.value[:60]}”" if self.value else ""
        return f"{self.field}{said}：{self.reason}" if self.field else str(self.reason)


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """The applicant as far as the source tells; kept apart from the event."""

    name: str = ""
    number: str = ""
    phone: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One event of one case, as the source has it. Instants in UTC."""

    event: str
    """Number of the event, unique within the source."""
    case: str
    """The source's own number of the case."""
    item: str = ""
    """The source's code of the item; empty where this event does not say."""
    step: Step
    happened_at: datetime
    noted_at: datetime
    """When it came to us."""
    ground: str = ""
    notice: str = ""
    planned_until: date | None = None
    stop: str = ""
    """Of a resume: number of the event of the stop; empty where the source does not say."""
    amount: int | None = None
    of: str = ""
    corrects: str = ""
    """Number of the earlier event in whose place this one stands."""
    void: bool = False
    """Takes `corrects` back and says nothing itself."""

    @property
    def place(self) -> tuple[datetime, int, datetime, str]:
        """Where it stands among the events of its case."""
        return (self.happened_at, ORDER[self.step], self.noted_at, self.event)
