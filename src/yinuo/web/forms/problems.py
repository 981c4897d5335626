"""Forms about problems: raise one, say whether it is solved; and what the office and units do."""

from collections.abc import Iterable, Mapping
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from yinuo.cases.commands.problems import (
    LONGEST_NAME,
    LONGEST_TEXT,
    LONGEST_TITLE,
    NewProblem,
)
from yinuo.cases.problems.life import CHANNELS
from yinuo.cases.queries.problems import ProblemDetail
from yinuo.commitments.life import Visibility
from yinuo.web.forms.base import PlainForm, VersionedForm, choice, instant, line, words

TOO_LONG = _("最多 %(limit_value)d 字，现有 %(show_value)d 字")
WHO = (
    ("firm", _("企业或其他组织")),
    ("trader", _("个体工商户")),
    ("person", _("个人")),
)


def _text(label: Any, longest: int, missing: Any, hint: Any = "", rows: int = 0) -> forms.CharField:  # noqa: ANN401  # lazy translations
    return forms.CharField(
        label=label,
        help_text=hint,
        max_length=longest,
        widget=forms.Textarea(attrs={"rows": rows}) if rows else forms.TextInput,
        error_messages={"required": missing, "max_length": TOO_LONG},
    )


class RaiseForm(PlainForm):
    """提出问题."""

    area = forms.ChoiceField(
        label=_("哪方面的问题"),
        widget=forms.RadioSelect,
        error_messages={
            "required": _("请选择哪方面的问题"),
            "invalid_choice": _("请选择列出的领域"),
        },
    )
    title = _text(_("问题是什么"), LONGEST_TITLE, _("请写一句话"), _("一句话，80 字以内"))
    said = _text(
        _("具体情况"),
        LONGEST_TEXT,
        _("请写明具体情况"),
        _("什么时候、在哪里、办什么事遇到的；希望怎样解决。有办件编号的请写上"),
        rows=6,
    )
    kind = forms.ChoiceField(
        label=_("您是"),
        choices=WHO,
        widget=forms.RadioSelect,
        error_messages={"required": _("请选择您是谁"), "invalid_choice": _("请选择您是谁")},
    )
    name = _text(
        _("名称或姓名"),
        LONGEST_NAME,
        _("请填写名称或姓名"),
        _("只有主管单位和认领单位看得到，不公开"),
    )
    contact = _text(
        _("联系电话"), LONGEST_NAME, _("请填写联系电话"), _("认领单位会打这个电话；不公开")
    )

    def __init__(self, *args: Any, areas: Iterable[tuple[str, str]], **kwargs: Any) -> None:  # noqa: ANN401
        super().__init__(*args, **kwargs)
        field = self.fields["area"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101  # declared above
        field.choices = list(areas)

    def new(self, about: str) -> NewProblem:
        """What was filled in."""
        return NewProblem(**self.cleaned_data, about=about)


class TakeDownForm(RaiseForm):
    """代为登记: what somebody told an officer."""

    channel = choice("怎样收到的", [(key, label) for key, (label, _) in CHANNELS.items()])
    told_at = instant("收到的时间", hint="认领和答复的期限从这时起算")
    unit = choice("代表哪个单位登记", (), radio=False)
    once = forms.CharField(widget=forms.HiddenInput, max_length=40, required=False)
    """Random, so that sending the same form twice makes one problem."""
    field_order = ("channel", "told_at", "unit", "area", "title", "said", "kind", "name", "contact")

    def __init__(
        self,
        *args: Any,  # noqa: ANN401
        units: Iterable[tuple[str, str]],
        **kwargs: Any,  # noqa: ANN401
    ) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["unit"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101  # declared above
        field.choices = list(units)
        self.fields["kind"].label = "提出人是"
        self.fields["said"].help_text = "照提出人的话写：什么时候、在哪里、办什么事、希望怎样解决"

    def new(self, about: str) -> NewProblem:
        """What was told."""
        told = ("area", "title", "said", "kind", "name", "contact")
        return NewProblem(**{name: self.cleaned_data[name] for name in told}, about=about)


class ProblemTrackForm(PlainForm):
    """输入查询码."""

    track = _text(_("查询码"), 40, _("请输入查询码"))


class ConfirmForm(PlainForm):
    """确认解决."""

    note = forms.CharField(
        label=_("想说的话"),
        required=False,
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"max_length": TOO_LONG},
    )


class WhyForm(PlainForm):
    """没有解决、重新提出、撤回."""

    reason = _text(_("请写明"), LONGEST_TEXT, _("请写明原因"), rows=4)


# ── for offices and units ────────────────────────────────────────────────────────────────────────


class ProblemForm(VersionedForm):
    """One step on a problem."""

    def __init__(
        self,
        *args: Any,  # noqa: ANN401
        shown: ProblemDetail,
        more: Mapping[str, Any],
        **kw: Any,  # noqa: ANN401
    ) -> None:
        kw.setdefault("initial", {"version": shown.version})
        super().__init__(*args, **kw)
        self.shown, self.more = shown, more
        self.prepare()

    def prepare(self) -> None:
        """Fit choices to the problem."""

    def offer(self, name: str, choices: Iterable[tuple[str, str]]) -> None:
        """Set the choices of a field."""
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField | forms.MultipleChoiceField)  # noqa: S101  # declared so
        field.choices = list(choices)


class OwnForm(ProblemForm):
    """认领."""

    unit = choice("代表哪个单位认领", ())

    def prepare(self) -> None:
        """One's own units that may."""
        self.offer("unit", self.more["own"])
        if len(self.more["own"]) == 1:
            self.fields["unit"].initial = self.more["own"][0][0]


class PassOnForm(ProblemForm):
    """不属于本单位."""

    to = choice("转给", (), radio=False, required=False, hint="不知道该由谁办的，留空退回主管单位")
    reason = words("为什么不属于本单位", hint="依据哪条职责；提出人和接手的单位都会看到")

    def prepare(self) -> None:
        """The other units of the area."""
        self.offer("to", [("", "退回主管单位"), *self.more["owners"]])


class AskForm(ProblemForm):
    """指定单位."""

    conditional: ClassVar[tuple[str, ...]] = ("area",)

    to = choice("请哪个单位认领", (), radio=False)
    area = choice("改到哪个领域", (), radio=False, required=False, hint="不改的留空")

    def prepare(self) -> None:
        """Units of all areas of the office; the command says which fit."""
        self.offer("to", [("", "请选择"), *self.more["all_owners"]])
        self.offer("area", [("", "不改"), *self.more["areas"]])


class HandOverForm(ProblemForm):
    """改由其他单位办理."""

    to = choice("改由哪个单位", (), radio=False)
    reason = words("理由", hint="原单位的承诺记为免除；时间照样走")

    def prepare(self) -> None:
        """The other units of the area."""
        self.offer("to", [("", "请选择"), *self.more["owners"]])


class AnswerProblemForm(ProblemForm):
    """答复."""

    note = words("答复", hint="做了什么、结果怎样、还有什么要提出人配合。提出人会看到原文")


class GroupForm(ProblemForm):
    """归为同类问题."""

    problems = forms.MultipleChoiceField(
        label="和哪些问题是同一个问题反复出现",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "请选择至少一个问题"},
    )
    title = line("共同之处", hint="一句话，写明反复出现的是什么", longest=120)

    def prepare(self) -> None:
        """Those that look alike, and those of its group."""
        held = [row.code for row in self.shown.group_rows]
        rows = [*self.shown.group_rows, *(each.row for each in self.shown.alike)]
        self.offer("problems", [(row.code, f"{row.code} {row.title}") for row in rows])
        self.fields["problems"].initial = held
        self.fields["title"].initial = self.shown.group_title


class ForceForm(ProblemForm):
    """列入专班."""

    conditional: ClassVar[tuple[str, ...]] = ("title", "lead", "units")

    force = choice("专班", (), radio=False, required=False)
    title = line("新专班的名称", required=False, longest=120)
    lead = choice("牵头单位", (), radio=False, required=False)
    units = forms.MultipleChoiceField(
        label="成员单位", required=False, widget=forms.SelectMultiple(attrs={"size": 8})
    )
    whole_group = forms.BooleanField(label="连同同类问题一起列入", required=False)

    def prepare(self) -> None:
        """Task forces there are, and all units."""
        self.offer("force", [("", "新设一个专班"), *self.more["forces"]])
        self.offer("lead", [("", "请选择"), *self.more["units"]])
        self.offer("units", self.more["units"])


class TitleForm(ProblemForm):
    """写公开用的标题."""

    title = line(
        "公开用的标题", hint="60 字以内，不写姓名、企业名称；写好以后由另一人审查", longest=60
    )

    def prepare(self) -> None:
        """What was written before."""
        self.fields["title"].initial = self.shown.public_title


class PublishTitleForm(ProblemForm):
    """公开前保密审查."""

    visibility = choice(
        "审查结果",
        [(Visibility.PUBLIC, "可以公开"), (Visibility.CLOSED, "不公开")],
    )
