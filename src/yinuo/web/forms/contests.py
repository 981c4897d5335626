"""Forms of contested figures."""

from django import forms

from yinuo.supervision.queries.contestable import Contestable
from yinuo.web.forms.base import PlainForm, VersionedForm, choice, line, words
from yinuo.web.forms.evidence import files_field


class FileContestForm(PlainForm):
    """提出异议."""

    field = choice("哪个数字", ())
    own_figure = line("您单位的数字", hint="连单位一起写，如：15 个", longest=120)
    reason = words("理由", hint="为什么现在显示的不对", rows=4)
    source = words(
        "来源", hint="您单位的数字从哪里来：文件、台账、统计表", missing="请写明来源", rows=2
    )
    evidence = files_field()

    def __init__(self, *args: object, held: Contestable, chosen: str, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        field = self.fields["field"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101  # declared above
        field.choices = [(each.field, f"{each.label}：{each.shown}") for each in held.figures]
        field.initial = chosen or (held.figures[0].field if len(held.figures) == 1 else "")
        hint = self.fields["evidence"].help_text.partition("。")[0]
        self.fields["evidence"].help_text = f"{hint}。只有双方能看，不公开"


class DecideContestForm(VersionedForm):
    """决定异议."""

    conditional = ("correction",)

    decision = choice("决定", [("upheld", "成立"), ("refused", "不成立")])
    note = words("理由", hint="依据什么材料；提出的单位会看到", rows=4)
    correction = forms.CharField(
        label="怎样更正",
        required=False,
        max_length=4_000,
        help_text="成立时必填：由谁、用哪一项变更或哪一版更正。决定本身不改数字",
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"max_length": "最多 %(limit_value)d 字，现有 %(show_value)d 字"},
    )


class WithdrawContestForm(VersionedForm):
    """撤回异议."""

    note = words("撤回的理由", rows=3)
