"""Forms of projects: figures of one or many, stages, the review, register data."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from yinuo.commitments.life import VISIBILITY_LABELS, Visibility
from yinuo.goals.projects.content import NewFigure, NewPermit
from yinuo.goals.projects.dimensions import Dimension
from yinuo.goals.queries.project_batches import Review
from yinuo.goals.queries.project_page import FigureView, ProjectPage, ToConfirm, ToReport
from yinuo.kernel.errors import YinuoError
from yinuo.kernel.money import convert, to_fen
from yinuo.web.forms.base import PlainForm, choice, civil_day, decimal_of, line, words
from yinuo.web.forms.office import offer

UNIT = "万元"
MONEY = ("invested_year", "invested_total", "payable", "paid")
LONGEST_NOTE = 4_000
DEGREE = 1_000_000
ENDS = {"longitude": (73, 136), "latitude": (3, 54)}
"""Degrees between which China lies."""
CONFIRM, RETURN = "confirm", "return"


def in_wan(fen: int | None) -> str:
    """An amount in 分 as it is typed: in 万元, exact; empty for none.

    >>> in_wan(1_060_000), in_wan(None)
    ('1.06', '')
    """
    return "" if fen is None else convert(str(fen), unit="分", to=UNIT)


def fen_of(typed: str) -> int | None:
    """What somebody typed in 万元 as whole 分; None for nothing."""
    plain = decimal_of(typed)
    if not plain:
        return None
    try:
        return to_fen(plain, UNIT)
    except YinuoError as error:
        raise ValidationError(error.what) from error


class Wan(forms.CharField):
    """An amount of money, typed in 万元."""

    def __init__(self, label: str, *, hint: str = "") -> None:
        super().__init__(
            label=f"{label}（{UNIT}）",
            help_text=hint,
            required=False,
            max_length=40,
            error_messages={"max_length": "最多 %(limit_value)d 字，现有 %(show_value)d 字"},
        )
        self.widget.attrs |= {"inputmode": "decimal", "autocomplete": "off"}

    def clean(self, value: Any) -> int | None:  # noqa: ANN401  # as the parent
        """Whole 分."""
        return fen_of(super().clean(value))


class Plain(forms.CharField):
    """A number without a unit of money."""

    def __init__(self, label: str, *, hint: str = "") -> None:
        super().__init__(label=label, help_text=hint, required=False, max_length=40)
        self.widget.attrs |= {"inputmode": "decimal", "autocomplete": "off"}

    def clean(self, value: Any) -> str:  # noqa: ANN401  # as the parent
        """A canonical decimal; empty for nothing."""
        return decimal_of(str(super().clean(value)).removesuffix("%").removesuffix("％"))


def note(label: str = "说明", *, hint: str = "", rows: int = 2) -> forms.CharField:
    """A free text that may be left out."""
    return forms.CharField(
        label=label,
        help_text=hint,
        required=False,
        max_length=LONGEST_NOTE,
        widget=forms.Textarea(attrs={"rows": rows}),
        error_messages={"max_length": "最多 %(limit_value)d 字，现有 %(show_value)d 字"},
    )


class ProjectForm(PlainForm):
    """A form about one project, which it is given."""

    def __init__(
        self,
        *args: object,
        it: ProjectPage,
        offered: Mapping[str, Sequence[tuple[str, str]]],
        today: date,
    ) -> None:
        super().__init__(*args)  # type: ignore[arg-type]
        self.it = it
        self.today = today
        self.offered = offered
        self.prepare()

    def prepare(self) -> None:
        """Put in what depends on the project."""


class FigureForm(ProjectForm):
    """How far it has come."""

    as_of = civil_day("截至日期")
    invested_year = Wan("今年累计完成投资", hint="从 1 月 1 日起累计；没有进展填 0，不知道就留空")
    invested_total = Wan("开工以来累计完成投资")
    progress = Plain("形象进度（%）", hint="如 45，表示 45%")
    payable = Wan("按合同应付")
    paid = Wan("已付")
    workers = forms.IntegerField(
        label="现场人数",
        required=False,
        min_value=0,
        max_value=1_000_000,
        error_messages={
            "invalid": "现场人数要写整数",
            "min_value": "现场人数不能是负数",
            "max_value": "现场人数太大，请核对",
        },
    )
    note = note(hint="滞后的写明原因")

    def prepare(self) -> None:
        """Today stands for the day."""
        self.fields["as_of"].initial = self.today

    @property
    def figure(self) -> NewFigure:
        """What was filled in."""
        return NewFigure(**self.cleaned_data)


class ReachedForm(ProjectForm):
    """A stage that was reached and of which nothing was promised."""

    stage = choice("到达的阶段", ())
    reached = civil_day("到达日期")
    note = words("完成情况", hint="写明能查实的情况，如开工令、竣工验收的日期和文号", rows=3)

    def prepare(self) -> None:
        """The stages without a promise that nobody declared."""
        some = [s for s in self.it.stages if not s.reached and not s.commitment]
        offer(self, "stage", [(s.stage, s.label) for s in some])
        self.fields["reached"].initial = self.today


class JudgeStageForm(ProjectForm):
    """A declared stage: confirmed or sent back."""

    stage = choice("申报到达的阶段", ())
    decision = choice("结论", [(CONFIRM, "核实到达"), (RETURN, "退回")])
    note = words("核实情况", hint="写明怎么核实的；退回的写明理由", rows=3)

    def prepare(self) -> None:
        """The stages that wait."""
        some = [s for s in self.it.stages if s.reached and not s.confirmed and not s.commitment]
        days = [(s.stage, f"{s.label}，申报到达 {s.reached}") for s in some]
        offer(self, "stage", days)
        if len(days) == 1:
            self.fields["stage"].initial = days[0][0]


class PlanForm(ProjectForm):
    """When a stage is planned, and whether that is a promise."""

    conditional = ("planned",)

    stage = choice("阶段", (), radio=False)
    planned = civil_day("计划日期", hint="不知道就留空，显示为未定时限", required=False)
    promised = forms.BooleanField(
        label="作为责任单位的承诺",
        required=False,
        help_text="成为承诺以后，日期只能申请调整，原定时限始终显示",
    )

    def prepare(self) -> None:
        """The stages that are not promised and not reached."""
        some = [s for s in self.it.stages if not s.reached and not s.commitment]
        offer(self, "stage", [(s.stage, s.label) for s in some])


class PermitForm(ProjectForm):
    """A permit that it got."""

    kind = line("许可名称", hint="如：建筑工程施工许可证", longest=60)
    number = line("文号", required=False, longest=80)
    day = civil_day("发证日期", required=False)
    issuer = line("发证机关", required=False, longest=120)

    @property
    def permit(self) -> NewPermit:
        """What was filled in."""
        return NewPermit(**self.cleaned_data)


class AcceptForm(ProjectForm):
    """Taking a project that its unit entered onto the register: nothing to fill in."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)

    def prepare(self) -> None:
        """The version that was looked at."""
        self.fields["version"].initial = self.it.version


REVIEWED = [
    (v.value, VISIBILITY_LABELS[v])
    for v in (Visibility.PUBLIC, Visibility.ON_REQUEST, Visibility.CLOSED)
]


class PublishForm(ProjectForm):
    """The review before publication."""

    visibility = choice("公开类型", REVIEWED, hint="连同登记时一起作出的承诺")


class BatchReviewForm(PlainForm):
    """The review before publication of a batch, and of its projects that wait."""

    conditional = ("projects",)

    visibility = choice("公开类型", REVIEWED, hint="项目连同它们自己的承诺")
    projects = forms.MultipleChoiceField(
        label="其中待审查的项目",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="还不能公开的，去掉勾选，另行审查",
        error_messages={"invalid_choice": "%(value)s 现在不待您审查，请重新打开这一页"},
    )

    def __init__(self, *args: object, review: Review) -> None:
        super().__init__(*args)  # type: ignore[arg-type]
        about = "这一批和勾选的项目" if review.itself else "勾选的项目；这一批已审查过"
        self.fields["visibility"].label = f"公开类型（{about}）"
        field = self.fields["projects"]
        assert isinstance(field, forms.MultipleChoiceField)  # noqa: S101  # declared above
        field.choices = [(code, f"{name}（{code}）") for code, name in review.projects]
        field.initial = [code for code, _ in review.projects]
        if not review.projects:
            del self.fields["projects"]


class ExemptForm(ProjectForm):
    """A good reason for being late in one dimension, for a time."""

    dimension = choice(
        "哪一盏灯", [(each.value, each.value) for each in Dimension], hint="其余的灯照旧"
    )
    reason = words(
        "正当理由", hint="写明事由和能查实的依据，如用地批复、停工令的日期和文号", rows=3
    )
    from_date = civil_day("从哪一天起")
    until_date = civil_day(
        "到哪一天止", hint="到期以后这盏灯照规则表重新亮起；还没有解决的再认定一次"
    )

    def prepare(self) -> None:
        """From today on."""
        self.fields["from_date"].initial = self.today


class FactsForm(ProjectForm):
    """What the register says of it."""

    name = line("名称", longest=200)
    unit = choice("责任单位", (), radio=False, required=False)
    firm_name = line("建设单位", required=False, longest=200)
    firm_code = line("统一社会信用代码", required=False, longest=18)
    national_code = line(
        "项目代码", hint="全国投资项目在线审批监管平台的代码", required=False, longest=30
    )
    region = choice("地区", (), radio=False, required=False)
    address = line("地址", required=False, longest=200)
    longitude = Plain("经度", hint="度，如 121.6147")
    latitude = Plain("纬度", hint="度，如 38.9140")
    industry = line(
        "国民经济行业", hint="门类、大类或更细的代码，如 C、C38、C3831", required=False, longest=40
    )
    fields_ = line("重点领域", hint="几个之间用、分开", required=False, longest=200)
    scope = note("建设规模和内容", rows=4)
    batch = choice("批次", (), radio=False, required=False)
    total_investment = Wan("总投资")
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)

    def prepare(self) -> None:
        """The units and batches there are, and what the register says now."""
        for name, empty in (("unit", "未明确"), ("region", "未填"), ("batch", "不属于批次")):
            offer(self, name, [("", empty), *self.offered[name]])
        for name, value in self.now.items():
            self.fields[name].initial = value
        self.fields["version"].initial = self.it.version

    def clean(self) -> dict[str, Any]:
        """Coordinates lie in China, and the longitude is the larger of the two."""
        values = self.cleaned_data
        given = {name: values.get(name) for name in ENDS}
        for name, (low, high) in ENDS.items():
            typed = given[name]
            if typed and not low <= Decimal(typed) <= high:
                swapped = all(given.values()) and all(
                    ENDS[other][0] <= Decimal(str(given[name])) <= ENDS[other][1]
                    for other in ENDS
                    if other != name
                )
                hint = "，经度和纬度是不是写反了？" if swapped else f"，应在 {low} 到 {high} 之间"
                self.add_error(name, f"{typed} 不在中国境内{hint}")
        return values

    @property
    def now(self) -> dict[str, str]:
        """What the register says, as it is typed."""
        it, row = self.it, self.it.line
        degrees = {
            name: "" if value is None else decimal_of(str(Decimal(value).scaleb(-6)))
            for name, value in (("longitude", it.longitude_e6), ("latitude", it.latitude_e6))
        }
        return {
            "name": row.name,
            "unit": row.unit,
            "firm_name": it.firm_name,
            "firm_code": it.firm_code,
            "national_code": it.national_code,
            "region": row.region,
            "address": it.address,
            **degrees,
            "industry": row.industry,
            "fields_": it.fields,
            "scope": it.scope,
            "batch": row.batch,
            "total_investment": in_wan(row.total),
        }

    @property
    def facts(self) -> dict[str, str | int | None]:
        """What was changed, as `commands.projects.revise` takes it."""
        found: dict[str, str | int | None] = {}
        for name, before in self.now.items():
            value = self.cleaned_data[name]
            typed = in_wan(value) if name == "total_investment" else value
            if typed == before:
                continue
            if name in ("longitude", "latitude"):
                found[f"{name}_e6"] = micro(value)
            elif name in ("unit", "region", "batch"):
                found[name] = value or None
            else:
                found[{"fields_": "fields"}.get(name, name)] = value
        return found


def micro(typed: str) -> int | None:
    """Degrees as millionths of a degree; None for nothing.

    >>> micro("121.6147"), micro("")
    (121614700, None)
    """
    return int((Decimal(typed) * DEGREE).to_integral_value()) if typed else None


# ── many at once ─────────────────────────────────────────────────────────────────────────────────

COLUMNS = ("invested_year", "invested_total", "progress", "paid", "note")


class ReportLine:
    """The fields of one project, for the template."""

    def __init__(self, form: "ReportsForm", about: ToReport) -> None:
        code = about.line.code
        self.about = about
        self.code = code
        self.cells = [form[f"{name}-{code}"] for name in COLUMNS]
        self.faults = [
            *form.whole.get(code, ()),
            *(fault for field in self.cells for fault in field.errors),
        ]


class ReportsForm(PlainForm):
    """The figures of many projects as of one day; what is left empty is left alone."""

    as_of = civil_day("截至日期", hint="一次填同一天的数")

    def __init__(self, *args: object, rows: Sequence[ToReport], today: date) -> None:
        super().__init__(*args)  # type: ignore[arg-type]
        self.about = rows
        self.whole: dict[str, list[str]] = {}
        """Code → faults of the line as a whole."""
        self.fields["as_of"].initial = today
        for each in rows:
            code, name = each.line.code, each.line.name
            makers: dict[str, forms.Field] = {
                "invested_year": Wan("今年累计完成投资"),
                "invested_total": Wan("累计完成投资"),
                "progress": Plain("形象进度（%）"),
                "paid": Wan("已付"),
                "note": note("说明", rows=1),
            }
            for column in COLUMNS:
                field = makers[column]
                field.label = f"{name}：{field.label}"
                self.fields[f"{column}-{code}"] = field

    @property
    def rows(self) -> list[ReportLine]:
        """Every project with its fields."""
        return [ReportLine(self, each) for each in self.about]

    def given(self) -> dict[str, NewFigure]:
        """Code → what was filled in, of the lines that are sound and not empty."""
        found: dict[str, NewFigure] = {}
        self.is_valid()
        if "as_of" in self.errors:
            return found
        for each in self.about:
            code = each.line.code
            names = {column: f"{column}-{code}" for column in COLUMNS}
            if any(name in self.errors for name in names.values()):
                continue
            values = {column: self.cleaned_data[name] for column, name in names.items()}
            if any(value not in (None, "") for value in values.values()):
                found[code] = NewFigure(as_of=self.cleaned_data["as_of"], **values)
        return found

    def refuse(self, code: str, faults: Iterable[tuple[str, str]]) -> None:
        """Put why a line was not taken at its fields."""
        for column, what in faults:
            if column == "as_of":
                if what not in self.errors.get("as_of", ()):
                    self.add_error("as_of", what)
            elif column in COLUMNS:
                self.add_error(f"{column}-{code}", what)
            else:
                self.whole.setdefault(code, []).append(what)
                self.add_error(None, f"{code}：{what}")


class ConfirmsForm(PlainForm):
    """Which reported figures are confirmed, or why one is sent back."""

    def __init__(self, *args: object, rows: Sequence[ToConfirm]) -> None:
        super().__init__(*args)  # type: ignore[arg-type]
        self.about = rows
        for each in rows:
            code, name = each.figure.code, each.line.name
            self.fields[f"confirm-{code}"] = forms.BooleanField(
                label=f"{name}：核实", required=False
            )
            self.fields[f"return-{code}"] = note(f"{name}：退回的理由", rows=1)

    @property
    def rows(self) -> list[tuple[ToConfirm, forms.BoundField, forms.BoundField]]:
        """Every figure with its two fields."""
        return [
            (each, self[f"confirm-{each.figure.code}"], self[f"return-{each.figure.code}"])
            for each in self.about
        ]

    def clean(self) -> dict[str, Any]:
        """A figure is either confirmed or sent back."""
        values = self.cleaned_data
        for each in self.about:
            code = each.figure.code
            if values.get(f"confirm-{code}") and values.get(f"return-{code}"):
                self.add_error(f"return-{code}", "要么核实，要么退回；核实就不写退回的理由")
        return values

    def _chosen(self, name: str) -> Iterable[tuple[FigureView, Any]]:
        for each in self.about:
            value = self.cleaned_data.get(f"{name}-{each.figure.code}")
            if value:
                yield each.figure, value

    @property
    def confirmed(self) -> list[str]:
        """The codes of the figures that are confirmed."""
        return [figure.code for figure, _ in self._chosen("confirm")]

    @property
    def returned(self) -> dict[str, str]:
        """Code of a figure → why it is sent back."""
        return {figure.code: reason for figure, reason in self._chosen("return")}
