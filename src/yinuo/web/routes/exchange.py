"""Exchanged records, letters in bulk, and how units keep their word; see `web/urls.py`."""

from django.urls import URLPattern, path

from yinuo.web.views import bulk_letters, exchange, unit_credit

TRANSLATED: frozenset[str] = frozenset({"bulk_letters", "unit_kept"})
"""Pages for the public, which stand in English under /en/ too."""

urlpatterns: list[URLPattern] = [
    path("work/exchange/", exchange.packages, name="exchange"),
    path("work/exchange/late.csv", exchange.late_csv, name="exchange_late_csv"),
    path("work/exchange/<str:code>/", exchange.package, name="exchange_package"),
    path("letters/", bulk_letters.batches, name="bulk_letters"),
    path("units/<str:code>/kept/", unit_credit.unit_kept, name="unit_kept"),
]
