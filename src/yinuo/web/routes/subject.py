"""Firms and citizens for themselves; see `web/urls.py`."""

from django.urls import URLPattern, path

from yinuo.web.views import subject

TRANSLATED: frozenset[str] = frozenset({"subject_sign_in"})
"""Pages that stand in English under /en/ too."""

urlpatterns: list[URLPattern] = [
    path("mine/sign-in/", subject.subject_sign_in, name="subject_sign_in"),
    path("mine/back/", subject.subject_back, name="subject_back"),
    path("mine/sign-out/", subject.subject_sign_out, name="subject_sign_out"),
]
