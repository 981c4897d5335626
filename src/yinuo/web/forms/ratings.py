"""Forms about ratings: give one, and what is done about a bad one."""

from django import forms
from django.utils.translation import gettext_lazy as _

from yinuo.cases.commands.ratings import LONGEST
from yinuo.cases.problems.rating import LEVELS
from yinuo.commitments.spoken import spoken
from yinuo.web.forms.base import PlainForm, VersionedForm, choice, words


class RateForm(PlainForm):
    """评价一个环节."""

    conditional = ("said",)

    level = forms.TypedChoiceField(
        label=_("您满意吗"),
        choices=lambda: [(level, spoken("rating", word)) for level, word in LEVELS.items()],
        coerce=int,
        widget=forms.RadioSelect,
        error_messages={"required": _("请选择满意程度"), "invalid_choice": _("请选择满意程度")},
    )
    said = forms.CharField(
        label=_("想说的话"),
        required=False,
        max_length=LONGEST,
        help_text=_("不满意的请写明哪里不满意：一个工作日内联系您，十五个工作日内整改并回访"),
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"max_length": _("最多 %(limit_value)d 字，现有 %(show_value)d 字")},
    )


class ContactedForm(VersionedForm):
    """联系评价人."""

    note = words("联系的情况", hint="什么时候、怎样联系的，评价人说了什么", rows=4)


class RectifyForm(VersionedForm):
    """整改."""

    true_reason = choice("反映的情况", [("yes", "属实"), ("no", "不属实，已说明")])
    note = words("整改情况", hint="改了什么；不属实的写明核实的结果", rows=4)


class CallBackForm(VersionedForm):
    """回访."""

    content = choice("评价人", [("yes", "认可"), ("no", "不认可，继续整改")])
    note = words("回访情况", hint="告知了什么结果，评价人的意见", rows=4)
