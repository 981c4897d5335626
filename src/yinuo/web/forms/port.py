"""Forms about logs of declarations: one is taken in, withdrawn, its withdrawal decided."""

from collections.abc import Mapping

from django import forms

from yinuo.web.forms.base import PlainForm, VersionedForm, choice, words

LARGEST = 32 << 20
"""Bytes that the page takes; larger logs come by the command line."""


class LogForm(PlainForm):
    """A log on its way in."""

    unit = choice("谁的日志", (), radio=False)
    file = forms.FileField(
        label="申报日志",
        help_text=f"CSV、Excel、JSON 行或 Parquet，不超过 {LARGEST >> 20} MB；"
        "更大的请在服务器上运行 yinuo port load",
        error_messages={
            "required": "请选择文件",
            "empty": "这个文件是空的",
            "missing": "请选择文件",
        },
    )
    simulated = forms.BooleanField(
        label="这是模拟数据",
        required=False,
        help_text="勾选后，由它算出的一切都标明演示数据",
    )
    mixed_zones = forms.BooleanField(
        label="没有写时区的时间都是北京时间",
        required=False,
        help_text="只在文件里有的时间写明时区、有的没有写时才要勾选",
    )

    def __init__(self, *args: object, units: Mapping[str, str], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        field = self.fields["unit"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101  # declared above
        field.choices = list(units.items())


class AskWithdrawalForm(VersionedForm):
    """申请撤回."""

    reason = words("撤回的理由", hint="如：导出时缺了几天。撤回的批次一直列着，不再计算", rows=3)


class DecideWithdrawalForm(VersionedForm):
    """决定是否撤回."""

    decision = choice("决定", [("approve", "同意撤回"), ("refuse", "不同意")])
    reason = words("理由", rows=3)


class ReleaseForm(VersionedForm):
    """公开前保密审查."""
