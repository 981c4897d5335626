"""Holding a race, and asking that something not count."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from yinuo.supervision.race.period import BadPeriod, period
from yinuo.supervision.race.scheme import INDICATORS
from yinuo.web.forms.base import PlainForm, VersionedForm, choice, line, words

PERIOD_HINT = "季度写 2024Q2，月写 2024-07，年写 2024；期间结束以后才能计算"


def _period(typed: str) -> str:
    try:
        return period(typed.strip().upper()).code
    except BadPeriod as error:
        raise ValidationError(f"{error.what}；{error.next_step}") from error


class NewRaceForm(PlainForm):
    """Which period of which office."""

    conditional = ("reason", "late_reason")

    office = choice("举办单位", [], radio=False)
    period = line("期间", hint=PERIOD_HINT, longest=10)
    title = line("标题", hint="不填则用期间，如“2024年二季度赛马”", required=False, longest=120)
    reason = forms.CharField(
        label="更正的理由",
        required=False,
        max_length=4_000,
        help_text="这一期已经发布过的必填：错在哪里。原来的一版保留，并指向新的一版",
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"max_length": "最多 %(limit_value)d 字，现有 %(show_value)d 字"},
    )
    late_reason = forms.CharField(
        label="使用后定办法的理由",
        required=False,
        max_length=4_000,
        help_text="办法在期间开始以后才发布的必填；理由一直显示在结果上",
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"max_length": "最多 %(limit_value)d 字，现有 %(show_value)d 字"},
    )

    def __init__(self, *args: Any, offices: Iterable[tuple[str, str]], **kw: Any) -> None:  # noqa: ANN401  # a form's
        super().__init__(*args, **kw)
        self.fields["office"].choices = list(offices)  # type: ignore[attr-defined]

    def clean_period(self) -> str:
        """The period as it is written everywhere."""
        return _period(self.cleaned_data["period"])


class RaceStepForm(VersionedForm):
    """Publish, drop or open: which, of the version that was looked at."""

    do = forms.ChoiceField(
        choices=[("publish", "发布"), ("drop", "作废"), ("open", "向社会公开")],
        error_messages={"required": "请选择要做什么", "invalid_choice": "没有这一步"},
    )


class AskExemptionForm(PlainForm):
    """What should not count for whom, and why."""

    office = choice("举办单位", [], radio=False)
    unit = choice("参加单位", [], radio=False)
    period = line("期间", hint=PERIOD_HINT, longest=10)
    indicator = choice(
        "哪一项",
        [("", "整场比赛"), *((name, name) for name in INDICATORS)],
        required=False,
    )
    reason = words("理由和依据", hint="如不可抗力、已全部完成；批准以后随结果公布编号", rows=4)

    def __init__(
        self,
        *args: Any,  # noqa: ANN401  # a form's
        offices: Iterable[tuple[str, str]],
        units: Iterable[tuple[str, str]],
        **kw: Any,  # noqa: ANN401  # a form's
    ) -> None:
        super().__init__(*args, **kw)
        self.fields["office"].choices = list(offices)  # type: ignore[attr-defined]
        self.fields["unit"].choices = list(units)  # type: ignore[attr-defined]

    def clean_period(self) -> str:
        """The period as it is written everywhere."""
        return _period(self.cleaned_data["period"])


class DecideExemptionForm(VersionedForm):
    """Yes or no; a refusal needs a reason."""

    conditional = ("reason",)

    decision = choice("决定", [("grant", "批准"), ("refuse", "不予批准")])
    reason = forms.CharField(
        label="理由",
        required=False,
        max_length=4_000,
        help_text="不予批准时必填",
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"max_length": "最多 %(limit_value)d 字，现有 %(show_value)d 字"},
    )
