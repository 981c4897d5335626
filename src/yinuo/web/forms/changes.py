"""The forms in which somebody asks that a promise be changed, one for each kind of change."""

from collections.abc import Iterable
from typing import Any, ClassVar

from django import forms

from yinuo.commitments.life import CHANGE_LABELS, ChangeKind
from yinuo.commitments.queries.alike import Candidate
from yinuo.commitments.queries.detail import Detail
from yinuo.goals.queries.plans import public_goals
from yinuo.parties.queries import public_units
from yinuo.web.forms.base import changed, choice, civil_day, decimal_of, line, words
from yinuo.web.forms.steps import StepForm

OPERATORS = (
    ("done", "完成（没有数量）"),
    ("ge", "≥ 不少于"),
    ("gt", "> 多于"),
    ("le", "≤ 不多于"),
    ("lt", "< 少于"),
    ("eq", "= 等于"),
    ("about", "≈ 约"),
)


class ChangeForm(StepForm):
    """A request with its reason; what it alters stands in `COLUMNS`."""

    KIND: ClassVar[ChangeKind]
    COLUMNS: ClassVar[tuple[str, ...]] = ()

    reason = words("理由", hint="写明原因和依据，会记入历史", missing="请填写理由")

    def prepare(self) -> None:
        """Start from what stands now, the reason last."""
        for name in self.COLUMNS:
            self.fields[name].initial = present(self.detail)[name]
        self.order_fields([*self.COLUMNS, "reason", "version"])

    def new(self) -> dict[str, Any]:
        """The columns to change, with their new values."""
        return changed(self, present(self.detail), self.COLUMNS)


def present(detail: Detail) -> dict[str, Any]:
    """Every column a form may alter, as the commitment states it now."""
    row = detail.row
    return {
        "title": row.title,
        "heading": row.heading,
        "note": detail.note,
        "lead_id": row.lead or "",
        "creditor": row.creditor,
        "operator": detail.operator,
        "value": detail.value,
        "unit": detail.unit,
        "tolerance": detail.tolerance,
        "baseline": detail.baseline,
        "due": row.due.isoformat() if row.due else None,
        "due_original": row.due_original.isoformat() if row.due_original else None,
        "merged_into_id": detail.merged_into or "",
        "curve": detail.curve,
    }


def decimal_line(label: str, *, hint: str = "") -> forms.CharField:
    """A number as people type it, full-width digits and separators included."""
    field = line(label, hint=hint, required=False, longest=40)
    field.widget.attrs["inputmode"] = "decimal"
    return field


class QuantityForm(ChangeForm):
    """Fields of a promised quantity, with the rule that ties operator and value."""

    conditional = ("value",)

    operator = choice("比较方式", OPERATORS, radio=False)
    value = decimal_line("数值", hint="选“完成”时不填")
    unit = line("单位", required=False, longest=20)
    tolerance = decimal_line("允许偏差", hint="只在“约”时填写，单位相同")
    baseline = decimal_line("基数", hint="从多少算起；没有就不填")

    def clean_value(self) -> str:
        """As a canonical decimal."""
        return decimal_of(self.cleaned_data["value"])

    def clean_tolerance(self) -> str:
        """As a canonical decimal."""
        return decimal_of(self.cleaned_data["tolerance"])

    def clean_baseline(self) -> str:
        """As a canonical decimal."""
        return decimal_of(self.cleaned_data["baseline"])

    def clean(self) -> dict[str, Any]:
        """A quantity has a value; mere completion has none."""
        cleaned = super().clean() or self.cleaned_data
        operator, value = cleaned.get("operator"), cleaned.get("value")
        if operator == "done" and value:
            self.add_error("value", "“完成”没有数量，请清空数值，或换一种比较方式")
        if operator not in (None, "done") and value == "":
            self.add_error("value", "请填写数值")
        return cleaned


class ReviseForm(QuantityForm):
    """调整指标."""

    KIND = ChangeKind.REVISED
    COLUMNS = ("operator", "value", "unit", "tolerance", "baseline")


class RescopeForm(ChangeForm):
    """调整内容."""

    KIND = ChangeKind.RESCOPED
    COLUMNS = ("title", "heading", "note")

    title = line("承诺内容")
    heading = choice("所属目标", (), radio=False, required=False)
    note = forms.CharField(
        label="说明", required=False, max_length=4_000, widget=forms.Textarea(attrs={"rows": 3})
    )

    def prepare(self) -> None:
        """Offer the goals there are."""
        field = self.fields["heading"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101  # declared above
        field.choices = [("", "不归入目标"), *((g.code, g.title) for g in public_goals())]
        super().prepare()


def unit_choices(keep: str = "") -> list[tuple[str, str]]:
    """Every reporting unit that has not ended, none of them first; `keep` stays whatever it is."""
    lasting = [u for u in public_units() if u.valid_to is None or u.code == keep]
    return [("", "请选择"), *((u.code, u.name) for u in lasting)]


class TransferForm(ChangeForm):
    """移交责任单位."""

    KIND = ChangeKind.TRANSFERRED
    COLUMNS = ("lead_id",)

    lead_id = choice("移交给", (), radio=False)

    def prepare(self) -> None:
        """Offer every unit."""
        field = self.fields["lead_id"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101  # declared above
        field.choices = unit_choices()
        super().prepare()


class MergeForm(ChangeForm):
    """并入另一承诺: one of those that look alike, or any other by its code."""

    KIND = ChangeKind.MERGED
    COLUMNS = ("merged_into_id",)
    conditional = ("chosen", "merged_into_id")
    OTHER = "other"

    chosen = choice("可能是同一件事的承诺", (), required=False)
    merged_into_id = line(
        "并入的承诺编号", hint="例如 DL2024-015；上面选了就不用填", required=False, longest=40
    )

    def prepare(self) -> None:
        """The reason last."""
        super().prepare()
        self.order_fields(["chosen", *self.COLUMNS, "reason", "version"])

    def offer(self, candidates: Iterable[Candidate], into: str = "") -> None:
        """Offer what looks alike, each with its reasons; `into` is the one that was come for."""
        choices = [
            (one.twin.code, f"{one.twin.said}。相似度 {one.score}：{'，'.join(one.reasons)}")
            for one in candidates
        ]
        if not choices:
            del self.fields["chosen"]
            self.fields["merged_into_id"].help_text = "没有找到相似的承诺，请填写编号"
            self.fields["merged_into_id"].initial = into
            return
        field = self.fields["chosen"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101  # declared above
        field.choices = [*choices, (self.OTHER, "另一项，在下面填写编号")]
        if into in dict(choices):
            field.initial = into
        elif into:
            field.initial, self.fields["merged_into_id"].initial = self.OTHER, into

    def clean(self) -> dict[str, Any]:
        """One commitment, chosen or typed, and not two."""
        cleaned = super().clean() or self.cleaned_data
        chosen, typed = cleaned.get("chosen", ""), cleaned.get("merged_into_id", "")
        listed = chosen if chosen != self.OTHER else ""
        if listed and typed and listed != typed:
            self.add_error("merged_into_id", f"上面选了 {listed}，这里又填了 {typed}，请只留一个")
        elif not listed and not typed:
            self.add_error("merged_into_id", "请选择一项，或填写编号")
        cleaned["merged_into_id"] = typed or listed
        return cleaned


class WithdrawForm(ChangeForm):
    """任务终止."""

    KIND = ChangeKind.WITHDRAWN


class CorrectForm(QuantityForm):
    """更正录入错误."""

    KIND = ChangeKind.CORRECTED
    COLUMNS = (
        "title",
        "lead_id",
        "creditor",
        "due",
        "due_original",
        "operator",
        "value",
        "unit",
        "tolerance",
        "baseline",
    )

    title = line("承诺内容")
    lead_id = choice("责任单位", (), radio=False, required=False)
    creditor = line("承诺对象", longest=120)
    due = civil_day("完成时限", required=False)
    due_original = civil_day("原定时限", hint="没有调整过时，两个时限相同", required=False)
    reason = words(
        "录错在哪里",
        hint="写明依据文件和其中的位置，原文是怎样的",
        missing="请写明依据文件中的原文",
    )

    def prepare(self) -> None:
        """Offer every unit."""
        field = self.fields["lead_id"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101  # declared above
        field.choices = unit_choices(self.detail.row.lead or "")
        super().prepare()

    def clean(self) -> dict[str, Any]:
        """Present and original deadline are there together or not at all."""
        cleaned = super().clean()
        if bool(cleaned.get("due")) != bool(cleaned.get("due_original")):
            self.add_error("due_original", "完成时限和原定时限要么都有，要么都没有")
        return cleaned

    def new(self) -> dict[str, Any]:
        """An empty debtor is stated as none."""
        found = super().new()
        return {k: None if k == "lead_id" and not v else v for k, v in found.items()}


FORMS: dict[ChangeKind, type[ChangeForm]] = {
    form.KIND: form
    for form in (ReviseForm, RescopeForm, TransferForm, WithdrawForm, MergeForm, CorrectForm)
}

EXPLAINED = {
    ChangeKind.REVISED: "数量、单位或比较方式要改",
    ChangeKind.RESCOPED: "要做的事本身变了",
    ChangeKind.TRANSFERRED: "改由另一个单位负责",
    ChangeKind.REPLANNED: "完成时限不变，中间的计划要改",
    ChangeKind.WITHDRAWN: "这件事不再做了",
    ChangeKind.MERGED: "和另一项承诺是同一件事",
    ChangeKind.CORRECTED: "录入时抄错了，依据文件里本来不是这样",
}


def kind_choices(kinds: tuple[ChangeKind, ...]) -> list[tuple[str, str, str]]:
    """(name, label, when to use it) of each kind."""
    return [(kind.value, CHANGE_LABELS[kind], EXPLAINED[kind]) for kind in kinds]
