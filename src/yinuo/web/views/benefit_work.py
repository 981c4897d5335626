"""Policies in the office: drafted, published, screened, looked at, approved, paid, taken back."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from yinuo.benefits.commands import approving, clawing, paying, policies, reviewing
from yinuo.benefits.commands.screening import screen_register
from yinuo.benefits.definition import BadPolicy
from yinuo.benefits.life import AWARD_LABELS
from yinuo.benefits.queries.awards import AwardView
from yinuo.benefits.queries.awards import award as award_query
from yinuo.benefits.queries.awards import awards as awards_query
from yinuo.benefits.queries.payouts import batch as batch_query
from yinuo.benefits.queries.payouts import batches as batches_query
from yinuo.benefits.queries.payouts import payment_file
from yinuo.benefits.queries.policies import OfficePolicy, may_keep
from yinuo.benefits.queries.policies import policies as list_query
from yinuo.benefits.queries.policies import policy as query
from yinuo.content.calendars import working_calendar
from yinuo.kernel.errors import YinuoError
from yinuo.kernel.money import say_money
from yinuo.parties.viewer import NotAllowed
from yinuo.web import clock
from yinuo.web.benefits import register
from yinuo.web.files import store
from yinuo.web.forms.base import PlainForm
from yinuo.web.forms.benefits import (
    BankFileForm,
    ClawbackForm,
    OrderForm,
    PolicyFileForm,
    RepaidForm,
    WhyForm,
)
from yinuo.web.media_types import XLSX
from yinuo.web.offered import Offered, by_name, chosen
from yinuo.web.request import Request, signed_in
from yinuo.web.views.steps import INVALID, OK, handed_in

LONGEST = 60


@signed_in
@require_safe
def benefit_policies(request: Request) -> HttpResponse:
    """The policies of the viewer's units with their counts."""
    context = {
        "policies": list_query(viewer=request.viewer),
        "may_keep": may_keep(viewer=request.viewer),
    }
    return render(request, "web/benefit_policies.html", context)


@signed_in
def benefit_draft(request: Request) -> HttpResponseBase:
    """The file of a policy taken in as a draft, with every fault of it."""
    if not may_keep(viewer=request.viewer):
        raise NotAllowed("只有填报单位的经办人可以起草政策")
    typed = (request.POST, request.FILES) if request.method == "POST" else ()
    form = PolicyFileForm(*typed)
    context: dict[str, Any] = {"form": form, "findings": ()}
    status = OK
    if request.method == "POST":
        status = INVALID
        if form.is_valid():
            file = form.cleaned_data["file"]
            try:
                version = policies.draft_policy(
                    data=file.read(),
                    code=str(file.name).removesuffix(".toml"),
                    by=request.viewer,
                    at=clock.now(),
                )
            except BadPolicy as bad:
                context |= {"findings": bad.findings, "error": bad}
            else:
                messages.success(request, f"{version} 已存成草稿，由本单位另一人发布。")
                return redirect("benefit_policy", version.partition("/")[0])
    return render(request, "web/benefit_draft.html", context, status=status)


@signed_in
@require_safe
def benefit_policy(request: Request, code: str) -> HttpResponse:
    """One policy: versions, screenings, awards by state, payment files, what to do next."""
    it = query(code=code, viewer=request.viewer)
    context = {
        "it": it,
        "made": it.definition,
        "next": _next(it),
        "batches": batches_query(viewer=request.viewer, policy=code),
        "published": next((v for v in it.versions if v.state == "published"), None),
        "has": {one.state for one in it.states},
    }
    return render(request, "web/benefit_policy.html", context)


def _next(it: OfficePolicy) -> str:
    """The one step that the page puts first."""
    has = {one.state for one in it.states}
    steps = {
        "publish": bool(it.may_publish),
        "approve": it.may_approve,
        "pay": "approved" in has,
        "list": "proposed" in has,
        "screen": not has,
    }
    return next((name for name, there in steps.items() if there), "")


def _publish(request: Request, code: str) -> str:
    draft = query(code=code, viewer=request.viewer).may_publish
    if not draft:
        raise NotAllowed("没有您可以发布的草稿；起草的人不能自己发布", place=code)
    policies.publish_policy(version=draft, by=request.viewer, at=clock.now(), today=clock.today())
    return f"{draft} 已发布。"


def _screen(request: Request, code: str, *, trial: bool = False, table: int | None = None) -> str:
    on = clock.today()
    it = query(code=code, viewer=request.viewer)
    version = next((v for v in it.versions if v.state == "published" or trial), None)
    if version is None:
        raise NotAllowed("没有施行中的版本可以筛查", place=code)
    found = screen_register(
        version=version.code,
        register=register(on=on),
        by=request.viewer,
        at=clock.now(),
        on=on,
        store=store(),
        trial=trial,
        table=table,
    )
    told = found.screened
    no = f"不符合 {told.refused:,}，未定 {told.undetermined:,}"
    return f"{told.firms:,} 家：符合 {told.eligible:,}，{no}，共需 {say_money(told.cost)}。"


def _try(request: Request, code: str) -> str:
    named = request.POST.get("table", "")
    return _screen(request, code, trial=True, table=int(named) if named.isdecimal() else None)


def _put_up(request: Request, code: str) -> str:
    count = reviewing.put_up(
        policy=code, by=request.viewer, at=clock.now(), calendar=working_calendar()
    )
    return f"公示 {count:,} 家，人人可以提出异议。"


def _ask(request: Request, code: str) -> str:
    count = approving.ask_approval(policy=code, by=request.viewer, at=clock.now())
    return f"报批 {count:,} 家，由本单位另一人批准。"


def _approve(request: Request, code: str) -> str:
    count = approving.approve(
        policy=code, by=request.viewer, at=clock.now(), calendar=working_calendar()
    )
    return f"批准 {count:,} 家，承诺的拨付时限从今天起算。"


def _pay(request: Request, code: str) -> str:
    batch = paying.make_batch(policy=code, by=request.viewer, at=clock.now())
    return f"已编成付款清单 {batch}，由本单位另一人送出。"


ACTS: Mapping[str, Callable[[Request, str], str]] = {
    "publish": _publish,
    "try": _try,
    "screen": _screen,
    "list": _put_up,
    "ask": _ask,
    "approve": _approve,
    "pay": _pay,
}


@signed_in
@require_POST
def benefit_act(request: Request, code: str, act: str) -> HttpResponse:
    """One step on a policy as a whole; what stands in the way is a page of its own."""
    if act not in ACTS:
        raise Http404
    messages.success(request, ACTS[act](request, code))
    return redirect("benefit_compare" if act == "try" else "benefit_policy", code)


# ── awards ───────────────────────────────────────────────────────────────────────────────────────


@signed_in
@require_safe
def benefit_awards(request: Request, code: str) -> HttpResponse:
    """The awards of a policy, by state, or those that want a person's eye."""
    state = request.GET.get("state", "")
    state = state if state in AWARD_LABELS else ""
    unseen = request.GET.get("unseen") == "1"
    cursor = request.GET.get("after", "")[:LONGEST].replace("\0", "")
    it = query(code=code, viewer=request.viewer)
    page = awards_query(
        viewer=request.viewer, policy=code, state=state, unseen=unseen, cursor=cursor
    )
    context = {"it": it, "page": page, "state": state, "unseen": unseen, "later": bool(cursor)}
    return render(request, "web/benefit_awards.html", context)


@dataclass(frozen=True, kw_only=True)
class AwardStep(Offered[PlainForm, Callable[[Request, AwardView, Mapping[str, Any]], str]]):
    """One thing to do about an award."""

    verb: str
    """Of the award's life; empty where the state is asked by the command."""


def _refuse(request: Request, it: AwardView, values: Mapping[str, Any]) -> str:
    reviewing.refuse(award=it.line.code, by=request.viewer, at=clock.now(), **values)
    return "已记为不予兑现，理由企业看得到。"


def _restore(request: Request, it: AwardView, values: Mapping[str, Any]) -> str:
    reviewing.restore(award=it.line.code, by=request.viewer, at=clock.now(), **values)
    return "已恢复为拟兑现。"


def _claw(request: Request, it: AwardView, values: Mapping[str, Any]) -> str:
    clawing.ask_clawback(award=it.line.code, by=request.viewer, at=clock.now(), **values)
    return "已提出退回，由本单位另一人批准。"


STEPS = by_name(
    AwardStep(
        name="refuse",
        verb="award.refused",
        title="不予兑现",
        button="不予兑现",
        after="企业看到理由，可以提出异议；查实有误可以恢复",
        form=WhyForm,
        run=_refuse,
    ),
    AwardStep(
        name="restore",
        verb="award.restored",
        title="恢复",
        button="恢复为拟兑现",
        after="重新公示、报批",
        form=WhyForm,
        run=_restore,
    ),
    AwardStep(
        name="claw",
        verb="",
        title="退回资金",
        button="提出退回",
        after="由本单位另一人批准，企业在期限内退回；每一步都在账本上",
        form=ClawbackForm,
        run=_claw,
    ),
)


def _may(it: AwardView, step: AwardStep) -> bool:
    if not it.acts:
        return False
    if step.name == "claw":
        running = any(one.state in {"asked", "ordered"} for one in it.clawbacks)
        return it.line.state == "paid" and not running
    return step.verb in it.steps


@signed_in
def benefit_award(request: Request, code: str) -> HttpResponseBase:
    """One award with its story and what can be done about it."""
    it = award_query(viewer=request.viewer, code=code)
    offered = [step for step in STEPS.values() if _may(it, step)]
    now = [step.name for step in offered]
    step = chosen(request, STEPS, now, refusal="现在不能这样做", place=code)
    form: PlainForm | None = None
    error: YinuoError | None = None
    status = OK
    if step is not None:
        form = step.form(request.POST or None, initial={"version": it.version})
        done, error, status = handed_in(
            request, form, lambda: step.run(request, it, form.cleaned_data)
        )
        if done:
            return redirect("benefit_award", code)
    context = {"it": it, "line": it.line, "offered": offered, "step": step, "form": form}
    return render(request, "web/benefit_award.html", {**context, "error": error}, status=status)


@signed_in
@require_POST
def benefit_clear(request: Request, code: str) -> HttpResponse:
    """Let one pass after looking at it."""
    it = award_query(viewer=request.viewer, code=code)
    reviewing.clear(award=code, by=request.viewer, at=clock.now(), version=it.version)
    messages.success(request, "已放行。")
    return redirect("benefit_award", code)


@signed_in
def benefit_clawback(request: Request, code: str, clawback: str, act: str) -> HttpResponseBase:
    """Order a clawback, note what came back, or drop it."""
    it = award_query(viewer=request.viewer, code=code)
    one = next((each for each in it.clawbacks if each.code == clawback), None)
    ways: Mapping[str, tuple[str, type[PlainForm], Callable[[Mapping[str, Any]], object]]] = {
        "order": (
            "批准退回",
            OrderForm,
            lambda values: clawing.order_clawback(
                clawback=clawback,
                by=request.viewer,
                at=clock.now(),
                calendar=working_calendar(),
                **values,
            ),
        ),
        "repaid": (
            "登记退回",
            RepaidForm,
            lambda values: clawing.note_repaid(
                clawback=clawback, by=request.viewer, at=clock.now(), **values
            ),
        ),
        "drop": (
            "撤销退回",
            WhyForm,
            lambda values: clawing.withdraw_clawback(
                clawback=clawback, by=request.viewer, at=clock.now(), **values
            ),
        ),
    }
    if one is None or act not in ways:
        raise Http404
    if not it.acts:
        raise NotAllowed("只有这项政策的兑现单位的经办人可以这样做", place=clawback)
    title, kind, run = ways[act]
    form = kind(request.POST or None, initial={"version": one.version})

    def change() -> str:
        run(form.cleaned_data)
        return f"{title}：已记下。"

    done, error, status = handed_in(request, form, change)
    if done:
        return redirect("benefit_award", code)
    context = {"it": it, "one": one, "title": title, "form": form, "error": error}
    return render(request, "web/benefit_clawback.html", context, status=status)


# ── payment files ────────────────────────────────────────────────────────────────────────────────


def _answered(request: Request, code: str, form: BankFileForm) -> str:
    file, version = form.cleaned_data["file"], form.cleaned_data["version"]
    taken = paying.take_answer(
        batch=code,
        data=file.read(),
        file=str(file.name),
        by=request.viewer,
        at=clock.now(),
        version=version,
    )
    aside = f"；{len(taken.aside):,} 行没有采用，见下" if taken.aside else ""
    return f"到账 {taken.paid:,} 笔，退汇 {taken.bounced:,} 笔{aside}。"


@signed_in
def benefit_batch(request: Request, code: str) -> HttpResponseBase:
    """One payment file: what was sent, what the bank said, to the cent."""
    it = batch_query(viewer=request.viewer, code=code)
    takes = it.acts and it.line.state == "sent"
    form: BankFileForm | None = None
    error: YinuoError | None = None
    status = OK
    if takes:
        posted = request.method == "POST"
        form = filled = BankFileForm(
            request.POST if posted else None,
            request.FILES if posted else None,
            initial={"version": it.line.version},
        )
        done, error, status = handed_in(request, form, lambda: _answered(request, code, filled))
        if done:
            return redirect("benefit_batch", code)
    elif request.method == "POST":
        raise NotAllowed("这份清单现在不收回单", place=code)
    context = {"it": it, "line": it.line, "form": form, "error": error}
    return render(request, "web/benefit_batch.html", context, status=status)


@signed_in
@require_POST
def benefit_batch_act(request: Request, code: str, act: str) -> HttpResponse:
    """Send a payment file, or take it back before it is sent."""
    version = batch_query(viewer=request.viewer, code=code).line.version
    if act == "send":
        paying.send_batch(batch=code, by=request.viewer, at=clock.now(), version=version)
        messages.success(request, "已送出：请下载清单交给银行。它的哈希记在账本上。")
    elif act == "cancel":
        paying.cancel_batch(batch=code, by=request.viewer, at=clock.now(), version=version)
        messages.success(request, "已取消，里面的兑现可以编进别的清单。")
    else:
        raise Http404
    return redirect("benefit_batch", code)


@signed_in
@require_safe
def benefit_file(request: Request, code: str, form: str) -> FileResponse:
    """The file for the bank, with whole account numbers."""
    if form not in {"csv", "xlsx"}:
        raise Http404
    data = payment_file(viewer=request.viewer, code=code, xlsx=form == "xlsx")
    kind = XLSX if form == "xlsx" else "text/csv; charset=utf-8"
    answer = FileResponse(
        BytesIO(data), as_attachment=True, filename=f"{code}.{form}", content_type=kind
    )
    answer.headers["Cache-Control"] = "private, no-store"
    return answer
