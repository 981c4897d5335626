"""A request as our operations receive it."""

from datetime import date, datetime

from django.http import HttpRequest

from yinuo.parties.viewer import Viewer


class Request(HttpRequest):
    """A request to which the site's middleware has added who is looking, on which day, and when."""

    viewer: Viewer
    today: date
    at: datetime
