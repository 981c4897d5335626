"""信用承诺书: one letter for the office, the public register, its download."""

from django.contrib import messages
from django.http import FileResponse, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_safe

from yinuo.cases.commands.letters import publish
from yinuo.cases.errors.deferrals import UnknownLetter
from yinuo.cases.queries.letters import (
    LetterView,
    letter,
    public_letter,
    public_letters,
    public_register,
)
from yinuo.commitments.letters.fields import FIELDS
from yinuo.commitments.letters.letter import Fulfilment, Publicity
from yinuo.kernel.errors import YinuoError
from yinuo.parties.viewer import NotAllowed
from yinuo.web import clock
from yinuo.web.forms.deferrals import PublicityForm
from yinuo.web.request import Request, public, signed_in
from yinuo.web.views.downloads import sheet_file
from yinuo.web.views.steps import INVALID, OK, attempt
from yinuo.web.workbook import Column

LONGEST = 60
UNJUDGED = "未认定"
TITLE = gettext_noop("信用承诺书公示")


@signed_in
def office_letter(request: Request, code: str) -> HttpResponseBase:
    """The twenty items, masked for who does not handle the case; and who may read it at all."""
    it = letter(code=code, viewer=request.viewer)
    if request.method == "POST":
        if not it.choices:
            raise NotAllowed("只有主管单位的督查人可以改变公开类型", place=code)
        return _publish(request, it)
    form = PublicityForm(choices=it.choices, initial={"version": it.version})
    return _show(request, it, form, None, OK)


def _publish(request: Request, it: LetterView) -> HttpResponseBase:
    typed = request.POST.copy()
    form = PublicityForm(typed, choices=it.choices)
    if not form.is_valid():
        return _show(request, it, form, None, INVALID)

    def change() -> str:
        publish(
            letter=it.code,
            publicity=Publicity(form.cleaned_data["publicity"]),
            by=request.viewer,
            at=clock.now(),
            version=form.cleaned_data["version"],
        )
        return f"公开类型已改为“{form.cleaned_data['publicity']}”。"

    done, error, status = attempt(form, change)
    if done:
        messages.success(request, done)
        return redirect("letter", code=it.code)
    if isinstance(error, UnknownLetter):
        raise error
    fresh = letter(code=it.code, viewer=request.viewer)
    typed["version"] = str(fresh.version)
    return _show(request, fresh, form, error, status)


def _show(
    request: Request, it: LetterView, form: PublicityForm, error: YinuoError | None, status: int
) -> HttpResponse:
    context = {"it": it, "form": form, "error": error}
    return render(request, "web/letter.html", context, status=status)


@public
@require_safe
def register(request: Request) -> HttpResponse:
    """The letters that anyone may read, the newest first."""
    text = request.GET.get("text", "").replace("\0", "")[:LONGEST]
    state = request.GET.get("state", "")
    state = state if state in {*Fulfilment, UNJUDGED} else ""
    after = request.GET.get("after", "").replace("\0", "")[:LONGEST]
    page = public_letters(text=text, state=state, after=after)
    named = {"" if word == UNJUDGED else word: word for word in (UNJUDGED, *Fulfilment)}
    context = {
        "page": page,
        "text": text,
        "state": state,
        "states": [(named[word], page.counts[word]) for word in ("", *Fulfilment)],
        "all": sum(page.counts.values()),
        "later": bool(after),
    }
    return render(request, "web/letters.html", context)


@public
@require_safe
def public_one(request: Request, code: str) -> HttpResponse:
    """One letter of the public register."""
    return render(request, "web/letter_public.html", {"it": public_letter(code=code)})


@public
@require_safe
def register_xlsx(request: Request) -> FileResponse:
    """The public register in the twenty columns of the form."""
    del request
    columns = tuple(Column(field.name, 20) for field in FIELDS)
    rows = (tuple(row[field.name] for field in FIELDS) for row in public_register())
    return sheet_file(name="letters.xlsx", title=TITLE, columns=columns, rows=rows)
