"""Objections and repairs for the officers who answer them, under their clocks."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import TypeAlias

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from yinuo.credit.commands import objections as objecting
from yinuo.credit.commands import repairs as repairing
from yinuo.credit.purposes.purpose import PurposeRefused
from yinuo.credit.queries.contested import ContestedRecord, contested
from yinuo.credit.queries.objections import ObjectionView, objection, objections
from yinuo.credit.queries.repairs import RepairView, repair, repairs
from yinuo.credit.regimes.repair import Conditions
from yinuo.kernel.errors import YinuoError
from yinuo.parties.viewer import NotAllowed
from yinuo.web import clock
from yinuo.web.credit import means, regime
from yinuo.web.credit_asked import page_number
from yinuo.web.forms.base import VersionedForm
from yinuo.web.forms.reports import AnswerForm, GrantForm, PlainStepForm
from yinuo.web.offered import Offered, by_name
from yinuo.web.request import Request, signed_in
from yinuo.web.views.steps import OK, NotNow, handed_in

NOTHING = Conditions(corrected=False, duties_done=False, promised=False)
STATES = (("open", "待办"), ("done", "已办"), ("all", "全部"))


Act: TypeAlias = Offered[VersionedForm, Callable[[Request, str, VersionedForm], str]]
"""One step that an officer may take."""


def _state(request: Request) -> str:
    asked = request.GET.get("state", "open")
    return asked if asked in dict(STATES) else "open"


@signed_in
@require_safe
def credit_objections(request: Request) -> HttpResponse:
    """Those of the viewer's units, due first."""
    state = _state(request)
    page = objections(means=means(), viewer=request.viewer, state=state, page=page_number(request))
    context = {"page": page, "state": state, "states": STATES, "today": clock.today()}
    return render(request, "web/credit_objections.html", context)


@signed_in
@require_safe
def credit_repairs(request: Request) -> HttpResponse:
    """Those of the viewer's units, due first."""
    state = _state(request)
    page = repairs(means=means(), viewer=request.viewer, state=state, page=page_number(request))
    context = {"page": page, "state": state, "states": STATES, "today": clock.today()}
    return render(request, "web/credit_repairs.html", context)


@signed_in
def credit_objection(request: Request, code: str) -> HttpResponseBase:
    """One objection with the record it is about, and what the viewer may do."""
    it = objection(code=code, means=means(), viewer=request.viewer)
    return _page(request, it, OBJECTION_ACTS, "objection", "credit_objection")


@signed_in
def credit_repair(request: Request, code: str) -> HttpResponseBase:
    """One request for repair with its record, and what the viewer may do."""
    it = repair(code=code, means=means(), viewer=request.viewer)
    return _page(request, it, REPAIR_ACTS, "repair", "credit_repair")


def _page(
    request: Request,
    it: ObjectionView | RepairView,
    acts: Mapping[str, Act],
    purpose: str,
    page: str,
) -> HttpResponseBase:
    act = acts.get(request.GET.get("do", ""))
    if request.method != "POST" and act is not None and act.name not in it.acts:
        if not it.acts:
            raise NotAllowed("这一步现在不由您办", place=it.code)
        raise NotNow(it.code, act.title)
    form, error, status = None, None, OK
    if act is not None:
        typed = request.POST if request.method == "POST" else None
        form = act.form(typed, initial={"version": it.version})
        done, error, status = handed_in(request, form, partial(act.run, request, it.code, form))
        if done:
            return redirect(page, it.code)
    elif request.method == "POST":
        raise NotNow(it.code, "提交")
    record, refused = _record(request, it, purpose)
    context = {
        "it": it,
        "record": record,
        "refused": refused,
        "act": act,
        "offered": [acts[name] for name in it.acts],
        "form": form,
        "error": error,
        "today": clock.today(),
    }
    return render(request, f"web/{page}.html", context, status=status)


def _record(
    request: Request, it: ObjectionView | RepairView, purpose: str
) -> tuple[ContestedRecord | None, YinuoError | None]:
    """The record for whoever handles it; for others of the unit only that there is one."""
    try:
        found = contested(
            record=it.record,
            subject=it.subject,
            purpose=purpose,
            means=means(),
            regime=regime(),
            viewer=request.viewer,
            on=clock.today(),
            at=clock.now(),
        )
    except PurposeRefused as error:
        return None, error
    return found, None


def _forward(request: Request, code: str, form: VersionedForm) -> str:
    objecting.forward_objection(
        objection=code,
        means=means(),
        by=request.viewer,
        at=clock.now(),
        version=form.cleaned_data["version"],
    )
    return "已转来源单位核查，期限照算。"


def _answer(request: Request, code: str, form: VersionedForm, *, upheld: bool) -> str:
    objecting.answer_objection(
        objection=code,
        upheld=upheld,
        reason=form.cleaned_data["reason"],
        means=means(),
        by=request.viewer,
        at=clock.now(),
        version=form.cleaned_data["version"],
    )
    return (
        "已认定异议成立：这条记录停止显示和使用，等来源单位更正后重新报送。"
        if upheld
        else "已答复：异议不成立，标注已取消。"
    )


def _accept(request: Request, code: str, form: VersionedForm) -> str:
    repairing.accept_repair(
        repair=code,
        means=means(),
        by=request.viewer,
        at=clock.now(),
        version=form.cleaned_data["version"],
    )
    return "已受理，承诺已登记；由另一人决定。"


def _decide(request: Request, code: str, form: VersionedForm, *, granted: bool) -> str:
    repairing.decide_repair(
        repair=code,
        granted=granted,
        reason=form.cleaned_data["reason"],
        # The promise was made when the request was accepted; only its conditions are verified here.
        conditions=form.conditions(promised=True) if isinstance(form, GrantForm) else NOTHING,
        means=means(),
        regime=regime(),
        by=request.viewer,
        at=clock.now(),
        version=form.cleaned_data["version"],
    )
    return "已准予修复：公示终止，停止共享和使用，马上生效。" if granted else "已答复：不予修复。"


def _revoke(request: Request, code: str, form: VersionedForm) -> str:
    repairing.revoke_repair(
        repair=code,
        reason=form.cleaned_data["reason"],
        means=means(),
        by=request.viewer,
        at=clock.now(),
        version=form.cleaned_data["version"],
    )
    return "修复已撤销，记录恢复公示和使用。"


OBJECTION_ACTS = by_name(
    Act(
        name="forward",
        title="转来源单位核查",
        button="转办",
        after="由来源单位的经办人答复，期限照算",
        form=PlainStepForm,
        run=_forward,
    ),
    Act(
        name="uphold",
        title="异议成立",
        button="认定成立",
        after="这条记录马上停止显示和使用，等来源更正",
        form=AnswerForm,
        run=partial(_answer, upheld=True),
    ),
    Act(
        name="dismiss",
        title="异议不成立",
        button="认定不成立",
        after="标注取消，理由告诉申请人",
        form=AnswerForm,
        run=partial(_answer, upheld=False),
    ),
)
REPAIR_ACTS = by_name(
    Act(
        name="accept",
        title="受理",
        button="受理",
        after="企业的承诺随即公开；准不准由另一人决定",
        form=PlainStepForm,
        run=_accept,
    ),
    Act(
        name="grant",
        title="准予修复",
        button="准予修复",
        after="公示终止，停止共享和使用，马上生效",
        form=GrantForm,
        run=partial(_decide, granted=True),
    ),
    Act(
        name="deny",
        title="不予修复",
        button="不予修复",
        after="理由告诉申请人，条件满足后可以再申请",
        form=AnswerForm,
        run=partial(_decide, granted=False),
    ),
    Act(
        name="revoke",
        title="撤销修复",
        button="撤销修复",
        after="记录恢复公示和使用",
        form=AnswerForm,
        run=_revoke,
    ),
)
