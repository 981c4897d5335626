"""Forms by which units ask one question of credit, and keep the bills that may be paid later."""

import hashlib
from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from yinuo.web.forms.base import PlainForm, VersionedForm, choice, civil_day, line, words
from yinuo.web.forms.benefits import MoneyField

LONGEST_NUMBER, LONGEST_NAME = 24, 60
MOST_BYTES = 32 * 1024 * 1024
KINDS = {"person": "个人", "firm": "企业或个体工商户"}
NUMBERS = {"person": "公民身份号码", "firm": "统一社会信用代码"}


def _number() -> forms.CharField:
    field = line("证件号码", longest=LONGEST_NUMBER)
    field.widget.attrs |= {"autocomplete": "off", "spellcheck": "false"}
    return field


class _Hashed(forms.FileField):
    """A file of which only the hash is wanted: it stays with whoever has it."""

    def clean(self, data: Any, initial: Any = None) -> str:  # noqa: ANN401  # as in Django
        """The SHA-256. Raises `ValidationError`."""
        found = super().clean(data, initial)
        if found.size > MOST_BYTES:
            raise ValidationError("文件超过 32 MB，请压缩后再交")
        said = hashlib.sha256()
        for piece in found.chunks():
            said.update(piece)
        return said.hexdigest()


def _paper() -> _Hashed:
    return _Hashed(
        label="签了字的同意书",
        help_text="扫描件或照片；系统只记它的哈希，原件由本单位保管",
        error_messages={"required": "请交签了字的同意书", "empty": "文件是空的"},
    )


class AskForm(PlainForm):
    """Whom one question is about."""

    number = _number()

    def __init__(self, kinds: Sequence[str], *args: object, **kw: object) -> None:
        super().__init__(*args, **kw)  # type: ignore[arg-type]
        if len(kinds) > 1:
            self.fields["kind"] = choice("问谁", [(kind, KINDS[kind]) for kind in kinds])
            self.order_fields(("kind", "number"))
        self.only = kinds[0]
        named = "或".join(NUMBERS[kind] for kind in kinds)
        self.fields["number"].help_text = f"{named}；只随表单提交，不出现在网址里"

    @property
    def kind(self) -> str:
        """`person` or `firm`."""
        return str(self.cleaned_data.get("kind", self.only))


class ConsentForm(AskForm):
    """What somebody signed at the counter."""

    name = line("姓名或名称", hint="照证件填写", longest=LONGEST_NAME)
    until = civil_day("同意到哪一天", hint="最长三年；本人随时可以撤回")
    paper = _paper()


class ManyConsentsForm(PlainForm):
    """What many households signed."""

    table = forms.FileField(
        label="同意表",
        help_text="Excel，列名：姓名、公民身份号码、同意截止；有一处不对就一条也不登记",
        error_messages={"required": "请选择同意表", "empty": "文件是空的"},
    )
    paper = _paper()

    def clean_table(self) -> Any:  # noqa: ANN401  # an upload
        """Refuse what is too large."""
        found = self.cleaned_data["table"]
        if found.size > MOST_BYTES:
            raise ValidationError("文件超过 32 MB")
        return found


class OpenPaymentForm(PlainForm):
    """A bill that is paid later."""

    amount = MoneyField(label="金额（元）", error_messages={"required": "请填写金额"})
    due = civil_day("付款日", hint="最晚一年以内；过了这一天还没付，就算逾期")


class PaidForm(VersionedForm):
    """A bill was paid."""

    on = civil_day("付清的日子")


class WaiveForm(VersionedForm):
    """A bill is asked for no more."""

    reason = words("理由", hint="留在账本上，付款的人看得到", rows=3)
