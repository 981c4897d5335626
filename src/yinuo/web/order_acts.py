"""What a person can do about an order, as data: one line of the table below is one form."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from yinuo.commitments.commands import evidence
from yinuo.parties.viewer import Viewer
from yinuo.supervision.commands import order_steps
from yinuo.supervision.orders.steps import State
from yinuo.supervision.queries.order import OrderView
from yinuo.web.days import day
from yinuo.web.files import store
from yinuo.web.forms import orders as forms
from yinuo.web.forms.orders import OrderForm
from yinuo.web.offered import Offered


@dataclass(frozen=True)
class Filled:
    """What was filled in, by whom and when."""

    view: OrderView
    values: dict[str, Any]
    viewer: Viewer
    at: datetime

    @property
    def common(self) -> dict[str, Any]:
        """What every command is given."""
        return {"order": self.view.row.code, "by": self.viewer, "at": self.at}


@dataclass(frozen=True, kw_only=True)
class Act(Offered[OrderForm, Callable[[Filled], str]]):
    """One thing to do; its name is one of `steps.TRANSITIONS`."""

    side: str
    """`unit` or `office`: whose it is."""

    @property
    def path(self) -> str:
        """The name of its address."""
        return f"order_{self.name}"


def _sign(filled: Filled) -> str:
    order_steps.sign(**filled.common)
    return "已签收。"


def _reply(filled: Filled) -> str:
    kept = evidence.keep(files=filled.values["evidence"], store=store())
    order_steps.reply(note=filled.values["note"], files=kept, store=store(), **filled.common)
    return "已回复，现在等待督查单位审核。"


def _extend(filled: Filled) -> str:
    values = filled.values
    code = order_steps.ask_extension(due=values["due"], reason=values["reason"], **filled.common)
    return f"延期申请已提出，编号 {code}，现在等待督查人决定。"


def _accept(filled: Filled) -> str:
    order_steps.accept(note=filled.values["note"], **filled.common)
    return "审核通过，核实后可以销号。"


def _return(filled: Filled) -> str:
    values = filled.values
    order_steps.return_reply(note=values["note"], again_by=values["again_by"], **filled.common)
    return f"已退回，请单位在{day(values['again_by'])}之前再次回复。"


def _close(filled: Filled) -> str:
    order_steps.close(note=filled.values["note"], **filled.common)
    return "已核实并销号。"


def _reopen(filled: Filled) -> str:
    values = filled.values
    order_steps.reopen(note=values["note"], again_by=values["again_by"], **filled.common)
    return f"已重开，请单位在{day(values['again_by'])}之前再次回复。"


def _withdraw(filled: Filled) -> str:
    code = order_steps.withdraw(reason=filled.values["reason"], **filled.common)
    return f"撤销申请已提出，编号 {code}，现在等待另一名督查人决定。"


ACTS = (
    Act(
        name="sign",
        side="unit",
        title="签收",
        button="签收",
        after="签收后在回复时限之前回复；不属于本单位职责的，不要签收，请退回",
        form=forms.NoForm,
        run=_sign,
    ),
    Act(
        name="reply",
        side="unit",
        title="回复",
        button="提交回复",
        after="督查单位审核，可能退回补充；审核通过并核实后销号",
        form=forms.ReplyForm,
        run=_reply,
    ),
    Act(
        name="extend",
        side="unit",
        title="申请延期回复",
        button="提出申请",
        after="由督查人决定。到期之前提出的，决定之前不进入下一步；逾期后提出的照常进入下一步",
        form=forms.ExtendForm,
        run=_extend,
    ),
    Act(
        name="accept",
        side="office",
        title="审核通过",
        button="审核通过",
        after="还没有销号：核实属实后才销号",
        form=forms.AcceptForm,
        run=_accept,
    ),
    Act(
        name="close",
        side="office",
        title="核实并销号",
        button="销号",
        after="督办办结，编号销去；以后发现不实可以重开",
        form=forms.CloseForm,
        run=_close,
    ),
    Act(
        name="return",
        side="office",
        title="退回回复",
        button="退回",
        after="单位看到理由，在新的时限之前再次回复",
        form=forms.AgainForm,
        run=_return,
    ),
    Act(
        name="reopen",
        side="office",
        title="重开",
        button="重开",
        after="原来的核实结论和重开的理由都留在历史里，单位要再次回复",
        form=forms.AgainForm,
        run=_reopen,
    ),
    Act(
        name="withdraw",
        side="office",
        title="申请撤销",
        button="提出申请",
        after="由另一名督查人决定，决定之前照常办理",
        form=forms.WithdrawForm,
        run=_withdraw,
    ),
)
ACT_NAMED = {act.name: act for act in ACTS}


def order_sentence(view: OrderView) -> str:
    """Where an order stands, and whose turn it is, in one sentence."""
    row = view.row
    left = f"，{row.days_left}" if row.days_left else ""
    by = f"{day(row.reply_by)}之前回复{left}"
    sentences = {
        State.UNSIGNED: f"等{row.unit_name}签收，并在{by}。",
        State.GIVEN_BACK: f"{row.unit_name}退回了签收，等{row.office_name}处理。",
        State.TO_REPLY: f"等{row.unit_name}在{by}。",
        State.TO_REVIEW: f"{row.unit_name}已回复，等{row.office_name}审核。",
        State.TO_VERIFY: f"回复已审核，等{row.office_name}核实后销号。",
        State.CLOSED: "已核实并销号。",
        State.WITHDRAWN: "已撤销，不再要求回复。",
        State.BROKEN: "到期没有办，已认定未办。",
    }
    if view.returned:
        sentences[State.TO_REPLY] = f"等{row.unit_name}在{day(row.reply_by)}之前再次回复{left}。"
    return sentences[row.state]
