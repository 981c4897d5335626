"""随机抽查: the list, the frame before it is fixed, one draw with its proofs, findings on site."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import TypeAlias

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from yinuo.commitments.commands.evidence import Kept, keep
from yinuo.commitments.life import Visibility
from yinuo.kernel.errors import YinuoError
from yinuo.parties.viewer import NotAllowed, Viewer
from yinuo.supervision.commands import draws as commands
from yinuo.supervision.queries.draws import (
    LineView,
    Preview,
    bundle,
    drawable_units,
    frame_download,
    preview,
)
from yinuo.supervision.queries.draws import draw as query
from yinuo.supervision.queries.draws import draw_file as file_query
from yinuo.supervision.queries.draws import draw_item as item_query
from yinuo.supervision.queries.draws import draws as list_query
from yinuo.web import clock
from yinuo.web.files import store
from yinuo.web.forms.draws import (
    CancelForm,
    ConcludeForm,
    DrawForm,
    DrawNowForm,
    FindForm,
    FrameForm,
    ItemForm,
    PeriodForm,
    PublishDrawForm,
    RandomnessForm,
    VisitForm,
)
from yinuo.web.offered import Offered, by_name, chosen, others
from yinuo.web.request import Request, public, signed_in
from yinuo.web.views.saved import to_save
from yinuo.web.views.steps import INVALID, OK, attempt, handed_in

DrawStep: TypeAlias = Offered[DrawForm, Callable[[str, DrawForm, Viewer, datetime], str]]
"""One thing to do about a draw."""


def _kept(form: DrawForm | ItemForm) -> tuple[Kept, ...]:
    return keep(files=form.cleaned_data["evidence"], store=store())


def _randomness(code: str, form: DrawForm, by: Viewer, at: datetime) -> str:
    values = form.cleaned_data
    found = commands.enter_randomness(
        draw=code,
        value=values["value"],
        known_at=values["known_at"],
        where=values["where"],
        files=_kept(form),
        store=store(),
        by=by,
        at=at,
        version=values["version"],
    )
    return f"随机数已录入：{found}。核对无误后抽取；抽取以前可以重新录入。"


def _draw(code: str, form: DrawForm, by: Viewer, at: datetime) -> str:
    items = commands.draw(
        draw=code, store=store(), by=by, at=at, version=form.cleaned_data["version"]
    )
    return f"已抽中 {len(items)} 项。"


def _conclude(code: str, form: DrawForm, by: Viewer, at: datetime) -> str:
    values = form.cleaned_data
    commands.conclude(
        draw=code, note=values["note"], store=store(), by=by, at=at, version=values["version"]
    )
    return "结论已写下，推断的结果不再变。"


def _cancel(code: str, form: DrawForm, by: Viewer, at: datetime) -> str:
    values = form.cleaned_data
    commands.cancel(draw=code, note=values["note"], by=by, at=at, version=values["version"])
    return "已作废，理由留在账本上。"


def _publish(code: str, form: DrawForm, by: Viewer, at: datetime) -> str:
    values = form.cleaned_data
    commands.publish(
        draw=code,
        visibility=Visibility(values["visibility"]),
        by=by,
        at=at,
        version=values["version"],
    )
    return "公开类型已改。"


STEPS = by_name(
    DrawStep(
        name="randomness",
        title="录入随机数",
        button="录入",
        after="系统核对它是在抽样框固定、封存以后才公布的；不是就不采用",
        form=RandomnessForm,
        run=_randomness,
    ),
    DrawStep(
        name="draw",
        title="抽取",
        button="按这个随机数抽取",
        after="抽中哪些由抽样框和随机数决定，谁来抽都一样；抽取以后不能换",
        form=DrawNowForm,
        run=_draw,
    ),
    DrawStep(
        name="conclude",
        title="得出结论",
        button="写下结论",
        after="按各层抽中的机会推断全部的不实率，连同区间写进账本，不再改动",
        form=ConcludeForm,
        run=_conclude,
    ),
    DrawStep(
        name="publish",
        title="公开前保密审查",
        button="确定公开类型",
        after="公开后任何人都能看到抽样框、名单和结论；没有公开的承诺只计数、不点名。"
        "得出结论的人不能自己审查",
        form=PublishDrawForm,
        run=_publish,
    ),
    DrawStep(
        name="cancel",
        title="作废这次抽查",
        button="作废",
        after="作废的抽查一直列在列表里，任何人都看得出抽过几次",
        form=CancelForm,
        run=_cancel,
    ),
)


@public
@require_safe
def draws(request: Request) -> HttpResponse:
    """Every draw that the viewer may see, cancelled ones included."""
    context = {
        "rows": list_query(viewer=request.viewer),
        "may_draw": bool(drawable_units(viewer=request.viewer)),
    }
    return render(request, "web/draws.html", context)


@dataclass(frozen=True)
class _Framing:
    """The page on which a frame is looked at and fixed."""

    period: PeriodForm
    form: FrameForm | None = None
    preview: Preview | None = None
    error: YinuoError | None = None
    status: int = OK


def _looked_at(request: Request, period: PeriodForm) -> _Framing:
    """The layers of the period that was asked for, and the form that fixes them."""
    values = period.cleaned_data
    try:
        found = preview(
            unit=values["unit"],
            start=values["from_date"],
            end=values["until_date"],
            viewer=request.viewer,
            today=clock.today(),
        )
    except YinuoError as error:
        return _Framing(period, error=error, status=error.status)
    form = FrameForm(request.POST if request.method == "POST" else None, initial=values)
    return _Framing(period, form, found)


@signed_in
def new(request: Request) -> HttpResponseBase:
    """A frame as it would be, layer by layer; then fixed together with its randomness."""
    units = drawable_units(viewer=request.viewer)
    if not units:
        raise NotAllowed("只有审计人和督查人可以抽查")
    given = request.POST if request.method == "POST" else request.GET
    period = PeriodForm(given if "unit" in given else None, units=units)
    page = _Framing(period)
    if period.is_bound and period.is_valid():
        page = _looked_at(request, period)
    elif period.is_bound:
        page = _Framing(period, status=INVALID)
    form = page.form
    if request.method == "POST" and form is not None:
        status, error = INVALID, None
        if form.is_valid():
            made: list[str] = []

            def fix() -> str:
                made.append(
                    commands.frame(
                        **form.cleaned_data, store=store(), by=request.viewer, at=clock.now()
                    )
                )
                return f"抽样框已固定，编号 {made[0]}。现在等待公告的随机数。"

            done, error, status = attempt(form, fix)
            if done:
                messages.success(request, done)
                return redirect("draw", code=made[0])
        page = _Framing(period, form, page.preview, error, status)
    elif request.method == "POST":
        page = _Framing(period, None, None, page.error, max(page.status, INVALID))
    context = {
        "period": period,
        "form": page.form,
        "preview": page.preview,
        "error": page.error,
    }
    return render(request, "web/draw_new.html", context, status=page.status)


@public
def draw(request: Request, code: str) -> HttpResponseBase:
    """One draw: its steps with their proofs, those drawn, what follows; and the next step."""
    shown = query(code=code, viewer=request.viewer, today=clock.today(), store=store())
    # Nobody is pushed to cancel.
    first = next((name for name in shown.steps[:1] if name != "cancel"), "")
    refusal = "这次抽查现在没有您要做的事"
    step = chosen(request, STEPS, shown.steps, first=first, refusal=refusal, place=code)
    form: DrawForm | None = None
    error: YinuoError | None = None
    status = OK
    if step is not None:
        typed = (request.POST, request.FILES) if request.method == "POST" else ()
        form = step.form(*typed, shown=shown, today=clock.today())
        change = partial(step.run, code, form, request.viewer, clock.now())
        done, error, status = handed_in(request, form, change)
        if done:
            return redirect("draw", code=code)
    context = {
        "it": shown,
        "step": step,
        "others": others(STEPS, shown.steps, step),
        "form": form,
        "error": error,
    }
    return render(request, "web/draw.html", context, status=status)


ITEM_FORMS: dict[str, type[ItemForm]] = {"find": FindForm, "visit": VisitForm}


def _on_item(request: Request, shown: LineView, form: ItemForm) -> str:
    values = form.cleaned_data
    common = {
        "item": shown.code,
        "by": request.viewer,
        "at": clock.now(),
        "version": values["version"],
    }
    if isinstance(form, VisitForm):
        commands.set_visit(visit_date=values["visit_date"], **common)
        return "已告知责任单位。"
    commands.find(
        result=values["result"],
        checked_date=values["checked_date"],
        note=values["note"],
        files=_kept(form),
        store=store(),
        **common,
    )
    return f"{shown.label} 的核查结论已录入。"


@signed_in
def item(request: Request, code: str, number: int) -> HttpResponseBase:
    """One that was drawn, with the form of what was found on site."""
    today = clock.today()
    head, shown = item_query(code=code, number=number, viewer=request.viewer, today=today)
    do = request.GET.get("do", "find")
    kind = ITEM_FORMS.get(do, FindForm)
    form: ItemForm | None = None
    error: YinuoError | None = None
    status = OK
    if shown.may_check or request.method == "POST":
        typed = (request.POST, request.FILES) if request.method == "POST" else ()
        form = kind(*typed, shown=shown, today=today)
        done, error, status = handed_in(request, form, partial(_on_item, request, shown, form))
        if done:
            return redirect("draw", code=code)
        if status == INVALID and not shown.may_check:
            raise NotAllowed("您不能录入这一项的核查结论", place=shown.code)
    context = {"head": head, "it": shown, "form": form, "do": do, "error": error}
    return render(request, "web/draw_item.html", context, status=status)


def _json(data: bytes, name: str) -> HttpResponse:
    answer = HttpResponse(data, content_type="application/json")
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


@public
@require_safe
def frame(request: Request, code: str) -> HttpResponse:
    """The very bytes of the frame, whose SHA-256 stands on the ledger."""
    data = frame_download(code=code, viewer=request.viewer, store=store())
    return _json(data, f"{code}-frame.json")


@public
@require_safe
def download(request: Request, code: str) -> HttpResponse:
    """Everything by which anyone can draw again: `yinuo draws recompute`."""
    return _json(bundle(code=code, viewer=request.viewer, store=store()), f"{code}.json")


@signed_in
@require_safe
def file(request: Request, code: str, number: int, item: int | None = None) -> HttpResponseBase:
    """A file of a draw, to be saved."""
    return to_save(file_query(code=code, item=item, number=number, viewer=request.viewer))
