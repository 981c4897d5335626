"""What all forms share: our own words for faults, and a place for those a command finds."""

from collections.abc import Iterable
from datetime import date, datetime, time
from typing import TYPE_CHECKING, Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import BaseValidator, MaxValueValidator, MinValueValidator
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from yinuo.kernel.decimals import canonical_decimal
from yinuo.kernel.errors import YinuoError
from yinuo.kernel.instants import SHANGHAI

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

TOO_LONG = _("最多 %(limit_value)d 字，现有 %(show_value)d 字")
FIRST_DAY, LAST_DAY = date(1900, 1, 1), date(2100, 12, 31)


class PlainForm(forms.Form):
    """A form whose faults are told in words by us, not by the browser."""

    use_required_attribute = False
    conditional: ClassVar[tuple[str, ...]] = ()
    """Fields needed only with some answers, which their hints say."""

    def add_faults(self, faults: Iterable[tuple[str, str]]) -> None:
        """Put the faults that a command found at their fields, the rest on top."""
        for field, what in faults:
            self.add_error(field if field in self.fields else None, what)


class VersionedForm(PlainForm):
    """A form about a row somebody else may change meanwhile."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)


def _missing(label: "StrOrPromise") -> "StrOrPromise":
    return format_lazy(_("请填写{label}"), label=label)


def words(
    label: "StrOrPromise", *, hint: "StrOrPromise" = "", missing: "StrOrPromise" = "", rows: int = 5
) -> forms.CharField:
    """A required free text."""
    return forms.CharField(
        label=label,
        help_text=hint,
        max_length=4_000,
        widget=forms.Textarea(attrs={"rows": rows}),
        error_messages={
            "required": missing or _missing(label),
            "max_length": TOO_LONG,
        },
    )


def line(
    label: "StrOrPromise", *, hint: "StrOrPromise" = "", required: bool = True, longest: int = 300
) -> forms.CharField:
    """One line of text."""
    return forms.CharField(
        label=label,
        help_text=hint,
        required=required,
        max_length=longest,
        error_messages={
            "required": _missing(label),
            "max_length": TOO_LONG,
        },
    )


def decimal_of(typed: str) -> str:
    """What somebody typed as a canonical decimal; empty stays empty.

    >>> decimal_of("３，８００.50")
    '3800.5'
    """
    plain = typed.replace(",", "").replace("，", "").replace(" ", "")
    if not plain:
        return ""
    try:
        return canonical_decimal(plain.replace("．", ".").replace("－", "-"))
    except YinuoError as error:
        raise ValidationError(error.what) from error


def typed_day(text: str) -> date | None:
    """The day in an address; None for what is no day, or none that people mean.

    >>> typed_day("9999-12-31")
    """
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if FIRST_DAY <= day <= LAST_DAY else None


def _between(
    label: "StrOrPromise", first: date | datetime, last: date | datetime
) -> list[BaseValidator]:
    """Years that people mean; a calendar, a time zone and a clock end somewhere, too."""
    message = format_lazy(
        _("{label}的年份应在 {first} 至 {last} 之间，请核对"),
        label=label,
        first=first.year,
        last=last.year,
    )
    return [MinValueValidator(first, message), MaxValueValidator(last, message)]


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), SHANGHAI)


def civil_day(
    label: "StrOrPromise", *, hint: "StrOrPromise" = "", required: bool = True
) -> forms.DateField:
    """A civil date, typed or picked in the browser's own calendar."""
    return forms.DateField(
        label=label,
        help_text=hint,
        required=required,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        input_formats=["%Y-%m-%d", "%Y/%m/%d", "%Y年%m月%d日"],
        validators=_between(label, FIRST_DAY, LAST_DAY),
        error_messages={
            "required": _missing(label),
            "invalid": format_lazy(_("{label}不是一个日期，请写成 2025-06-30 这样"), label=label),
        },
    )


def instant(
    label: "StrOrPromise", *, hint: "StrOrPromise" = "", required: bool = True
) -> forms.DateTimeField:
    """An instant on the clocks of China, to the minute."""
    return forms.DateTimeField(
        label=label,
        help_text=hint,
        required=required,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M"],
        validators=_between(label, _midnight(FIRST_DAY), _midnight(LAST_DAY)),
        error_messages={
            "required": _missing(label),
            "invalid": format_lazy(
                _("{label}不是一个时间，请写成 2025-06-30 09:30 这样"), label=label
            ),
        },
    )


def choice(
    label: "StrOrPromise",
    choices: "Iterable[tuple[str, StrOrPromise]]",
    *,
    hint: "StrOrPromise" = "",
    radio: bool = True,
    required: bool = True,
) -> forms.ChoiceField:
    """One of several, all visible when they are few."""
    return forms.ChoiceField(
        label=label,
        help_text=hint,
        required=required,
        choices=list(choices),
        widget=forms.RadioSelect if radio else forms.Select,
        error_messages={
            "required": format_lazy(_("请选择{label}"), label=label),
            "invalid_choice": format_lazy(_("请选择列出的{label}"), label=label),
        },
    )


def changed(form: forms.Form, before: dict[str, Any], names: Iterable[str]) -> dict[str, Any]:
    """The cleaned values that differ from `before`, dates as ISO text."""
    found: dict[str, Any] = {}
    for name in names:
        value = form.cleaned_data[name]
        plain = value.isoformat() if isinstance(value, date) else value
        if plain != before[name]:
            found[name] = plain
    return found
