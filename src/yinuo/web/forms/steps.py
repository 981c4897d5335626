"""The forms of single steps on a commitment. Field names are the commands' own."""

from datetime import date

from django import forms

from yinuo.commitments.life import VISIBILITY_LABELS, Visibility
from yinuo.commitments.queries.detail import Detail
from yinuo.web.forms.base import VersionedForm, choice, civil_day, decimal_of, line, words
from yinuo.web.forms.evidence import ask_again, files_field


class StepForm(VersionedForm):
    """A form that knows the commitment it is about."""

    def __init__(self, *args: object, detail: Detail, today: date, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.detail = detail
        self.today = today
        self.fields["version"].initial = detail.row.version
        self.prepare()

    def prepare(self) -> None:
        """Fit labels and limits to the commitment."""

    def not_after_today(self, name: str) -> None:
        """Start a date at today and let the browser's calendar end there."""
        self.fields[name].initial = self.today
        self.fields[name].widget.attrs["max"] = self.today.isoformat()


class ReportForm(StepForm):
    """报送进展."""

    as_of_date = civil_day("截至日期", hint="以下情况截至哪一天")
    value = line("累计完成", longest=40)
    note = words("进展说明", hint="做了什么，还差什么，卡在哪里", missing="请填写进展说明")
    evidence = files_field()

    def prepare(self) -> None:
        """Ask for a figure only where one was promised."""
        ask_again(self)
        self.not_after_today("as_of_date")
        if not self.detail.value and not self.detail.curve.endswith("%"):
            del self.fields["value"]
            return
        field = self.fields["value"]
        field.widget.attrs["inputmode"] = "decimal"
        if not self.detail.value:
            field.label, field.required = "完成比例（%）", False
            field.help_text = "计划按百分比排定，请填到这一天累计完成的百分比；不填则不与计划相比"
            return
        if self.detail.unit:
            field.label = f"累计完成（{self.detail.unit}）"
        field.help_text = f"只填数字。承诺的是 {self.detail.row.terms}"

    def clean_value(self) -> str:
        """The figure as a canonical decimal; separators and full-width digits are welcome."""
        return decimal_of(self.cleaned_data["value"].removesuffix("%"))


class DeliverForm(StepForm):
    """申请销号."""

    delivered_date = civil_day("完成日期", hint="实际完成的那一天，不是填表的日子")
    note = words(
        "完成情况",
        hint="写明完成了什么，凭什么可以查实（文件、现场、系统记录）",
        missing="请填写完成情况",
    )
    evidence = files_field()

    def prepare(self) -> None:
        """Nothing is finished in the future."""
        ask_again(self)
        self.not_after_today("delivered_date")


class MoveForm(StepForm):
    """申请调整时限."""

    due = civil_day("新的完成时限")
    reason = words("理由", hint="为什么需要更多时间；到新时限能做到什么", missing="请填写理由")

    def prepare(self) -> None:
        """Say what stands now."""
        row = self.detail.row
        self.fields["due"].help_text = f"现定时限：{row.due_text}"
        if row.due is None:
            self.fields["due"].label = "完成时限"
            self.fields["due"].help_text = "现在未定时限。首次确定的时限就是原定时限，不算调整"


class NoteForm(StepForm):
    """A step that needs a reason and nothing else."""

    note = words("理由", hint="会记入历史，和结论一起显示", missing="请填写理由")


class VerifyForm(StepForm):
    """核实."""

    note = words("核实情况", hint="怎么核实的，看到了什么", missing="请填写核实情况")


class OverturnForm(StepForm):
    """推翻核实结论."""

    result = choice(
        "重新认定为",
        [("open", "尚未完成，恢复为进行中"), ("broken", "未兑现")],
    )
    note = words("理由", hint="检查发现了什么，依据是什么", missing="请填写理由")


class PartForm(StepForm):
    """申请认定部分兑现."""

    reason = words("理由", hint="完成了哪些、没有完成哪些，依据哪一条书面规则")


def _visibilities(*wanted: Visibility) -> list[tuple[str, str]]:
    return [(v.value, VISIBILITY_LABELS[v]) for v in wanted]


class PublishForm(StepForm):
    """公开前保密审查."""

    visibility = choice(
        "公开类型", _visibilities(Visibility.PUBLIC, Visibility.ON_REQUEST, Visibility.CLOSED)
    )

    def prepare(self) -> None:
        """Offer what it is not yet."""
        field = self.fields["visibility"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101  # declared above
        offered = [
            (v, label)
            for v, label in _visibilities(
                Visibility.PUBLIC, Visibility.ON_REQUEST, Visibility.CLOSED
            )
            if v != self.detail.row.visibility
        ]
        field.choices = offered
        field.initial = offered[0][0]


class WithholdForm(StepForm):
    """取消公开."""

    visibility = choice("改为", _visibilities(Visibility.ON_REQUEST, Visibility.CLOSED))
