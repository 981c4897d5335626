"""The Chinese words for states, steps and columns, as pages show them."""

from dataclasses import dataclass
from datetime import date

from yinuo.commitments.life import OUTCOME_LABELS, STATUS_LABELS, Outcome, Status

VERBS = {
    "commitment.registered": "登记",
    "commitment.published": "公开审查",
    "commitment.delivered": "申请销号",
    "commitment.verified": "核实：已兑现",
    "commitment.rejected": "退回：未核实",
    "commitment.found_broken": "认定：未兑现",
    "commitment.waived": "免除",
    "commitment.overturned": "推翻核实结论，重新进行",
    "commitment.found_false": "推翻核实结论，认定未兑现",
    "commitment.moved": "时限已调整",
    "commitment.revised": "指标已调整",
    "commitment.rescoped": "内容已调整",
    "commitment.transferred": "责任单位已移交",
    "commitment.merged": "已并入另一承诺",
    "commitment.withdrawn": "任务终止",
    "commitment.corrected": "录入错误已更正",
    "commitment.kept_in_part": "认定：部分兑现",
    "cooperation.registered": "登记配合单位",
    "change.asked": "申请变更",
    "change.approved": "批准变更",
    "change.refused": "不批准变更",
    "report.made": "报送进展",
}
COLUMNS = {
    "title": "承诺内容",
    "kind": "类型",
    "heading": "所属目标",
    "parent_id": "上级承诺",
    "area": "责任地区",
    "note": "说明",
    "lead_id": "责任单位",
    "creditor": "承诺对象",
    "operator": "比较方式",
    "value": "数值",
    "unit": "单位",
    "tolerance": "允许偏差",
    "baseline": "基数",
    "due": "完成时限",
    "due_original": "原定时限",
    "status": "状态",
    "outcome": "结果",
    "delivered_date": "申报完成日期",
    "visibility": "公开类型",
    "merged_into_id": "并入",
    "as_of_date": "截至",
    "unit_id": "单位",
}
ORIGINS = {"text": "", "inferred": "推定", "none": "未明确"}
UNDATED = "未定时限"
UNOWNED = "未明确责任单位"


@dataclass(frozen=True)
class Mark:
    """A state as shape and word; the tone only adds colour."""

    shape: str
    word: str
    tone: str
    """`kept`, `broken`, `overdue`, `waiting` or `plain`."""


def is_overdue(status: str, due: date | None, today: date) -> bool:
    """Open and past its present deadline."""
    return status == Status.OPEN and due is not None and due < today


def mark(*, status: str, outcome: str, due: date | None, today: date) -> Mark:
    """The state of a commitment as a page shows it; 逾期 is `due < today` while open."""
    if status == Status.KEPT:
        return Mark("✓", OUTCOME_LABELS[Outcome(outcome)], "kept")
    if status == Status.BROKEN:
        return Mark("✕", OUTCOME_LABELS[Outcome.BROKEN], "broken")
    if status == Status.DELIVERED:
        return Mark("◆", "待核实", "waiting")
    if status != Status.OPEN:
        return Mark("–", STATUS_LABELS[Status(status)], "plain")
    if is_overdue(status, due, today):
        return Mark("■", "逾期", "overdue")
    return Mark("○", UNDATED, "plain") if due is None else Mark("·", "进行中", "plain")


def days_left(due: date | None, today: date) -> str:
    """The distance to a deadline in words."""
    if due is None:
        return ""
    days = (due - today).days
    if days < 0:
        return f"已逾期 {-days:,} 天"
    return "今天到期" if days == 0 else f"还有 {days:,} 天"
