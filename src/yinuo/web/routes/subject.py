"""Firms and citizens for themselves; see `web/urls.py`."""

from django.urls import URLPattern, path

from yinuo.web.views import mine, subject

TRANSLATED: frozenset[str] = frozenset(
    {"mine", "mine_award", "subject_sign_in", "subject_go", "subject_sign_out"}
)
"""Pages that stand in English under /en/ too."""

urlpatterns: list[URLPattern] = [
    path("mine/", mine.mine, name="mine"),
    path("mine/awards/<str:code>/", mine.mine_award, name="mine_award"),
    path("mine/sign-in/", subject.subject_sign_in, name="subject_sign_in"),
    path("mine/sign-in/go/", subject.subject_go, name="subject_go"),
    path("mine/back/", subject.subject_back, name="subject_back"),
    path("mine/sign-out/", subject.subject_sign_out, name="subject_sign_out"),
]
