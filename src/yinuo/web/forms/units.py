"""Asking that units end and another owe in their place, and deciding on it."""

from django import forms

from yinuo.parties.queries import UnitView
from yinuo.web.forms.base import PlainForm, choice, civil_day, line


class SuccessionForm(PlainForm):
    """Which units end, who takes their place, from when, on what basis."""

    units = forms.MultipleChoiceField(
        label="撤并或更名的单位",
        help_text="可以选几个：几个单位合并为一个时一起选",
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": "请至少选一个单位",
            "invalid_choice": "请选择列出的单位",
        },
    )
    successor = choice("承接单位", (), hint="更名的，先登记新名称的单位", radio=False)
    effective_date = civil_day("生效日期", hint="承接单位开始负责的第一天；当天或以后才能批准")
    basis_title = line("依据文件", hint="例如：关于某某局机构改革的通知", longest=200)
    basis_number = line("发文字号", hint="例如 大委办发〔2024〕15号", required=False, longest=80)

    def __init__(self, *args: object, offered: tuple[UnitView, ...], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        named = [(unit.code, f"{unit.name}（{unit.code}）") for unit in offered]
        for name, choices in (("units", named), ("successor", [("", "请选择"), *named])):
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)  # noqa: S101  # declared above
            field.choices = choices


class DecideSuccessionForm(PlainForm):
    """Yes or no; a refusal needs a reason."""

    conditional = ("reason",)

    decision = choice("决定", [("approve", "批准"), ("refuse", "不予批准")])
    reason = forms.CharField(
        label="理由",
        required=False,
        max_length=4_000,
        help_text="不予批准时必填",
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"max_length": "最多 %(limit_value)d 字，现有 %(show_value)d 字"},
    )
