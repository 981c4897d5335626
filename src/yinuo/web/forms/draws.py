"""Forms of random checks: framing, the value, findings on site, the end of it."""

from collections.abc import Mapping
from datetime import date

from django import forms

from yinuo.commitments.life import VISIBILITY_LABELS, Visibility
from yinuo.supervision.draws.life import RESULT_LABELS
from yinuo.supervision.draws.randomness import SOURCES, Source
from yinuo.supervision.queries.draws import DrawDetail, LineView
from yinuo.web.forms.base import (
    PlainForm,
    VersionedForm,
    choice,
    civil_day,
    instant,
    line,
    words,
)
from yinuo.web.forms.evidence import files_field

KEPT_INSIDE = "只有审计人和核实它的督查人能看，不公开"


class PeriodForm(PlainForm):
    """What a draw is to be made from."""

    unit = choice(
        "谁来抽查", (), radio=False, hint="抽这个单位督查的承诺；审计人连下级单位督查的一起抽"
    )
    from_date = civil_day("完成日期自", hint="按责任单位申报的完成日期")
    until_date = civil_day("到", hint="这一天也算")

    def __init__(self, *args: object, units: Mapping[str, str], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        field = self.fields["unit"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101  # declared above
        field.choices = list(units.items())


class FrameForm(PlainForm):
    """The frame with the randomness that will decide."""

    unit = forms.CharField(widget=forms.HiddenInput)
    from_date = forms.DateField(widget=forms.HiddenInput)
    until_date = forms.DateField(widget=forms.HiddenInput)
    title = line("名称", hint="如：2024年二季度报称完成事项抽查", longest=120)
    source = choice("随机数的种类", [(str(each), words_.label) for each, words_ in SOURCES.items()])
    source_name = line(
        "来源", hint="谁开出、在哪里公布，如：中国福利彩票双色球，福彩官网", longest=80
    )
    source_number = line("期号、轮次或编号", hint="要选还没有开出的一期", longest=60)
    known_from = instant("最早何时知道", hint="开奖或公布的时间；录入的值早于它就不采用")


class DrawForm(VersionedForm):
    """One step of a draw."""

    def __init__(self, *args: object, shown: DrawDetail, today: date, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.shown = shown
        self.today = today
        self.fields["version"].initial = shown.version
        self.prepare()

    def prepare(self) -> None:
        """Fit words to the draw."""


class RandomnessForm(DrawForm):
    """录入随机数."""

    value = line("结果", longest=200)
    known_at = instant("实际公布的时间")
    where = words(
        "在哪里可以查到", hint="网址，或在场见证的人", missing="请写明哪里可以查到", rows=2
    )
    evidence = files_field()

    def prepare(self) -> None:
        """The hint is that of the source that was announced."""
        self.fields["value"].help_text = self.shown.source.hint
        dice = self.shown.source is SOURCES[Source.DICE]
        self.fields["evidence"].label = "笔录" if dice else "公告截图等"
        self.fields["evidence"].help_text = (
            "必须附上，写明在场的人和每次的点数" if dice else "没有也可以"
        )


class DrawNowForm(DrawForm):
    """抽取."""


class ConcludeForm(DrawForm):
    """得出结论."""

    note = words("结论", hint="抽查发现了什么，接下来怎么办；公开以后任何人都能看到")


class CancelForm(DrawForm):
    """作废."""

    note = words("作废的理由", hint="如：当期停售。作废的抽查一直列在这里，编号不再使用")


class PublishDrawForm(DrawForm):
    """公开前保密审查."""

    visibility = choice("公开类型", ())

    def prepare(self) -> None:
        """The other one than it has."""
        field = self.fields["visibility"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101  # declared above
        offered = [Visibility.CLOSED] if self.shown.public else [Visibility.PUBLIC]
        field.choices = [(str(each), VISIBILITY_LABELS[each]) for each in offered]


class ItemForm(VersionedForm):
    """One step on one that was drawn."""

    def __init__(self, *args: object, shown: LineView, today: date, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.fields["version"].initial = shown.version
        for name in ("checked_date",):
            if name in self.fields:
                self.fields[name].initial = today
                self.fields[name].widget.attrs["max"] = today.isoformat()
        if "visit_date" in self.fields:
            self.fields["visit_date"].widget.attrs["min"] = today.isoformat()


class FindForm(ItemForm):
    """核查结论."""

    result = choice("核查结论", [(str(each), label) for each, label in RESULT_LABELS.items()])
    checked_date = civil_day("核查日期")
    note = words("核查情况", hint="看了什么、和申报有什么不同；未能核查的写明原因", rows=4)
    evidence = files_field()

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.fields["evidence"].label = "现场照片和材料"
        hint = self.fields["evidence"].help_text
        self.fields["evidence"].help_text = f"{hint.partition('。')[0]}。{KEPT_INSIDE}"


class VisitForm(ItemForm):
    """告知核查日期."""

    visit_date = civil_day("核查日期", hint="责任单位的填报人会收到消息；不告知的，到现场才知道")
