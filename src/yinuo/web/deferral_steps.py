"""What people do about gaps and declarations, as data: one line of the tables below is one form."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from yinuo.cases.commands import checks, declarations, deferrals
from yinuo.cases.deferrals.life import Consequence
from yinuo.commitments.life import OUTCOME_LABELS, Outcome
from yinuo.parties.viewer import Viewer
from yinuo.web.files import store
from yinuo.web.forms import deferrals as forms
from yinuo.web.forms.base import PlainForm
from yinuo.web.offered import Offered


@dataclass(frozen=True)
class Filled:
    """A valid form, about what, by whom and when."""

    code: str
    form: PlainForm
    viewer: Viewer
    at: datetime

    def said(self, name: str) -> str:
        """What was written in a field."""
        return str(self.form.cleaned_data[name])


@dataclass(frozen=True, kw_only=True)
class PromiseStep(Offered[PlainForm, Callable[[Filled], str]]):
    """One thing to do."""

    action: str
    """As in the `actions` of what it is about."""


def _hand_in(filled: Filled) -> str:
    assert isinstance(filled.form, forms.BroughtForm)  # noqa: S101  # as the table says
    brought = filled.form.given()
    deferrals.hand_in(
        deferral=filled.code, store=store(), by=filled.viewer, at=filled.at, **brought
    )
    return "材料已收下，等办理单位另一人核对。"


def _confirm(filled: Filled) -> str:
    outcome = deferrals.confirm(
        deferral=filled.code, note=filled.said("note"), by=filled.viewer, at=filled.at
    )
    return f"材料已核对：{OUTCOME_LABELS[Outcome(outcome)]}。"


def _turn_down(filled: Filled) -> str:
    deferrals.turn_down(
        deferral=filled.code, note=filled.said("note"), by=filled.viewer, at=filled.at
    )
    return "材料已退回，补交期限不变。"


def _default(filled: Filled) -> str:
    deferrals.default(
        deferral=filled.code,
        consequence=Consequence(filled.said("consequence")),
        note=filled.said("note"),
        by=filled.viewer,
        at=filled.at,
    )
    return "已认定未兑现，记入信用承诺书。"


def _mend(filled: Filled) -> str:
    deferrals.mend(deferral=filled.code, note=filled.said("note"), by=filled.viewer, at=filled.at)
    return "补救已登记；未兑现的记录不变。"


def _release(filled: Filled) -> str:
    deferrals.release(
        deferral=filled.code, reason=filled.said("reason"), by=filled.viewer, at=filled.at
    )
    return "这份材料不必再补。"


OF_DEFERRALS = (
    PromiseStep(
        name="hand-in",
        action="hand_in",
        title="收下补交的材料",
        button="收下",
        after="办理单位的另一人核对；逾期补交的照收，记为逾期兑现",
        form=forms.BroughtForm,
        run=_hand_in,
    ),
    PromiseStep(
        name="confirm",
        action="judge",
        title="核对补交的材料",
        button="符合要求",
        before="请先打开办件里的文件看过",
        after="承诺按补交的日期记为按期或逾期兑现，写入信用承诺书",
        form=forms.ConfirmForm,
        run=_confirm,
    ),
    PromiseStep(
        name="turn-down",
        action="judge",
        title="退回补交的材料",
        button="退回",
        after="申请人要在原来的期限以前重新补交",
        form=forms.NoteForm,
        run=_turn_down,
    ),
    PromiseStep(
        name="default",
        action="default",
        title="认定未兑现",
        button="认定未兑现",
        before="补交期限已过。认定由受理人以外的人作出；撤销由作出决定以外的人作出",
        after="写入信用承诺书；补救以前，这个申请人不能再容缺",
        form=forms.DefaultForm,
        run=_default,
    ),
    PromiseStep(
        name="mend",
        action="mend",
        title="登记补救",
        button="登记",
        after="未兑现的记录不变，另记补救的日期；以后可以再容缺",
        form=forms.NoteForm,
        run=_mend,
    ),
    PromiseStep(
        name="release",
        action="release",
        title="不必再补",
        button="不必再补",
        after="承诺记为免除，不算未兑现",
        form=forms.ReasonForm,
        run=_release,
    ),
)


def _check(filled: Filled) -> str:
    values = filled.form.cleaned_data
    checks.record_check(
        declaration=filled.code,
        met=values["result"] == "met",
        found=values["found"],
        order_by=values["order_by"],
        by=filled.viewer,
        at=filled.at,
    )
    done = {"met": "已认定属实。", "rectify": "已责令限期整改，整改以前暂停使用办理结果。"}
    return done.get(values["result"], "已认定承诺不实，决定已撤销，记入信用承诺书。")


def _mend_untrue(filled: Filled) -> str:
    checks.mend(declaration=filled.code, note=filled.said("note"), by=filled.viewer, at=filled.at)
    return "改正已登记；承诺不实的记录不变。"


def _let_go(filled: Filled) -> str:
    declarations.let_go(
        declaration=filled.code, reason=filled.said("reason"), by=filled.viewer, at=filled.at
    )
    return "这份承诺不再核查。"


def _withdraw(filled: Filled) -> str:
    declarations.withdraw(
        declaration=filled.code, reason=filled.said("reason"), by=filled.viewer, at=filled.at
    )
    return "承诺已撤回，请申请人提交证明材料。"


OF_DECLARATIONS = (
    PromiseStep(
        name="check",
        action="check",
        title="登记核查结果",
        button="登记",
        before="核查由受理人以外的人登记；认定不实的，由作出决定以外的人登记",
        after="属实的记为兑现；责令整改的到期复查；不实的撤销决定，写入信用承诺书",
        form=forms.CheckForm,
        run=_check,
    ),
    PromiseStep(
        name="mend",
        action="mend",
        title="登记改正",
        button="登记",
        after="承诺不实的记录不变，另记改正的日期；以后可以再用告知承诺",
        form=forms.NoteForm,
        run=_mend_untrue,
    ),
    PromiseStep(
        name="let-go",
        action="let_go",
        title="不再核查",
        button="不再核查",
        after="承诺记为免除，既不算兑现，也不算不实",
        form=forms.ReasonForm,
        run=_let_go,
    ),
    PromiseStep(
        name="withdraw",
        action="withdraw",
        title="代申请人撤回承诺",
        button="撤回",
        before="申请人在办结以前可以撤回承诺",
        after="申请人提交证明材料，走普通程序",
        form=forms.ReasonForm,
        run=_withdraw,
    ),
)
