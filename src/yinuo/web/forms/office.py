"""The forms of the office: breaking down, asking for signatures, naming persons, registering."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django import forms

from yinuo.commitments.commands.register import NewDocument
from yinuo.commitments.commands.task import NewTask
from yinuo.commitments.default_clock import DefaultDue
from yinuo.commitments.queries.sources import DocumentChoice
from yinuo.commitments.sources import Source, said_by_default
from yinuo.kernel.errors import YinuoError
from yinuo.web.forms.base import PlainForm, choice, civil_day, line, words
from yinuo.web.pasted import read_figure, unit_codes

LONGEST_PASTE = 60_000


class SignByForm(PlainForm):
    """By when to sign."""

    sign_by = civil_day("签收时限", hint="最后一天，当天签收不算迟")


class BreakdownForm(SignByForm):
    """What is common to all shares, and a place for pasted lines; the lines stand beside it."""

    lines = forms.CharField(
        label="从表格粘贴",
        required=False,
        strip=False,
        max_length=LONGEST_PASTE,
        help_text="在 Excel 或 WPS 中选中若干行复制，粘贴到这里。列的次序：单位、内容、数量、时限、"
        "配合单位、责任地区；后面的列可以没有。带表头时按表头认列",
        widget=forms.Textarea(attrs={"rows": 6, "wrap": "off"}),
        error_messages={"max_length": "粘贴的内容太长，请分几次粘贴"},
    )
    field_order = ("lines", "sign_by")


class ReasonForm(PlainForm):
    """Why a task is returned."""

    reason = words(
        "退回的理由",
        hint="写明为什么不该由本单位承担，最好写明应由哪个单位承担",
        missing="请填写退回的理由",
    )


class SignForm(PlainForm):
    """Which tasks are signed for."""

    codes = forms.MultipleChoiceField(
        label="选中的任务",
        error_messages={
            "required": "请至少选一项",
            "invalid_choice": "%(value)s 已不在待签收之列，请刷新页面",
        },
    )

    def __init__(self, *args: object, codes: Iterable[str], chosen: bool = False) -> None:
        super().__init__(*args)  # type: ignore[arg-type]
        offer(self, "codes", [(code, code) for code in codes])
        if chosen:
            self.fields["codes"].initial = list(codes)

    @property
    def checked(self) -> list[str]:
        """The rows ticked so far, also in a form shown again."""
        return list(self["codes"].value() or [])


class AssignForm(SignForm):
    """Who answers for several tasks in one unit."""

    leader = line("责任领导", hint="姓名和职务", required=False, longest=100)
    liaison = line("联络员", hint="姓名和电话", required=False, longest=100)
    field_order = ("codes", "leader", "liaison")

    def clean(self) -> dict[str, Any]:
        """At least one of the two."""
        cleaned = super().clean() or self.cleaned_data
        if not cleaned.get("leader") and not cleaned.get("liaison") and not self.errors:
            self.add_error("leader", "责任领导和联络员至少写一个")
        return cleaned


def offer(form: forms.Form, name: str, choices: list[tuple[str, str]]) -> None:
    """Put the choices into a field that knows them only when the page is asked for."""
    field = form.fields[name]
    assert isinstance(field, forms.ChoiceField)  # noqa: S101  # declared as one
    field.choices = choices


class TaskForm(PlainForm):
    """One task of a source whose rules are known."""

    conditional = ("document", "document_title", "due")

    document = choice(
        "依据文件", (), hint="选一份已登记的文件，或在下面写一份新的", radio=False, required=False
    )
    document_title = line("新文件的名称", required=False)
    document_number = line("发文字号", required=False, longest=80)
    document_date = civil_day("文件日期", required=False)
    place = line("在文件中的位置", hint="如 第 3 条、第二部分", required=False, longest=80)
    title = line("任务内容", hint="要做什么，到什么程度")
    figure = line(
        "数量",
        hint="如 ≥ 14%、3800 个、5600 万元；没写比较方式的按“不少于”，不是数量的不填",
        required=False,
        longest=60,
    )
    office = choice("督查单位", (), hint="由它核实、销号", radio=False)
    creditor = line("承诺对象", hint="不填就是督查单位", required=False, longest=120)
    lead = choice(
        "牵头单位", (), hint="还不明确的先不选，登记后再任务分解", radio=False, required=False
    )
    cooperating = line("配合单位", hint="写单位名称，用“、”隔开", required=False)
    area = line("责任地区", hint="如 各区市县政府、先导区管委会", required=False)
    start_date = civil_day("起算日期")
    due = civil_day("完成时限", hint="已按默认时限填好；文件另有规定的照文件改", required=False)
    undated = forms.BooleanField(label="未定时限", required=False)
    due_said = line("时限原文", hint="文件中怎么说的，如 一周内", required=False, longest=80)
    sign_by = civil_day("签收时限", hint="请责任单位在这一天之前签收")

    def __init__(
        self,
        *args: object,
        source: Source,
        documents: Iterable[DocumentChoice],
        units: Mapping[str, str],
        offices: Mapping[str, str],
        **kwargs: object,
    ) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.source, self.units = source, units
        offer(self, "document", [("", "写新文件"), *((d.code, d.words) for d in documents)])
        offer(self, "office", list(offices.items()))
        offer(self, "lead", [("", "暂不明确"), *units.items()])
        self.fields["creditor"].initial = source.creditor
        if source.limit is None:
            del self.fields["start_date"], self.fields["undated"]
            self.fields["due"].help_text = "文件写明的时限；没有写明的不填，即未定时限"
        else:
            self.fields["start_date"].label = f"{source.limit.start_event}日期"

    def clean_cooperating(self) -> tuple[str, ...]:
        """Codes of the units."""
        codes, faults = unit_codes(self.cleaned_data["cooperating"], self.units)
        if faults:
            raise forms.ValidationError(faults)
        return codes

    def clean_figure(self) -> dict[str, str]:
        """The columns of the figure; without a word of comparison “at least”, as our reading."""
        try:
            read = read_figure(self.cleaned_data["figure"])
        except YinuoError as error:
            raise forms.ValidationError(f"{error.what}。{error.next_step}") from error
        if not read.value:
            return {}
        if not read.unit:
            raise forms.ValidationError("请连单位一起写，如 5 个")
        found = {"operator": read.operator or "ge", "value": read.value, "unit": read.unit}
        return found if read.operator else {**found, "operator_origin": "inferred"}

    def task(self, default: DefaultDue | None) -> NewTask:
        """The task as the command takes it, of a form that is valid."""
        values = self.cleaned_data
        new = NewDocument(
            code="",
            title=values["document_title"].strip(),
            kind=self.source.name,
            number=values["document_number"],
            said_date=values["document_date"],
        )
        return NewTask(
            title=values["title"],
            document=values["document"],
            new_document=new,
            place=values["place"],
            lead=values["lead"] or None,
            cooperating=values["cooperating"],
            area=values["area"],
            creditor=values["creditor"],
            **values["figure"],
            **self._due(default),
        )

    def _due(self, default: DefaultDue | None) -> dict[str, Any]:
        """The deadline: as typed, or by the default clock; what was said of it is kept."""
        values = self.cleaned_data
        due: date | None = values["due"]
        if self.source.limit is None or default is None:
            origin = "text" if due else "none"
            return {"due": due, "due_said": values["due_said"], "due_origin": origin}
        if values["undated"]:
            return {"due": None, "due_said": values["due_said"], "due_origin": "none"}
        if due is None or due == default.date:
            said = values["due_said"] or said_by_default(self.source.limit, values["start_date"])
            return {"due": default.date, "due_said": said, "due_origin": "inferred"}
        return {"due": due, "due_said": values["due_said"], "due_origin": "text"}
