"""Bringing a workbook, and saying which of its columns means what."""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import count
from typing import Any, ClassVar

from django import forms
from django.forms import BoundField

from yinuo.commitments.commands.register import NewDocument
from yinuo.commitments.registry import planned_kinds
from yinuo.goals.queries.rosters import OfficePlan
from yinuo.goals.roster.fields import BY_NAME, FIELDS, IDENTITY
from yinuo.goals.roster.guess import Guess, guess
from yinuo.goals.roster.layout import Layout, SheetColumn
from yinuo.goals.roster.mapping import Defaults, RosterMapping
from yinuo.goals.roster.read import Stranger
from yinuo.web.forms.base import PlainForm, choice, civil_day, line

CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
DOCUMENT_KINDS = (
    "政府工作报告",
    "方案",
    "民生实事",
    "批示件",
    "议定事项",
    "建议提案",
    "12345",
    "其他",
)
_FILLED_IN = re.compile(r"\s*(?:填报|填表|制表|报送|单位\s*[:：]|日期\s*[:：]|时间\s*[:：]|截至)")
NEW = ""
"""The choice that stands for a plan or document not registered yet."""
UNREAD = ""
FIRST_YEAR, LAST_YEAR = 2000, 2099


class UploadForm(PlainForm):
    """One workbook; whether it is one is told by its content."""

    file = forms.FileField(
        label="工作簿",
        help_text="Excel 或 WPS 工作簿（.xlsx、.xls、.et）、OpenDocument（.ods）或 CSV，"
        "不超过 20 MB。不要打开密码。",
        widget=forms.FileInput,
        max_length=200,
        error_messages={
            "required": "请选择一个文件",
            "empty": "文件是空的",
            "missing": "请选择一个文件",
            "invalid": "没有收到文件，请重新选择",
            "max_length": "文件名太长，最多 %(max)d 个字",
        },
    )


class HeaderForm(PlainForm):
    """Where the header of a sheet stands, when it was recognised wrongly or not at all."""

    first = forms.IntegerField(label="表头从第几行", min_value=1, max_value=200)
    last = forms.IntegerField(label="到第几行", min_value=1, max_value=200)

    def rows(self) -> tuple[int, int] | None:
        """First and last row of the header, or None where nothing sensible was said."""
        if not self.is_valid():
            return None
        first, last = self.cleaned_data["first"], self.cleaned_data["last"]
        return (first, last) if first <= last <= first + 4 else None


class ColumnsForm(PlainForm):
    """Which column means what, and what the sheet does not say."""

    plan = choice("计划", (), radio=False, required=False)
    code = line(
        "计划编号",
        hint="字母、数字、-、_、.，如 DL2025；登记以后不变，各行的编号由它和序号组成。",
        required=False,
        longest=30,
    )
    title = line("计划名称", hint="如 2025年市政府重点工作台账", required=False)
    office = choice("督查单位", (), hint="代表承诺对象核实和审批的单位。", radio=False)
    year = forms.IntegerField(
        label="年度",
        help_text="没有写年份的时限，如“6月底前”，算这一年的。",
        min_value=FIRST_YEAR,
        max_value=LAST_YEAR,
        error_messages={"required": "请填写年度", "invalid": "年度是四位数字，如 2025"},
    )
    kind = choice("类型", (), hint="表中没有写明类型的行。", radio=False)
    creditor = line("承诺对象", hint="对谁承诺；表中没有写明的行。", longest=120)
    document = choice("依据", (), hint="这些任务写在哪份文件里。", radio=False, required=False)
    document_title = line("文件名称", required=False)
    document_kind = choice(
        "文件类别", [(kind, kind) for kind in DOCUMENT_KINDS], radio=False, required=False
    )
    document_number = line(
        "文号", hint="如 大政办发〔2025〕3号；没有就留空。", required=False, longest=80
    )
    document_date = civil_day("公布日期", hint="不确定就留空。", required=False)

    conditional: ClassVar = ("plan", "code", "title", "document", "document_title")
    PLAN_FIELDS: ClassVar = ("plan", "code", "title", "office", "year")
    ROW_FIELDS: ClassVar = ("kind", "creditor")
    DOCUMENT_FIELDS: ClassVar = (
        "document",
        "document_title",
        "document_kind",
        "document_number",
        "document_date",
    )

    def __init__(
        self,
        *args: Any,  # noqa: ANN401  # as Django's
        layout: Layout,
        plans: Iterable[OfficePlan],
        documents: Iterable[NewDocument],
        offices: Mapping[str, str],
        units: Mapping[str, str],
        used: Collection[str],
        **kwargs: Any,  # noqa: ANN401
    ) -> None:
        super().__init__(*args, **kwargs)
        self.layout = layout
        self.plans = {plan.code: plan for plan in plans}
        self.documents = {document.code: document for document in documents}
        self.units = units
        self.used = used
        choices = {
            "plan": [(NEW, "新的计划"), *((p.code, _named(p)) for p in self.plans.values())],
            "office": list(offices.items()),
            "kind": [(name, label) for label, name in planned_kinds().items()],
            "document": [
                (NEW, "新的文件"),
                *((d.code, f"{d.title}（{d.code}）") for d in self.documents.values()),
            ],
        }
        for name, listed in choices.items():
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)  # noqa: S101  # declared above
            field.choices = listed
        for column in _readable(layout):
            self.fields[f"column-{column.number}"] = forms.ChoiceField(
                label=f"{column.letter} 列 {column.header}",
                required=False,
                choices=[(UNREAD, "不读取"), *_fields()],
            )

    def column_rows(self) -> Iterator[tuple[SheetColumn, BoundField]]:
        """Each column with its select."""
        for column in _readable(self.layout):
            yield column, self[f"column-{column.number}"]

    def plan_fields(self) -> list[BoundField]:
        """What is said about the plan."""
        return [self[name] for name in self.PLAN_FIELDS]

    def row_fields(self) -> list[BoundField]:
        """What holds for rows that do not say it."""
        return [self[name] for name in self.ROW_FIELDS]

    def document_fields(self) -> list[BoundField]:
        """What is said about the document."""
        return [self[name] for name in self.DOCUMENT_FIELDS]

    def clean(self) -> dict[str, Any]:
        """What several fields say together."""
        values = super().clean() or self.cleaned_data
        self._columns_once()
        if not values.get("plan"):
            self._new_plan(values)
        if not values.get("plan") and not values.get("document"):
            self._need("document_title", "请填写文件名称，或选一份已登记的文件")
        return values

    def _columns_once(self) -> None:
        columns: dict[str, list[str]] = {}
        for column in _readable(self.layout):
            chosen = self.cleaned_data.get(f"column-{column.number}")
            if chosen:
                columns.setdefault(chosen, []).append(f"column-{column.number}")
        for field, names in columns.items():
            if len(names) > 1 and not BY_NAME[field].many:
                for name in names:
                    what = f"“{BY_NAME[field].label}”选了 {len(names)} 次，请只留一列"
                    self.add_error(name, what)
        if "title" not in columns:
            self.add_error(None, "请指明哪一列是“任务”，每一行的名称从那里来")

    def _new_plan(self, values: Mapping[str, Any]) -> None:
        self._need("title", "请填写计划名称，或选一个已登记的计划")
        self._need("code", "请填写计划编号，或选一个已登记的计划")
        code = str(values.get("code") or "")
        if code and not CODE.fullmatch(code):
            self.add_error("code", "只能用字母、数字、-、_、.，并以字母或数字开头")
        elif code in self.plans:
            what = f"{code} 已是“{self.plans[code].title}”的编号；请换一个，或在上面选那个计划"
            self.add_error("code", what)
        elif code in self.used:
            self.add_error("code", f"{code} 已是另一单位的计划的编号，请换一个")

    def _need(self, name: str, what: str) -> None:
        if name in self.cleaned_data and not self.cleaned_data[name]:
            self.add_error(name, what)

    def mapping(self) -> RosterMapping:
        """What was decided, once the form is valid."""
        values = self.cleaned_data
        columns = {
            column.signature: values[f"column-{column.number}"]
            for column in _readable(self.layout)
            if values[f"column-{column.number}"]
        }
        return RosterMapping(
            sheet=self.layout.sheet,
            header_first=self.layout.header_first,
            header_last=self.layout.header_last,
            columns=columns,
            defaults=self._defaults(values),
            units=self.units,
        )

    def _defaults(self, values: Mapping[str, Any]) -> Defaults:
        plan = self.plans.get(values["plan"])
        code = plan.code if plan else values["code"]
        return Defaults(
            plan=code,
            title=plan.title if plan else values["title"],
            office=plan.office if plan else values["office"],
            document=plan.document if plan else self._document(code, values),
            creditor=values["creditor"],
            kind=values["kind"],
            year=values["year"],
            prefix=code,
        )

    def _document(self, plan: str, values: Mapping[str, Any]) -> NewDocument:
        if values["document"]:
            return self.documents[values["document"]]
        number = 1
        while f"{plan}-YJ{number}" in self.documents:
            number += 1
        said: date | None = values["document_date"]
        return NewDocument(
            code=f"{plan}-YJ{number}",
            title=values["document_title"],
            kind=values["document_kind"] or DOCUMENT_KINDS[-1],
            number=values["document_number"],
            said_date=said,
        )


def _named(plan: OfficePlan) -> str:
    return f"{plan.title}（{plan.code}）"


def _fields() -> list[tuple[str, str]]:
    return [(field.name, field.label) for field in FIELDS if field.name != IDENTITY]


def _readable(layout: Layout) -> list[SheetColumn]:
    """The columns a person can assign: with a header, and not added by us."""
    return [column for column in layout.columns if column.header and not column.added]


def guessed(layout: Layout) -> dict[str, Guess]:
    """Name of a column's field in the form → the guess about it."""
    return {f"column-{found.column.number}": found for found in guess(layout)}


def free_code(year: int, used: Collection[str]) -> str:
    """A code for a new plan of a year.

    >>> free_code(2024, {"TZ2024", "TZ2024-2"})
    'TZ2024-3'
    """
    codes = (f"TZ{year}-{number}" if number > 1 else f"TZ{year}" for number in count(1))
    return next(code for code in codes if code not in used)


def named(title: str) -> str:
    """What stands above a header without who filled it in and when.

    >>> named("2024年重点任务台账 填报单位：市政府督查室")
    '2024年重点任务台账'
    """
    return _FILLED_IN.split(title, maxsplit=1)[0].strip()[:300]


def first_values(
    layout: Layout, *, office: str, used: Collection[str], today: date
) -> dict[str, Any]:
    """What a form about a new sheet proposes; `used` are the codes of all plans."""
    year = layout.year or today.year
    columns = {
        name: found.field for name, found in guessed(layout).items() if found.field != IDENTITY
    }
    return {
        **columns,
        "code": free_code(year, used),
        "title": named(layout.title) or layout.sheet,
        "office": office,
        "year": year,
        "kind": "measure",
        "creditor": "社会公众",
        "document_title": named(layout.title),
        "document_kind": DOCUMENT_KINDS[1],
    }


def columns_of(mapping: RosterMapping, layout: Layout) -> dict[str, Any]:
    """What a mapping says that holds for other plans of the same shape too."""
    fields = {
        f"column-{column.number}": mapping.columns.get(column.signature, UNREAD)
        for column in _readable(layout)
    }
    defaults = mapping.defaults
    return {
        **fields,
        "office": defaults.office,
        "kind": defaults.kind,
        "creditor": defaults.creditor,
    }


def values_of(mapping: RosterMapping, layout: Layout, plan: str | None) -> dict[str, Any]:
    """A mapping as the values of the form; `plan` is its registered plan, if it has one."""
    defaults = mapping.defaults
    document = defaults.document
    return {
        **columns_of(mapping, layout),
        "plan": plan or NEW,
        "code": defaults.plan,
        "title": defaults.title,
        "year": defaults.year,
        "document": document.code,
        "document_title": document.title,
        "document_kind": document.kind,
        "document_number": document.number,
        "document_date": document.said_date,
    }


class StrangersForm(PlainForm):
    """What the names mean that nothing registered answers to."""

    MOST: ClassVar = 20
    """Names asked about at once."""

    def __init__(
        self,
        *args: Any,  # noqa: ANN401  # as Django's
        strangers: Sequence[Stranger],
        units: Sequence[tuple[str, str]],
        **kwargs: Any,  # noqa: ANN401
    ) -> None:
        super().__init__(*args, **kwargs)
        self.strangers = strangers[: self.MOST]
        for number, stranger in enumerate(self.strangers):
            near = [(unit.code, unit.name) for unit in stranger.near]
            rest = [pair for pair in units if pair not in near]
            self.fields[f"unit-{number}"] = forms.ChoiceField(
                label=stranger.said,
                required=False,
                choices=[("", "请选择"), ("最像的", near), ("全部单位", rest)]
                if near
                else [("", "请选择"), *rest],
            )

    def rows(self) -> Iterator[tuple[Stranger, BoundField]]:
        """Each name with its select."""
        for number, stranger in enumerate(self.strangers):
            yield stranger, self[f"unit-{number}"]

    def meant(self) -> dict[str, str]:
        """Name → code of the unit, of those that were decided."""
        return {
            stranger.said: self.cleaned_data[f"unit-{number}"]
            for number, stranger in enumerate(self.strangers)
            if self.cleaned_data[f"unit-{number}"]
        }
