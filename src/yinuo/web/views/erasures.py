"""依法删除: asked by one protector of personal information, decided by another."""

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from yinuo.credit.queries.forgetting import may_ask
from yinuo.kernel.errors import YinuoError
from yinuo.notices.commands.sweeping import approve_erasure
from yinuo.parties import commands
from yinuo.parties.queries import ErasureDetail, text_to_erase
from yinuo.parties.queries import erasure as one_erasure
from yinuo.parties.queries import erasures as every_erasure
from yinuo.parties.viewer import NotAllowed
from yinuo.web import clock
from yinuo.web.credit import means
from yinuo.web.files import remove_erased
from yinuo.web.forms.erasures import AskErasureForm, AskPersonErasureForm, DecideErasureForm
from yinuo.web.request import Request, signed_in
from yinuo.web.views.steps import INVALID, OK, attempt, handed_in

COMMITMENT, EVIDENCE = "commitment:", "evidence:"


def _pages(threads: tuple[str, ...]) -> list[str]:
    """Codes of the promises on whose pages, or on the pages of whose files, a text stands."""
    files = [t.removeprefix(EVIDENCE) for t in threads if t.startswith(EVIDENCE)]
    return [
        *(t.removeprefix(COMMITMENT) for t in threads if t.startswith(COMMITMENT)),
        *(code.rpartition("/")[0] for code in files),
    ]


def _typed(request: Request) -> QueryDict | None:
    """What was typed; None where nobody has typed yet."""
    return request.POST if request.method == "POST" else None


@signed_in
@require_safe
def erasures(request: Request) -> HttpResponse:
    """Every request, those that wait first; tells no content."""
    found = every_erasure(viewer=request.viewer)
    return render(
        request,
        "web/erasures.html",
        {"erasures": found, "may_forget": may_ask(means=means(), viewer=request.viewer)},
    )


def _asked(request: Request, code: str) -> HttpResponseBase:
    messages.success(request, f"申请 {code} 已提出，需要另一名个人信息保护负责人批准。")
    return redirect("erasure", number=int(code[1:]))


@signed_in
def ask_text(request: Request) -> HttpResponseBase:
    """The form that asks for the erasure of the text named by `?text=text:<hash>`."""
    viewer, text = request.viewer, request.GET.get("text", "")
    to_erase = text_to_erase(text=text, viewer=viewer)
    form = AskErasureForm(_typed(request))
    error: YinuoError | None = None
    status = OK
    if request.method == "POST":
        status = INVALID
        if form.is_valid():
            ground = form.cleaned_data["ground"]
            code, error, status = attempt(
                form,
                lambda: commands.ask_text_erasure(
                    text=text, ground=ground, by=viewer, at=clock.now()
                ),
            )
            if code:
                return _asked(request, code)
    context = {
        "title": "申请依法删除一段文字",
        "to_erase": to_erase,
        "pages": _pages(to_erase.threads),
        "form": form,
        "error": error,
    }
    return render(request, "web/erasure_form.html", context, status=status)


@signed_in
def ask_person(request: Request) -> HttpResponseBase:
    """The form that asks for the erasure of a person's name and user name."""
    if not request.viewer.protector_of:
        raise NotAllowed("只有个人信息保护负责人可以申请依法删除")
    form = AskPersonErasureForm(_typed(request))
    error: YinuoError | None = None
    status = OK
    if request.method == "POST":
        status = INVALID
        if form.is_valid():
            code, error, status = attempt(form, lambda: _ask_person(request, form))
            if code:
                return _asked(request, code)
    context = {"title": "申请依法删除一个人的姓名和用户名", "form": form, "error": error}
    return render(request, "web/erasure_form.html", context, status=status)


def _ask_person(request: Request, form: AskPersonErasureForm) -> str:
    return commands.ask_person_erasure(
        username=form.cleaned_data["username"],
        ground=form.cleaned_data["ground"],
        by=request.viewer,
        at=clock.now(),
    )[0]


def _decide(request: Request, form: DecideErasureForm, code: str) -> str:
    if form.cleaned_data["decision"] == "approve":
        approve_erasure(erasure=code, by=request.viewer, at=clock.now())
        remove_erased()
        return "已批准，内容已永久删除。以前的备份和导出还要另行处理，见本页说明。"
    reason = form.cleaned_data["reason"]
    commands.refuse_erasure(erasure=code, reason=reason, by=request.viewer, at=clock.now())
    return "未批准，内容保持原样。请向提出请求的个人说明理由。"


@signed_in
def erasure(request: Request, number: int) -> HttpResponseBase:
    """One request in full, with the form that decides it for whoever may."""
    code = f"E{number}"
    shown = one_erasure(code=code, viewer=request.viewer)
    form = DecideErasureForm(_typed(request))
    done, error, status = handed_in(request, form, lambda: _decide(request, form, code))
    if done:
        return redirect("erasure", number=number)
    return _show(request, shown, form, error, status)


def _show(
    request: Request,
    shown: ErasureDetail,
    form: DecideErasureForm,
    error: YinuoError | None,
    status: int,
) -> HttpResponse:
    context = {
        "it": shown.view,
        "to_erase": shown.to_erase,
        "pages": _pages(shown.to_erase.threads) if shown.to_erase else [],
        "may_decide": shown.may_decide,
        "form": form,
        "error": error,
    }
    return render(request, "web/erasure.html", context, status=status)
