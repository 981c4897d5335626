"""Forms about outlets of events."""

from collections.abc import Iterable
from typing import Any

from django import forms

from yinuo.web.forms.base import PlainForm, line

KINDS = (
    ("cn.yinuo.case.", "办件：收件、受理、办结、送达、撤件"),
    ("cn.yinuo.case_event.", "办件的计时：暂停、恢复、延长"),
    ("cn.yinuo.joint.", "联办"),
    ("cn.yinuo.item_version.", "事项的版本"),
    ("cn.yinuo.commitment.", "承诺"),
)
"""Beginnings of the types that leave, as in docs/reference/case-events.md."""


class HookForm(PlainForm):
    """申请订阅."""

    code = line("编号", hint="小写字母、数字和短横，如 province；以后不变", longest=39)
    title = line("接收方", hint="哪个单位的哪个系统", longest=100)
    url = line(
        "推送地址", hint="https:// 开头；留空就由对方用令牌来取", required=False, longest=500
    )
    types = forms.MultipleChoiceField(
        label="要哪些事件",
        help_text="都不选就是全部",
        required=False,
        choices=KINDS,
        widget=forms.CheckboxSelectMultiple,
    )
    units = forms.MultipleChoiceField(
        label="只要这些单位的",
        help_text="都不选就是全部单位",
        required=False,
        widget=forms.SelectMultiple(attrs={"size": 8}),
    )
    items = line("只要这些事项的", hint="事项编号，几个的用空格隔开", required=False, longest=300)
    from_start = forms.BooleanField(
        label="从账本开头起",
        help_text="不勾选就从现在起；勾选会补送以前的全部事件",
        required=False,
    )

    def __init__(self, *args: Any, all_units: Iterable[tuple[str, str]], **kwargs: Any) -> None:  # noqa: ANN401
        super().__init__(*args, **kwargs)
        field = self.fields["units"]
        assert isinstance(field, forms.MultipleChoiceField)  # noqa: S101  # declared above
        field.choices = list(all_units)

    def clean_items(self) -> tuple[str, ...]:
        """The codes."""
        return tuple(str(self.cleaned_data["items"]).replace("、", " ").split())
