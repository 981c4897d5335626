"""The addresses of the site with those of the exchange."""

from django.urls import include, path

from yinuo.project.urls import urlpatterns as site
from yinuo.web.routes import exchange

urlpatterns = [path("", include(exchange.urlpatterns)), *site]
