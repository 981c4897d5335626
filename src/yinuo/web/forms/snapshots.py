"""Taking and releasing a snapshot."""

from collections.abc import Mapping
from datetime import date

from django import forms

from yinuo.web.forms.base import PlainForm, choice, civil_day, line


class TakeForm(PlainForm):
    """For which meeting, as of which day."""

    office = choice("督查单位", (), radio=False)
    meeting = line("会议名称", hint="如 7 月重点工作调度会", longest=120)
    as_of = civil_day("截至日期", hint="逾期和红黄绿灯按这一天计算，状态取生成时的")

    def __init__(
        self, *args: object, offices: Mapping[str, str], today: date, **kwargs: object
    ) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        field = self.fields["office"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101  # declared above
        field.choices = list(offices.items())
        if len(offices) == 1:
            field.initial = next(iter(offices))
        self.fields["as_of"].initial = today


class ReleaseForm(PlainForm):
    """Under which 机关代字 the bulletin goes out."""

    series = line(
        "机关代字",
        hint="通报的发文字号由它和年份、序号组成，如 大政督〔2024〕3号；没有就空着",
        required=False,
        longest=20,
    )
