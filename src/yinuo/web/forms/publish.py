"""The review before publication, many rows in one go."""

from collections.abc import Iterable

from django import forms

from yinuo.commitments.life import VISIBILITY_LABELS, Visibility
from yinuo.web.forms.base import PlainForm, choice


class ReviewForm(PlainForm):
    """Which rows, and what becomes of them."""

    codes = forms.MultipleChoiceField(
        label="选中的行",
        error_messages={
            "required": "请至少选一行",
            "invalid_choice": "%(value)s 已不在待审查之列，请刷新页面",
        },
    )
    visibility = choice(
        "公开类型",
        [
            (v.value, VISIBILITY_LABELS[v])
            for v in (Visibility.PUBLIC, Visibility.ON_REQUEST, Visibility.CLOSED)
        ],
    )

    def __init__(
        self, *args: object, codes: Iterable[str], chosen: bool = False, **kwargs: object
    ) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        field = self.fields["codes"]
        assert isinstance(field, forms.MultipleChoiceField)  # noqa: S101  # declared above
        field.choices = [(code, code) for code in codes]
        if chosen:
            field.initial = list(codes)

    @property
    def checked(self) -> list[str]:
        """The rows ticked so far, also in a form shown again."""
        return list(self["codes"].value() or [])
