"""The forms of single steps on a case. Field names are the commands' own."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from yinuo.cases.commands.deferrals import Gap, gap_field
from yinuo.cases.items.lengths import said
from yinuo.cases.life import DECISION_LABELS, Decision
from yinuo.cases.queries.case import CaseView
from yinuo.cases.shown.views import MaterialView
from yinuo.web.forms.base import PlainForm, VersionedForm, choice, civil_day, instant, line, words

NOTICE = "书面告知的文号，没有可不填"


def notice_line(*, required: bool = False) -> forms.CharField:
    """Number of the written notice to the applicant."""
    return line("告知书文号", hint=NOTICE if not required else "", required=required, longest=80)


class CaseForm(VersionedForm):
    """A form that knows the case it is about, and the instant."""

    def __init__(self, *args: Any, it: CaseView, now: datetime, **kwargs: Any) -> None:  # noqa: ANN401
        super().__init__(*args, **kwargs)
        self.it, self.now = it, now
        self.fields["version"].initial = it.version
        if "happened_at" in self.fields:
            self.fields["happened_at"].initial = now
        self.prepare()

    def prepare(self) -> None:
        """Fit choices and hints to the case."""

    def offer(self, name: str, choices: Iterable[tuple[str, str]]) -> None:
        """What can be chosen in a field."""
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101  # declared below
        field.choices = list(choices)

    def values(self) -> dict[str, Any]:
        """What the command takes, by its own names."""
        return self.cleaned_data


class AtForm(CaseForm):
    """A step that only needs to know when it happened."""

    happened_at = instant("时间", hint="实际发生的时间；补录的按当时填写")


class ReasonForm(CaseForm):
    """A step that needs a reason for the applicant."""

    reason = words("理由", hint="会原样告诉申请人，并记入办件经过", rows=4)


class RefuseForm(ReasonForm):
    """不予受理."""

    notice = notice_line()


class CorrectionForm(CaseForm):
    """一次告知补正."""

    keys = forms.MultipleChoiceField(
        label="缺少或不合格的材料",
        help_text="只能告知一次：请看全以后再选",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "请选择至少一份材料"},
    )
    said = words("要补什么", hint="逐份写明缺什么、哪里不对、怎样才算对；原样告诉申请人")
    answer_due = civil_day("请申请人在此以前补正", required=False)
    notice = notice_line()

    def prepare(self) -> None:
        """Every document can be asked for; what is missing is ticked."""
        field = self.fields["keys"]
        assert isinstance(field, forms.MultipleChoiceField)  # noqa: S101  # declared above
        field.choices = [(m.key, f"{m.name}（{m.state_label}）") for m in self.it.materials]
        field.initial = [m.key for m in self.it.materials if m.required and m.state == "missing"]


class StopForm(CaseForm):
    """暂停计时."""

    ground = choice("事由", ())
    happened_at = instant("从什么时候起", hint="不能早于受理，也不能晚于现在")
    planned_until = civil_day("预计到哪一天")
    notice = notice_line(required=True)
    reason = words("说明", hint="要做什么、由谁做；原样告诉申请人", rows=3)

    def prepare(self) -> None:
        """Only the grounds of the item."""
        self.offer("ground", ((ground, ground) for ground in self.it.grounds))


class ResumeForm(CaseForm):
    """恢复计时."""

    stop = choice("结束哪一次暂停", ())
    happened_at = instant("从什么时候起")
    notice = notice_line()

    def prepare(self) -> None:
        """The stops that are open."""
        running = [s for s in self.it.stops if s.until is None and not s.removed]
        self.offer("stop", ((s.code, f"{s.ground}，{s.notice}") for s in running))
        if running:
            self.fields["stop"].initial = running[0].code


class ExtensionForm(CaseForm):
    """申请延期."""

    of = choice(
        "延长哪个时限",
        [("", "法定和承诺"), ("法定", "法定办结时限"), ("承诺", "承诺办结时限")],
        required=False,
        radio=False,
    )
    amount = forms.IntegerField(
        label="延长多少",
        help_text="按该时限的单位，例如 10（个工作日）",
        min_value=1,
        error_messages={"required": "请填写延长多少", "invalid": "请填写整数"},
    )
    reason = words("理由", hint="批准后原样告诉申请人（行政许可法第四十二条）", rows=4)
    notice = notice_line()


class DecideExtensionForm(CaseForm):
    """批准延期."""

    request = choice("申请", ())
    grant = choice("决定", [("yes", "批准"), ("no", "不批准")])
    answer = line("说明", required=False, hint="不批准的请写明为什么")

    def prepare(self) -> None:
        """The requests that wait."""
        waiting = [e for e in self.it.extensions if e.granted is None]
        said = ((e.code, f"{e.of or '法定和承诺'}延长{e.amount}：{e.reason}") for e in waiting)
        self.offer("request", said)
        if waiting:
            self.fields["request"].initial = waiting[0].code

    def values(self) -> dict[str, Any]:
        """A yes or no."""
        values = super().values()
        return {**values, "grant": values["grant"] == "yes"}


class RemoveForm(CaseForm):
    """作废记错的暂停."""

    event = choice("哪一次", ())
    reason = words("理由", hint="写错在哪里；原来的记录留在账本上", rows=3)

    def prepare(self) -> None:
        """What somebody else wrote down and still counts."""
        self.offer("event", self.it.removable)


class DecideForm(CaseForm):
    """办结."""

    decision = choice("决定", ())
    reason = words("决定内容和理由", hint="原样告诉申请人；不予通过的写明依据和救济途径", rows=4)
    happened_at = instant("决定时间")

    def prepare(self) -> None:
        """With documents still to come it is passed with a gap, else without."""
        gap = any(m.state == "deferred" for m in self.it.materials)
        passed = Decision.APPROVED_WITH_GAP if gap else Decision.APPROVED
        self.offer("decision", [(d.value, DECISION_LABELS[d]) for d in (passed, Decision.DENIED)])

    def values(self) -> dict[str, Any]:
        """The decision as the command takes it."""
        values = super().values()
        return {**values, "decision": Decision(values["decision"])}


class GapForm(AtForm):
    """容缺受理: until when each missing document may come."""

    def prepare(self) -> None:
        """A day for each document that may wait and is not there."""
        for material in may_wait(self.it):
            asked = f"申请人承诺 {material.wish_until} 前补交；" if material.wish_until else ""
            self.fields[gap_field(material.key)] = civil_day(
                f"《{material.name}》补交期限",
                hint=f"{asked}办事指南规定最长{said(material.deferral)}",
            )
            self.fields[gap_field(material.key)].initial = material.wish_until

    def values(self) -> dict[str, Any]:
        """The gaps, with what else was filled in."""
        values = super().values()
        keys = {material.key for material in may_wait(self.it)}
        gaps = [Gap(key=key, due=values[gap_field(key)]) for key in keys]
        plain = {name: values[name] for name in ("happened_at", "version")}
        return {**plain, "gaps": gaps}


class BlankForm(CaseForm):
    """A step to confirm."""


def may_wait(it: CaseView) -> list[MaterialView]:
    """Documents of a case that are missing and may come later."""
    return [m for m in it.materials if m.state == "missing" and m.deferrable]


class TrackForm(PlainForm):
    """The 查询码 of a receipt."""

    track = forms.CharField(max_length=60, required=False, strip=True)


class WithdrawForm(PlainForm):
    """撤回 by the applicant."""

    reason = forms.CharField(
        label=_("为什么撤回"),
        max_length=2_000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={
            "required": _("请填写为什么撤回"),
            "max_length": _("最多 %(limit_value)d 字，现有 %(show_value)d 字"),
        },
    )
