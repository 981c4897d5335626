"""The steps a person can take on a commitment, as data: one line of the table below is one form."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from yinuo.commitments.commands import change, curve, evidence, judge, publish, waiting
from yinuo.commitments.life import OUTCOME_LABELS, ChangeKind, Visibility
from yinuo.commitments.queries.detail import Detail
from yinuo.goals.commands import judging
from yinuo.parties.viewer import Viewer
from yinuo.web.files import store
from yinuo.web.forms import steps as forms
from yinuo.web.forms.curves import CurveForm
from yinuo.web.forms.steps import StepForm
from yinuo.web.forms.waits import ClaimForm
from yinuo.web.offered import Offered


@dataclass(frozen=True)
class Filled:
    """What was filled in, by whom and when."""

    detail: Detail
    values: dict[str, Any]
    viewer: Viewer
    at: datetime

    @property
    def common(self) -> dict[str, Any]:
        """The arguments of every command that must not act on a version nobody looked at."""
        return {
            "commitment": self.detail.row.code,
            "by": self.viewer,
            "at": self.at,
            "version": self.values["version"],
        }


@dataclass(frozen=True, kw_only=True)
class Step(Offered[StepForm, Callable[[Filled], str]]):
    """One thing to do; its name is one of `Detail.actions`."""

    path: str
    """Last part of its address, and its URL name."""
    side: str
    """`debtor` or `creditor`: whose step it is."""
    primary: bool = False
    """Whether it may be the one filled button of the page."""


def _report(filled: Filled) -> str:
    values = filled.values
    code = evidence.report(
        commitment=filled.detail.row.code,
        as_of_date=values["as_of_date"],
        value=values.get("value", ""),
        note=values["note"],
        files=evidence.keep(files=values["evidence"], store=store()),
        store=store(),
        by=filled.viewer,
        at=filled.at,
    )
    return f"进展已报送，编号 {code}。"


def _deliver(filled: Filled) -> str:
    values = filled.values
    evidence.deliver(
        delivered_date=values["delivered_date"],
        note=values["note"],
        files=evidence.keep(files=values["evidence"], store=store()),
        store=store(),
        **filled.common,
    )
    return "已申请销号，现在等待督查人核实。"


def _ask(kind: ChangeKind, filled: Filled, new: dict[str, Any]) -> str:
    code = change.ask(kind=kind, new=new, reason=filled.values["reason"], **filled.common)
    return f"申请已提出，编号 {code}，现在等待另一人决定。"


def _move(filled: Filled) -> str:
    return _ask(ChangeKind.MOVED, filled, {"due": filled.values["due"].isoformat()})


def _claim_wait(filled: Filled) -> str:
    values = filled.values
    code = waiting.claim(
        commitment=filled.detail.row.code,
        on_unit=values["on_unit"],
        since_date=values["since_date"],
        what=values["what"],
        by=filled.viewer,
        at=filled.at,
    )
    return f"卡点已提出，编号 {code}，现在等待对方单位确认。"


def _set_curve(filled: Filled) -> str:
    made = curve.set_curve(text=filled.values["curve"], **filled.common)
    return f"序时进度已写明，共 {len(made.points)} 个节点。"


def _part(filled: Filled) -> str:
    return _ask(ChangeKind.KEPT_IN_PART, filled, {})


def _verify(filled: Filled) -> str:
    outcome = judging.verify(note=filled.values["note"], **filled.common)
    return f"已核实，结果：{OUTCOME_LABELS[outcome]}。"


def _reject(filled: Filled) -> str:
    judge.reject(note=filled.values["note"], **filled.common)
    return "已退回，承诺恢复为进行中。"


def _broken(filled: Filled) -> str:
    judge.find_broken(note=filled.values["note"], **filled.common)
    return "已认定未兑现。"


def _waive(filled: Filled) -> str:
    judge.waive(note=filled.values["note"], **filled.common)
    return "已免除。"


def _overturn(filled: Filled) -> str:
    broken = filled.values["result"] == "broken"
    judging.overturn(note=filled.values["note"], broken=broken, **filled.common)
    return "核实结论已推翻，" + ("认定未兑现。" if broken else "承诺恢复为进行中。")


def _publish(filled: Filled) -> str:
    visibility = Visibility(filled.values["visibility"])
    publish.publish(
        commitments=[filled.detail.row.code],
        visibility=visibility,
        by=filled.viewer,
        at=filled.at,
    )
    return "公开类型已改。"


STEPS = (
    Step(
        name="report",
        path="report",
        side="debtor",
        title="报送进展",
        button="报送",
        before="请准备：截至日期、累计完成数、进展说明，有佐证材料的一并上传",
        after="报送后不能改，可以再报一次。进展由责任单位自己说明，不算已兑现",
        primary=True,
        form=forms.ReportForm,
        run=_report,
    ),
    Step(
        name="deliver",
        path="deliver",
        side="debtor",
        title="申请销号",
        button="申请销号",
        before="请准备：完成日期、可以查实的完成情况，以及能证明它的文件或照片",
        after="提交后由督查人核实。核实之前显示为“待核实”，不算已兑现",
        form=forms.DeliverForm,
        run=_deliver,
    ),
    Step(
        name="ask_move",
        path="move",
        side="debtor",
        title="申请调整时限",
        button="提出申请",
        before="请准备：新的时限，以及理由",
        after="由另一人决定。决定之前时限不变；申请、理由和决定都会留在历史里，原定时限始终显示",
        form=forms.MoveForm,
        run=_move,
    ),
    Step(
        name="claim_wait",
        path="claim-wait",
        side="debtor",
        title="提出卡点",
        button="提出",
        before="请准备：在等哪个单位、从哪一天起、等它办什么",
        after="对方单位可以看到这项承诺，并认可或提出异议；有异议的由督查人裁定。公众看不到卡点",
        form=ClaimForm,
        run=_claim_wait,
    ),
    Step(
        name="set_curve",
        path="plan",
        side="debtor",
        title="写明序时进度",
        button="写明",
        before="请准备：计划在哪一天累计完成多少，可从 Excel 复制两列",
        after="报送的进展从此与这份计划相比，得出红黄绿灯。写明后不能直接改，要申请、由督查人决定",
        form=CurveForm,
        run=_set_curve,
    ),
    Step(
        name="verify",
        path="verify",
        side="creditor",
        title="核实",
        button="核实为已兑现",
        after="结果按申报的完成日期和时限得出：按期、调整后或逾期兑现",
        primary=True,
        form=forms.VerifyForm,
        run=_verify,
    ),
    Step(
        name="reject",
        path="reject",
        side="creditor",
        title="退回",
        button="退回",
        after="承诺恢复为进行中，责任单位可以补充后再次申请",
        form=forms.NoteForm,
        run=_reject,
    ),
    Step(
        name="ask_part",
        path="part",
        side="creditor",
        title="申请认定部分兑现",
        button="提出申请",
        after="由另一名督查人决定",
        form=forms.PartForm,
        run=_part,
    ),
    Step(
        name="find_broken",
        path="broken",
        side="creditor",
        title="认定未兑现",
        button="认定未兑现",
        after="结论和理由记入历史，不能撤回",
        primary=True,
        form=forms.NoteForm,
        run=_broken,
    ),
    Step(
        name="publish",
        path="publish",
        side="creditor",
        title="公开前保密审查",
        button="确定公开类型",
        before="请先确认：内容、说明和历史中没有涉密和个人信息",
        after="选“主动公开”后，这项承诺和它的全部历史任何人都能看到",
        primary=True,
        form=forms.PublishForm,
        run=_publish,
    ),
    Step(
        name="waive",
        path="waive",
        side="creditor",
        title="免除",
        button="免除",
        after="这项承诺不用再履行，不计入已兑现",
        form=forms.NoteForm,
        run=_waive,
    ),
    Step(
        name="overturn",
        path="overturn",
        side="creditor",
        title="推翻核实结论",
        button="推翻结论",
        after="原结论和推翻的理由都留在历史里",
        form=forms.OverturnForm,
        run=_overturn,
    ),
    Step(
        name="withhold",
        path="withhold",
        side="creditor",
        title="取消公开",
        button="取消公开",
        after="公众不再看到这项承诺。取消公开本身也记入账本",
        form=forms.WithholdForm,
        run=_publish,
    ),
)
BY_NAME = {step.name: step for step in STEPS}
CHANGE = "ask_change"
"""The one action with a choice before its form; see `views/changes.py`."""
