"""Applying on the page: what will be needed, the form, the receipt with the 查询码."""

import secrets

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from yinuo.cases.commands import intake
from yinuo.kernel.errors import YinuoError
from yinuo.kernel.media.formats import IN_WORDS
from yinuo.web import clock, track_session
from yinuo.web.case_items import Applied, applied
from yinuo.web.files import store
from yinuo.web.forms.applying import ApplyForm
from yinuo.web.qr import qr_inline
from yinuo.web.request import Request, public
from yinuo.web.views.steps import INVALID, OK, attempt


def page_of(it: Applied) -> dict[str, object]:
    """What every page about applying for this item shows."""
    return {"it": it.definition, "item": it.definition}


@public
@require_safe
def start(request: Request, code: str) -> HttpResponse:
    """What will be needed and how long it takes, before anything is filled in."""
    it = applied(code, clock.today())
    optional = [m for m in it.definition.materials if not m.required]
    context = {**page_of(it), "optional": optional, "limits": IN_WORDS}
    return render(request, "web/apply_start.html", context)


@public
def form(request: Request, code: str) -> HttpResponseBase:
    """The application; ends with the receipt."""
    it = applied(code, clock.today())
    if request.method != "POST":
        shown = ApplyForm(initial={"once": new_once()}, **it.for_form(clock.now()))
        return _show(request, it, shown, None, OK)
    again = receipt_again(request, "case_receipt")
    if again is not None:
        return again
    typed = ApplyForm(request.POST, request.FILES, **it.for_form(clock.now()))
    if not typed.is_valid():
        return _show(request, it, typed, None, INVALID)
    made: list[intake.Receipt] = []
    done, error, status = attempt(typed, lambda: _apply(typed, it, made))
    if not done:
        return _show(request, it, typed, error, status)
    if typed.held():
        messages.success(request, gettext("您同意由政府共享取得的材料，窗口核对身份后取用。"))
    answer = redirect("case_receipt")
    track_session.open_track(answer, made[0].track)
    hand_over(answer, made[0], typed)
    return answer


def _apply(typed: ApplyForm, it: Applied, made: list[intake.Receipt]) -> str:
    made.append(
        intake.apply(
            item=it.definition.code,
            applicant=typed.applicant(),
            about=typed.cleaned_data["about"],
            choices=typed.choices(),
            store=store(),
            at=clock.now(),
            simulated=it.definition.simulated,
        )
    )
    return made[0].code


def new_once() -> str:
    """A mark of one form: sent twice, it makes one case."""
    return secrets.token_hex(8)


def hand_over(answer: HttpResponseBase, made: intake.Receipt, typed: ApplyForm) -> None:
    """The receipt of what was made, with the mark of the form that made it."""
    once = typed.cleaned_data["once"]
    track_session.hand_receipt(answer, code=made.code, track=made.track, once=once)


def receipt_again(request: Request, page: str) -> HttpResponseBase | None:
    """The way to the receipt of a form that was sent before; None for a new one."""
    once = request.POST.get("once", "")
    held = track_session.receipt(request)
    return redirect(page) if held is not None and once and held.once == once else None


def _show(
    request: Request, it: Applied, typed: ApplyForm, error: YinuoError | None, status: int
) -> HttpResponse:
    context = {**page_of(it), "form": typed, "error": error, "window": False}
    return render(request, "web/apply_form.html", context, status=status)


@public
@require_safe
def receipt(request: Request) -> HttpResponseBase:
    """办件编号 and 查询码, for half an hour in the browser that applied."""
    return show_receipt(request, window=False)


def show_receipt(request: Request, *, window: bool) -> HttpResponseBase:
    """The receipt that this browser may show; without one, the way to tracking."""
    held = track_session.receipt(request)
    if held is None:
        return redirect("desk" if window else "track")
    address = request.build_absolute_uri(track_session.address())
    seen = track_session.case_of(held.track)
    context = {
        "held": held,
        "it": seen,
        "window": window,
        "address": address,
        "picture": qr_inline(address, address),
    }
    answer = render(request, "web/case_receipt.html", context)
    return track_session.private(answer)
