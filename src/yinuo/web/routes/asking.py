"""Questions to credit, bills that are paid later; see `web/urls.py`. No number in any address."""

from django.urls import URLPattern, path

from yinuo.web.views import asking

TRANSLATED: frozenset[str] = frozenset()
"""Pages for the public, which stand in English under /en/ too."""

urlpatterns: list[URLPattern] = [
    path("work/ask/", asking.ask_list, name="ask_list"),
    path("work/ask/answers/<str:name>/", asking.ask_answer, name="ask_answer"),
    path("work/ask/<slug:scenario>/", asking.ask_one, name="ask_one"),
    path("work/ask/<slug:scenario>/consent/", asking.ask_consent, name="ask_consent"),
    path("work/payments/", asking.payment_list, name="payment_list"),
    path("work/payments/<str:code>/", asking.payment, name="payment"),
    path("work/village/", asking.village, name="village"),
    path("work/village/consents/", asking.village_consents, name="village_consents"),
]
