"""The way of an investment lead: where it comes from, what it has reached, where it stands. Pure.

A visit and an agreement are two ways in and two funnels: fifteen firms visited and forty
agreements signed are not one number that shrinks.
"""

import re
from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from yinuo.kernel.lives import Life


class Origin(StrEnum):
    """What a line of the register began with."""

    VISIT = "visit"
    AGREEMENT = "agreement"
    EVENT = "event"


class Stage(StrEnum):
    """What a lead has reached."""

    VISITED = "visited"
    SIGNED = "signed"
    REGISTERED = "registered"
    STARTED = "started"
    PAID = "paid"


class Standing(StrEnum):
    """Whether anybody still works on it."""

    ACTIVE = "active"
    SHELVED = "shelved"
    ENDED = "ended"


class FactKind(StrEnum):
    """What can be recorded of a lead after signing."""

    REGISTERED = "registered"
    STARTED = "started"
    PAID = "paid"


class FactStatus(StrEnum):
    """Whether the office has looked at it."""

    REPORTED = "reported"
    CONFIRMED = "confirmed"
    REFUSED = "refused"


ORIGIN_LABELS = {Origin.VISIT: "拜访", Origin.AGREEMENT: "签约", Origin.EVENT: "说明会"}
STAGE_LABELS = {
    Stage.VISITED: "拜访",
    Stage.SIGNED: "签约",
    Stage.REGISTERED: "注册企业",
    Stage.STARTED: "项目开工",
    Stage.PAID: "资金到位",
}
STATE_LABELS = {
    Stage.VISITED: "在谈",
    Stage.SIGNED: "已签约",
    Stage.REGISTERED: "已注册",
    Stage.STARTED: "已开工",
    Stage.PAID: "已到资",
}
STANDING_LABELS = {Standing.ACTIVE: "在跟进", Standing.SHELVED: "搁置", Standing.ENDED: "终止"}
FACT_LABELS = {
    FactKind.REGISTERED: "注册企业",
    FactKind.STARTED: "项目开工",
    FactKind.PAID: "资金到位",
}
FACT_STATUS_LABELS = {
    FactStatus.REPORTED: "待确认",
    FactStatus.CONFIRMED: "已确认",
    FactStatus.REFUSED: "未予确认",
}
AGREEMENTS = {"agreement": "协议", "memorandum": "备忘录", "framework": "框架协议"}
"""What was signed."""
FUNNELS: Mapping[Origin, tuple[Stage, ...]] = {
    Origin.VISIT: tuple(Stage),
    Origin.AGREEMENT: tuple(Stage)[1:],
}
"""The steps of each funnel; an event has none."""
TALKING = "在谈"
HELD = "已举办"
_MONTH = re.compile(r"(\d{4})\s*(?:年|[-/.])\s*(\d{1,2})")
MONTHS = 12


@dataclass(frozen=True)
class Reached:
    """One stage that a lead has reached."""

    stage: Stage
    day: date | None
    """None where only a month or nothing is known."""
    said: str = ""
    """The time as the source has it, where no day is known."""
    confirmed: bool = False
    """Looked at by the office; what was visited and signed is as the register says."""

    @property
    def latest(self) -> date | None:
        """Its day; where only a month is known, the last of that month.

        >>> Reached(Stage.SIGNED, None, "2024年2月").latest
        datetime.date(2024, 2, 29)
        """
        if self.day is not None:
            return self.day
        year, _, month = month_of(None, self.said).partition("-")
        if not month:
            return None
        return date(int(year), int(month), monthrange(int(year), int(month))[1])


def state_label(origin: str, standing: str, reached: Mapping[Stage, Reached]) -> str:
    """Where a lead stands, in one word.

    >>> state_label("agreement", "active", {Stage.SIGNED: Reached(Stage.SIGNED, None)})
    '已签约'
    """
    if standing != Standing.ACTIVE:
        return STANDING_LABELS[Standing(standing)]
    if origin == Origin.EVENT:
        return HELD
    last = [stage for stage in Stage if stage in reached]
    return STATE_LABELS[last[-1]] if last else TALKING


def month_of(day: date | None, said: str) -> str:
    """The month of signing for a cohort, `2024-02`; empty where no month is known.

    >>> month_of(None, "2024年2月下旬"), month_of(date(2024, 6, 3), "")
    ('2024-02', '2024-06')
    """
    if day is not None:
        return f"{day:%Y-%m}"
    match = _MONTH.search(said)
    if match is None or not 1 <= int(match[2]) <= MONTHS:
        return ""
    return f"{match[1]}-{int(match[2]):02d}"


FACT_LIFE = Life(
    first=FactStatus.REPORTED,
    beginning="填报，待确认",
    begun_by=("lead_fact.reported",),
    steps={
        (FactStatus.REPORTED, "lead_fact.confirmed"): FactStatus.CONFIRMED,
        (FactStatus.REPORTED, "lead_fact.refused"): FactStatus.REFUSED,
    },
    written=frozenset({"status", "answer_text"}),
)
"""What a fact says never changes."""
