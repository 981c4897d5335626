"""Asking for an erasure by law, and deciding one."""

from django import forms

from yinuo.parties.queries import public_grounds
from yinuo.web.forms.base import PlainForm, choice, line

LAW = "《中华人民共和国个人信息保护法》第四十七条第一款"


class AskErasureForm(PlainForm):
    """On what ground the text must go."""

    ground = choice("依据", (), hint=f"{LAW}中的一项。依据和日期会公开，内容不会")

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        field = self.fields["ground"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101  # declared above
        field.choices = list(public_grounds().items())


class AskPersonErasureForm(AskErasureForm):
    """Whose name and user name must go, and on what ground."""

    username = line("用户名", hint="要删除的人的账号，不是您自己的用户名", longest=60)
    field_order = ("username", "ground")


class DecideErasureForm(PlainForm):
    """Yes or no, neither of them suggested; a refusal says why."""

    conditional = ("reason",)
    decision = choice("决定", [("approve", "批准，永久删除"), ("refuse", "不予删除")])
    reason = forms.CharField(
        label="不予删除的理由",
        help_text="批准时不填。不予删除应当向个人说明理由（第五十条第一款）；请不要重复要删除的内容",
        required=False,
        max_length=4_000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def clean(self) -> dict[str, object]:
        """A refusal without a reason is no answer; an approval needs none."""
        cleaned: dict[str, object] = super().clean() or self.cleaned_data
        refused = cleaned.get("decision") == "refuse"
        if refused and not cleaned.get("reason"):
            self.add_error("reason", "不予删除应当说明理由")
        return cleaned
