"""Forms about policies and their money."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from yinuo.kernel.errors import YinuoError
from yinuo.kernel.money import to_fen
from yinuo.web.forms.base import PlainForm, VersionedForm, decimal_of, line, words

MOST_BYTES = 8 * 1024 * 1024


def _file(label: str, hint: str) -> forms.FileField:
    return forms.FileField(
        label=label,
        help_text=hint,
        error_messages={"required": f"请选择{label}", "empty": "文件是空的"},
    )


class MoneyField(forms.CharField):
    """An amount in 元; cleaned to whole 分."""

    def clean(self, value: Any) -> int:  # noqa: ANN401  # as in Django
        """Raises `ValidationError`."""
        typed = super().clean(value)
        try:
            return to_fen(decimal_of(typed), "元")
        except (YinuoError, ArithmeticError) as error:
            raise ValidationError("请写成 1234.56，单位元") from error


class PolicyFileForm(PlainForm):
    """起草政策."""

    file = _file("政策文件", "TOML 文件，文件名就是政策编码，如 staff-training.toml")

    def clean_file(self) -> Any:  # noqa: ANN401  # an upload
        """Refuse what no policy file can be."""
        found = self.cleaned_data["file"]
        if found.size > MOST_BYTES or not str(found.name).endswith(".toml"):
            raise ValidationError("请交 .toml 文件，不超过 8 MB")
        return found


class AccountsForm(PlainForm):
    """交账号表."""

    file = _file("账号表", "CSV 或 Excel，列名：兑现编号、统一社会信用代码、开户行、账号")


class ObjectForm(PlainForm):
    """公示异议."""

    reason = forms.CharField(
        label=_("为什么不该给"),
        help_text=_("写清事实和来源；不用写您是谁，只有兑现单位和监督的人看得到"),
        max_length=1_000,
        widget=forms.Textarea(attrs={"rows": 5}),
        error_messages={"required": _("请写明理由")},
    )


class WhyForm(VersionedForm):
    """写明理由."""

    reason = words("理由", hint="企业看得到，可以据此提出异议", rows=3)


class BankFileForm(VersionedForm):
    """交银行回单."""

    file = _file("银行回单", "CSV 或 Excel，列名：批次、序号、金额（元）、结果、日期、原因")


class ClawbackForm(PlainForm):
    """提出退回."""

    amount = MoneyField(label="退回金额（元）", error_messages={"required": "请填写退回金额"})
    reason = words("理由", hint="企业看得到", rows=3)


class OrderForm(VersionedForm):
    """批准退回."""

    days = forms.IntegerField(
        label="期限（工作日）",
        initial=20,
        min_value=1,
        max_value=366,
        error_messages={"required": "请填写期限", "invalid": "请填写整数"},
    )


class RepaidForm(VersionedForm):
    """登记退回."""

    amount = MoneyField(label="收到金额（元）", error_messages={"required": "请填写收到金额"})


class AccountForm(VersionedForm):
    """收款账号."""

    bank = forms.CharField(
        label=_("开户行"), max_length=80, error_messages={"required": _("请填写开户行")}
    )
    account = forms.CharField(
        label=_("账号"),
        max_length=40,
        help_text=_("只用于这笔资金；不公开，送银行时才用到全部数字"),
        error_messages={"required": _("请填写账号")},
    )


class FieldForm(VersionedForm):
    """补一项."""

    value = line(_("内容"), hint=_("只问这一项，填好马上就知道结果"), longest=80)

    def __init__(self, *args: Any, asked: str, **kwargs: Any) -> None:  # noqa: ANN401
        super().__init__(*args, **kwargs)
        self.fields["value"].label = asked
