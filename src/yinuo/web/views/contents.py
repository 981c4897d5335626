"""规则与内容: which version of each file is in force, who approved it, and what it says."""

from dataclasses import dataclass
from datetime import date
from functools import partial
from io import BytesIO

from django.http import FileResponse, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from yinuo.content.queries import ContentView, VersionView, data, may_publish, publication
from yinuo.content.queries import contents as query
from yinuo.web import clock
from yinuo.web.files import store
from yinuo.web.media_types import XLSX
from yinuo.web.request import Request, public
from yinuo.web.rulebooks import Looked, look


@dataclass(frozen=True)
class Line:
    """One file of the list."""

    it: ContentView
    looked: Looked

    @property
    def view(self) -> VersionView:
        """The version that stands for it: the one in force, else the next, else the last."""
        return self.it.present or (self.it.coming or self.it.history)[0]


def look_at(request: Request, view: VersionView) -> Looked:
    """The file of a version, as the viewer may see it."""
    read = partial(data, number=view.number, store=store(), viewer=request.viewer)
    return look(view.sha256, read)


def _line(request: Request, it: ContentView) -> Line:
    return Line(it, look_at(request, (it.present or (it.coming or it.history)[0])))


@public
@require_safe
def contents(request: Request) -> HttpResponse:
    """Every file that was published."""
    found = query(on=clock.today(), viewer=request.viewer)
    context = {
        "lines": [_line(request, it) for it in found],
        "publishes": may_publish(viewer=request.viewer),
    }
    return render(request, "web/contents.html", context)


def _history(request: Request, name: str, today: date) -> tuple[VersionView, ...]:
    found = query(on=today, viewer=request.viewer)
    return next((it.history for it in found if it.name == name), ())


@public
@require_safe
def content(request: Request, number: int) -> HttpResponse:
    """One version with its tables, rule by rule."""
    today = clock.today()
    view = publication(number=number, on=today, viewer=request.viewer)
    context = {
        "it": view,
        "looked": look_at(request, view),
        "history": _history(request, view.name, today),
    }
    return render(request, "web/content.html", context)


@public
@require_safe
def file(request: Request, number: int) -> FileResponse:
    """The very bytes that were approved."""
    view = publication(number=number, on=clock.today(), viewer=request.viewer)
    found = data(number=number, store=store(), viewer=request.viewer)
    stem, _, ending = view.file_name.rpartition(".")
    return FileResponse(
        BytesIO(found),
        as_attachment=True,
        filename=f"{stem}-P{number}.{ending}",
        content_type=XLSX,
    )
