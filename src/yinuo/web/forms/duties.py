"""Asking for a duty."""

from collections.abc import Mapping

from django import forms

from yinuo.parties.queries import public_roles
from yinuo.web.forms.base import PlainForm, choice, line


class AskDutyForm(PlainForm):
    """Who is to do what for which unit."""

    username = line("用户名", hint="已开通的账号", longest=60)
    role = choice("职责", ())
    unit = choice("单位", (), radio=False)

    def __init__(self, *args: object, units: Mapping[str, str], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        for name, choices in (
            ("role", list(public_roles().items())),
            ("unit", [("", "请选择"), *units.items()]),
        ):
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)  # noqa: S101  # declared above
            field.choices = choices
