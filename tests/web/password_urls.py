"""Every address, and the one of the page under test."""

from django.urls import path

from yinuo.project.urls import urlpatterns as every
from yinuo.web.views.password import own_password

urlpatterns = [path("password/", own_password, name="password"), *every]
