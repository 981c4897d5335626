"""How long a decision is public and when it may be repaired: `content/credit/publicity.csv`.

One row for each rule: which order says so, when it was in force, what it is about. A city adds a
row and never changes one; what an earlier row gave keeps its number.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Protocol

from yinuo.credit.checked_rows import Row, rows, sound
from yinuo.credit.record_kinds import BY_NAME
from yinuo.kernel.errors import Finding

FILE = "publicity.csv"
COLUMNS = (
    "编号",
    "规定",
    "自",
    "至",
    "领域",
    "记录种类",
    "等级",
    "是否公示",
    "起算",
    "最短月数",
    "最长月数",
    "随限制期延长",
    "未改正继续公示",
    "可否修复",
    "说明",
)
GENERAL = "一般"
"""The field of a rule that holds where no rule for a narrower field does."""


class Level(StrEnum):
    """How grave a decision is. Source: 国办发〔2025〕22号; which it is stands in its own table."""

    MINOR = "轻微"
    ORDINARY = "一般"
    SERIOUS = "严重"


class Start(StrEnum):
    """The event from which publicity runs."""

    DECIDED = "决定"
    PUBLISHED = "公示"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One row."""

    number: str
    """Stands with every end that was computed by it."""
    basis: str
    valid_from: date
    valid_to: date | None
    """The last day; None while it is in force."""
    field: str
    """一般, or a field with rules of its own: 市场监管, 安全生产 …"""
    kind: str
    level: Level
    public: bool
    """Whether such decisions are published at all."""
    start: Start
    least: int
    """Months of publicity before repair."""
    most: int
    """Months after which publicity ends."""
    extends: bool
    """Whether a restriction that lasts longer keeps it public as long."""
    until_corrected: bool
    """Whether what is not corrected stays public."""
    repairable: bool
    note: str

    def in_force(self, day: date) -> bool:
        """Whether it was in force on a day."""
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)

    def answers(self, *, field: str, kind: str, level: Level) -> bool:
        """Whether it is about such decisions of exactly that field."""
        return (self.field, self.kind, self.level) == (field, kind, level)

    @property
    def source(self) -> str:
        """How it is cited."""
        return f"{self.basis}（规则 {self.number}）"


def load_rules(data: bytes, *, file: str = FILE) -> tuple[Rule, ...]:
    """The rules in their order. Raises `BadTable` with every fault found."""
    findings: list[Finding] = []
    found: list[tuple[Rule, Row]] = []
    for row in rows(data, file=file, columns=COLUMNS, into=findings):
        rule = _rule(row)
        if rule is not None:
            _check(rule, row, [earlier for earlier, _ in found])
            found.append((rule, row))
    sound(findings)
    return tuple(rule for rule, _ in found)


_KINDS = {each.label: each.name for each in BY_NAME.values()}


def _rule(row: Row) -> Rule | None:
    since, until = row.day("自"), row.day("至")
    kind, level = row.one_of("记录种类", _KINDS), row.one_of("等级", list(Level))
    start = row.one_of("起算", list(Start))
    number, basis, field = row.filled("编号"), row.filled("规定"), row.filled("领域")
    least, most = row.whole("最短月数"), row.whole("最长月数")
    public, repairable = row.truth("是否公示"), row.truth("可否修复")
    extends, until_corrected = row.truth("随限制期延长"), row.truth("未改正继续公示")
    if since is None:
        row.fault("CREDIT-E093", "自", "没有填写从哪天起有效", "请写成 2026-04-01 这样")
    if since is None or kind not in _KINDS or level not in set(Level) or start not in set(Start):
        return None
    return Rule(
        number=number,
        basis=basis,
        valid_from=since,
        valid_to=until,
        field=field,
        kind=_KINDS[kind],
        level=Level(level),
        public=public,
        start=Start(start),
        least=least,
        most=most,
        extends=extends,
        until_corrected=until_corrected,
        repairable=repairable,
        note=row.text("说明"),
    )


def _check(rule: Rule, row: Row, earlier: Sequence[Rule]) -> None:
    if rule.valid_to is not None and rule.valid_to < rule.valid_from:
        row.fault("CREDIT-E096", "至", "止于开始之前", "核对起止日期")
    if rule.least > rule.most:
        row.fault("CREDIT-E096", "最短月数", "比最长月数还长", "核对两个月数")
    if rule.public != (rule.most > 0):
        row.fault("CREDIT-E096", "最长月数", "公示的须有最长月数，不公示的不写", "核对是否公示")
    for other in earlier:
        if other.number == rule.number:
            row.fault("CREDIT-E095", "编号", "编号重复", "每条规则一个编号")
        if rule.answers(field=other.field, kind=other.kind, level=other.level) and overlap(
            rule, other
        ):
            step = "同类决定在同一天只能有一条：先写明前一条的“至”"
            row.fault("CREDIT-E096", "自", f"与规则 {other.number} 的有效期重叠", step)


class Dated(Protocol):
    """A row that is in force from one day to another."""

    @property
    def valid_from(self) -> date:
        """The first day."""

    @property
    def valid_to(self) -> date | None:
        """The last day; None while it is in force."""


def overlap(one: Dated, other: Dated) -> bool:
    """Whether two rows are in force on the same day."""
    first, second = sorted((one, other), key=lambda row: row.valid_from)
    return first.valid_to is None or second.valid_from <= first.valid_to
