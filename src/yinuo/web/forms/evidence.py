"""Attaching files, and the review of a single one."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from yinuo.kernel.media.attached import MOST_AT_ONCE, Attached, look_at
from yinuo.kernel.media.formats import (
    FORMATS,
    IN_WORDS,
    largest_request,
    limit_of,
    size_words,
)
from yinuo.web.forms.base import PlainForm, VersionedForm, choice
from yinuo.web.uploads import Dropped

AGAIN = "请重新选择文件：浏览器不会替您保留。"


def _endings() -> str:
    return ",".join(dict.fromkeys(ending for each in FORMATS for ending in each.extensions))


def limits_in_words() -> str:
    """How large files may be, from the table of limits."""
    pictures = max(limit_of(each).largest for each in FORMATS if each.picture)
    return f"图片每张不超过 {size_words(pictures)}，合计不超过 {size_words(largest_request())}"


class FilesInput(forms.FileInput):
    """Several files in one field."""

    allow_multiple_selected = True

    def __init__(self) -> None:
        super().__init__(attrs={"accept": _endings()})


class FilesField(forms.FileField):
    """Files, all of which were looked at; the faults of all of them are told at once."""

    widget = FilesInput

    def clean(self, data: Any, initial: Any = None) -> tuple[Attached, ...]:  # noqa: ANN401
        """The files in their order; `ValidationError` where any is refused."""
        del initial
        chosen: list[Any] = data or []
        if not chosen and self.required:
            raise ValidationError("请选择文件")
        dropped = [each for each in chosen if isinstance(each, Dropped)]
        if dropped:
            total = size_words(sum(each.size or 0 for each in chosen))
            most = size_words(largest_request())
            raise ValidationError(f"文件合计 {total}，一次最多 {most}。请压缩，或分几次提交")
        found, faults = look_at((each.name, each.file) for each in chosen)
        if faults:
            raise ValidationError(list(faults))
        return found


def files_field(*, required: bool = False) -> FilesField:
    """The field for up to ten files."""
    return FilesField(
        label="佐证材料",
        required=required,
        help_text=f"最多 {MOST_AT_ONCE} 个文件：{IN_WORDS}。先不公开，由督查人逐个审查",
    )


class AddForm(PlainForm):
    """More files for something that was handed in before."""

    evidence = files_field(required=True)

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        ask_again(self)


def ask_again(form: forms.Form) -> None:
    """Say in a form shown again that files have to be chosen anew."""
    field = form.fields["evidence"]
    if form.is_bound:
        field.help_text = f"{AGAIN}{field.help_text}"


class ReviewEvidenceForm(VersionedForm):
    """公开前保密审查 of one file."""

    visibility = choice("公开类型", ())

    def __init__(
        self, *args: object, version: int, offered: Iterable[tuple[str, str]], **kwargs: object
    ) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.fields["version"].initial = version
        field = self.fields["visibility"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101  # declared above
        field.choices = list(offered)
