"""Forms about building projects, stages, results used again, and utilities."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.forms import BoundField
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from yinuo.cases.commands.applicants import NewApplicant
from yinuo.cases.commands.building import NewReuse
from yinuo.cases.commands.materials import Choice
from yinuo.cases.construction.project import NewBuilding, NewWorks
from yinuo.cases.queries.building_apply import StageApplication, StageDocument
from yinuo.web.forms.applying import FileField
from yinuo.web.forms.base import PlainForm, civil_day, line, words

KINDS = (("firm", "法人及非法人组织"), ("trader", "个体工商户"), ("person", "自然人"))
MOST_WORKS = 50
"""Works that one form takes; more come by tables."""


class BuildingForm(PlainForm):
    """A building project as a window enters it."""

    conditional = ()
    code = line("项目代码", hint="全国投资项目在线审批监管平台赋的码", longest=40)
    title = line("项目名称", longest=200)
    flow = forms.ChoiceField(label="审批流程")
    office = forms.ChoiceField(label="牵头单位")
    window = forms.ChoiceField(label="收件窗口")
    declared_date = civil_day("申报时间")
    works = words(
        "工程",
        hint="一行一个：工程代码 名称；由前面的工程拆分、合并而来的，后面写 < 和原工程代码",
        rows=3,
    )
    site = line("建设地点", required=False, longest=200)
    content = forms.CharField(
        label="建设规模及内容",
        required=False,
        max_length=4_000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    land_area = line("用地面积", hint="平方米", required=False, longest=20)
    building_area = line("建筑面积", hint="平方米", required=False, longest=20)
    total = line("总投资", hint="万元", required=False, longest=20)
    planned_start = civil_day("拟开工时间", required=False)
    planned_finish = civil_day("拟建成时间", required=False)
    kind = forms.ChoiceField(label="建设单位类别", choices=KINDS)
    name = line("建设单位名称", longest=200)
    number = line("统一社会信用代码或证件号码", longest=30)
    contact = line("联系电话", longest=40)

    def __init__(
        self,
        *args: Any,  # noqa: ANN401  # as Django's own
        flows: Sequence[tuple[str, str]],
        offices: Sequence[tuple[str, str]],
        windows: Sequence[tuple[str, str]],
        today: date,
    ) -> None:
        super().__init__(*args)
        self.initial["declared_date"] = today
        for name, choices in (("flow", flows), ("office", offices), ("window", windows)):
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)  # noqa: S101  # as declared
            field.choices = list(choices)

    def clean_works(self) -> tuple[NewWorks, ...]:
        """The works of the lines."""
        lines = [one.strip() for one in str(self.cleaned_data["works"]).splitlines()]
        found = [_works(one) for one in lines if one]
        if len(found) > MOST_WORKS:
            raise forms.ValidationError(f"一次最多 {MOST_WORKS} 个工程，更多的请用数据表导入")
        return tuple(found)

    def new(self) -> NewBuilding:
        """What was entered."""
        names = (
            *("code", "title", "flow", "declared_date", "works", "site", "content"),
            *("land_area", "building_area", "total", "planned_start", "planned_finish"),
        )
        return NewBuilding(**{name: self.cleaned_data[name] for name in names})

    def developer(self) -> NewApplicant:
        """The developer that was entered."""
        return NewApplicant(
            **{name: self.cleaned_data[name] for name in ("kind", "name", "number", "contact")}
        )


def _works(text: str) -> NewWorks:
    said, _, before = text.partition("<")
    code, _, title = said.strip().partition(" ")
    return NewWorks(code=code, title=title.strip(), previous=tuple(before.split()))


class ReuseForm(PlainForm):
    """A result that stands in for a document."""

    kind = forms.ChoiceField(label="共用成果")
    number = line("成果编号", longest=120)
    source = line("谁做的、从哪里取得", longest=200)
    made_date = civil_day("成果日期")
    valid_until = civil_day("有效期至", hint="不填按成果种类的年限算", required=False)

    def __init__(self, *args: Any, kinds: Sequence[tuple[str, str]]) -> None:  # noqa: ANN401
        super().__init__(*args)
        field = self.fields["kind"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101  # as declared
        field.choices = list(kinds)

    def new(self) -> NewReuse:
        """What was entered."""
        return NewReuse(**self.cleaned_data)


class AnswerForm(PlainForm):
    """A utility's plan and one date."""

    plan = words(_("接入方案"), hint=_("从哪里接、接到哪里、由谁施工；不向建设单位收取申请材料"))
    connect_date = civil_day(_("接入日期"), hint=_("只接一次：这一天接通"))


class ConnectForm(PlainForm):
    """A utility says that it is connected."""

    connected_date = civil_day(_("接通日期"))
    note = line(_("怎么接的"), longest=300)


class DenyForm(PlainForm):
    """The developer says that it is not connected."""

    note = forms.CharField(
        label=_("没有接通的地方"),
        max_length=300,
        error_messages={
            "required": _("请写明哪里没有接通"),
            "max_length": _("最多 %(limit_value)d 字，现有 %(show_value)d 字"),
        },
    )


class ProjectTrackForm(PlainForm):
    """The 查询码 of a project."""

    track = forms.CharField(required=False, max_length=60)


@dataclass(frozen=True)
class AskedFor:
    """One document with its field."""

    document: StageDocument
    file: BoundField


class StageForm(PlainForm):
    """The application for a stage: one file a document, whatever the number of items."""

    once = forms.CharField(widget=forms.HiddenInput, max_length=40, required=False)
    """Random, so that sending the same form twice leads to the one receipt."""

    def __init__(self, *args: Any, asked: StageApplication, **kwargs: Any) -> None:  # noqa: ANN401
        super().__init__(*args, **kwargs)
        self.asked = asked
        hint = _("请重新选择文件：浏览器不会替您保留") if self.is_bound else ""
        for number, one in enumerate(asked.documents):
            field = FileField(
                label=one.name,
                required=one.required,
                help_text=hint,
                error_messages={"required": _("请选择文件")},
            )
            field.about = one.name  # type: ignore[attr-defined]
            self.fields[f"file_{number}"] = field

    def documents(self) -> Iterator[AskedFor]:
        """The documents in their order."""
        for number, one in enumerate(self.asked.documents):
            yield AskedFor(one, self[f"file_{number}"])

    def clean(self) -> dict[str, Any]:
        """A required file is missed here: the field itself takes an empty one for none."""
        values: dict[str, Any] = super().clean() or {}
        for number, one in enumerate(self.asked.documents):
            name = f"file_{number}"
            if one.required and not values.get(name) and not self.errors.get(name):
                self.add_error(name, gettext("请选择文件"))
        return values

    def choices(self) -> dict[str, dict[str, Choice]]:
        """Item → key of the document → what was given."""
        found: dict[str, dict[str, Choice]] = {}
        for number, one in enumerate(self.asked.documents):
            file = self.cleaned_data.get(f"file_{number}")
            if not file:
                continue
            for item, key in one.wanted:
                choice = Choice(kind="give", name=file.name, file=file.file)
                found.setdefault(item, {})[key] = choice
        return found

    def add_faults(self, faults: Iterable[tuple[str, str]]) -> None:
        """Those of a document, `<item>-material-<key>`, go to its file."""
        places = {
            f"{item}-material-{key}": f"file_{number}"
            for number, one in enumerate(self.asked.documents)
            for item, key in one.wanted
        }
        super().add_faults((places.get(field, field), what) for field, what in faults)
