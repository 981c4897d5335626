"""签收: the unit signs or returns; the supervising side asks, recalls, asks again."""

from datetime import date

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from yinuo.commitments.commands import signing as commands
from yinuo.commitments.commands.signing import MOST, UnknownSigning
from yinuo.commitments.default_clock import SIGN_BY, sign_by_date
from yinuo.commitments.queries.listing import Filter
from yinuo.commitments.queries.signing import (
    UNSIGNED_STATES,
    Askable,
    SigningView,
    askable,
    to_sign,
    to_sign_count,
    unsigned,
    unsigned_counts,
)
from yinuo.commitments.queries.signing import signing as one_signing
from yinuo.commitments.registry import all_kinds
from yinuo.content.calendars import working_calendar
from yinuo.goals.queries.plans import public_goals
from yinuo.kernel.errors import YinuoError
from yinuo.parties.queries import public_units
from yinuo.parties.viewer import NotAllowed
from yinuo.web import clock
from yinuo.web.days import day
from yinuo.web.forms.office import ReasonForm, SignByForm, SignForm
from yinuo.web.request import Request, signed_in
from yinuo.web.views.listing import wanted
from yinuo.web.views.steps import INVALID, OK, attempt


def _signed(done: commands.Signed) -> str:
    late = f"，其中 {done.late} 项已过签收时限，记为迟签" if done.late else ""
    return f"已签收 {done.count} 项{late}。"


@signed_in
def signing(request: Request) -> HttpResponseBase:
    """Everything the viewer's units have to sign for, by last day; `?all=1` ticks every row."""
    if not request.viewer.officer_of:
        raise NotAllowed("只有填报人可以签收任务")
    rows = to_sign(viewer=request.viewer, today=clock.today())
    codes = [row.code for row in rows]
    form = SignForm(codes=codes, chosen="all" in request.GET)
    error: YinuoError | None = None
    status = OK
    if request.method == "POST":
        form, status = SignForm(request.POST, codes=codes), INVALID
        if form.is_valid():
            chosen = form.cleaned_data["codes"]
            done, error, status = attempt(
                form,
                lambda: _signed(commands.sign(signings=chosen, by=request.viewer, at=clock.now())),
            )
            if done:
                messages.success(request, done)
                return redirect("signing")
    total = to_sign_count(viewer=request.viewer)
    context = {"rows": rows, "total": total, "form": form, "error": error}
    return render(request, "web/signing.html", context, status=status)


def _found(request: Request, code: str) -> SigningView:
    """The request for a signature. Raises `UnknownSigning`."""
    view = one_signing(code=code, viewer=request.viewer, today=clock.today())
    if view is None:
        raise UnknownSigning(code)
    return view


@signed_in
def give_back(request: Request, code: str) -> HttpResponseBase:
    """The form in which a unit returns a task with a reason."""
    view = _found(request, code)
    if view.unit not in request.viewer.officer_of:
        raise NotAllowed("只有被请签收单位的填报人可以退回", place=code)
    if request.method != "POST" and not view.may_answer:
        raise commands.SigningDecided(code, view.status, "退回")
    form = ReasonForm(request.POST or None)
    error: YinuoError | None = None
    status = OK
    if request.method == "POST":
        status = INVALID
        if form.is_valid():
            reason = form.cleaned_data["reason"]

            def run() -> str:
                commands.give_back(signing=code, reason=reason, by=request.viewer, at=clock.now())
                return "已退回，督查单位会看到理由。"

            done, error, status = attempt(form, run)
            if done:
                messages.success(request, done)
                return redirect("signing")
    context = {
        "view": view,
        "form": form,
        "error": error,
        "title": "退回任务",
        "button": "退回",
        "after": "督查单位看到理由后，可以重新请签收、移交其他单位，或者不再要求",
        "back": "signing",
    }
    return render(request, "web/signing_form.html", context, status=status)


@signed_in
def ask_again(request: Request, code: str) -> HttpResponseBase:
    """The form in which the supervising side asks a unit again."""
    view = _found(request, code)
    if not view.directs:
        raise NotAllowed("只有督查单位的督查人或管理员可以请签收", place=code)
    if request.method != "POST" and not view.may_ask_again:
        raise commands.SigningDecided(code, view.status, "重新请签收")
    form = SignByForm(request.POST or None, initial={"sign_by": _default_day()})
    error: YinuoError | None = None
    status = OK
    if request.method == "POST":
        status = INVALID
        if form.is_valid():
            last = form.cleaned_data["sign_by"]

            def run() -> str:
                commands.ask_again(signing=code, sign_by=last, by=request.viewer, at=clock.now())
                return f"已重新请{view.unit_name}在{day(last)}之前签收。"

            done, error, status = attempt(form, run)
            if done:
                messages.success(request, done)
                return redirect("commitment", code=view.commitment)
    context = {
        "view": view,
        "form": form,
        "error": error,
        "title": "重新请签收",
        "button": "重新请签收",
        "after": "任务回到该单位的待签收中",
        "back": "unsigned",
    }
    return render(request, "web/signing_form.html", context, status=status)


@signed_in
@require_POST
def recall(request: Request, code: str) -> HttpResponseBase:
    """No longer ask a unit to sign."""
    view = _found(request, code)
    commands.recall(signing=code, by=request.viewer, at=clock.now())
    messages.success(request, f"不再要求{view.unit_name}签收。")
    return redirect("commitment", code=view.commitment)


@signed_in
@require_safe
def unsigned_list(request: Request) -> HttpResponse:
    """What the office waits for or has got back."""
    viewer = request.viewer
    if not viewer.supervisor_of | viewer.administrator_of:
        raise NotAllowed("只有督查人和管理员可以查看未签收的任务")
    today = clock.today()
    asked = request.GET.get("state", "")
    state = asked if asked in UNSIGNED_STATES else ""
    counts = unsigned_counts(viewer=viewer, today=today)
    context = {
        "rows": unsigned(viewer=viewer, today=today, state=state),
        "total": counts[state],
        "links": [
            (name, label, counts[name], name == state) for name, label in UNSIGNED_STATES.items()
        ],
    }
    return render(request, "web/unsigned.html", context)


def _default_day() -> date:
    return sign_by_date(SIGN_BY, clock.today(), working_calendar())


@signed_in
def ask(request: Request) -> HttpResponseBase:
    """Ask for the signatures of everything under a filter, or of one task by `code`."""
    viewer = request.viewer
    if not viewer.supervisor_of | viewer.administrator_of:
        raise NotAllowed("只有督查人和管理员可以请签收")
    asked = wanted(request)
    code = request.GET.get("code", "").strip()
    found = askable(viewer=viewer, wanted=asked, code=code)
    form = SignByForm(request.POST or None, initial={"sign_by": _default_day()})
    error: YinuoError | None = None
    status = OK
    if request.method == "POST":
        status = INVALID
        if form.is_valid():
            last = form.cleaned_data["sign_by"]
            done, error, status = attempt(form, lambda: _ask(request, found, last))
            if done:
                messages.success(request, done)
                return redirect(*(("commitment", code) if code else ("work",)))
    context = {
        "found": found,
        "chosen": chosen_words(asked),
        "everything": not chosen_words(asked) and not code,
        "code": code,
        "most": MOST,
        "form": form,
        "error": error,
    }
    return render(request, "web/ask_signing.html", context, status=status)


def chosen_words(asked: Filter) -> list[str]:
    """A filter in words, without what is no matter here."""
    goals = {goal.code: goal.title for goal in public_goals()}
    units = {unit.code: unit.name for unit in public_units()}
    kinds = {kind.name: kind.label for kind in all_kinds()}
    parts = (
        ("来源", asked.basis),
        ("目标", goals.get(asked.heading, asked.heading)),
        ("单位", units.get(asked.unit, asked.unit)),
        ("类型", kinds.get(asked.kind, asked.kind)),
        ("文字", asked.text),
    )
    return [f"{label} {value}" for label, value in parts if value]


def _ask(request: Request, found: Askable, last: date) -> str:
    done = commands.ask_signing(
        commitments=found.commitments,
        sign_by=last,
        by=request.viewer,
        at=clock.now(),
    )
    return f"已发出 {done.requests:,} 份签收请求，请各单位在{day(last)}之前签收。"
