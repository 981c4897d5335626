"""The forms of what the office does about a gap, a declaration, a letter."""

from collections.abc import Iterable
from typing import Any

from django import forms

from yinuo.cases.deferrals.life import CONSEQUENCE_LABELS
from yinuo.commitments.letters.letter import Publicity
from yinuo.web.forms.applying import FileField
from yinuo.web.forms.base import PlainForm, VersionedForm, choice, civil_day, words

TOLD = "原样告诉申请人，并记入办件经过"


class NoteForm(PlainForm):
    """A step that needs words."""

    note = words("说明", hint=TOLD, rows=3)


class ReasonForm(PlainForm):
    """A step that needs a reason."""

    reason = words("理由", hint=TOLD, rows=3)


class ConfirmForm(PlainForm):
    """The document is there and right."""

    note = forms.CharField(
        label="核对情况", required=False, max_length=4_000, widget=forms.Textarea(attrs={"rows": 2})
    )


class BroughtForm(PlainForm):
    """What was brought to the window: a file, or paper."""

    file = FileField(label="文件", required=False, help_text="收的是纸质材料，可以不上传")

    def given(self) -> dict[str, Any]:
        """Name and content for the command; nothing for paper."""
        upload = self.cleaned_data.get("file")
        return {"name": upload.name, "file": upload.file} if upload else {}


class DefaultForm(PlainForm):
    """The document did not come: what follows."""

    consequence = choice("怎样处理", ((c.value, label) for c, label in CONSEQUENCE_LABELS.items()))
    note = words("认定的理由", hint=f"怎样联系过申请人、为什么这样处理；{TOLD}", rows=3)


class CheckForm(PlainForm):
    """What a check found."""

    result = choice(
        "核查结果",
        (
            ("met", "属实，符合承诺的条件"),
            ("rectify", "不符合，责令限期整改"),
            ("broken", "不符合，拒不整改或者整改后仍不符合：认定不实，撤销决定"),
        ),
    )
    order_by = civil_day("整改到哪一天", hint="选“责令限期整改”的填写", required=False)
    found = words("核查情况", hint="什么时候、谁、看了什么、结果怎样", rows=4)
    conditional = ("order_by",)

    def clean(self) -> dict[str, Any]:
        """A day exactly where something is to be put right."""
        values: dict[str, Any] = super().clean() or {}
        if values.get("result") != "rectify":
            values["order_by"] = None
        elif not values.get("order_by") and "order_by" not in self.errors:
            self.add_error("order_by", "请填写整改到哪一天")
        return values


class PublicityForm(VersionedForm):
    """公开前保密审查 of a letter."""

    publicity = choice("公开类型", ())

    def __init__(self, *args: Any, choices: Iterable[Publicity], **kwargs: Any) -> None:  # noqa: ANN401
        super().__init__(*args, **kwargs)
        field = self.fields["publicity"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101  # declared above
        field.choices = [(one.value, one.value) for one in choices]
