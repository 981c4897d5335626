"""All pages."""

from django.urls import include, path

urlpatterns = [path("", include("yinuo.web.urls"))]
