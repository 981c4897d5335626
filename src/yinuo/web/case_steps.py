"""What people do about a case, as data: one line of the table below is one form."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from yinuo.cases.commands import accept, clock, correct, decide, declarations, deferrals, versions
from yinuo.cases.commands.consents import use_register
from yinuo.cases.commands.materials import DECLARE, HELD
from yinuo.cases.life import Accepted, MaterialState
from yinuo.cases.queries.case import CaseView
from yinuo.cases.shown.views import MaterialView
from yinuo.parties.viewer import Viewer
from yinuo.web.files import store
from yinuo.web.forms import cases as forms
from yinuo.web.forms.cases import CaseForm
from yinuo.web.held import registers
from yinuo.web.offered import Offered


@dataclass(frozen=True)
class Filled:
    """A valid form, by whom and when."""

    it: CaseView
    form: CaseForm
    viewer: Viewer
    at: datetime

    def pass_on(self, command: Callable[..., object]) -> object:
        """Call a command with what the form holds, by its own names."""
        values: dict[str, Any] = self.form.values()
        return command(case=self.it.code, by=self.viewer, at=self.at, **values)


def always(_it: CaseView) -> bool:
    """A step that its action alone opens."""
    return True


@dataclass(frozen=True, kw_only=True)
class CaseStep(Offered[CaseForm, Callable[[Filled], str]]):
    """One thing to do."""

    action: str
    """As in `CaseView.actions`."""
    fits: Callable[[CaseView], bool] = always
    """Whether the case is such that the step makes sense."""
    leading: bool = False
    """Whether it may be the one filled button of the page."""

    @property
    def path(self) -> str:
        """Last part of its address."""
        return self.name.replace("_", "-")

    @property
    def route(self) -> str:
        """Name of its URL."""
        return f"case_{self.name}"


def _said(command: Callable[..., object], done: str) -> Callable[[Filled], str]:
    def run(filled: Filled) -> str:
        filled.pass_on(command)
        return done

    return run


def _decide_extension(filled: Filled) -> str:
    values = filled.form.values()
    del values["version"]  # the request is decided once, whatever else became of the case
    clock.decide_extension(by=filled.viewer, at=filled.at, **values)
    return "延期已批准，期限已重新计算。" if values["grant"] else "延期没有批准，期限不变。"


def _missing(it: CaseView) -> list[MaterialView]:
    return [m for m in it.materials if m.state == MaterialState.MISSING]


def _nothing_missing(it: CaseView) -> bool:
    return not _missing(it)


def _may_all_wait(it: CaseView) -> bool:
    missing = _missing(it)
    return bool(missing) and all(m.deferrable for m in missing)


def _all_declared(it: CaseView) -> bool:
    missing = _missing(it)
    return bool(missing) and all(m.wish == DECLARE for m in missing)


def _some_declared(it: CaseView) -> bool:
    return any(m.wish == DECLARE for m in _missing(it)) and not _all_declared(it)


def _accept(filled: Filled) -> str:
    declared = any(m.state == MaterialState.DECLARED for m in filled.it.materials)
    how = Accepted.ON_DECLARATION if declared else Accepted.PLAIN
    values = filled.form.values()
    accept.accept(case=filled.it.code, how=how, by=filled.viewer, at=filled.at, **values)
    return "已受理，时限开始计算。"


def _accept_with_gaps(filled: Filled) -> str:
    made = deferrals.accept_with_gaps(
        case=filled.it.code, by=filled.viewer, at=filled.at, **filled.form.values()
    )
    return f"已容缺受理，时限开始计算；信用承诺书 {'、'.join(made)}。"


def _accept_on_declaration(filled: Filled) -> str:
    code = filled.pass_on(declarations.accept_on_declaration)
    return f"已按告知承诺受理，时限开始计算；信用承诺书 {code}。"


def _wants_held(it: CaseView) -> bool:
    return any(m.wish == HELD for m in _missing(it))


def _use_held(filled: Filled) -> str:
    wanted = [m.key for m in _missing(filled.it) if m.wish == HELD]
    for key in wanted:
        use_register(
            case=filled.it.code,
            key=key,
            source=registers(),
            store=store(),
            by=filled.viewer,
            at=filled.at,
        )
    return f"已取得 {len(wanted)} 份材料，用途和时间已记下。"


def _sign_declaration(filled: Filled) -> str:
    return f"告知承诺书已收下，信用承诺书 {filled.pass_on(declarations.sign)}。"


STEPS = {
    step.name: step
    for step in (
        CaseStep(
            name="decide_extension",
            action="decide_extension",
            title="批准延期",
            button="作出决定",
            before="只有主管单位的督查人可以批准，且不能是申请人自己",
            after="批准的，两个时限按新的日期计算，申请人和办理单位都会看到理由",
            form=forms.DecideExtensionForm,
            run=_decide_extension,
            leading=True,
        ),
        CaseStep(
            name="accept",
            action="accept",
            title="受理",
            button="受理",
            before="必要材料都在",
            after="从这一刻起两个时限开始计算，申请人在查询页面看到",
            form=forms.AtForm,
            run=_accept,
            fits=_nothing_missing,
            leading=True,
        ),
        CaseStep(
            name="accept_gap",
            action="accept",
            title="容缺受理",
            button="容缺受理",
            before="只有办事指南列为可容缺的材料可以后补，规则表同意、申请人作出承诺才行",
            after="时限开始计算；每份后补的材料成为申请人的一项承诺，附 20 项信用承诺书，到期提醒，"
            "逾期由另一人认定后果",
            form=forms.GapForm,
            run=_accept_with_gaps,
            fits=_may_all_wait,
            leading=True,
        ),
        CaseStep(
            name="accept_declared",
            action="accept",
            title="告知承诺受理",
            button="按告知承诺受理",
            before="规则表同意、申请人已阅读全文并承诺的，用一份告知承诺书代替所选的证明",
            after="时限开始计算；办结以后按比例核查，不实的责令整改，再不改的撤销",
            form=forms.AtForm,
            run=_accept_on_declaration,
            fits=_all_declared,
            leading=True,
        ),
        CaseStep(
            name="sign_declaration",
            action="accept",
            title="收下告知承诺书",
            button="收下",
            before="申请人对一部分材料选了告知承诺；其余材料另行补齐或容缺",
            after="所选的证明由承诺书代替；其余材料齐了或可以容缺，再受理",
            form=forms.BlankForm,
            run=_sign_declaration,
            fits=_some_declared,
            leading=True,
        ),
        CaseStep(
            name="use_held",
            action="accept",
            title="调取已有材料",
            button="调取",
            before="申请人已同意从共享来源取用，只用于办理本事项",
            after="取得的材料、来源、用途和时间都记下；来源里没有的，请申请人提交",
            form=forms.BlankForm,
            run=_use_held,
            fits=_wants_held,
            leading=True,
        ),
        CaseStep(
            name="ask_correction",
            action="ask_correction",
            title="一次告知补正",
            button="告知申请人",
            before="法律要求在收件之日起五个工作日内一次告知全部内容，逾期不告知的视为受理",
            after="申请人在查询页面看到要补什么，可以直接上传；补正以后回到待受理",
            form=forms.CorrectionForm,
            run=_said(correct.ask, "已一次告知，等申请人补正。"),
        ),
        CaseStep(
            name="refuse",
            action="refuse",
            title="不予受理",
            button="不予受理",
            after="办件结束，理由原样告诉申请人",
            form=forms.RefuseForm,
            run=_said(accept.refuse, "已不予受理。"),
        ),
        CaseStep(
            name="decide",
            action="decide",
            title="办结",
            button="作出决定",
            before="受理人不能自己作决定，即办件除外",
            after="时限停止计算，按时与否即刻可见；接着要在送达期限内送达",
            form=forms.DecideForm,
            run=_said(decide.decide, "已办结，等待送达。"),
            leading=True,
        ),
        CaseStep(
            name="deliver",
            action="deliver",
            title="送达",
            button="已送达",
            after="办件了结；申请人可以评价",
            form=forms.AtForm,
            run=_said(decide.deliver, "已记下送达。"),
            leading=True,
        ),
        CaseStep(
            name="resume",
            action="resume",
            title="恢复计时",
            button="恢复计时",
            after="时限从这一刻接着算，新的期限即刻可见",
            form=forms.ResumeForm,
            run=_said(clock.resume, "已恢复计时。"),
            leading=True,
        ),
        CaseStep(
            name="stop",
            action="stop",
            title="暂停计时",
            button="暂停计时",
            before="只有办事指南列明的事由可以暂停；要把所需时间书面告诉申请人（行政许可法第四十五条）",
            after="暂停期间不计入它适用的时限；临近到期才暂停、事后才登记的会被标出",
            form=forms.StopForm,
            run=_said(clock.stop, "已暂停计时。"),
        ),
        CaseStep(
            name="ask_extension",
            action="ask_extension",
            title="申请延期",
            button="提出申请",
            after="由主管单位另一人批准；批准以前期限不变",
            form=forms.ExtensionForm,
            run=_said(clock.ask_extension, "延期申请已提出，等待批准。"),
        ),
        CaseStep(
            name="remove_event",
            action="remove_event",
            title="作废记错的计时",
            button="作废",
            after="期限按没有这次记录重新计算，原记录留在账本上",
            form=forms.RemoveForm,
            run=_said(clock.remove, "已作废，期限已重新计算。"),
        ),
        CaseStep(
            name="withdraw",
            action="withdraw",
            title="撤件",
            button="撤件",
            before="只在申请人要求时",
            after="办件结束，不影响以后再申请",
            form=forms.ReasonForm,
            run=_said(accept.withdraw, "已撤件。"),
        ),
        CaseStep(
            name="reopen",
            action="reopen",
            title="重开",
            button="重开",
            after="时限接着计算，如同没有办结过；重开的次数会一直显示",
            form=forms.ReasonForm,
            run=_said(decide.reopen, "已重开。"),
        ),
        CaseStep(
            name="revoke",
            action="revoke",
            title="撤销",
            button="撤销",
            before="作决定的人不能自己撤销",
            after="已作出的决定失效，理由原样告诉申请人",
            form=forms.ReasonForm,
            run=_said(decide.revoke, "已撤销。"),
        ),
        CaseStep(
            name="improve",
            action="improve",
            title="改用新版办事指南",
            button="改用新版",
            after="只有全部变化都对申请人有利时才会成功",
            form=forms.BlankForm,
            run=_said(versions.improve, "已改用现行版本。"),
        ),
    )
}
"""In the order in which they are offered."""


def offered(it: CaseView) -> list[CaseStep]:
    """The steps open to the viewer."""
    return [step for step in STEPS.values() if step.action in it.actions and step.fits(it)]
