"""Forms about service items."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile

from yinuo.kernel.media.formats import largest_request, size_words
from yinuo.kernel.media.names import clean_name
from yinuo.web.forms.base import PlainForm, VersionedForm, choice, civil_day, line, words
from yinuo.web.uploads import Dropped

LARGEST_BOOK = 10 * 2**20


class AttachmentsInput(forms.FileInput):
    """Several files in one field."""

    allow_multiple_selected = True


class AttachmentsField(forms.FileField):
    """Files by name; each is looked at together with the line of the workbook that names it."""

    widget = AttachmentsInput

    def clean(self, data: Any, initial: Any = None) -> "dict[str, UploadedFile[bytes]]":  # noqa: ANN401
        """Name → file; `ValidationError` where they are too large together."""
        del initial
        chosen: list[UploadedFile[bytes]] = data or []
        if any(isinstance(each, Dropped) for each in chosen):
            total = size_words(sum(each.size or 0 for each in chosen))
            most = size_words(largest_request())
            raise forms.ValidationError(f"附件合计 {total}，一次最多 {most}。请压缩，或分几次提交")
        return {clean_name(each.name or ""): each for each in chosen}


class ItemsBookForm(PlainForm):
    """A workbook or a JSON file of items to be checked, or kept as drafts."""

    office = choice("目录管理单位", (), radio=False)
    book = forms.FileField(
        label="工作簿或 JSON 文件",
        help_text="xlsx 或 json，最多 10 MB；先不勾选下面一项，看过检查结果再存成草稿",
        error_messages={"required": "请选择文件", "empty": "这个文件是空的"},
    )
    attachments = AttachmentsField(
        label="附件",
        required=False,
        help_text="“附件”表中写到的文件：幻灯片（PDF、演示文稿）、短视频（MP4、WebM）、表格、样表",
    )
    reason = line(
        "改了什么，为什么",
        hint="随版本留在账本上；第一次登记可以不填",
        required=False,
        longest=1_000,
    )
    really = forms.BooleanField(
        label="没有错误就存成草稿",
        help_text="不勾选只检查，不写入任何内容",
        required=False,
    )

    def __init__(self, *args: object, offices: Mapping[str, str], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        field = self.fields["office"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101  # above
        field.choices = list(offices.items())

    def clean_book(self) -> "UploadedFile[bytes]":
        """No file larger than is looked at."""
        book: UploadedFile[bytes] = self.cleaned_data["book"]
        if (book.size or 0) > LARGEST_BOOK:
            raise forms.ValidationError(f"文件有 {(book.size or 0) / 2**20:.1f} MB，上限 10 MB")
        return book


class PublishItemForm(VersionedForm):
    """From which day on a draft is in force."""

    valid_from = civil_day("生效日期", hint="今天或以后的一天；现行版本到前一天为止")


class DropDraftForm(VersionedForm):
    """A draft is given up; nothing to fill in."""


class EndItemForm(PlainForm):
    """An item ends without a successor."""

    valid_to = civil_day("停用日期", hint="从这一天起不再办理；已经收的件照原来的版本办完")
    reason = words("理由", hint="如法律取消、并入另一事项", rows=3)
