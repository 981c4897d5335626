"""服务事项 for the public: the catalogue, one item, a version, a card, the data."""

from datetime import date

from csp.constants import SELF
from csp.decorators import csp_update
from django.http import HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from yinuo.cases.items.attachments import FITTING
from yinuo.cases.items.exchange import national_file
from yinuo.cases.items.workbook import write_workbook
from yinuo.cases.queries.counts import (
    public_item_days,
    public_service_counts,
    public_service_years,
)
from yinuo.cases.queries.items import (
    FILTERS,
    ItemView,
    Wanted,
    public_all_national,
    public_definitions,
    public_item,
    public_items,
    public_medium,
    public_national,
    public_summary,
)
from yinuo.web import clock
from yinuo.web.files import store
from yinuo.web.media_types import XLSX
from yinuo.web.qr import qr_svg
from yinuo.web.request import Request, public
from yinuo.web.sending import Sent, send

LONGEST = 80
SHOWS = ("slides", "video")
"""Kinds of attachments that show how it is done."""
FILMS = frozenset(FITTING["video"][0])
SHOWN_IN_PAGE = frozenset({"image/png", "image/jpeg"}) | FILMS
"""What a browser shows by itself, in a sandbox; there it shows no PDF, so that one is saved."""
FILM_POLICY = {"media-src": [SELF]}
"""A page plays films of this site."""


def _wanted(request: Request) -> Wanted:
    """What the address asks for; odd values find nothing."""
    names = (*FILTERS, "text")
    return Wanted(**{n: request.GET.get(n, "").replace("\0", "")[:LONGEST] for n in names})


@public
@require_safe
def services(request: Request) -> HttpResponse:
    """The catalogue: a sentence with its count, filters, the list."""
    on, wanted = clock.today(), _wanted(request)
    after = request.GET.get("after", "")
    context = {
        "summary": public_summary(on=on),
        "found": public_items(on=on, wanted=wanted, cursor=after),
        "asked": wanted,
        "filtered": wanted != Wanted(),
        "after": after,
    }
    return render(request, "web/services.html", context)


@public
@require_safe
def kept(request: Request) -> HttpResponse:
    """Decided cases of a year by unit, kept or broken by the promised limit."""
    years = public_service_years()
    asked = request.GET.get("year", "")
    year = next((one for one in years if str(one) == asked), years[0] if years else None)
    units = public_service_counts(year=year) if year else ()
    context = {
        "year": year,
        "years": years,
        "units": units,
        "decided": sum(one.decided for one in units),
        "kept": sum(one.kept for one in units),
        "simulated": public_summary(on=clock.today()).simulated,
    }
    return render(request, "web/services_kept.html", context)


def _address(request: Request, view: ItemView) -> str:
    """The address that a QR code of this version holds: Chinese, whatever the page speaks."""
    path = reverse("service_version", args=[view.definition.code, view.version.number])
    return request.build_absolute_uri(path.removeprefix("/en"))


def _page(request: Request, view: ItemView, on: date) -> HttpResponse:
    item = view.definition
    context = {
        "it": view,
        "item": item,
        "on": on,
        "days": public_item_days(item=item.code, at=clock.now()),
        "shows": [one for one in item.media if one.kind in SHOWS],
        "files": {one.name: one for one in item.media},
        "results": [one for one in item.media if one.kind == "result"],
        "films": FILMS,
        "address": _address(request, view),
    }
    return render(request, "web/service.html", context)


@public
@require_safe
@csp_update(FILM_POLICY)  # type: ignore[arg-type]  # typed for views without arguments
def service(request: Request, code: str) -> HttpResponse:
    """The item as it stands today."""
    on = clock.today()
    return _page(request, public_item(code=code, on=on), on)


@public
@require_safe
@csp_update(FILM_POLICY)  # type: ignore[arg-type]  # typed for views without arguments
def version(request: Request, code: str, number: int) -> HttpResponse:
    """One version, which a QR code pins; one that has ended says so."""
    on = clock.today()
    return _page(request, public_item(code=code, on=on, version=number), on)


@public
@require_safe
def card(request: Request, code: str) -> HttpResponse:
    """One sheet of paper to be put up where people wait."""
    view = public_item(code=code, on=clock.today())
    item, address = view.definition, _address(request, view)
    context = {
        "it": view,
        "item": item,
        "address": address,
        "shows": [one for one in item.media if one.kind in SHOWS],
        "shows_address": f"{address}#media",
    }
    return render(request, "web/service_card.html", context)


@public
@require_safe
def qr(request: Request, code: str, number: int) -> HttpResponse:
    """The QR code of a version as a picture."""
    view = public_item(code=code, on=clock.today(), version=number)
    data = qr_svg(_address(request, view), title=view.definition.name)
    return HttpResponse(data, content_type="image/svg+xml")


@public
@require_safe
def national(_request: Request, code: str) -> JsonResponse:
    """The item by the columns of the national exchange standard."""
    found = national_file([public_national(code=code, on=clock.today())])
    return JsonResponse(found, json_dumps_params={"ensure_ascii": False})


@public
@require_safe
def everything(_request: Request) -> JsonResponse:
    """All items in force by the same columns."""
    found = national_file(public_all_national(on=clock.today()))
    return JsonResponse(found, json_dumps_params={"ensure_ascii": False})


@public
@require_safe
def workbook(_request: Request) -> HttpResponse:
    """All items in force as the workbook in which they are kept."""
    data = write_workbook(public_definitions(on=clock.today()), made_at=clock.now())
    answer = HttpResponse(data, content_type=XLSX)
    answer.headers["Content-Disposition"] = 'attachment; filename="services.xlsx"'
    return answer


@public
@require_safe
def file(request: Request, code: str, sha256: str) -> HttpResponseBase:
    """Slides, a video, a blank form or a sample of a published version; films in parts."""
    medium, here = public_medium(code=code, sha256=sha256), store()
    shown = medium.media_type in SHOWN_IN_PAGE
    sent = Sent(
        file=here.open(medium.sha256),
        size=here.size(medium.sha256),
        media_type=medium.media_type if shown else "application/octet-stream",
        name=medium.name,
        etag=f'"{medium.sha256}"',
        cached="no-cache",
        shown=shown,
    )
    return send(request, sent)
