"""Messages: wishes, addresses, codes, and what is filled in on a phone."""

from collections.abc import Iterable

from django import forms

from yinuo.notices.hours import FIRST_MINUTE, LAST_MINUTE
from yinuo.notices.topics import TOPICS
from yinuo.web.forms.base import PlainForm, choice, line, words
from yinuo.web.forms.evidence import FilesField, ask_again
from yinuo.web.forms.office import offer
from yinuo.web.forms.steps import ReportForm

STEP_MINUTES = 30


def clock_words(minute: int) -> str:
    """Minutes after midnight as on a clock.

    >>> clock_words(510)
    '8:30'
    """
    return f"{minute // 60}:{minute % 60:02d}"


class PreferenceForm(PlainForm):
    """When the digest leaves, and which topics stay inside."""

    digest_minute = forms.TypedChoiceField(
        label="每个工作日什么时候发摘要",
        choices=[(m, clock_words(m)) for m in range(FIRST_MINUTE, LAST_MINUTE, STEP_MINUTES)],
        coerce=int,
        error_messages={"required": "请选择时间", "invalid_choice": "请选择列出的时间"},
    )
    muted = forms.MultipleChoiceField(
        label="不往外发、只留在站内的消息",
        required=False,
        choices=[(t.name, t.label) for t in TOPICS.values() if not t.obligatory],
        widget=forms.CheckboxSelectMultiple,
        help_text="调度、督办、签收、抽查、疑点和异议有办理时限，总会发出",
        error_messages={"invalid_choice": "请选择列出的消息"},
    )


class AddressForm(PlainForm):
    """One address of one's own."""

    channel = forms.CharField(widget=forms.HiddenInput, max_length=12)
    value = line("地址", longest=254)

    def __init__(self, *args: object, hint: str = "", **kw: object) -> None:
        super().__init__(*args, **kw)  # type: ignore[arg-type]
        self.fields["value"].help_text = hint


class CodeForm(PlainForm):
    """A one-time code."""

    code = line("验证码", hint="6 位数字", longest=12)

    def __init__(self, *args: object, **kw: object) -> None:
        super().__init__(*args, **kw)  # type: ignore[arg-type]
        attrs = self.fields["code"].widget.attrs
        attrs["inputmode"], attrs["autocomplete"] = "numeric", "one-time-code"
        attrs["class"] = "code-field"

    def clean_code(self) -> str:
        """Spaces between digits are welcome."""
        return "".join(str(self.cleaned_data["code"]).split())


class AddressForForm(PlainForm):
    """Somebody's address, entered by an administrator."""

    username = line("用户名", hint="已开通、有职责的账号", longest=60)
    channel = choice("通道", ())
    value = line("地址", hint="手机号、邮箱，或企业微信、政务微信的账号", longest=254)

    def __init__(self, *args: object, channels: Iterable[tuple[str, str]], **kw: object) -> None:
        super().__init__(*args, **kw)  # type: ignore[arg-type]
        offer(self, "channel", list(channels))


def _photos() -> FilesField:
    field = FilesField(
        label="现场照片",
        required=False,
        help_text="可直接拍照。先不公开，由督查人审查",
    )
    field.widget.attrs["accept"], field.widget.attrs["capture"] = "image/*", "environment"
    return field


class PhoneReportForm(ReportForm):
    """报送进展, as short as it can be: as of today, a figure, a sentence, a photo."""

    note = words("进展说明", hint="做了什么，还差什么", missing="请填写进展说明", rows=3)
    evidence = _photos()

    def prepare(self) -> None:
        """The day is today, and nobody else changes the form meanwhile."""
        super().prepare()
        del self.fields["as_of_date"], self.fields["version"]


class PhoneReplyForm(PlainForm):
    """The reply to an order."""

    note = words("回复", hint="整改了什么，还差什么，什么时候完成", missing="请填写回复", rows=4)
    evidence = _photos()

    def __init__(self, *args: object, **kw: object) -> None:
        super().__init__(*args, **kw)  # type: ignore[arg-type]
        ask_again(self)
