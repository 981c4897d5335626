"""Forms of the register of leads: trips, leads, contacts, what came of them, opening."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile

from yinuo.commitments.life import VISIBILITY_LABELS, Visibility
from yinuo.goals.leads.register import STATED
from yinuo.goals.leads.stages import (
    AGREEMENTS,
    FACT_LABELS,
    ORIGIN_LABELS,
    STANDING_LABELS,
    Standing,
)
from yinuo.goals.queries.lead_detail import DelegationDetail, LeadDetail
from yinuo.kernel.money import to_fen
from yinuo.web.forms.base import (
    PlainForm,
    VersionedForm,
    choice,
    civil_day,
    decimal_of,
    line,
    words,
)

NOBODY = ""
YES, NO = "yes", "no"
TOPMOST_UNIT = "亿元"


def long_line(label: str, *, hint: str = "", rows: int = 3) -> forms.CharField:
    """A free text that may be left out."""
    field = words(label, hint=hint, rows=rows)
    field.required = False
    return field


def figure(label: str, *, hint: str = "") -> forms.CharField:
    """A number that may be left out; full-width digits and separators are welcome."""
    return forms.CharField(label=label, help_text=hint, required=False, max_length=40)


def _checkbox(label: str, hint: str) -> forms.BooleanField:
    return forms.BooleanField(label=label, help_text=hint, required=False)


def _fill(form: forms.Form, name: str, choices: Mapping[str, str], *, empty: str = "") -> None:
    field = form.fields[name]
    assert isinstance(field, forms.ChoiceField)  # noqa: S101  # declared by the form
    field.choices = [*([(NOBODY, empty)] if empty else []), *choices.items()]


class LeadForm(PlainForm):
    """One lead, new or as it is now known."""

    origin = choice(
        "来源",
        [(str(each), label) for each, label in ORIGIN_LABELS.items()],
        hint="拜访和签约是两个漏斗，登记以后不能改；说明会只登记，不进漏斗",
    )
    title = line("名称", hint="如：某某公司冷链装备制造基地", longest=200)
    office = choice("登记单位", (), radio=False, hint="由它确认进展、审查公开")
    unit = choice("跟进单位", (), radio=False)
    firm = line("企业", hint="中文名；说明会可以不填", required=False, longest=160)
    firm_original = line("企业原文名", required=False, longest=160)
    foreign = choice("内资还是外资", [("", "未登记"), (YES, "外资"), (NO, "内资")], radio=False)
    country = line("国别或地区", required=False, longest=60)
    industry = line(
        "行业", hint="国民经济行业分类的大类代码或名称，如 C38；只知道门类写 C", required=False
    )
    top500 = line(
        "500强", hint="哪一年的哪一个榜，如：2023年《财富》世界500强；不是就留空", required=False
    )
    delegation = choice("出访团组", (), radio=False)
    source = line(
        "来源说明", hint="出处和位置，如：《大连日报》2024年3月1日，第15段", required=False
    )
    visited_date = civil_day("拜访日期", required=False)
    visited_said = line("拜访时间原文", hint="只知道月份的写这里，如 2024年2月", required=False)
    signed_date = civil_day("签约日期", required=False)
    signed_said = line("签约时间原文", hint="只知道月份的写这里，如 2024年2月", required=False)
    agreement = choice("签了什么", [("", "未登记"), *AGREEMENTS.items()], radio=False)
    partner = line("我方签约主体", hint="企业间协议写另一方企业", required=False, longest=160)
    between_firms = _checkbox("企业间协议", "企业和企业签的，没有负责落地的政府单位")
    intended_value = figure("意向投资", hint="只写数")
    intended_unit = line(
        "单位", hint="连同币种：亿元、万元、万美元、亿日元；不折算", required=False, longest=20
    )
    note = long_line("说明")
    again = _checkbox("确实是另一条线索", "同名同企业的已经登记过时才需要勾选")

    def __init__(
        self,
        *args: object,
        offices: Mapping[str, str],
        units: Mapping[str, str],
        delegations: Mapping[str, str],
        registered: LeadDetail | None = None,
        **kwargs: object,
    ) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        _fill(self, "office", offices)
        _fill(self, "unit", units, empty="没有跟进单位")
        _fill(self, "delegation", delegations, empty="没有团组")
        for name in ("unit", "delegation", "foreign", "agreement"):
            self.fields[name].required = False
        if registered is not None:
            for name in ("office", "again"):
                del self.fields[name]
            self._show(registered)
        else:
            del self.fields["version"]

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)

    def _show(self, registered: LeadDetail) -> None:
        said = registered.said
        for name, field in self.fields.items():
            field.initial = getattr(said, name, None)
        self.fields["foreign"].initial = {True: YES, False: NO, None: ""}[said.foreign]
        self.fields["version"].initial = registered.version

    def clean_intended_value(self) -> str:
        """The number in its canonical form."""
        return decimal_of(self.cleaned_data["intended_value"])

    def values(self) -> dict[str, Any]:
        """What the form says, by the fields of a lead."""
        given = self.cleaned_data
        plain = {k: v for k, v in given.items() if k not in ("version", "again", "foreign")}
        return {
            **plain,
            "unit": given["unit"] or None,
            "delegation": given["delegation"] or None,
            "foreign": {YES: True, NO: False}.get(given["foreign"]),
        }


class DelegationForm(PlainForm):
    """A trip with what was announced of it."""

    office = choice("登记单位", (), radio=False)
    title = line("名称", hint="如：赴日经贸团组", longest=200)
    countries = line("国家", hint="多个用“、”分开", required=False, longest=200)
    cities = line("城市", hint="多个用“、”分开", required=False)
    first_date = civil_day("第一天", required=False)
    last_date = civil_day("最后一天", required=False)
    leading_unit = choice("牵头单位", (), radio=False)
    source = line("公布的出处", hint="公布的数字出自哪里", required=False)

    def __init__(
        self, *args: object, offices: Mapping[str, str], units: Mapping[str, str], **kwargs: object
    ) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        _fill(self, "office", offices)
        _fill(self, "leading_unit", units, empty="没有")
        self.fields["leading_unit"].required = False
        for name, (label, measure) in STATED.items():
            self.fields[f"stated_{name}"] = forms.IntegerField(
                label=f"公布的{label}",
                help_text=f"{measure}；没有公布就留空，不必和登记的相等",
                required=False,
                min_value=0,
                max_value=100_000,
            )

    def values(self) -> dict[str, Any]:
        """What the form says, by the fields of a delegation."""
        given = self.cleaned_data
        stated = {
            name: given[f"stated_{name}"] for name in STATED if given[f"stated_{name}"] is not None
        }
        plain = {k: v for k, v in given.items() if not k.startswith("stated_")}
        return {**plain, "leading_unit": given["leading_unit"] or None, "stated": stated}


LARGEST_BOOK = 10 * 2**20
"""Bytes; twenty thousand leads are less than half of it."""


class LeadsBookForm(PlainForm):
    """A workbook of leads to be checked or taken in."""

    office = choice("登记单位", (), radio=False)
    book = forms.FileField(
        label="工作簿",
        help_text="xlsx，最多 10 MB；先不勾选下面一项，看过检查结果和预览再导入",
        error_messages={"required": "请选择工作簿", "empty": "这个文件是空的"},
    )
    really = _checkbox("看过预览，导入", "不勾选只检查，不写入任何内容")

    def __init__(self, *args: object, offices: Mapping[str, str], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        _fill(self, "office", offices)

    def clean_book(self) -> "UploadedFile[bytes]":
        """No file larger than is looked at."""
        book: UploadedFile[bytes] = self.cleaned_data["book"]
        if (book.size or 0) > LARGEST_BOOK:
            raise forms.ValidationError(f"文件有 {(book.size or 0) / 2**20:.1f} MB，上限 10 MB")
        return book


class LeadStepForm(VersionedForm):
    """One step on one lead."""

    def __init__(self, *args: object, shown: LeadDetail, today: date, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.shown = shown
        self.today = today
        self.fields["version"].initial = shown.version
        self.prepare()

    def prepare(self) -> None:
        """Fit words to the lead."""


class ContactForm(LeadStepForm):
    """记接触."""

    day = civil_day("日期")
    who = line("和谁", hint="写明单位和人；可依法删除，不进账本正文", longest=4_000)
    said = words("谈了什么", rows=4)
    next_step = long_line("下一步")
    next_date = civil_day("下一步的日期", required=False)

    def prepare(self) -> None:
        """Today, and not later."""
        self.fields["day"].initial = self.today
        self.fields["day"].widget.attrs["max"] = self.today.isoformat()


class FactForm(LeadStepForm):
    """填进展."""

    conditional = ("firm", "credit_code", "value", "unit")
    kind = choice("什么进展", ())
    day = civil_day("日期")
    firm = line("注册的企业", hint="注册企业时填，照营业执照", required=False, longest=160)
    credit_code = line("统一社会信用代码", hint="注册企业时填，18 位", required=False, longest=40)
    value = figure("到位资金", hint="资金到位时填，只写数；这一笔，不是累计")
    unit = line("单位", hint="连同币种：万元、亿元、万美元；不折算", required=False, longest=20)
    evidence = words(
        "凭什么认定",
        hint="如营业执照、银行进账单、施工许可证的编号；线索公开以后，这段话也会公开",
        rows=3,
    )
    sure = _checkbox("金额核对过，没有写错单位", "系统问起时才需要勾选")

    def prepare(self) -> None:
        """What is built is reported on the project, once there is one."""
        labels = {str(each): label for each, label in FACT_LABELS.items()}
        if self.shown.project is not None:
            labels.pop("started")
        _fill(self, "kind", labels)
        self.fields["day"].widget.attrs["max"] = self.today.isoformat()

    def clean_value(self) -> str:
        """The number in its canonical form."""
        return decimal_of(self.cleaned_data["value"])


class UndertakeForm(LeadStepForm):
    """登记为签约待落地的承诺."""

    title = line("单位承担什么", hint="写成可以核实的一句话，如：6 月底前开工建设")
    due = civil_day("完成时限", hint="没有说定就留空", required=False)
    due_said = line("时限原文", hint="如 年内、上半年", required=False, longest=80)
    sign_by = civil_day("请跟进单位在此以前签收")
    undertaking = long_line(
        "单位承担的事项", hint="企业间协议必填：单位自己承担了什么，如供地、配套"
    )

    def prepare(self) -> None:
        """What is known already."""
        self.fields["title"].initial = f"{self.shown.title}落地"
        self.fields["sign_by"].widget.attrs["min"] = self.today.isoformat()
        if not self.shown.said.between_firms:
            del self.fields["undertaking"]


class ProjectForm(LeadStepForm):
    """转为项目."""

    name = line("项目名称", longest=200)
    region = choice("所在地区", (), radio=False)
    address = line("地址", required=False, longest=200)
    total_value = figure("总投资（亿元）", hint="意向投资是外币的，要由人写出人民币数；系统不折算")
    landing_is_start = _checkbox(
        "已有的承诺就是按期开工", "勾选后它就是项目的开工节点，只承诺一次；不要再写开工时限"
    )
    start_by = civil_day("开工时限", hint="写了就成为跟进单位的承诺", required=False)
    complete_by = civil_day("竣工时限", required=False)
    produce_by = civil_day("投产时限", required=False)

    def __init__(self, *args: object, units: Mapping[str, str], **kwargs: object) -> None:
        self.units = units
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]

    def prepare(self) -> None:
        """Name and, in yuan, the investment go over as they are."""
        _fill(self, "region", self.units, empty="未定")
        self.fields["region"].required = False
        self.fields["name"].initial = self.shown.title
        if self.shown.undertaken is None:
            del self.fields["landing_is_start"]
        elif self.shown.undertaken.due is not None:
            self.fields["landing_is_start"].initial = True

    def clean_total_value(self) -> int | None:
        """In 分; None where nothing was typed."""
        typed = decimal_of(self.cleaned_data["total_value"])
        return to_fen(typed, TOPMOST_UNIT) if typed else None


class StandingForm(LeadStepForm):
    """搁置、终止或恢复."""

    standing = choice("改为", ())
    reason = words("理由", hint="留在账本上；线索公开以后也会公开", rows=3)

    def prepare(self) -> None:
        """The two others."""
        now = {"搁置": Standing.SHELVED, "终止": Standing.ENDED}.get(
            self.shown.state, Standing.ACTIVE
        )
        labels = {**STANDING_LABELS, Standing.ACTIVE: "恢复跟进"}
        _fill(self, "standing", {str(s): label for s, label in labels.items() if s != now})


class ConfirmLeadForm(LeadStepForm):
    """核对登记."""


def _other_visibility(form: forms.Form, *, public: bool) -> None:
    offered = Visibility.CLOSED if public else Visibility.PUBLIC
    _fill(form, "visibility", {str(offered): VISIBILITY_LABELS[offered]})


class PublishLeadForm(LeadStepForm):
    """公开前保密审查."""

    visibility = choice(
        "公开类型",
        (),
        hint="公开的是这一条的登记、说明、理由和已确认的进展，连同以前的改动；接触记录不公开",
    )

    def prepare(self) -> None:
        """The other one than it has."""
        _other_visibility(self, public=self.shown.public)


class PublishDelegationForm(VersionedForm):
    """公开前保密审查, of a trip."""

    visibility = choice("公开类型", (), hint="只公开团组本身；它的线索逐条另行审查")

    def __init__(self, *args: object, shown: DelegationDetail, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.fields["version"].initial = shown.version
        _other_visibility(self, public=shown.public)


class DecideFactForm(VersionedForm):
    """确认进展."""

    conditional = ("why",)
    decision = choice("决定", [("confirm", "确认，计入统计"), ("refuse", "不予确认")])
    why = long_line("为什么不予确认", hint="不予确认时必填")

    def __init__(self, *args: object, version: int, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.fields["version"].initial = version
