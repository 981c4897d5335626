"""The forms about a planned curve (序时进度): write it down, ask that it be replaced."""

from typing import Any, ClassVar

from yinuo.commitments.curve import SEPARATOR
from yinuo.commitments.life import ChangeKind
from yinuo.web.forms.base import words
from yinuo.web.forms.changes import ChangeForm
from yinuo.web.forms.steps import StepForm

ROWS = 8


def lines_hint(form: StepForm) -> str:
    """How a line is written, for the commitment at hand."""
    detail = form.detail
    said = "每行一个节点：日期和到那一天累计应完成的比例，如 2024-03-31 25%。可从 Excel 粘贴两列"
    if detail.value:
        said += f"；也可以写数量，如 2024-03-31 {detail.value}{detail.unit}"
    dated = [child for child in detail.children if child.due]
    if dated:
        codes = "、".join(f"{child.code}（{child.title}）" for child in dated[:5])
        said += f"；也可以每行写一个里程碑的编号和权重，如 {dated[0].code} 30。可用的：{codes}"
    return said


class CurveForm(StepForm):
    """写明序时进度."""

    curve = words("计划的节点", missing="请至少写一行", rows=ROWS)

    def prepare(self) -> None:
        """Say how lines are written."""
        self.fields["curve"].help_text = lines_hint(self)


class ReplanForm(ChangeForm):
    """调整序时进度."""

    KIND = ChangeKind.REPLANNED
    COLUMNS: ClassVar[tuple[str, ...]] = ("curve",)

    curve = words("新的节点", missing="请至少写一行", rows=ROWS)

    def prepare(self) -> None:
        """Start from the present curve, one point a line."""
        super().prepare()
        self.fields["curve"].initial = self.detail.curve.replace(SEPARATOR, "\n")
        self.fields["curve"].help_text = lines_hint(self)

    def new(self) -> dict[str, Any]:
        """The whole curve: the command says whether it differs."""
        return {"curve": self.cleaned_data["curve"]}
