"""A request as our operations receive it."""

from datetime import date

from django.http import HttpRequest

from yinuo.parties.viewer import Viewer


class Request(HttpRequest):
    """A request to which the site's middleware has added who is looking, and on which day."""

    viewer: Viewer
    today: date
