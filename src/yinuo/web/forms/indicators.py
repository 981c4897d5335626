"""Forms of statisticians: a file of figures, one figure, an indicator, what moves a promise."""

from collections.abc import Mapping, Sequence

from django import forms
from django.core.exceptions import ValidationError

from yinuo.goals.indicators.checks import ANSWERS, ASIDE, CHANGE, KEEP, Question
from yinuo.goals.indicators.layout import read_wider
from yinuo.goals.indicators.words import (
    DIRECTION_LABELS,
    FREQUENCY_LABELS,
    KIND_LABELS,
    MEASURE_LABELS,
    SERIES_LABELS,
    STANDING_LABELS,
    ValueKind,
    Word,
)
from yinuo.web.forms.base import PlainForm, VersionedForm, choice, civil_day, line, words


class FigureFileForm(PlainForm):
    """A workbook or CSV."""

    file = forms.FileField(
        label="数据文件",
        help_text="Excel 工作簿（.xlsx）或 CSV，一行一个数；上传以后先检查，不会直接收下。",
        error_messages={"required": "请选择文件", "empty": "文件是空的"},
    )


def _picked(labels: Mapping[Word, str]) -> list[tuple[str, str]]:
    return [(word, word) for word in labels.values()]


class FigureForm(PlainForm):
    """One figure, in the words of the sheet 数据."""

    indicator = line("指标", hint="编号或全名", longest=200)
    subject = line("对象", hint="单位代码、单位名称，或范围的名称，如 大连口岸", longest=80)
    period = line("期间", hint="2024、2024-06、2024年1—6月，或 2024春节假期前5日", longest=60)
    first = civil_day("起日", hint="有名称的一段日子才要填", required=False)
    last = civil_day("止日", hint="这一天也算", required=False)
    series = choice("系列", _picked(SERIES_LABELS))
    measure = choice("类别", _picked(MEASURE_LABELS), radio=False)
    against = line("相比于", hint="占比写上级范围，压缩写基期，如 2022", required=False, longest=80)
    value = line("数值", hint="只写一个数", longest=60)
    unit = line("计量单位", hint="与指标差万、亿的会换算；同比、占比、压缩写 %", longest=20)
    standing = choice("状态", _picked(STANDING_LABELS))
    source = line("来源", hint="谁公布的，哪份材料", longest=200)
    published = civil_day("公布日期", required=False)


class AnswerForm(PlainForm):
    """The questions about a file, each with its answer."""

    def __init__(
        self,
        *args: object,
        questions: Sequence[Question],
        answers: Mapping[int, str],
        **kwargs: object,
    ) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.questions = list(questions)
        for question in self.questions:
            choices = [(KEEP, ANSWERS[KEEP]), (ASIDE, ANSWERS[ASIDE])]
            if question.change:
                choices.insert(1, (CHANGE, f"改为 {question.change} 再收"))
            self.fields[f"q{question.number}"] = forms.ChoiceField(
                label=f"第 {question.number} 问",
                choices=choices,
                required=False,
                widget=forms.RadioSelect,
                initial=answers.get(question.number, ""),
                error_messages={"invalid_choice": "请选择列出的回答"},
            )

    @property
    def rows(self) -> list[tuple[Question, forms.BoundField]]:
        """Each question with its field."""
        return [(q, self[f"q{q.number}"]) for q in self.questions]

    def answers(self) -> dict[int, str]:
        """What was answered, of a valid form."""
        return {
            q.number: self.cleaned_data[f"q{q.number}"]
            for q in self.questions
            if self.cleaned_data[f"q{q.number}"]
        }


class IndicatorForm(PlainForm):
    """An indicator, defined or described anew."""

    code = line("编号", hint="字母、数字和 -，登记以后不变，如 DL-PORT-VALUE", longest=40)
    name = line("名称", hint="指标的全名", longest=200)
    unit = line("计量单位", hint="如 万人次、亿元、%", longest=20)
    definition = words("口径", hint="算什么、不算什么；与易混的指标差在哪里", rows=4)
    kind = choice("值的类型", [(str(k), v) for k, v in KIND_LABELS.items()])
    frequency = choice("频率", [(str(k), v) for k, v in FREQUENCY_LABELS.items()], radio=False)
    direction = choice("方向", [(str(k), v) for k, v in DIRECTION_LABELS.items()])
    additive = forms.BooleanField(
        label="各部分可以相加成总数",
        required=False,
        help_text="比率不能相加；先导区与所在的区市县重叠，任何时候都不相加",
    )
    source = line("来源", hint="谁统计、谁公布", longest=200)
    office = choice("答复单位", (), radio=False, hint="由它的督查人发布数据、审查公开")
    near_names = line("易混指标", hint="不能与它混用的名称，用、隔开", required=False, longest=500)
    wider = line(
        "对象和上级范围",
        hint="如 大连口岸＜辽宁省、东北三省；几个对象用分号隔开",
        required=False,
        longest=1_000,
    )
    numerator = line("分子指标", hint="比率才填，写编号", required=False, longest=40)
    denominator = line("分母指标", hint="比率才填，写编号", required=False, longest=40)
    base_year = forms.IntegerField(
        label="压缩基年",
        required=False,
        min_value=1949,
        max_value=2099,
        help_text="压缩幅度与哪一年比，如 2017",
        error_messages={"invalid": "请写成 2017 这样的年份"},
    )
    heading = line("目标", hint="所属目标的编号", required=False, longest=60)
    counted = line("计数自", hint="由台账计数才填，如 projects.started", required=False, longest=60)

    def __init__(
        self, *args: object, units: Mapping[str, str], fixed: bool = False, **kwargs: object
    ) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        field = self.fields["office"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101  # declared above
        field.choices = list(units.items())
        self.fields["code"].disabled = fixed

    def clean_code(self) -> str:
        """A code is an address too."""
        code: str = self.cleaned_data["code"]
        if not all(part.isascii() and part.isalnum() for part in code.split("-")):
            raise ValidationError("编号只用字母、数字和 -")
        return code

    def clean(self) -> dict[str, object]:
        """Ratios are never added."""
        found = super().clean() or {}
        if found.get("kind") == ValueKind.RATIO and found.get("additive"):
            self.add_error("additive", "比率不能相加")
        return found

    def wider_of(self) -> dict[str, list[str]]:
        """Subject → wider subjects, of a valid form."""
        return read_wider(self.cleaned_data["wider"])


class ReleaseForm(VersionedForm):
    """Release a load, or refuse it with a reason."""

    decision = choice("决定", [("release", "发布"), ("refuse", "不发布")])
    note = forms.CharField(
        label="理由",
        required=False,
        max_length=4_000,
        help_text="不发布时必填",
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    conditional = ("note",)

    def clean(self) -> dict[str, object]:
        """A refusal says why."""
        found = super().clean() or {}
        if found.get("decision") == "refuse" and not str(found.get("note", "")).strip():
            self.add_error("note", "请写明为什么不发布")
        return found


class BindForm(PlainForm):
    """Which series moves a promise."""

    indicator = choice("指标", (), radio=False, hint="承诺的进展随它更新")
    subject = line("对象", hint="单位代码或范围的名称", longest=80)
    period = line("期间", hint="看哪一段时间的数，如 2024", longest=60)
    first = civil_day("起日", hint="有名称的一段日子才要填", required=False)
    last = civil_day("止日", required=False)

    def __init__(self, *args: object, indicators: Mapping[str, str], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        field = self.fields["indicator"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101  # declared above
        field.choices = list(indicators.items())
