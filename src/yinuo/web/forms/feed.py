"""Forms about what window systems send."""

from collections.abc import Sequence

from django import forms

from yinuo.cases.feed.mapping import LABELS
from yinuo.cases.queries.feed import AsideView
from yinuo.web.forms.base import PlainForm, VersionedForm, line, words

PREFIX = "f-"


class CorrectForm(PlainForm):
    """Our fields of one row as they came; what is changed replaces them."""

    def __init__(self, row: AsideView, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.row = row
        for name, theirs, value in row.fields:
            field = line(f"{LABELS[name]}（{theirs}）", required=False, longest=2_000)
            field.initial = value
            self.fields[f"{PREFIX}{name}"] = field
        self.fields["reason"] = words("理由", hint="怎样核实的；留在账本上", rows=3)

    @property
    def changes(self) -> dict[str, str]:
        """What differs from the row as it came."""
        given = {name: self.cleaned_data[f"{PREFIX}{name}"] for name, _, _ in self.row.fields}
        return {n: given[n].strip() for n, _, was in self.row.fields if given[n].strip() != was}


class DropForm(PlainForm):
    """Letting a row go."""

    reason = words("不再处理的理由", rows=2)


class DeclareForm(VersionedForm):
    """In place of which documents of a fed case the applicant declared."""

    proofs = forms.MultipleChoiceField(
        label="以告知承诺替代的材料",
        help_text="能否采用告知承诺由告知承诺规则表决定；办结以后按规定核查",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "请选择以告知承诺替代的材料"},
    )

    def __init__(self, proofs: Sequence[tuple[str, str]], *args: object, **kw: object) -> None:
        super().__init__(*args, **kw)  # type: ignore[arg-type]
        self.fields["proofs"].choices = list(proofs)  # type: ignore[attr-defined]


class GapsForm(VersionedForm):
    """Which documents of a fed case come later."""

    gaps = forms.MultipleChoiceField(
        label="容缺后补的材料",
        help_text="期限自窗口系统告知的受理时间起算；能否容缺由容缺受理规则表决定",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "请选择容缺后补的材料"},
    )

    def __init__(self, gaps: Sequence[tuple[str, str, str]], *args: object, **kw: object) -> None:
        super().__init__(*args, **kw)  # type: ignore[arg-type]
        choices = [(key, f"{name}（最长 {longest}）") for key, name, longest in gaps]
        self.fields["gaps"].choices = choices  # type: ignore[attr-defined]
