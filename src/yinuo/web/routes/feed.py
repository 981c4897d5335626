"""The addresses of what window systems send; see `web/urls.py`."""

from django.urls import URLPattern, path

from yinuo.web.views import feed

TRANSLATED: frozenset[str] = frozenset()
"""Pages for the public, which stand in English under /en/ too."""

urlpatterns: list[URLPattern] = [
    path("work/feeds/", feed.feeds, name="feeds"),
    path("work/feeds/rows/<path:code>/", feed.aside, name="feed_aside"),
    path("work/feeds/<str:source>/", feed.feed, name="feed"),
    path("work/feeds/<str:source>/replay/", feed.replay, name="feed_replay"),
    path("work/cases/<str:code>/told/", feed.told, name="feed_case"),
]
