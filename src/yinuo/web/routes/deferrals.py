"""The addresses of gaps, declarations, letters and the tolerance list; see `web/urls.py`."""

from django.urls import URLPattern, path

from yinuo.web.deferral_steps import OF_DECLARATIONS, OF_DEFERRALS
from yinuo.web.views import deferrals, letters, tolerance

TRANSLATED: frozenset[str] = frozenset({"tolerance", "letters", "letter_public"})
"""Pages for the public, which stand in English under /en/ too."""

urlpatterns: list[URLPattern] = [
    path("services/deferrable/", tolerance.tolerance, name="tolerance"),
    path("services/deferrable.xlsx", tolerance.tolerance_xlsx, name="tolerance_xlsx"),
    path("services/letters/", letters.register, name="letters"),
    path("services/letters.xlsx", letters.register_xlsx, name="letters_xlsx"),
    path("services/letters/<str:code>/", letters.public_one, name="letter_public"),
    path("work/deferrals/", deferrals.deferrals, name="deferrals"),
    path(
        "work/deferrals/<str:code>/<str:path>/",
        deferrals.step_view(OF_DEFERRALS, deferrals.look_at_deferral),
        name="deferral_step",
    ),
    path(
        "work/declarations/<str:code>/<str:path>/",
        deferrals.step_view(OF_DECLARATIONS, deferrals.look_at_declaration),
        name="declaration_step",
    ),
    path("work/letters/<str:code>/", letters.office_letter, name="letter"),
]
