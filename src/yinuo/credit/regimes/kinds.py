"""Which kinds of record everybody may see besides penalties: `content/credit/kinds.csv`. Pure.

One row for each rule, dated as those for penalties are (`rules`). A kind without a row in force is
not shown to the public, whatever its source would allow.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from yinuo.credit.checked_rows import Row, rows, sound
from yinuo.credit.record_kinds import BY_NAME
from yinuo.credit.regimes.rules import overlap
from yinuo.kernel.errors import Finding

FILE = "kinds.csv"
COLUMNS = (
    "编号",
    "规定",
    "自",
    "至",
    "记录种类",
    "数据源",
    "是否公示",
    "起算",
    "最短月数",
    "最长月数",
    "可否修复",
    "说明",
)
PENALTY = "penalty"
"""Has rules of its own, by how grave it is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KindRule:
    """One row."""

    number: str
    basis: str
    valid_from: date
    valid_to: date | None
    """The last day; None while it is in force."""
    kind: str
    source: str
    """Id of the only source that it is about; empty for all of the kind."""
    public: bool
    start: str
    """Name of the field from which months run; empty where none do."""
    least: int
    """Months before repair."""
    most: int
    """Months of publicity where the record itself names no end; 0 for as long as it is there."""
    repairable: bool
    note: str

    def in_force(self, day: date) -> bool:
        """Whether it was in force on a day."""
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)

    @property
    def cited(self) -> str:
        """How it is cited."""
        return f"{self.basis}（规则 {self.number}）"


def rule_of(table: Sequence[KindRule], *, kind: str, source: str, on: date) -> KindRule | None:
    """The rule for a source on a day: its own before that of its kind; None where none is."""
    known = [rule for rule in table if rule.kind == kind and rule.in_force(on)]
    own = [rule for rule in known if rule.source == source]
    general = [rule for rule in known if not rule.source]
    return next(iter([*own, *general]), None)


def load_kinds(data: bytes, *, file: str = FILE) -> tuple[KindRule, ...]:
    """The rules in their order. Raises `BadTable` with every fault found."""
    findings: list[Finding] = []
    found: list[KindRule] = []
    for row in rows(data, file=file, columns=COLUMNS, into=findings):
        rule = _rule(row)
        if rule is not None:
            _check(rule, row, found)
            found.append(rule)
    sound(findings)
    return tuple(found)


_KINDS = {each.label: each.name for each in BY_NAME.values() if each.name != PENALTY}


def _rule(row: Row) -> KindRule | None:
    since, kind = row.day("自"), row.one_of("记录种类", _KINDS)
    number, basis = row.filled("编号"), row.filled("规定")
    public, repairable = row.truth("是否公示"), row.truth("可否修复")
    until, least, most = row.day("至"), row.whole("最短月数"), row.whole("最长月数")
    if since is None:
        row.fault("CREDIT-E093", "自", "没有填写从哪天起有效", "请写成 2026-04-01 这样")
    if since is None or kind not in _KINDS:
        return None
    return KindRule(
        number=number,
        basis=basis,
        valid_from=since,
        valid_to=until,
        kind=_KINDS[kind],
        source=row.text("数据源"),
        public=public,
        start=row.text("起算"),
        least=least,
        most=most,
        repairable=repairable,
        note=row.text("说明"),
    )


def _check(rule: KindRule, row: Row, earlier: Sequence[KindRule]) -> None:
    if rule.valid_to is not None and rule.valid_to < rule.valid_from:
        row.fault("CREDIT-E096", "至", "止于开始之前", "核对起止日期")
    if bool(rule.most) != bool(rule.start):
        row.fault("CREDIT-E096", "起算", "最长月数和起算要么都写，要么都不写", "核对这两格")
    if rule.most and rule.least > rule.most:
        row.fault("CREDIT-E096", "最短月数", "比最长月数还长", "核对两个月数")
    for other in earlier:
        if other.number == rule.number:
            row.fault("CREDIT-E095", "编号", "编号重复", "每条规则一个编号")
        if (other.kind, other.source) == (rule.kind, rule.source) and overlap(rule, other):
            step = "同一种记录在同一天只能有一条：先写明前一条的“至”"
            row.fault("CREDIT-E096", "自", f"与规则 {other.number} 的有效期重叠", step)
