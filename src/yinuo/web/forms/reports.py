"""Forms about one's own credit, and about objections and repairs."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from yinuo.commitments.spoken import spoken
from yinuo.credit.regimes.repair import Conditions
from yinuo.credit.report.document import SCOPES
from yinuo.web.forms.base import PlainForm, VersionedForm, choice, civil_day, words
from yinuo.web.language import CHINESE, TAGS, current

A_YEAR = timedelta(days=365)
DIGEST = 64


class ReportForm(PlainForm):
    """Which records stand in a report."""

    scope = choice(pgettext_lazy("report", "范围"), [])

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401  # as Django's own
        super().__init__(*args, **kwargs)
        field = self.fields["scope"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101  # as declared
        field.choices = [(key, spoken("report scope", word)) for key, word in SCOPES.items()]


class ObjectForm(PlainForm):
    """What is wrong with a record."""

    what = words(
        _("哪里不对"),
        hint=_("写明哪一项、应该是什么、凭什么。提交后这条记录马上标注“有异议”"),
        missing=_("请写明哪里不对"),
    )


class ConditionsForm(VersionedForm):
    """What was verified before a repair; shared with the subject's own statement."""

    corrected = choice(
        "违法行为已经纠正，危害已经消除", [("yes", "是"), ("no", "不是，或没有核实")]
    )
    duties_done = choice("决定中的义务已经履行完毕", [("yes", "是"), ("no", "不是，或没有核实")])

    def conditions(self, *, promised: bool) -> Conditions:
        """As the rules ask for them."""
        return Conditions(
            corrected=self.cleaned_data["corrected"] == "yes",
            duties_done=self.cleaned_data["duties_done"] == "yes",
            promised=promised,
        )


class RepairForm(ConditionsForm):
    """Asking for repair."""

    version = None  # type: ignore[assignment]  # there is nothing yet that others could change
    corrected = choice(_("违法行为已经纠正，危害已经消除"), [("yes", _("是")), ("no", _("还没有"))])
    duties_done = choice(_("决定中的义务已经履行完毕"), [("yes", _("是")), ("no", _("还没有"))])
    promise = choice(
        _("公开承诺：不再发生同类失信行为"),
        [("yes", _("我承诺，受理后公开")), ("no", _("不承诺"))],
    )
    done = words(
        _("做了什么"),
        hint=_("怎样纠正的、罚款何时缴清、凭证编号；不要写别人的证件号码"),
        rows=4,
    )

    @property
    def stated(self) -> Conditions:
        """What the subject says it has done."""
        return self.conditions(promised=self.cleaned_data["promise"] == "yes")


class AnswerForm(VersionedForm):
    """A reason that the subject reads."""

    reason = words("理由", hint="申请人看得到；写明核对了什么原文", rows=4)


class PlainStepForm(VersionedForm):
    """A step that needs no words."""


class GrantForm(ConditionsForm):
    """What was verified, and why it is granted."""

    reason = words("理由", hint="申请人看得到；写明核对了什么", rows=4)


class ConsentForm(PlainForm):
    """Letting a unit ask, until a day."""

    def __init__(
        self, choices: Iterable[tuple[str, str]], today: date, typed: QueryDict | None
    ) -> None:
        super().__init__(typed)
        self.fields["whom"] = choice(
            _("同意谁、为什么用途查询"), [("", _("请选择")), *choices], radio=False
        )
        if current() != CHINESE:  # the names of units and purposes are Chinese
            self.fields["whom"].widget.attrs["lang"] = TAGS[CHINESE]
        self.fields["until"] = civil_day(_("同意到哪一天"), hint=_("最长三年，随时可以撤回"))
        self.fields["until"].initial = today + A_YEAR


class CheckForm(PlainForm):
    """A report that somebody was shown."""

    report = forms.CharField(
        label=_("报告编号"),
        max_length=40,
        help_text=_("印在每一页左上角，如 BG-20261129-…"),
        error_messages={"required": _("请填写报告编号")},
    )
    digest = forms.CharField(
        label=_("校验码"),
        max_length=DIGEST + 16,
        help_text=_("印在报告末尾的 64 位，或者 PDF 文件的 SHA-256"),
        error_messages={"required": _("请填写校验码，或在下面选取 PDF 文件")},
    )
