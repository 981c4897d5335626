"""Every shape of chart on one page, as hard as it comes, with the site around it."""

from django.http import HttpResponse
from django.template import engines
from django.urls import path

from tests.web.charts.samples import samples
from yinuo.project.urls import urlpatterns as site
from yinuo.web.request import Request, public

PAGE = """{% extends "web/base.html" %}{% block title %}图{% endblock %}
{% block main %}<h1>图</h1>{% for chart in charts %}{% include "web/parts/chart.html" %}{% endfor %}
{% endblock %}"""


@public
def gallery(request: Request) -> HttpResponse:
    """All samples; `?only=` names one."""
    only = request.GET.get("only", "")
    charts = [chart for chart in samples() if only in ("", chart.about.id)]
    return HttpResponse(engines["django"].from_string(PAGE).render({"charts": charts}, request))


urlpatterns = [path("gallery/", gallery, name="gallery"), path("en/gallery/", gallery), *site]
