"""The forms about what one waits for (卡点): claim it, answer it, rule on it, end it."""

from datetime import date

from django import forms

from yinuo.parties.queries import public_units
from yinuo.web.forms.base import PlainForm, choice, civil_day, words
from yinuo.web.forms.steps import StepForm


class ClaimForm(StepForm):
    """提出卡点."""

    on_unit = choice("等待哪个单位", (), radio=False)
    since_date = civil_day("自哪一天起", hint="第一天开始等待的日子；早于昨天的会标“补录”")
    what = words(
        "等待的事项",
        hint="等对方办什么，什么时候、以什么方式提出过（文号、函件、会议）",
        missing="请填写等待的事项",
    )

    def prepare(self) -> None:
        """Offer every unit that exists but the debtor and the one that supervises."""
        self.not_after_today("since_date")
        field = self.fields["on_unit"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101  # declared above
        field.choices = [
            ("", "请选择"),
            *(
                (u.code, u.name)
                for u in public_units()
                if u.valid_to is None
                and u.code != self.detail.row.lead
                and u.name != self.detail.creditor_unit
            ),
        ]


class WaitForm(PlainForm):
    """One step on a claim; the day is that of the page."""

    def __init__(self, *args: object, since: date, today: date, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.since = since
        self.today = today
        self.prepare()

    def prepare(self) -> None:
        """Fit limits to the claim."""


class AnswerForm(WaitForm):
    """答复卡点."""

    conditional = ("note",)

    answer = choice("您单位的答复", [("accept", "认可"), ("dispute", "有异议")])
    note = forms.CharField(
        label="说明",
        required=False,
        max_length=4_000,
        help_text="有异议时必填：为什么不是在等您单位；认可时可以写明何时办结",
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"max_length": "最多 %(limit_value)d 字，现有 %(show_value)d 字"},
    )


class RuleForm(WaitForm):
    """裁定卡点."""

    ruling = choice("裁定", [("upheld", "成立"), ("dismissed", "不成立")])
    note = words("理由", hint="依据什么材料认定；两个单位都能看到", missing="请填写理由")


class EndForm(WaitForm):
    """等待结束."""

    ended_date = civil_day("等到的日期", hint="对方办结、送达的那一天；这一天不再计入等待")

    def prepare(self) -> None:
        """It came after the waiting began, and not in the future."""
        field = self.fields["ended_date"]
        field.initial = self.today
        field.widget.attrs |= {"min": self.since.isoformat(), "max": self.today.isoformat()}


class TakeBackForm(WaitForm):
    """撤回卡点."""

    note = forms.CharField(
        label="原因",
        required=False,
        max_length=4_000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"max_length": "最多 %(limit_value)d 字，现有 %(show_value)d 字"},
    )
