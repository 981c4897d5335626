"""Choosing one's own password."""

from typing import Any

from django import forms

from yinuo.web.forms.base import PlainForm


def _secret(label: str, *, hint: str = "", now: bool = False) -> forms.CharField:
    kind = "current-password" if now else "new-password"
    return forms.CharField(
        label=label,
        help_text=hint,
        strip=False,
        max_length=200,
        widget=forms.PasswordInput(attrs={"autocomplete": kind}),
        error_messages={"required": f"请填写{label}"},
    )


class PasswordForm(PlainForm):
    """The present password, and the new one twice."""

    present = _secret("现在的密码", now=True)
    password = _secret("新密码", hint="至少 10 个字符，不能全是数字，不要用别处用过的")
    again = _secret("再输一遍新密码")

    def clean(self) -> dict[str, Any]:
        """Both must be the same."""
        values = super().clean() or self.cleaned_data
        first, second = values.get("password"), values.get("again")
        if first and second and first != second:
            self.add_error("again", "两遍新密码不一样")
        return values
