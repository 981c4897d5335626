"""Deciding on a publication, and taking one's own request back."""

from django import forms

from yinuo.web.forms.base import VersionedForm, choice, words


class DecidePublicationForm(VersionedForm):
    """Yes or no; a refusal needs a reason."""

    conditional = ("reason",)

    decision = choice("决定", [("approve", "批准"), ("refuse", "不予批准")])
    reason = forms.CharField(
        label="理由",
        required=False,
        max_length=4_000,
        help_text="不予批准时必填；批准后公开",
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"max_length": "最多 %(limit_value)d 字，现有 %(show_value)d 字"},
    )


class WithdrawPublicationForm(VersionedForm):
    """Why one takes a request back."""

    reason = words("撤回的理由", rows=3)
