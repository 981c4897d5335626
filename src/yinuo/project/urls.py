"""The API, and all pages: those for the public in Chinese at the root and in English under /en/."""

from django.conf.urls.i18n import i18n_patterns
from django.urls import path

from yinuo.api.urls import api
from yinuo.project.hook_pages import urlpatterns as hook_pages
from yinuo.web.urls import TRANSLATED
from yinuo.web.urls import urlpatterns as pages

urlpatterns = [
    path("api/v1/", api.urls),
    *i18n_patterns(
        *(page for page in pages if page.name in TRANSLATED), prefix_default_language=False
    ),
    *(page for page in pages if page.name not in TRANSLATED),
    *hook_pages,
]
