"""What waits to be published: looked at from all sides, then decided by the second person."""

from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from yinuo.content import commands
from yinuo.content.differences import Differing, differences
from yinuo.content.errors import NoWhy
from yinuo.content.examining import Examined, examine
from yinuo.content.queries import VersionView, data, may_publish, publication, to_decide
from yinuo.content.queries import publications as query
from yinuo.kernel.errors import YinuoError
from yinuo.kernel.filestore import FileMissing
from yinuo.parties.viewer import NotAllowed
from yinuo.rules.workbook.read import check_bytes
from yinuo.web import clock
from yinuo.web.files import store
from yinuo.web.forms.base import VersionedForm
from yinuo.web.forms.publications import DecidePublicationForm, WithdrawPublicationForm
from yinuo.web.request import Request, signed_in
from yinuo.web.rulebooks import Looked
from yinuo.web.views.contents import look_at
from yinuo.web.views.steps import INVALID, OK, attempt


@signed_in
@require_safe
def publications(request: Request) -> HttpResponse:
    """Every request, those that wait first."""
    found = query(on=clock.today(), viewer=request.viewer)
    context = {"publications": found, "publishes": may_publish(viewer=request.viewer)}
    return render(request, "web/publications.html", context)


@dataclass(frozen=True)
class Compared:
    """What the second person has to see before a decision."""

    looked: Looked
    examined: Examined | None
    """Looked at anew; None where the file is gone."""
    before: VersionView | None
    differences: tuple[Differing, ...]


def _compared(request: Request, view: VersionView) -> Compared:
    viewer, here = request.viewer, store()
    looked = look_at(request, view)
    if looked.error is not None:
        return Compared(looked, None, None, ())
    stored = data(number=view.number, store=here, viewer=viewer)
    found = examine(stored, file=view.file_name, on=view.valid_from)
    if view.replaces is None or found.rulebook is None:
        return Compared(looked, found, None, ())
    before = publication(number=view.replaces, on=clock.today(), viewer=viewer)
    try:
        old = check_bytes(data(number=before.number, store=here, viewer=viewer), file=before.name)
    except FileMissing as error:
        return Compared(Looked(looked.shown, error), found, before, ())
    return Compared(looked, found, before, differences(old.sound(), found.rulebook))


def _decide(request: Request, form: VersionedForm, view: VersionView) -> str:
    values = form.cleaned_data
    common = {"by": request.viewer, "at": clock.now(), "version": values["version"]}
    number, reason = view.number, values["reason"]
    if isinstance(form, WithdrawPublicationForm):
        commands.withdraw_publication(number=number, reason=reason, **common)
        return f"P{number} 已撤回。"
    if values["decision"] == "refuse":
        commands.refuse_publication(number=number, reason=reason, **common)
        return f"P{number} 未批准，生效的版本没有变。"
    edition = commands.approve_publication(number=number, reason=reason, store=store(), **common)
    return f"已批准：{view.name} 第 {edition} 版，从 {view.valid_from} 起生效。"


def _filled(
    request: Request, form: VersionedForm, view: VersionView
) -> tuple[str, YinuoError | None, int]:
    """Run the decision; a missing reason goes to its field."""
    done, error, status = attempt(form, lambda: _decide(request, form, view))
    if isinstance(error, NoWhy):
        form.add_error("reason", error.what)
        return done, None, INVALID
    return done, error, status


@signed_in
def decide(request: Request, number: int) -> HttpResponseBase:
    """One request with all that it changes, and the form for the second person."""
    view = to_decide(number=number, on=clock.today(), viewer=request.viewer)
    made = WithdrawPublicationForm if view.may_withdraw else DecidePublicationForm
    posted = request.method == "POST"
    form = made(request.POST if posted else None, initial={"version": view.version})
    error: YinuoError | None = None
    status = OK
    if posted:
        if not may_publish(viewer=request.viewer):
            raise NotAllowed("只有全市的管理员可以决定", place=f"P{number}")
        status = INVALID
        if form.is_valid():
            done, error, status = _filled(request, form, view)
            if done:
                messages.success(request, done)
                return redirect("publications")
    context = {
        "it": view,
        "found": _compared(request, view),
        "form": form,
        "withdraws": view.may_withdraw,
        "error": error,
    }
    return render(request, "web/publication.html", context, status=status)
