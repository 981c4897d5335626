"""The forms of supervision. Field names are the commands' own."""

from collections.abc import Iterable
from datetime import date

from django import forms

from yinuo.supervision.orders.steps import Step
from yinuo.supervision.queries.order import OrderView
from yinuo.web.forms.base import PlainForm, choice, civil_day, line, words
from yinuo.web.forms.evidence import ask_again, files_field
from yinuo.web.forms.office import offer

ASKED = {
    Step.PROMPT: "请核对进度，写明能否按期完成；不能的，写明原因和补救措施。",
    Step.ORDER: "请说明逾期或滞后的原因，写明整改措施、责任人和完成日期，并附证明材料。",
    Step.TALK: "请主要负责同志到会说明情况，会后书面回复整改措施和完成日期。",
    Step.MEMO: "请提出处置意见；责任单位书面说明未落实的原因。",
}
"""What is usually asked, to start from."""


class IssueForm(PlainForm):
    """The step to take on chosen commitments."""

    conditional = ("reason",)

    step = choice("采取", (), radio=True)
    commitments = forms.MultipleChoiceField(
        label="任务",
        widget=forms.MultipleHiddenInput,
        error_messages={"required": "请至少选一项任务"},
    )
    together = choice(
        "怎么写", [("together", "每个单位一份，写明它的全部任务"), ("each", "每项任务一份")]
    )
    asked = words("要求", hint="要单位做什么、说明什么")
    meeting_date = civil_day("约谈日期")
    meeting = line(
        "约谈人和地点",
        hint="写职务，不写姓名，如 分管副市长，市政府第二会议室",
        longest=120,
    )
    addressee = line("专报送", hint="如 市政府主要负责同志", longest=120)
    reason = forms.CharField(
        label="采取这一步的理由",
        required=False,
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="和规则表得出的一步不同时（越级、提前、没有要采取的步骤）必须写明",
        error_messages={"max_length": "最多 %(limit_value)d 字，现有 %(show_value)d 字"},
    )

    def __init__(
        self, *args: object, step: Step, steps: Iterable[tuple[str, str]], codes: Iterable[str]
    ) -> None:
        super().__init__(*args)  # type: ignore[arg-type]
        kept = list(codes)
        offer(self, "step", list(steps))
        offer(self, "commitments", [(code, code) for code in kept])
        self.fields["step"].initial = step.value
        self.fields["commitments"].initial = kept
        self.fields["together"].initial = "together"
        self.fields["asked"].initial = ASKED[step]
        if step is not Step.TALK:
            del self.fields["meeting_date"], self.fields["meeting"]
        if step is not Step.MEMO:
            del self.fields["addressee"]
        if len(kept) < 2:  # noqa: PLR2004  # one cannot be put together
            self.fields["together"].widget = forms.HiddenInput()


class ForgoForm(PlainForm):
    """Not to take a step now."""

    conditional = ("until",)

    commitments = forms.MultipleChoiceField(
        label="任务",
        widget=forms.MultipleHiddenInput,
        error_messages={
            "required": "请至少选一项任务",
            "invalid_choice": "%(value)s 现在没有要采取的步骤，请刷新页面",
        },
    )
    how = choice(
        "怎么处理",
        [("until", "暂缓，到某一天再看"), ("skip", "这一步不采取；情况变化后按规则表再看")],
    )
    until = civil_day("暂缓到", hint="从这一天起重新列入；选“不采取”时不填", required=False)
    reason = words("理由", hint="会记入账本，和这项任务的督导记录一起保存")

    def __init__(self, *args: object, codes: Iterable[str]) -> None:
        super().__init__(*args)  # type: ignore[arg-type]
        kept = list(codes)
        offer(self, "commitments", [(code, code) for code in kept])
        self.fields["commitments"].initial = kept

    def clean(self) -> dict[str, object]:
        """A day for what is put off."""
        cleaned: dict[str, object] = super().clean() or self.cleaned_data
        if cleaned.get("how") == "until" and not cleaned.get("until") and not self.errors:
            self.add_error("until", "请写暂缓到哪一天，或选“不采取”")
        return cleaned


class OrderForm(PlainForm):
    """A form that knows the order it is about."""

    def __init__(
        self, *args: object, view: OrderView, today: date, again_by: date, **kwargs: object
    ) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.view, self.today = view, today
        self.first_again_by = again_by
        self.prepare()

    def prepare(self) -> None:
        """Fit labels and limits to the order."""


class NoForm(OrderForm):
    """A step that asks for nothing more."""


class ReplyForm(OrderForm):
    """回复."""

    note = words(
        "回复",
        hint="逐项说明办理情况，写明完成日期；没有办完的写明原因和措施",
        missing="请填写回复",
        rows=8,
    )
    evidence = files_field()

    def prepare(self) -> None:
        """Files have to be chosen again when the form comes back."""
        ask_again(self)


class AcceptForm(OrderForm):
    """审核通过."""

    note = words("审核意见", hint="怎么核实：看现场、查系统、问服务对象", missing="请填写审核意见")


class CloseForm(OrderForm):
    """核实并销号."""

    note = words("核实情况", hint="怎么核实的，看到了什么", missing="请填写核实情况")


class AgainForm(OrderForm):
    """退回 or 重开: the unit replies anew."""

    note = words("理由", hint="缺什么，哪里不实；单位会看到", missing="请填写理由")
    again_by = civil_day("再次回复的时限", hint="最后一天，当天回复不算逾期")

    def prepare(self) -> None:
        """By the table."""
        self.fields["again_by"].initial = self.first_again_by


class WithdrawForm(OrderForm):
    """申请撤销."""

    reason = words("理由", hint="为什么撤销，如 任务已终止、发错单位")


class ExtendForm(OrderForm):
    """申请延期."""

    due = civil_day("新的回复时限")
    reason = words("理由", hint="为什么需要更多时间；到新时限能做到什么")

    def prepare(self) -> None:
        """Say what stands now."""
        last = self.view.row.reply_by
        said = f"现在的时限：{last}"
        if last < self.today:
            said += "。已过时限，会记为逾期后提出，不影响督查单位采取下一步"
        self.fields["due"].help_text = said
