"""The addresses of this part; see `web/urls.py`."""

from django.urls import URLPattern

TRANSLATED: frozenset[str] = frozenset()
"""Pages for the public, which stand in English under /en/ too."""

urlpatterns: list[URLPattern] = []
