"""The words for states, steps and columns, as pages show them in their language."""

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext, gettext_noop, ngettext

from yinuo.commitments.life import (
    CHANGE_LABELS,
    OUTCOME_LABELS,
    STATUS_LABELS,
    VISIBILITY_LABELS,
    ChangeKind,
    Outcome,
    Status,
    Visibility,
)
from yinuo.commitments.spoken import spoken

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
    "commitment.replanned": "序时进度已调整",
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
    "report.moved_by_series": "随指标更新进展",
    "binding.made": "连接指标",
    "binding.ended": "解除与指标的连接",
    "curve.set": "写明序时进度",
    "curve.replaced": "改写序时进度",
    "wait.claimed": "提出卡点",
    "wait.accepted": "对方认可卡点",
    "wait.disputed": "对方提出异议",
    "wait.upheld": "裁定：卡点成立",
    "wait.dismissed": "裁定：卡点不成立",
    "wait.ended": "等待结束",
    "wait.taken_back": "撤回卡点",
    "wait.closed": "卡点不再处理",
    "wait.succeeded": "由承接单位接续",
    "cooperation.ended": "配合单位终止",
    "evidence.handed_in": "提交佐证材料",
    "evidence.published": "公开审查",
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
    "curve": "序时进度",
    "due": "完成时限",
    "due_original": "原定时限",
    "status": "状态",
    "outcome": "结果",
    "delivered_date": "申报完成日期",
    "visibility": "公开类型",
    "merged_into_id": "并入",
    "as_of_date": "截至",
    "unit_id": "单位",
    "creditor_unit_id": "督查单位",
    "on_unit_id": "等待的单位",
    "claimed_by_unit_id": "提出单位",
    "since_date": "自何日起",
    "ended_date": "终止于",
}
ORIGINS = {"text": "", "inferred": "推定", "none": "未明确"}
UNDATED = gettext_noop("未定时限")
UNOWNED = gettext_noop("未明确责任单位")


def status_label(status: str) -> str:
    """Where a commitment stands, in words."""
    return spoken("state", STATUS_LABELS[Status(status)])


def outcome_label(outcome: str) -> str:
    """How a commitment ended, in words; empty while it has not."""
    return spoken("state", OUTCOME_LABELS[Outcome(outcome)]) if outcome else ""


def visibility_label(visibility: str) -> str:
    """Who may see a commitment, in words."""
    return spoken("visibility", VISIBILITY_LABELS[Visibility(visibility)])


def change_label(kind: str) -> str:
    """What a change alters, in words."""
    return spoken("change", CHANGE_LABELS[ChangeKind(kind)])


def verb_label(verb: str) -> str:
    """What was done, in words."""
    return spoken("step", VERBS[verb]) if verb in VERBS else verb


def column_label(column: str) -> str:
    """What a recorded column is called."""
    return spoken("column", COLUMNS[column])


def origin_label(origin: str) -> str:
    """Whether a term is our reading or missing, in words; empty where the document has it."""
    return spoken("origin", ORIGINS[origin]) if ORIGINS[origin] else ""


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
        return Mark("✓", outcome_label(outcome), "kept")
    if status == Status.BROKEN:
        return Mark("✕", outcome_label(Outcome.BROKEN), "broken")
    if status == Status.DELIVERED:
        return Mark("◆", spoken("state", "待核实"), "waiting")
    if status != Status.OPEN:
        return Mark("–", status_label(status), "plain")
    if is_overdue(status, due, today):
        return Mark("■", spoken("state", "逾期"), "overdue")
    undated = Mark("○", gettext(UNDATED), "plain")
    return undated if due is None else Mark("·", spoken("state", "进行中"), "plain")


def days_left(due: date | None, today: date) -> str:
    """The distance to a deadline in words."""
    if due is None:
        return ""
    days = (due - today).days
    if days < 0:
        said = ngettext("已逾期 %(days)s 天", "已逾期 %(days)s 天", -days)
        return said % {"days": f"{-days:,}"}
    if days == 0:
        return gettext("今天到期")
    return ngettext("还有 %(days)s 天", "还有 %(days)s 天", days) % {"days": f"{days:,}"}
