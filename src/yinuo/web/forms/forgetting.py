"""Asking that a person be forgotten in credit data, deciding it, and carrying it out."""

from django import forms

from yinuo.web.forms.base import PlainForm, choice, line
from yinuo.web.forms.erasures import LAW, AskErasureForm, DecideErasureForm

LONGEST = 40


def _number(hint: str) -> forms.CharField:
    field = line("公民身份号码", hint=hint, longest=LONGEST)
    field.widget.attrs |= {"autocomplete": "off", "spellcheck": "false"}
    return field


class AskForgettingForm(AskErasureForm):
    """Whose records must go, and on what ground."""

    number = _number("只随表单提交，不出现在网址里，也不写进申请")
    ground = choice("依据", (), hint=f"{LAW}中的一项，写进账本")
    field_order = ("number", "ground")


class DecideForgettingForm(DecideErasureForm):
    """Yes or no, neither of them suggested; a refusal says why."""

    decision = choice("决定", [("approve", "批准，交信用中心执行"), ("refuse", "不予删除")])


class CarryOutForm(PlainForm):
    """The number once more, and that it cannot be undone."""

    number = _number("申请里没有号码，照原来的材料再填一次；与申请时不同的，什么也不会删除")
    sure = forms.BooleanField(
        label="我已核对号码，知道删除以后不能恢复",
        error_messages={"required": "请确认"},
    )
