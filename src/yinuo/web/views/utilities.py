"""A utility told of a project: its link without an account, and the office's page of it."""

from dataclasses import dataclass

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext

from yinuo.cases.commands import utilities as commands
from yinuo.cases.construction.links import LinkKey, LinkVisit
from yinuo.cases.errors.construction import (
    ExpiredUtilityLink,
    ForgedUtilityLink,
    UnknownUtilityNotice,
)
from yinuo.cases.queries.building import building as building_query
from yinuo.cases.queries.utilities import public_linked_notice, utility_link
from yinuo.cases.shown.utilities import UtilityView
from yinuo.kernel.errors import YinuoError
from yinuo.parties.viewer import Viewer
from yinuo.web import clock
from yinuo.web.forms.base import PlainForm
from yinuo.web.forms.construction import AnswerForm, ConnectForm
from yinuo.web.qr import qr_inline
from yinuo.web.request import Request, public, signed_in
from yinuo.web.track_session import private
from yinuo.web.views.steps import INVALID, OK, attempt


def link_key() -> LinkKey:
    """The installation's key for links to utilities."""
    return LinkKey.of(settings.SECRET_KEY)


@dataclass(frozen=True)
class Answering:
    """Who answers a notice: by link, or by duty."""

    notice: str
    link: LinkVisit | None = None
    by: Viewer | None = None

    def do(self, form: PlainForm) -> str:
        """Answer or connect, as the form has it; what was done, in words."""
        values, at = form.cleaned_data, clock.now()
        if isinstance(form, AnswerForm):
            commands.answer(**values, notice=self.notice, link=self.link, by=self.by, at=at)
            said = gettext("已答复：%(day)s 接入。这是对建设单位的承诺。")
            return said % {"day": values["connect_date"]}
        commands.connect(**values, notice=self.notice, link=self.link, by=self.by, at=at)
        return gettext("已记下接通，等建设单位确认。")


def _form(request: Request, view: UtilityView) -> PlainForm | None:
    """What the utility can do now; None where nothing is left."""
    typed = (request.POST,) if request.method == "POST" else ()
    if view.answered_date is None:
        return AnswerForm(*typed)
    return ConnectForm(*typed) if view.connected_date is None else None


@public
def linked(request: Request, token: str) -> HttpResponseBase:
    """The page behind the link: what was shared, and the answer. A bad link is refused clearly."""
    visit = LinkVisit(token=token, key=link_key())
    try:
        commands.open_link(link=visit, at=clock.now())
        return private(_linked(request, visit))
    except (ForgedUtilityLink, ExpiredUtilityLink) as dead:
        answer = render(request, "web/utility_dead.html", {"error": dead}, status=dead.status)
        return private(answer)


def _linked(request: Request, visit: LinkVisit) -> HttpResponse:
    it = public_linked_notice(link=visit, at=clock.now())
    form = _form(request, it.view)
    done, error, status = _do(request, form, Answering(it.view.code, link=visit))
    if done:
        it = public_linked_notice(link=visit, at=clock.now())
        form = _blank(it.view)
    context = {"it": it, "one": it.view, "form": form, "error": error, "done": done}
    return render(request, "web/utility.html", context, status=status)


def _blank(view: UtilityView) -> PlainForm | None:
    if view.answered_date is None:
        return AnswerForm()
    return ConnectForm() if view.connected_date is None else None


def _do(
    request: Request, form: PlainForm | None, who: Answering
) -> tuple[str, YinuoError | None, int]:
    if request.method != "POST" or form is None:
        return "", None, OK
    if not form.is_valid():
        return "", None, INVALID
    return attempt(form, lambda: who.do(form))


@signed_in
def notice(request: Request, code: str, utility: str) -> HttpResponseBase:
    """One notice for who leads (the link to hand on) or for a utility that is a unit (answer)."""
    it = building_query(code=code, viewer=request.viewer, at=clock.now())
    one = next((each for each in it.utilities if each.utility == utility), None)
    if one is None:
        raise UnknownUtilityNotice(f"{code}/{utility}")
    mine = one.unit in request.viewer.officer_of
    if request.method == "POST" and request.POST.get("do") == "renew":
        until = commands.renew_link(notice=one.code, by=request.viewer, at=clock.now())
        messages.success(request, f"已换发链接，{until:%Y-%m-%d} 前有效；旧链接已失效。")
        return redirect("building_utility", code=code, utility=utility)
    form = _form(request, one) if mine else None
    done, error, status = _do(request, form, Answering(one.code, by=request.viewer))
    if done:
        messages.success(request, done)
        return redirect("building_utility", code=code, utility=utility)
    path, address, picture = _link(request, one) if it.may_lead else ("", "", "")
    context = {
        "it": it,
        "one": one,
        "form": form,
        "error": error,
        "path": path,
        "address": address,
        "picture": picture,
    }
    return private(render(request, "web/utility_notice.html", context, status=status))


def _link(request: Request, one: UtilityView) -> tuple[str, str, str]:
    """The path of the link, its whole address, and that as a picture."""
    token = utility_link(notice=one.code, viewer=request.viewer, key=link_key())
    path = reverse("utility_link", args=[token])
    address = request.build_absolute_uri(path)
    return path, address, qr_inline(address, f"{one.name}接入的链接")
